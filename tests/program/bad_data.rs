//! Data that cannot be trained on: the message names file, line and value.

use std::{fs, path::Path};

use insta::assert_snapshot;

use crate::workspace::{SPEC, Workspace, assert_same, with};

fn spec(data: &str) -> String {
    with("[data.double-moon]\ntrain = 40\nvalidation = 40", data)
}

/// Returns the message on a CSV file. Complete results of the study exist, and must stay unchanged.
#[track_caller]
fn output(csv: &str, more: &str) -> String {
    let place = Workspace::swept();
    place.write("moons.toml", spec(&format!("[data.csv]\nfile = \"points.csv\"\nlabel = \"class\"{more}")));
    place.write("points.csv", csv);
    let before = place.files("results");
    place.run("plan moons.toml").refused(2);
    let message = place.run("sweep moons.toml").refused(2);
    assert_same(&place.files("results"), &before, "nothing is touched");
    message
}

const ROWS: &str = "x,y,class\n1,2,a\n2,3,b\n3,4,a\n4,5,b\n5,6,a\n6,7,b\n7,8,a\n8,9,b\n";

#[test]
fn csv_files() {
    assert_snapshot!("csv_nan", output(&ROWS.replace("3,4", "NaN,4"), ""));
    assert_snapshot!("csv_not_a_number", output(&ROWS.replace("3,4", "3,four"), ""));
    assert_snapshot!("csv_without_label", output(&ROWS.replace("class", "klass"), ""));
    assert_snapshot!("csv_without_column", output(ROWS, "\ncolumns = [\"x\", \"z\"]"));
    assert_snapshot!("csv_one_class", output(&ROWS.replace(",b", ",a"), ""));
    assert_snapshot!("csv_third_label", output(&ROWS.replace("8,9,b", "8,9,c"), ""));
    assert_snapshot!("csv_no_rows", output("x,y,class\n", ""));
    assert_snapshot!("csv_empty", output("", ""));
    assert_snapshot!("csv_ragged", output(&ROWS.replace("3,4,a", "3,4"), ""));
}

