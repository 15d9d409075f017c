//! Verdicts of machines on which a program gives other results: what they say, and how the report shows them.

use std::fs;

use serde_json::Value;

use crate::place::Place;

/// A study whose loss depends on a file that no input names, so that it can be changed: the machine.
struct Machine(Place);

impl Machine {
    fn new(command: &str) -> Self {
        let script = "if [ $1 = 1 ]; then add=0; else add=$(cat \"$HOME/offset\"); fi\n[ \"$add\" != fail ] || exit 3\n\
                      echo \"$add\" > kept.txt\n\
                      echo '{\"step\": 1, \"loss\": 1, \"other\": 5}'; echo \"{\\\"step\\\": 2, \\\"loss\\\": 1.$add, \\\"other\\\": 5}\"";
        let place = Place::with(script, command, "seeds = 3");
        let spec = place.workspace.text("study.toml");
        place.workspace.write("study.toml", spec.replace("loss = {", "other = { direction = \"none\" }\nloss = {"));
        let machine = Self(place);
        machine.set("5");
        machine.run("sweep study.toml --quiet", 0);
        machine
    }

    /// Changes what the program depends on.
    fn set(&self, offset: &str) {
        self.0.workspace.write("own-home/offset", offset);
    }

    fn run(&self, words: &str, code: i32) -> String {
        let mut command = self.0.command(&words.split_whitespace().collect::<Vec<_>>());
        let output = command.env("HOME", self.0.workspace.path("own-home")).output().unwrap();
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{text}");
        text
    }

    /// The verdict that a verification writes, which is made to be that of another machine.
    fn note(&self, name: &str, words: &str, code: i32) -> Value {
        let file = format!("results/study/verdicts/{name}.json");
        self.run(&format!("verify results/study --progress none --note {file} {words}"), code);
        let mut verdict: Value = serde_json::from_str(&self.0.workspace.text(&file)).unwrap();
        verdict["machine"]["processor"] = format!("made in {name}").into();
        self.0.workspace.write(&file, verdict.to_string());
        verdict
    }

    /// The row of a verdict in the report.
    fn row(&self, name: &str) -> String {
        let report = self.0.workspace.text("results/study/report.md");
        let row = report.lines().find(|line| line.starts_with(&format!("| {name}.json")));
        row.unwrap_or_else(|| panic!("{report}")).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn the_report_says_of_each_measurement_how_far_machines_are_apart() {
    let machine = Machine::new("keep = [\"kept.txt\"]");
    machine.note("same", "", 0);
    machine.note("repeat", "--repeat 2", 0);
    machine.set("7");
    let verdict = machine.note("apart", "", 4);
    assert_eq!((&verdict["result"], &verdict["compared"]["different"]), (&"differs".into(), &2.into()));
    assert_eq!(verdict["compared"]["measurements"][1]["apart"]["step"], 2);
    machine.set("fail");
    machine.note("failed", "", 4);
    machine.set("5");
    machine.run("report results/study", 0);
    for (name, words) in [
        ("same", "| 3 of 3 | same bits: other, loss, kept.txt |"),
        (
            "repeat",
            "| 3 of 3, 2 times | its computations are the same bits; they were not compared with these results |",
        ),
        (
            "failed",
            "differs: 2 of 3 runs; 2 runs ended otherwise or measured at other steps; in the other run, same bits: other, loss, kept.txt; 2 of 3 runs failed there |",
        ),
    ] {
        let row = machine.row(name);
        assert!(row.contains(&format!("made in {name}, ")) && row.contains(words), "{row}");
    }
    let row = machine.row("apart");
    let apart = "differs: 2 of 3 runs; loss apart by at most 0.20 (absolute), 0.12 (relative) from step 2 on, in 2 of 3 runs; \
                 kept.txt differs in 2 of 3 runs; same bits: other |";
    assert!(row.contains(apart), "{row}");
    machine.run("verify results/study --progress none", 0);
    // The machine itself still differs, and its verdict is not that of the results.
    machine.set("7");
    machine.run("verify results/study --progress none", 4);
}

#[test]
fn a_tolerance_and_missing_records_are_told_apart() {
    let machine = Machine::new("tolerance = { relative = 0.5 }");
    machine.set("7");
    let verdict = machine.note("near", "", 0);
    assert_eq!(verdict["result"], "within the tolerance");
    machine.run("report results/study", 0);
    let row = machine.row("near");
    assert!(row.contains("| within the tolerance: 2 of 3 runs; loss apart by at most 0.20"), "{row}");
    // Without stored records, only digests can be compared.
    let segments = machine.0.workspace.path("results/study/segments");
    fs::rename(&segments, machine.0.workspace.path("aside")).unwrap();
    let verdict = machine.note("clone", "", 4);
    assert_eq!((&verdict["compared"]["different"], &verdict["compared"]["unknown"]), (&2.into(), &2.into()));
    fs::rename(machine.0.workspace.path("aside"), &segments).unwrap();
    machine.run("report results/study", 0);
    let row = machine.row("clone");
    assert!(
        row.contains(
            "differs: 2 of 3 runs; by how much is not known of 2 runs; in the other run, same bits: other, loss |"
        ),
        "{row}"
    );
}

#[test]
fn a_verdict_has_what_describes_the_installation() {
    let machine =
        Machine::new("versions = [[\"echo\", \"tool 1.2\"], [\"sh\", \"-c\", \"echo from /usr/lib/x; echo more\"]]");
    machine.note("lab", "", 0);
    let verdict: Value = serde_json::from_str(&machine.0.workspace.text("results/study/verdicts/lab.json")).unwrap();
    let [tool, home] = verdict["versions"].as_array().unwrap().clone().try_into().unwrap();
    assert_eq!(
        (&tool["command"], &tool["first"], &tool["lines"]),
        (&"echo tool 1.2".into(), &"tool 1.2".into(), &1.into())
    );
    assert_eq!((&home["first"], &home["lines"]), (&"from …".into(), &2.into()));
    machine.run("report results/study", 0);
    let row = machine.row("lab");
    assert!(row.contains("| echo tool 1.2: tool 1.2; sh -c echo from … echo more: from … |"), "{row}");
}
