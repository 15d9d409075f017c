//! Runs that are adopted after a change that should not matter.

use std::fs;

use crate::place::Place;

const SCRIPT: &str = "echo $1 > kept.txt\necho \"{\\\"loss\\\": 1.$1, \\\"step\\\": 3}\"";

/// A finished study whose script then changes.
fn changed(script: &str) -> Place {
    let place = Place::with(SCRIPT, "keep = [\"*.txt\"]", "seeds = 12");
    place.run("sweep study.toml --quiet").ends(0);
    place.workspace.write("run.sh", script);
    place
}

#[test]
fn runs_before_a_comment_are_adopted() {
    let place = changed(&format!("# A comment.\n{SCRIPT}"));
    let said = place.run("sweep study.toml --adopt --progress none").ends(0).out;
    assert!(
        said.contains(
            "9 runs were adopted; 3 runs were computed again after the change of `run.sh`, with the same bits as before"
        ),
        "{said}"
    );
    assert!(said.contains("12 runs (0 new)"), "{said}");
    let report = place.workspace.text("results/study/report.md");
    assert!(
        report.contains("9 runs were computed before a change of `run.sh`, and adopted; 3 runs were computed again"),
        "{report}"
    );
    // Every adopted run is what the program computes now, and has its files.
    place.run("verify results/study --quiet").ends(0);
    place.run("verify results/study --quiet --sample 2").ends(0);
    let status = place.run("status results/study").ends(0).out;
    assert!(!status.contains("WRONG"), "{status}");
    let lists = fs::read_dir(place.workspace.path("results/study/files")).unwrap().flatten();
    let lists = lists.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "json"));
    assert_eq!(lists.count(), 24, "of the runs before and after");
    place.run("sweep study.toml --adopt --progress none").ends(0).says("nothing to do");
    // What is adopted again was computed before both changes.
    let spec = place.workspace.text("study.toml").replace("{seed}\"]", "{seed}\", \"unused\"]");
    place.workspace.write("study.toml", spec);
    let said = place.run("sweep study.toml --adopt=1 --progress none").ends(0).out;
    assert!(said.contains("11 runs were adopted") && said.contains("the change of `command.run`, `run.sh`"), "{said}");
    // The sentence is part of what is verified.
    let adopted = fs::read_dir(place.workspace.path("results/study/adopted")).unwrap().next().unwrap().unwrap().path();
    fs::remove_file(adopted).unwrap();
    place.run("verify results/study --quiet").ends(4);
}

#[test]
fn runs_are_not_adopted_if_one_differs() {
    // The script now differs for a single seed, which a sample of all runs has.
    let place = changed(&format!("[ $1 != 7 ] || set 8\n{SCRIPT}"));
    let answer = place.run("sweep study.toml --adopt=100% --progress none").ends(4);
    assert!(
        answer.err.contains("nothing was adopted: of 12 runs computed again after the change of `run.sh`"),
        "{}",
        answer.err
    );
    assert!(answer.out.contains("loss      the same bits in 11 of 12 runs"), "{}", answer.out);
    assert!(!place.workspace.path("results/study/adopted").exists());
}

#[test]
fn only_runs_with_the_same_parameters_are_adopted() {
    let place = changed(SCRIPT);
    place.workspace.write("run.sh", format!("# A comment.\n{SCRIPT}"));
    let spec = place.workspace.text("study.toml").replace("seeds = 12", "seeds = 20");
    place.workspace.write("study.toml", &spec);
    let said = place.run("sweep study.toml --adopt=1 --progress none").ends(0).out;
    assert!(
        said.contains("11 runs were adopted; 1 run was computed again") && said.contains("20 runs (8 new)"),
        "{said}"
    );
}

#[test]
fn a_refusal_stays_when_the_command_is_repeated() {
    // One run differs. Where the first sample has it, the second one does not: the run is stored by then.
    let mut refused = 0;
    for seed in 0..12 {
        let place = changed(&format!("[ $1 != {seed} ] || set 99\n{SCRIPT}"));
        if place.run("sweep study.toml --adopt=4 --quiet").code == Some(4) {
            refused += 1;
            place.run("sweep study.toml --adopt=4 --quiet").ends(4);
            assert!(!place.workspace.path("results/study/adopted").exists());
        }
    }
    assert!(refused > 0, "a sample of 4 of 12 runs has each seed in every third study");
}

#[test]
fn failed_runs_are_computed_again() {
    let script = "[ $1 != 2 ] || [ -e ../../go ] || exit 1\necho '{\"loss\": 1}'";
    let place = Place::with(script, "", "seeds = 9");
    place.run("sweep study.toml --quiet").ends(3);
    place.workspace.write("run.sh", format!("# A mended bug.\n{script}"));
    place.workspace.write("scratch/go", "");
    let said = place.run("sweep study.toml --adopt --progress none").ends(0).out;
    assert!(said.contains("5 runs were adopted; 3 runs were computed again") && said.contains("(1 new)"), "{said}");
    place.run("verify results/study --quiet").ends(0);
    // Without a run that corresponds, nothing is begun.
    let spec = place.workspace.text("study.toml").replace("seeds = 9", "seeds = [100, 101]");
    place.workspace.write("study.toml", spec);
    let answer = place.run("sweep study.toml --adopt").ends(2);
    assert!(answer.err.contains("adopt.nothing"), "{}", answer.err);
}

#[test]
fn what_one_folder_has_computed_is_adopted_in_none() {
    let place = changed(&format!("# A comment.\n{SCRIPT}"));
    place.run("sweep study.toml --results other --quiet").ends(0);
    place.run("sweep study.toml --adopt --quiet").ends(0);
    place.run("merge other/study results/study --quiet").ends(0);
    let report = place.workspace.text("other/study/report.md");
    assert!(!report.contains("adopted"), "{report}");
    place.run("verify other/study --quiet").ends(0);
}

#[test]
fn the_network_has_nothing_to_adopt() {
    let place = Place::with(SCRIPT, "", "seeds = 1");
    place.run("new moons.toml --data double-moon").ends(0);
    let answer = place.run("sweep moons.toml --adopt").ends(2);
    assert!(answer.err.contains("adopt.experiment"), "{}", answer.err);
}

#[test]
fn runs_of_an_unfinished_study_are_adopted_after_a_sweep_without_the_option() {
    let script = "[ $1 -lt 5 ] || [ -e ../../go ] || exit 1\necho '{\"loss\": 1}'";
    let place = Place::with(script, "", "seeds = 12");
    for script in [script, &format!("# A comment.\n{script}")] {
        place.workspace.write("run.sh", script);
        place.run("sweep study.toml --quiet --max-failures 1 --threads 1").ends(3);
    }
    let before = place.run("status study.toml --json").out;
    place.workspace.write("run.sh", format!("# Another comment.\n{script}"));
    place.workspace.write("scratch/go", "");
    let said = place.run("sweep study.toml --adopt=1 --progress none").out;
    assert!(said.contains("adopted; 1 run was computed again after the change of `run.sh`"), "{said}\n{before}");
}
