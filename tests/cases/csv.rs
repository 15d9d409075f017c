//! CSV files that lost rows, or whose remedy led to another error.

use serde_json::{Value, json};

use super::{
    place, rows, spec,
    workspace::{Workspace, flat},
};

/// The JSON output of a command that ends with this exit code.
fn object(place: &Workspace, words: &str, code: i32) -> Value {
    serde_json::from_str(&place.run(&format!("{words} --json")).ends(code).out).unwrap()
}

#[test]
fn a_stray_quote_is_refused_at_its_line() {
    let line = |i: usize| match i {
        99 => "1,2.5,\"5 inch screen\n".to_owned(),
        _ => format!("{},{}.5,ok\n", i % 2, i % 7),
    };
    let data = format!("label,x,note\n{}", (0..400).map(line).collect::<String>());
    let place = place("features = [\"x\"]", &data);
    for words in ["check x.toml", "plan x.toml", "sweep x.toml"] {
        let found = object(&place, words, 2);
        assert_eq!(found["fault"], "data.csv.unclosed-quote");
        assert_eq!(found["error"], "d.csv, line 101: a quote opens a field and is never closed");
    }
    assert!(!place.path("results").exists(), "nothing was trained");
    place.write("d.csv", data.replace('"', ""));
    let found = object(&place, "check x.toml", 0);
    assert_eq!(found["data"][0]["rows"], json!([400]));
}

#[test]
fn a_table_without_names_keeps_its_first_row() {
    let data = rows(40);
    let texts = data.replace(",0\n", ",g\n").replace(",1\n", ",b\n");
    let named = "negative = \"g\"\npositive = \"b\"";
    for (lines, data, rows) in [
        (String::new(), data.clone(), 40),
        (named.to_owned(), texts.clone(), 40),
        (String::new(), format!("1,1,0\n{data}"), 41),
        (format!("label = \"g\"\n{named}"), texts, 40),
    ] {
        let place = place(&lines, &data);
        let found = object(&place, "check x.toml", 2);
        assert_eq!(found["fault"], "data.csv.row-as-header", "{lines}");
        assert!(flat(found["help"].as_str().unwrap()).contains("set header = false and label = \"x3\""), "{found}");
        let others = lines.replace("label = \"g\"\n", "");
        place.write("x.toml", spec(&format!("header = false\nlabel = \"x3\"\n{others}")));
        assert_eq!(object(&place, "check x.toml", 0)["data"][0]["rows"], json!([rows]), "{lines}");
        place.run("sweep x.toml --quiet").ends(0);
        assert!(place.text("results/x/report.md").contains(&format!("{rows} points with 2 inputs")), "{lines}");
    }
}

#[test]
fn check_plan_and_sweep_refuse_the_same_seeds() {
    let line = |i: usize| format!("{}.{},{}.5,{}\n", i * 7 % 11, i % 10, i % 3, usize::from(i < 9));
    let data = format!("x1,x2,label\n{}", (0..80).map(line).collect::<String>());
    let place = place("seed = \"per-run\"", &data);
    let with = |seeds: &str| spec("seed = \"per-run\"").replace("seeds = 2", &format!("seeds = {seeds}"));
    // The seeds that fail alone.
    let fails = |seed: &usize| {
        place.write("one.toml", with(&format!("[{seed}]")));
        place.run("check one.toml").code != Some(0)
    };
    let failing: Vec<usize> = (0..60).filter(fails).collect();
    assert!(!failing.is_empty() && failing.len() < 6, "{failing:?}");
    let named: Vec<_> = failing.iter().map(ToString::to_string).collect();
    place.write("x.toml", with("60"));
    for words in ["check x.toml", "plan x.toml", "sweep x.toml"] {
        let answer = place.run(words);
        let message = flat(&answer.err);
        let seeds = if named.len() == 1 {
            format!("under the seed {}", named[0])
        } else {
            format!("under the seeds {}", named.join(", "))
        };
        assert!(answer.code == Some(2) && message.contains(&seeds), "{words}: {message}");
        assert!(message.contains("stratified = true"), "{words}: {message}");
    }
    place.write("x.toml", with("60").replace("\"per-run\"", "\"per-run\"\nstratified = true"));
    place.run("check x.toml").ends(0);
    place.run("sweep x.toml --quiet").ends(0);
    // The other seeds are accepted.
    let good: Vec<_> = (0..60).filter(|seed| !failing.contains(seed)).collect();
    place.write("x.toml", with(&format!("{good:?}")));
    place.run("check x.toml").ends(0);
}

#[test]
fn a_comma_at_the_end_of_the_names_is_removed() {
    let place = place("", &format!("x1,x2,label,\n{}", rows(20)));
    let found = object(&place, "check x.toml", 2);
    assert_eq!(
        (&found["fault"], &found["help"]),
        (&"data.csv.trailing-comma".into(), &"Remove a comma at the end of the first line.".into())
    );
    place.write("d.csv", format!("x1,x2,label\n{}", rows(20)));
    let found = object(&place, "check x.toml", 0);
    assert_eq!((&found["data"][0]["rows"], &found["data"][0]["names"]), (&json!([20]), &json!(["x1", "x2"])));
}

