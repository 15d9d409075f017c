//! `check`: a valid specification, and mistakes in one.

use insta::assert_snapshot;

use crate::workspace::{SPEC, Workspace, flat, with};

#[test]
fn check_accepts_or_names_mistakes() {
    let place = Workspace::new(SPEC);
    assert_snapshot!(place.run("check moons.toml").ends(0).out, @"moons.toml is valid: 2 trials under 3 seeds, 6 runs");
    assert_snapshot!(place.run("check moons.toml --set model.hidden=0").refused(2));
    assert!(!place.path("results").exists());
}

#[test]
fn a_mistake_on_the_command_line_is_one_error() {
    let place = Workspace::new(&with("[sweep]", "# No section [model].\n[sweep]"));
    let message = flat(&place.run("check moons.toml --set model.hiden=3").refused(2));
    assert!(
        message.contains("`model` has no setting `hiden`") && message.contains("did you mean `hidden`?"),
        "{message}"
    );
    assert!(!message.contains("there is no section"), "{message}");
    let message = flat(&place.run("check moons.toml --set modle.hiden=3").refused(2));
    assert!(
        message.contains("there is no section `[modle]`") && message.contains("`model` has no setting `hiden`"),
        "{message}"
    );
}

#[test]
fn a_home_directory_path_is_refused() {
    let data =
        with("[data.double-moon]\ntrain = 40\nvalidation = 40", "[data.csv]\nfile = \"~/points.csv\"\nlabel = \"y\"");
    let place = Workspace::new(&data);
    let mut command = place.command(&["check", "moons.toml"]);
    let output = command.env("HOME", "/elsewhere").output().unwrap();
    let message = flat(&String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(2));
    assert!(message.contains("`data.csv.file` cannot be \"~/points.csv\": `~` is not expanded"), "{message}");
    assert!(message.contains("file = \"/elsewhere/points.csv\""), "{message}");
}
