//! Inputs that are too long or too many: refused with the limit, or processed at a bounded cost.

use std::process::{Command, Stdio};

use crate::workspace::{Answer, SPEC, Workspace, flat, with};

/// Specifications with a text of the maximal length, and of one character more, and the message on the latter.
fn texts() -> Vec<(&'static str, [String; 2], &'static str)> {
    let both = |most: usize, make: &dyn Fn(&str) -> String| [0, 1].map(|more| make(&"x".repeat(most + more)));
    let question = "How many hidden units do forty points need?";
    let csv = |text: &str| {
        format!(
            "[study]\nquestion = \"?\"\n[data.csv]\nfile = \"points.csv\"\nlabel = \"class\"\npositive = \"{text}\"\nnegative = \"n\"\n[train]\nepochs = 1\n"
        )
    };
    vec![
        ("study.question", both(1_000, &|text| with(question, text)), "expected at most 1000 characters"),
        (
            "study.answer",
            both(20_000, &|text| with("[data", &format!("answer = \"{text}\"\n[data"))),
            "expected at most 20000 characters",
        ),
        ("data.csv.positive", both(1_000, &csv), "expected at most 1000 characters"),
    ]
}

#[test]
fn a_text_is_refused_with_its_place_its_length_and_the_limit() {
    for (path, [longest, longer], limit) in texts() {
        let place = Workspace::new(&longest);
        let mut points = String::from("x1,x2,class\n");
        for i in 0..20 {
            let class = if i % 2 == 0 { "x".repeat(1_000) } else { "n".into() };
            points.push_str(&format!("{i},{},{class}\n", i % 3));
        }
        place.write("points.csv", points);
        place.run("check moons.toml").ends(0);
        place.write("moons.toml", &longer);
        for command in ["check moons.toml", "plan moons.toml", "sweep moons.toml --progress none"] {
            let printed = flat(&place.run(command).refused(2));
            let length = longer.split('"').map(str::len).max().unwrap();
            assert!(printed.contains(&format!("`{path}` has {length} characters")), "{path}: {printed}");
            assert!(printed.contains("moons.toml") && printed.contains(limit), "{path}: {printed}");
            assert!(printed.len() < 6_000, "{path}: the message is short");
        }
        assert!(!place.path("results").exists());
    }
}

#[test]
fn the_command_line_is_bounded_too() {
    let place = Workspace::new(SPEC);
    let printed = flat(
        &place
            .run_words(&["check", "moons.toml", "--set", &format!("study.question={}", "x".repeat(1_001))])
            .refused(2),
    );
    assert!(
        printed.contains("`study.question` has 1001 characters") && printed.contains("command line (--set)"),
        "{printed}"
    );
}

#[test]
fn stored_specifications_are_read_without_limits() {
    let place = Workspace::swept();
    place.edit("study.toml", "forty points", &"forty points ".repeat(1_000));
    for command in ["show", "status", "plan"] {
        let words =
            if command == "plan" { "plan results/moons/study.toml".into() } else { format!("{command} results/moons") };
        place.run(&words).ends(0);
    }
}

#[test]
fn the_schema_has_the_limits() {
    let schema: serde_json::Value = serde_json::from_str(&Workspace::new(SPEC).run("schema").ends(0).out).unwrap();
    assert_eq!(schema["$defs"]["About"]["properties"]["question"]["maxLength"], 1_000);
    assert_eq!(schema["$defs"]["About"]["properties"]["answer"]["maxLength"], 20_000);
    assert_eq!(schema["properties"]["figures"]["propertyNames"]["maxLength"], 100);
}