/// Tables in another format are read; other files are refused with the remedy for their format.
#[test]
fn a_file_is_read_or_its_format_is_named() {
    let table = format!("x1,x2,label\n{}", rows(20));
    let place = place("", &table);
    let whole = object(&place, "check x.toml", 0)["data"][0].clone();
    for (what, data) in [
        ("blanks", table.replace(',', " ")),
        ("bars", table.replace(',', "|")),
        ("a comment", format!("# measured by hand\n{table}")),
        ("a line of a spreadsheet", format!("sep=,\n{table}")),
        ("semicolons and decimal commas", table.replace(',', ";").replace('.', ",")),
    ] {
        place.write("d.csv", data);
        let found = object(&place, "check x.toml", 0)["data"][0].clone();
        assert_eq!((&found["rows"], &found["names"]), (&whole["rows"], &whole["names"]), "{what}");
    }
    let utf16: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 2100\n", "0".repeat(64));
    for (data, code, says) in [
        (pointer.into_bytes(), "data.csv.other-kind", "git lfs pull"),
        (b"[{\"x\":1,\"label\":0}]".to_vec(), "data.csv.other-kind", "read_json(file)"),
        (utf16, "data.csv.other-kind", "iconv -f UTF-16 -t UTF-8"),
        (b"4,2,setosa,versicolor\n5.1,3.5,0\n".to_vec(), "data.csv.no-label-column", "label = \"...\""),
        (b"label,\"x,note\n1,2,ok\n0,3,ok\n".to_vec(), "data.csv.unclosed-quote", "Remove the quote"),
        (b"x1,label\n\"a\",1,0\n\"b\",2,1\n".to_vec(), "data.csv.row-names", "row.names = FALSE"),
        (b"x1,x2,label\n1,5,2,5,0\n".to_vec(), "data.csv.ragged", "a field with a comma in it needs quotes"),
    ] {
        place.write("d.csv", data);
        let found = object(&place, "check x.toml", 2);
        assert_eq!(found["fault"], code, "{found}");
        assert!(flat(found["help"].as_str().unwrap()).contains(says), "{found}");
    }
}

#[test]
fn columns_that_number_the_rows_are_named_and_can_be_left_out() {
    let numbered =
        rows(60).lines().enumerate().map(|(i, row)| format!("{i},{},{row}\n", 842_302 + i)).collect::<String>();
    let place = place("standardise = true", &format!("Unnamed: 0,id,x1,x2,label\n{numbered}"));
    let message = place.run("check x.toml").ends(0).err;
    assert!(message.contains("\"Unnamed: 0\", \"id\""), "{message}");
    place.run("sweep x.toml --quiet").ends(0);
    let report = place.text("results/x/report.md");
    assert!(report.contains("60 points with 4 inputs") && report.contains("Unnamed: 0"), "{report}");
    let line = "features = { except = [\"Unnamed: 0\", \"id\"] }";
    assert!(message.contains(line), "{message}");
    place.write("x.toml", spec(&format!("standardise = true\n{line}")));
    let answer = place.run("check x.toml --json").ends(0);
    let found: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(found["data"][0]["names"], json!(["x1", "x2"]));
    assert!(!answer.err.contains("Unnamed: 0"), "{}", answer.err);
}

#[test]
fn all_mistakes_of_a_kind_are_named_at_once() {
    let row = |i: usize| format!("{},Tech,BSc,a,{},US,{}\n", 20 + i, 30 + i * 5 % 9, i % 2);
    let place = place("", &format!("age,job,edu,race,hours,country,label\n{}", (0..40).map(row).collect::<String>()));
    let found = object(&place, "check x.toml", 2);
    assert!(found["error"].as_str().unwrap().contains("4 columns"), "{found}");
    let line = "features = { except = [\"job\", \"edu\", \"race\", \"country\"] }";
    assert!(found["help"].as_str().unwrap().contains(line), "{found}");
    place.write("x.toml", spec(line));
    assert_eq!(object(&place, "check x.toml", 0)["data"][0]["names"], json!(["age", "hours"]));
    let row = |i: usize| if i.is_multiple_of(3) { format!(",1,{}\n", i % 2) } else { format!("{i},2,{}\n", i % 2) };
    place.write("d.csv", format!("x1,x2,label\n{}", (1..=90).map(row).collect::<String>()));
    place.write("x.toml", spec(""));
    let found = object(&place, "check x.toml", 2);
    assert!(found["error"].as_str().unwrap().contains("\"x1\" (30 of 90 rows, first in line 4)"), "{found}");
    assert!(found["help"].as_str().unwrap().contains("missing = \"drop\" leaves out the 30 rows"), "{found}");
    place.write("x.toml", spec("missing = \"drop\""));
    let found = object(&place, "check x.toml", 0);
    let points = |part: &str| found["data"][0][part].as_array().unwrap().iter().filter_map(Value::as_u64).sum::<u64>();
    assert_eq!((points("train") + points("validation"), &found["data"][0]["dropped"][0]["rows"]), (60, &30.into()));
}
