//! Reading needs no data; and what is shown is what the manifest binds, whatever was forged or damaged beside it.

use std::fs;

use restudy::results::Manifest;
use serde_json::Value;

use crate::{
    place::{Place, flat, with},
    stored_runs::{Forgery, forge, last, middle},
    tamper::put,
};

/// What says nothing wrong of results: the numbers of the runs, without what is said of the folder.
fn shown(place: &Place, words: &str) -> Vec<String> {
    let answer = place.run(words);
    let told = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(mut told) => {
            for side in ["a", "b"] {
                told.get_mut(side).and_then(Value::as_object_mut).map(|side| side.remove("wrong"));
            }
            told.to_string()
        }
        Err(_) => line.to_owned(),
    };
    answer.out.lines().filter(|line| !line.starts_with("{\"findings\"")).map(told).collect()
}

const QUESTIONS: [&str; 4] = [
    "show results/moons",
    "show results/moons --runs",
    "show results/moons --json",
    "compare results/moons hidden=1 hidden=3 --json --metric error",
];

/// The findings that a command tells a program of, and whether it vouches for what it shows.
fn told(place: &Place) -> (String, bool) {
    let line = place.run("show results/moons --json").out.lines().next().unwrap().to_owned();
    let told: Value = serde_json::from_str(&line).unwrap();
    (told["findings"].to_string(), told["vouched-for"] == true)
}

#[test]
fn a_forged_segment_is_told_and_never_shown() {
    let truth = QUESTIONS.map(|words| shown(&Place::swept(), words));
    for (forgery, what) in [(middle as Forgery, "other measurements"), (last, "another digest")] {
        for early in [false, true] {
            let place = Place::swept();
            if early {
                put(&place, &Manifest { measurements: None, restudy: "0.1.0".into(), ..place.manifest() });
            }
            forge(&place, "results/moons", forgery);
            assert_eq!(QUESTIONS.map(|words| shown(&place, words)), truth);
            for words in QUESTIONS {
                place.run(words).ends(0);
            }
            let said = place.run("show results/moons").ends(0).err;
            assert!(said.contains(&format!("it holds {what} of run")), "{said}");
            assert!(said.contains("what is shown comes from runs.parquet"), "{said}");
            let (findings, vouched) = told(&place);
            assert!(findings.contains(what) && vouched, "{findings}");
            place.run("status results/moons").ends(4).says(&format!("it holds {what} of run"));
            // Without the table, nothing that is whole is here: nothing is shown, or what the summary of the manifest says.
            fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
            let answer = place.run("show results/moons").ends(0);
            assert!(answer.err.contains("shown from summary.csv"), "{}", answer.err);
            for words in &QUESTIONS[1..] {
                let answer = place.run(words);
                assert_ne!(answer.code, Some(0), "{words}: {}", answer.out);
            }
            place.run(QUESTIONS[3]).refused(4);
        }
    }
}

#[test]
fn records_serve_where_the_table_is_damaged() {
    let place = Place::swept();
    let truth = QUESTIONS.map(|words| shown(&place, words));
    place.write("results/moons/runs.parquet", "");
    for (words, truth) in QUESTIONS.iter().zip(&truth) {
        assert_eq!(&shown(&place, words), truth, "{words}");
    }
    let answer = place.run("show results/moons").ends(0);
    assert!(answer.err.contains("runs.parquet: "), "{}", answer.err);
    // An early manifest binds them by the table of measurements, or by all of them together.
    put(&place, &Manifest { measurements: None, ..place.manifest() });
    for _ in ["with the table", "without"] {
        assert_eq!(shown(&place, QUESTIONS[2]), truth[2]);
        let _ = fs::remove_file(place.path("results/moons/metrics.parquet"));
    }
    // Half of them are lost: what is shown is not the study.
    let file = place.files("results/moons/segments").into_keys().find(|name| name.ends_with(".seg")).unwrap();
    let path = format!("results/moons/segments/{file}");
    let whole = place.read(&path);
    place.write(&path, &whole[..whole.len() / 2]);
    let answer = place.run("show results/moons --runs").ends(4);
    assert!(answer.err.contains("of which no whole copy is here"), "{}", answer.err);
    assert!(!answer.err.contains("the study is not finished"), "{}", answer.err);
    assert!(!told(&place).1);
    place.run("compare results/moons hidden=1 hidden=3").ends(4);
}

