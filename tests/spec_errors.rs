//! Snapshots of the diagnostics of common mistakes in a specification, with their codes.

use std::{fs, path::Path};

use miette::{GraphicalReportHandler, GraphicalTheme};
use restudy::{
    spec::{Code, SpecError},
    sweep,
};

/// A valid specification, into which mistakes are inserted.
const GOOD: &str = include_str!("spec_remedies/good.toml");

#[test]
fn the_good_specification_is_valid() {
    let study = sweep::parse("hidden", Path::new("experiments/hidden.toml"), GOOD, &[]).unwrap();
    assert_eq!((study.trials.len(), study.run_count()), (9, 27));
}

fn error(text: &str, sets: &[&str]) -> SpecError {
    let sets: Vec<_> = sets.iter().map(ToString::to_string).collect();
    match sweep::parse("hidden", Path::new("experiments/hidden.toml"), text, &sets) {
        Ok(_) => panic!("this specification is valid:\n{text}"),
        Err(error) => error,
    }
}

fn shown(text: &str, sets: &[&str]) -> String {
    let error = error(text, sets);
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut out, &error).expect("writing to a string succeeds");
    // Editors remove trailing blanks.
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn replaced(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from} is not in the specification");
    GOOD.replacen(from, to, 1)
}

fn codes(text: &str, sets: &[&str]) -> Vec<String> {
    error(text, sets).codes().iter().map(ToString::to_string).collect()
}

/// One mistake with its codes: a part of the good specification is replaced.
macro_rules! mistakes {
    ($($name:ident: [$($code:literal),+] $from:expr => $to:expr;)+) => {$(
        #[test]
        fn $name() {
            assert_eq!(codes(&replaced($from, $to), &[]), [$($code),+]);
            insta::assert_snapshot!(stringify!($name), shown(&replaced($from, $to), &[]));
        }
    )+};
}

/// One mistake on the command line with its codes: the good specification with `--set`.
macro_rules! mistaken_sets {
    ($($name:ident: [$($code:literal),+] $($set:expr),+;)+) => {$(
        #[test]
        fn $name() {
            assert_eq!(codes(GOOD, &[$($set),+]), [$($code),+]);
            insta::assert_snapshot!(stringify!($name), shown(GOOD, &[$($set),+]));
        }
    )+};
}

const ONE_AXIS: &str = "\"model.hidden\" = [1, 2, 5]";

