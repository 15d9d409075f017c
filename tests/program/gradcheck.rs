//! The gradient check as a command; `model::check` tests that a wrong gradient fails.

use super::workspace::Workspace;

#[test]
fn the_check_of_the_course_passes() {
    let answer = Workspace::new("").run("gradcheck").ends(0);
    assert!(answer.out.starts_with("1000 random cases, d = 2, h = 3, ε = 1e-8, seed 0\n"), "{}", answer.out);
    for block in ["Wi", "bi", "Wo", "bo"] {
        assert!(answer.out.lines().any(|line| line.trim_start().starts_with(block)), "{}", answer.out);
    }
    assert!(answer.out.contains("\npassed: ") && answer.err.is_empty(), "{}", answer.out);
}

#[test]
fn an_object_has_the_errors_of_every_block() {
    let answer = Workspace::new("").run("gradcheck --cases 40 -d 3 -H 5 --seed 7 --json").ends(0);
    let found: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!((&found["cases"], &found["passed"]), (&40.into(), &true.into()));
    let blocks = found["blocks"].as_array().unwrap();
    assert_eq!(
        blocks.iter().map(|block| block["block"].as_str().unwrap()).collect::<Vec<_>>(),
        ["Wi", "bi", "Wo", "bo"]
    );
    for block in blocks {
        let [mean, largest] = ["mean", "largest"].map(|key| block[key].as_f64().unwrap());
        assert!(mean > 0.0 && mean <= largest && mean <= 1e-6, "{block}");
        assert!(["literal", "course"].iter().all(|key| block[key].as_f64().unwrap() <= 1e-15), "{block}");
    }
    // The same seed gives the same cases, another seed other ones.
    assert_eq!(Workspace::new("").run("gradcheck --cases 40 -d 3 -H 5 --seed 7 --json").ends(0).out, answer.out);
    assert_ne!(Workspace::new("").run("gradcheck --cases 40 -d 3 -H 5 --seed 8 --json").ends(0).out, answer.out);
}

#[test]
fn a_check_that_fails_ends_with_4() {
    // A difference quotient with so large a step is not the derivative.
    for words in ["gradcheck --cases 20 --epsilon 0.1", "gradcheck --cases 20 --tolerance 1e-13"] {
        let answer = Workspace::new("").run(words).ends(4);
        assert!(answer.out.contains("\nFAILED: "), "{}", answer.out);
        let found: serde_json::Value =
            serde_json::from_str(&Workspace::new("").run(&format!("{words} --json")).ends(4).out).unwrap();
        assert_eq!(found["passed"], false, "{words}");
    }
    let quiet = Workspace::new("").run("gradcheck --cases 20 --tolerance 1e-13 --quiet").ends(4);
    assert!(quiet.out.is_empty() && quiet.err.is_empty());
}

#[test]
fn invalid_arguments_are_refused() {
    for words in ["--cases 0", "-d 0", "-H 501", "--epsilon 0", "--epsilon nan", "--tolerance=-1", "--seed x"] {
        let answer = Workspace::new("").run(&format!("gradcheck {words}")).ends(2);
        assert!(answer.err.contains("invalid value"), "{words}: {}", answer.err);
    }
}
