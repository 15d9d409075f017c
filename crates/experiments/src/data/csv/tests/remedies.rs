//! Follows every remedy of a fault in data: the fault must be gone, with the right number of rows and inputs.

use super::*;

struct Case {
    code: &'static str,
    /// Settings and text with the fault.
    settings: &'static str,
    text: &'static str,
    /// A piece of the help.
    says: &'static str,
    /// Settings that follow the help, and the changed text.
    then: &'static str,
    changed: Option<&'static str>,
    /// Rows that are kept, and inputs.
    gives: (usize, usize),
}

const TEXTS: &str = "a,job,sex,label\n1,x,m,0\n2,y,f,1\n3,x,m,0\n4,y,f,1\n5,x,m,0\n6,y,f,1\n7,x,m,0\n8,y,f,1\n9,x,m,0\n0,y,f,1\n";
const GAPS: &str = "a,b,c,label\n1,,1,0\n,2,2,1\n,3,3,0\n4,4,4,1\n5,5,5,0\n";

const MARKS: &str = "a,b,label\n1,2,0\n2,.,1\n3,2,0\n4,2,1\n5,2,0\n6,2,1\n7,.,0\n8,2,1\n9,2,0\n0,2,1\n";
const FILLED: &str = "a,b,label\n1,2,0\n2,,1\n3,2,0\n4,2,1\n5,2,0\n6,2,1\n7,NA,0\n8,2,1\n9,2,0\n0,2,1\n";
const SOME: &str = "a,name,sex,label\n1,p,m,0\n2,q,f,1\n3,r,m,0\n4,s,f,1\n5,t,m,0\n6,u,f,1\n7,v,m,0\n8,w,f,1\n9,x,m,0\n0,y,f,1\n";

const THREE: &str = "a,job,label\n1,x,M\n,y,B\n3,x,M\n4,y,B\n5,x,M\n6,y,B\n7,x,M\n8,y,B\n9,x,M\n0,y,B\n";
const ALSO: &str = "Values are missing, too, in \"a\" (1): missing = \"drop\" or missing = \"mean\".\nAnd the labels: \"B\" and \"M\" in column \"label\" are no known labels.";

