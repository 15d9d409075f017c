//! The verdict on reproducibility: the same bits, apart by so much, different; and what results depend on.

use crate::place::Place;

/// Measures a number that differs from call to call after the second step.
const NOISY: &str = "date +%N > out.bin; echo same > same.txt; echo '{\"step\": 1, \"loss\": 1}'\n\
                     echo \"{\\\"step\\\": 2, \\\"loss\\\": 1.00000$(date +%N)}\"";

const KEEP: &str = "keep = [\"out.bin\", \"same.txt\"]";

#[test]
fn measurements_and_files_are_compared_one_by_one() {
    let place = Place::new(NOISY, KEEP);
    place.run("sweep study.toml --quiet").ends(0);
    let said = place.run("verify results/study --progress none").ends(4).out;
    for words in [
        "loss      the same bits in none of 2 runs; apart by at most ",
        "from step 2 on",
        "out.bin   the same bytes in none of 2 runs",
        "same.txt  the same bytes in 2 runs",
        "NOT proven: 2 of 2 runs computed again",
    ] {
        assert!(said.contains(words), "{words} is not in\n{said}");
    }
}

#[test]
fn a_tolerance_promises_less_and_says_so() {
    let command = format!("{KEEP}\ntolerance = {{ relative = 1e-4, files = true }}");
    let place = Place::new(NOISY, &command);
    place.run("sweep study.toml --quiet").ends(0);
    let said = place.run("verify results/study --progress none").ends(0).out;
    assert!(said.contains("within the tolerance: 2 of 2 runs computed again") && !said.contains("proven"), "{said}");
    let json = place.run("verify results/study --json").ends(0).out;
    assert!(json.contains("\"proven\":false") && json.contains("\"files-against\":\"stored runs\""), "{json}");
    place.run("verify results/study --badge badge.svg").ends(2);
    let report = place.workspace.text("results/study/report.md");
    assert!(report.contains("within the tolerance") && !report.contains("How to prove it"), "{report}");
    // What is not of the runs is listed, though these are within the tolerance.
    place.workspace.write("results/study/summary.csv", "forged");
    let said = place.run("verify results/study --progress none").ends(4).out;
    assert!(said.contains("summary.csv: ") && said.contains("NOT proven"), "{said}");
    let strict = Place::new(NOISY, "tolerance = { relative = 1e-12 }");
    strict.run("sweep study.toml --quiet").ends(0);
    strict.run("verify results/study --progress none").ends(4).says("NOT proven");
}

#[test]
fn repeats_say_whether_a_program_is_deterministic_here() {
    let noisy = Place::new(NOISY, KEEP);
    noisy.run("sweep study.toml --quiet").ends(0);
    noisy.run("verify results/study --repeat 3 --progress none").ends(4).says("NOT deterministic here");
    noisy.run("verify results/study --vary --progress none").ends(4).says("no condition can be named as the cause");
    let plain = Place::new("echo \"{\\\"loss\\\": 1.$1}\"", "");
    plain.run("sweep study.toml --quiet").ends(0);
    plain
        .run("verify results/study --repeat 3 --progress none")
        .ends(0)
        .says("deterministic here: 2 runs, 3 times each");
    plain
        .run("verify results/study --vary --progress none")
        .ends(0)
        .says("no varied condition changes a bit of 2 runs");
}

#[test]
fn conditions_that_change_results_are_named() {
    let script = "loss=1; [ $PYTHONHASHSEED = 0 ] || loss=2\n\
                  both=1; [ $TZ != UTC0 ] && [ $OMP_NUM_THREADS != 1 ] && both=2\n\
                  echo \"{\\\"loss\\\": $loss, \\\"both\\\": $both, \\\"none\\\": 1}\"";
    let place = Place::new(script, "");
    let spec = place.workspace.text("study.toml");
    let more = "both = { direction = \"none\" }\nnone = { direction = \"none\" }\nloss = {";
    place.workspace.write("study.toml", spec.replace("loss = {", more));
    place.run("sweep study.toml --quiet").ends(0);
    let said = place.run("verify results/study --vary --progress none").ends(4).out;
    assert!(said.contains("`loss` depends on `PYTHONHASHSEED`\n"), "{said}");
    assert!(said.contains("`both` depends on `TZ` and the number of threads"), "{said}");
    assert!(!said.contains("`none`"), "{said}");
}

#[test]
fn only_programs_have_conditions() {
    let place = crate::workspace::Workspace::swept();
    let message = place.run("verify results/moons --vary").refused(2);
    assert!(message.contains("verify.nothing-to-vary"), "{message}");
    place.run("verify results/moons --repeat 2").ends(0).says("deterministic here: 6 runs, 2 times each");
}

#[test]
fn progress_names_what_is_varied() {
    let place = Place::new(
        "both=1; [ $TZ != UTC0 ] && [ $OMP_NUM_THREADS != 1 ] && both=2; echo \"{\\\"loss\\\": $both}\"",
        "",
    );
    place.run("sweep study.toml --quiet").ends(0);
    let said = place.run("verify results/study --vary --progress plain").ends(4).err;
    let lines: Vec<_> = said.lines().collect();
    let line = |part: &str| format!("study, {part}: 2 of 2 runs to do");
    for part in
        ["plain, computation 1 of 3", "plain, computation 3 of 3", "varying the folder of the run", "varying `TZ`"]
    {
        assert!(lines.contains(&line(part).as_str()), "{part}: {said}");
    }
    assert!(lines.iter().any(|own| own.starts_with("study, varying all ") && own.contains(" together: ")), "{said}");
    let both = line("varying `TZ` and the number of threads (`OMP_NUM_THREADS` and the like)");
    assert!(lines.contains(&both.as_str()), "{said}");
    let said = place.run("verify results/study --repeat 2 --progress plain").ends(0).err;
    assert_eq!(said.lines().collect::<Vec<_>>(), [line("computation 1 of 2"), line("computation 2 of 2")]);
    let json = place.run("verify results/study --repeat 2 --progress json").ends(0).out;
    assert!(json.contains("\"study\":\"study\"") && json.contains("\"part\":\"computation 2 of 2\""), "{json}");
}
