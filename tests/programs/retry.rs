//! Failed runs are results until they are tried again on request.

use crate::place::Place;

/// Fails until a file is there.
const SCRIPT: &str = "[ -e ../../go ] || [ $1 = 0 ] || exit 1\necho '{\"loss\": 1}'";

#[test]
fn failed_runs_stay_until_they_are_tried_again() {
    let place = Place::with(SCRIPT, "", "seeds = 3");
    place.run("sweep study.toml --quiet").ends(3);
    place.run("status results/study").ends(0).says("failed    2 runs");
    place.run("verify results/study --progress none").ends(0).says("2 of these failed, as before");
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
