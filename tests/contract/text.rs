//! Results of the program, and the statements of the contract's text.

use restudy::{digest::TableHasher, experiments::OfNetwork, results::Manifest};

use super::{runs::study, specification, *};

/// Python recomputes results of the program from study.toml alone, and finds changes.
#[test]
fn results_are_those_of_the_contract() {
    let Some(mut recompute) = python("recompute.py") else { return };
    let place = tempfile::tempdir().unwrap();
    let table = "x1,\"x, two\",kind\n1.5,2e-3,no\n-0.0,1,yes\n3,.5,no\n4,1.,yes\n0.1,7,no\n6,5,yes\n";
    fs::write(place.path().join("table.csv"), table).unwrap();
    let specs = [
        (
            "grid",
            "spirals = { train = 20, validation = 10 }\ntrain.epochs = 4\nevaluate.metrics = ['loss', 'error', 'brier', 'auc']
             sweep.'data.spirals.seed' = [3, 'per-run']\nsweep.'model.hidden' = [2, 3, 4]\nsweep.'model.init' = ['he', 'uniform']
             sweep.'train.learning-rate' = { from = 0.01, to = 1, steps = 3, scale = 'log' }\nsweep.seeds = [9, 4, 1]
             sweep.zip = [['model.hidden', 'train.learning-rate']]\nsweep.exclude = [{ 'model.hidden' = 3, 'model.init' = 'he' }]",
        ),
        (
            "random",
            "csv = { file = 'table.csv', label = 'kind', negative = 'no', positive = 'yes', validation = { file = 'table.csv' } }
             train.epochs = 5\nsweep.random = { trials = 2 }\nsweep.'data.csv.standardise' = [true, false]
             sweep.'train.learning-rate' = { log-uniform = [0.01, 1e300] }\nsweep.'evaluate.every.steps' = [4, 100]\nsweep.seeds = 6\nsweep.confidence = 0.99",
        ),
        (
            "confirmed",
            "double-moon = { train = 20, validation = 30 }\ntrain.epochs = 2\nsweep.'model.hidden' = [1, 2, 4]\nsweep.seeds = [7, 30]
             sweep.confirm = { best = 2, seeds = 2, from = 10 }",
        ),
        (
            "folds",
            "csv = { file = 'table.csv', label = 'kind', negative = 'no', positive = 'yes', stratified = true, validation = { folds = 2 }, seed = 'per-run' }
             model.hidden = 2\ntrain.epochs = 3\nsweep.'train.learning-rate' = [0.1, 0.5, 1e300]\nsweep.seeds = 6\nsweep.confirm = { best = 2, seeds = 2, from = 10 }",
        ),
        (
            "later",
            "csv = { file = 'table.csv', label = 'kind', labels = { negative = ['no'], positive = ['yes'] }, features = { except = ['x1'] } }
             train.epochs = 2\nsweep.'data.csv.missing' = ['refuse', 'drop', 'indicator']\nsweep.'data.csv.stratified' = [true]\nsweep.seeds = 2",
        ),
    ];
    for (name, text) in specs {
        let spec = place.path().join(name).with_extension("toml");
        // One figure, so that the program does not draw all figures of the axes.
        fs::write(&spec, specification(text) + "figures.one.strip.metric = 'error'\n").unwrap();
        let swept = Command::new(env!("CARGO_BIN_EXE_restudy"))
            .current_dir(place.path())
            .args(["sweep", "--progress", "none", "--quiet"])
            .arg(&spec)
            .output()
            .unwrap();
        assert!(swept.status.success(), "{}", String::from_utf8_lossy(&swept.stderr));
        let found = python("recompute.py").unwrap().arg(place.path().join("results").join(name)).output().unwrap();
        let report = String::from_utf8(found.stdout).unwrap() + &String::from_utf8(found.stderr).unwrap();
        assert!(found.status.success(), "{report}");
        assert!(
            report.contains("root  ") && report.contains("table weights  ") && !report.contains("DIFFERS"),
            "{report}"
        );
    }
    proof_of_later_settings(place.path());
    let folder = place.path().join("results/grid");
    let manifest = fs::read_to_string(folder.join("manifest.json")).unwrap();
    let start = manifest.find("\"trial\":1,\"seed\":4,\"digest\":\"").unwrap() + 31;
    let forged = manifest.replacen(&manifest[start..start + 8], "01234567", 1);
    fs::write(folder.join("manifest.json"), forged).unwrap();
    let found = recompute.arg(&folder).output().unwrap();
    let report = String::from_utf8(found.stdout).unwrap();
    assert_eq!(found.status.code(), Some(1), "{report}");
    assert_eq!(report.lines().filter(|line| line.contains("DIFFERS")).count(), 1, "{report}");
}

