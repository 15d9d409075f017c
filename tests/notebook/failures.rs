//! Cells that fail: a panic, a failed `?`, a compiler error, in the kernel of restudy and in others.

use crate::place::Place;

/// The run fails with these words, and the notebook is unchanged.
#[track_caller]
fn fails(kernel: &str, cells: &[&str], words: &[&str]) {
    let place = Place::new();
    place.notebook("a.ipynb", kernel, cells);
    let before = place.text("a.ipynb");
    place.run("notebook run a.ipynb").ends(3).says(words);
    assert_eq!(place.text("a.ipynb"), before, "a failed run writes nothing");
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn a_panic_is_a_failure() {
    let cell = "let numbers: Vec<u64> = vec![1, 2];\n\nlet third: u64 = numbers[2];";
    fails(
        "restudy",
        &["1 + 1", cell, "2"],
        &["cell 2", "line 3", "index out of bounds: the len is 2 but the index is 2"],
    );
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn a_caught_panic_is_no_failure() {
    let place = Place::new();
    let caught = "let caught: bool = std::panic::catch_unwind(|| panic!(\"on purpose\")).is_err();\nassert!(caught);";
    place.notebook("a.ipynb", "restudy", &[caught, "println!(\"thread 'main' panicked at nothing\");"]);
    place.run("notebook run a.ipynb").ends(0);
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn a_failed_question_mark_is_a_failure() {
    let cell = "let n: i32 = 1;\nlet number: i32 = \"seven\".parse::<i32>()?;";
    fails("restudy", &[cell], &["cell 1", "line 2", "invalid digit found in string"]);
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn a_specification_with_a_mistake_shows_our_diagnostic() {
    let cell = "use restudy::prelude::*;\nlet mine = study_from(\"mine\", \"[study]\\nquestion = \\\"?\\\"\\n[data.double-moon]\\n[model]\\nhiden = 3\\n\")?;";
    fails("restudy", &[cell], &["hiden", "did you mean `hidden`?"]);
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn a_compiler_error_is_a_failure() {
    fails("restudy", &["let a: u8 = 1;", "let b: u8 = \"text\";"], &["cell 2", "mismatched types"]);
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn a_check_finds_a_changed_output() {
    let place = Place::new();
    place.notebook("a.ipynb", "restudy", &["println!(\"loss 0.{}\", 20 + 5);", "2 + 2"]);
    place.run("notebook check a.ipynb").ends(4).says(&["cell 1"]);
    place.run("notebook run a.ipynb").ends(0);
    place.run("notebook check a.ipynb").ends(0).says(&["proven: a.ipynb: 2 cells"]);
    std::fs::write(place.path("a.ipynb"), place.text("a.ipynb").replace("loss 0.25", "loss 0.24")).unwrap();
    place.run("notebook check a.ipynb").ends(4).says(&["cell 1", "output 1, stdout", "- loss 0.24", "+ loss 0.25"]);
    place.run("notebook clean a.ipynb").ends(0);
    assert!(!place.text("a.ipynb").contains("loss 0.24\\n"));
}

#[test]
#[ignore = "slow: needs a Python with ipykernel"]
fn another_kernel_runs_as_well() {
    let place = Place::new();
    place.notebook("a.ipynb", "python3", &["n = 6", "print(n * 7)", "n + 1"]);
    place.run("notebook run a.ipynb").ends(0);
    let stored = place.json("a.ipynb");
    assert_eq!(stored["cells"][1]["outputs"][0]["text"][0], "42\n");
    assert_eq!(stored["cells"][2]["outputs"][0]["data"]["text/plain"][0], "7");
    assert_eq!(stored["cells"][2]["execution_count"], 3);
    place.run("notebook check a.ipynb").ends(0);
    fails("python3", &["1", "def f():\n    return 1 / 0\nf()"], &["cell 2", "ZeroDivisionError", "division by zero"]);
}

#[test]
#[ignore = "slow: needs evcxr_jupyter and a kernel `rust` of its own"]
fn a_panic_in_the_stock_kernel_is_a_failure_too() {
    let mut place = Place::new();
    let evcxr = std::env::var("RESTUDY_EVCXR").unwrap_or_else(|_| "evcxr_jupyter".into());
    place.kernel("stock", &format!("RUST_SRC_PATH=/nonexistent RUSTUP_AUTO_INSTALL=0 RUSTUP_DIST_SERVER=http://127.0.0.1:9 exec {evcxr} --control_file \"$0\""));
    // Its standard error may arrive too late to be quoted; the failure of the cell must be detected all the same.
    place.notebook("a.ipynb", "stock", &["1 + 1", "let n: i32 = \"x\".parse::<i32>()?;"]);
    place.run("notebook run a.ipynb").ends(3).says(&["cell 2"]);
    place.notebook("b.ipynb", "stock", &["panic!(\"on purpose\")"]);
    place.run("notebook run b.ipynb").ends(3).says(&["cell 1", "on purpose"]);
}