mistakes! {
    // TOML
    malformed_header: ["spec.syntax"] "[model]" => "[model";
    malformed_value: ["spec.syntax"] "hidden = 7" => "hidden = ";
    missing_quotes: ["spec.syntax"] "init = \"normal\"" => "init = normal";
    decimal_comma: ["spec.syntax"] "learning-rate = 0.02" => "learning-rate = 0,02";
    key_twice: ["spec.duplicate-key"] "hidden = 7" => "hidden = 7\nhidden = 8";
    section_twice: ["spec.duplicate-key"] "[evaluate]" => "[model]\nhidden = 9\n\n[evaluate]";
    date_as_value: ["spec.wrong-type"] "hidden = 7" => "hidden = 2014-05-27";
    missing_quotes_capital: ["spec.syntax"] "init = \"normal\"" => "init = Normal";
    number_too_large: ["spec.invalid-value"] "learning-rate = 0.02" => "learning-rate = 1e999";
    // Sections and keys
    empty_file: ["spec.missing-section"] GOOD => "";
    no_question: ["spec.missing-key"] "question = \"How many hidden units does the double moon need?\"" => "";
    empty_question: ["spec.invalid-value"] "How many hidden units does the double moon need?" => " ";
    unknown_section: ["spec.unknown-section"] "[model]" => "[modle]";
    unknown_section_like_nothing: ["spec.unknown-section"] "[model]" => "[xyz]";
    section_is_no_table: ["spec.wrong-type"] "[study]" => "stop = 5\n[study]";
    misspelt_key: ["spec.unknown-key"] "hidden = 7" => "hiden = 7";
    snake_case_key: ["spec.unknown-key"] "learning-rate = 0.02" => "learning_rate = 0.02";
    key_like_nothing: ["spec.unknown-key"] "epochs = 100" => "batch = 32";
    misspelt_data_set: ["spec.unknown-name"] "[data.double-moon]" => "[data.duoble-moon]";
    unknown_data_set: ["spec.unknown-name"] "[data.double-moon]" => "[data.mnist]";
    two_data_sets: ["spec.several-choices"] "[model]" => "[data.circles]\ntrain = 100\n\n[model]";
    data_set_without_name: ["spec.no-choice"] "[data.double-moon]" => "[data]";
    no_data_set: ["spec.missing-section"] "[data.double-moon]\ntrain = 1000\nnoise = 0.6\n" => "";
    empty_data: ["spec.no-choice"] "[data.double-moon]\ntrain = 1000\nnoise = 0.6\n" => "[data]\n";
    file_missing_in_csv: ["spec.missing-key"] "[data.double-moon]\ntrain = 1000\nnoise = 0.6\n" => "[data.csv]\nlabel = \"class\"\n";
    // Values
    text_for_number: ["spec.wrong-type"] "hidden = 7" => "hidden = \"seven\"";
    fraction_for_whole: ["spec.wrong-type"] "epochs = 100" => "epochs = 1.5";
    negative_whole: ["spec.invalid-value"] "train = 1000" => "train = -10";
    list_for_value: ["spec.wrong-type"] "learning-rate = 0.02\n\n[evaluate]" => "learning-rate = [2, 0.2]\n\n[evaluate]";
    out_of_range: ["spec.invalid-value"] "noise = 0.6" => "noise = -0.6";
    several_out_of_range: ["spec.invalid-value", "spec.invalid-value"] "epochs = 100\nlearning-rate = 0.02\n\n[evaluate]\nevery = { epochs = 1 }" => "epochs = 0\n\n[evaluate]\nevery = { epochs = 0 }";
    unknown_init: ["spec.unknown-name"] "init = \"normal\"" => "init = \"gaussian\"";
    misspelt_init: ["spec.unknown-name"] "init = \"normal\"" => "init = \"Normal\"";
    table_for_name: ["spec.wrong-type"] "init = \"normal\"" => "init = { normal = 1 }";
    negative_seed: ["spec.wrong-type"] "noise = 0.6" => "seed = -1";
    nan_learning_rate: ["spec.invalid-value"] "learning-rate = 0.02" => "learning-rate = nan";
    infinite_learning_rate: ["spec.invalid-value"] "learning-rate = 0.02" => "learning-rate = inf";
    unknown_metric: ["spec.unknown-name"] "every = { epochs = 1 }" => "metrics = [\"loss\", \"eror\"]";
    metrics_without_error: ["spec.invalid-value"] "every = { epochs = 1 }" => "metrics = [\"loss\"]";
    every_as_number: ["spec.wrong-type"] "every = { epochs = 1 }" => "every = 10";
    every_of_two: ["spec.several-choices"] "every = { epochs = 1 }" => "every = { epochs = 1, steps = 10 }";
    offset_of_three: ["spec.wrong-type"] "noise = 0.6" => "offset = [1.0, 2.0, 3.0]";
    // The sweep
    empty_axis: ["spec.axis.empty"] "[1, 2, 5]" => "[]";
    axis_value_twice: ["spec.axis.repeated"] "[1, 2, 5]" => "[1, 2, 5, 2]";
    axis_value_twice_as_float: ["spec.axis.repeated"] "[2, 0.2, 0.02]" => "[2, 0.2, 2.0]";
    axis_value_of_wrong_type: ["spec.wrong-type"] "[1, 2, 5]" => "[1, 2, \"many\"]";
    axis_value_out_of_range: ["spec.invalid-value"] "[2, 0.2, 0.02]" => "[2, 0.2, 0]";
    axis_value_is_list: ["spec.wrong-type"] "[1, 2, 5]" => "[1, [2, 5]]";
    axis_is_value: ["spec.wrong-type"] "[1, 2, 5]" => "7";
    confirm_overlaps: ["spec.confirm.seeds"] "seeds = 3" => "seeds = 30\nconfirm = { best = 3, seeds = 10, from = 25 }";
    confirm_overlaps_in_one: ["spec.confirm.seeds"] "seeds = 3" => "seeds = [1000, 7]\nconfirm = { best = 3, seeds = 10, from = 1000 }";
    confirm_too_many_trials: ["spec.confirm.all"] "seeds = 3" => "seeds = 3\nconfirm = { best = 9, seeds = 30, from = 1000 }";
    confirm_of_one_trial: ["spec.confirm.all"] "\"model.hidden\" = [1, 2, 5]\n\"train.learning-rate\" = [2, 0.2, 0.02]" => "confirm = { best = 1, seeds = 30, from = 1000 }";
    confirm_no_trial: ["spec.invalid-value"] "seeds = 3" => "seeds = 3\nconfirm = { best = 0, seeds = 30, from = 1000 }";
    confirm_one_seed: ["spec.invalid-value"] "seeds = 3" => "seeds = 3\nconfirm = { best = 3, seeds = 1, from = 1000 }";
    confirm_is_number: ["spec.wrong-type"] "seeds = 3" => "seeds = 3\nconfirm = 3";
    confirm_without_from: ["spec.missing-key"] "seeds = 3" => "seeds = 3\nconfirm = { best = 3, seeds = 30 }";
    confirm_misspelt: ["spec.unknown-key"] "seeds = 3" => "seeds = 3\nconfirm = { best = 3, seed = 30, from = 1000 }";
    confirm_beyond_seeds: ["spec.invalid-value"] "seeds = 3" => "seeds = 3\nconfirm = { best = 3, seeds = 30, from = 18446744073709551600 }";
    confirm_too_many_runs: ["spec.too-many-runs"] "seeds = 3" => "seeds = 3\nconfirm = { best = 8, seeds = 999999, from = 1000 }";
    axis_unknown: ["spec.axis.unknown"] "\"model.hidden\"" => "\"model.hiden\"";
    axis_in_wrong_section: ["spec.axis.unknown"] "\"model.hidden\"" => "\"train.hidden\"";
    axis_of_group: ["spec.axis.group"] "\"model.hidden\" = [1, 2, 5]" => "\"evaluate.every\" = [1, 2]";
    axis_without_quotes: ["spec.axis.unquoted"] "\"model.hidden\"" => "model.hidden";
    axis_of_other_data: ["spec.axis.other-data"] "\"model.hidden\" = [1, 2, 5]" => "\"data.circles.noise\" = [0.1, 0.2]";
    axis_of_list_item: ["spec.wrong-type"] "\"model.hidden\" = [1, 2, 5]" => "\"data.double-moon.offset.1\" = [-1, \"x\"]";
    axis_of_nothing: ["spec.axis.unknown"] "seeds = 3" => "sedes = 3";
    range_with_a_step: ["spec.axis.step"] "[1, 2, 5]" => "{ from = 1, to = 9, step = 2 }";
    true_as_python_has_it: ["spec.syntax"] "seeds = 3" => "seeds = True";
    range_of_one_step: ["spec.axis.range"] "[2, 0.2, 0.02]" => "{ from = 0.1, to = 1, steps = 1 }";
    range_without_steps: ["spec.missing-key"] "[2, 0.2, 0.02]" => "{ from = 0.1, to = 1 }";
    range_of_one_number: ["spec.axis.range"] "[2, 0.2, 0.02]" => "{ from = 1, to = 1, steps = 3 }";
    range_log_through_zero: ["spec.axis.range"] "[2, 0.2, 0.02]" => "{ from = 0, to = 1, steps = 3, scale = \"log\" }";
    range_misspelt: ["spec.unknown-key"] "[2, 0.2, 0.02]" => "{ start = 1, stop = 2, num = 3 }";
    range_not_whole: ["spec.wrong-type"] "[1, 2, 5]" => "{ from = 1, to = 4, steps = 5 }";
    seeds_zero: ["spec.invalid-value"] "seeds = 3" => "seeds = 0";
    seeds_negative: ["spec.invalid-value"] "seeds = 3" => "seeds = [1, -2]";
    seeds_twice: ["spec.seeds.repeated"] "seeds = 3" => "seeds = [4, 7, 4]";
    seeds_as_text: ["spec.wrong-type"] "seeds = 3" => "seeds = \"three\"";
    seeds_too_far: ["spec.invalid-value"] "seeds = 3" => "seeds = { from = 18446744073709551615, count = 2 }";
    confidence_in_percent: ["spec.invalid-value"] "seeds = 3" => "seeds = 3\nconfidence = 95";
    confidence_of_one: ["spec.invalid-value"] "seeds = 3" => "seeds = 3\nconfidence = 1";
    confidence_as_text: ["spec.wrong-type"] "seeds = 3" => "seeds = 3\nconfidence = \"high\"";
    zip_unequal: ["spec.zip.unequal"] "seeds = 3" => "\"train.epochs\" = [10, 20]\nzip = [[\"model.hidden\", \"train.epochs\"]]";
    zip_of_unknown_axis: ["spec.not-an-axis"] "seeds = 3" => "zip = [[\"model.hidden\", \"train.epochs\"]]";
    zip_twice: ["spec.zip.repeated"] "seeds = 3" => "zip = [[\"model.hidden\", \"model.hidden\"]]";
    zip_flat: ["spec.wrong-type"] "seeds = 3" => "zip = [\"model.hidden\", \"train.learning-rate\"]";
    zip_repeats_trial: ["spec.axis.repeated"] "[1, 2, 5]\n\"train.learning-rate\" = [2, 0.2, 0.02]" => "[1, 2, 1]\n\"train.learning-rate\" = [2, 0.2, 2]\nzip = [[\"model.hidden\", \"train.learning-rate\"]]";
    exclude_matches_nothing: ["spec.exclude.unmatched"] "seeds = 3" => "exclude = [{ \"model.hidden\" = 3 }]";
    exclude_unknown_axis: ["spec.not-an-axis"] "seeds = 3" => "exclude = [{ \"train.epochs\" = 3 }]";
    exclude_everything: ["spec.exclude.all"] "seeds = 3" => "exclude = [{ \"model.hidden\" = 1 }, { \"model.hidden\" = 2 }, { \"model.hidden\" = 5 }]";
    exclude_whole_value: ["spec.exclude.value"] "seeds = 3" => "exclude = [{ \"model.hidden\" = 1 }]";
    too_many_runs: ["spec.too-many-runs"] "seeds = 3" => "seeds = 200000";
    far_too_many_values: ["spec.axis.range"] "[2, 0.2, 0.02]" => "{ from = 0.1, to = 1, steps = 4000000000 }";
    draw_without_random: ["spec.random.missing"] "[2, 0.2, 0.02]" => "{ log-uniform = [0.001, 1] }";
    draw_backwards: ["spec.random.bounds"] "[2, 0.2, 0.02]" => "{ log-uniform = [1, 0.001] }\nrandom = { trials = 5 }";
    random_more_than_there_are: ["spec.random.many"] "seeds = 3" => "random = { trials = 10 }";
    // Figures
    figure_by_unknown_axis: ["spec.figure.unfit"] "by = \"train.learning-rate\"" => "by = \"train.learning_rate\"";
    figure_of_unknown_metric: ["spec.figure.unfit"] "metric = \"error\"" => "metric = \"accuracy\"";
    figure_of_misspelt_metric: ["spec.figure.unfit"] "metric = \"error\"" => "metric = \"eror\"";
    figure_of_unmeasured_metric: ["spec.figure.unfit"] "metric = \"error\"" => "metric = \"brier\"";
    figure_unknown: ["spec.unknown-name"] "curves = {" => "curve = {";
    figure_named_as_path: ["spec.figure.name"] "[figures.curves]" => "[figures.\"../curves\"]";
    figure_of_two: ["spec.several-choices"] "curves = {" => "strip = {}\ncurves = {";
    figure_at_unknown_value: ["spec.figure.unfit"] "by = \"train.learning-rate\"" => "at = { \"model.hidden\" = 3 }";
}

