//! Failed runs are results until they are tried again on request.

use crate::place::Place;

/// Fails until a file is there.
const SCRIPT: &str = "[ -e ../../go ] || [ $1 = 0 ] || exit 1\necho '{\"loss\": 1}'";

#[test]
fn failed_runs_stay_until_they_are_tried_again() {
    let place = Place::with(SCRIPT, "", "seeds = 3");
    place.run("sweep study.toml --quiet").ends(3);
    place.workspace.write("scratch/go", "");
    place.run("sweep study.toml --quiet").ends(3);
    let said = place.run("sweep study.toml --retry-failed --progress none").ends(0).out;
    assert!(said.contains("2 failed runs will be tried again") && said.contains("3 runs (2 new)"), "{said}");
    place.run("verify results/study --quiet").ends(0);
    place.run("sweep study.toml --retry-failed --progress none").ends(0).says("nothing to do");
}

#[test]
fn a_study_that_fails_altogether_stops() {
    let place = Place::with("exit 1", "", "seeds = 100");
    let answer = place.run("sweep study.toml --max-failures 5 --threads 1 --progress none").ends(3);
    assert!(answer.err.contains("stopped after 5 failed runs (--max-failures)"), "{}", answer.err);
}

#[test]
fn status_and_verify_name_failed_runs() {
    let place = Place::with(SCRIPT, "", "seeds = 3");
    place.run("sweep study.toml --quiet").ends(3);
    let status = place.run("status results/study").ends(0).says("FAILED    2 runs: 2 \u{d7} exit code 1; ").out;
    assert!(status.contains("`restudy sweep --retry-failed` runs them again"), "{status}");
    place.run("status study.toml --json").ends(0).says("\"failed\":2");
    let words = "failed: 2 of 3 computed runs; the statistics exclude failed runs";
    place.run("verify results/study --progress none").ends(0).says(words);
    place.run("verify results/study --json").ends(0).says("\"failed\":2");
    // Unfinished, and none that succeeds.
    let all = Place::with("exit 7", "", "seeds = 3");
    all.run("sweep study.toml --max-failures 1 --threads 1 --quiet").ends(3);
    all.run("status study.toml").ends(0).says("FAILED    1 run: 1 \u{d7} exit code 7; ").says("runs it again");
    all.run("sweep study.toml --quiet").ends(3);
    all.run("verify results/study --progress none").ends(0).says("failed: all runs, so that no statistic has a value");
    let some = all.run("verify results/study --sample 1 --progress none").ends(0).out;
    assert!(some.contains("failed: 1 of 1 computed run; ") && !some.contains("all runs, so"), "{some}");
    // No run fails, and nothing is said.
    place.workspace.write("scratch/go", "");
    place.run("sweep study.toml --retry-failed --quiet").ends(0);
    for words in ["status results/study", "verify results/study --progress none"] {
        assert!(!place.run(words).ends(0).out.to_lowercase().contains("failed"), "{words}");
    }
}
