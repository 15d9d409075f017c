//! Tests missing values, columns of texts, left-out labels, and notices.

use super::*;
use crate::data::Dataset;
use restudy_engine::run::Reading;

/// Settings of a file with these lines.
pub(super) fn with(text: &str) -> Csv {
    toml::from_str(&format!("file = \"points.csv\"\n{text}")).unwrap()
}

/// Loads files with these texts.
pub(super) fn loaded(settings: &str, texts: &[&str]) -> Result<(SplitData, Reading), DataError> {
    let folder = tempfile::tempdir().unwrap();
    let mut csv = with(settings);
    let paths: Vec<String> = (0..texts.len()).map(|place| folder.path().join(format!("{place}.csv")).to_str().unwrap().into()).collect();
    paths.iter().zip(texts).for_each(|(path, text)| std::fs::write(path, text).unwrap());
    csv.file.clone_from(&paths[0]);
    if let Some(other) = paths.get(1) {
        csv.validation = Validation::File(other.clone());
    }
    csv.open().and_then(|opened| csv.divide(&opened, csv.seeding().of(Seed(0)))).map(|Loaded { split, reading }| (split, reading))
}

#[test]
fn rows_that_lack_a_value_are_left_out_and_counted() {
    let text = "a,b,c,label\n1,,x,0\n2,5,,1\nNA,6,y,0\n3,7,z,0\n4,8,z,\n";
    let settings = with("missing = 'drop'\nfeatures = { except = ['c'] }");
    let points = read(&settings, text).unwrap();
    assert_eq!(points.data, Dataset { d: 2, x: vec![2.0, 5.0, 3.0, 7.0], y: vec![1.0, -1.0] });
    assert_eq!((points.rows, points.dropped[0].rows, points.unused), (5, 3, vec!["c".to_owned()]));
}

#[test]
fn means_are_those_of_the_training_rows_and_gaps_may_be_inputs() {
    let (train, held) = ("a,b,label\n1,,0\n2,5,1\n6,7,1\n", "b,a,label\n,,0\n1,2,1\n");
    let (split, reading) = loaded("missing = 'mean'", &[train, held]).unwrap();
    assert_eq!(split.train.x, [1.0, 6.0, 2.0, 5.0, 6.0, 7.0]);
    assert_eq!(split.validation.x, [3.0, 6.0, 2.0, 1.0]);
    assert_eq!(reading.rows, [3, 2]);
    let filled: Vec<_> = reading.filled.iter().map(|filled| (filled.column.as_str(), filled.values)).collect();
    assert_eq!(filled, [("a", 1), ("b", 2)]);
    let (split, reading) = loaded("missing = 'indicator'\nstandardise = false", &[train, held]).unwrap();
    assert_eq!(reading.inputs, ["a", "b", "b:missing"]);
    assert_eq!(split.train.x, [1.0, 6.0, 1.0, 2.0, 5.0, 0.0, 6.0, 7.0, 0.0]);
    assert_eq!(split.validation.x, [3.0, 6.0, 1.0, 2.0, 1.0, 0.0], "a gap in validation rows alone is filled and gives no input");
    let fault = loaded("missing = 'mean'", &["a,b,label\n1,,0\n2,,1\n", held]).unwrap_err();
    assert!(fault.code == "data.no-mean" && fault.message.contains("no training row has a value of \"b\""), "{fault}");
}