/// A thousand random trials: no two share a value, so that a map of them has a million cells.
#[test]
fn figures_of_many_trials_draw_what_is_visible() {
    let spec = with("epochs = 4", "epochs = 1");
    let head = &spec[..spec.find("[sweep]").unwrap()];
    let place = Workspace::new(&format!(
        "{head}[sweep]\nrandom = {{ trials = 600 }}\n\"train.learning-rate\" = {{ log-uniform = [1e-3, 1] }}\n\
         \"data.double-moon.noise\" = {{ uniform = [0, 1] }}\n"
    ));
    place.run("sweep moons.toml --progress none").ends(0);
    for (path, bytes) in place.files("results/moons/figures") {
        assert!(bytes.len() < 5_000_000, "{path} has {} bytes", bytes.len());
    }
    let figure = |name: &str| printed(&place.text(&format!("results/moons/figures/{name}.svg")));
    assert!(figure("error-map").contains("600 values of learning rate η, 6 joined at a time."));
    assert!(figure("error-curves-by-noise").contains("Drawn are 100 of 600 values"));
    assert!(figure("final-error-by-noise").contains("3 joined at a time."));
    assert!(figure("final-error-by-noise").contains("(600 values)"), "a list of values is shortened to its ends");
}

#[test]
fn a_large_network_is_drawn_at_the_cost_of_a_small_one_with_a_notice() {
    let spec = with("[train]", "[model]\nhidden = 20000\n[train]")
        .replace("\"model.hidden\" = [1, 3]\nseeds = 3", "seeds = 1");
    let place = Workspace::new(&spec[..spec.find("[figures").unwrap()]);
    place.run("sweep moons.toml --progress none").ends(0);
    let figure = printed(&place.text("results/moons/figures/boundaries.svg"));
    assert!(figure.contains("Networks of more than 2000 hidden units"), "{figure}");
    let usual = Workspace::swept();
    usual.write("b.toml", &SPEC[..SPEC.find("[figures").unwrap()]);
    usual.run("sweep b.toml --progress none").ends(0);
    assert!(!usual.text("results/b/figures/boundaries.svg").contains("Networks of more than"));
}

/// The text in a drawing, with the lines of a paragraph joined.
fn printed(svg: &str) -> String {
    let texts =
        svg.split('<').filter_map(|piece| Some(piece.split_once('>')?.1.trim())).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join(" ")
}

/// Runs the program with a limit of address space in kilobytes.
fn within(place: &Workspace, kilobytes: u64, words: &str) -> (Option<i32>, String) {
    let script = format!("ulimit -v {kilobytes}; exec \"$0\" {words}");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_restudy")]).current_dir(place.path("")).env("NO_COLOR", "1");
    let output = command.stdin(Stdio::null()).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn without_memory_the_program_ends_with_1_and_a_message() {
    let place = Workspace::swept();
    // The memory of the program itself depends on its build.
    let least = (20..400).map(|mb| 1_000 * mb).find(|&kb| within(&place, kb, "--version").0 == Some(0)).unwrap();
    let (mut refused, mut by_the_runtime) = (0, 0);
    for more in (0..80).step_by(4).chain((80..340).step_by(26)) {
        for words in [
            "show results/moons",
            "status results/moons",
            "report results/moons",
            "verify results/moons --progress none",
            &format!("sweep moons.toml --progress none --results again{more}"),
        ] {
            let kilobytes = least + 1_000 * more;
            let (code, printed) = within(&place, kilobytes, words);
            // In a range of some kilobytes, the runtime of Rust or the C library aborts while it sets up a thread,
            // before code of this program runs. Where that range is depends on the build.
            if ["failed to initiate panic", "TLS destructor"].iter().any(|own| printed.contains(own)) {
                by_the_runtime += 1;
                continue;
            }
            assert!(matches!(code, Some(0 | 1)), "{words} in {kilobytes} kB ends with {code:?}: {printed}");
            if code == Some(1) {
                refused += 1;
                assert!(printed.to_lowercase().contains("memory"), "{words} in {kilobytes} kB: {printed}");
                assert!(!printed.contains("has a bug"), "{words} in {kilobytes} kB: {printed}");
            }
        }
    }
    assert!(refused > 0, "some of these are too little");
    assert!(by_the_runtime < 3, "{by_the_runtime} commands ended in the runtime");
    // After an end at any point, the same command continues.
    let Answer { code, .. } = place.run("sweep moons.toml --progress none --results again0");
    assert_eq!(code, Some(0));
    place.run("verify again0/moons --progress none").ends(0);
}
