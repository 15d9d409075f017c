//! Tests tables with more labels, texts or columns than a message names.

use super::{
    values::{loaded, with},
    *,
};

#[test]
fn any_number_of_labels_in_the_settings_is_counted() {
    let rows: String = (0..300).map(|i| format!("{i}.5,t{:03}\n", i % 150)).collect();
    let list = |from: usize, to: usize| (from..to).map(|i| format!("'t{i:03}'")).collect::<Vec<_>>().join(", ");
    let settings = format!("labels = {{ negative = [{}], positive = [{}] }}", list(0, 120), list(120, 150));
    let points = read(&with(&settings), format!("a,label\n{rows}")).unwrap();
    assert_eq!(points.labels.each_ref().map(Vec::len), [120, 30]);
    assert!(points.labels.iter().flatten().all(|(_, count)| *count == 2), "{:?}", points.labels);
    let lost = settings.replace("'t149'", "'t149', 'none'");
    let (message, _) = refused(&with(&lost), format!("a,label\n{rows}"));
    assert!(message.starts_with("points.csv: no row has the label \"none\""), "{message}");
}

#[test]
fn any_number_of_labels_without_a_class_is_counted() {
    // The labels that have a class come last.
    let other: String = (0..150).map(|i| format!("{i},t{i:03}\n")).collect();
    let text = format!("a,label\n{other}1,B\n2,M\n");
    let pair = with("negative = 'B'\npositive = 'M'");
    let (message, help) = refused(&pair, &text);
    assert!(message.starts_with("points.csv: 150 rows have a label that is neither \"B\" nor \"M\""), "{message}");
    assert!(message.ends_with("line 13), 138 more") && help.contains("labels = { negative = [\"B\"], positive = [\"M\"] }"), "{message} {help}");
    assert!(refused(&csv(), &text).0.contains("has 152 labels, among them"));
    // The frequent ones are named even if they begin late.
    let often = text.clone() + &"3,B\n4,M\n".repeat(9);
    assert!(refused(&csv(), often).1.contains("labels = { negative = [\"B\"], positive = [\"M\"] }"));
    let many: String = (0..10_050).map(|i| format!("{i},t{i}\n")).collect();
    let (message, _) = refused(&pair, format!("a,label\n{many}1,B\n2,M\n"));
    assert!(message.starts_with("points.csv: 10050 rows") && message.ends_with("9988 more, and others"), "{message}");
    assert!(refused(&csv(), format!("a,label\n{many}")).0.contains("has more than 10000 labels"));
    let (_, reading) = loaded("labels = { negative = ['B'], positive = ['M'] }", &[&(text + "3,B\n4,M\n"), "a,label\n1,B\n2,M\n"]).unwrap();
    assert_eq!(reading.labels[0][0].rows, 3);
}

/// Looking up the column for every row took a minute.
#[test]
fn gaps_of_many_columns_are_inputs_in_linear_time() {
    let header: String = (0..2000).map(|i| format!("c{i},")).collect();
    let row = |i: usize| (0..2000).map(|k| if (i + k).is_multiple_of(3) { "," } else { "1," }).collect::<String>() + if i.is_multiple_of(2) { "0\n" } else { "1\n" };
    let text = format!("{header}label\n{}", (0..3000).map(row).collect::<String>());
    let begun = std::time::Instant::now();
    let points = read(&with("missing = 'indicator'"), text).unwrap();
    assert_eq!((points.data.d, points.data.x[4000 - 3..4000].to_vec()), (4000, vec![0.0, 1.0, 0.0]));
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}

/// A table with `texts` columns of distinct texts, `more` columns of numbers, and a last one of numbers.
fn of_texts(texts: usize, more: usize) -> String {
    let names: String = (0..texts).map(|k| format!("text{k},")).chain((0..more).map(|k| format!("number{k},"))).collect();
    let row = |i: usize| (0..texts).map(|k| format!("t{i}x{k},")).chain((0..more).map(|k| format!("{}.5,", i * k))).collect::<String>();
    let rows: String = (0..120).map(|i| format!("{}{i}.5,{}\n", row(i), i % 2)).collect();
    format!("{names}a,label\n{rows}")
}

#[test]
fn lines_to_paste_are_whole_and_short_or_replaced() {
    let line_of = |help: &str| help.lines().last().unwrap().split("out: ").last().unwrap().to_owned();
    // A line with the kept columns replaces one that leaves out hundreds.
    for (texts, more, line) in [(500, 0, "features = [\"a\"]"), (500, 1, "features = [\"number0\", \"a\"]"), (1, 500, "features = { except = [\"text0\"] }")] {
        let text = of_texts(texts, more);
        for settings in ["", "encode = 'one-hot'"] {
            let fault = read(&with(settings), &text).unwrap_err();
            assert_eq!(line_of(&fault.help), line, "{fault}");
            assert!(fault.message.len() + fault.help.len() < 3000, "{fault}");
            assert_eq!(read(&with(&format!("{settings}\n{line}")), &text).unwrap().data.d, more + 1);
        }
    }
    // If both are many, the remedy uses pandas.
    for (settings, says) in [("", ""), ("encode = 'one-hot'", "no more than 100. Or: "), ("header = false\nlabel = 'x1002'", "")] {
        let text = of_texts(500, 500);
        let text = if settings.starts_with("header") { text.split_once('\n').unwrap().1.to_owned() } else { text };
        let fault = read(&with(settings), &text).unwrap_err();
        assert!(fault.help.contains(says) && fault.help.contains("Keep the columns of numbers alone. In pandas: t = read_csv(file"), "{fault}");
        assert!(fault.message.len() + fault.help.len() < 3000, "{fault}");
    }
    // Texts that are too long for labels are not suggested.
    let long = "x".repeat(5000);
    for text in [format!("a,label\n1,{long}\n2,y\n"), format!("a,label\n1,{long}\n2,y\n3,z\n4,{long}\n"), format!("a,label\n1,{long}\n2,\n3,z\n")] {
        for settings in ["", "negative = 'p'\npositive = 'q'", "labels = { negative = ['p'], positive = ['q'] }"] {
            let fault = read(&with(settings), &text).unwrap_err();
            assert!(fault.help.len() < 500 && fault.message.len() < 500, "{fault}");
        }
    }
}
