//! Figures that cannot be drawn are refused before training.

use crate::workspace::{SPEC, Workspace, flat, with};

/// Points with a number of inputs, as CSV.
fn points(inputs: usize) -> String {
    let names: Vec<String> = (1..=inputs).map(|input| format!("x{input}")).collect();
    let row = |row: usize| (0..inputs).map(|input| format!("{}.5,", (row * (7 + input)) % 11)).collect::<String>();
    let rows: String = (0..40).map(|place| format!("{}{}\n", row(place), place % 2)).collect();
    format!("{},label\n{rows}", names.join(","))
}

fn place(data: &str, figure: &str) -> Workspace {
    let spec = with("[data.double-moon]\ntrain = 40\nvalidation = 40", data);
    let place = Workspace::new(&spec.replace("strip = { metric = \"error\", by = \"model.hidden\" }", figure));
    for inputs in [1, 2, 30] {
        place.write(&format!("of-{inputs}.csv"), points(inputs));
    }
    place
}

#[track_caller]
fn edit(place: &Workspace, from: &str, to: &str) {
    let spec = place.text("moons.toml");
    assert!(spec.contains(from), "{from}");
    place.write("moons.toml", spec.replacen(from, to, 1));
}

/// The same message of `check`, `plan` and `sweep`, with nothing trained.
#[track_caller]
fn refused(place: &Workspace) -> String {
    let output = ["check", "plan", "sweep"].map(|word| flat(&place.run(&format!("{word} moons.toml")).refused(2)));
    assert!(!place.path("results").exists(), "nothing is trained");
    assert!(output[0] == output[1] && output[1] == output[2], "{output:?}");
    // A line may be wrapped after a hyphen.
    output[0].replace("- ", "-")
}

#[test]
fn a_plane_of_other_than_two_inputs() {
    let plane = "boundary = { by = \"model.hidden\" }";
    for (inputs, words) in [(1, "the points have 1 input; expected"), (30, "the points have 30 inputs; expected")] {
        let place = place(&format!("[data.csv]\nfile = \"of-{inputs}.csv\""), plane);
        let output = refused(&place);
        assert!(output.contains("the figure `seeds` (boundary) cannot be drawn") && output.contains(words), "{output}");
        assert!(output.contains("data of two inputs") && output.contains("leave out [figures.seeds]"), "{output}");
        let line = "features = [\"x1\", \"x2\"]";
        assert_eq!(output.contains(line), inputs == 30, "{output}");
        if inputs == 30 {
            edit(&place, "file = \"of-30.csv\"", &format!("file = \"of-30.csv\"\n{line}"));
            place.run("check moons.toml").ends(0);
            place.run("sweep moons.toml --quiet").ends(0);
            assert!(!place.text("results/moons/figures/seeds.svg").contains("diverged"));
        }
    }
}

#[test]
fn a_plane_with_an_axis_of_data() {
    let axis = "\"data.csv.file\" = [\"of-2.csv\", \"of-30.csv\"]\n\"model.hidden\" = [1, 3]";
    let at = "at = { \"data.csv.file\" = \"of-2.csv\" }";
    for (by, words) in
        [("model.hidden", format!("draw it from one data set: {at}")), ("data.csv.file", format!("without `by`: {at}"))]
    {
        let place = place("[data.csv]", &format!("boundary = {{ by = \"{by}\" }}"));
        edit(&place, "\"model.hidden\" = [1, 3]", axis);
        let output = refused(&place);
        assert!(output.contains("30 inputs where data.csv.file = of-30.csv") && output.contains(&words), "{output}");
        edit(&place, &format!("by = \"{by}\""), at);
        place.run("check moons.toml").ends(0);
        place.run("sweep moons.toml --quiet").ends(0);
    }
}

#[test]
fn a_seed_that_does_not_run_and_values_of_no_trial() {
    let place = Workspace::new(&with("strip = {", "boundary = { seed = 99 }\n[figures.more]\nstrip = {"));
    let output = refused(&place);
    assert!(output.contains("it draws seed 99, and the study runs under 0, 1, 2"), "{output}");
    assert!(output.contains("write seed = 0 in [figures.seeds]"), "{output}");
    edit(&place, "seed = 99", "seed = 0");
    place.run("check moons.toml").ends(0);

    let axes = "\"model.hidden\" = [1, 3]\n\"train.learning-rate\" = [0.5, 2]\nzip = [[\"model.hidden\", \"train.learning-rate\"]]";
    let spec = SPEC.replace("\"model.hidden\" = [1, 3]", axes);
    let at = "at = { \"model.hidden\" = 3, \"train.learning-rate\" = 0.5 }";
    let place = Workspace::new(&spec.replace("by = \"model.hidden\" }", &format!("{at} }}")));
    let output = refused(&place);
    assert!(output.contains("would be empty: no trial has model.hidden = 3 and train.learning-rate = 0.5"), "{output}");
    edit(&place, "\"train.learning-rate\" = 0.5 }", "\"train.learning-rate\" = 2.0 }");
    place.run("check moons.toml").ends(0);
}

#[test]
fn more_seeds_than_there_are_get_a_notice() {
    let place = Workspace::new(&with("by = \"model.hidden\" }", "by = \"model.hidden\", seeds = 100 }"));
    let notice = "the figure `seeds` asks for the first 100 seeds, but the study has 3: it draws all";
    for word in ["check", "plan", "sweep"] {
        let answer = place.run(&format!("{word} moons.toml")).ends(0);
        assert!(flat(&answer.err).contains(notice), "{word}: {}", answer.err);
    }
}

#[test]
fn a_map_of_one_value_is_drawn() {
    let axes = "\"model.hidden\" = [1, 3]\n\"train.learning-rate\" = [0.5]";
    let spec = SPEC.replace("\"model.hidden\" = [1, 3]", axes);
    let map = "heat-map = { x = \"model.hidden\", y = \"train.learning-rate\" }";
    let place = Workspace::new(&spec.replace("strip = { metric = \"error\", by = \"model.hidden\" }", map));
    place.run("check moons.toml").ends(0);
    place.run("sweep moons.toml --quiet").ends(0);
}

/// The remedies in messages lead from a MATLAB file with other labels and validation points to a valid specification.
#[test]
fn labels_of_matlab_are_mapped_by_the_printed_lines() {
    let place = place("[data.mat]\nfile = \"odd.mat\"\ny = \"third\"", "strip = {}");
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mat/odd.mat");
    place.write("odd.mat", std::fs::read(file).unwrap());
    let output = flat(&place.run("check moons.toml").refused(2));
    assert!(
        output.contains("third has 3 labels") && output.contains("labels = { negative = [-1], positive = [1] }"),
        "{output}"
    );
    let more = "y = \"third\"\nlabels = { negative = [-1, 2], positive = [1] }\nvalidation = { file = \"odd.mat\" }\nvalidation-y = \"Y\"";
    edit(&place, "y = \"third\"", more);
    place.run("check moons.toml").ends(0).says("labels  -1 is \"-1\" (3 rows), \"2\" (1 row); +1 is \"1\" (4 rows)");
    place.run("sweep moons.toml --quiet").ends(0);
}
