//! Other programs that execute the same notebooks: nbconvert, and JupyterLab in a browser.

use std::fs;

use crate::place::{Place, project, python};

#[test]
#[ignore = "slow: needs `restudy notebook install` and a Python with nbconvert"]
fn nbconvert_gives_the_same_outputs() {
    for name in ["derivation", "training"] {
        let place = Place::new();
        let file = project().join(format!("notebooks/{name}.ipynb"));
        python("execute.py", &[&file, &place.path("out.ipynb")]);
        let read = |path: &std::path::Path| restudy::notebook::Document::read(path).unwrap();
        let differences = restudy::notebook::differences(&read(&file), &read(&place.path("out.ipynb")));
        assert!(differences.is_empty(), "{differences:#?}");
    }
}

#[test]
#[ignore = "slow: needs `restudy notebook install`, JupyterLab, Playwright and Chromium"]
fn jupyterlab_runs_the_derivation_in_a_browser() {
    let place = Place::new();
    fs::copy(project().join("notebooks/derivation.ipynb"), place.path("derivation.ipynb")).unwrap();
    place.run("notebook clean derivation.ipynb").ends(0);
    let shots = project().join("target/screenshots");
    fs::create_dir_all(&shots).unwrap();
    python("browser.py", &[&place.path("derivation.ipynb"), &shots]);
    // Saved by JupyterLab, the notebook still passes the check.
    place.run("notebook check derivation.ipynb").ends(0).says(&["proven"]);
}
