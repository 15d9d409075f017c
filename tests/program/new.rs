//! `new`: a commented specification that runs.

use crate::workspace::{SPEC, Workspace};

#[test]
fn new_writes_a_specification_that_runs_and_overwrites_nothing() {
    let place = Workspace::new(SPEC);
    place.run("new fresh.toml").ends(0).says("restudy sweep fresh.toml");
    place.run("check fresh.toml").ends(0);
    let text = place.text("fresh.toml");
    assert!(place.run("new fresh.toml").refused(2).contains("fresh.toml already exists"));
    assert_eq!(place.text("fresh.toml"), text);
    assert!(place.run("new other.toml --data moon").refused(2).contains("there is no data set `moon`"));
    place.run("new nowhere/other.toml").refused(1);
}

#[test]
fn a_specification_for_matlab_names_a_mat_file() {
    let place = Workspace::new("");
    place.run("new --data mat sheet.toml").ends(0);
    let text = place.text("sheet.toml");
    assert!(text.contains("file = \"points.mat\"") && !text.contains("points.csv"), "{text}");
    assert!(text.contains("# negative = 1\n") && text.contains("# positive = 2\n"), "{text}");
    place.run("new --data csv table.toml").ends(0);
    assert!(place.text("table.toml").contains("file = \"points.csv\""));
}
