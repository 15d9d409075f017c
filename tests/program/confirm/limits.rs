//! Confirmation runs that name no best trial, and trials too many to show.

use super::{json, spec, swept};
use crate::workspace::Workspace;

#[test]
fn too_few_seeds_for_a_best_trial_are_reported_before_and_after() {
    let few = "5 further seeds cannot show which of 2 trials is the best: that takes at least 6";
    let place = Workspace::new(&spec().replace("seeds = 9", "seeds = 5"));
    for words in ["check moons.toml", "plan moons.toml", "sweep moons.toml --progress none"] {
        let answer = place.run(words).ends(0);
        assert!(answer.err.contains(&format!("`sweep.confirm`: {few}")), "{words}: {}", answer.err);
    }
    for file in ["report.md", "report.html"] {
        assert!(place.text(&format!("results/moons/{file}")).contains(&format!("{few}.")), "{file}");
    }
    place.write("moons.toml", spec().replace("seeds = 9", "seeds = 6"));
    let answer = place.run("check moons.toml").ends(0);
    assert!(!answer.err.contains("sweep.confirm"), "{}", answer.err);
}

#[test]
fn trials_that_are_not_ranked_run_again_and_none_is_named_the_best() {
    let place = swept(
        &spec().replace("[sweep]", "[sweep]\n\"data.double-moon.train\" = [40, 60]").replace("best = 2", "best = 3"),
    );
    let object = json(&place.run("sweep moons.toml --json --progress none").ends(0).out)["verdict"].clone();
    assert_eq!((&object["finding"], &object["confirmed"]["of"]), (&"not-ranked".into(), &6.into()));
    assert_eq!(object["confirmed"]["trials"].as_array().unwrap().len(), 3);
    let output = place.run("show results/moons").ends(0).out;
    assert!(output.contains("under the further seeds 100 to 108:") && !output.contains("verdict"), "{output}");
    for file in ["report.md", "report.html"] {
        let text = place.text(&format!("results/moons/{file}"));
        assert!(text.contains("No trial is named the best, since the trials see different points"), "{file}");
        assert!(
            !text.contains("The verdict uses") && !text.contains("The choice of a best trial is corrected"),
            "{file}"
        );
    }
    // The page has no checklist.
    let report = place.text("results/moons/report.md");
    assert!(report.contains("none of them is named the best: the trials see"));
    // Which points the trials are measured on is not known here.
    assert!(report.contains("If the validation points are the same under all seeds, the validation error is slightly"));
}

#[test]
fn many_trials_that_run_again_are_not_all_shown() {
    let widths: Vec<String> = (1..=215).map(|width| width.to_string()).collect();
    let many = spec()
        .replace("[1, 3, 6]", &format!("[{}]", widths.join(", ")))
        .replace("epochs = 8", "epochs = 1")
        .replace("seeds = 8\nconfirm = { best = 2, seeds = 9,", "seeds = 2\nconfirm = { best = 210, seeds = 2,");
    let place = Workspace::new(many.split("[figures").next().unwrap());
    let output = place.run("sweep moons.toml --progress none").ends(0).out;
    assert!(
        output.contains("shown are the 40 of 215 trials, and as many of the 210 confirmed ones, with the lowest"),
        "{output}"
    );
    let (_, again) = output.split_once("under the further seeds 100 to 101").unwrap();
    assert!(again.lines().filter(|line| line.contains("    2  ")).count() == 40, "{again}");
    let report = place.text("results/moons/report.md");
    let (_, again) = report.split_once("### Under further seeds").unwrap();
    assert!(again.contains("Shown are the 200 of 210 trials with the lowest mean validation error; runs.parquet has"));
    let table = again.split("\n## ").next().unwrap();
    assert_eq!(table.lines().filter(|line| line.starts_with("| ")).count(), 201);
}
