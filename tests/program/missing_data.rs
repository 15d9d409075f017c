//! Reading results needs no data: only commands that train do. If the data differ, messages name their content, not
//! their path.

use std::fs;

use restudy::results::Manifest;

use crate::{
    shown_results::shown,
    tamper::put,
    workspace::{Workspace, flat, with},
};

/// A study on a data file.
fn of_file(figures: &str) -> Workspace {
    let data = "[data.csv]\nfile = \"data/points.csv\"\nlabel = \"class\"";
    let spec = with("[data.double-moon]\ntrain = 40\nvalidation = 40", data).replace("[figures.seeds]", figures);
    let place = Workspace::new(&spec);
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
    let stable = |words: &str| crate::workspace::stable(&place.run(words).ends(0).out).replace("results/moons", "a/x");
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
            let message = stable(words);
            // `status` compares the current files.
            let asks_now = words.starts_with("status") || (words.starts_with("why") && changed.is_some());
            assert!(asks_now || message == *with_data, "{words}\n{message}\n{with_data}");
        }
        place.run("ls a").ends(0).says("complete");
        // Commands that train need the data.
        place.run("verify a/x").ends(2 + 2 * i32::from(changed.is_some()));
        // Runs are merged and the report is made: no figure shows the points.
        let _ = fs::remove_dir_all(place.path("b"));
        place.run("merge b/moons a/x").ends(0).says("6 runs merged").says("report  b/moons/report.html");
        assert!(place.read("b/moons/manifest.json") == place.read("a/x/manifest.json"));
        fs::remove_dir_all(place.path("b")).unwrap();
    }
    // With the data restored, everything is proven.
    place.write("data/points.csv", points(""));
    place.run("verify results/moons --progress none").ends(0);
}

#[test]
fn a_merge_without_data_uses_the_table_of_points_or_reports_the_lack() {
    let place = of_file("[figures.plane]\nboundary = { by = \"model.hidden\" }\n[figures.seeds]");
    place.run("sweep moons.toml --quiet").ends(0);
    place.run("sweep moons.toml --shard 1/2 --quiet --results one").ends(0);
    place.run("sweep moons.toml --shard 2/2 --quiet --results two").ends(0);
    fs::remove_file(place.path("data/points.csv")).unwrap();
    place.run("merge all/moons results/moons").ends(0).says("report  all/moons/report.html");
    assert!(place.read("all/moons/manifest.json") == place.read("results/moons/manifest.json"));
    // Shards know the content of the file, but have no table of its points.
    let answer = place.run("merge one/moons two/moons --progress none").ends(0);
    answer.says("all 6 runs are in one/moons, but there is no report yet");
    for words in ["show one/moons", "status one/moons", "compare one/moons hidden=1 hidden=3", "why one/moons"] {
        place.run(words).ends(0);
    }
    place.write("data/points.csv", points(""));
    assert_eq!(place.computed("sweep moons.toml --results one"), 0);
    assert!(place.read("one/moons/manifest.json") == place.read("results/moons/manifest.json"));
}

#[test]
fn an_early_manifest_lists_runs_but_no_data() {
    let place = of_file("[figures.seeds]");
    place.run("sweep moons.toml --quiet").ends(0);
    let truth =
        ["show results/moons --json", "compare results/moons hidden=1 hidden=3"].map(|words| shown(&place, words));
    put(&place, &Manifest { measurements: None, restudy: "0.1.0".into(), data: Vec::new(), ..place.manifest() });
    fs::remove_file(place.path("results/moons/segments/data")).unwrap();
    let proof = "proof hidden=3,seed=0 results/moons -o -";
    place.run(proof).ends(0);
    fs::remove_file(place.path("data/points.csv")).unwrap();
    let message =
        ["show results/moons --json", "compare results/moons hidden=1 hidden=3"].map(|words| shown(&place, words));
    let [without, with] = [message, truth]
        .map(|object| object.concat().into_iter().partition::<Vec<_>, _>(|line| line.starts_with("{\"verdict\"")));
    assert_eq!(without.1, with.1);
    // The constant answer is unknown: then no trial may be called the best.
    assert!(without.0.concat().contains("not recorded here") && with.0.concat().contains("constant"), "{without:?}");
    place.run("why results/moons").ends(0).says("all 6 runs are in results/moons");
    let refused = flat(&place.run(proof).refused(2));
    assert!(refused.contains("does not list the digest of data/points.csv"), "{refused}");
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
    assert!(diff.out.starts_with("data\n  content: points.csv (blake3:"), "{}", diff.out);
    assert!(diff.out.contains("30 training points and 10") && diff.out.contains("31 training points"), "{}", diff.out);
    // Manifests without the data: runs of the same settings and seed are not the same runs.
    let old = Manifest::read(&place.path("results/old")).unwrap();
    place.write("results/old/manifest.json", Manifest { data: Vec::new(), ..old }.to_text());
    fs::remove_file(place.path("results/old/segments/data")).unwrap();
    let diff = place.run("diff results/old results/moons").ends(4);
    assert!(
        diff.out.starts_with("data\n  runs with the same settings and seed have different identities"),
        "{}",
        diff.out
    );
    place.run("why moons.toml").ends(0).says("all 6 runs are in results/moons");
    // Moving the file changes nothing.
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
    let place = Workspace::new(&spec);
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
        let message = verify.current_dir(place.path(from)).output().unwrap();
        assert!(message.status.success(), "{from}: {}", String::from_utf8_lossy(&message.stdout));
    }
    // By its name in tables, and by the end of its path.
    for name in ["more/b.csv", "data/more/b.csv", "deep/data/more/b.csv"] {
        place.run_words(&["compare", "r1/moons", "file=a.csv", &format!("file={name}")]).ends(0);
    }
    place.run_words(&["show", "r1/moons", "--where", "file=more/b.csv"]).ends(0).says("more/b.csv");
    // Older results, with paths relative to the folder of the sweep, are proven from every folder, too.
    let old = |name: &str| {
        place
            .text("r1/moons/summary.csv")
            .replace(",a.csv", &format!(",{name}/a.csv"))
            .replace(",more/", &format!(",{name}/more/"))
    };
    let study = restudy::sweep::load(&place.path("r1/moons/study.toml"), &[]).unwrap();
    let named = study.with_texts(0, &["deep/data/a.csv".into(), "deep/data/more/b.csv".into()]).unwrap();
    let network = restudy::run::NetworkExperiment::new(&named, restudy::train::Simd::best()).unwrap();
    let (records, _) = restudy::store::load(&place.path("r1/moons")).unwrap();
    let rows = restudy::results::rows(&network.tasks(), &records);
    let manifest = Manifest::read(&place.path("r1/moons")).unwrap();
    let made = restudy::results::render(
        &network,
        &rows,
        &place.path("r1/moons"),
        &restudy::results::Attachments::default(),
        manifest.maker(),
    )
    .unwrap();
    assert!(made.files["summary.csv"] == old("deep/data").into_bytes());
    made.files.iter().for_each(|(path, bytes)| place.write(&format!("r1/moons/{path}"), bytes));
    place.run("verify r1/moons --progress none").ends(0);
    place.run("show r1/moons").ends(0).says("deep/data/more/b.csv");
    place.run("report r1/moons --check").ends(0);
}