#[test]
fn texts_become_an_input_each() {
    let (train, held) = ("a,job,label\n1,b,0\n2,é,1\n3,a,1\n", "job,a,label\na,4,0\nb,5,1\n");
    let (split, reading) = loaded("encode = 'one-hot'", &[train, held]).unwrap();
    assert_eq!(reading.inputs, ["a", "job=a", "job=b", "job=é"]);
    assert_eq!(split.train.x, [1.0, 0.0, 1.0, 0.0, 2.0, 0.0, 0.0, 1.0, 3.0, 1.0, 0.0, 0.0]);
    assert_eq!(split.validation.x, [4.0, 1.0, 0.0, 0.0, 5.0, 0.0, 1.0, 0.0]);
    let other = held.replace("b,5", "c,5");
    let fault = loaded("encode = 'one-hot'", &[train, &other]).unwrap_err();
    assert!(fault.message.ends_with("texts that no training row has: \"job\" has \"c\" (first in line 3)"), "{fault}");
    // A missing text is missing in each of its inputs.
    let gaps = train.replace("3,a", "3,");
    let (split, _) = loaded("encode = 'one-hot'\nmissing = 'mean'", &[&gaps, "job,a,label\nb,4,0\nb,5,1\n"]).unwrap();
    assert_eq!(split.train.x[6..], [3.0, 0.5, 0.5]);
    let (_, reading) = loaded("encode = 'one-hot'\nmissing = 'mean'", &[&gaps, "job,a,label\nb,4,0\nb,5,1\n"]).unwrap();
    assert_eq!((reading.filled.len(), reading.filled[0].values), (1, 1), "one field, of two inputs");
    // A text that only validation rows of a file have is refused.
    let rows: String = (0..12).map(|i| format!("{i},{},{}\n", if i == 5 { "rare" } else { "usual" }, i % 2)).collect();
    let text = format!("a,job,label\n{rows}");
    let found: Vec<_> = (0..20).map(|seed| loaded(&format!("encode = 'one-hot'\nseed = {seed}\nstratified = true"), &[&text])).collect();
    assert!(found.iter().any(Result::is_ok));
    let fault = found.into_iter().find_map(Result::err).unwrap();
    assert!(fault.code == "data.unknown-category" && fault.message.contains("no training row has \"job=rare\""), "{fault}");
    let many: String = (0..101).map(|i| format!("{i},t{i},{}\n", i % 2)).collect();
    let fault = loaded("encode = 'one-hot'", &[&format!("a,job,label\n{many}")]).unwrap_err();
    assert!(fault.code == "data.csv.many-texts" && fault.message.contains("more than 100 different texts in \"job\""), "{fault}");
}

#[test]
fn rows_of_other_labels_are_left_out_and_labels_are_counted_by_their_text() {
    let text = "a,label\n1,x\n2,y\nbad,z\n4,w\n5,x\n";
    let points = read(&with("labels = { negative = ['x'], positive = ['y', 'w'] }"), text).unwrap();
    assert_eq!(points.data.y, [-1.0, 1.0, 1.0, -1.0]);
    assert_eq!(points.labels, [vec![("x".to_owned(), 2)], vec![("w".into(), 1), ("y".into(), 1)]]);
    assert_eq!((points.dropped[0].why.as_str(), points.dropped[0].rows), ("another label", 1));
    let fault = read(&with("labels = { negative = ['x'], positive = ['yy'] }"), text).unwrap_err();
    assert!(fault.message.contains("no row has the label \"yy\""), "{fault}");
    let two = ["a,label\n1,x\n2,y\n", "a,label\n1,v\n2,w\n3,v\n"];
    let fault = loaded("labels = { negative = ['x'], positive = ['y'] }", &two).unwrap_err();
    assert!(fault.message.ends_with("none of its 3 rows has one of these labels; its labels are \"v\", \"w\""), "{fault}");
    // A label in either file suffices.
    assert!(loaded("labels = { negative = ['x', 'v'], positive = ['y', 'w'] }", &two).is_ok());
}

#[test]
fn a_share_may_be_taken_of_each_class() {
    let rows: String = (0..20).map(|i| format!("{i}.5,{}\n", u8::from(i < 2))).collect();
    let text = format!("a,label\n{rows}");
    for seed in 0..50 {
        let (split, _) = loaded(&format!("stratified = true\nseed = {seed}\nvalidation = {{ share = 0.1 }}"), &[&text]).unwrap();
        let count = |y: &[f64]| y.iter().filter(|y| **y > 0.0).count();
        assert_eq!((count(&split.train.y), count(&split.validation.y)), (1, 1));
        assert_eq!((split.train.len(), split.validation.len()), (17, 3), "1.8 rows of 18 are 2");
        assert!(split.train.x.is_sorted() && split.validation.x.is_sorted());
    }
}

