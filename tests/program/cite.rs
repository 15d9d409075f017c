//! `cite`: fills numbers into text, and checks them.

use insta::assert_snapshot;
use serde_json::Value;

use crate::workspace::{Workspace, stable};

#[test]
fn numbers_in_text_are_filled_in_and_checked() {
    let place = Workspace::swept();
    place.write("paper.md", "Three units err on {{ moons: hidden=3 validation.error .1% }} of the points,\none on {{hidden=1 val.error median .1%}}.\n");
    let before = place.run("cite paper.md --of results/moons --check").ends(4);
    assert_eq!(before.out.matches("is not filled in").count(), 2, "{}", before.out);
    assert_snapshot!(place.run("cite paper.md --of results/moons").ends(0).out, @"paper.md: 2 numbers filled in, 0 already current");
    assert_snapshot!(place.text("paper.md"), @"
    Three units err on 15.8 %<!--{{ moons: hidden=3 validation.error .1% }}--> of the points,
    one on 22.5 %<!--{{hidden=1 val.error median .1%}}-->.
    ");
    place.run("cite paper.md --of results/moons --check").ends(0).says("2 of 2 citations match");
    let text = place.text("paper.md");
    let digit = text.find(" %<").unwrap() - 1;
    let mut wrong = text.clone();
    wrong.replace_range(digit..=digit, if &text[digit..=digit] == "0" { "1" } else { "0" });
    place.write("few.md", "{{ moons: hidden=1 val.error interval .1% }}\n");
    place.run("cite few.md --of results/moons").ends(2).says("an interval needs at least 5 runs");
    place.write("paper.md", &wrong);
    assert_snapshot!(place.run("cite paper.md --of results/moons --check").ends(4).out, @"
    paper.md: line 1: 15.0 % differs from the stored number 15.8 %: {{ moons: hidden=3 validation.error .1% }}
    paper.md: 1 of 2 citations matches
    ");
    place.run("cite paper.md --of results/moons").ends(0).says("1 number filled in, 1 already current");
    assert_eq!(place.text("paper.md"), text);
    // Changed results are not cited.
    place.edit("summary.csv", "0,1,3,", "0,1,4,");
    assert!(place.run("cite paper.md --of results/moons --check").ends(4).out.contains("was changed: it is not"));
    assert_eq!(place.text("paper.md"), text);
    place.write("paper.md", "{{ nowhere: hidden=3 val.error }}");
    place.run("cite paper.md").ends(2).says("results/nowhere is not the results folder");
    assert_eq!(place.text("paper.md"), "{{ nowhere: hidden=3 val.error }}");
    // No message for the citation that could be filled in.
    place.run("sweep moons.toml -q").ends(0);
    place.write(
        "paper.md",
        "{{ moons: hidden=3 validation.error mean }} and {{ nowhere: hidden=3 validation.error mean }}",
    );
    let output = place.run("cite paper.md").ends(2).out;
    assert_eq!(output.lines().count(), 2, "{output}");
    assert!(output.contains("nothing was filled in: 1 of 2 citations names no stored number"), "{output}");
}

#[test]
fn numbers_in_the_text_of_a_notebook_are_filled_in_and_code_is_left_alone() {
    let place = Workspace::swept();
    let cell = |kind: &str, source: &str| serde_json::json!({ "cell_type": kind, "id": kind, "metadata": {}, "source": [source] });
    let mut code = cell("code", "println!(\"{{ hidden=3 }}\")");
    code["outputs"] = serde_json::json!([]);
    code["execution_count"] = Value::Null;
    let notebook = serde_json::json!({
        "cells": [code, cell("markdown", "It is {{ moons: hidden=3 runs }}.")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    });
    place.write("note.ipynb", serde_json::to_string(&notebook).unwrap());
    let before = stable(&place.run("cite note.ipynb --check").ends(4).out);
    assert!(before.contains("note.ipynb: cell 2, line 1: {{ moons: hidden=3 runs }} is not filled in"), "{before}");
    place.run("cite note.ipynb").ends(0).says("1 number filled in");
    let text = place.text("note.ipynb");
    assert!(
        text.contains("It is 3<!--{{ moons: hidden=3 runs }}-->.") && text.contains("{{ hidden=3 }}\\\")"),
        "{text}"
    );
    place.run("cite note.ipynb --check").ends(0).says("1 of 1 citation match");
}

#[test]
fn braces_of_another_program_are_left_alone() {
    let place = Workspace::swept();
    let text = "\\{{ page.title }} and `{{ x }}`: {{ hidden=3 runs }} of \\{{{{ raw }}}}.\n";
    place.write("page.md", text);
    place.run("cite page.md --of results/moons").ends(0).says("1 number filled in");
    let filled = text.replace("{{ hidden=3 runs }}", "3<!--{{ hidden=3 runs }}-->");
    assert_eq!(place.text("page.md"), filled);
    place.run("cite page.md --of results/moons --check").ends(0);
    place.run("cite --help").ends(0).says("backslash: \\{{ page.title }}");
}