#[test]
fn a_flipped_byte_in_any_file_is_told() {
    let spec = with("strip =", "boundary = { by = \"model.hidden\" }\n[figures.more]\nstrip =");
    let place = Place::new(&spec);
    place.run("sweep moons.toml --quiet").ends(0);
    assert_eq!(place.run("show results/moons").ends(0).err, "");
    let truth = shown(&place, QUESTIONS[2]);
    let files = place.answers("results/moons");
    let names = files.keys().filter(|name| {
        !["manifest.json", "study.toml"].contains(&name.as_str())
            && !["lock", "finishing", "index", "data"].iter().any(|end| name.ends_with(end))
    });
    let mut flipped = 0;
    for name in names {
        let whole = &files[name];
        for part in [1, 3, 5, 7] {
            let at = whole.len() * part / 8;
            let mut bytes = whole.clone();
            bytes[at] ^= 4;
            place.write(&format!("results/moons/{name}"), &bytes);
            let status = place.run("status results/moons");
            let said = place.run("show results/moons");
            assert!(status.out.contains(name), "status of byte {at} of {name}: {}", status.out);
            assert!(said.err.contains(name), "show of byte {at} of {name}: {}", said.err);
            assert!(said.code == Some(0), "there is a whole copy of every run: {}", said.err);
            assert_eq!(shown(&place, QUESTIONS[2]), truth, "byte {at} of {name}");
            let told: Value = serde_json::from_str(&place.run("status results/moons --json").out).unwrap();
            assert!(told["findings"].to_string().contains(name), "{told}");
            flipped += 1;
        }
        place.write(&format!("results/moons/{name}"), whole);
    }
    assert!(flipped > 40, "{flipped}");
    let status = place.run("status results/moons").ends(0).out;
    assert!(!status.contains("WRONG") && !status.contains("DAMAGED"), "{status}");
}

#[test]
fn a_manifest_vouches_only_with_the_root_of_its_runs() {
    let place = Place::swept();
    let mut manifest = place.manifest();
    manifest.runs[2].digest.0[0] ^= 1;
    put(&place, &manifest);
    for words in QUESTIONS {
        let answer = place.run(words).ends(4);
        assert!(answer.err.contains("its root is not that of the runs it lists"), "{words}: {}", answer.err);
    }
    assert!(!told(&place).1);
    place.run("status results/moons").ends(4).says("its root is not that of the runs it lists");
    for words in ["report results/moons --check", "figures results/moons --check"] {
        assert!(place.run(words).refused(2).contains("is not that of the runs it lists"));
    }
    place.write("t.md", "{{ moons: hidden=3 validation.error mean }}");
    let answer = place.run("cite t.md --check").ends(4);
    answer.says("is not that of the runs it lists");
}

/// A study that learns from a file.
fn of_file(figures: &str) -> Place {
    let data = "[data.csv]\nfile = \"data/points.csv\"\nlabel = \"class\"";
    let spec = with("[data.double-moon]\ntrain = 40\nvalidation = 40", data).replace("[figures.seeds]", figures);
    let place = Place::new(&spec);
    place.write("data/points.csv", points(""));
    place
}

fn points(last: &str) -> String {
    let row = |i: i32| format!("{i},{},{}\n", i * 7 % 11, i % 2);
    format!("x,y,class\n{}{last}", (0..40).map(row).collect::<String>())
}

const READERS: [&str; 11] = [
    "show a/x",
    "show a/x --runs --json",
    "compare a/x hidden=1 hidden=3",
    "proof hidden=3,seed=0 a/x -o -",
    "why a/x",
    "status a/x",
    "report a/x --check",
    "figures a/x --check",
    "diff a/x a/x",
    "cite t.md --of a/x",
    "ls a",
];

#[test]
fn results_are_read_without_their_data() {
    let place = of_file("[figures.seeds]");
    place.run("sweep moons.toml --quiet").ends(0);
    place.write("t.md", "{{ hidden=3 validation.error mean }}");
    let stable = |words: &str| crate::place::stable(&place.run(words).ends(0).out).replace("results/moons", "a/x");
    let with_data = READERS.map(|words| stable(&words.replace("a/x", "results/moons").replace("ls a", "ls results")));
    for changed in [None, Some("40,3,1\n")] {
        match changed {
            None => fs::remove_file(place.path("data/points.csv")).unwrap(),
            Some(row) => place.write("data/points.csv", points(row)),
        }
        let _ = fs::remove_dir_all(place.path("a"));
        place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("a/x/{path}"), bytes));
        for (words, with_data) in READERS.iter().zip(&with_data).filter(|(words, _)| !words.starts_with("ls")) {
            place.write("t.md", "{{ hidden=3 validation.error mean }}");
            let said = stable(words);
            assert!(words.starts_with("status") || said == *with_data, "{words}\n{said}\n{with_data}");
        }
        place.run("ls a").ends(0).says("complete");
        // What trains asks for it.
        place.run("verify a/x").ends(2 + 2 * i32::from(changed.is_some()));
        // Runs are joined, and the report is made: no figure shows the points.
        let _ = fs::remove_dir_all(place.path("b"));
        place.run("merge b/moons a/x").ends(0).says("6 runs taken over").says("report  b/moons/report.html");
        assert!(place.read("b/moons/manifest.json") == place.read("a/x/manifest.json"));
        fs::remove_dir_all(place.path("b")).unwrap();
    }
    // With the data back, all of it is proven.
    place.write("data/points.csv", points(""));
    place.run("verify results/moons --progress none").ends(0);
}

