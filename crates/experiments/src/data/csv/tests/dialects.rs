//! Tests other dialects: read if unambiguous, refused otherwise.

use super::*;
use crate::data::Dataset;

#[track_caller]
fn assert_read(settings: &Csv, text: impl AsRef<[u8]>, x: &[f64], how: &str) {
    let points = read(settings, text).unwrap();
    assert_eq!((points.data.x.as_slice(), points.how.join("; ").as_str()), (x, how));
}

#[test]
fn other_separators_are_read() {
    for (mark, name) in [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")] {
        let text = "x1,x2,label\n1.5,2,0\n3,4,1\n".replace(',', &mark.to_string());
        let how = format!("columns separated by {name}");
        assert_read(&csv(), &text, &[1.5, 2.0, 3.0, 4.0], &how);
        let bare = Csv { header: false, label: "x3".into(), ..csv() };
        assert_read(&bare, &text[12..], &[1.5, 2.0, 3.0, 4.0], &how);
        let quoted = "\"x1\",\"x2\" ,\"label\"\n\"1.5\",\"2\",\"0\"\n\"3\",\"4\",\"1\"\n".replace(',', &mark.to_string());
        assert_read(&csv(), &quoted, &[1.5, 2.0, 3.0, 4.0], &how);
        // Quotes are checked with every separator.
        assert!(refused(&csv(), text.replace("3", "\"3")).0.contains("never closed"), "{name}");
        assert!(refused(&csv(), text.replace("label", "Lable")).1.contains("Did you mean \"Lable\""), "{name}");
        assert!(refused(&csv(), text.replace("\n3", "\n3,7")).0.contains("\"3,7\" is not a number") || mark == ';', "{name}");
    }
    // A comma next to the label is the separator.
    assert_read(&csv(), "a;b,label\n1,0\n2,1\n", &[1.0, 2.0], "");
    assert_read(&csv(), "x1 x2  label\r\n 1.5 2   0\r\n\r\n3 4 1 \r\n", &[1.5, 2.0, 3.0, 4.0], "columns separated by blanks");
    let bare = Csv { header: false, label: "x3".into(), ..csv() };
    assert_read(&bare, "  1.5 2 0\n3   4 1", &[1.5, 2.0, 3.0, 4.0], "columns separated by blanks");
    assert_eq!(refused(&csv(), "x label\n\n1 0\n! 1\n").0, "points.csv, line 4, column \"x\": \"!\" is not a number");
    assert!(refused(&csv(), "x1 x2 label\n1 2 0 4\n").1.contains("by blanks"));
    assert!(refused(&bare, "1 2 0\n3 \"4\" 1\n").1.contains("read_csv(file, sep=r'\\s+', header=None).to_csv(file, index=False, header=False), together with header = false"));
    assert!(refused(&csv(), "1 2 0\n3 \"4\" 1\n").1.contains("header=None"), "also without header = false");
    let bare = Csv { header: false, label: "x2".into(), features: only(&["x1"]), ..csv() };
    assert!(read(&bare, "1,0;a\n2,1;b\n").is_err(), "two ways to read it");
}

#[test]
fn decimal_commas_are_read_unless_they_may_separate_thousands() {
    let how = "columns separated by semicolons; numbers with decimal commas";
    assert_read(&csv(), "x1;x2;label\n1,5;-2,25e1;0\n2;3,125;1\n", &[1.5, -22.5, 2.0, 3.125], how);
    assert_read(&csv(), "x1;label\n0,125;0\n0,250;1\n", &[0.125, 0.25], how);
    let bare = Csv { header: false, label: "x3".into(), ..csv() };
    assert_read(&bare, "1,5;2,5;0\n2,5;3,5;1\n", &[1.5, 2.5, 2.5, 3.5], how);
    for two_ways in ["x1;label\n12,345;0\n1,500;1\n", "x1;x2;label\n1,5;1.5;0\n2,5;3;1\n"] {
        assert!(refused(&csv(), two_ways).0.contains("not"), "{two_ways}");
    }
    assert!(refused(&csv(), "x1;label\n1.234,5;0\n2,5;1\n").0.contains("\"1.234,5\" is not a number"));
    // Unused columns are ignored.
    let some = Csv { features: only(&["x1"]), ..csv() };
    assert_read(&some, "x1;version;label\n1,5;1.5;0\n2,5;3.1;1\n", &[1.5, 2.5], how);
}

#[test]
fn comments_and_sep_lines_are_skipped_only_above_names() {
    let how = "2 lines of comments above the names";
    assert_read(&csv(), "# by \"hand\n\n# in May, June\nx1,label\n1,0\n2,1\n", &[1.0, 2.0], how);
    let points = read(&csv(), "#x1,label\n1,0\n2,1\n").unwrap();
    assert_eq!(names(&points), ["#x1"], "a line with the label is the line of names");
    let bare = Csv { header: false, label: "x2".into(), ..csv() };
    assert!(refused(&bare, "# by hand\n1,0\n2,1\n").1.contains("Remove the comments"), "no row is lost");
    assert!(refused(&csv(), "# by hand\nx1,Lable\n1,0\n").1.contains("Remove the comments"));
    assert_read(&csv(), "sep=;\r\nx1;label\r\n1;0\r\n2;1\r\n", &[1.0, 2.0], "the first line says what separates the columns: sep=;");
    assert_eq!(refused(&csv(), "sep=;\nx1;label\n1;0\n!;1\n").0, "points.csv, line 4, column \"x1\": \"!\" is not a number");
}

#[test]
fn utf_16_with_a_byte_order_mark_is_read() {
    let text = "é,label\n1,0\n2,1\n";
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect();
        assert_read(&csv(), &bytes, &[1.0, 2.0], "text in UTF-16");
        assert_eq!(read(&csv(), &bytes).unwrap().data, Dataset { d: 1, x: vec![1.0, 2.0], y: vec![-1.0, 1.0] });
        assert_eq!(read(&csv(), &bytes[..bytes.len() - 1]).unwrap_err().code, "data.csv.encoding");
    }
}

#[test]
fn tables_of_orange_are_recognized() {
    for (separator, says) in [("\t", "read_csv(file, sep='\\t', skiprows=[1, 2])"), (",", "read_csv(file, skiprows=[1, 2])")] {
        let lines = ["a,job,label", "continuous,discrete,x y", ",meta,class", "1,b,x", "2,c,y"].map(|line| line.replace(',', separator) + "\n");
        let short = ["c,d,d", ",,class"].map(|line| line.replace(',', separator) + "\n");
        let short = read(&csv(), [&lines[0][..], &short[0], &short[1], &lines[3], &lines[4]].concat()).unwrap_err();
        let fault = read(&csv(), lines.concat()).unwrap_err();
        assert_eq!(short, fault);
        assert_eq!(fault.code, "data.csv.other-kind", "{fault}");
        assert!(fault.message.starts_with("points.csv is a table of Orange") && fault.help.contains(says), "{fault}");
        let settings = values::with("negative = 'x'\npositive = 'y'\nfeatures = ['a']");
        assert_eq!(read(&settings, [&lines[0][..], &lines[3], &lines[4]].concat()).unwrap().data.len(), 2);
    }
    // Texts of two rows are not types.
    assert_eq!(read(&values::with("encode = 'one-hot'"), "a,job,label\nd,c,0\nc,m,1\n").unwrap().data.len(), 2);
}
