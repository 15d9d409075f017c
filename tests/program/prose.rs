//! Two trials side by side, and numbers in prose: `compare`, `cite`.

use insta::assert_snapshot;
use serde_json::Value;

use crate::place::{Place, flat, stable, with};

fn json(place: &Place, words: &str) -> Value {
    serde_json::from_str(&place.run(words).ends(0).out).unwrap()
}

#[test]
fn two_trials_are_compared_and_too_few_seeds_are_called_so() {
    let place = Place::swept();
    let answer = place.run("compare results/moons hidden=1 hidden=3").ends(0);
    assert_snapshot!(answer.out);
    assert_snapshot!(answer.err, @"
    notice: too few seeds to say anything: 3 pairs are no ties, and fewer than 6 cannot tell a difference from luck at 5 %, whichever trial wins them
    notice: there is no interval: 3 pairs are fewer than the 5 that one needs
    ");
    // As `show` has the runs.
    let told = json(&place, "compare results/moons hidden=1 hidden=3 --json");
    let runs = place.run("show results/moons --json").ends(0).out;
    let runs: Vec<Value> = runs.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let error = |place: usize| runs[place]["validation"][1].as_f64().unwrap();
    let difference: f64 = (0..3).map(|seed| error(seed) - error(3 + seed)).sum::<f64>() / 3.0;
    assert!((told["difference"].as_f64().unwrap() - difference).abs() < 1e-12);
    assert_eq!((&told["pairs"], &told["metric"]), (&3.into(), &"error".into()));
    // The other way round is the other sign.
    let back = json(&place, "compare results/moons hidden=3 hidden=1 --json");
    assert_eq!((&told["wins"], &told["sign-test"]), (&back["losses"], &back["sign-test"]));
    assert_eq!((&told["decides"], &told["signed-rank-test"]), (&"signed-rank-test".into(), &back["signed-rank-test"]));
    place
        .run("compare results/moons hidden=1 hidden=3 --metric loss --part train")
        .ends(0)
        .says("train loss, nat; lower is better");
}

#[test]
fn trials_of_two_studies_are_compared() {
    let place = Place::swept();
    place.write(
        "more.toml",
        with("seeds = 3", "seeds = 8").replace("[1, 3]", "[2]").replace("train = 40", "train = 50"),
    );
    place.run("sweep more.toml").ends(0);
    let told = json(&place, "compare results/moons hidden=3 results/more hidden=2 --json");
    assert_eq!((&told["pairs"], &told["a"]["runs"], &told["b"]["runs"]), (&3.into(), &3.into(), &8.into()));
    assert_eq!(told["differ"][0]["setting"], "data.double-moon.train");
    assert!(told["notices"].to_string().contains("do not learn from the same data"), "{told}");
    // A study of one trial needs no settings.
    assert_eq!(json(&place, "compare results/moons hidden=3 results/more --json"), told);
}

#[test]
fn what_names_no_two_trials_is_refused() {
    let place = Place::swept();
    let refused = |words: &str| flat(&place.run(&format!("compare {words}")).refused(2));
    assert_snapshot!(refused("results/moons hidden=1"), @"× `results/moons hidden=1` does not name two trials help: give a folder and the settings of two trials of it, `results/hidden hidden=7 hidden=10`, or a folder and settings twice");
    assert_snapshot!(refused("results/moons hidden=1 hidden=2"), @"× no trial of moons is `hidden=2` help: what is swept is model.hidden = 1, 3");
    assert_snapshot!(refused("results/moons hidden=1 hidden=3 --metric eror"), @"× there is no metric `eror` help: choose from loss, error, brier, auc");
    assert_snapshot!(refused("results/moons hidden=1 hidden=3 --metric brier"), @"× moons does not record the metric brier help: it records loss, error");
    assert_snapshot!(refused("results/moons results/moons hidden=3"), @"× 2 trials of moons are any help: say more: what is swept is model.hidden = 1, 3");
}

#[test]
fn numbers_in_prose_are_filled_in_and_held_against_the_store() {
    let place = Place::swept();
    place.write("paper.md", "Three units err on {{ moons: hidden=3 validation.error .1% }} of the points,\none on {{hidden=1 val.error median .1%}}.\n");
    let before = place.run("cite paper.md --of results/moons --check").ends(4);
    assert_eq!(before.out.matches("nothing is written").count(), 2, "{}", before.out);
    assert_snapshot!(place.run("cite paper.md --of results/moons").ends(0).out, @"paper.md: 2 numbers filled in, 0 held already");
    assert_snapshot!(place.text("paper.md"), @"
    Three units err on 15.8 %<!--{{ moons: hidden=3 validation.error .1% }}--> of the points,
    one on 22.5 %<!--{{hidden=1 val.error median .1%}}-->.
    ");
    place.run("cite paper.md --of results/moons --check").ends(0).says("2 of 2 citations hold");
    let text = place.text("paper.md");
    let digit = text.find(" %<").unwrap() - 1;
    let mut wrong = text.clone();
    wrong.replace_range(digit..=digit, if &text[digit..=digit] == "0" { "1" } else { "0" });
    place.write("few.md", "{{ moons: hidden=1 val.error interval .1% }}\n");
    place.run("cite few.md --of results/moons").ends(2).says("fewer than 5 runs have none");
    place.write("paper.md", &wrong);
    assert_snapshot!(place.run("cite paper.md --of results/moons --check").ends(4).out, @"
    paper.md: line 1: 15.0 % is written, the store says 15.8 %: {{ moons: hidden=3 validation.error .1% }}
    paper.md: 1 of 2 citations holds
    ");
    place.run("cite paper.md --of results/moons").ends(0).says("1 number filled in, 1 held already");
    assert_eq!(place.text("paper.md"), text);
    // A store that was changed is no store.
    place.edit("summary.csv", "0,1,3,", "0,1,4,");
    assert!(place.run("cite paper.md --of results/moons --check").ends(4).out.contains("it was changed"));
    assert_eq!(place.text("paper.md"), text);
    place.write("paper.md", "{{ nowhere: hidden=3 val.error }}");
    place.run("cite paper.md").ends(2).says("results/nowhere is not a results folder");
    assert_eq!(place.text("paper.md"), "{{ nowhere: hidden=3 val.error }}");
    // Those that could be filled in need no attention.
    place.run("sweep moons.toml -q").ends(0);
    place.write(
        "paper.md",
        "{{ moons: hidden=3 validation.error mean }} and {{ nowhere: hidden=3 validation.error mean }}",
    );
    let said = place.run("cite paper.md").ends(2).out;
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("nothing is filled in, since 1 of 2 citations names no number"), "{said}");
}

#[test]
fn numbers_in_the_text_of_a_notebook_are_filled_in_and_code_is_left_alone() {
    let place = Place::swept();
    let cell = |kind: &str, source: &str| serde_json::json!({ "cell_type": kind, "id": kind, "metadata": {}, "source": [source] });
    let mut code = cell("code", "println!(\"{{ hidden=3 }}\")");
    code["outputs"] = serde_json::json!([]);
    code["execution_count"] = Value::Null;
    let notebook = serde_json::json!({
        "cells": [code, cell("markdown", "It is {{ moons: hidden=3 runs }}.")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    });
    place.write("note.ipynb", serde_json::to_string(&notebook).unwrap());
    let before = stable(&place.run("cite note.ipynb --check").ends(4).out);
    assert!(before.contains("note.ipynb: cell 2, line 1: nothing is written"), "{before}");
    place.run("cite note.ipynb").ends(0).says("1 number filled in");
    let text = place.text("note.ipynb");
    assert!(
        text.contains("It is 3<!--{{ moons: hidden=3 runs }}-->.") && text.contains("{{ hidden=3 }}\\\")"),
        "{text}"
    );
    place.run("cite note.ipynb --check").ends(0).says("1 of 1 citation hold");
}

#[test]
fn a_report_is_checked_with_the_texts_that_cite_it() {
    let place = Place::swept();
    place.run("report results/moons --check").ends(0);
    place.write("paper.md", "It is {{ hidden=3 validation.error mean .1% }}, {{ moons: hidden=1 runs }} runs.\n");
    // Not filled in yet is a difference, too.
    place.run("report results/moons --check paper.md").ends(4).says("nothing is written at {{ hidden=3");
    place.run("cite paper.md --of results/moons").ends(0);
    place.run("report results/moons --check paper.md").ends(0).says("paper.md: 2 of 2 citations hold");
    let filled = place.text("paper.md");
    place.write("paper.md", filled.replace("3<!--", "4<!--"));
    place.run("report results/moons --check paper.md").ends(4).says("4 is written, the store says 3");
    place.write("paper.md", filled.replace("runs }}", "rnus }}"));
    place.run("report results/moons --check paper.md").ends(4).says("`rnus` is not known");
    place.run("report results/moons paper.md").ends(2);
    // An answer that cites what is not there.
    let question = "question = \"How many hidden units do forty points need?\"";
    for (citation, reason) in [("hidden=9 val.error", "no trial"), ("moons: hidden=3 runs", "its own study, not moons")]
    {
        place.write("wrong.toml", with(question, &format!("{question}\nanswer = \"{{{{ {citation} }}}}\"")));
        place.run("sweep wrong.toml --quiet").ends(0);
        let said = place.run("report results/wrong --check").ends(4).out;
        assert!(
            said.contains(&format!("study.answer: line 1: {{{{ {citation} }}}}: ")) && said.contains(reason),
            "{said}"
        );
    }
}