mistaken_sets! {
    set_without_value: ["spec.set"] "model.hidden";
    set_of_nothing: ["spec.set"] "model.hidden=";
    set_unknown_key: ["spec.unknown-key"] "model.hiden=9";
    set_of_wrong_type: ["spec.wrong-type"] "train.epochs=many";
    set_out_of_range: ["spec.invalid-value"] "train.epochs=10", "train.learning-rate=-1";
    set_into_value: ["spec.set"] "model.hidden.units=9";
    set_half_a_list: ["spec.set"] "sweep.seeds=[1, 2";
    set_other_data: ["spec.several-choices"] "data.circles.noise=0.1";
    set_swept_to_wrong_value: ["spec.invalid-value"] "model.hidden=0";
    set_date: ["spec.wrong-type"] "study.question=2014-05-27";
}

#[test]
fn messages_name_the_range_of_the_check() {
    let (two, one) = ("from 2 to 1000000", "from 1 to 1000000");
    for (from, to, expected) in [
        ("train = 1000", "train = ?", "from 2 to 10000000"),
        ("epochs = 100", "epochs = ?", "from 1 to 1000000000"),
        ("hidden = 7", "hidden = ?", one),
        ("every = { epochs = 1 }", "every = { epochs = ? }", "from 1"),
        ("seeds = 3", "seeds = { count = ? }", one),
        ("seeds = 3", "random = { trials = ? }", one),
        ("[2, 0.2, 0.02]", "{ from = 1, to = 9, steps = ? }", two),
    ] {
        // Numbers out of the range of every type, and values of other types.
        for value in ["-1", "20000000000000000000", "1.5", "\"many\""] {
            let text = shown(&replaced(from, &to.replace('?', value)), &[]);
            let is_expected = |line: &str| line.ends_with(&format!("expected a whole number {expected}"));
            assert!(text.lines().any(is_expected), "{to} with {value}:\n{text}");
        }
    }
    let text = shown(&replaced("train = 1000", "train = -1\nvalidation = 20000000000"), &[]);
    assert!(text.contains("expected a whole number from 2 to 10000000"), "{text}");
    let text = shown(&replaced("seeds = 3", "seeds = -1"), &[]);
    assert!(text.contains("expected a whole number from 1 to 1000000"), "{text}");
    let text = shown(&replaced("noise = 0.6", "seed = -1"), &[]);
    assert!(text.contains("expected a whole number from 0"), "{text}");
}