/// A proof without settings that were added later is valid; with a default written out it is not.
fn proof_of_later_settings(place: &Path) {
    let restudy =
        |words: &[&str]| Command::new(env!("CARGO_BIN_EXE_restudy")).current_dir(place).args(words).output().unwrap();
    let made = restudy(&["proof", "missing=indicator,seed=1", "results/later", "-o", "later.json"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let root = Manifest::read(&place.join("results/later")).unwrap().root.to_string();
    let check = |name: &str| {
        let report = python("proof.py").unwrap().arg(place.join(name)).arg(&root).output().unwrap();
        (report.status.code(), String::from_utf8(report.stdout).unwrap())
    };
    let found = check("later.json");
    assert_eq!(found.0, Some(0), "{}", found.1);
    let again = ["check-proof", "later.json", "--root", &root, "--recompute", "--data", "table.csv"];
    assert!(restudy(&again).status.success());
    let text = fs::read_to_string(place.join("later.json")).unwrap();
    let with =
        text.replacen("      \"data.csv.label\"", "      \"data.csv.header\": \"true\",\n      \"data.csv.label\"", 1);
    assert_ne!(text, with);
    fs::write(place.join("written.json"), with).unwrap();
    let found = check("written.json");
    assert!(found.0 == Some(4) && found.1.contains("data.csv.header is none of its values"), "{}", found.1);
    assert_eq!(restudy(&["check-proof", "written.json", "--root", &root]).status.code(), Some(4));
}

/// Proofs that were submitted long ago, and forgeries of them.
#[test]
fn a_proof_is_checked_by_the_text_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("x.json");
    let check = |text: &str, published: &str| {
        fs::write(&file, text).unwrap();
        let report = python("proof.py")?.arg(&file).arg(published).output().unwrap();
        Some((
            report.status.code(),
            String::from_utf8(report.stdout).unwrap() + &String::from_utf8_lossy(&report.stderr),
        ))
    };
    for entry in fs::read_dir(root.join("tests/fixtures/proofs")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let manifest = Manifest::read(&root.join("results").join(path.file_stem().unwrap())).unwrap();
        let published = manifest.root.to_string();
        let Some(found) = check(&text, &published) else { return };
        assert_eq!(found.0, Some(0), "{}: {}", path.display(), found.1);
        for (from, to, code) in [
            ("\"proof\": 1", "\"proof\": 1,\n  \"proof\": 1", 4),
            ("\"model.init\"", "\"a\\nmodel.init\"", 4),
            ("\"contract\": 1", "\"contract\": 1.0", 4),
            ("\"outcome\": \"", "\"outcome\": \" ", 4),
            ("\"evaluate.metrics.1\": \"error\",", "", 4),
            ("\"error\": 0", "\"error\": 1", 4),
            ("\"error\": 0", "\"error\": 00", 2),
            ("\"seal\": \"", "\"seal\": \"0", 4),
            ("\"proof\"", "\"none\"", 2),
        ] {
            assert!(text.contains(from), "{from}");
            let found = check(&text.replacen(from, to, 1), &published).unwrap();
            assert_eq!(found.0, Some(code), "{to}: {}", found.1);
        }
        assert_eq!(check(&text, &"0".repeat(64)).unwrap().0, Some(4));
    }
}

/// The contract lists the settings, their types and defaults; its example values are true. A registered data set or
/// metric that is missing in the contract or in its second implementation is incomplete.
#[test]
fn every_data_set_and_metric_is_in_the_text_and_in_both_programs() {
    let (text, twin) = (include_str!("../../src/contract.md"), include_str!("contract.py"));
    let (proof, readme) = (include_str!("proof.py"), include_str!("../../README.md"));
    let (prelude, cards) =
        (include_str!("../../notebook/facade/src/prelude.rs"), include_str!("../../notebook/facade/src/cards.rs"));
    let studies = format!("{}{}", include_str!("runs.rs"), include_str!("pieces.rs"));
    let mut missing = Vec::new();
    let mut need = |there: bool, what: String| missing.extend((!there).then_some(what));
    for key in Data::KEYS {
        let of_key = |line: &str| line.strip_prefix("data.").is_some_and(|rest| rest.starts_with(&format!("{key} ")));
        need(text.lines().any(of_key), format!("section 6 of the contract lists no settings of {key}"));
        need(proof.contains(&format!("\"data.{key}\"")), format!("proof.py has no settings of {key}"));
        need(readme.contains(key), format!("the README does not name {key}"));
        let name: String = key.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        for (file, text) in [("prelude.rs", prelude), ("cards.rs", cards)] {
            let words = text.split(|c: char| !c.is_alphanumeric());
            need(
                words.into_iter().any(|word| word == name),
                format!("notebook/facade/src/{file} does not name {name}"),
            );
        }
        // Only the program reads MAT-files.
        if *key != "mat" {
            need(twin.contains(&format!("\"{key}\"")), format!("contract.py does not make {key}"));
            need(studies.contains(&format!("Data::{name}(")), format!("pieces.rs compares no points of {key}"));
            need(studies.contains(&format!("\"{key} = {{")), format!("runs.rs has no study on {key}"));
        }
    }
    for metric in Metric::ALL {
        let name = metric.name();
        need(text.contains(&format!("`{name}`")), format!("section 5 of the contract does not define {name}"));
        for (program, of) in [("contract.py", twin), ("proof.py", proof)] {
            need(of.contains(&format!("\"{name}\"")), format!("{program} does not compute or know {name}"));
        }
        // Studies without `metrics` measure the first two.
        let listed = ["loss", "error"].contains(&name) || studies.contains(&format!("'{name}'"));
        need(listed, format!("runs.rs has no study that measures {name}"));
    }
    assert!(missing.is_empty(), "these additions are not complete:\n{}", missing.join("\n"));
}

#[test]
fn the_statements_of_the_contract_are_true() {
    let text = include_str!("../../src/contract.md");
    for key in Data::KEYS.iter().filter(|key| **key != "mat") {
        let data = if *key == "csv" { "csv.file = 'iris_petals.csv'".into() } else { format!("{key} = {{}}") };
        let study = study("defaults", &data);
        let named = study.settings(&study.trials[0]);
        for (path, value) in study.trials[0].settings() {
            let sections = Data::KEYS.iter().map(|key| format!("data.{key}"));
            let mut sections = sections.chain(["model", "train", "evaluate", "stop"].map(String::from));
            let section = sections.find(|section| path.starts_with(&format!("{section}."))).unwrap();
            let own = text.lines().skip_while(|line| !line.starts_with(&format!("{section} ")));
            let line = if named.iter().any(|(own, _)| *own == path) {
                own.take(1).next().unwrap().to_owned()
            } else {
                own.skip(1).find(|line| line.contains("later: ")).unwrap().replace("later: ", ", ")
            };
            let name = &path[section.len() + 1..];
            let stated = match value {
                AxisValue::String(_) if name == "file" => "file s".into(),
                AxisValue::String(value) => format!("{name} s {value}"),
                AxisValue::Int(value) => format!("{name} u {value}"),
                AxisValue::Float(value) => format!("{name} f {value}"),
            };
            assert!(format!("{line},").contains(&format!(" {stated},")), "{path}: {stated:?} is not in {line:?}");
        }
    }
    let small = "double-moon = { train = 100, validation = 100 }\nmodel.hidden = 3\ntrain.epochs = 2";
    let small = study("small", small);
    let network = NetworkExperiment::new(&small, Simd::best()).unwrap();
    let record = &network.run(&network.tasks(), &mut |_, _| ControlFlow::Continue(()), &|| false).unwrap().unwrap()[0];
    let split = network.split(0, Seed(0)).unwrap();
    for digest in [record.id, record.digest(), Digest::of_split(&split)] {
        assert!(text.contains(&format!("`{digest}`")), "{digest}");
    }
    let hashed = &text[text.find("restudy/id\n").unwrap()..];
    let hashed = &hashed[..hashed.find("```").unwrap()];
    assert_eq!(Digest::of(hashed.as_bytes()), record.id);
    for (point, link) in record.observations.iter().zip(&record.chain) {
        let metrics: Vec<String> = point.values.iter().map(f64::to_string).collect();
        let row = format!("| {} | {} | `{}` |", point.step, metrics.join(" | "), &link.to_string()[..8]);
        assert!(text.contains(&row), "{row}");
    }
    let blown =
        "blobs = { train = 10, validation = 10 }\nmodel.hidden = 2\ntrain = { epochs = 3, learning-rate = 1e300 }";
    let blown = study("blown", blown);
    let network = NetworkExperiment::new(&blown, Simd::best()).unwrap();
    let record = &network.run(&network.tasks(), &mut |_, _| ControlFlow::Continue(()), &|| false).unwrap().unwrap()[0];
    assert_eq!(record.outcome, Outcome::Diverged { epoch: 1 });
    let mut two = TableHasher::new(2, 2);
    two.column_of_wholes("n");
    [1, 2].into_iter().for_each(|value| two.whole(value));
    two.column_of_floats("x");
    [0.5, f64::NAN].into_iter().for_each(|value| two.float(value));
    let mut none = TableHasher::new(1, 0);
    none.column_of_wholes("n");
    for digest in [record.id, record.digest(), two.finish(), none.finish()] {
        assert!(text.contains(&format!("`{digest}`")), "{digest}");
    }
    let first = |data: &str| {
        let split = study("first", data).trials[0].data().load(Seed(0)).unwrap();
        format!("`({}, {})`", split.train.x[0], split.train.x[1])
    };
    let entry = |init: Init| Model { hidden: 3, init }.initial(2, Seed(2014)).values().next().unwrap();
    let mut folds: Vec<u32> = (0..8).collect();
    Draws::new(Seed(0), Stream::Folds).permute(&mut folds);
    let folds: Vec<String> = folds.iter().map(u32::to_string).collect();
    let mut draws = Draws::new(Seed(2014), Stream::Initialization);
    let sample = [1.0, 2.0, 4.0, 8.0, 16.0];
    let [interval, before] = [Within::new(0.95).mean(&sample, Range::Any), bootstrap_mean(&sample)];
    let mut items: Vec<u32> = (0..8).collect();
    Draws::new(Seed(0), Stream::Validation).permute(&mut items);
    let items: Vec<String> = items.iter().map(u32::to_string).collect();
    for value in [
        format!("first unit is `{}`", Draws::new(Seed(0), Stream::Training).unit()),
        format!("is {}. The first normals", items.join(", ")),
        format!("are `{}` and `{}`", draws.normal(), draws.normal()),
        format!("`exp(1) = {}`, `ln(3) = {}`", math::exp(1.0), math::ln(3.0)),
        format!("`ln_1p(-0.5) = {}`, `sigmoid(-3) = {}`", math::ln_1p(-0.5), math::sigmoid(-3.0)),
        format!("`softplus(-3) = {}`", math::softplus(-3.0)),
        format!("deviation `{}`, the inter-quartile mean `{}`", sd(&sample), iqm(&sample)),
        format!("interval from `{}` to `{}`", interval.low, interval.high),
        format!("stream 8 of seed 0 is {}.", folds.join(", ")),
        format!("of the spirals is {}, that of the blobs {}", first("spirals = {}"), first("blobs = {}")),
        format!("is `{}` with `he` and `{}` with `glorot`", entry(Init::He), entry(Init::Glorot)),
        format!("version 1, from `{}` to `{}`", before.low, before.high),
    ] {
        assert!(text.replace('\n', " ").contains(&value), "{value}");
    }
}
