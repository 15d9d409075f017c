//! `show`: the table of trials, filtered, sorted and limited.

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use crate::workspace::{SPEC, Workspace, flat, with};

#[test]
fn show_filters_sorts_and_limits() {
    let place = Workspace::swept();
    let show = |words: &str| place.run(&format!("show results/moons {words}")).ends(0);
    // Without the headings, the notes on sparklines and on few runs, and the constant answer.
    let rows = |words: &str| {
        let out = show(words).out;
        out.lines()
            .skip(1)
            .filter(|line| {
                !line.starts_with("error by epoch")
                    && !line.contains("too few for")
                    && !line.starts_with("All runs are measured")
                    && !line.starts_with("constant")
            })
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert!(show("").out.lines().any(|line| line.starts_with("error by epoch: square root scale")));
    assert!(!show("--runs").out.contains("square root"), "there are no blocks");
    assert_eq!(rows("--where hidden=3").len(), 1);
    assert_eq!(rows("--runs --where hidden=3 --where seed>=1").len(), 2);
    assert_eq!(rows("--runs --where outcome=completed").len(), 6);
    assert_eq!(rows("--runs --where validation_error<=0.125"), rows("--runs --where validation-error<=0.125"));
    // Ascending and descending order have the same rows.
    let ascending = rows("--runs --sort train-loss");
    let mut descending = rows("--runs --sort train-loss --reverse");
    assert_ne!(ascending, descending);
    assert_eq!(rows("--runs --sort train-loss --limit 2"), ascending[..2]);
    descending.reverse();
    assert_eq!(ascending, descending);
    assert_snapshot!(show("--sort validation-error --limit 1").out);
    assert_snapshot!(show("--sort validation-error --limit 1 --where seed<2").err, @"
    notice: 4 of 6 runs meet the conditions
    notice: 1 of 2 trials is shown
    ");
    // The summary of some runs is that of a study of these runs.
    let few = Workspace::new(&with("seeds = 3", "seeds = 2"));
    few.run("sweep moons.toml").ends(0);
    let message = few.run("show results/moons").ends(0).out;
    let table =
        message.split_once("\n\n").map(|(headline, table)| (headline.starts_with("No trial stands out"), table));
    assert_eq!(Some((true, show("--where seed<2").out.as_str())), table);
    let lines = show("--json --where hidden=3 --limit 2").out;
    let run: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((lines.lines().count(), &run["axes"]["model.hidden"]), (2, &serde_json::json!(3)));
    assert_eq!(rows("--where seed>100"), Vec::<String>::new());
}

#[test]
fn show_refuses_unknown_names() {
    let place = Workspace::swept();
    let refused = |words: &str| flat(&place.run(&format!("show results/moons {words}")).refused(2));
    assert_snapshot!(refused("--where hiden=3"), @"field.unknown × the runs of moons have no field `hiden` help: did you mean `hidden`?");
    assert_snapshot!(refused("--where outcome=divergd"), @"condition.value × `outcome` is never `divergd` help: did you mean `diverged`?");
    assert_snapshot!(refused("--where hidden=few"), @"condition.number × `hidden` is a number, `few` is not help: write a number, as in --where 'learning-rate<0.1'");
    assert_snapshot!(refused("--where hidden"), @"condition.syntax × `hidden` is not a condition help: write a field, one of = != < <= > >=, and a value, quoted for the shell: --where 'learning-rate<0.1'");
    assert_snapshot!(refused("--where outcome<diverged"), @"condition.order × `outcome<diverged` compares text by size help: use = or != with one of `completed`, `converged`, `diverged`, `failed`");
    assert!(refused("--sort loss").contains("choose from") || refused("--sort loss").contains("did you mean"));
    assert!(refused("--sort seed").contains("add --runs"));
}

/// A folder with the remains of an interrupted sweep: some runs, and neither manifest nor report.
pub fn cut_off() -> Workspace {
    let place = Workspace::new(SPEC);
    place.run("sweep moons.toml --set sweep.seeds=2").ends(0);
    let folder = place.path("results/moons");
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::remove_file(path).unwrap();
        }
    }
    place
}

