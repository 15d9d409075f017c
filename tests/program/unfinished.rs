//! Unfinished studies: reports, figures and tables of the stored runs say how many these are, and name no best trial.

use std::fs;

use serde_json::Value;

use crate::workspace::{SPEC, Workspace, assert_same, flat, with};

/// Nine runs, of which those of one trial are stored.
fn third() -> Workspace {
    let place = Workspace::new(&nine());
    place.run("sweep moons.toml --quiet --shard 1/3").ends(0);
    place
}

fn nine() -> String {
    with("[1, 3]", "[1, 3, 5]").replacen(
        "[figures.seeds]",
        "[figures.curves]\ncurves = { by = \"model.hidden\" }\n[figures.seeds]",
        1,
    )
}

const MARK: &str = "3 of 9 runs; an unfinished study: numbers will change";

#[test]
fn a_report_of_the_runs_so_far_is_marked_and_replaced() {
    let place = third();
    let answer = place.run("report results/moons").ends(0);
    assert!(answer.out.ends_with(&format!("report.html\n{MARK}\n")), "{}", answer.out);
    let files: Vec<_> = place
        .files("results/moons")
        .into_keys()
        .filter(|name| !name.contains("segments/") && !name.contains("journal/"))
        .collect();
    let figures = ["curves.png", "curves.svg", "seeds.png", "seeds.svg"].map(|name| format!("figures/{name}"));
    let pages = ["report.html", "report.md", "study.toml"].map(str::to_owned);
    assert_eq!(files, [&figures[..], &pages].concat(), "there is no manifest, no summary and no table");

    let (markdown, html) = (place.text("results/moons/report.md"), place.text("results/moons/report.html"));
    let notice = markdown.lines().nth(2).unwrap();
    assert!(
        notice.starts_with(&format!("> **{MARK}.**")) && notice.contains("2 of 3 trials have no run yet."),
        "{notice}"
    );
    let (head, body) = html.split_once("<main").unwrap();
    assert!(head.contains(&format!("<strong>{MARK}.</strong>")) && head.contains("<title>3 of 9 runs: "), "{head}");
    let text = [head.split_once("<body>").unwrap().1, body.split("<script").next().unwrap()].concat();
    for page in [&markdown, &text] {
        for wrong in ["How to prove it", "verify", "root", "Checklist", "the best trial", "No trial", "cargo run"] {
            assert!(!page.contains(wrong), "{wrong}: {page}");
        }
        assert!(page.contains("restudy status results/moons"), "{page}");
    }
    assert!(!html.contains("id=\"data\""), "no run can be compared with one that the page computes");
    assert!(place.text("results/moons/figures/seeds.svg").contains("unfinished: 3 of 9 runs"));

    // Nothing vouches for a report that says so itself.
    let status = place.run("status results/moons").ends(0).out;
    assert!(!status.contains("UNBOUND") && status.contains("3 of 9"), "{status}");
    place.run("report results/moons --check").ends(0).says(MARK);
    place.run("figures results/moons --check").ends(0);
    place.run("verify results/moons").refused(2);

    place.run("sweep moons.toml --quiet --shard 2/3").ends(0);
    place.run("report results/moons --check").ends(4).says("report.md is not what the tables give");
    place.run("report results/moons").ends(0).says("6 of 9 runs");
    place.run("sweep moons.toml --quiet").ends(0);
    let once = Workspace::new(&nine());
    once.run("sweep moons.toml --quiet").ends(0);
    let of = |place: &Workspace| {
        let mut files = place.answers("results/moons");
        files.retain(|name, _| !name.starts_with("segments/"));
        files
    };
    assert_same(&of(&place), &of(&once), "a report of three runs, one of six, and the sweep");
    place.run("verify results/moons --progress none").ends(0);
    place.run("report results/moons --check").ends(0);
}

#[test]
fn programs_read_how_far_a_study_is() {
    let place = third();
    let read =
        |words: &str| -> Value { serde_json::from_str(place.run(words).ends(0).out.lines().next().unwrap()).unwrap() };
    let progress = serde_json::json!({ "stored": 3, "runs": 9 });
    for words in
        ["show results/moons", "report results/moons", "figures results/moons", "figures results/moons --output paper"]
    {
        assert_eq!(read(&format!("{words} --json"))["unfinished"], progress, "{words}");
    }
    place.run("sweep moons.toml --quiet").ends(0);
    for words in
        ["show results/moons", "report results/moons", "figures results/moons", "figures results/moons --output paper"]
    {
        assert_eq!(read(&format!("{words} --json"))["unfinished"], Value::Null, "{words}");
    }
}

