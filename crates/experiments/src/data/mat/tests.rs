use std::path::{Path, PathBuf};

use super::*;

mod made;

/// Files written by scipy with `make.py` in the same folder.
fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/mat").join(name)).unwrap()
}

fn mat(x: &str, y: &str) -> Mat {
    Mat { x: x.into(), y: y.into(), ..toml::from_str("file = \"points.mat\"").unwrap() }
}

fn read(settings: &Mat, bytes: &[u8]) -> Result<Points, DataError> {
    settings.points("points.mat", bytes, None)
}

fn expected() -> Dataset {
    let x = vec![0.5, 1.25, -3.0, 2.0, 0.1, 4.0, 1e-3, 7.0, 8.5, 9.0, 10.0, -11.75];
    Dataset { d: 3, x, y: vec![-1.0, 1.0, -1.0, 1.0] }
}

#[test]
fn rows_are_points_compressed_or_not() {
    for name in ["plain.mat", "packed.mat"] {
        let points = read(&mat("X", "Y"), &fixture(name)).unwrap();
        assert_eq!(points.data, expected(), "{name}");
        assert_eq!(points.inputs[2].name(), "column 3 of X");
    }
}

#[test]
fn every_type_of_number_may_be_labels() {
    let file = fixture("types.mat");
    let types = ["int8", "int16", "int32", "int64", "u8", "u16", "u32", "u64", "float32", "float64", "truth", "row"];
    for y in types {
        assert_eq!(read(&mat("X", y), &file).unwrap().data, expected(), "{y}");
    }
}

#[test]
fn the_other_byte_order_is_read() {
    fn element(kind: u32, content: &[u8]) -> Vec<u8> {
        let mut bytes = [kind.to_be_bytes(), (content.len() as u32).to_be_bytes()].concat();
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    }
    fn variable(name: &[u8], size: [i32; 2], values: &[f64]) -> Vec<u8> {
        let flags = [6_u32.to_be_bytes(), [0; 4]].concat();
        let values: Vec<u8> = values.iter().flat_map(|value| value.to_be_bytes()).collect();
        let parts = [
            element(6, &flags),
            element(5, &size.map(i32::to_be_bytes).concat()),
            element(1, name),
            element(9, &values),
        ];
        element(14, &parts.concat())
    }
    let mut file = b"MATLAB 5.0 MAT-file".to_vec();
    file.resize(124, b' ');
    file.extend(b"\x01\x00MI");
    file.extend(variable(b"X", [2, 1], &[0.25, -7.5]));
    file.extend(variable(b"Y", [1, 2], &[1.0, 0.0]));
    let data = read(&mat("X", "Y"), &file).unwrap().data;
    assert_eq!(data, Dataset { d: 1, x: vec![0.25, -7.5], y: vec![1.0, -1.0] });
}

#[test]
fn variables_that_cannot_be_points_are_named() {
    let file = fixture("odd.mat");
    for (x, y, message) in [
        ("text", "Y", "contains text (1 x 5 char), where a full matrix of numbers is expected"),
        ("cell", "Y", "contains cell (2 x 1 cell), where a full"),
        ("record", "Y", "contains record (1 x 1 struct), where a full"),
        ("sparse", "Y", "contains sparse (4 x 3 sparse), where a full"),
        ("complex", "Y", "contains complex (4 x 3 double), which is complex"),
        ("cube", "Y", "contains cube (2 x 2 x 2 double), where two dimensions"),
        ("empty", "Y", ": empty is empty (0 x 3)"),
        ("nan", "Y", ": nan(3, 2) is NaN, not a finite number"),
        ("inf", "Y", ": inf(4, 1) is -inf, not a finite number"),
        ("flipped", "Y", ": flipped is 3 x 4, but Y is 4 x 1"),
        ("X", "short", ": X is 4 x 3, but short is 3 x 1"),
        ("X", "square", ": X is 4 x 3, but square is 2 x 2"),
        ("X", "third", ": third has 3 labels: 1 (2 rows, first in row 2), -1 (row 1), 2 (row 3)"),
        ("X", "mixed", ": mixed has 3 labels: 1 (2 rows"),
        ("X", "missing", ": missing(3) is NaN, which is no label"),
        ("X", "y", " has no variable y; it contains X (4 x 3 double), Y (4 x 1 double), text (1 x 5 char), cell"),
    ] {
        let found = read(&mat(x, y), &file).unwrap_err();
        assert!(found.message.starts_with("points.mat"), "{found:?}");
        assert!(found.message["points.mat".len()..].trim_start().starts_with(message.trim_start()), "{found:?}");
        assert!(!found.help.is_empty());
    }
    assert!(read(&mat("flipped", "Y"), &file).unwrap_err().help.contains("flipped = flipped'"));
}