#[test]
fn a_merge_without_data_takes_points_from_their_table_or_says_what_is_missing() {
    let place = of_file("[figures.plane]\nboundary = { by = \"model.hidden\" }\n[figures.seeds]");
    place.run("sweep moons.toml --quiet").ends(0);
    place.run("sweep moons.toml --shard 1/2 --quiet --results one").ends(0);
    place.run("sweep moons.toml --shard 2/2 --quiet --results two").ends(0);
    fs::remove_file(place.path("data/points.csv")).unwrap();
    place.run("merge all/moons results/moons").ends(0).says("report  all/moons/report.html");
    assert!(place.read("all/moons/manifest.json") == place.read("results/moons/manifest.json"));
    // Shards know what the file held, but have no table of its points.
    let answer = place.run("merge one/moons two/moons --progress none").ends(0);
    answer.says("all 6 runs are in one/moons, but there is no report of them yet");
    for words in ["show one/moons", "status one/moons", "compare one/moons hidden=1 hidden=3", "why one/moons"] {
        place.run(words).ends(0);
    }
    place.write("data/points.csv", points(""));
    assert_eq!(place.computed("sweep moons.toml --results one"), 0);
    assert!(place.read("one/moons/manifest.json") == place.read("results/moons/manifest.json"));
}

#[test]
fn an_early_manifest_lists_its_runs_though_not_its_data() {
    let place = of_file("[figures.seeds]");
    place.run("sweep moons.toml --quiet").ends(0);
    let truth =
        ["show results/moons --json", "compare results/moons hidden=1 hidden=3"].map(|words| shown(&place, words));
    put(&place, &Manifest { measurements: None, data: Vec::new(), ..place.manifest() });
    fs::remove_file(place.path("results/moons/segments/data")).unwrap();
    let proof = "proof hidden=3,seed=0 results/moons -o -";
    place.run(proof).ends(0);
    fs::remove_file(place.path("data/points.csv")).unwrap();
    let said =
        ["show results/moons --json", "compare results/moons hidden=1 hidden=3"].map(|words| shown(&place, words));
    assert_eq!(said, truth);
    place.run("why results/moons").ends(0).says("all 6 runs are in results/moons");
    let refused = flat(&place.run(proof).refused(2));
    assert!(refused.contains("does not say what data/points.csv held"), "{refused}");
    place.write("data/points.csv", points("40,3,1\n"));
    place.run(proof).refused(2);
    place.run("status results/moons").ends(0).says("CHANGED   the data is not that of these results");
}

#[test]
fn other_data_is_named_and_never_its_path() {
    let place = of_file("[figures.seeds]");
    place.run("sweep moons.toml --quiet").ends(0);
    place.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("results/old/{path}"), bytes));
    place.write("data/points.csv", points("40,3,1\n"));
    let absolute = place.path("results").display().to_string();
    for results in ["results", &absolute] {
        let why = place.run(&format!("why moons.toml --results {results}")).ends(0).out;
        assert!(
            why.contains("data: the file was changed; it is now blake3:") && why.contains(", and was blake3:"),
            "{why}"
        );
        assert!(!why.contains("data.csv.file"), "{why}");
        let plan = place.run(&format!("plan moons.toml --results {results}")).ends(0).out;
        assert!(plan.contains("6 runs to do: its data has changed"), "{plan}");
    }
    place.run("sweep moons.toml --quiet").ends(0);
    let diff = place.run("diff results/old results/moons").ends(4);
    assert!(diff.out.starts_with("data\n  what it held: points.csv (blake3:"), "{}", diff.out);
    assert!(diff.out.contains("30 points to train with and 10") && diff.out.contains("31 points"), "{}", diff.out);
    // Manifests that note nothing: runs of the same settings and seed are not the same runs.
    let old = Manifest::read(&place.path("results/old")).unwrap();
    place.write("results/old/manifest.json", Manifest { data: Vec::new(), ..old }.to_text());
    fs::remove_file(place.path("results/old/segments/data")).unwrap();
    let diff = place.run("diff results/old results/moons").ends(4);
    assert!(diff.out.starts_with("data\n  runs of the same settings and seed are not the same runs"), "{}", diff.out);
    place.run("why moons.toml").ends(0).says("all 6 runs are in results/moons");
    // Moving it changes nothing.
    place.write("else.csv", points("40,3,1\n"));
    fs::remove_file(place.path("data/points.csv")).unwrap();
    place.write("moons.toml", place.text("moons.toml").replace("data/points.csv", "else.csv"));
    place.run("plan moons.toml").ends(0).says("nothing to train");
    place.run("why moons.toml").ends(0).says("all 6 runs are in results/moons");
}

