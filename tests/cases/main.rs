//! Small inputs on which restudy once failed, each with the correct behavior.
//!
//! The cases come from public bug reports of this field and from attempts at forgery; each correction covers the whole
//! kind of mistake. [`CASES`] names the tests for every case. The tests in this folder run the program on the input of
//! the case.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod csv;
mod specification;
mod verdict;
#[path = "../program/workspace.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod workspace;

use std::{fs, path::Path};

/// A case, the correct behavior, and its tests: file and function.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

#[rustfmt::skip]
const CASES: [Case; 23] = [
    ("unclosed-quote-loses-rows", "refused, with the line where the quote opens", &[
        ("tests/cases/csv.rs", "a_stray_quote_is_refused_at_its_line"),
        ("crates/experiments/src/data/csv/tests.rs", "no_quote_loses_joins_or_repairs_rows"),
    ]),
    ("headerless-row-lost", "the header is recognized as data, and the remedy loses no row", &[
        ("tests/cases/csv.rs", "a_table_without_names_keeps_its_first_row"),
        ("crates/experiments/src/data/csv/tests.rs", "a_missing_line_of_names_is_recognized"),
    ]),
    ("per-run-split-one-class", "`check`, `plan` and `sweep` name the same failing seeds and offer a stratified split", &[
        ("tests/cases/csv.rs", "check_plan_and_sweep_refuse_the_same_seeds"),
        ("tests/program/bad_input.rs", "data_that_cannot_be_divided_under_every_seed_is_refused_before_anything_is_trained"),
    ]),
    ("results-need-the-data", "commands that read results work without the data", &[("tests/program/missing_data.rs", "results_are_read_without_their_data")]),
    ("file-as-axis", "the same bytes from every folder", &[("tests/program/missing_data.rs", "files_on_an_axis_are_called_the_same_from_everywhere")]),
    ("why-blames-the-path", "the message names the content, not the path", &[("tests/program/missing_data.rs", "other_data_is_named_and_never_its_path")]),
    ("diff-omits-changed-data", "the data are compared first", &[("tests/program/missing_data.rs", "other_data_is_named_and_never_its_path")]),
    ("mat-table-string-categorical", "the message names the kind, with a conversion that works", &[
        ("crates/experiments/src/data/mat/tests.rs", "other_variables_are_named_with_their_conversion"),
        ("crates/experiments/src/data/mat/tests/made.rs", "every_kind_is_named_with_its_conversion"),
    ]),
    ("mat-dims-uint32", "read", &[("crates/experiments/src/data/mat/tests.rs", "types_that_other_readers_accept_are_accepted")]),
    ("mat-flags-int32", "read", &[("crates/experiments/src/data/mat/tests.rs", "types_that_other_readers_accept_are_accepted")]),
    ("mat-cell-labels", "a remedy for cells", &[("crates/experiments/src/data/mat/tests.rs", "other_variables_are_named_with_their_conversion")]),
    ("mat-char-labels", "a remedy for characters", &[("crates/experiments/src/data/mat/tests.rs", "other_variables_are_named_with_their_conversion")]),
    ("mat-struct", "a remedy for structures", &[("crates/experiments/src/data/mat/tests.rs", "other_variables_are_named_with_their_conversion")]),
    ("True-remedy", "the remedy removes the mistake", &[
        ("tests/cases/specification.rs", "the_remedy_for_true_is_correct"),
        ("tests/spec_remedies/main.rs", "every_code_has_a_remedy"),
    ]),
    ("step-to-steps", "the remedy gives the intended values", &[
        ("tests/cases/specification.rs", "a_step_becomes_the_number_of_values"),
        ("crates/engine/src/spec/range.rs", "a_distance_becomes_the_number_of_values"),
    ]),
    ("trailing-comma-in-the-header", "the remedy removes the mistake", &[
        ("tests/cases/csv.rs", "a_comma_at_the_end_of_the_names_is_removed"),
        ("crates/experiments/src/data/csv/tests/remedies.rs", "every_remedy_removes_its_fault"),
    ]),
    ("wrong-remedy-for-what-the-file-is", "the file is read, or the message names its format", &[
        ("tests/cases/csv.rs", "a_file_is_read_or_its_format_is_named"),
        ("crates/experiments/src/data/csv/tests/dialects.rs", "other_separators_are_read"),
        ("crates/experiments/src/data/csv/tests.rs", "other_kinds_of_files_are_recognized"),
    ]),
    ("index-and-id-are-inputs", "`check` and the report name them, with a remedy", &[
        ("tests/cases/csv.rs", "columns_that_number_the_rows_are_named_and_can_be_left_out"),
        ("crates/experiments/src/data/csv/tests/values.rs", "suspicious_columns_get_a_notice"),
    ]),
    ("one-fault-at-a-time", "all mistakes of a kind at once, with their number and the line to paste", &[
        ("tests/cases/csv.rs", "all_mistakes_of_a_kind_are_named_at_once"),
        ("crates/experiments/src/data/csv/tests.rs", "fields_that_are_not_finite_numbers_are_named_with_line_and_column"),
    ]),
    ("worse-than-always-the-larger-class", "compared with the constant answer, on the terminal as in the report", &[
        ("tests/cases/verdict.rs", "a_constant_answer_is_compared_on_the_terminal_and_in_the_report"),
        ("crates/experiments/src/tests/choice.rs", "a_constant_answer_is_a_row_and_must_be_beaten_in_counts"),
    ]),
    ("noise-has-no-best-trial", "one verdict for terminal and report, without a best trial", &[("tests/cases/verdict.rs", "coin_flips_have_no_best_trial")]),
    ("forged-proofs and forged-segment", "refused with exit code 4; the verified values are the shown ones", &[
        ("tests/forgery/tricks.rs", "settings_in_the_key_of_another"),
        ("tests/forgery/tricks.rs", "trees_and_roots"),
        ("tests/forgery/tricks.rs", "keys_twice_and_other_spellings"),
        ("tests/forgery/tricks.rs", "numbers_that_are_not_the_runs"),
        ("tests/program/stored_runs.rs", "a_forged_stored_run_is_no_part_of_a_proof"),
        ("tests/program/stored_runs.rs", "copies_that_differ_anywhere_are_not_merged"),
    ]),
    ("claim-after-print", "the cell fails with exit code 3, for every front end", &[
        ("tests/notebook/orders.rs", "a_failure_behind_half_a_line_fails_run_and_check"),
        ("tests/notebook/failures.rs", "another_kernel_runs_as_well"),
    ]),
];

