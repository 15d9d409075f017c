//! A study with cross-validation, from `check` to `cite`.

use serde_json::Value;

use crate::workspace::{Workspace, assert_same};

const SPEC: &str = r#"[study]
question = "How many hidden units do the flowers need?"
answer = "Three units err on {{ hidden=3 validation.error mean .2% }} of the flowers."

[data.csv]
file = "flowers.csv"
standardise = true
stratified = true
validation = { folds = 3 }

[train]
epochs = 3

[sweep]
"model.hidden" = [1, 3]
seeds = 6

[figures.by-hidden]
final = { by = "model.hidden" }
[figures.by-fold]
strip = { by = "data.csv.fold" }
[figures.plane]
boundary = { by = "model.hidden" }
"#;

fn place() -> Workspace {
    let place = Workspace::new(SPEC);
    place.write("flowers.csv", include_str!("../../experiments/data/iris_petals.csv"));
    place
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn folds_are_counted_and_rows_are_trials() {
    let place = place();
    place
        .run("check moons.toml")
        .ends(0)
        .says("2 trials on each of 3 folds under 6 seeds, 36 runs")
        .says("with the first of 3 folds held out");
    let object = json(&place.run("check moons.toml --json").ends(0).out);
    assert_eq!((&object["trials"], &object["folds"], &object["runs"]), (&2.into(), &3.into(), &36.into()));
    assert_eq!(object["data"].as_array().unwrap().len(), 3, "each fold by itself");
    place.run("plan moons.toml").ends(0).says("2 trials on each of 3 folds under 6 seeds: 36 runs");
    place.run("sweep moons.toml --quiet").ends(0);
    let csv = place.text("results/moons/summary.csv");
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').take(3).collect()).collect();
    assert_eq!(rows, [["trial", "model.hidden", "runs"], ["0", "1", "6"], ["3", "3", "6"]]);
    place.run("status results/moons").ends(0).says("folds     3").says("36 of 36");
    let shown = place.run("show results/moons --json").ends(0).out;
    assert_eq!(shown.lines().filter(|line| json(line)["run"].is_string()).count(), 36);
    assert!(shown.lines().all(|line| json(line)["run"].is_null() || json(line)["axes"]["data.csv.fold"].is_u64()));
    place.run("verify results/moons --progress none").ends(0).says("proven: 36 of 36");
    let report = place.text("results/moons/report.md");
    assert!(
        report.contains("each on 3 folds of the data") && report.contains("into 3 folds by data seed 0"),
        "{report}"
    );
    let mean: f64 =
        csv.lines().nth(2).unwrap().split(',').nth(place_of(&csv, "validation_error_mean")).unwrap().parse().unwrap();
    assert!(report.contains(&format!("{:.2}", 100.0 * mean)), "{report}");
}

fn place_of(csv: &str, name: &str) -> usize {
    csv.lines().next().unwrap().split(',').position(|own| own == name).unwrap()
}

#[test]
fn trials_are_compared_by_seeds_and_folds_by_name() {
    let place = place();
    place.run("sweep moons.toml --quiet").ends(0);
    let whole = place.run("compare results/moons hidden=1 hidden=3").ends(0);
    whole.says("over 6 seeds, each on 3 folds");
    let one = place.run("compare results/moons hidden=1,fold=2 hidden=3,fold=2").ends(0);
    one.says("data.csv.fold=2").says("over 6 runs");
    place.run("show results/moons --sort data.csv.fold").ends(2);
    place.run("show results/moons --sort validation-error").ends(0);
    place.run("show results/moons --where data.csv.fold=1 --runs --json").ends(0);
    // One fold is a row, without statements about the points of all folds.
    let fold = place.run("show results/moons --where data.csv.fold=1").ends(0);
    assert!(
        fold.out.contains("data.csv.fold") && !fold.out.contains("constant  ") && !fold.out.contains("100 points"),
        "{}",
        fold.out
    );
    let some = place.run("show results/moons --where validation-loss<0.5").ends(0);
    assert!(
        some.err.contains("in no row: a seed counts once all of its 3 folds are stored"),
        "{}{}",
        some.out,
        some.err
    );
    place.write("paper.md", "{{ moons: hidden=3,fold=1 validation.error mean .2% }}");
    let object = place.run("cite paper.md").ends(2);
    let output = object.out.clone() + &object.err;
    assert!(output.contains("a fold is named") && output.contains("leave the fold out"), "{output}");
    let mixed = place.run("compare results/moons hidden=1,fold=0 hidden=1").ends(0);
    assert!(mixed.err.contains("one side is a mean over all folds"), "{}", mixed.err);
}

#[test]
fn shards_and_a_single_fold_make_the_same_runs() {
    let whole = place();
    whole.run("sweep moons.toml --quiet").ends(0);
    let parts = place();
    parts.run("sweep moons.toml --shard 1/2 --quiet").ends(0);
    let half = parts.run("show results/moons").ends(0);
    assert!(half.err.contains("in no row"), "only whole seeds are rows: {}{}", half.out, half.err);
    parts.run("sweep moons.toml --shard 2/2 --quiet").ends(0);
    assert_same(&parts.answers("results/moons"), &whole.answers("results/moons"), "in parts or at once");
    // A study of one fold needs runs that the other study has.
    let manifest = whole.text("results/moons/manifest.json");
    whole.write(
        "fold.toml",
        SPEC.replace("folds = 3 }", "folds = 3 }\nfold = 1")
            .replace("strip = { by = \"data.csv.fold\" }", "strip = {}"),
    );
    whole.run("sweep fold.toml --quiet").ends(0);
    let own = json(&whole.text("results/fold/manifest.json"));
    let runs = own["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 12);
    assert!(runs.iter().all(|run| manifest.contains(run["id"].as_str().unwrap())));
}
