//! Kernels that are missing, die, hang, or print without end.

use crate::place::Place;

fn with(command: &str) -> Place {
    let mut place = Place::new();
    place.kernel("bad", command);
    place.notebook("a.ipynb", "bad", &["1"]);
    place
}

#[test]
#[ignore = "slow: builds the driver of kernels"]
fn a_missing_kernel_is_named_with_the_installed_ones() {
    let place = Place::new();
    place.notebook("a.ipynb", "fortran", &["1"]);
    place.run("notebook run a.ipynb").ends(2).says(&["fortran"]);
}

#[test]
#[ignore = "slow: builds the driver of kernels"]
fn a_kernel_that_dies_at_once_is_quoted() {
    with("echo no licence >&2; exit 7").run("notebook run a.ipynb").ends(1).says(&["no licence"]);
}

#[test]
#[ignore = "slow: builds the driver of kernels"]
fn a_kernel_that_never_answers_is_given_up() {
    with("exec sleep 600").run("notebook run a.ipynb --start-timeout 2").ends(1).says(&["2 s"]);
}

#[test]
#[ignore = "slow: needs a Python with ipykernel"]
fn a_cell_that_takes_too_long_fails() {
    let place = Place::new();
    place.notebook("a.ipynb", "python3", &["1", "import time\ntime.sleep(600)"]);
    place.run("notebook run a.ipynb --timeout 2").ends(3).says(&["cell 2", "2 s"]);
}

#[test]
#[ignore = "slow: needs a Python with ipykernel"]
fn a_kernel_that_dies_in_a_cell_fails_that_cell() {
    let place = Place::new();
    place.notebook("a.ipynb", "python3", &["1", "import os\nos._exit(5)", "3"]);
    let before = place.text("a.ipynb");
    place.run("notebook run a.ipynb").ends(3).says(&["cell 2"]);
    assert_eq!(place.text("a.ipynb"), before);
}

#[test]
#[ignore = "slow: needs a Python with ipykernel"]
fn megabytes_of_text_are_cut_off() {
    let place = Place::new();
    place.notebook("a.ipynb", "python3", &["for _ in range(300): print('x' * 100_000)"]);
    place.run("notebook run a.ipynb -q").ends(0);
    let size = place.text("a.ipynb").len();
    assert!((1_000_000..3_000_000).contains(&size), "{size} bytes");
    assert!(place.text("a.ipynb").contains("left out"));
}

#[test]
#[ignore = "slow: builds the driver of kernels"]
fn an_interrupt_ends_the_run_and_keeps_the_notebook() {
    let place = with("exec sleep 600");
    let before = place.text("a.ipynb");
    let run = place.command("notebook run a.ipynb").stderr(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(3));
    let killed = std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    let output = run.wait_with_output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(killed.success() && output.status.code() == Some(130), "{:?}: {message}", output.status);
    assert!(message.contains("the notebook is unchanged"), "{message}");
    assert_eq!(place.text("a.ipynb"), before);
}

#[test]
fn an_invalid_notebook_starts_no_kernel() {
    let place = Place::new();
    let write = |name: &str, text: &str| std::fs::write(place.path(name), text).unwrap();
    write("a.ipynb", "{");
    place.run("notebook run a.ipynb").ends(2).says(&["a.ipynb is not a notebook: EOF while parsing"]);
    write("b.ipynb", r#"{ "nbformat": 3, "worksheets": [] }"#);
    place.run("notebook check b.ipynb").ends(2).says(&["format 3", "nbconvert"]);
    write(
        "c.ipynb",
        r#"{ "nbformat": 4, "nbformat_minor": 5, "metadata": { "kernelspec": { "name": "restudy", "language": "rust" } },
        "cells": [{ "cell_type": "code", "metadata": { "vscode": { "languageId": "python" } }, "source": "1", "outputs": [] }] }"#,
    );
    place.run("notebook run c.ipynb").ends(2).says(&["cell 1, is in python; the notebook is in rust"]);
    place.run("notebook run d.ipynb").ends(2).says(&["there is no file d.ipynb"]);
    write("e.ipynb", r#"{ "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [] }"#);
    place.run("notebook clean e.ipynb").ends(0);
    place.run("notebook clean --check e.ipynb").ends(0);
}
