//! The files of runs: inputs, settings, and what is kept.

use crate::place::Place;

#[test]
fn a_run_has_its_inputs_and_settings_and_nothing_else() {
    let script = "ls | tr '\\n' ' ' >&2; cat restudy.json >&2; cat data/a.csv >&2\n\
                  [ \"$PWD\" = \"$RESTUDY_RUN_DIR\" ] || exit 4\n[ \"$RESTUDY_SEED\" = \"$1\" ] || exit 5\n\
                  [ $(stat -c %a run.sh) = 444 ] || exit 6\necho '{\"loss\": 1}'";
    let place = Place::with(script, "", "seeds = 1");
    place.workspace.write("data/a.csv", "one");
    place.workspace.write("data/b.csv", "two");
    place.workspace.write("secret.txt", "three");
    let spec = place.workspace.text("study.toml").replace("[\"run.sh\"]", "[\"run.sh\", \"data/*.csv\"]");
    place.workspace.write("study.toml", spec + "\n[parameters]\nhidden = 7\nrate = 0.5\n");
    place.run("sweep study.toml --quiet").ends(0);
    let log = place.run("show results/study --log seed=0").ends(0).out;
    // Both outputs arrive by pipes of their own, in any order.
    assert!(log.contains("data restudy.json run.sh"), "{log}");
    assert!(log.contains("\"hidden\": 7") && log.contains("\"rate\": 0.5") && log.contains("\"seed\": 0"), "{log}");
    // The content of an input is part of the identity of every run, its name outside the folder of the run is not.
    assert_eq!(place.workspace.computed("sweep study.toml"), 0);
    place.workspace.write("data/b.csv", "changed");
    assert_eq!(place.workspace.computed("sweep study.toml"), 1);
}

#[test]
fn an_undeclared_file_is_named() {
    for (script, file) in [
        ("cat points.csv || exit 1", "points.csv"),
        ("exec sh ./helper.sh", "helper.sh"),
        ("cat \"$PWD/deep/points.csv\" || exit 1", "deep/points.csv"),
    ] {
        let place = Place::with(script, "", "seeds = 1");
        place.workspace.write(file, "");
        let said = place.swept(3);
        assert!(said.contains(&format!("`{file}` is beside the specification")), "{said}");
    }
}

#[test]
fn files_are_kept_with_their_digests() {
    let script =
        "mkdir out; echo $1 > model.txt; echo a > out/a.png; ln -s /etc/passwd out/b.png; echo '{\"loss\": 1}'";
    let place = Place::new(script, "keep = [\"model.txt\", \"out/*.png\"]");
    place.run("sweep study.toml --quiet").ends(0);
    let files = place.workspace.files("results/study/files");
    let names: Vec<_> = files.keys().filter_map(|name| name.split_once('/')).map(|(_, name)| name).collect();
    assert_eq!(names, ["model.txt", "out/a.png", "model.txt", "out/a.png"]);
    place.run("verify results/study --quiet").ends(0);
    let missing = Place::with("echo '{\"loss\": 1}'", "keep = [\"model.txt\"]", "seeds = 1").swept(3);
    assert!(missing.contains("it did not write the file model.txt"), "{missing}");
}

#[test]
fn kept_files_can_be_removed_and_are_still_compared() {
    let place = Place::new("echo $1 > model.txt; echo '{\"loss\": 1}'; echo log", "keep = [\"*.txt\"]");
    place.run("sweep study.toml --quiet").ends(0);
    place.run("gc results/study --dry-run").ends(0).says("would be removed: files of 2 runs");
    assert_eq!(place.workspace.files("results/study/files").len(), 4);
    place.run("gc results/study").ends(0).says("removed: files of 2 runs");
    let left = place.workspace.files("results/study/files");
    assert!(left.len() == 2 && left.keys().all(|name| name.ends_with(".json")), "{left:?}");
    place.run("gc results/study --logs").ends(0).says("removed: output of 2 runs");
    place.run("show results/study --log seed=0").ends(2);
    place.run("verify results/study --quiet").ends(0);
    place.workspace.write("run.sh", "echo other > model.txt; echo '{\"loss\": 1}'");
    assert_eq!(place.run("verify results/study --quiet").code, Some(4));
}

#[test]
fn what_describes_the_machine_is_recorded() {
    let versions = "versions = [[\"sh\", \"-c\", \"echo shell 5\"], { run = [\"cat\", \"/proc/sys/kernel/ostype\"], identity = true }]";
    let place = Place::new("echo '{\"loss\": 1}'", versions);
    place.run("sweep study.toml --quiet").ends(0);
    let recorded = place.workspace.files("results/study/versions");
    let text = String::from_utf8(recorded.into_values().next().unwrap()).unwrap();
    assert!(text.contains("shell 5") && text.contains("Linux"), "{text}");
    place.run("verify results/study --quiet").ends(0);
    place.run("show results/study").ends(0);
    let spec = place.workspace.text("study.toml");
    place.workspace.write("study.toml", spec.replace("echo shell 5", "echo shell 6"));
    assert_eq!(place.workspace.computed("sweep study.toml"), 0);
    place.workspace.write("study.toml", spec.replace("ostype", "hostname"));
    assert_eq!(place.workspace.computed("sweep study.toml"), 2);
    place.workspace.write("study.toml", spec.replace("echo shell 5", "exit 3"));
    place.run("sweep study.toml --set sweep.seeds=3 --quiet").ends(2);
}

