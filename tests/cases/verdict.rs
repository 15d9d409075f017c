//! Verdicts of studies without anything to learn.

use restudy::{Draws, Seed};
use serde_json::Value;

use super::{
    place, spec,
    workspace::{Workspace, flat},
};

/// The verdict of a sweep; the terminal and the report must show its sentence.
fn verdict(place: &Workspace) -> Value {
    let answer = place.run("sweep x.toml --progress none --json").ends(0);
    let answer: Value = serde_json::from_str(answer.out.lines().last().unwrap()).unwrap();
    let verdict = answer["verdict"].clone();
    let sentence = verdict["sentence"].as_str().unwrap().to_owned();
    let shown = flat(&place.run("show results/x").ends(0).out);
    let report = place.text("results/x/report.md").replace('\\', "");
    assert!(shown.contains(&sentence), "{sentence}\n{shown}");
    assert!(report.lines().take(6).any(|line| line.contains(&sentence)), "{sentence}\n{report}");
    verdict
}

#[test]
fn a_constant_answer_is_compared_on_the_terminal_and_in_the_report() {
    let mut draws = Draws::own(Seed(1), 0);
    let row = |i: usize, x: f64| format!("{x:.3},{}\n", usize::from(i.is_multiple_of(20)));
    let data = format!("x,label\n{}", (0..400).map(|i| row(i, draws.unit())).collect::<String>());
    let place = place("", &data);
    place.write("x.toml", spec("").replace("[2]", "[2, 20]").replace("seeds = 2", "seeds = 6"));
    let verdict = verdict(&place);
    assert_eq!((&verdict["finding"], &verdict["best"]), (&"not-beyond-constant".into(), &Value::Null), "{verdict}");
    let sentence = verdict["sentence"].as_str().unwrap();
    assert!(sentence.contains("No trial is shown to be better than a constant answer"), "{sentence}");
}

#[test]
fn coin_flips_have_no_best_trial() {
    for seed in 0..5 {
        let mut draws = Draws::own(Seed(seed), 0);
        let mut row = || format!("{:.3},{:.3},{}\n", draws.unit(), draws.unit(), usize::from(draws.unit() < 0.5));
        let data = format!("a,b,label\n{}", (0..120).map(|_| row()).collect::<String>());
        let place = place("", &data);
        let text = spec("").replace("[2]", "[1, 2, 3, 5, 8, 13]\n\"train.learning-rate\" = [0.01, 0.1, 1]");
        place.write("x.toml", text.replace("seeds = 2", "seeds = 8"));
        let verdict = verdict(&place);
        assert!(verdict["best"].is_null(), "seed {seed}: {verdict}");
    }
}
