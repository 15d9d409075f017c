//! The environment of runs is short, and the same for every user.

use crate::place::Place;

#[test]
fn the_environment_is_short_and_fixed() {
    let script = "env | sort >&2; echo '{\"loss\": 1}'";
    let place =
        Place::with(script, "processors = 2\nenvironment = { RATE = \"r{seed}\", TZ = \"UTC+1\" }", "seeds = 1");
    let mut command = place.command(&["sweep", "study.toml", "--quiet"]);
    command.env("SECRET", "1").env("LANG", "tr_TR.UTF-8").env("TZ", "Asia/Tokyo").env("PYTHONHASHSEED", "5");
    assert!(command.status().unwrap().success());
    let log = place.run("show results/study --log seed=0").ends(0).out;
    let has = |line: &str| log.lines().any(|own| own == line);
    assert!(!log.contains("SECRET"), "{log}");
    for line in ["LANG=C.UTF-8", "TZ=UTC+1", "PYTHONHASHSEED=0", "OMP_NUM_THREADS=2", "RATE=r0", "RESTUDY_SEED=0"] {
        assert!(has(line), "{line} is not in\n{log}");
    }
}

#[test]
fn a_swept_variable_is_read_back_from_the_results() {
    let script = "echo \"{\\\"loss\\\": $RATE}\"";
    let place = Place::with(
        script,
        "environment = { RATE = \"1\" }",
        "\"command.environment.RATE\" = [\"1\", \"2\"]\nseeds = 2",
    );
    place.run("sweep study.toml --quiet").ends(0);
    place.run("verify results/study --quiet").ends(0);
}

#[test]
fn a_run_outside_its_own_folder_is_marked() {
    let script = "[ -e study.toml ] || exit 4; echo '{\"loss\": 1}'";
    let place = Place::with(script, "hermetic = false", "seeds = 1");
    place.run("sweep study.toml --quiet").ends(0);
    place.run("verify results/study --quiet").ends(0);
    // From another folder, the results lead to the folder of the specification too.
    let results = place.workspace.path("results/study");
    let mut command = place.command(&["verify", &results.display().to_string(), "--quiet"]);
    let elsewhere = tempfile::tempdir().unwrap();
    assert!(command.current_dir(elsewhere.path()).status().unwrap().success());
    assert!(place.workspace.text("results/study/study.toml").contains("hermetic = false"));
    let report = place.workspace.text("results/study/report.md");
    assert!(report.contains("not hermetic"), "{report}");
}
