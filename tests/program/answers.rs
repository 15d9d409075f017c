//! The commands that only look.

use std::{collections::BTreeSet, fs, time::Instant};

use insta::assert_snapshot;

use crate::place::{Place, SPEC, assert_same, flat, stable, with};

/// The reasons of a plan, with the number of runs for each.
fn reasons(place: &Place) -> String {
    let answer = place.run("plan moons.toml --json").ends(0);
    let plan: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    plan["reasons"].as_object().unwrap().iter().map(|(reason, runs)| format!("{runs}: {reason}\n")).collect()
}

#[test]
fn plan_says_what_would_run_and_why() {
    let place = Place::new(SPEC);
    assert_snapshot!(stable(&place.run("plan moons.toml --threads 1").ends(0).out));
    assert!(!place.path("results").exists(), "a plan writes nothing");
    let place = Place::swept();
    assert_snapshot!(stable(&place.run("plan moons.toml --threads 1").ends(0).out));
    for (change, expected) in [
        (with("seeds = 3", "seeds = 5"), "4: a new seed\n"),
        (with("[1, 3]", "[1, 2, 3]"), "3: model.hidden is 2, was 1\n"),
        (with("epochs = 4", "epochs = 5"), "6: train.epochs is 5, was 4\n"),
        (
            with("epochs = 4", "epochs = 5\nlearning-rate = 1"),
            "6: train.epochs is 5, was 4, and 1 more setting differs\n",
        ),
        (with("forty", "40"), ""),
    ] {
        place.write("moons.toml", change);
        assert_eq!(reasons(&place), expected);
    }
    place.write("moons.toml", SPEC);
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    assert_eq!(
        reasons(&place),
        "6: computed before, but the file that holds it is not here (segments/ is missing, or part of it)\n"
    );
}

#[test]
fn plan_sees_that_a_data_file_has_changed() {
    let spec =
        with("[data.double-moon]\ntrain = 40\nvalidation = 40", "[data.csv]\nfile = \"points.csv\"\nlabel = \"class\"");
    let place = Place::new(&spec);
    let points: String = (0..40).map(|i| format!("{},{},{}\n", i % 7, i * i % 11, i % 2)).collect();
    place.write("points.csv", format!("x,y,class\n{points}"));
    assert_eq!(place.computed("sweep moons.toml"), 6);
    assert_eq!(place.computed("sweep moons.toml"), 0);
    place.write("points.csv", format!("x,y,class\n{points}").replace("\n6,", "\n6.5,"));
    assert_eq!(reasons(&place), "6: its data has changed\n");
    for words in ["verify results/moons --progress none", "verify results/moons --progress none --sample 2"] {
        let said = place.run(words).ends(4).says("data: the specification is unchanged, but its data files");
        assert_eq!(said.out.lines().count(), 2, "the cause, and none of what follows from it: {}", said.out);
    }
    assert_eq!(place.computed("sweep moons.toml"), 6);
    place.run("verify results/moons").ends(0);
    // The same bytes, wherever they are and whatever they are called.
    fs::rename(place.path("points.csv"), place.path("elsewhere.txt")).unwrap();
    place.write("other.csv", format!("x,y,class\n{points}"));
    let refused = flat(&place.run("verify results/moons").refused(2));
    assert!(refused.contains("points.csv cannot be read: ") && refused.contains("--data FILE"), "{refused}");
    let files = "--data other.csv --data elsewhere.txt";
    place.run(&format!("verify results/moons --progress none {files}")).ends(0).says("every bit is the same");
    let refused = flat(&place.run("verify results/moons --data other.csv").refused(2));
    assert!(
        refused.contains("no file given with --data is the one that the runs of results/moons learned from"),
        "{refused}"
    );
    place.run("verify results/moons --data nowhere.csv").refused(1);
    let refused = flat(&Place::swept().run("verify results/moons --data moons.toml").refused(2));
    assert!(refused.contains("learns from no file of data"), "{refused}");
}