#[test]
fn suspicious_columns_get_a_notice() {
    let rows: String = (0..8).map(|i| format!("{i},{},{},7,{},{}\n", 8 - i * i, i * 3 % 8, i % 2 * 9, i % 2)).collect();
    let text = format!("Unnamed: 0,b,c,d,e,label\n{rows}");
    let (_, reading) = loaded("stratified = true", &[&text]).unwrap();
    let notices = reading.notices.join("\n");
    assert!(notices.contains("inputs \"Unnamed: 0\", \"b\" look like") && notices.contains("features = { except = [\"Unnamed: 0\", \"b\"] }"), "{notices}");
    assert!(notices.contains("input \"d\" is the same in all rows") && notices.contains("input \"e\" is the label under another name"), "{notices}");
    let (_, reading) = loaded("features = ['c']", &[&text, &text]).unwrap();
    assert_eq!(reading.notices, [notices::SAME_FILES]);
}

#[test]
fn notices_judge_both_files_or_name_the_one_that_they_judge() {
    let train = "n,c,l,own,label\n1,7,0,0,0\n2,7,9,9,1\n3,7,0,0,0\n";
    let held = "n,c,l,own,label\n5,7,9,0,1\n4,8,0,9,0\n8,9,9,9,1\n";
    let (_, reading) = loaded("", &[train, held]).unwrap();
    let notices = reading.notices.join("\n");
    assert!(!notices.contains("\"n\""), "rows are counted in one file alone: {notices}");
    assert!(notices.contains("input \"c\" is the same in all rows of the training file"), "{notices}");
    assert!(notices.contains("input \"l\" is the label under another name: each"), "{notices}");
    assert!(notices.contains("input \"own\" is the label under another name in the training file, but not in the validation file"), "{notices}");
}

#[test]
fn numbers_of_patients_get_a_notice_and_quantities_do_not() {
    let notices = |settings: &str, header: &str, row: &dyn Fn(u64) -> String, rows: u64| {
        let rows: String = (0..rows).map(|i| format!("{},{}\n", row(i), i % 2)).collect();
        loaded(settings, &[&format!("{header}{rows}")]).unwrap().1.notices.join("\n")
    };
    // As in the table of breast cancers, whose first column numbers the patients.
    let number = |i: u64| (i * 7919 + 13) % 104_729 * 8713;
    let bare = "header = false\nlabel = 'x3'";
    let found = notices(bare, "", &|i| format!("{},{}", number(i), i * i % 31), 60);
    assert!(found.starts_with("input \"x1\" has whole numbers that are different in every row"), "{found}");
    assert!(found.ends_with("to leave it out: features = { except = [\"x1\"] }"), "{found}");
    let found = notices("", "a,patient_id,label\n", &|i| format!("{},{}", i * i % 7, number(i)), 20);
    assert!(found.contains("\"patient_id\" has whole numbers"), "{found}");
    // Few rows; fractions; values that occur twice; a later column without such a name.
    for (header, row, rows) in [
        ("", &(|i| format!("{},{}", number(i), i * i % 31)) as &dyn Fn(u64) -> String, 40),
        ("", &|i| format!("{}.5,{}", number(i), i * i % 31), 60),
        ("", &|i| format!("{},{}", number(i % 59), i * i % 31), 60),
        ("", &|i| format!("{},{}", i * i % 31, number(i)), 60),
    ] {
        assert_eq!(notices(bare, header, row, rows), "");
    }
}

#[test]
fn a_per_run_seed_with_a_validation_file_gets_a_notice() {
    let text = "a,b,label\n1,5,0\n3,2,1\n2,9,0\n";
    let notices = |settings: &str, texts: &[&str]| loaded(settings, texts).unwrap().1.notices.join("\n");
    let found = notices("seed = 'per-run'", &[text, "a,b,label\n1,4,0\n3,2,1\n"]);
    assert!(found.starts_with("seed = \"per-run\" has no effect with a validation file"), "{found}");
    assert_eq!(notices("seed = 3", &[text, "a,b,label\n1,4,0\n3,2,1\n"]), "");
    assert_eq!(notices("seed = 'per-run'\nstratified = true", &["a,b,label\n1,5,0\n3,2,1\n2,9,0\n4,2,1\n"]), "");
}