#[test]
fn other_kinds_of_files_are_refused() {
    let message = |bytes: &[u8]| read(&mat("X", "Y"), bytes).unwrap_err().message;
    assert_eq!(message(b""), "points.mat is empty");
    assert!(message(b"a,label\n1,1\n").contains("is not a MAT-file of level 5"));
    assert!(message(&[0; 4096]).contains("is not a MAT-file of level 5"));
    assert!(message(b"MATLAB 7.3 MAT-file, Platform").contains("version 7.3"));
    let mut header = fixture("plain.mat");
    header.truncate(128);
    assert!(message(&header).contains("has no variable X; it contains nothing"));
}

#[test]
fn a_second_file_has_as_many_columns() {
    let three = ["a", "b", "c"].map(|name| Input::Number(name.into()));
    let fault = mat("X", "Y").points("held.mat", &fixture("narrow.mat"), Some(&three)).unwrap_err();
    assert_eq!(fault.message, "held.mat: X has 2 columns, but 3 in the training file");
}

#[test]
fn a_validation_file_is_loaded_whole_and_standardized_like_the_training_points() {
    let path = |name: &str| format!("{}/../../tests/fixtures/mat/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = "file = 'FILE'\nstandardise = true\nseed = 'per-run'\nvalidation = { file = 'OTHER' }";
    let mut settings: Mat = toml::from_str(text).unwrap();
    for (place, name) in settings.files_mut().into_iter().zip(["plain.mat", "packed.mat"]) {
        *place = path(name);
    }
    assert_eq!((settings.validate(), settings.seeding()), (vec![], DataSeed::default()), "no draw depends on the seed");
    let split = settings.load(Seed(1)).unwrap();
    assert_eq!(split.train, split.validation);
    let column: Vec<f64> = (0..4).map(|i| split.train.point(i)[0]).collect();
    assert!(
        column.iter().sum::<f64>().abs() < 1e-15 && (column.iter().map(|z| z * z).sum::<f64>() - 4.0).abs() < 1e-14
    );
}

/// A file that is cut anywhere is refused: as cut off or, if the cut falls between variables, for the missing variable.
#[test]
fn cut_files_are_refused() {
    for name in ["plain.mat", "packed.mat"] {
        let file = fixture(name);
        for length in 1..file.len() {
            let found = read(&mat("X", "Y"), &file[..length]).unwrap_err().message;
            let clear = ["is cut off", "has no variable", "is not a MAT-file"].iter().any(|what| found.contains(what));
            assert!(clear, "{name} cut to {length}: {found}");
        }
    }
}

/// A flipped bit is detected in compressed data; elsewhere it gives points or an error, but no panic.
#[test]
fn flipped_bits_do_no_harm() {
    let original = expected();
    for (name, every) in [("plain.mat", 1), ("packed.mat", 1), ("odd.mat", 7)] {
        let file = fixture(name);
        for bit in (0..8 * file.len()).step_by(every) {
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(Points { data, .. }) = read(&mat("X", "Y"), &flipped) {
                assert!(data.x.len() == data.d * data.y.len() && data.x.iter().all(|x| x.is_finite()));
                assert!(name == "plain.mat" || data == original, "{name}: bit {bit} changed the points unnoticed");
            }
        }
    }
}

#[test]
fn declared_sizes_are_checked() {
    let mut file = fixture("plain.mat");
    let dimensions = file.windows(8).position(|bytes| bytes == [4, 0, 0, 0, 3, 0, 0, 0]).unwrap();
    file[dimensions..dimensions + 8].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f]);
    let message = read(&mat("X", "Y"), &file).unwrap_err().message;
    assert!(message.contains("at most 134217728 numbers"), "{message}");
    file[dimensions..dimensions + 8].copy_from_slice(&[0xff, 0xff, 0xff, 0xff, 3, 0, 0, 0]);
    assert!(read(&mat("X", "Y"), &file).unwrap_err().message.contains("a dimension is negative"));
    file[dimensions..dimensions + 8].copy_from_slice(&[0, 0, 0, 2, 3, 0, 0, 0]);
    assert!(read(&mat("X", "Y"), &file).unwrap_err().message.contains("do not match their size"));
}

