//! Untrusted text in specifications, data, manifests, journals and file names: every command and every file shows it as
//! text and nothing else.

mod check;
mod names;

use std::fs;

use restudy::{digest::Digest, escape};

use crate::workspace::{Answer, Workspace};
use check::{commands, csv_rows, html, json, latex, markdown, svg, terminal, words};

/// Text that each target would execute: a terminal, a page, Markdown, LaTeX, a spreadsheet, a shell.
const HOSTILE: &str = "=1+1 </script><!--<script>alert(1)</script><img src=x onerror=alert(1)> \" ' & ]]> ![x](http://evil/x.png) [y](javascript:alert(1)) \
     \\![z](http://evil/z.png) \\<b>B\\</b> <http://evil> www.evil.example `code` $x$ \\input{/etc/passwd} % # ~ ^ | a|b {onclick=\"x\"} `<b>`{=html} \
     $(touch owned) `touch owned`; touch owned \u{202e}\u{2066}\u{200e}\u{61c}\u{200b}\u{2028}proven: every bit is the same\nproven: every bit is the same\n\
     # heading\n- item\n\n[d]: http://evil\n\n    <i>code</i>\n\n| a | b |\n|---|---|\n| <u>c</u> | `d|` |\n\n`open\n- <s>item</s>`";

/// The same in the characters of a file name.
const FILE: &str =
    "=1+1;@SUM$(touch owned)`touch owned`'\"<img src=x onerror=alert(1)>&![x](evil)|\\{#}\u{202e}\u{2066}\u{200b}.csv";

/// The same as the name of a study.
const NAME: &str = "a$(touch owned)`touch owned`; touch owned '\"<img src=x onerror=alert(1)>&![x](evil)|#{} ☾";

