//! Unusable folders and specifications: one clear message, the documented exit code, and nothing is changed.

use std::{fs, process::Stdio};

use insta::assert_snapshot;

use crate::workspace::{SPEC, Workspace, assert_same, flat, with};

/// Runs a command that must be refused and must leave the results unchanged.
#[track_caller]
fn refused(place: &Workspace, words: &str, code: i32) -> String {
    let before = place.files("results");
    let message = place.run(words).refused(code);
    assert_same(&place.files("results"), &before, words);
    message
}

#[test]
fn a_file_where_the_results_should_be() {
    let place = Workspace::new(SPEC);
    place.write("taken", "mine");
    assert_snapshot!(place.run("sweep moons.toml --results taken").refused(2));
    assert_snapshot!(place.run("verify taken").refused(2), @"
    folder.not-results

      × taken is a file, not a results folder
      help: give the folder of one study, such as results/hidden
    ");
    place.write("results/moons", "mine");
    place.run("sweep moons.toml").refused(2);
    assert_eq!((place.text("taken"), place.text("results/moons")), ("mine".into(), "mine".into()));
    assert_snapshot!(place.run("verify results").refused(2));
    assert_snapshot!(place.run("sweep results").refused(2));
    assert_snapshot!(place.run("sweep nothing.toml").refused(2));
}

#[test]
fn results_of_another_format_or_contract() {
    for (key, from) in [("format", "\"format\": 1"), ("contract", "\"contract\": 1")] {
        let place = Workspace::swept();
        place.edit("manifest.json", from, &format!("\"{key}\": 2"));
        // A newer manifest may have another structure.
        place.edit("manifest.json", "\"root\"", "\"trunk\"");
        for words in [
            "verify results/moons",
            "status results/moons",
            "figures results/moons",
            "show results/moons",
            "sweep moons.toml",
        ] {
            let message = refused(&place, words, 2);
            assert!(message.contains(&format!("{key} 2; this program has 1")), "{message}");
        }
    }
    let place = Workspace::swept();
    let made_by = format!("\"restudy\": \"{}\"", place.manifest().restudy);
    place.edit("manifest.json", &made_by, "\"restudy\": \"0.2.0\"");
    place.edit("manifest.json", "\"format\": 1", "\"format\": 2");
    assert_snapshot!(refused(&place, "sweep moons.toml", 2));
    let place = Workspace::swept();
    let segment = place.files("results/moons/segments").into_keys().find(|name| name.ends_with(".seg")).unwrap();
    let mut bytes = place.read(&format!("results/moons/segments/{segment}"));
    bytes[8] = 3;
    fs::remove_file(place.path(&format!("results/moons/segments/{segment}"))).unwrap();
    let newer = restudy::store::segment::file_name(&bytes);
    place.write(&format!("results/moons/segments/{newer}"), bytes);
    let message = refused(&place, "sweep moons.toml", 2);
    assert!(message.contains("has format 3; this version reads formats up to 2"), "{message}");
}

#[test]
fn an_invalid_manifest() {
    for text in ["", "{", "[]", "{\"format\": 1}", "\u{0}\u{1}", "{\"format\": \"1\", \"contract\": 1}", "null"] {
        let place = Workspace::swept();
        let whole = place.answers("results/moons");
        place.write("results/moons/manifest.json", text);
        for words in ["verify results/moons", "status results/moons", "figures results/moons", "show results/moons"] {
            let message = refused(&place, words, 4);
            assert!(message.contains("manifest.json is not a manifest: "), "{message}");
        }
        place.run("plan moons.toml").ends(0);
        let answer = place.run("sweep moons.toml --progress none").ends(0);
        assert!(answer.err.contains("it is written again"), "{}", answer.err);
        assert_same(&place.answers("results/moons"), &whole, "a sweep makes it anew");
    }
    let place = Workspace::swept();
    fs::write(place.path("results/moons/manifest.json"), [0xff, 0xfe]).unwrap();
    place.run("verify results/moons").refused(4);
    fs::remove_file(place.path("results/moons/manifest.json")).unwrap();
    assert_snapshot!(place.run("verify results/moons").refused(2));
}

#[test]
fn a_damaged_segment_is_computed_again_with_a_notice() {
    let whole = Workspace::swept();
    let expected = whole.answers("results/moons");
    let name = expected.keys().find(|name| name.ends_with(".seg")).unwrap();
    let bytes = &expected[name];
    let cut = |length: usize| bytes[..length].to_vec();
    let flipped = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x10;
        bytes
    };
    let longer = [bytes, &b"and more"[..]].concat();
    let damaged = [
        (cut(0), 6),
        (cut(5), 6),
        (cut(12 + 10), 6),
        (cut(bytes.len() - 1), 1),
        (flipped(3), 0),
        (flipped(8), 0),
        (flipped(100), 1),
        (flipped(bytes.len() - 9), 1),
        (longer, 0),
    ];
    for (damaged, missing) in damaged {
        let place = Workspace::swept();
        place.write(&format!("results/moons/{name}"), damaged);
        let answer = place.run("sweep moons.toml --json --progress none").ends(0);
        let computed: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
        assert_eq!(computed["computed"], missing);
        assert!(answer.err.contains("its intact runs are kept, the others are computed again"), "{}", answer.err);
        let mut after = place.answers("results/moons");
        after.retain(|name, _| !name.ends_with(".damaged"));
        assert_same(&after, &expected, "the results are the same");
        place.run("sweep moons.toml").ends(0).says("nothing to do");
    }
}

