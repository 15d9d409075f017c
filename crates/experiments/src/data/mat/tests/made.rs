//! Files written by the tests: other labels, held-out points in variables of the same file, kinds that cannot be read.

use super::*;

fn element(kind: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = [kind.to_le_bytes(), (content.len() as u32).to_le_bytes()].concat();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes
}

/// A variable of class number `class` with values of type `kind`.
fn variable(class: u32, name: &str, size: &[i32], kind: u32, values: &[u8]) -> Vec<u8> {
    let parts = [
        element(6, &[class.to_le_bytes(), [0; 4]].concat()),
        element(5, &size.iter().flat_map(|size| size.to_le_bytes()).collect::<Vec<_>>()),
        element(1, name.as_bytes()),
        element(kind, values),
    ];
    element(14, &parts.concat())
}

fn doubles(name: &str, size: &[i32], values: &[f64]) -> Vec<u8> {
    variable(6, name, size, 9, &values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

fn file(variables: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"MATLAB 5.0 MAT-file".to_vec();
    file.resize(124, b' ');
    file.extend(b"\x00\x01IM");
    file.extend(variables.concat());
    file
}

fn settings(text: &str) -> Mat {
    let mat: Mat = toml::from_str(&format!("file = 'points.mat'\n{text}")).unwrap();
    assert_eq!(mat.validate(), [], "{text}");
    mat
}

/// Six rows of one input, with these labels.
fn labeled(labels: [f64; 6]) -> Vec<u8> {
    file(&[doubles("X", &[6, 1], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), doubles("Y", &[6, 1], &labels)])
}

#[test]
fn two_other_numbers_get_the_lines_to_paste() {
    for (labels, lines) in [
        ([1.0, 2.0, 1.0, 2.0, 2.0, 1.0], "negative = 1\npositive = 2"),
        ([7.0, -3.0, 7.0, -3.0, -3.0, 7.0], "negative = -3\npositive = 7"),
        ([0.5, 1e30, 0.5, 1e30, 1e30, 0.5], "negative = 0.5\npositive = 1e30"),
        ([0.0, 2.0, 0.0, 2.0, 2.0, -0.0], "negative = 0\npositive = 2"),
    ] {
        let bytes = labeled(labels);
        let fault = read(&settings(""), &bytes).unwrap_err();
        assert_eq!((fault.code, fault.help.contains(lines)), ("data.mat.unknown-labels", true), "{fault:?}");
        let points = read(&settings(lines), &bytes).unwrap();
        let second = labels.map(|label| if label == labels[1] { 1.0 } else { -1.0 });
        let sign = if lines.starts_with("negative = -3") { -1.0 } else { 1.0 };
        assert_eq!(points.data.y, second.map(|label| label * sign));
        assert_eq!(points.labels.each_ref().map(|texts| texts[0].1), [3, 3]);
    }
}

#[test]
fn other_labels_are_refused_or_left_out() {
    let bytes = labeled([1.0, 2.0, 3.0, 2.0, 1.0, 3.0]);
    let fault = read(&settings(""), &bytes).unwrap_err();
    let parts = "1 (2 rows, first in row 1), 2 (2 rows, first in row 2), 3 (2 rows, first in row 3)";
    assert_eq!(fault.message, format!("points.mat: Y has 3 labels: {parts}"));
    let line = "labels = { negative = [1], positive = [2] }";
    assert!(fault.help.ends_with(line), "{fault:?}");
    let points = read(&settings(line), &bytes).unwrap();
    assert_eq!((points.data.x, points.data.y), (vec![1.0, 2.0, 4.0, 5.0], vec![-1.0, 1.0, 1.0, -1.0]));
    assert_eq!((points.rows, points.dropped[0].rows), (6, 2));

    let fault = read(&settings("negative = 1\npositive = 2"), &bytes).unwrap_err();
    assert_eq!(fault.code, "data.mat.unknown-label");
    assert!(fault.help.ends_with(line), "{fault:?}");
    let fault = read(&settings("labels = { negative = [1, 9], positive = [2] }"), &bytes).unwrap_err();
    assert_eq!(fault.message, "points.mat: no row of Y has the label 9; there are 1, 2, 3");
    let only = read(&settings(""), &labeled([5.0; 6])).unwrap_err();
    assert_eq!(only.message, "points.mat: Y has one label only, 5");
}

#[test]
fn labels_of_one_class_need_those_of_the_other() {
    for text in [
        "negative = 1",
        "negative = 1\npositive = 1",
        "negative = nan\npositive = 1",
        "labels = { negative = [], positive = [1] }",
        "labels = { negative = [1, 1.0], positive = [2] }",
        "labels = { negative = [1], positive = [2, 1] }",
        "labels = { negative = [1], positive = [2] }\nnegative = 1\npositive = 2",
        "validation-x = 'Xtest'",
        "validation-y = ''\nvalidation = { file = 'points.mat' }",
        "validation-x = 'Y'\nvalidation = { file = 'points.mat' }",
    ] {
        let mat: Mat = toml::from_str(&format!("file = 'points.mat'\n{text}")).unwrap();
        assert!(!mat.validate().is_empty(), "{text}");
    }
}

#[test]
fn held_out_points_may_be_in_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("points.mat");
    let variables = [
        doubles("Xtrain", &[3, 1], &[1.0, 2.0, 3.0]),
        doubles("ytrain", &[3, 1], &[1.0, 2.0, 1.0]),
        doubles("Xtest", &[2, 1], &[4.0, 5.0]),
        doubles("ytest", &[1, 2], &[2.0, 1.0]),
    ];
    std::fs::write(&path, file(&variables)).unwrap();
    let mut mat = settings(
        "x = 'Xtrain'\ny = 'ytrain'\nvalidation = { file = 'points.mat' }\nvalidation-x = 'Xtest'\nvalidation-y = 'ytest'\n\
         negative = 1\npositive = 2",
    );
    mat.files_mut().into_iter().for_each(|file| *file = path.display().to_string());
    let loaded = mat.divide(&mat.open().unwrap(), Seed(1)).unwrap();
    assert_eq!((loaded.split.validation.x, loaded.split.validation.y), (vec![4.0, 5.0], vec![1.0, -1.0]));
    assert_eq!((loaded.reading.rows, loaded.reading.notices), (vec![3, 2], vec!["input \"column 1 of Xtrain\" looks like a number of the row, by its name or by values that are whole numbers in order".to_owned()]));
    mat.validation_y = Some("labels".into());
    let fault = mat.open().unwrap_err();
    assert!(fault.message.contains("has no variable labels; it contains Xtrain (3 x 1 double)"), "{fault:?}");
    assert!(fault.help.contains("validation-y = "), "{fault:?}");
}

#[test]
fn every_kind_is_named_with_its_conversion() {
    let inputs = doubles("X", &[2, 1], &[1.0, 2.0]);
    let labels = doubles("Y", &[2, 1], &[0.0, 1.0]);
    let cube = doubles("C", &[2, 2, 2], &[0.0; 8]);
    let hot = doubles("H", &[2, 2], &[0.0, 1.0, 1.0, 0.0]);
    let made = |class: u32| variable(class, "V", &[2, 1], 9, &[0; 16]);
    let single = variable(7, "S", &[2, 1], 7, &[0_f32.to_le_bytes(), 1_f32.to_le_bytes()].concat());
    let long = variable(14, "L", &[2, 1], 12, &[0_i64.to_le_bytes(), 1_i64.to_le_bytes()].concat());
    let logical = variable(0x0209, "T", &[2, 1], 2, &[0, 1]);
    for (class, x, y, what, remedy) in [
        (5, "V", "Y", "V (2 x 1 sparse)", "V = full(V);"),
        (16, "V", "Y", "V (2 x 1 function)", "V = V(...);"),
        (3, "V", "Y", "V (2 x 1 object)", "V = double(V);"),
        (4, "V", "Y", "V (2 x 1 char)", "V = str2num(V);"),
        (4, "X", "V", "V (2 x 1 char)", "V = 2 * (V(:, 1) == 'g') - 1;"),
        (0x0806, "V", "Y", "V (2 x 1 double), which is complex", "V = real(V);"),
        (6, "C", "Y", "C (2 x 2 x 2 double)", "C = reshape(C, size(C, 1), []);"),
        (6, "X", "C", "C (2 x 2 x 2 double)", "C = C(:);"),
        (6, "X", "H", "H is 2 x 2", "[~, H] = max(H, [], 2);"),
    ] {
        let bytes = file(&[inputs.clone(), labels.clone(), made(class), cube.clone(), hot.clone()]);
        let fault = read(&mat(x, y), &bytes).unwrap_err();
        assert!(fault.message.contains(what) && fault.help.contains(remedy), "{fault:?}");
    }
    let bytes = file(&[inputs, single, long, logical]);
    for name in ["S", "L", "T"] {
        assert_eq!(read(&mat("X", name), &bytes).unwrap().data.y, [-1.0, 1.0], "{name}");
    }
}

#[test]
fn many_variables_and_long_names_are_shortened() {
    let many: Vec<Vec<u8>> = (0..500).map(|place| doubles(&format!("v{place}"), &[1, 1], &[0.0])).collect();
    let message = read(&mat("X", "Y"), &file(&many)).unwrap_err().message;
    assert!(message.ends_with("v11 (1 x 1 double), and 488 more"), "{message}");
    let long = doubles(&"n".repeat(1000), &[1; 200], &[0.0]);
    let message = read(&mat("X", "Y"), &file(&[long])).unwrap_err().message;
    assert!(message.len() < 200, "{message}");
}

#[test]
fn every_form_of_version_7_3_is_recognized() {
    let signature = b"\x89HDF\r\n\x1a\n";
    let at = |place: usize, header: &[u8]| {
        let mut bytes = header.to_vec();
        bytes.resize(place, b' ');
        [bytes.as_slice(), signature, &[0; 64]].concat()
    };
    let mut second = b"points of mine".to_vec();
    second.resize(124, b' ');
    second.extend(b"\x00\x02IM");
    for bytes in [
        b"MATLAB 7.3 MAT-file, Platform: GLNXA64".to_vec(),
        at(0, b""),
        at(512, b"MATLAB 8.0 MAT-file"),
        at(512, b"MATLAB 7.3 MAT-file"),
        at(512, b""),
        at(1024, b"#"),
        second,
    ] {
        let fault = read(&mat("X", "Y"), &bytes).unwrap_err();
        assert!(fault.message.contains("is a MAT-file of version 7.3 (HDF5)"), "{fault:?}");
        assert!(fault.help.contains("save('file.mat', '-v7')"), "{fault:?}");
    }
}