fn toml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if !c.is_ascii() || c.is_control() => quoted.push_str(&format!("\\U{:08X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

fn specification() -> String {
    let (text, file) = (toml(HOSTILE), toml(FILE));
    format!(
        "[study]\nquestion = {text}\nanswer = {text}\n[data.csv]\nfile = \"plain.csv\"\nlabel = {label}\nnegative = {minus}\npositive = {plus}\n\
         validation = {{ share = 0.3 }}\n[train]\nepochs = 2\n[sweep]\n\"data.csv.file\" = [\"plain.csv\", {file}]\nseeds = 2\n\
         [figures.final]\nfinal = {{ metric = \"error\", by = \"data.csv.file\" }}\n\
         [figures.curves]\ncurves = {{ metric = \"error\", at = {{ \"data.csv.file\" = {file} }} }}\n",
        label = toml(&column()),
        minus = toml(&class(0)),
        plus = toml(&class(1)),
    )
}

fn column() -> String {
    HOSTILE.replace('\n', " ")
}

fn class(class: usize) -> String {
    format!("{class} {}", &column()[..200])
}

/// Points whose column and classes have such names.
fn data(points: usize) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let row = |i: usize| format!("{},{},{}\n", i % 7, (i * i) % 11, quoted(&class(i % 2)));
    format!("x,y,{}\n{}", quoted(&column()), (0..points).map(row).collect::<String>())
}

fn swept() -> Workspace {
    let place = Workspace::new("");
    place.write("plain.csv", data(40));
    place.write(FILE, data(44));
    place.write(&format!("{NAME}.toml"), specification());
    let spec = format!("{NAME}.toml");
    checked(place.run_words(&["check", &spec]).ends(0));
    checked(place.run_words(&["plan", &spec]).ends(0));
    let swept = checked(place.run_words(&["sweep", &spec, "--progress", "plain"]).ends(0));
    let verify = commands(&swept.out, "prove   ");
    assert_eq!(words(&place, &verify[0]), ["restudy", "verify", &format!("results/{NAME}")]);
    place
}

/// The answer, after a check that its text does not control the terminal.
#[track_caller]
fn checked(answer: Answer) -> Answer {
    terminal(&answer.out);
    terminal(&answer.err);
    answer
}

#[test]
fn every_file_of_a_study_shows_text_as_text() {
    let place = swept();
    let folder = format!("results/{NAME}");
    let files = place.files(&folder);
    let text = |path: &str| String::from_utf8(files[path].clone()).unwrap();
    html(&text("report.html"), HOSTILE);
    markdown(&text("report.md"));
    let command = commands(&text("report.md"), "cargo run -- ").pop().unwrap().replace("cargo run --", "restudy");
    assert_eq!(words(&place, &command), ["restudy", "verify", &folder]);
    let drawings: Vec<_> = files.keys().filter(|path| path.ends_with(".svg")).collect();
    assert_eq!(drawings.len(), 2);
    drawings.iter().for_each(|path| svg(&text(path)));
    let rows = csv_rows(&text("summary.csv"));
    let axis = rows[0].iter().position(|name| name == "data.csv.file").unwrap();
    assert_eq!([1, 2].map(|row| escape::csv_text(&rows[row][axis])), ["plain.csv", FILE]);
    // The summary is also read.
    for gone in ["segments", "runs.parquet"] {
        let path = place.path(&folder).join(gone);
        if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
    }
    checked(place.run_words(&["show", &folder]).ends(0));
    let paper = checked(place.run_words(&["figures", &folder, "--output", "paper"]));
    assert!(!paper.err.contains("touch owned") || paper.code == Some(2), "{}", paper.err);
    assert!(!place.path("owned").exists());
}

#[test]
fn figures_for_a_paper_show_text_as_text() {
    let place = swept();
    let folder = format!("results/{NAME}");
    checked(place.run_words(&["figures", &folder, "--output", "paper"]).ends(0));
    markdown(&place.text("paper/captions.md"));
    latex(&place.text("paper/captions.tex"));
    ["final.svg", "curves.svg"].iter().for_each(|file| svg(&place.text(&format!("paper/{file}"))));
    for name in ["final.png", "final.pdf"] {
        checked(place.run_words(&["figures", &folder, "--check", &format!("paper/{name}")]).ends(0));
    }
    // The default folder is named after the study.
    checked(place.run_words(&["figures", &folder, "--format", "svg"]).ends(0));
    svg(&place.text(&format!("{NAME}-paper/final.svg")));
}

#[test]
fn every_command_shows_text_as_text() {
    let place = swept();
    let (folder, spec) = (format!("results/{NAME}"), format!("{NAME}.toml"));
    let field = format!("data.csv.file={FILE}");
    for (line, code) in [
        (vec!["sweep", &spec], 0),
        (vec!["sweep", &spec, "--render"], 0),
        (vec!["sweep", &spec, "--set", "train.epochs=9", "--shard", "1/2", "--results", "o;touch owned"], 0),
        (vec!["plan", &spec, "--set", "train.epochs=3"], 0),
        (vec!["status", &folder], 0),
        (vec!["status", &spec], 0),
        (vec!["status", &format!("o;touch owned/{NAME}")], 0),
        (vec!["show", &folder], 0),
        (vec!["show", &folder, "--runs"], 0),
        (vec!["show", &folder, "--where", "data.csv.file!=plain.csv"], 0),
        (vec!["show", &folder, "--where", &format!("{HOSTILE}=1")], 2),
        (vec!["show", &folder, "--sort", HOSTILE], 2),
        (vec!["show", &format!("o;touch owned/{NAME}")], 0),
        (vec!["compare", &folder, "data.csv.file=plain.csv", &field], 0),
        (vec!["compare", &folder, HOSTILE, &field], 2),
        (vec!["diff", &folder, &folder], 0),
        (vec!["why", &spec, "--set", "train.epochs=3"], 0),
        (vec!["why", &spec, "--set", &format!("study.question={}", toml(HOSTILE))], 0),
        (vec!["sweep", &spec, "--set", HOSTILE], 2),
        (vec!["ls"], 0),
        (vec!["ls", "o;touch owned"], 0),
        (vec!["verify", &folder], 0),
        (vec!["verify", &folder, "--sample", "1", "--sample-seed", HOSTILE], 0),
        (vec!["verify", &folder, "--data", FILE], 0),
        (vec!["proof", &format!("{field},seed=1"), &folder, "--output=-p q.json"], 0),
        (vec!["check-proof", "./-p q.json"], 0),
        (vec!["proof", HOSTILE], 2),
        (vec!["figures", &folder, "--check"], 0),
        (vec!["report", &folder, "--check"], 0),
        (vec!["report", &folder, "--journal", "copy.html"], 0),
        (vec!["report", &folder, "--output", "report copy"], 0),
        (vec!["merge", &folder, &format!("o;touch owned/{NAME}")], 2),
        (vec!["merge", HOSTILE, "none"], 2),
        (vec!["cite", HOSTILE], 1),
        (vec!["new", "--data", HOSTILE, "x.toml"], 2),
        (vec!["check", HOSTILE], 2),
        (vec!["gradcheck", "--seed", HOSTILE], 2),
    ] {
        let answer = checked(place.run_words(&line));
        assert!(
            answer.code.is_some_and(|ended| ended == code || code == 2 && ended == 4),
            "{line:?}\n{}{}",
            answer.out,
            answer.err
        );
        for mode in [["--json", "--color=never"], ["--color=always", "--progress=plain"]] {
            let answer = checked(place.run_words(&[&line[..], &mode].concat()));
            if mode[0] == "--json" && answer.out.starts_with(['{', '[']) {
                json(&answer.out);
            }
        }
        for command in
            ["prove     ", "prove   ", "go on     ", "check  "].iter().flat_map(|begin| commands(&answer.out, begin))
        {
            let read = words(&place, &command);
            let paths = read[2..].iter().filter(|word| !word.starts_with('-') && word.contains(['/', '.']));
            paths.for_each(|path| assert!(place.path(path).exists(), "{command}"));
        }
    }
    html(&place.text("copy.html"), HOSTILE);
    html(&place.text("report copy/report.html"), HOSTILE);
    assert!(!place.path("owned").exists());
}

#[test]
fn text_from_a_folder_is_text() {
    let evil = "0\u{1b}[33;44mX\u{1b}[2J\u{9b}31m\u{202e}<b>`$(touch owned)`\nproven: every bit is the same";
    let place = Workspace::swept();
    let good = place.text("results/moons/manifest.json");
    place.run("sweep moons.toml --quiet --results other").ends(0);
    let all =
        ["status", "show", "verify", "report", "figures", "diff other/moons", "compare --json hidden=1 hidden=3", "ls"];
    let say = |place: &Workspace| {
        for words in all {
            let (command, rest) = words.split_once(' ').unwrap_or((words, ""));
            let folder = if command == "ls" { "results" } else { "results/moons" };
            checked(place.run(&format!("{command} {folder} {rest}")));
            checked(place.run(&format!("{command} {folder} {rest} --color always --json")));
        }
    };
    for change in 0..5 {
        let mut manifest = place.manifest();
        match change {
            0 => manifest.restudy = evil.into(),
            1 => manifest.experiment = Some(evil.into()),
            2 => manifest.study = evil.into(),
            3 => _ = manifest.files.insert(format!("figures/{evil}"), Digest::of(b"")),
            _ => manifest.data.iter_mut().for_each(|facts| facts.trial = usize::MAX),
        }
        place.write("results/moons/manifest.json", manifest.to_text());
        say(&place);
        place.write("results/moons/manifest.json", &good);
    }
    // Files with names that restudy does not write.
    let journal = place.files("results/moons/journal").into_iter().next().unwrap();
    let host = String::from_utf8(journal.1)
        .unwrap()
        .replace("\"host\":\"", &format!("\"host\":{}", &serde_json::json!(evil).to_string().trim_end_matches('"')));
    place.write("results/moons/journal/one.json", host);
    for name in [
        "segments/a\nproven: b\u{1b}[2J\u{202e}.seg",
        "journal/a\nproven: b\u{1b}[2J\u{202e}.json",
        "figures/a\u{1b}[2J.svg",
    ] {
        place.write(&format!("results/moons/{name}"), "broken");
    }
    say(&place);
    checked(place.run("sweep moons.toml"));
    checked(place.run("report results/moons --journal copy.html").ends(0));
    html(&place.text("copy.html"), "How many hidden units");
}