#[test]
fn unreadable_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("latin.toml"), b"[study]\nquestion = \"f\xfcr\"\n").unwrap();
    fs::write(path("large.toml"), vec![b'#'; 17 << 20]).unwrap();
    for (name, code, message) in [
        ("none.toml", Code::Unreadable, "none.toml cannot be read: No such file or directory (os error 2)"),
        ("", Code::Unreadable, " is a folder"),
        ("latin.toml", Code::NotUtf8, "latin.toml, line 2: the text is not UTF-8"),
        ("large.toml", Code::TooLarge, "large.toml is larger than 16 MB"),
    ] {
        let error = sweep::load(&path(name), &[]).expect_err(name);
        assert_eq!(error.code(), code);
        assert!(error.to_string().ends_with(message), "{error}");
        assert!(miette::Diagnostic::help(&error).is_some(), "{error}");
    }
}

#[test]
fn a_wrong_value_of_an_axis_is_one_mistake() {
    let error = sweep::parse("x", Path::new("x.toml"), &replaced(ONE_AXIS, "\"model.hidden\" = [1, 0]"), &[]);
    assert_eq!(error.unwrap_err().to_string(), "`model.hidden` cannot be 0");
}

#[test]
fn all_unknown_keys_are_shown_at_once() {
    let text = GOOD
        .replace("hidden = 7", "hiden = 7\nwidth = 3")
        .replace("noise = 0.6", "nois = -1")
        .replace("seeds = 3", "seed = 3");
    let text = shown(&text.replace("\"model.hidden\"", "\"model.hiden\"").replace("epochs = 100", "epoks = 0"), &[]);
    for (mistake, times) in [
        ("`model` has no setting `hiden`", 1),
        ("`model` has no setting `width`", 1),
        ("`data.double-moon` has no setting `nois`", 1),
        ("`seed` is not something to sweep", 1),
        ("`model.hiden` is not a setting that can be swept", 1),
        ("`train` has no setting `epoks`", 1),
        // A repaired key is checked like a correct one.
        ("`data.double-moon.noise` cannot be -1", 1),
        ("`train.epochs` cannot be 0", 1),
        ("is missing", 0),
    ] {
        assert_eq!(text.matches(mistake).count(), times, "{mistake}\n{text}");
    }
    insta::assert_snapshot!(text);
    // The number of shown mistakes is limited.
    let many: String = (0..1000).map(|i| format!("key-{i} = 1\n")).collect();
    let text = shown(&GOOD.replace("hidden = 7\n", &many), &[]);
    assert_eq!(text.matches("has no setting").count(), 21);
    // An unknown axis is not removed, since figures refer to axes: there are no false mistakes.
    let text = shown(&replaced("\"train.learning-rate\" =", "\"train.what-ever-this-is\" ="), &[]);
    assert_eq!(text.matches('×').count(), 1, "{text}");
}

/// The documentation lists all codes in order, with their meanings.
#[test]
fn the_documentation_lists_every_code() {
    let listed = include_str!("../docs/errors.md").lines().filter_map(|line| line.strip_prefix("| `spec."));
    let listed: Vec<_> = listed.map(|row| format!("| `spec.{row}")).collect();
    let codes: Vec<_> = Code::ALL.iter().map(|code| format!("| `{code}` | {} |", code.meaning())).collect();
    assert_eq!(listed, codes);
}