#[test]
fn every_case_has_its_tests() {
    for (case, right, tests) in CASES {
        assert!(!tests.is_empty(), "{case}: {right}");
        for (file, function) in tests {
            let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
            let head = format!("fn {function}()");
            let before = text.split_once(&head).unwrap_or_else(|| panic!("{case}: {file} has no {function}")).0;
            assert!(before.trim_end().ends_with("#[test]") || before.trim_end().ends_with(']'), "{case}: {function}");
        }
    }
}

/// A specification with these lines in its section `data.csv`, and two runs.
fn spec(lines: &str) -> String {
    format!(
        "[study]\nquestion = \"Q?\"\n[data.csv]\nfile = \"d.csv\"\n{lines}\n[train]\nepochs = 3\n[sweep]\n\"model.hidden\" = [2]\nseeds = 2\n"
    )
}

/// Rows of two inputs and a label, in classes of equal size.
fn rows(count: usize) -> String {
    (0..count).map(|i| format!("{}.{},{}.5,{}\n", i % 7, i % 10, i % 5, i % 2)).collect()
}

/// A folder with `x.toml` and `d.csv`.
fn place(lines: &str, data: &str) -> workspace::Workspace {
    let place = workspace::Workspace::new(workspace::SPEC);
    place.write("x.toml", spec(lines));
    place.write("d.csv", data);
    place
}