#[test]
fn two_results_of_one_run() {
    let (place, other) = (Workspace::swept(), Workspace::new(&with("epochs = 4", "epochs = 4\nlearning-rate = 0.5")));
    other.run("sweep moons.toml --quiet").ends(0);
    // A segment with the parameters of another run under the identity of a stored one.
    let (mine, _) = restudy::store::load(&place.path("results/moons")).unwrap();
    let (theirs, _) = restudy::store::load(&other.path("results/moons")).unwrap();
    let forged =
        restudy::digest::Record { id: *mine.keys().next().unwrap(), ..theirs.values().next().unwrap().clone() };
    place.write("results/moons/segments/ffffffff.seg", restudy::store::segment::encode([&forged]));
    let message = refused(&place, "sweep moons.toml", 4);
    assert!(flat(&message).contains("has two results that differ, first at epoch 0"), "{message}");
    assert!(flat(&message).contains("runs that no other segment holds are computed again"), "{message}");
}

#[test]
fn tables_that_are_garbage() {
    let place = Workspace::swept();
    let whole = place.read("results/moons/metrics.parquet");
    let mut spoilt: Vec<Vec<u8>> = vec![Vec::new(), b"PAR1".to_vec(), b"PAR1PAR1".to_vec(), vec![0; 4096]];
    spoilt.extend([1, 4, whole.len() / 2, whole.len() - 1].map(|length| whole[..length].to_vec()));
    spoilt.extend((0..24).map(|i| {
        let mut bytes = whole.clone();
        let at = i * whole.len() / 24;
        bytes[at] ^= 0x55;
        bytes
    }));
    for bytes in spoilt {
        place.write("results/moons/metrics.parquet", &bytes);
        let answer = place.run("verify results/moons --progress none --sample 1");
        // A changed byte may have no effect, as in the name of the program that wrote the file.
        if answer.code != Some(0) {
            answer.ends(4).says("metrics.parquet: ");
            let message = refused(&place, "figures results/moons", 2);
            assert!(message.contains("metrics.parquet") && message.contains("compute it again"), "{message}");
        }
    }
    assert_eq!(place.computed("sweep moons.toml"), 0);
    assert_eq!(place.read("results/moons/metrics.parquet"), whole);
}

#[test]
fn a_specification_edited_in_the_results() {
    let place = Workspace::swept();
    place.edit("study.toml", "epochs = 4", "epochs = 5");
    assert_snapshot!(refused(&place, "figures results/moons", 2));
    place.run("status results/moons").ends(0).says("CHANGED");
    place.run("verify results/moons --progress none").ends(4).says("study.toml: it is not the specification");
    place.write("results/moons/study.toml", "[study]\nquestion = 1");
    for words in ["figures results/moons", "status results/moons", "verify results/moons", "show results/moons"] {
        let message = refused(&place, words, 2);
        assert!(message.contains("results/moons/study.toml"), "{message}");
    }
    fs::write(place.path("results/moons/study.toml"), [b'[', 0xff]).unwrap();
    assert!(refused(&place, "status results/moons", 2).contains("the text is not UTF-8"));
    fs::remove_file(place.path("results/moons/study.toml")).unwrap();
    let message = flat(&refused(&place, "verify results/moons", 2));
    assert!(message.contains("restore the file, or run `restudy sweep`"), "{message}");
    place.run("sweep moons.toml --quiet").ends(0);
    assert_same(&place.answers("results/moons"), &Workspace::swept().answers("results/moons"), "a sweep puts it back");
}

#[test]
fn two_sweeps_at_once() {
    let place = Workspace::swept();
    let lock = fs::File::options().write(true).open(place.path("results/moons/segments/lock")).unwrap();
    lock.lock().unwrap();
    assert_snapshot!(refused(&place, "sweep moons.toml --set sweep.seeds=4", 1));
    // Commands that write nothing are not blocked.
    place.run("figures results/moons").ends(0);
    place.run("report results/moons").ends(0);
    fs::remove_file(place.path("results/moons/figures/seeds.svg")).unwrap();
    fs::remove_file(place.path("results/moons/report.md")).unwrap();
    for command in ["figures", "report"] {
        let message = refused(&place, &format!("{command} results/moons"), 1);
        assert!(message.contains("another restudy has locked"), "{message}");
    }
    place.run("verify results/moons").ends(0);
    drop(lock);
    let sweeps = [0, 1].map(|_| {
        place.command(&["sweep", "moons.toml", "-q", "--set", "sweep.seeds=60"]).stderr(Stdio::null()).spawn().unwrap()
    });
    let codes = sweeps.map(|mut sweep| sweep.wait().unwrap().code());
    assert_eq!(codes, [Some(0), Some(0)]);
    place.run("verify results/moons --sample 1").ends(0);
}