#[test]
fn several_files_of_data_are_each_found_by_content() {
    let table = "[data.csv]\nfile = \"points0.csv\"\nlabel = \"class\"";
    let names: Vec<String> = (0..5).map(|i| format!("points{i}.csv")).collect();
    let spec = with("[data.double-moon]\ntrain = 40\nvalidation = 40", table);
    let swept = format!("[sweep]\n\"data.csv.file\" = {names:?}\n");
    let place = Place::new(&spec.replace("[sweep]\n", &swept));
    for (i, name) in names.iter().enumerate() {
        let points: String = (0..40).map(|k| format!("{},{},{}\n", k % 7 + i, k * k % 11, k % 2)).collect();
        place.write(name, format!("x,y,class\n{points}"));
    }
    place.run("sweep moons.toml --quiet").ends(0);
    for name in &names {
        fs::rename(place.path(name), place.path(&format!("moved-{name}"))).unwrap();
    }
    let given: String = names.iter().rev().map(|name| format!(" --data moved-{name}")).collect();
    place.run(&format!("verify results/moons --progress none{given}")).ends(0).says("every bit is the same");
    let few = given.replace(" --data moved-points2.csv", "");
    place.run(&format!("verify results/moons --progress none{few}")).ends(2);
    // The specification is told what is known where its data is away: the runs are those of the files as the manifest has them.
    let told = place.run("status moons.toml --json").ends(0).out;
    assert!(told.contains("\"data-unchanged\":null") && told.contains("\"missing\":0"), "{told}");
}

#[test]
fn check_says_good_or_what_is_wrong() {
    let place = Place::new(SPEC);
    assert_snapshot!(place.run("check moons.toml").ends(0).out, @"moons.toml is good: 2 trials under 3 seeds, 6 runs");
    assert_snapshot!(place.run("check moons.toml --set model.hidden=0").refused(2));
    assert!(!place.path("results").exists());
}

