//! Draws, data, functions.

use super::*;

#[test]
fn draws_are_those_of_the_contract() {
    let seed = 0x0123_4567_89ab_cdef;
    let draws = |stream| Draws::new(Seed(seed), stream);
    let large = 3_000_000_000_u32; // rejects three of ten words
    let requests = [
        json!({ "bits": [seed, Stream::Training as u64, 100] }),
        json!({ "unit": [u64::MAX, Stream::Order as u64, 100] }),
        json!({ "below": [seed, Stream::Order as u64, 100, large] }),
        json!({ "below": [seed, Stream::Order as u64, 100, 6] }),
        json!({ "direction": [seed, Stream::Training as u64, 50] }),
        json!({ "permutation": [seed, Stream::Validation as u64, 100] }),
        json!({ "normal": [seed, Stream::Initialization as u64, 301] }),
    ];
    let Some(answers) = ask(&requests) else { return };
    let mut order = draws(Stream::Order);
    let mut training = draws(Stream::Training);
    let mut other = Draws::new(Seed(u64::MAX), Stream::Order);
    assert_eq!(answers[0], json!((0..100).map(|_| training.bits()).collect::<Vec<_>>()));
    assert_eq!(answers[1], json!((0..100).map(|_| other.unit().to_bits()).collect::<Vec<_>>()));
    assert_eq!(answers[2], json!((0..100).map(|_| u64::from(order.below(large))).collect::<Vec<_>>()));
    order = draws(Stream::Order);
    assert_eq!(answers[3], json!((0..100).map(|_| u64::from(order.below(6))).collect::<Vec<_>>()));
    training = draws(Stream::Training);
    assert_eq!(answers[4], json!((0..50).flat_map(|_| training.direction().map(f64::to_bits)).collect::<Vec<_>>()));
    let mut items: Vec<u32> = (0..100).collect();
    draws(Stream::Validation).permute(&mut items);
    assert_eq!(answers[5], json!(items));
    let mut initialization = draws(Stream::Initialization);
    assert_eq!(answers[6], json!((0..301).map(|_| initialization.normal().to_bits()).collect::<Vec<_>>()));
}

#[test]
fn data_are_those_of_the_contract() {
    let table = |name: &str| format!("{}/experiments/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let csv = |name: &str| -> Csv {
        serde_json::from_value(
            json!({ "file": table(name), "standardise": true, "validation": { "share": 0.3 }, "seed": 7 }),
        )
        .unwrap()
    };
    let turned = Csv {
        negative: Some("1".into()),
        positive: Some("-1".into()),
        features: Some(Features::Only(vec!["petal_width".into()])),
        validation: Validation::File(table("iris_petals.csv")),
        standardise: false,
        ..csv("iris_petals.csv")
    };
    let (train, validation, seed) = (151, 100, DataSeed::PerRun);
    let sets = [
        Data::DoubleMoon(DoubleMoon { train, validation, ..DoubleMoon::default() }),
        Data::Circles(Circles { train, validation, seed, ..Circles::default() }),
        Data::Xor(Xor { train, validation, seed, ..Xor::default() }),
        Data::Spirals(Spirals { train, validation, seed, turns: 2.3, ..Spirals::default() }),
        Data::Blobs(Blobs { train, validation, seed, ..Blobs::default() }),
        Data::Csv(csv("breast_cancer.csv")),
        // 30.5 rows, rounded to 31.
        Data::Csv(Csv { validation: Validation::Share(0.305), ..csv("iris_petals.csv") }),
        Data::Csv(turned),
    ];
    require_same(&sets);
}

/// Compares the points of data sets with those of the Python program, to the last bit.
fn require_same(sets: &[Data]) {
    let run = Seed(2014);
    let requests: Vec<Value> = sets.iter().map(|data| json!({ "data": [run.0, data] })).collect();
    let Some(answers) = ask(&requests) else { return };
    for (data, answer) in sets.iter().zip(answers) {
        let split = data.load(data.seeding().of(run)).unwrap();
        let found: Vec<u64> = bits(&split.train).chain(bits(&split.validation)).collect();
        let theirs: Vec<u64> = serde_json::from_value(answer[0].clone()).unwrap();
        let differs = found.iter().zip(&theirs).position(|(ours, theirs)| ours != theirs);
        assert_eq!((differs, found.len()), (None, theirs.len()), "{}: number {differs:?} differs", data.key());
        assert_eq!(answer[1], json!(Digest::of_split(&split).to_string()), "{}", data.key());
    }
}

