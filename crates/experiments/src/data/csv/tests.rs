use proptest::prelude::*;

use super::*;
use crate::data::Dataset;

mod bounds;
mod dialects;
mod files;
mod remedies;
mod values;

fn csv() -> Csv {
    toml::from_str("file = \"points.csv\"").unwrap()
}

/// Reads the text as the content of `points.csv`.
fn read(settings: &Csv, text: impl AsRef<[u8]>) -> Result<Points, DataError> {
    settings.points("points.csv", text.as_ref(), None)
}

fn names(points: &Points) -> Vec<String> {
    points.inputs.iter().map(Input::name).collect()
}

fn only(names: &[&str]) -> Option<Features> {
    Some(Features::Only(names.iter().map(|name| (*name).to_owned()).collect()))
}

/// Message and help for a text that must be refused.
#[track_caller]
fn refused(settings: &Csv, text: impl AsRef<[u8]>) -> (String, String) {
    let DataError { message, help, .. } = read(settings, text).unwrap_err();
    (message, help)
}

#[track_caller]
fn assert_refused(text: impl AsRef<[u8]>, message: &str, help: &str) {
    let found = refused(&csv(), text);
    assert_eq!(found.0, message);
    assert!(found.1.contains(help), "help: {}", found.1);
}

#[test]
fn columns_labels_and_numbers_are_read() {
    let points = read(&csv(), "a,label,b\n0.1,1,-2e-3\n+3,-1,.5\n").unwrap();
    assert_eq!(names(&points), ["a", "b"]);
    assert_eq!(points.data, Dataset { d: 2, x: vec![0.1, -2e-3, 3.0, 0.5], y: vec![1.0, -1.0] });
}

#[test]
fn quotes_byte_order_marks_line_ends_and_blanks_are_ignored() {
    let plain = read(&csv(), "a,\"b, c\",label\n1,2,0\n3,4,1\n").unwrap();
    let dressed = read(&csv(), "\u{feff}a ,\"b, c\",\"label\"\r\n\r\n\"1\", 2,0\r\n3 ,\"4\",1").unwrap();
    assert_eq!((plain.data, plain.inputs), (dressed.data, dressed.inputs));
}

#[test]
fn labels_are_signs_or_bits_however_written() {
    let read = |labels: [&str; 2]| read(&csv(), format!("a,label\n1,{}\n2,{}\n", labels[0], labels[1])).unwrap().data.y;
    for labels in [["-1", "+1"], ["-1.0", "1.0"], ["0", "1"], ["0.0", "1e0"]] {
        assert_eq!(read(labels), [-1.0, 1.0]);
    }
}

#[test]
fn labels_are_mapped_by_the_settings() {
    let settings = Csv { negative: Some("B".into()), positive: Some("M".into()), ..csv() };
    assert_eq!(read(&settings, "a,label\n1,M\n2,B\n").unwrap().data.y, [1.0, -1.0]);
    let (message, _) = refused(&settings, "a,label\n1,M\n2,B\n3,b\n");
    assert_eq!(message, "points.csv, line 4: the label \"b\" is neither \"B\" nor \"M\"");
}

#[test]
fn two_unknown_labels_are_refused_with_the_lines_to_add() {
    let lines = "negative = \"B\"\npositive = \"M\"";
    assert_refused("a,label\n1,M\n2,B\n", "points.csv: \"B\" and \"M\" in column \"label\" are no known labels", lines);
    assert_refused(
        "a,label\n1,2\n2,1\n",
        "points.csv: \"1\" and \"2\" in column \"label\" are no known labels",
        "\"2\"",
    );
    assert_refused(
        "a,label\n1,0\n2,-1\n",
        "points.csv: \"-1\" and \"0\" in column \"label\" are no known labels",
        "\"0\"",
    );
}

#[test]
fn a_third_label_is_named_with_its_line() {
    let message = "points.csv: column \"label\" has 3 labels: \"1\" (2 rows, first in line 3), \"-1\" (1 row in line 2), \
                   \"0\" (1 row in line 4)";
    assert_refused("a,label\n1,-1\n2,1\n3,0\n4,1\n", message, "labels = { negative = [\"1\"], positive = [\"-1\"] }");
    assert_refused(
        "a,label\n1,x\n2,x\n",
        "points.csv: column \"label\" has one label only, \"x\"",
        "points of both classes",
    );
    assert_refused("a,label\n1,1\n2,\n", "points.csv, line 3: the label is missing", "remove the row");
}

