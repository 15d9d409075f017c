//! Looking at a study: choosing, sorting and limiting what is shown, and studies that are not finished.

use std::fs;

use insta::assert_snapshot;

use crate::place::{Place, SPEC, flat, with};

#[test]
fn show_chooses_sorts_and_limits() {
    let place = Place::swept();
    let show = |words: &str| place.run(&format!("show results/moons {words}")).ends(0);
    // Without the head, and without the lines that say how the blocks are to be read, and that three runs are few; nor that of a constant answer.
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
    assert!(show("").out.lines().any(|line| line.starts_with("error by epoch: heights by square root")));
    assert!(!show("--runs").out.contains("square root"), "there are no blocks");
    assert_eq!(rows("--where hidden=3").len(), 1);
    assert_eq!(rows("--runs --where hidden=3 --where seed>=1").len(), 2);
    assert_eq!(rows("--runs --where outcome=completed").len(), 6);
    assert_eq!(rows("--runs --where validation_error<=0.125"), rows("--runs --where validation-error<=0.125"));
    // One way and the other are the same rows.
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
    // A summary of chosen runs is that of a study of these runs alone.
    let few = Place::new(&with("seeds = 3", "seeds = 2"));
    few.run("sweep moons.toml").ends(0);
    let said = few.run("show results/moons").ends(0).out;
    let table = said.split_once("\n\n").map(|(headline, table)| (headline.starts_with("No trial stands out"), table));
    assert_eq!(Some((true, show("--where seed<2").out.as_str())), table);
    let lines = show("--json --where hidden=3 --limit 2").out;
    let run: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!((lines.lines().count(), &run["axes"]["model.hidden"]), (2, &serde_json::json!(3)));
    assert_eq!(rows("--where seed>100"), Vec::<String>::new());
}

#[test]
fn show_says_what_it_does_not_know() {
    let place = Place::swept();
    let refused = |words: &str| flat(&place.run(&format!("show results/moons {words}")).refused(2));
    assert_snapshot!(refused("--where hiden=3"), @"× the runs of moons have no `hiden` help: did you mean `hidden`?");
    assert_snapshot!(refused("--where outcome=divergd"), @"× `outcome` is never `divergd` help: did you mean `diverged`?");
    assert_snapshot!(refused("--where hidden=few"), @"× `hidden` is a number, `few` is none help: write a number, as in --where 'learning-rate<0.1'");
    assert_snapshot!(refused("--where hidden"), @"× `hidden` is no condition help: write a field, one of = != < <= > >= and a value, in quotes for the shell: --where 'learning-rate<0.1'");
    assert_snapshot!(refused("--where outcome<diverged"), @"× `outcome<diverged` compares texts by size help: use = or != with one of `completed`, `converged`, `diverged`, `failed`");
    assert!(refused("--sort loss").contains("choose from") || refused("--sort loss").contains("did you mean"));
    assert!(refused("--sort seed").contains("add --runs"));
}

/// A place where a sweep was cut off: some runs, and neither manifest nor report.
fn cut_off() -> Place {
    let place = Place::new(SPEC);
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
fn a_study_that_is_not_finished_is_shown_as_far_as_it_is() {
    let place = cut_off();
    let help = flat(&place.run("show results/moons").refused(2));
    assert!(help.contains("name its specification instead"), "{help}");
    let status = place.run("status moons.toml").ends(0);
    let lines: Vec<_> = status.out.lines().filter(|line| !line.contains("last ")).collect();
    assert_snapshot!(lines.join("\n"));
    let answer = place.run("show moons.toml --runs").ends(0);
    assert_eq!(answer.out.lines().count(), 5);
    assert_snapshot!(answer.err, @"
    notice: manifest.json is not here: nothing vouches for what is shown
    notice: the study is not finished: 2 runs of 6 are not here yet; go on with `restudy sweep moons.toml`
    ");
    // A sweep writes first what it is about; then the folder is enough.
    fs::copy(place.path("moons.toml"), place.path("results/moons/study.toml")).unwrap();
    assert_eq!(place.run("status results/moons").ends(0).out, status.out);
    let json = place.run("status results/moons --json").ends(0).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["runs"], &json["missing"], &json["finished"]), (&4.into(), &2.into(), &false.into()));
    assert_eq!(place.computed("sweep moons.toml"), 2);
    place.run("status moons.toml").ends(0).says("prove ");
}

