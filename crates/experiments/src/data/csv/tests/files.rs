//! Tests files that cannot be opened, and files with one class.

use super::*;

#[test]
fn one_class_is_refused_in_a_file_and_in_a_split() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let ones = write("ones.csv", "a,label\n1,1\n2,1\n");
    let four = write("four.csv", "a,label\n1,1\n2,0\n3,1\n4,0\n");
    let message =
        |settings: Csv| settings.load(Seed(0)).unwrap_err().message.replace(folder.path().to_str().unwrap(), "");
    let one_class = "has one class only: all 2 rows are of class +1";
    assert_eq!(message(Csv { file: ones.clone(), ..csv() }), format!("/ones.csv {one_class}"));
    let other = Validation::File(ones);
    assert_eq!(message(Csv { file: four.clone(), validation: other, ..csv() }), format!("/ones.csv {one_class}"));
    let split = message(Csv { file: four.clone(), validation: Validation::Share(0.25), ..csv() });
    assert!(split.starts_with("/four.csv: the validation split has one class only: all 1 rows"), "{split}");
    let code = Csv { file: four.clone(), validation: Validation::Share(0.1), ..csv() }.load(Seed(0)).unwrap_err().code;
    assert_eq!(code, "data.no-rows");
    let none = message(Csv { file: four, validation: Validation::Share(0.1), ..csv() });
    assert_eq!(none, "/four.csv: the validation split has no rows");
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let load = |name: &str| {
        let file = folder.path().join(name).to_str().unwrap().to_owned();
        Csv { file, ..csv() }.load(Seed(0)).unwrap_err()
    };
    assert!(load("absent.csv").message.contains("absent.csv cannot be read"));
    let codes = ["data.file.unreadable", "data.file.not-a-file"];
    assert_eq!([load("absent.csv").code, load("").code], codes);
    assert!(load("absent.csv").help.contains("relative path"));
    assert!(load("").message.ends_with("is a folder"));
    let error = Csv { file: String::new(), ..csv() }.load(Seed(0)).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), ("data.file.not-a-file", ". is a folder"));
    let large = std::fs::File::create(folder.path().join("large.csv")).unwrap();
    large.set_len((1 << 30) + 1).unwrap();
    assert!(load("large.csv").message.contains("1073741825 bytes"));
    assert_eq!(load("large.csv").code, "data.file.too-large");
}