#[test]
fn fields_that_are_not_finite_numbers_are_named_with_line_and_column() {
    for (field, what) in [
        ("NaN", "\"NaN\" is no value"),
        ("-inf", "\"-inf\" is not a finite number"),
        ("1e999", "\"1e999\" is not a finite number"),
        ("ten", "\"ten\" is not a number"),
        ("\"1,5\"", "\"1,5\" is not a number"),
        ("", "the field is empty"),
    ] {
        let text = format!("a,b,label\n1,1,1\n\n1,{field},0\n");
        assert_refused(text, &format!("points.csv, line 4, column \"b\": {what}"), "");
    }
    let long = "x".repeat(10_000);
    assert!(refused(&csv(), format!("a,label\n{long},1\n")).0.len() < 200, "a long field is shortened");
}

#[test]
fn the_shape_of_the_file_is_checked() {
    assert_refused("", "points.csv is empty", "first line");
    assert_refused("\u{feff}\r\n\n", "points.csv is empty", "first line");
    assert_refused("a,label\n", "points.csv has no rows below its first line", "Add a row");
    assert_refused("a,label\n1,1\n2,1,0\n", "points.csv, line 3: 3 fields where the first line has 2", "field");
    assert_refused("a,label\n1\n", "points.csv, line 2: 1 fields where the first line has 2", "field");
    assert_refused("a,b,a,label\n1,2,3,1\n", "points.csv, line 1: two columns are named \"a\"", "name of its own");
    assert_refused("label\n1\n0\n", "points.csv, line 1: there is no column beside the label", "Add at least");
    assert_refused(",a,label\n0,1,1\n", "points.csv, line 1: column 1 has no name", "pandas");
    assert_refused(b"a,label\n1,1\n2,\xff\n", "points.csv, line 3: the text is not UTF-8", "UTF-8");
}

#[test]
fn no_quote_loses_joins_or_repairs_rows() {
    let open = "a quote opens a field and is never closed";
    assert_refused("a,label\n1,\"1\n2,0\n", &format!("points.csv, line 2: {open}"), "Remove the quote");
    assert_refused("label,\"x,note\n1,2,ok\n0,3,ok\n", &format!("points.csv, line 1: {open}"), "Remove the quote");
    let rows: String = (0..40).map(|i| format!("{i},{},{}\n", if i == 9 { "\"note" } else { "note" }, i % 2)).collect();
    assert_refused(format!("a,text,label\n{rows}"), &format!("points.csv, line 11: {open}"), "");
    let two = rows.replace("30,note,", "30,note\",");
    assert_refused(
        format!("a,text,label\n{two}"),
        "points.csv, line 11: a quote opens a field that goes on to line 32, over lines that look like rows",
        "Remove the quote",
    );
    let closed = rows.replace("30,note,", "30,\"note,");
    assert_refused(
        format!("a,text,label\n{closed}"),
        "points.csv, line 11: the quote that opens a field is closed in line 32 with text after it",
        "Remove the quote",
    );
    // No whole line is between two rows that a quote joins.
    let joined = "goes on to line 3, over lines that look like rows";
    for text in ["a,text,label\n1,\"note,0\n2,note\",1\n3,x,0\n", "a,b,label,text\n0.2,0.1,0,\"\n0.9,-0.3,0,\"\n1,2,1,x\n"] {
        assert!(refused(&csv(), text).0.contains(joined), "{text}");
    }
    assert!(refused(&csv(), "\"x, cm\",text,label\n1,\"a,0\n2,b,1\n3,c\",0\n").0.contains("look like rows"), "commas in a name do not separate columns");
    assert!(refused(&csv(), "\na,text,label\r1,\"a,0\r2,b,1\r3,c\",0\r").0.contains("look like rows"), "any line end");
    // Accepted, because nothing is lost: text of several lines, doubled quotes, quotes inside a field.
    let fine = "a,text,label\n1,\"two\nlines, \"\"quoted\"\"\",0\n2,5\" pipe,1\n";
    let settings = Csv { features: only(&["a"]), ..csv() };
    assert_eq!(read(&settings, fine).unwrap().data.x, [1.0, 2.0]);
    assert_eq!(read(&csv(), "a,label\n\"1\" ,0\n2 , \"1\"\n".replace(", \"", ",\"")).unwrap().data.x, [1.0, 2.0]);
}