#[test]
fn looking_needs_no_index_and_trusts_none() {
    let place = Place::swept();
    let words = ["show results/moons", "show results/moons --runs", "plan moons.toml --json"];
    let answers = || {
        words
            .map(|words| crate::place::stable(&place.run(words).ends(0).out).replace(|c: char| c.is_ascii_digit(), "0"))
    };
    let expected = answers();
    let index = place.read("results/moons/segments/index");
    fs::remove_file(place.path("results/moons/segments/index")).unwrap();
    assert_eq!(answers(), expected);
    place.write("results/moons/segments/index", &index[..index.len() - 1]);
    assert_eq!(answers(), expected);
    // A sweep that finds nothing else to do makes it anew.
    place.run("sweep moons.toml").ends(0).says("nothing to do");
    assert_eq!(place.read("results/moons/segments/index"), index);
    // Without its segment it knows of no run, but for what the tables say.
    let segment = place.files("results/moons/segments").into_keys().find(|name| name.ends_with(".seg")).unwrap();
    fs::remove_file(place.path("results/moons/segments").join(segment)).unwrap();
    let answer = place.run("show results/moons").ends(0);
    assert!(answer.err.contains("known from runs.parquet"), "{}", answer.err);
    assert!(answer.err.contains("segments/ holds none") && !answer.err.contains("is missing"), "{}", answer.err);
    place.run("status results/moons").ends(0).says("MISSING   segments/ holds 0 of its 6 runs; ");
    place.write("results/moons/runs.parquet", "");
    assert!(place.run("show results/moons").ends(4).err.contains("shown from summary.csv"));
    fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
    assert!(place.run("show results/moons").ends(0).err.contains("shown from summary.csv"), "absent is no damage");
    place.write("results/moons/runs.parquet", "");
    fs::remove_file(place.path("results/moons/summary.csv")).unwrap();
    place.run("show results/moons").refused(4);
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let place = Place::swept();
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
    assert_eq!(stripped, plain, "colours change no column");
    assert_eq!(show(&[], &[("CLICOLOR_FORCE", "1")]), painted);
    assert_eq!(show(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
    assert_eq!(show(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]), plain);
}

#[test]
fn whoever_only_looks_needs_no_room_for_the_answers() {
    let place = Place::new(&with("epochs = 4", "epochs = 1000000000"));
    let refused = flat(&place.run("sweep moons.toml").refused(2));
    assert!(refused.contains("more than can be kept"), "{refused}");
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
fn the_status_of_a_specification_is_of_what_it_asks_now() {
    let spec = with("[data.double-moon]\ntrain = 40\nvalidation = 40", "[data.csv]\nfile = \"points.csv\"");
    let place = Place::new(&spec.replace("train = 40\n", ""));
    let row = |i: i32| format!("{i},{},{}\n", i % 7, i % 2);
    let points = |last: &str| format!("a,b,label\n{}{last}", (0..40).map(row).collect::<String>());
    place.write("points.csv", points(""));
    place.run("sweep moons.toml --quiet").ends(0);
    let counts = |more: &str| {
        let of = |command: &str, key: &str| {
            let json: serde_json::Value = serde_json::from_str(&place.run(command).ends(0).out).unwrap();
            json[key].as_u64().unwrap()
        };
        let status = ["runs", "missing"].map(|key| of("status moons.toml --json", key));
        assert_eq!(status, ["cached", "missing"].map(|key| of("plan moons.toml --json", key)), "{more}");
        status
    };
    let status = || place.run("status moons.toml").ends(0).out;
    assert_eq!(counts("as it was"), [6, 0]);
    assert!(!status().contains("CHANGED") && !status().contains("MISSING"), "{}", status());
    place.write("points.csv", points("1,1,1\n"));
    assert_eq!(counts("other data"), [0, 6]);
    assert!(status().contains("CHANGED   the data is not that of these results"), "{}", status());
    assert!(!status().contains("is not the specification"), "{}", status());
    place.write("points.csv", points(""));
    place.write("moons.toml", place.text("moons.toml").replace("seeds = 3", "seeds = 4"));
    assert_eq!(counts("a new seed"), [6, 2]);
    let said = status();
    assert!(said.contains("CHANGED   moons.toml is not the specification that these results were made from"), "{said}");
    assert!(said.contains("MISSING   2 runs\n") && said.contains("go on     restudy sweep moons.toml"), "{said}");
    assert!(!said.contains("the data"), "{said}");
    let folder = place.run("status results/moons").ends(0).out;
    assert!(!folder.contains("CHANGED") && folder.contains("6 of 6"), "the folder is as it was: {folder}");
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    let said = status();
    assert!(said.contains("MISSING   8 runs; the manifest has 6 of them, but segments/ does not hold them"), "{said}");
}

#[test]
fn a_sweep_at_work_is_running_and_not_cut_off() {
    let place = cut_off();
    fs::copy(place.path("moons.toml"), place.path("results/moons/study.toml")).unwrap();
    let state = |place: &Place| {
        let json: serde_json::Value = serde_json::from_str(&place.run("ls --json").ends(0).out).unwrap();
        json["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(&place), "unfinished");
    // As a sweep holds it.
    let lock = || fs::File::open(place.path("results/moons/segments/lock")).unwrap();
    let sweep = lock();
    sweep.lock_shared().unwrap();
    assert_eq!(state(&place), "running");
    place.run("status moons.toml").ends(0).says("RUNNING   a sweep is working here now");
    sweep.unlock().unwrap();
    assert_eq!(state(&place), "unfinished");
    place.write("moons.toml", with("seeds = 3", "seeds = 4"));
    place.run("status moons.toml").ends(0).says("CHANGED   this is not the specification");
    place.run("sweep moons.toml -q").ends(0);
    assert_eq!(state(&place), "complete");
    lock().try_lock_shared().expect("whoever looks holds nothing");
}