#[test]
fn kept_files_that_were_changed_are_found() {
    let place = Place::new("mkdir out; echo $1 > out/model.txt; echo '{\"loss\": 1}'", "keep = [\"out\"]");
    place.run("sweep study.toml --quiet").ends(0);
    let files = place.workspace.files("results/study/files");
    let model = files.keys().find(|name| name.ends_with("out/model.txt")).unwrap();
    place.workspace.write(&format!("results/study/files/{model}"), "forged");
    let said = place.run("verify results/study --progress none").ends(4).out;
    assert!(said.contains("its bytes are not those that the run has kept"), "{said}");
}

#[test]
fn parameters_in_any_order_are_read_back() {
    let script = "echo \"{\\\"loss\\\": $2.$3}\"";
    let spec = |sweep: &str| {
        format!(
            "[study]\nquestion = \"Which order?\"\n[command]\nrun = [\"sh\", \"run.sh\", \"{{seed}}\", \"{{a}}\", \"{{b}}\"]\n\
             inputs = [\"run.sh\"]\n[parameters]\na = 1\nb = 2\n[measurements]\nloss = {{ direction = \"lower\", objective = true }}\n\
             [sweep]\n{sweep}\nseeds = 2\n"
        )
    };
    for sweep in ["\"parameters.a\" = [1, 2]", "\"parameters.b\" = [1, 2]"] {
        let place = Place::of(script, &spec(sweep));
        place.run("sweep study.toml --quiet").ends(0);
        place.run("verify results/study --quiet").ends(0);
    }
}

#[test]
fn shards_are_merged_with_what_their_runs_kept() {
    let place = Place::with("echo $1 > model.txt; echo '{\"loss\": 1}'; echo log", "keep = [\"*.txt\"]", "seeds = 4");
    place.run("sweep study.toml --quiet --shard 1/2 --results one").ends(0);
    place.run("sweep study.toml --quiet --shard 2/2 --results two").ends(0);
    place.run("merge one/study two/study --quiet").ends(0);
    assert_eq!(place.workspace.files("one/study/files").len(), 8);
    assert_eq!(place.workspace.files("one/study/logs").len(), 4);
    place.run("verify one/study --quiet").ends(0);
}

#[test]
fn a_forgotten_script_is_named_and_a_folder_of_inputs_is_not() {
    let place = Place::with("", "", "seeds = 1");
    let spec = place.workspace.text("study.toml");
    place.workspace.write("data/a.csv", "");
    place.workspace.write("study.toml", spec.replace("[\"run.sh\"]", "[\"data/a.csv\"]"));
    let said = place.swept(3);
    assert!(said.contains("`run.sh` is beside the specification"), "{said}");
    let spec = spec.replace("\"{seed}\"", "\"data\"").replace("[\"run.sh\"]", "[\"run.sh\", \"data\"]");
    place.workspace.write("study.toml", spec);
    place.workspace.write("run.sh", "exit 1");
    let said = place.swept(3);
    assert!(said.contains("exit code 1") && !said.contains("beside the specification"), "{said}");
}

#[test]
fn results_are_no_inputs() {
    let place = Place::with("echo '{\"loss\": 1}'", "", "seeds = 2");
    let spec = place.workspace.text("study.toml");
    place.workspace.write("study.toml", spec.replace("[\"run.sh\"]", "[\".\"]"));
    assert_eq!(place.workspace.computed("sweep study.toml"), 2);
    assert_eq!(place.workspace.computed("sweep study.toml"), 0);
    place.run("verify results/study --quiet").ends(0);
}

#[test]
fn a_missing_folder_for_temporary_files_is_one_message() {
    let place = Place::with("echo '{\"loss\": 1}'", "", "seeds = 1");
    let missing = place.workspace.path("none");
    let output = place.command(&["sweep", "study.toml", "--quiet"]).env("TMPDIR", &missing).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && err.contains("program.folder"), "{:?} {err}", output.status);
    assert!(!missing.exists());
}

#[test]
fn inputs_that_were_changed_are_no_data_that_was_learned_from() {
    let place = Place::new("echo '{\"loss\": 1}'", "");
    place.run("sweep study.toml --quiet").ends(0);
    place.workspace.write("run.sh", "echo '{\"loss\": 2}'");
    let said = place.run("verify results/study --progress none").ends(4).out;
    let expected = "inputs: the specification is unchanged, but its inputs are not those of the runs: run.sh changed since 2 of 2 runs were \
                    computed with it; nothing was computed: restore the changed inputs";
    assert!(said.contains(expected) && said.contains("0 of 2 runs computed again"), "{said}");
    place.run("status study.toml").ends(0).says("the inputs are not those of these results: run.sh has changed since");
    place.run("plan study.toml").ends(0).says("2 runs to do: an input has changed");
    for words in ["verify results/study", "status study.toml", "plan study.toml", "show study.toml"] {
        let answer = place.run(words);
        let said = format!("{}{}", answer.out, answer.err).replace("--data FILE", "");
        assert!(!["data", "train", "learn"].iter().any(|word| said.contains(&format!("{word} "))), "{words}: {said}");
    }
    let note = place.run("verify results/study --progress none --note lab.json").ends(4).err;
    assert!(
        note.contains("no verdict was written: no run was computed") && !place.workspace.path("lab.json").exists(),
        "{note}"
    );
}