/// Each remedy removes the fault without losing a row.
#[test]
fn a_missing_line_of_names_is_recognized() {
    let none = |listed: &str| format!("points.csv, line 1: the first line looks like a row, not like names: {listed}");
    let rows = "-1.1788,-1.1482,0\n0.5,0.25,1\n";
    assert_refused(rows, &none("\"-1.1788\", \"-1.1482\", \"0\""), "header = false and label = \"x3\"");
    let unnamed = |label: &str| Csv { header: false, label: label.into(), ..csv() };
    assert_eq!(read(&unnamed("x3"), rows).unwrap().data.y.len(), 2);
    assert_refused("-1.1788,g,2\n0.5,b,1\n", &none("\"-1.1788\", \"g\", \"2\""), "label = \"x2\"");
    assert_refused("1,1\n0,1\n", &none("\"1\", \"1\""), "label = \"x2\"");
    // The label's name is a label: one row would be lost silently.
    let settings = Csv { label: "g".into(), negative: Some("g".into()), positive: Some("b".into()), ..csv() };
    let text = "1,2,g\n3,4,b\n5,6,g\n";
    let (message, help) = refused(&settings, text);
    assert_eq!(message, "points.csv, line 1 looks like a row, not like names: \"g\" is a label in other rows");
    assert!(help.contains("header = false and label = \"x3\""), "{help}");
    assert_eq!(read(&Csv { header: false, label: "x3".into(), ..settings.clone() }, text).unwrap().data.y.len(), 3);
    // Two equal fields cannot be names.
    assert!(refused(&settings, "1,1,g\n3,4,b\n5,6,g\n").0.contains("looks like a row"));
    // Columns numbered by pandas, including the label.
    let counted = Csv { label: "1".into(), ..csv() };
    assert_eq!(read(&counted, "0,1\n0.5,1\n0.3,0\n").unwrap().data.y.len(), 2);
    let first = Csv { label: "0".into(), ..csv() };
    assert_eq!(read(&first, "0,1,2\n1,0.5,3\n0,0.25,4\n").unwrap().data.y.len(), 2);
    let (message, help) = refused(&first, "0,0,0\n1,2,1\n");
    assert!(message.contains("looks like a row") && help.contains("label = \"x3\""), "{message} {help}");
    // Numbers are names if the label is a name.
    assert_eq!(read(&csv(), "400.5,401,label\n1,2,0\n3,4,1\n").unwrap().data.d, 2);
}

#[test]
fn other_kinds_of_files_are_recognized() {
    let none = |present: &str| format!("points.csv, line 1: no column \"label\" with the labels; there are {present}");
    let lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 2100\n";
    assert_refused(lfs, "points.csv is a pointer of Git LFS, not the file itself", "git lfs pull");
    assert_refused("[{\"x\":1,\"label\":0}]", "points.csv is JSON, not a table of commas", "read_json");
    assert_refused("<!DOCTYPE html><p>", "points.csv is HTML or XML, not a table of commas", "Download the file");
    assert_refused("@relation x\n@data\n1,0\n", "points.csv is ARFF or a file with comments in %", "rows alone");
    assert_refused(b"PK\x03\x04\0\0", "points.csv is a workbook or an archive (zip), not text", "Save the sheet");
    assert_refused(b"\x1f\x8b\0\0", "points.csv is compressed (gzip)", "gunzip");
    assert_refused(b"\x93NUMPY\x01\0v\0", "points.csv is a binary file, not text", "CSV in UTF-8");
    assert_eq!(read(&csv(), "<DATE>,label\n1,0\n2,1\n").unwrap().data.y.len(), 2);
    let wide: Vec<u8> = "x1,label\n1,0\n".bytes().flat_map(|byte| [byte, 0]).collect();
    assert_refused(wide, "points.csv is text in UTF-16", "utf-16");
    assert_refused("x1 x2 label\n1 2 0 4\n", &none("\"x1 x2 label\""), "by blanks");
    assert_refused("x1,label\n\"a\",1,0\n", "points.csv, line 2: 3 fields where the first line has 2", "row.names = FALSE");
    assert_refused("x1,label\n1,0,\n", "points.csv, line 2: 3 fields where the first line has 2", "at the end of the rows");
    assert_refused("x1,label,\n1,0\n", "points.csv, line 1: it ends with a comma, and the row below does not", "Remove a comma");
    let settings = Csv { features: only(&["x1"]), ..csv() };
    assert!(refused(&settings, "x1,label,\n1,0\n").1.contains("Remove a comma"), "with chosen features");
    assert_refused("x1,label,\n1,0,2\n", "points.csv, line 1: column 3 has no name", "name it");
}

#[test]
fn missing_columns_come_with_a_suggestion() {
    let none = |present: &str| format!("points.csv, line 1: no column \"label\" with the labels; there are {present}");
    assert_refused("a,Lable\n1,1\n", &none("\"a\", \"Lable\""), "Did you mean \"Lable\"?");
    assert_refused("a,kind\n1,1\n", &none("\"a\", \"kind\""), "Name one of them: label =");
    let settings = Csv { features: only(&["redius"]), ..csv() };
    let (message, help) = refused(&settings, "radius,label\n1,1\n");
    assert_eq!(message, "points.csv, line 1: no column \"redius\" among the inputs; there are \"radius\", \"label\"");
    assert!(help.contains("\"radius\""));
}

#[test]
fn features_choose_and_order_the_columns() {
    let settings = Csv { features: only(&["c", "a"]), ..csv() };
    let points = read(&settings, "a,b,c,label\n1,text,3,0\n4,,6,1\n").unwrap();
    assert_eq!(points.data.x, [3.0, 1.0, 6.0, 4.0]);
}