#[test]
fn files_on_an_axis_are_called_the_same_from_everywhere() {
    let spec =
        with("[data.double-moon]\ntrain = 40\nvalidation = 40", "[data.csv]\nfile = \"data/a.csv\"\nlabel = \"class\"")
            .replace("\"model.hidden\" = [1, 3]", "\"data.csv.file\" = [\"data/a.csv\", \"data/more/b.csv\"]")
            .replace("by = \"model.hidden\"", "at = { \"data.csv.file\" = \"data/more/b.csv\" }");
    let place = Place::new(&spec);
    fs::create_dir(place.path("deep")).unwrap();
    fs::rename(place.path("moons.toml"), place.path("deep/moons.toml")).unwrap();
    place.write("deep/data/a.csv", points(""));
    place.write("deep/data/more/b.csv", points("40,3,1\n"));
    place.run("sweep deep/moons.toml --quiet --results r1").ends(0);
    let mut inside = place.command(&["sweep", "moons.toml", "--quiet", "--results", "../r2"]);
    assert!(inside.current_dir(place.path("deep")).status().unwrap().success());
    let whole = place.path("deep/moons.toml").display().to_string();
    place.run(&format!("sweep {whole} --quiet --results deep/deeper/r3")).ends(0);
    let tables = |results: &str| {
        let mut files = place.answers(&format!("{results}/moons"));
        files.retain(|path, _| !["study.toml", "manifest.json", "segments/data"].contains(&path.as_str()));
        files
    };
    assert!(tables("r1") == tables("r2") && tables("r1") == tables("deep/deeper/r3"));
    assert!(place.read("r1/moons/manifest.json") == place.read("r2/moons/manifest.json"));
    assert!(place.text("r1/moons/summary.csv").contains("\n1,more/b.csv,3,"), "{}", place.text("r1/moons/summary.csv"));
    for (from, folder) in [("", "r1/moons"), ("deep", "../r1/moons"), ("r2/moons", "."), ("deep/deeper", "r3/moons")] {
        let mut verify = place.command(&["verify", folder, "--progress", "none"]);
        let said = verify.current_dir(place.path(from)).output().unwrap();
        assert!(said.status.success(), "{from}: {}", String::from_utf8_lossy(&said.stdout));
    }
    // By what tables call it, and by the end of its path.
    for name in ["more/b.csv", "data/more/b.csv", "deep/data/more/b.csv"] {
        place.run_words(&["compare", "r1/moons", "file=a.csv", &format!("file={name}")]).ends(0);
    }
    place.run_words(&["show", "r1/moons", "--where", "file=more/b.csv"]).ends(0).says("more/b.csv");
    // Results of before, which have the paths that were usable where the sweep was started, are proven from everywhere, too.
    let old = |name: &str| {
        place
            .text("r1/moons/summary.csv")
            .replace(",a.csv", &format!(",{name}/a.csv"))
            .replace(",more/", &format!(",{name}/more/"))
    };
    let study = restudy::sweep::load(&place.path("r1/moons/study.toml"), &[]).unwrap();
    let named = study.with_texts(0, &["deep/data/a.csv".into(), "deep/data/more/b.csv".into()]).unwrap();
    let network = restudy::run::Network::new(&named, restudy::train::Kernel::best()).unwrap();
    let (records, _) = restudy::store::load(&place.path("r1/moons")).unwrap();
    let rows = restudy::results::rows(&network.tasks(), &records);
    let manifest = Manifest::read(&place.path("r1/moons")).unwrap();
    let made = restudy::results::render(&network, &rows, &place.path("r1/moons"), manifest.maker()).unwrap();
    assert!(made.files["summary.csv"] == old("deep/data").into_bytes());
    made.files.iter().for_each(|(path, bytes)| place.write(&format!("r1/moons/{path}"), bytes));
    place.run("verify r1/moons --progress none").ends(0);
    place.run("show r1/moons").ends(0).says("deep/data/more/b.csv");
    place.run("report r1/moons --check").ends(0);
}