#[test]
fn status_tells_what_is_there() {
    let place = Place::swept();
    let status = |place: &Place| {
        let out = stable(&place.run("status results/moons").ends(0).out);
        out.lines().filter(|line| !line.contains("last ")).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(status(&place));
    fs::remove_file(place.path("results/moons/metrics.parquet")).unwrap();
    place.edit("study.toml", "epochs = 4", "epochs = 5");
    assert_snapshot!(status(&place));
}

#[test]
fn show_gives_the_answer_by_trial_and_by_run() {
    let place = Place::swept();
    assert_snapshot!(place.run("show results/moons").ends(0).out);
    assert_snapshot!(place.run("show results/moons --runs").ends(0).out);
    // A fresh clone has no segments, and of the tables the summary alone.
    let (trials, runs) =
        (place.run("show results/moons").ends(0).out, place.run("show results/moons --runs --json").ends(0).out);
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    let answer = place.run("show results/moons").ends(0);
    assert_eq!(answer.out, trials);
    assert_snapshot!(answer.err, @"notice: known from runs.parquet, for the runs themselves are not here: segments/ is missing");
    assert_eq!(place.run("show results/moons --runs --json").ends(0).out, runs);
    fs::remove_file(place.path("results/moons/metrics.parquet")).unwrap();
    let without = |out: &str| {
        // The values of runs, by seed, are not in summary.csv: no curves, no ranges, and nothing about the best trial.
        let lines = out.lines().skip_while(|line| !line.starts_with("model.hidden"));
        let of_runs = ["error by epoch", "Every trial has", "All runs are measured"];
        let lines = lines.filter(|line| !of_runs.iter().any(|start| line.starts_with(start)));
        let plain = |line: &str| {
            let words = line.split_whitespace().filter(|word| !word.starts_with(|c| "▁▂▃▄▅▆▇█(".contains(c)));
            words.filter(|word| *word != "to" && !word.ends_with(')')).collect::<Vec<_>>().join(" ")
        };
        lines.map(plain).collect::<Vec<_>>()
    };
    assert_eq!(without(&place.run("show results/moons").ends(0).out)[1..], without(&trials)[1..]);
    fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
    let answer = place.run("show results/moons").ends(0);
    assert_eq!(without(&answer.out)[1..], without(&trials)[1..]);
    assert_snapshot!(answer.err, @"notice: shown from summary.csv, for the runs are not here; whether a trial is the best needs them, and stands in report.md; compute them again with `restudy sweep moons.toml`");
    assert_snapshot!(place.run("show results/moons --runs").refused(2));
    place.edit("summary.csv", "0.", "1.");
    assert!(flat(&place.run("show results/moons").refused(4)).contains("what there is was changed, and is not shown"));
    fs::remove_file(place.path("results/moons/summary.csv")).unwrap();
    assert_snapshot!(place.run("show results/moons").refused(2));
}

#[test]
fn figures_are_drawn_again_from_the_tables_alone() {
    let place = Place::swept();
    let before = place.answers("results/moons");
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    place.run("figures results/moons --check").ends(0).says("all 2 figure files are current");
    fs::remove_file(place.path("results/moons/figures/seeds.png")).unwrap();
    place.edit("figures/seeds.svg", "<", " <");
    let answer = place.run("figures results/moons --check").ends(4);
    assert_snapshot!(answer.out, @"
    results/moons/figures/seeds.png is missing
    results/moons/figures/seeds.svg is not what the tables give
    ");
    assert!(!place.path("results/moons/figures/seeds.png").exists(), "a check writes nothing");
    assert_snapshot!(place.run("figures results/moons").ends(0).out, @"drew 2 figure files, of which 2 had changed");
    assert_snapshot!(place.run("figures results/moons").ends(0).out, @"drew 2 figure files, of which 0 had changed");
    let mut after = place.answers("results/moons");
    after.extend(
        before
            .iter()
            .filter(|(path, _)| path.ends_with(".seg") || path.ends_with("/index"))
            .map(|(path, bytes)| (path.clone(), bytes.clone())),
    );
    assert_same(&after, &before, "the same bytes");
    fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
    assert_snapshot!(place.run("figures results/moons").refused(2));
}

#[test]
fn every_command_helps_and_answers_at_once() {
    let place = Place::swept();
    let help = place.run("--help").ends(0).out;
    let commands = place.commands();
    // Each in its group, and none in two.
    let groups = ["Write a study:", "Run it:", "Read its answer:", "Prove it:", "Tools:"];
    assert!(groups.iter().all(|group| help.contains(group)), "{help}");
    assert_eq!(commands.iter().collect::<BTreeSet<_>>().len(), commands.len(), "{help}");
    assert!(commands.len() > 20, "{help}");
    for command in &commands {
        let help = place.run(&format!("{command} --help")).ends(0).out;
        assert!(help.contains("Usage: restudy") && help.contains("--results DIR"), "{help}");
        assert!(!help.contains("Threads to train on"), "told once, in the help of the program");
        assert!(place.run(&format!("{command} --nonsense")).refused(2).contains("--nonsense"));
    }
    assert!(place.run("").ends(2).err.contains("Usage: restudy"));
    for words in ["--help", "plan moons.toml", "check moons.toml", "status results/moons"] {
        let fastest = (0..5).map(|_| {
            let started = Instant::now();
            place.run(words).ends(0);
            started.elapsed().as_millis()
        });
        // Twice what is promised, for machines that are busy with the other tests.
        assert!(fastest.min().unwrap() < 200, "{words}");
    }
}

#[test]
fn new_writes_a_specification_that_runs_and_overwrites_nothing() {
    let place = Place::new(SPEC);
    place.run("new fresh.toml").ends(0).says("restudy sweep fresh.toml");
    place.run("check fresh.toml").ends(0);
    let text = place.text("fresh.toml");
    assert!(place.run("new fresh.toml").refused(2).contains("fresh.toml exists already"));
    assert_eq!(place.text("fresh.toml"), text);
    assert!(place.run("new other.toml --data moon").refused(2).contains("there is no data set `moon`"));
    place.run("new nowhere/other.toml").refused(1);
}

#[test]
fn a_study_can_be_swept_from_the_specification_in_its_results() {
    let place = Place::swept();
    fs::copy(place.path("results/moons/study.toml"), place.path("moons.toml")).unwrap();
    place.run("sweep moons.toml").ends(0).says("nothing to do");
}

#[test]
fn the_specification_that_is_kept_with_results_is_of_their_study() {
    let place = Place::swept();
    let before = place.answers("results/moons");
    place.run("sweep results/moons/study.toml").ends(0);
    assert_same(&place.answers("results/moons"), &before, "swept from the copy");
    assert!(!place.path("results/study").exists());
    fs::remove_file(place.path("moons.toml")).unwrap();
    let plan = place.run("plan results/moons/study.toml --json").ends(0).out;
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    assert_eq!(plan["reasons"].as_object().map(serde_json::Map::len), Some(0), "{plan}");
}