#[test]
fn a_validation_file_has_the_same_columns_in_any_order() {
    let expected = ["a", "b"].map(|name| Input::Number(name.into()));
    let read = |text: &str| csv().points("held.csv", text.as_bytes(), Some(&expected));
    assert_eq!(read("label,b,a\n1,2,1\n0,4,3\n").unwrap().data.x, [1.0, 2.0, 3.0, 4.0]);
    assert!(read("label,a\n1,2\n").unwrap_err().message.contains("no column \"b\""));
    let message = read("label,a,b,c\n1,2,3,4\n").unwrap_err().message;
    assert_eq!(message, "held.csv, line 1: column \"c\" is not in the training file");
}

#[test]
fn settings_are_checked_and_complete() {
    let keys = |text: &str| {
        let settings: Csv = toml::from_str(&format!("file = \"a.csv\"\n{text}")).unwrap();
        settings.validate().into_iter().map(|fault| fault.key).collect::<Vec<_>>()
    };
    assert_eq!(keys(""), [""; 0]);
    assert_eq!(keys("validation = { share = 1.0 }"), ["validation.share"]);
    assert_eq!(keys("validation = { file = '' }"), ["validation.file"]);
    assert_eq!(keys("negative = 'B'"), ["negative"]);
    assert_eq!(keys("negative = 'B'\npositive = 'B'"), ["positive"]);
    assert_eq!(keys("features = ['a', 'a', 'label']"), ["features", "features"]);
    assert!(toml::from_str::<Csv>("file = 'a.csv'\nheaders = true").is_err(), "an unknown key");
    assert_eq!(keys("features = { except = ['label'] }"), ["features.except"]);
    assert_eq!(keys("features = { except = [] }"), ["features.except"]);
    assert!(toml::from_str::<Csv>("file = 'a.csv'\nfeatures = { without = ['a'] }").is_err(), "an unknown key");
    assert_eq!(keys("stratified = true\nvalidation = { file = 'b.csv' }"), ["stratified"]);
    assert_eq!(keys("labels = { negative = ['a'], positive = ['a'] }"), ["labels.positive"]);
    assert_eq!(keys("negative = 'a'\npositive = 'b'\nlabels = { negative = [], positive = ['b'] }"), ["labels", "labels.negative"]);
    let complete = toml::to_string(&csv()).unwrap();
    assert_eq!(toml::from_str::<Csv>(&complete).unwrap(), csv());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn numbers_survive_and_lines_are_right(values in prop::collection::vec(-1e6..1e6_f64, 1..20), bad in 0..20_usize) {
        let mut text = String::from("a,label\n");
        for (i, value) in values.iter().enumerate() {
            text += &format!("{value},{}\n", i % 2);
        }
        prop_assert_eq!(&read(&csv(), &text).unwrap().data.x, &values);
        let bad = bad % values.len();
        let text: Vec<&str> = text.lines().enumerate().map(|(i, line)| if i == bad + 1 { "!,1" } else { line }).collect();
        let expected = format!("points.csv, line {}, column \"a\": \"!\" is not a number", bad + 2);
        prop_assert_eq!(refused(&csv(), text.join("\r\n")).0, expected);
    }

    #[test]
    fn no_settings_and_bytes_make_it_panic(
        bytes in prop::collection::vec(prop::sample::select(b"ab#,;\t|\"\n\r10-.NA \xff".to_vec()), 0..80),
        lines in prop::sample::subsequence(vec![
            "header = false\nlabel = 'x2'", "missing = 'drop'", "encode = 'one-hot'", "labels = { negative = ['a'], positive = ['b', '1'] }",
            "features = { except = ['b'] }", "standardise = true", "stratified = true",
        ], 0..=7),
    ) {
        let lines = if bytes.len() % 2 == 0 { lines.join("\n") } else { lines.join("\n").replace("drop", "indicator") };
        let settings: Csv = toml::from_str(&format!("file = 'points.csv'\n{lines}")).unwrap();
        for text in [[b"a;b;label\n".as_slice(), &bytes].concat(), [b"# a\na,b,label\n1,a,0\n2,b,1\n".as_slice(), &bytes].concat(), bytes] {
            if let Ok(points) = read(&settings, text) {
                prop_assert_eq!(points.data.x.len(), points.data.y.len() * points.inputs.len());
                prop_assert_eq!(points.rows, points.data.len() as u64 + points.dropped.iter().map(|dropped| dropped.rows).sum::<u64>());
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop::sample::select(b"a,\"\r\n1-0. \xef\xbb\xbf".to_vec()), 0..60)) {
        let _ = read(&csv(), [b"a,label\n".as_slice(), &bytes].concat());
        let _ = read(&csv(), bytes);
    }
}
