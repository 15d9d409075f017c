//! What programs print: measurements, and everything else.

use std::fmt::Write;

use crate::place::Place;

/// The steps and the losses of the run under the first seed, as the table of measurements has them.
fn measured(place: &Place) -> String {
    place.run("sweep study.toml --quiet");
    let table = place.run("table results/study metrics --format csv");
    if table.code == Some(0) { table.out } else { table.err }
}

#[test]
fn lines_with_measurements_among_others() {
    let script = r#"
echo "epoch 1"; echo '{"step": 10, "loss": 0.5, "rate": 3}'
printf '{"step": 20, "loss": 0.25}\r\n'
printf '10%%\r20%%\r{"step": 30, "Loss": 1e-3}\n'
echo '["loss", 3]'; echo '{"loss"'; echo '{}'; printf '\377\376 bytes\n'
printf '{"step": 40, "loss": 0.125}'
"#;
    let place = Place::new(script, "");
    let said = place.swept(0);
    assert!(said.contains("2 values that are not in [measurements], and not stored: `rate`"), "{said}");
    let shown = place.run("show results/study --runs --json").ends(0).out;
    assert!(shown.contains("0.125"), "{shown}");
    let log = place.run("show results/study --log seed=0").ends(0).out;
    assert!(log.starts_with("epoch 1\n{\"step\": 10") && log.contains("bytes"), "{log}");
}

#[test]
fn steps_are_counted_where_the_program_gives_none() {
    let place = Place::new("for loss in 3 2 1; do echo \"{\\\"loss\\\": $loss}\"; done", "");
    assert_eq!(place.outcomes(), ["completed", "completed"]);
    let run = place.run("show results/study --runs --json").out;
    assert!(run.contains("\"step\":3") || run.contains("\"epoch\":3"), "{run}");
}

#[test]
fn numbers_that_json_does_not_have_end_a_run_as_diverged() {
    for number in ["NaN", "Infinity", "-inf", "nan"] {
        let script = format!("echo '{{\"loss\": 1}}'; echo '{{\"loss\": {number}}}'; sleep 60");
        let place = Place::with(&script, "", "seeds = 1");
        assert_eq!(place.outcomes(), ["diverged"], "{number}");
        place.ends_every_process(std::time::Duration::from_secs(5));
    }
}

#[test]
fn errors_of_programs_are_outcomes() {
    for (script, reason) in [
        ("echo '{\"step\": 2, \"loss\": 1}'; echo '{\"step\": 2, \"loss\": 1}'", "step 2 was printed twice"),
        ("echo '{\"step\": 2, \"loss\": 1}'; echo '{\"step\": 1, \"loss\": 1}'", "step 1 came after step 2"),
        ("echo '{\"step\": 1.5, \"loss\": 1}'", "step 1.5 is not a whole number from 0"),
        ("echo nothing", "it measured nothing"),
        ("echo '{\"loss\": 1}'; exit 7", "exit code 7"),
        ("echo '{\"loss\": 1}'; kill -SEGV $$", "signal 11"),
        ("echo '{\"loss\": null}'", "it measured nothing"),
        ("echo '{\"loss\": -1}'", "loss was below 0 at step 1"),
        ("echo '{\"other\": 1}'", "it never measured loss"),
    ] {
        let place = Place::with(script, "", "seeds = 1");
        let spec = place.workspace.text("study.toml");
        let more = "other = { direction = \"none\" }\nloss = { range = \"not-negative\", ";
        place.workspace.write("study.toml", spec.replace("loss = { ", more));
        let said = place.swept(3);
        assert!(said.contains(&format!("failed ({reason})")), "{script}: {said}");
    }
}

#[test]
fn the_end_of_standard_error_is_quoted_once() {
    let script = "echo 'Traceback' >&2; echo 'ValueError: bad' >&2; exit 1";
    let said = Place::with(script, "", "seeds = 4").swept(3);
    assert_eq!(said.matches("ValueError: bad").count(), 1, "{said}");
    assert!(said.contains("4 of 4 runs failed"), "{said}");
}

#[test]
fn a_line_of_megabytes_and_a_hundred_megabytes_of_output() {
    let mut script = String::from("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo '{\"loss\": 1}'\n");
    writeln!(
        script,
        "yes 0123456789012345678901234567890123456789 | head -c 100000000; echo; echo '{{\"loss\": 0.5}}'"
    )
    .unwrap();
    let place = Place::with(&script, "", "seeds = 1");
    assert_eq!(place.outcomes(), ["completed"]);
    let logs: u64 = place.workspace.files("results/study/logs").values().map(|log| log.len() as u64).sum();
    assert!((100_000..600_000).contains(&logs), "{logs}");
    assert!(!measured(&place).is_empty());
}

#[test]
fn what_was_not_measured_is_said() {
    let place = Place::with("echo '{\"loss\": 1, \"other\": 1}'; echo '{\"loss\": 1}'", "", "seeds = 1");
    let spec = place.workspace.text("study.toml");
    let more = "other = { direction = \"none\" }\nnone = { direction = \"none\" }\nloss = { ";
    place.workspace.write("study.toml", spec.replace("loss = { ", more));
    let said = place.swept(0);
    assert!(
        said.contains("never printed `none`") && said.contains("the last line of measurements has no `other`"),
        "{said}"
    );
}