#[test]
fn an_unfinished_study_is_shown() {
    let place = cut_off();
    let help = flat(&place.run("show results/moons").refused(2));
    assert!(help.contains("give its specification instead"), "{help}");
    let status = place.run("status moons.toml").ends(0);
    let lines: Vec<_> = status.out.lines().filter(|line| !line.contains("last ")).collect();
    assert_snapshot!(lines.join("\n"));
    let answer = place.run("show moons.toml --runs").ends(0);
    assert_eq!(answer.out.lines().count(), 7, "the mark, and a row a run");
    assert_snapshot!(answer.err, @"
    notice: manifest.json is missing: nothing vouches for these results
    notice: the study is not finished: 2 runs of 6 are missing; continue with `restudy sweep moons.toml`
    ");
    // A sweep first writes the specification; then the folder is enough.
    fs::copy(place.path("moons.toml"), place.path("results/moons/study.toml")).unwrap();
    assert_eq!(place.run("status results/moons").ends(0).out, status.out);
    let json = place.run("status results/moons --json").ends(0).out;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["runs"], &json["missing"], &json["finished"]), (&4.into(), &2.into(), &false.into()));
    assert_eq!(place.computed("sweep moons.toml"), 2);
    place.run("status moons.toml").ends(0).says("prove ");
}

#[test]
fn reading_neither_needs_nor_trusts_an_index() {
    let place = Workspace::swept();
    let words = ["show results/moons", "show results/moons --runs", "plan moons.toml --json"];
    let answers = || {
        words.map(|words| {
            crate::workspace::stable(&place.run(words).ends(0).out).replace(|c: char| c.is_ascii_digit(), "0")
        })
    };
    let expected = answers();
    let index = place.read("results/moons/segments/index");
    fs::remove_file(place.path("results/moons/segments/index")).unwrap();
    assert_eq!(answers(), expected);
    place.write("results/moons/segments/index", &index[..index.len() - 1]);
    assert_eq!(answers(), expected);
    // A sweep with nothing else to do rebuilds it.
    place.run("sweep moons.toml").ends(0).says("nothing to do");
    assert_eq!(place.read("results/moons/segments/index"), index);
    // Without the segment only the tables know the runs.
    let segment = place.files("results/moons/segments").into_keys().find(|name| name.ends_with(".seg")).unwrap();
    fs::remove_file(place.path("results/moons/segments").join(segment)).unwrap();
    let answer = place.run("show results/moons").ends(0);
    assert!(answer.err.contains("read from runs.parquet"), "{}", answer.err);
    assert!(answer.err.contains("segments/ has none") && !answer.err.contains("is missing"), "{}", answer.err);
    place.run("status results/moons").ends(0).says("MISSING   segments/ has 0 of 6 runs; ");
    place.write("results/moons/runs.parquet", "");
    assert!(place.run("show results/moons").ends(4).err.contains("read from summary.csv"));
    fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
    assert!(place.run("show results/moons").ends(0).err.contains("read from summary.csv"), "absent is no damage");
    place.write("results/moons/runs.parquet", "");
    fs::remove_file(place.path("results/moons/summary.csv")).unwrap();
    place.run("show results/moons").refused(4);
}

