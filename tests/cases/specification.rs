//! Remedies of mistakes in specifications.

use super::{place, rows, workspace::flat};

#[test]
fn the_remedy_for_true_is_correct() {
    let place = place("standardise = True", &format!("x1,x2,label\n{}", rows(60)));
    let message = flat(&place.run("check x.toml").ends(2).err);
    assert!(message.contains("`True` is no value of TOML") && message.contains("expected true"), "{message}");
    place.write("x.toml", place.text("x.toml").replace("True", "true"));
    place.run("check x.toml").ends(0).says("x.toml is valid");
}

#[test]
fn a_step_becomes_the_number_of_values() {
    let place = place("", &format!("x1,x2,label\n{}", rows(60)));
    place.write("x.toml", place.text("x.toml").replace("[2]", "{ from = 1, to = 9, step = 2 }"));
    let message = flat(&place.run("plan x.toml").ends(2).err);
    let line = message.split("write `").nth(1).unwrap().split('`').next().unwrap().to_owned();
    place.write("x.toml", place.text("x.toml").replace("step = 2", &line));
    place.run("plan x.toml").ends(0).says("model.hidden = 1, 3, 5, 7, 9");
}
