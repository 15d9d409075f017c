//! Mistakes in specifications of programs: one message with a stable code each.

use crate::place::Place;

const SPEC: &str = "[study]\nquestion = \"Is it read?\"\n[command]\nrun = [\"sh\", \"run.sh\", \"{seed}\", \"{hidden}\"]\ninputs = [\"run.sh\"]\n\
                    [parameters]\nhidden = 7\nrate = 0.5\n[measurements]\nloss = { direction = \"lower\", objective = true }\n\
                    [sweep]\n\"parameters.hidden\" = [1, 2]\nseeds = 2\n";

#[test]
fn the_specification_is_valid() {
    Place::of("", SPEC).run("check study.toml").ends(0);
    Place::of("", SPEC).run("plan study.toml").ends(0);
}

#[test]
fn steps_are_not_counted_before_a_program_has_run() {
    let place = Place::of("echo '{\"loss\": 1}'", SPEC);
    let plan = place.run("plan study.toml").ends(0).says("4 runs to do: nothing has been run yet").out;
    let json = place.run("plan study.toml --json").ends(0).out;
    assert!(!plan.contains("step") && json.contains("\"steps\":null"), "{plan}{json}");
    let said = place.run("sweep study.toml --progress plain").ends(0).err;
    assert!(said.contains("study: 4 of 4 runs to do\n") && !said.contains("step"), "{said}");
    let said = place.run("verify results/study --sample 1 --progress plain").ends(0).err;
    assert!(!said.contains("step"), "{said}");
}

#[test]
fn each_mistake_has_a_code_and_a_remedy() {
    for (from, to, code, expected) in [
        ("{hidden}", "{hiden}", "spec.unknown-name", "did you mean `hidden`?"),
        ("{hidden}", "{hidden", "spec.invalid-value", "`{` has no partner"),
        ("\"run.sh\"]\n[", "\"missing.sh\"]\n[", "spec.invalid-value", "matches no file"),
        ("\"run.sh\"]\n[", "\"../run.sh\"]\n[", "spec.invalid-value", "inputs = { \"run.sh\" = \"../run.sh\" }"),
        ("objective = true", "objective = false", "spec.no-choice", "no measurement is the objective"),
        (
            "loss = {",
            "a = { direction = \"lower\", objective = true }\nloss = {",
            "spec.several-choices",
            "are both the objective",
        ),
        ("[1, 2]", "[1, 2.5]", "spec.wrong-type", "hidden = 7.0"),
        ("[1, 2]", "[\"a\"]", "spec.wrong-type", "a number, as its default"),
        ("rate = 0.5", "seed = 1", "spec.invalid-value", "has a meaning of its own"),
        ("inputs", "time-limit = \"10\"\ninputs", "spec.invalid-value", "\"10 min\""),
        ("inputs", "input", "spec.unknown-key", "did you mean `inputs`?"),
        ("inputs", "processors = 0\ninputs", "spec.invalid-value", "1 or more"),
        ("inputs", "keep = [\"../x\"]\ninputs", "spec.invalid-value", "inside the folder of a run"),
        ("inputs", "environment = { RESTUDY_X = \"1\" }\ninputs", "spec.invalid-value", "belongs to restudy"),
        ("inputs = [", "tolerance = 1e-9\ninputs = [", "spec.wrong-type", "{ absolute = 1e-9, relative = 1e-6 }"),
        ("inputs = [", "tolerance = { relative = -1 }\ninputs = [", "spec.invalid-value", "cannot be negative"),
        ("[\"run.sh\"]\n", "{ \"a.sh\" = \".\" }\n", "spec.", "the path of a file"),
        ("[\"run.sh\"]\n", "{ \"restudy.json\" = \"run.sh\" }\n", "spec.invalid-value", "other.json"),
        ("[command]", "[comand]", "spec.unknown-section", "did you mean `command`?"),
        ("\"parameters.hidden\"", "\"parameters.hiden\"", "spec.", "hiden"),
    ] {
        assert!(SPEC.contains(from), "{from}");
        let place = Place::of("", &SPEC.replacen(from, to, 1));
        let answer = place.run("check study.toml");
        assert_eq!(answer.code, Some(2), "{to}: {}", answer.out);
        let message = crate::workspace::flat(&answer.err);
        let json = place.run("check study.toml --json").out;
        assert!(json.contains(code) && message.contains(expected), "{to}: {message} {json}");
    }
    let text = SPEC.replace("run = [\"sh\", \"run.sh\", \"{seed}\", \"{hidden}\"]", "run = \"sh run.sh\"");
    let message = crate::workspace::flat(&Place::of("", &text).run("check study.toml").refused(2));
    assert!(message.contains("[\"sh\", \"run.sh\"]"), "{message}");
}