#[test]
fn tables_with_gaps_texts_and_other_labels_are_those_of_the_contract() {
    let place = tempfile::tempdir().unwrap();
    let mut draws = Draws::new(Seed(5), Stream::GradientCheck);
    let mut table = |name: &str, header: &str| {
        let row = |i: usize| {
            let mut field =
                |other: &str| if draws.below(7) == 0 { other.to_owned() } else { draws.normal().to_string() };
            let (a, b) = (field("NA"), field(""));
            let c = field(["nan", "?", "n/a", "#N/A", "<NA>", "NAN", "None", "null"][i % 8]);
            let text = ["rot", "\"grün, hell\"", "blau"][i % 3];
            format!("{i},{a},{text},{b},{c},{}\n", ["x", "y", "z", "w", "", "?"][i * 5 % 24 % 6])
        };
        let path = place.path().join(name);
        fs::write(&path, format!("{header}{}", (0..48).map(row).collect::<String>())).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (one, two) = (table("one.csv", "id,a,color,b,c,kind\n"), table("two.csv", "id,a,color,b,c,kind\n"));
    let bare = table("bare.csv", "");
    let written = |name: &str, bytes: Vec<u8>| {
        let path = place.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let row = |i: u32| format!("{},5;1,{};{}\r\n", i, i * 37 % 1000, ["ja", "nein"][i as usize % 2]);
    let commas = (0..20).map(row).collect::<String>();
    let semicolons =
        written("semicolons.csv", format!("# \"by hand, x;y\r\n\r\n# second\r\na;b;kind\r\n{commas}").into_bytes());
    let bare_commas = written("commas.csv", commas.clone().into_bytes());
    let declared =
        written("declared.csv", format!("sep=;\nb;kind;a\n{}", "1,5;ja;7\n2,25;nein;8\n".repeat(9)).into_bytes());
    let wide = format!("\u{feff}a\tb\tkind\n{}", "1.5\t2\tja\n3\t4e-1\tnein\n".repeat(8));
    let wide = written("wide.csv", wide.encode_utf16().flat_map(u16::to_be_bytes).collect());
    let blanks =
        written("blanks.data", "  1.5 A11   2 ja\r\n\r\n2 A12 ?  nein \r\n3 A11 4 ja\r\n".repeat(6).into_bytes());
    let answers = json!({ "negative": ["nein"], "positive": ["ja"] });
    let classes = json!({ "negative": ["x", "w"], "positive": ["y"] });
    let except = json!({ "except": ["id"] });
    let sets = [
        json!({ "file": one, "label": "kind", "labels": classes, "features": except, "missing": "drop", "encode": "one-hot", "standardise": true }),
        json!({ "file": one, "label": "kind", "labels": classes, "features": except, "missing": "mean", "encode": "one-hot" }),
        json!({ "file": one, "label": "kind", "labels": classes, "missing": "indicator", "encode": "one-hot", "standardise": true, "stratified": true,
                "validation": { "share": 0.1 }, "seed": "per-run" }),
        json!({ "file": one, "label": "kind", "labels": classes, "features": ["c", "color", "a"], "missing": "indicator", "encode": "one-hot",
                "standardise": true, "validation": { "file": two } }),
        json!({ "file": bare, "label": "x6", "labels": classes, "header": false, "features": { "except": ["x3"] }, "missing": "mean" }),
        json!({ "file": bare, "label": "x6", "labels": classes, "header": false, "features": ["x1"], "stratified": true, "validation": { "share": 0.9 } }),
        json!({ "file": semicolons, "label": "kind", "labels": answers, "standardise": true }),
        json!({ "file": bare_commas, "label": "x3", "labels": answers, "header": false }),
        json!({ "file": semicolons, "label": "kind", "negative": "ja", "positive": "nein", "validation": { "file": declared } }),
        json!({ "file": blanks, "label": "x4", "labels": answers, "header": false, "encode": "one-hot", "missing": "mean", "stratified": true }),
        json!({ "file": wide, "label": "kind", "labels": answers, "stratified": true }),
        json!({ "file": wide, "label": "kind", "labels": answers, "stratified": true, "validation": { "folds": 3 }, "fold": 2 }),
        json!({ "file": semicolons, "label": "kind", "labels": answers, "standardise": true, "validation": { "folds": 4 }, "fold": 0, "seed": "per-run" }),
    ];
    require_same(&sets.map(|settings| Data::Csv(serde_json::from_value(settings).unwrap())));
}

/// Lines that are skipped, and texts that other readers take for numbers.
#[test]
fn unusual_lines_and_texts_are_those_of_the_contract() {
    let place = tempfile::tempdir().unwrap();
    let rows: String =
        (0..12).map(|i| format!("{i}.5,{},{}\n", ["2020_01", "2020-01-02", "1_000", "12:30"][i % 4], i % 2)).collect();
    let marked = rows.replace(',', ";");
    let answers = [
        // A separator declared in quotes, between blanks, and in a line before the place of a comment.
        ("quoted.csv", format!("\"sep=;\"\r\na;b;label\r\n{marked}")),
        ("blanks.csv", format!("\n  \" sep=; \" \na;b;label\n{marked}")),
        // The quote in a comment ends with its line; blanks, a tab and another kind of space precede the mark.
        ("comments.csv", format!("# by,\"hand\n\n \t#, x\n\u{2003}# \"a;label\"\na,b,label\n{rows}")),
        // Neither mark begins a comment: the label is a field of the line.
        ("named.csv", format!("#a,b,label\n{rows}")),
        ("first.csv", format!("# one\n#a,b,label\n{rows}")),
        // A name and a text of several lines.
        ("lines.csv", format!("a,\"b\n# c\",label\n{rows}").replace("12:30", "\"12\n# 30\"")),
    ];
    let sets = answers.map(|(name, text)| {
        let path = place.path().join(name);
        fs::write(&path, text).unwrap();
        json!({ "file": path, "encode": "one-hot", "stratified": true, "standardise": true })
    });
    require_same(&sets.map(|settings| Data::Csv(serde_json::from_value(settings).unwrap())));
}

type Function = fn(f64) -> f64;

#[test]
fn functions_are_those_of_the_contract() {
    let mut draws = Draws::new(Seed(1), Stream::GradientCheck);
    let mut arguments = vec![
        0.0,
        1.0,
        2.0,
        0.5,
        std::f64::consts::SQRT_2,
        std::f64::consts::FRAC_1_SQRT_2,
        709.782_712_893_384,
        709.782_712_893_385,
        710.0,
        745.133_219_101_941,
        745.133_219_101_942,
        746.0,
        36.736_800_569_677_1,
        1e-17,
        1e300,
        f64::EPSILON,
        f64::MIN_POSITIVE,
        f64::MIN_POSITIVE / 3.0,
        f64::from_bits(1),
        f64::MAX,
        f64::INFINITY,
        f64::NAN,
    ];
    arguments.extend((0..60).map(|_| 800.0 * draws.unit())); // all of exp
    arguments.extend((0..60).map(|_| 2.0 * draws.unit())); // around 1, and 1 + x around 0
    arguments.extend((0..60).map(|_| 1.0 + 1e-8 * draws.normal()));
    arguments.extend((0..60).map(|_| f64::from_bits(draws.bits()))); // any size
    let negative: Vec<f64> = arguments.iter().map(|x| -x).collect();
    arguments.extend(negative);
    let patterns: Vec<u64> = arguments.iter().map(|x| x.to_bits()).collect();
    let functions: [(&str, Function); 5] = [
        ("exp", math::exp),
        ("ln", math::ln),
        ("ln_1p", math::ln_1p),
        ("sigmoid", math::sigmoid),
        ("softplus", math::softplus),
    ];
    let requests: Vec<Value> = functions.iter().map(|(name, _)| json!({ "function": [name, patterns] })).collect();
    let Some(answers) = ask(&requests) else { return };
    for ((name, function), answer) in functions.iter().zip(answers) {
        for (x, theirs) in arguments.iter().zip(answer.as_array().unwrap()) {
            let theirs = pattern(f64::from_bits(theirs.as_u64().unwrap()));
            assert_eq!(pattern(function(*x)), theirs, "{name}({x:e})");
        }
    }
}