#[test]
fn files_that_are_not_regular() {
    for (file, words) in
        [("nowhere.csv", "cannot be read"), ("results", "is a folder"), ("/dev/zero", "is not a regular file")]
    {
        if !Path::new("/dev/zero").exists() && file.starts_with('/') {
            continue;
        }
        let place = Workspace::swept();
        place.write("moons.toml", spec(&format!("[data.csv]\nfile = \"{file}\"\nlabel = \"class\"")));
        let message = place.run("sweep moons.toml").refused(2);
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn mat_files_that_are_cut_off_or_invalid() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mat");
    for name in ["plain.mat", "packed.mat"] {
        let whole = fs::read(fixtures.join(name)).unwrap();
        let place = Workspace::new(&spec("[data.mat]\nfile = \"points.mat\"\nvalidation = { file = \"points.mat\" }"));
        place.write("points.mat", &whole);
        place.run("check moons.toml").ends(0);
        for length in [0, 1, 100, 127, 128, 140, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
            place.write("points.mat", &whole[..length]);
            let message = place.run("sweep moons.toml").refused(2);
            assert!(message.contains("points.mat"), "{name} of {length} bytes: {message}");
        }
        assert!(!place.path("results").exists());
    }
    let place = Workspace::new(&spec("[data.mat]\nfile = \"points.mat\"\ninputs = \"Z\""));
    place.write("points.mat", fs::read(fixtures.join("plain.mat")).unwrap());
    let message = place.run("check moons.toml").refused(2);
    assert!(message.contains('Z'), "{message}");
    assert!(SPEC.contains("double-moon"));
}

#[test]
fn unscaled_inputs_get_one_notice_and_the_template_scales_them() {
    let place = Workspace::new("");
    fs::remove_file(place.path("moons.toml")).unwrap();
    place.run("new moons.toml --data csv").ends(0);
    let rows: String = (0..40).map(|i| format!("{},0.{i},0,{}\n", i * 37 % 41 * 100, i % 2)).collect();
    place.write("points.csv", format!("x,y,z,label\n{rows}"));
    let constant = "notice: input \"z\" is the same in all rows, so that nothing can be learned from it; to leave it out: features = { except = [\"z\"] }\n";
    assert_eq!(place.run("check moons.toml").ends(0).err, constant, "scaled, and one is constant");
    place.write(
        "moons.toml",
        place.text("moons.toml").replace("\n[model]", "\nfeatures = { except = [\"z\"] }\n[model]"),
    );
    assert_eq!(place.run("check moons.toml").ends(0).err, "");
    place.write("moons.toml", place.text("moons.toml").replace("\nstandardise = true", "\nstandardise = false"));
    let output = place.run("check moons.toml").ends(0).err;
    assert!(output.starts_with("notice: input 1 of points.csv has a standard deviation of 1"), "{output}");
    assert!(output.contains("`standardise = true` in [data.csv]") && output.lines().count() == 1, "{output}");
    assert_eq!(place.run("check moons.toml -q").ends(0).err, "");
    let sweep = "sweep moons.toml --progress none --set sweep.seeds=1 --set train.epochs=1";
    assert!(place.run(sweep).ends(0).err.contains(&output));
    place.write("points.csv", format!("x,y,z,label\n{}", rows.replace("00,0.", ",0.")));
    assert_eq!(place.run("check moons.toml").ends(0).err, "", "of a usual size");
}

/// `check` and the report describe the data; in `--json`, errors have a code.
#[test]
fn check_and_report_describe_the_data() {
    let rows: String = (0..40)
        .map(|i| format!("{i},{},{},n,{}\n", i * 7 % 11, if i == 3 { "NA" } else { "2.5" }, ["a", "b", "c"][i % 3]))
        .collect();
    let place = Workspace::new(&spec(
        "[data.csv]\nfile = \"points.csv\"\nlabel = \"class\"\nmissing = \"drop\"\nstratified = true\n\
         features = { except = [\"note\"] }\nlabels = { negative = [\"a\"], positive = [\"b\"] }",
    ));
    place.write("points.csv", format!("id,x,y,note,class\n{rows}"));
    let object = place.run("check moons.toml").ends(0);
    for line in [
        "data    points.csv, 40 rows",
        "inputs  3: \"id\", \"x\", \"y\"",
        "labels  -1 is \"a\" (13 rows); +1 is \"b\" (13 rows)",
        "splits  20 points for training (10 of class -1, 10 of class +1), 6 for validation (3 and 3)",
        "unused  1 column: \"note\"",
        "dropped 13 rows with another label",
        "dropped 1 row with a missing value",
    ] {
        assert!(object.out.lines().any(|own| own == line), "{line}\n{}", object.out);
    }
    assert!(object.err.contains("notice: input \"id\" looks like a number of the row"), "{}", object.err);
    assert!(object.err.contains("features = { except = [\"note\", \"id\"] }"), "{}", object.err);
    let json: serde_json::Value = serde_json::from_str(&place.run("check moons.toml --json").ends(0).out).unwrap();
    assert_eq!(json["data"][0]["labels"]["+1"][0], serde_json::json!({ "text": "b", "rows": 13 }));
    assert_eq!(json["data"][0]["dropped"][1]["rows"], 1);
    place.run("sweep moons.toml --progress none --set sweep.seeds=1 --set train.epochs=1").ends(0);
    let report = place.text("results/moons/report.md");
    assert!(report.contains("40 rows; the inputs are \u{201c}id\u{201d}, \u{201c}x\u{201d}"), "{report}");
    assert!(report.contains("About the data: input \"id\" looks like"), "{report}");
    place.run("verify results/moons").ends(0);
    // Filled-in values are counted.
    place.write("moons.toml", place.text("moons.toml").replace("\"drop\"", "\"mean\""));
    let object = place.run("check moons.toml").ends(0);
    assert!(object.out.contains("\nfilled  1 value with a mean: \"y\" (1)\n"), "{}", object.out);
    let json: serde_json::Value = serde_json::from_str(&place.run("check moons.toml --json").ends(0).out).unwrap();
    assert_eq!(json["data"][0]["filled"], serde_json::json!([{ "column": "y", "values": 1 }]));
    place.run("sweep moons.toml --progress none --set sweep.seeds=1 --set train.epochs=1").ends(0);
    let report = place.text("results/moons/report.md");
    assert!(report.contains("Filled in with the mean of the training points: 1 of \u{201c}y\u{201d}."), "{report}");
    place.write("points.csv", format!("id,x,y,note,class\n\"{rows}"));
    let fault: serde_json::Value = serde_json::from_str(&place.run("check moons.toml --json").ends(2).out).unwrap();
    assert_eq!((&fault["fault"], &fault["code"]), (&"data.csv.unclosed-quote".into(), &2.into()));
}