#[test]
fn studies_that_are_too_large() {
    let place = Workspace::new(SPEC);
    let million = (0..1_000_000).map(|i| i.to_string()).collect::<Vec<_>>().join(",");
    for (what, spec) in [
        (
            "hidden_units",
            with("[train]", "[model]\nhidden = 1000000000\n\n[train]")
                .replace("\"model.hidden\" = [1, 3]", "")
                .replace(", by = \"model.hidden\"", ""),
        ),
        ("parameters", with("[1, 3]", "[1000000, 999999]").replace("seeds = 3", "seeds = 30000")),
        ("epochs", with("epochs = 4", "epochs = 999999999999")),
        ("measurements", with("epochs = 4", "epochs = 1000000000")),
        ("points", with("train = 40", "train = 4000000000")),
        ("many_points", with("train = 40", "train = 400000000")),
        ("runs", with("seeds = 3", "seeds = 1000000")),
        ("seeds", with("seeds = 3", "seeds = 100000000000")),
        ("list", with("seeds = 3", &format!("seeds = [{million}]"))),
        ("axes", with("[1, 3]", "{ from = 1, to = 1000000, steps = 1000000 }")),
    ] {
        let started = std::time::Instant::now();
        place.write("moons.toml", &spec);
        // The free memory depends on the machine.
        let message = place.run("sweep moons.toml").refused(2);
        let words: Vec<_> = message.split(" MB are free").collect();
        let message = words.iter().map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit())).collect::<Vec<_>>();
        assert_snapshot!(what, message.join("[free] MB are free"));
        assert!(started.elapsed().as_secs() < 10, "{what} is refused quickly: {:?}", started.elapsed());
    }
    assert!(!place.path("results").exists());
}

#[test]
fn names_that_leave_the_results_folder() {
    let place = Workspace::new(SPEC);
    for name in ["..toml", "...toml"] {
        place.write(name, SPEC);
        let message = place.run(&format!("sweep {name}")).refused(2);
        assert!(message.contains("does not give the study a name"), "{message}");
    }
    place.write(".toml", SPEC);
    assert!(place.run("sweep .toml").refused(2).contains("cannot be named \".toml\""));
    assert!(!place.path("results").exists());
}

#[test]
fn the_first_of_several_unwritable_files_is_named() {
    let place = Workspace::swept();
    let files = ["summary.csv", "study.toml", "runs.parquet", "report.md", "metrics.parquet", "figures/seeds.svg"];
    for file in files {
        let file = format!("results/moons/{file}");
        fs::remove_file(place.path(&file)).unwrap();
        place.write(&format!("{file}/in the way"), "");
    }
    for _ in 0..5 {
        let message = flat(&refused(&place, "sweep moons.toml --render", 2));
        assert!(message.contains("results/moons/figures/seeds.svg"), "{message}");
    }
}

#[test]
fn data_that_cannot_be_divided_under_every_seed_is_refused_before_anything_is_trained() {
    let place = Workspace::new(SPEC);
    let rows: String = (0..40).map(|i| format!("{}.5,{i},{}\n", i % 7, i32::from(i < 3))).collect();
    place.write("few.csv", format!("a,b,y\n{rows}"));
    let text = "study.question = 'q'\n[data.csv]\nfile = 'few.csv'\nlabel = 'y'\nseed = 'per-run'\n[train]\nepochs = 2\n[sweep]\n'model.hidden' = [1, 2]\n";
    place.write("few.toml", format!("{text}seeds = 40\n"));
    let answer = place.run("sweep few.toml").ends(2);
    assert!(flat(&answer.err).contains("under the seeds ") && !answer.err.contains("to do"), "{}", answer.err);
    let stratified = text.replace("seed = 'per-run'", "seed = 'per-run'\nstratified = true");
    place.write("few.toml", format!("{stratified}seeds = 40\n"));
    place.run("sweep few.toml --quiet").ends(0);
    // The seeds of `confirm` are checked, too.
    let good = (0..40).find(|seed| {
        place.write("few.toml", format!("{text}seeds = [{seed}]\n"));
        place.run("check few.toml").code == Some(0)
    });
    place.write(
        "few.toml",
        format!("{text}seeds = [{}]\nconfirm = {{ best = 1, seeds = 40, from = 100 }}\n", good.unwrap()),
    );
    let answer = place.run("sweep few.toml --results again").ends(2);
    assert!(flat(&answer.err).contains("under the seeds 1") && !answer.err.contains("to do"), "{}", answer.err);
}

#[test]
fn a_sample_does_not_prove_a_manifest_that_names_other_statistics() {
    let place = Workspace::swept();
    place.run("verify results/moons --sample 2").ends(0);
    let path = "results/moons/manifest.json";
    let text = place.text(path);
    for other in ["\"statistics\": 1,", ""] {
        let edited = text.replacen("\"statistics\": 2,", other, 1);
        assert_ne!(edited, text);
        place.write(path, edited);
        for words in ["verify results/moons --sample 2", "verify results/moons"] {
            place.run(words).ends(4);
        }
    }
}