#[test]
fn a_table_of_some_runs_names_no_best_trial() {
    let place = third();
    let shown = place.run("show results/moons --color always").ends(0).out;
    assert!(shown.lines().next().unwrap().contains(&format!("{MARK}; 2 of 3 trials without any")), "{shown}");
    let bold = shown.lines().skip(1).any(|line| line.contains("\u{1b}[1m"));
    assert!(!bold, "no row is strong: {shown}");
    let shown = place.run("show results/moons").ends(0).out;
    assert!(shown.contains("1 of 3 trials has 3 runs: too few"), "{shown}");
    assert!(!shown.contains("Every trial") && !shown.contains("No trial"), "{shown}");
    place.run("sweep moons.toml --quiet").ends(0);
    let whole = place.run("show results/moons").ends(0).out;
    assert!(!whole.contains("unfinished") && whole.contains("Every trial"), "{whole}");
}

#[test]
fn exported_figures_are_marked_in_their_captions() {
    let place = third();
    place.run("figures results/moons --format svg --output paper").ends(0).says(MARK);
    let (markdown, latex) = (place.text("paper/captions.md"), place.text("paper/captions.tex"));
    assert_eq!((markdown.matches(MARK).count(), latex.matches(MARK).count()), (2, 2), "{markdown}{latex}");
    assert!(markdown.lines().next().unwrap().ends_with("(unfinished: 3 of 9 runs)"), "{markdown}");
    place.run("figures results/moons --check paper/seeds.svg").ends(0).says("is seeds, byte for byte");
    place.run("sweep moons.toml --quiet").ends(0);
    place.run("figures results/moons --check paper/seeds.svg").ends(4);
}

#[test]
fn the_report_of_an_earlier_specification_is_kept() {
    let place = Workspace::swept();
    place.write("moons.toml", with("seeds = 3", "seeds = 9"));
    place.run("sweep moons.toml --quiet --shard 1/3").ends(0);
    let before = place.files("results/moons");
    for command in ["report", "figures"] {
        let refused = flat(&place.run(&format!("{command} moons.toml")).refused(2));
        assert!(refused.contains("folder.specification"), "{refused}");
        assert!(refused.contains(&format!("restudy {command} moons.toml --output DIR")), "{refused}");
    }
    place.run("report results/moons --check").ends(0);
    let answer = place.run("report moons.toml --output so-far").ends(0).out;
    let stored = place.run("status moons.toml --json").ends(0).out;
    let stored: Value = serde_json::from_str(&stored).unwrap();
    assert!(answer.contains(&format!("{} of 18 runs", stored["runs"])), "{answer}: {stored}");
    assert!(place.text("so-far/report.md").contains("of 18 runs; an unfinished study"));
    place.run("figures moons.toml --format pdf").ends(0).says("of 18 runs");
    assert_same(&place.files("results/moons"), &before, "written elsewhere");
    place.run("show moons.toml").ends(0).says("of 18 runs; its specification was changed since");
    place.run("sweep moons.toml --quiet").ends(0);
    place.run("report moons.toml --check").ends(0);
}

#[test]
fn results_without_their_manifest_are_not_replaced() {
    let place = Workspace::swept();
    fs::remove_file(place.path("results/moons/manifest.json")).unwrap();
    place.edit("figures/seeds.svg", "<svg", "<svg ");
    let before = place.files("results/moons");
    for command in ["report", "figures"] {
        let refused = flat(&place.run(&format!("{command} results/moons")).refused(2));
        assert!(refused.contains("folder.unbound") && refused.contains("report.md, report.html"), "{refused}");
        assert!(refused.contains(&format!("restudy {command} results/moons --output DIR")), "{refused}");
    }
    assert_same(&place.files("results/moons"), &before, "refused");
    place
        .run("report results/moons --output so-far")
        .ends(0)
        .says("6 of 6 runs; an unfinished study: its sweep has not written the results");
    place.run("show results/moons").ends(0).says("6 of 6 runs; an unfinished study: its sweep");
}