#[test]
fn colors_need_a_terminal_or_an_option() {
    let place = Workspace::swept();
    let show = |words: &[&str], set: &[(&str, &str)]| {
        let mut command = place.command(&[&["show", "results/moons"], words].concat());
        command.env_remove("NO_COLOR").envs(set.iter().copied());
        let output = command.output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let plain = show(&[], &[]);
    assert!(!plain.contains('\u{1b}'), "a pipe is no terminal");
    let painted = show(&["--color", "always"], &[("NO_COLOR", "1")]);
    assert!(painted.contains("\u{1b}[2mmodel.hidden\u{1b}[0m"), "{painted}");
    let mut stripped = painted.clone();
    for code in ["0", "1", "2", "31", "36"] {
        stripped = stripped.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(stripped, plain, "colors change no column");
    assert_eq!(show(&[], &[("CLICOLOR_FORCE", "1")]), painted);
    assert_eq!(show(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
    assert_eq!(show(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]), plain);
}

#[test]
fn read_only_commands_skip_the_memory_check() {
    let place = Workspace::new(&with("epochs = 4", "epochs = 1000000000"));
    let refused = flat(&place.run("sweep moons.toml").refused(2));
    assert!(refused.contains("MB are free"), "{refused}");
    let plan = place.run("plan moons.toml").ends(0).says("6 runs to do");
    let refuses = "notice: `restudy sweep` refuses this study: the study asks for 6000000006 measurements";
    assert!(flat(&plan.err).contains(refuses) && plan.err.contains("; train fewer epochs"), "{}", plan.err);
    for look in ["check moons.toml", "status moons.toml"] {
        place.run(look).ends(0);
    }
    let show = flat(&place.run("show moons.toml").refused(2));
    assert!(!show.contains("can be kept"), "{show}");
}

#[test]
fn show_answers_by_trial_and_by_run() {
    let place = Workspace::swept();
    assert_snapshot!(place.run("show results/moons").ends(0).out);
    assert_snapshot!(place.run("show results/moons --runs").ends(0).out);
    // A fresh clone has no segments, and of the tables only the summary.
    let (trials, runs) =
        (place.run("show results/moons").ends(0).out, place.run("show results/moons --runs --json").ends(0).out);
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    let answer = place.run("show results/moons").ends(0);
    assert_eq!(answer.out, trials);
    assert_snapshot!(answer.err, @"notice: read from runs.parquet, because the stored runs are missing: segments/ is missing");
    assert_eq!(place.run("show results/moons --runs --json").ends(0).out, runs);
    fs::remove_file(place.path("results/moons/metrics.parquet")).unwrap();
    let without = |out: &str| {
        // summary.csv has no values of single runs: no sparklines, no ranges, and no verdict.
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
    assert_snapshot!(answer.err, @"notice: read from summary.csv, because the runs are not stored; report.md has the verdict on the best trial; compute them again with `restudy sweep moons.toml`");
    assert_snapshot!(place.run("show results/moons --runs").refused(2));
    place.edit("summary.csv", "0.", "1.");
    assert!(flat(&place.run("show results/moons").refused(4)).contains("the files were changed and are not shown"));
    fs::remove_file(place.path("results/moons/summary.csv")).unwrap();
    assert_snapshot!(place.run("show results/moons").refused(2));
}

#[test]
fn huge_numbers_have_an_exponent() {
    let spec = with("[sweep]", "[sweep]\n\"train.learning-rate\" = [1e300, 2]");
    let place = Workspace::new(&spec);
    place.run("sweep moons.toml --quiet").ends(0);
    let message = place.run("compare results/moons hidden=1,learning-rate=1e300 hidden=1,learning-rate=2").ends(0).out;
    assert!(message.contains("1e300") && !message.contains("000000"), "{message}");
}

#[test]
fn show_and_sweep_print_the_same_verdict_object() {
    let place = Workspace::swept();
    let last =
        |words: &str| -> Value { serde_json::from_str(place.run(words).ends(0).out.lines().last().unwrap()).unwrap() };
    let (shown, swept) = (last("show results/moons --json"), last("sweep moons.toml --json --progress none"));
    assert!(shown["verdict"]["finding"].is_string());
    assert_eq!(shown["verdict"], swept["verdict"]);
    assert_eq!(last("show results/moons --json --sort seed")["verdict"], swept["verdict"], "in whatever order");
    for words in ["--runs", "--limit 2", "--where seed<2"] {
        assert!(last(&format!("show results/moons --json {words}"))["verdict"].is_null(), "{words}");
    }
    let page = include_str!("../../docs/json.md");
    for key in swept["verdict"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("`{key}`")), "{key} is in docs/json.md");
    }
}