#[test]
fn files_of_one_content_on_an_axis_are_accepted() {
    let data = "[data.csv]\nfile = \"a.csv\"\nlabel = \"class\"";
    let spec = with("[data.double-moon]\ntrain = 40\nvalidation = 40", data)
        .replace("\"model.hidden\" = [1, 3]", "\"data.csv.file\" = [\"a.csv\", \"b.csv\"]")
        .replace("by = \"model.hidden\"", "by = \"data.csv.file\"");
    let place = Workspace::new(&spec);
    ["a.csv", "b.csv"].iter().for_each(|name| place.write(name, points("")));
    place.run("sweep moons.toml --quiet").ends(0);
    assert_eq!(place.run("show results/moons --runs").ends(0).err, "");
    let status = place.run("status results/moons").ends(0).out;
    assert!(!status.contains("WRONG") && !status.contains("MISSING"), "{status}");
}

#[test]
fn a_proof_that_must_train_again_names_the_file_that_changed() {
    let place = of_file("[figures.seeds]");
    place.run("sweep moons.toml --quiet").ends(0);
    let proof = "proof hidden=3,seed=0 results/moons -o -";
    let truth = place.run(proof).ends(0).out;
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    assert_eq!(place.run(proof).ends(0).out, truth);
    place.write("data/points.csv", points("40,3,1\n"));
    place.write("copy.csv", points(""));
    let refused = flat(&place.run(proof).refused(2));
    assert!(refused.contains("data/points.csv has changed since run") && refused.contains("--data FILE"), "{refused}");
    assert!(!refused.contains("manifest"), "{refused}");
    assert_eq!(place.run(&format!("{proof} --data copy.csv")).ends(0).out, truth);
    let refused = flat(&place.run(&format!("{proof} --data data/points.csv")).refused(2));
    assert!(refused.contains("no file given with --data is the data"), "{refused}");
    fs::remove_file(place.path("data/points.csv")).unwrap();
    let refused = flat(&place.run(proof).refused(2));
    assert!(refused.contains("cannot read data/points.csv") && refused.contains("--data FILE"), "{refused}");
}

#[test]
fn several_data_files_are_each_found_by_content() {
    let table = "[data.csv]\nfile = \"points0.csv\"\nlabel = \"class\"";
    let names: Vec<String> = (0..5).map(|i| format!("points{i}.csv")).collect();
    let spec = with("[data.double-moon]\ntrain = 40\nvalidation = 40", table);
    let swept = format!("[sweep]\n\"data.csv.file\" = {names:?}\n");
    let place = Workspace::new(&spec.replace("[sweep]\n", &swept));
    for (i, name) in names.iter().enumerate() {
        let points: String = (0..40).map(|k| format!("{},{},{}\n", k % 7 + i, k * k % 11, k % 2)).collect();
        place.write(name, format!("x,y,class\n{points}"));
    }
    place.run("sweep moons.toml --quiet").ends(0);
    for name in &names {
        fs::rename(place.path(name), place.path(&format!("moved-{name}"))).unwrap();
    }
    let given: String = names.iter().rev().map(|name| format!(" --data moved-{name}")).collect();
    place.run(&format!("verify results/moons --progress none{given}")).ends(0).says("every bit is the same");
    let few = given.replace(" --data moved-points2.csv", "");
    place.run(&format!("verify results/moons --progress none{few}")).ends(2);
    // For a specification without its data, `status` uses the runs of the files in the manifest.
    let object = place.run("status moons.toml --json").ends(0).out;
    assert!(object.contains("\"data-unchanged\":null") && object.contains("\"missing\":0"), "{object}");
}