/// The files of the course are not part of the project; if they are present, they must equal their CSV tables.
#[test]
fn files_of_the_course_equal_their_tables() {
    let shared: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !shared.is_dir() {
        // Bypasses the test harness, which captures the output of passing tests.
        let notice = "SKIPPED: the course's files are not in ../shared/data\n";
        std::io::Write::write_all(&mut std::io::stderr(), notice.as_bytes()).unwrap();
        return;
    }
    for name in ["double_moon_train1000", "double_moon_val1000"] {
        let file = std::fs::read(shared.join(name).with_extension("mat")).unwrap();
        let found = read(&mat("X", "Y"), &file).unwrap().data;
        let table = std::fs::read_to_string(shared.join(name).with_extension("csv")).unwrap();
        let rows = table.lines().skip(1).map(|line| line.split(',').map(|field| field.parse().unwrap()).collect());
        let rows: Vec<Vec<f64>> = rows.collect();
        assert_eq!((found.len(), found.d), (1000, 2));
        for (i, row) in rows.iter().enumerate() {
            assert_eq!((found.point(i), found.y[i]), (&row[..2], row[2]), "{name}, row {i}");
        }
        for length in (0..file.len()).step_by(61) {
            assert!(read(&mat("X", "Y"), &file[..length]).is_err(), "{name} cut to {length}");
        }
    }
}

/// Nested compressed elements, and a name of sixteen megabytes in a few kilobytes.
#[test]
fn nested_and_oversized_compressed_elements_are_refused() {
    use std::io::Write;
    let wrapped = |content: &[u8]| {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(content).unwrap();
        let packed = packed.finish().unwrap();
        [&15_u32.to_le_bytes(), (packed.len() as u32).to_le_bytes().as_slice(), &packed].concat()
    };
    let plain = fixture("plain.mat");
    let (header, variable) = (&plain[..128], &plain[128..]);
    let message = |element: &[u8]| read(&mat("X", "Y"), &[header, element].concat()).unwrap_err().message;
    assert!(message(&wrapped(&wrapped(variable))).contains("does not contain a variable"));
    let name = 16 << 20;
    let mut long = variable[..40].to_vec(); // the tag, the flags, the dimensions
    long.extend([1_u32.to_le_bytes(), u32::to_le_bytes(name)].concat());
    long.resize(40 + 8 + name as usize, b'X');
    assert!(message(&wrapped(&long)).contains("larger than its kind allows"));
}

#[test]
fn types_that_other_readers_accept_are_accepted() {
    for name in ["dims-uint32.mat", "flags-int32.mat"] {
        let points = read(&mat("X", "y"), &fixture(name)).unwrap().data;
        assert_eq!((points.d, points.y.len()), (2, 40), "{name}");
        assert_eq!(points.y.iter().filter(|label| **label == 1.0).count(), 20, "{name}");
    }
}

/// Each remedy is MATLAB that works on the kind of variable that it is printed for.
#[test]
fn other_variables_are_named_with_their_conversion() {
    for (name, x, y, what, remedy) in [
        ("cell-labels.mat", "X", "y", "y (1 x 40 cell)", "y = 2 * strcmp(y, 'good') - 1;"),
        ("char-labels.mat", "X", "y", "y (40 x 1 char)", "y = 2 * (y(:, 1) == 'g') - 1;"),
        ("struct.mat", "data", "y", "data (1 x 1 struct)", "save('file.mat', '-struct', 'data', '-v7');"),
        ("table-string-categorical.mat", "X", "y", "y (categorical)", "y = 2 * (y == 'good') - 1;"),
        ("table-string-categorical.mat", "T", "y", "T (table)", "T = T{:, vartype('numeric')};"),
    ] {
        let fault = read(&mat(x, y), &fixture(name)).unwrap_err();
        assert!(fault.message.contains(what), "{name}: {}", fault.message);
        assert!(fault.help.contains(remedy), "{name}: {}", fault.help);
    }
    let fault = read(&mat("X", "z"), &fixture("table-string-categorical.mat")).unwrap_err();
    assert_eq!(fault.message, "points.mat has no variable z; it contains X (40 x 2 double), T (table), y (categorical)");
}
