//! The notebooks of the project: clean, proven, and valid for other numbers of the reader.

use std::fs;

use crate::place::{Place, project, python};

fn shipped() -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(project().join("notebooks")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "ipynb"));
    files.sort();
    assert!(files.len() >= 4, "{files:?}");
    files
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn every_output_equals_the_stored_one() {
    for file in shipped() {
        Place::new().run(&format!("notebook check {}", file.display())).ends(0).says(&["proven"]);
    }
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn the_derivation_holds_for_a_reader_s_own_numbers() {
    for numbers in ["--set hidden=1 --set seed=7", "--set hidden=5 --set seed=1 --set label=-1"] {
        let place = Place::new();
        let file = project().join("notebooks/derivation.ipynb");
        place.run(&format!("notebook run {} {numbers} --output out.ipynb", file.display())).ends(0);
        assert_ne!(place.text("out.ipynb"), fs::read_to_string(file).unwrap());
    }
}

#[test]
fn they_are_stored_in_jupyter_s_format() {
    for file in shipped() {
        let text = fs::read_to_string(&file).unwrap();
        let document = restudy::notebook::Document::parse(&text, "shipped").unwrap();
        assert!(document.to_text() == text, "{}: keys sorted, one space a level", file.display());
        let code = document.cells().iter().filter(|cell| cell["cell_type"] == "code");
        let counts: Vec<_> = code.map(|cell| cell["execution_count"].as_u64().unwrap_or(0)).collect();
        assert!(
            counts.iter().copied().eq(1..=counts.len() as u64),
            "{}: executed top to bottom: {counts:?}",
            file.display()
        );
        assert!(!text.contains("\\u001b["), "{}: no codes of terminals", file.display());
        assert!(!text.contains("\"name\": \"stderr\""), "{}: no standard error", file.display());
        assert_eq!(document.kernel(), Some("restudy"));
    }
}

#[test]
#[ignore = "slow: needs a Python with nbformat"]
fn nbformat_finds_them_valid() {
    let files = shipped();
    python("validate.py", &files.iter().map(std::path::PathBuf::as_path).collect::<Vec<_>>());
}