#[test]
fn a_study_without_runs_has_no_report() {
    let place = third();
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    for words in ["report results/moons", "figures results/moons", "report results/moons --output other"] {
        assert!(place.run(words).refused(2).contains("run.not-stored"), "{words}");
    }
    assert!(!place.path("other").exists() && !place.path("results/moons/report.md").exists());
}

#[test]
fn a_copy_with_the_journal_needs_a_finished_study() {
    let place = third();
    let refused = place.run("report results/moons --journal copy.html").refused(2);
    assert!(refused.contains("folder.unfinished") && !place.path("copy.html").exists(), "{refused}");
    assert!(!place.path("results/moons/report.md").exists());
}

#[test]
fn damaged_runs_are_left_out_and_reported() {
    let place = third();
    place.run("sweep moons.toml --quiet --shard 2/3").ends(0);
    let segments = place.files("results/moons/segments").into_keys().filter(|name| name.ends_with(".seg"));
    let segments: Vec<_> = segments.collect();
    assert_eq!(segments.len(), 2, "{segments:?}");
    let path = format!("results/moons/segments/{}", segments[0]);
    let whole = place.read(&path);
    place.write(&path, &whole[..10]);
    let answer = place.run("report results/moons").ends(4);
    assert!(answer.out.contains("3 of 9 runs") && answer.err.contains(&segments[0]), "{} {}", answer.out, answer.err);
}

#[test]
fn stages_and_folds_are_counted_as_such() {
    let spec = SPEC.replacen("seeds = 3", "seeds = 3\nconfirm = { best = 1, seeds = 4, from = 100 }", 1);
    let place = Workspace::new(&spec);
    place.run("sweep moons.toml --quiet --shard 1/2").ends(0);
    place.run("report results/moons").ends(0).says("3 of 10 runs");
    let text = place.text("results/moons/report.md");
    let plan =
        "Then the trial with the lowest mean validation error runs again, it under 4 further seeds (100 to 103).";
    assert!(text.contains(plan) && text.contains("**Plan.**"), "{text}");
    // All of the first stage, and two runs of the second one.
    place.run("sweep moons.toml --quiet --set sweep.confirm.seeds=2").ends(0);
    let made = place.files("results/moons").into_keys().filter(|name| !name.contains('/'));
    made.for_each(|name| fs::remove_file(place.path(&format!("results/moons/{name}"))).unwrap());
    fs::copy(place.path("moons.toml"), place.path("results/moons/study.toml")).unwrap();
    place.run("report results/moons").ends(0).says("8 of 10 runs; an unfinished study: numbers will change");
    let text = place.text("results/moons/report.md");
    assert!(text.contains("2 runs are under further seeds, and in no row."), "{text}");
    assert!(!text.contains("Under further seeds") && !text.contains("the best trial"), "{text}");
    assert!(
        place.run("show moons.toml").ends(0).err.contains("under the confirmation seeds and in none of these rows")
    );
}

#[test]
fn seeds_count_with_all_of_their_folds() {
    let spec = with(
        "[data.double-moon]\ntrain = 40\nvalidation = 40\n",
        "[data.csv]\nfile = \"flowers.csv\"\nvalidation = { folds = 3 }\n",
    );
    let place = Workspace::new(&spec);
    place.write("flowers.csv", include_str!("../../experiments/data/iris_petals.csv"));
    // Runs of several folds, and of no seed all of them.
    place.run("sweep moons.toml --quiet --shard 1/4").ends(0);
    place.run("report results/moons").ends(0).says("6 of 18 runs");
    let text = place.text("results/moons/report.md");
    assert!(text.contains("6 runs are in no row: a seed counts once all of its folds are stored."), "{text}");
    assert!(text.contains("100 rows"), "{text}");
    // Without the data, the report has no facts about it.
    fs::remove_file(place.path("flowers.csv")).unwrap();
    place.run("report results/moons").ends(0).says("6 of 18 runs");
    let text = place.text("results/moons/report.md");
    assert!(
        text.contains("flowers.csv; their contents are part of the identity") && !text.contains("100 rows"),
        "{text}"
    );
}