const CASES: [Case; 60] = [
    Case { code: "data.csv.not-a-number", settings: "", text: THREE, says: ALSO, then: "encode = 'one-hot'\nmissing = 'mean'\nnegative = 'B'\npositive = 'M'", changed: None, gives: (10, 3) },
    Case { code: "data.csv.not-a-number", settings: "", text: THREE, says: "\nnegative = \"B\"\npositive = \"M\"", then: "features = { except = ['job'] }\nmissing = 'drop'\nnegative = 'B'\npositive = 'M'", changed: None, gives: (9, 1) },
    Case { code: "data.csv.missing", settings: "encode = 'one-hot'", text: THREE, says: "\nAnd the labels: \"B\" and \"M\" in column \"label\"", then: "encode = 'one-hot'\nmissing = 'mean'\nnegative = 'B'\npositive = 'M'", changed: None, gives: (10, 3) },
    Case { code: "data.csv.row-as-header", settings: "", text: "1.5,2.5,0\n3,4,1\n", says: "header = false and label = \"x3\"", then: "header = false\nlabel = 'x3'", changed: None, gives: (2, 2) },
    Case { code: "data.csv.row-as-header", settings: "label = 'g'\nnegative = 'g'\npositive = 'b'", text: "1,1,g\n3,4,b\n5,6,g\n", says: "label = \"x3\"", then: "header = false\nlabel = 'x3'\nnegative = 'g'\npositive = 'b'", changed: None, gives: (3, 2) },
    Case { code: "data.csv.row-as-header", settings: "label = 'g'\nnegative = 'g'\npositive = 'b'", text: "1,2,g\n3,4,b\n5,6,g\n", says: "label = \"x3\"", then: "header = false\nlabel = 'x3'\nnegative = 'g'\npositive = 'b'", changed: None, gives: (3, 2) },
    Case { code: "data.csv.header-as-row", settings: "header = false", text: "a,b,label\n1,2,0\n3,4,1\n", says: "Remove header = false", then: "", changed: None, gives: (2, 2) },
    Case { code: "data.csv.header-as-row", settings: "header = false\nlabel = 'x3'", text: "a,b,c\n1,2,0\n3,4,1\n", says: "Remove header = false", then: "label = 'c'", changed: None, gives: (2, 2) },
    Case { code: "data.csv.no-label-column", settings: "header = false", text: "1,2,0\n3,4,1\n", says: "label = \"x3\"", then: "header = false\nlabel = 'x3'", changed: None, gives: (2, 2) },
    Case { code: "data.csv.no-label-column", settings: "", text: "a,Lable\n1,0\n2,1\n", says: "Did you mean \"Lable\"? Correct label", then: "label = 'Lable'", changed: None, gives: (2, 1) },
    Case { code: "data.csv.no-column", settings: "features = ['redius']", text: "radius,label\n1,0\n2,1\n", says: "Did you mean \"radius\"? Correct features", then: "features = ['radius']", changed: None, gives: (2, 1) },
    Case { code: "data.csv.no-column", settings: "features = { except = ['Id'] }", text: "id,a,label\n1,3,0\n2,4,1\n", says: "Did you mean \"id\"? Correct features = { except", then: "features = { except = ['id'] }", changed: None, gives: (2, 1) },
    Case { code: "data.csv.no-inputs", settings: "features = { except = ['a', 'b'] }", text: "a,b,label\n1,3,0\n2,4,1\n", says: "Leave out less", then: "features = { except = ['a'] }", changed: None, gives: (2, 1) },
    Case { code: "data.csv.unnamed-column", settings: "", text: ",a,label\n1,3,0\n2,4,1\n", says: "features = { except = [\"\"] }", then: "features = { except = [\"\"] }", changed: None, gives: (2, 1) },
    Case { code: "data.csv.unnamed-column", settings: "features = { except = ['a'] }", text: ",a,b,label\n1,3,2,0\n2,4,2,1\n", says: "features = { except = [\"a\", \"\"] }", then: "features = { except = [\"a\", \"\"] }", changed: None, gives: (2, 1) },
    Case { code: "data.csv.same-names", settings: "", text: "a,a,label\n1,3,0\n2,4,1\n", says: "a name of its own", then: "", changed: Some("a,b,label\n1,3,0\n2,4,1\n"), gives: (2, 2) },
    Case { code: "data.csv.trailing-comma", settings: "", text: "a,label,\n1,0\n2,1\n", says: "Remove a comma at the end of the first line", then: "", changed: Some("a,label\n1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.trailing-comma", settings: "", text: "a,label\n1,0,\n2,1,\n", says: "Remove a comma at the end of the rows", then: "", changed: Some("a,label\n1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.unclosed-quote", settings: "", text: "a,label\n\"1,0\n2,1\n", says: "Remove the quote", then: "", changed: Some("a,label\n1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.text-behind-quote", settings: "", text: "a,label\n\"1\"x,0\n2,1\n", says: "Remove the quote that opens the field", then: "", changed: Some("a,label\n1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.not-a-number", settings: "", text: TEXTS, says: "features = { except = [\"job\", \"sex\"] }", then: "features = { except = [\"job\", \"sex\"] }", changed: None, gives: (10, 1) },
    Case { code: "data.csv.not-a-number", settings: "", text: TEXTS, says: "encode = \"one-hot\"", then: "encode = \"one-hot\"", changed: None, gives: (10, 5) },
    Case { code: "data.csv.not-a-number", settings: "features = ['sex', 'a']", text: TEXTS, says: "features = [\"a\"]", then: "features = [\"a\"]", changed: None, gives: (10, 1) },
    Case { code: "data.csv.not-a-number", settings: "features = { except = ['job'] }", text: TEXTS, says: "features = { except = [\"job\", \"sex\"] }", then: "features = { except = [\"job\", \"sex\"] }", changed: None, gives: (10, 1) },
    Case { code: "data.csv.not-a-number", settings: "features = ['sex']", text: TEXTS, says: "Make inputs of their texts:\nencode = \"one-hot\"", then: "features = ['sex']\nencode = \"one-hot\"", changed: None, gives: (10, 2) },
    Case { code: "data.csv.missing", settings: "", text: GAPS, says: "missing = \"drop\" leaves out the 3 rows", then: "missing = \"drop\"", changed: None, gives: (2, 3) },
    Case { code: "data.csv.missing", settings: "", text: GAPS, says: "missing = \"mean\"", then: "missing = \"mean\"", changed: None, gives: (5, 3) },
    Case { code: "data.csv.missing", settings: "", text: GAPS, says: "features = { except = [\"a\", \"b\"] } leaves these columns out", then: "features = { except = [\"a\", \"b\"] }", changed: None, gives: (5, 1) },
    Case { code: "data.csv.missing-label", settings: "", text: "a,label\n1,0\n2,\n3,1\n", says: "missing = \"drop\"", then: "missing = \"drop\"", changed: None, gives: (2, 1) },
    Case { code: "data.csv.unknown-labels", settings: "", text: "a,label\n1,M\n2,B\n", says: "negative = \"B\"\npositive = \"M\"", then: "negative = \"B\"\npositive = \"M\"", changed: None, gives: (2, 1) },
    Case { code: "data.csv.unknown-label", settings: "negative = 'B'\npositive = 'M'", text: "a,label\n1,M\n2,B\n3,C\n4,D\n", says: "labels = { negative = [\"B\"], positive = [\"M\"] }", then: "labels = { negative = [\"B\"], positive = [\"M\"] }", changed: None, gives: (2, 1) },
    Case { code: "data.csv.many-labels", settings: "", text: "a,label\n1,x\n2,y\n3,z\n4,y\n5,x\n", says: "labels = { negative = [\"x\"], positive = [\"y\"] }", then: "labels = { negative = [\"x\"], positive = [\"y\"] }", changed: None, gives: (4, 1) },
    Case { code: "data.csv.unused-label", settings: "labels = { negative = ['B'], positive = ['Malign'] }", text: "a,label\n1,malign\n2,B\n", says: "Did you mean \"malign\"", then: "labels = { negative = ['B'], positive = ['malign'] }", changed: None, gives: (2, 1) },
    Case { code: "data.csv.row-as-header", settings: "label = '0'\nencode = 'one-hot'", text: "m,yes,0\nf,no,1\nm,yes,0\nf,no,1\n", says: "label = \"x", then: "header = false\nlabel = 'x3'\nencode = 'one-hot'", changed: None, gives: (4, 4) },
    Case { code: "data.csv.no-label-column", settings: "", text: "m,5,0\nf,6,1\n", says: "header = false and label = \"x3\"", then: "header = false\nlabel = 'x3'\nfeatures = ['x2']", changed: None, gives: (2, 1) },
    Case { code: "data.csv.comments", settings: "header = false\nlabel = 'x2'", text: "# by hand\n1,0\n2,1\n", says: "Remove the comments", then: "header = false\nlabel = 'x2'", changed: Some("1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.quote-over-rows", settings: "features = ['a']", text: "a,t,label\n1,\"x,0\n2,y,1\n3,z\",0\n", says: "Remove the quote", then: "features = ['a']", changed: Some("a,t,label\n1,x,0\n2,y,1\n3,z,0\n"), gives: (3, 1) },
    Case { code: "data.csv.ragged", settings: "", text: "a,label\n1,0\n2,5,1\n", says: "a field with a comma in it needs quotes", then: "features = ['a']", changed: Some("a,label\n1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.row-names", settings: "", text: "a,label\n\"r1\",1,0\n\"r2\",2,1\n", says: "row.names = FALSE", then: "", changed: Some("\"a\",\"label\"\n1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.empty", settings: "", text: "", says: "The first line must name the columns", then: "", changed: Some("a,label\n1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.no-rows", settings: "", text: "a,label\n", says: "Add a row", then: "", changed: Some("a,label\n1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.other-kind", settings: "", text: "[{\"a\":1,\"label\":0},{\"a\":2,\"label\":1}]", says: "read_json(file).to_csv('table.csv', index=False)", then: "", changed: Some("a,label\n1,0\n2,1\n"), gives: (2, 1) },
    Case { code: "data.csv.one-label", settings: "", text: "a,label\n1,x\n2,x\n", says: "points of both classes", then: "negative = 'x'\npositive = 'y'", changed: Some("a,label\n1,x\n2,y\n"), gives: (2, 1) },
    Case { code: "data.csv.missing-label", settings: "missing = 'mean'", text: "a,b,label\n1,,0\n2,1,\n3,2,1\n", says: "alone:\nlabels = { negative = [\"0\"], positive = [\"1\"] }", then: "missing = 'mean'\nlabels = { negative = [\"0\"], positive = [\"1\"] }", changed: None, gives: (2, 2) },
    Case { code: "data.csv.missing-label", settings: "negative = 'no'\npositive = 'yes'", text: "a,label\n1,no\n2,?\n3,yes\n", says: "in place of `negative` and `positive` leaves out such rows alone:\nlabels = { negative = [\"no\"], positive = [\"yes\"] }", then: "labels = { negative = [\"no\"], positive = [\"yes\"] }", changed: None, gives: (2, 1) },
    Case { code: "data.csv.no-label-column", settings: "header = false\nlabel = 'x3'", text: "1 'x y' 0\n3 z 1\n", says: "read_csv(file, sep=r'\\s+', header=None).to_csv(file, index=False, header=False), together with header = false", then: "header = false\nlabel = 'x3'\nencode = 'one-hot'", changed: Some("1,x y,0\n3,z,1\n"), gives: (2, 3) },
    Case { code: "data.csv.no-label-column", settings: "", text: "a b label\n1 2 \"0\"\n3 4 1\n", says: "read_csv(file, sep=r'\\s+').to_csv(file, index=False).", then: "", changed: Some("a,b,label\n1,2,0\n3,4,1\n"), gives: (2, 2) },
    Case { code: "data.csv.unused-label", settings: "labels = { negative = ['x'], positive = ['y'] }", text: "a,label\n1,no\n2,\n3,yes\n4,no\n", says: "labels = { negative = [\"no\"], positive = [\"yes\"] }", then: "labels = { negative = [\"no\"], positive = [\"yes\"] }", changed: None, gives: (3, 1) },
    Case { code: "data.csv.unknown-label", settings: "negative = 'x'\npositive = 'y'", text: "a,label\n1,no\n2,yes\n", says: "negative = \"no\"\npositive = \"yes\"", then: "negative = \"no\"\npositive = \"yes\"", changed: None, gives: (2, 1) },
    Case { code: "data.csv.missing", settings: "", text: "a,label\n1,0\n?,0\n3,1\n", says: "missing = \"mean\"", then: "missing = \"mean\"", changed: None, gives: (3, 1) },
    Case { code: "data.csv.not-a-number", settings: "", text: MARKS, says: "leave those fields empty, or write NA, and say what is done about them: missing = \"drop\"", then: "missing = \"drop\"", changed: Some(FILLED), gives: (8, 2) },
    Case { code: "data.csv.not-a-number", settings: "encode = 'one-hot'\nmissing = 'mean'", text: MARKS, says: "leave those fields empty, or write NA.", then: "missing = \"mean\"\nencode = 'one-hot'", changed: Some(FILLED), gives: (10, 2) },
    Case { code: "data.csv.not-a-number", settings: "", text: SOME, says: "of \"sex\", which are few, and leave \"name\" out, with these two lines:\nencode = \"one-hot\"\nfeatures = { except = [\"name\"] }", then: "encode = \"one-hot\"\nfeatures = { except = [\"name\"] }", changed: None, gives: (10, 3) },
    Case { code: "data.csv.not-a-number", settings: "", text: SOME, says: "Or leave all of them out:\nfeatures = { except = [\"name\", \"sex\"] }", then: "features = { except = [\"name\", \"sex\"] }", changed: None, gives: (10, 1) },
    Case { code: "data.csv.row-as-header", settings: "label = 'income'", text: ADULT, says: "header = false and label = \"x5\"", then: NO_NAMES, changed: None, gives: (4, 6) },
    Case { code: "data.csv.row-as-header", settings: "label = '<=50K'\nfeatures = ['39', '13']", text: ADULT, says: "header = false and label = \"x5\"", then: NO_NAMES, changed: None, gives: (4, 6) },
    Case { code: "data.csv.row-as-header", settings: "label = 'p'\nencode = 'one-hot'", text: "p,x,s\ne,x,y\np,b,s\ne,x,y\n", says: "header = false and label = \"x1\"", then: "header = false\nlabel = 'x1'\nencode = 'one-hot'\nnegative = 'e'\npositive = 'p'", changed: None, gives: (4, 4) },
    Case { code: "data.csv.row-as-header", settings: "", text: "p,x,s,p\ne,x,y,e\np,b,s,p\n", says: "header = false and label = \"x4\"", then: "header = false\nlabel = 'x4'\nencode = 'one-hot'\nnegative = 'e'\npositive = 'p'", changed: None, gives: (3, 6) },
    Case { code: "data.csv.names-again", settings: "", text: "a,b,label\n1,2,0\na,b,label\n4,5,1\n", says: "Remove this line", then: "", changed: Some("a,b,label\n1,2,0\n4,5,1\n"), gives: (2, 2) },
    Case { code: "data.csv.ragged", settings: "label = 'benign'", text: "2,3,benign\n1,2,3,0\n4,5,6,1\n", says: "remove it, and set header = false and label = \"x4\"", then: "header = false\nlabel = 'x4'", changed: Some("1,2,3,0\n4,5,6,1\n"), gives: (2, 3) },
];

/// The first row has numbers, and texts that occur again below.
const ADULT: &str = "39,State-gov,13,Male,<=50K\n50,Private,13,Male,<=50K\n38,State-gov,9,Female,>50K\n53,Private,7,Male,>50K\n";
const NO_NAMES: &str = "header = false\nlabel = 'x5'\nencode = 'one-hot'\nnegative = '<=50K'\npositive = '>50K'";

/// Names may include numbers, and a row may repeat one of them.
#[test]
fn names_are_not_taken_for_a_row() {
    let read = |text: &str| read(&values::with("encode = 'one-hot'"), text);
    assert_eq!(read("2019,city,label\n1,city,0\n2,town,1\n").unwrap().data.len(), 2);
    assert_eq!(read("city,town,label\ncity,a,0\nx,a,1\n").unwrap().data.len(), 2);
}

#[test]
fn every_remedy_removes_its_fault() {
    for Case { code, settings, text, says, then, changed, gives } in CASES {
        let with = |text: &str| toml::from_str::<Csv>(&format!("file = \"points.csv\"\n{text}")).unwrap();
        let fault = read(&with(settings), text).unwrap_err();
        assert_eq!(fault.code, code, "{fault}");
        assert!(fault.help.contains(says), "{fault}");
        let points = read(&with(then), changed.unwrap_or(text)).unwrap_or_else(|fault| panic!("{code}, {then}: {fault}"));
        assert_eq!((points.data.len(), points.data.d), gives, "{code}, {then}");
    }
}

#[test]
fn dropped_rows_are_not_reported_as_absent() {
    let refused = |settings: &str, text: &str| refused(&values::with(&format!("missing = 'drop'\n{settings}")), text);
    let named = "labels = { negative = ['x'], positive = ['y', 'z'] }";
    let text = "a,b,label\n1,2,x\n2,3,y\n3,,z\n4,?,z\n";
    let (message, help) = refused(named, text);
    assert_eq!(message, "points.csv: missing = \"drop\" leaves out every row with the label \"z\" (2 rows): values are missing in \"b\" (2 rows)");
    let remedy = "features = { except = [\"b\"] }";
    assert!(help.starts_with(&format!("{remedy} leaves the columns out")) && help.contains("missing = \"mean\""), "{help}");
    for settings in [format!("missing = 'drop'\n{named}\n{remedy}"), format!("missing = 'mean'\n{named}")] {
        assert_eq!(read(&values::with(&settings), text).unwrap().data.len(), 4, "{settings}");
    }
    // A whole class, with any setting of labels, and all rows.
    for (settings, labels) in [("", ["0", "1"]), ("negative = 'x'\npositive = 'y'", ["x", "y"]), (named, ["x", "y"])] {
        let [one, other] = labels;
        let (message, _) = refused(settings, &format!("a,b,label\n1,2,{one}\n2,3,{one}\n3,,{other}\n"));
        assert!(message.contains(&format!("leaves out every row with the label {other:?} (1 row): values are missing in \"b\"")), "{message}");
        let (message, _) = refused(settings, &format!("a,b,label\n1,,{one}\n2,,{one}\n3,,{other}\n"));
        assert!(message.contains("leaves out all 3 rows: values are missing in \"b\" (3 rows)"), "{message}");
    }
    // Rows of the label in the other file suffice.
    let held = "a,b,label\n1,2,x\n2,3,z\n";
    assert!(values::loaded(&format!("missing = 'drop'\n{named}"), &[text, held]).is_ok());
}

/// Code, texts of one or two files, settings, a piece of the help, settings that follow it, inputs.
type Divided<'a> = (&'a str, &'a [&'a str], &'a str, &'a str, &'a str, usize);

/// Faults that appear when a file is divided, or with a second file.
#[test]
fn every_remedy_of_divided_data_removes_its_fault() {
    let few: String = (0..40).map(|i| format!("{i},{},{}\n", if i < 8 { "rare" } else { "usual" }, u8::from(i % 20 == 3))).collect();
    let few = format!("a,job,label\n{few}");
    let gaps: String = (0..12).map(|i| format!("{i},{},{}\n", if i == 3 { "5" } else { "" }, i % 2)).collect();
    let gaps = format!("a,b,label\n{gaps}");
    let two = ["a,b,label\n1,2,0\n2,3,1\n", "b,a,c,label\n1,2,7,0\n2,3,7,1\n"];
    let adult = ["a,label\n1,<=50K\n2,>50K\n", "a,label\n1,<=50K.\n2,>50K.\n"];
    let texts = ["a,job,label\n1,x,0\n2,y,1\n", "a,job,label\n1,x,0\n2,z,1\n"];
    let huge = ["a,b,label\n1e308,1,0\n-1e308,2,1\n", "a,b,label\n1,1,0\n2,2,1\n"];
    let cases: [Divided<'_>; 10] = [
        ("data.one-class", &[&few], "features = ['a']\nseed = SEED", "stratified = true", "features = ['a']\nseed = SEED\nstratified = true", 1),
        ("data.unknown-category", &[&few.replace("7,rare", "7,usual").replace("rare", "usual").replacen("usual", "rare", 1)], "encode = 'one-hot'\nstratified = true\nseed = SEED", "another `seed`", "encode = 'one-hot'\nstratified = true\nseed = OTHER", 3),
        ("data.no-mean", &[&gaps], "missing = 'mean'\nstratified = true\nseed = SEED", "another `seed`", "missing = 'mean'\nstratified = true\nseed = OTHER", 2),
        ("data.csv.extra-column", &two, "", "name the columns to use: features = [...]", "features = ['a', 'b']", 2),
        ("data.csv.unknown-category", &texts, "encode = 'one-hot'", "features = { except = [\"job\"] }", "features = { except = [\"job\"] }", 1),
        ("data.csv.unused-label", &adult, "labels = { negative = ['<=50K'], positive = ['>50K'] }", "labels = { negative = [\"<=50K\", \"<=50K.\"], positive = [\">50K\", \">50K.\"] }", "labels = { negative = [\"<=50K\", \"<=50K.\"], positive = [\">50K\", \">50K.\"] }", 1),
        ("data.csv.unknown-label", &adult, "negative = '<=50K'\npositive = '>50K'", "in place of `negative` and `positive`:\nlabels = { negative = [\"<=50K\", \"<=50K.\"], positive", "labels = { negative = [\"<=50K\", \"<=50K.\"], positive = [\">50K\", \">50K.\"] }", 1),
        ("data.csv.unused-label", &adult, "labels = { negative = ['<=50K', '<=50K.', '=50K'], positive = ['>50K', '>50K.'] }", "Did you mean \"<=50K", "labels = { negative = [\"<=50K\", \"<=50K.\"], positive = [\">50K\", \">50K.\"] }", 1),
        ("data.standardise", &huge, "standardise = true", "leave it out", "standardise = true\nfeatures = { except = ['a'] }", 1),
        ("data.csv.many-texts", &[&many()], "encode = 'one-hot'", "features = { except = [\"job\"] }", "encode = 'one-hot'\nfeatures = { except = [\"job\"] }", 1),
    ];
    for (code, texts, settings, says, then, inputs) in cases {
        let load = |settings: &str, seed: usize| values::loaded(&settings.replace("SEED", &seed.to_string()).replace("OTHER", &seed.to_string()), texts);
        // The first seed with the fault and, for the remedy of another seed, the first one without it.
        let is_wrong = |seed: &usize| load(settings, *seed).err().is_some_and(|fault| fault.code == code);
        let seed = (0..60).find(is_wrong).unwrap_or_else(|| panic!("{code} does not occur: {:?}", load(settings, 0).err()));
        let fault = load(settings, seed).unwrap_err();
        assert!(fault.help.contains(says), "{fault}");
        let other = if then.contains("OTHER") { (0..60).find(|seed| !is_wrong(seed)).unwrap() } else { seed };
        let (split, _) = load(then, other).unwrap_or_else(|fault| panic!("{code}: {fault}"));
        assert_eq!(split.train.d, inputs, "{code}");
    }
}

fn many() -> String {
    "a,job,label\n".to_owned() + &(0..202).map(|i| format!("{i}.5,t{},{}\n", i / 2, i % 2)).collect::<String>()
}

/// Every code in the sources has a test here, except those that no text can cause.
#[test]
fn every_code_has_its_case() {
    const UNTESTED: [&str; 2] = ["data.csv.unreadable", "data.csv.too-large"];
    let tests = [include_str!("remedies.rs"), include_str!("dialects.rs"), include_str!("files.rs")].concat();
    let sources = [
        include_str!("../classes.rs"),
        include_str!("../dropped.rs"),
        include_str!("../faults.rs"),
        include_str!("../header.rs"),
        include_str!("../labels.rs"),
        include_str!("../pass.rs"),
        include_str!("../strict.rs"),
        include_str!("../table.rs"),
        include_str!("../texts.rs"),
        include_str!("../../file.rs"),
        include_str!("../../file/fill.rs"),
    ];
    for code in sources.iter().flat_map(|source| source.split("\"data.").skip(1)).filter_map(|rest| rest.split('"').next()) {
        let code = format!("data.{code}");
        assert!(tests.contains(&format!("\"{code}\"")) || UNTESTED.contains(&code.as_str()), "{code} has no test");
    }
}
