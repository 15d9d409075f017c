//! `verify --note`: the verdict of a machine in a file, and the report that lists such files.

use std::fs;

use serde_json::Value;

use crate::workspace::{Workspace, assert_same, with};

const FILE: &str = "results/moons/verdicts/lab.json";

/// A folder with results and the verdict of this machine on them, which the report does not show yet.
fn noted() -> Workspace {
    let place = Workspace::swept();
    place
        .run(&format!("verify results/moons --note {FILE}"))
        .ends(0)
        .says("note   wrote results/moons/verdicts/lab.json");
    place
}

/// The same, with a report that shows it.
fn reported() -> Workspace {
    let place = noted();
    place.run("report results/moons").ends(0).says("wrote");
    place
}

fn json(place: &Workspace, file: &str) -> Value {
    serde_json::from_str(&place.text(file)).unwrap()
}

/// Changes a verdict, as that of another machine.
fn change(place: &Workspace, to: &str, change: &dyn Fn(&mut Value)) {
    let mut verdict = json(place, FILE);
    change(&mut verdict);
    place.write(&format!("results/moons/verdicts/{to}"), verdict.to_string());
}

#[test]
fn a_verdict_names_what_may_change_results_and_nobody() {
    let place = Workspace::swept();
    let files = place.files("results");
    place.run("verify results/moons --note lab.json").ends(0).says("proven").says("note   wrote lab.json");
    assert_same(&place.files("results"), &files, "the folder stays as it is");
    let verdict = json(&place, "lab.json");
    assert_eq!(verdict["root"], place.manifest().root.to_string());
    assert_eq!(
        (&verdict["result"], &verdict["done"]["what"], &verdict["done"]["runs"]),
        (&"same bits".into(), &"all".into(), &6.into())
    );
    assert_eq!(verdict["compared"]["measurements"][3]["name"], "validation.error");
    assert_eq!(verdict["compared"]["measurements"][3]["same"], 6);
    assert_eq!(verdict["machine"]["system"], std::env::consts::OS);
    let text = place.text("lab.json");
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    assert!(!text.contains('/') && (host.is_empty() || !text.contains(host.trim())), "{text}");
    // The same machine may change its mind; with JSON, the file is named.
    place.run("verify results/moons --sample 2 --note lab.json").ends(0).says("note   replaced lab.json");
    assert_eq!(json(&place, "lab.json")["done"], serde_json::json!({ "what": "sample", "runs": 2, "of": 6 }));
    let out = place.run("verify results/moons --repeat 2 --note lab.json --json").ends(0).out;
    assert!(out.contains("\"note\":{\"file\":\"lab.json\",\"state\":\"replaced\"}"), "{out}");
    assert_eq!(json(&place, "lab.json")["done"]["times"], 2);
    assert_eq!(place.run("verify results/moons --note lab.json --quiet").ends(0).out, "");
}

#[test]
fn a_verification_that_fails_is_noted() {
    let place = Workspace::swept();
    place.edit("summary.csv", "1", "2");
    place.run("verify results/moons --note lab.json").ends(4).says("NOT proven").says("note   wrote lab.json");
    let verdict = json(&place, "lab.json");
    assert_eq!((&verdict["result"], &verdict["compared"]["beside"]), (&"differs".into(), &1.into()));
    assert_eq!(verdict["compared"]["different"], 0, "its runs are the same: {verdict}");
}

#[test]
fn nothing_else_is_replaced() {
    let place = Workspace::swept();
    place.write("own.json", "{\"mine\": 1}");
    place.write("cut.json", "{\"verdict\": 1}");
    fs::create_dir(place.path("folder.json")).unwrap();
    for (file, code) in [
        ("own.json", "note.other-file"),
        ("cut.json", "note.other-file"),
        ("folder.json", "note.other-file"),
        ("none/lab.json", "note.no-folder"),
        ("results/moons/lab.json", "output.inside-results"),
        ("results/moons/verdicts/deep/lab.json", "output.inside-results"),
        ("results/moons/verdicts/lab.txt", "note.ending"),
    ] {
        let message = place.run(&format!("verify results/moons --note {file}")).refused(2);
        assert!(message.contains(code), "{file}: {message}");
    }
    assert_eq!((place.text("own.json"), place.text("cut.json")), ("{\"mine\": 1}".into(), "{\"verdict\": 1}".into()));
    assert!(!place.path("results/moons/verdicts").exists());
    // A verdict of another machine, and one on other results.
    place.run("verify results/moons --note lab.json").ends(0);
    let verdict = place.text("lab.json");
    let root = place.manifest().root.to_string();
    for other in [verdict.replace("\"processors\": ", "\"processors\": 9"), verdict.replace(&root, &"ab".repeat(32))] {
        place.write("lab.json", &other);
        let message = place.run("verify results/moons --note lab.json").refused(2);
        assert!(message.contains("of another machine, or on other results"), "{message}");
        assert_eq!(place.text("lab.json"), other);
    }
    for words in ["--vary", "--bisect results/moons"] {
        place.run(&format!("verify results/moons {words} --note lab.json")).refused(2);
    }
    // Other data: no run is computed, and nothing is said of this machine.
    place.run("verify results/moons --repeat 2 --note new.json").ends(0);
    place.edit("study.toml", "epochs = 4", "epochs = 5");
    let message = place.run("verify results/moons --repeat 2 --note changed.json").refused(2);
    assert!(message.contains("note.other-runs") && !place.path("changed.json").exists(), "{message}");
}

#[test]
fn the_report_lists_verdicts_that_the_manifest_names() {
    let before = Workspace::swept();
    let place = noted();
    let listed = |place: &Workspace| place.manifest().files.keys().any(|path| path == "verdicts/lab.json");
    place.run("verify results/moons").ends(0).says("proven");
    assert!(!listed(&place), "a verdict that the report does not show is not of the results");
    assert_eq!(place.text("results/moons/report.html"), before.text("results/moons/report.html"));
    let stale = place.run("report results/moons --check").ends(4).out;
    assert!(stale.contains("manifest.json does not list the files in verdicts/"), "{stale}");
    let swept = noted();
    swept.run("sweep moons.toml").ends(0);
    place.run("report results/moons").ends(0);
    assert!(listed(&place));
    assert!(listed(&swept), "a sweep lists it, too");
    for page in ["report.md", "report.html"] {
        let text = place.text(&format!("results/moons/{page}"));
        for words in [
            "1 file in",
            "lab.json",
            "6 of 6",
            "same bits: train.loss, train.error",
            "restudy has checked neither",
            "under Verdicts",
        ] {
            assert!(text.contains(words), "{words} is not in {page}");
        }
    }
    assert!(place.text("results/moons/report.html").contains("from the files beside them that the manifest lists"));
    place.run("report results/moons --journal copy.html").ends(0);
    let copy = place.text("copy.html");
    assert!(copy.contains("from the files beside them that the manifest lists, and, under"), "{copy}");
    for words in [
        "verify results/moons",
        "verify results/moons --sample 2",
        "verify results/moons --sample 2 --files",
        "report results/moons --check",
        "status results/moons",
    ] {
        place.run(words).ends(0);
    }
    let files = place.files("results/moons");
    place.run("sweep moons.toml").ends(0).says("nothing to do");
    place.run("sweep moons.toml --render").ends(0);
    let kept = |mut files: crate::workspace::Files| {
        files.retain(|path, _| !path.starts_with("journal/"));
        files
    };
    assert_same(&kept(place.files("results/moons")), &kept(files), "rendered again");
    // Without the verdict, the report is what it was.
    fs::remove_file(place.path(FILE)).unwrap();
    place.run("sweep moons.toml").ends(0);
    for name in ["report.md", "report.html", "manifest.json"].map(|name| format!("results/moons/{name}")) {
        assert_eq!(place.text(&name), before.text(&name), "{name}");
    }
}

#[test]
fn a_listed_verdict_that_is_lost_or_changed_is_named_alone() {
    let place = reported();
    let verdict = place.text(FILE);
    let found = |words: &str| {
        let out = place.run(&format!("verify results/moons {words} --json")).ends(4).out;
        let reply: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        let list = reply["differences"].as_array().unwrap().clone();
        list.iter()
            .map(|own| format!("{}: {}", own["what"].as_str().unwrap(), own["how"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    for words in ["", "--sample 2", "--sample 2 --files"] {
        place.write(FILE, verdict.replace("same bits", "differs"));
        assert_eq!(found(words), ["verdicts/lab.json: its bytes do not match the manifest"], "{words}");
        fs::remove_file(place.path(FILE)).unwrap();
        let [lost] = found(words).try_into().unwrap();
        assert!(lost.starts_with("verdicts/lab.json: it is missing, and the report shows what it says"), "{lost}");
    }
    place.run("status results/moons").ends(0).says("verdicts/lab.json");
    // Pages are compared with the manifest then.
    place.edit("report.md", "moons", "moans");
    assert!(found("").contains(&"report.md: its bytes do not match the manifest".to_owned()));
    // Without pages, nothing needs it.
    for page in ["report.md", "report.html"] {
        fs::remove_file(place.path(&format!("results/moons/{page}"))).unwrap();
    }
    place.run("verify results/moons").ends(0).says("absent, and not needed").says("verdicts/lab.json");
    place.run("report results/moons").ends(0);
    assert!(!place.text("results/moons/report.md").contains("Verdicts"));
    place.run("verify results/moons").ends(0).says("proven");
    // A manifest that lists what is no verdict.
    place.write(FILE, "{}");
    let mut manifest = place.manifest();
    manifest.files.insert("verdicts/lab.json".into(), restudy::digest::Digest::of(b"{}"));
    place.write("results/moons/manifest.json", manifest.to_text());
    assert_eq!(found(""), ["verdicts/lab.json: it is not a verdict of `restudy verify --note`"]);
}

#[test]
fn verdicts_on_other_results_are_named_and_not_shown() {
    let place = reported();
    place.write("moons.toml", with("seeds = 3", "seeds = 4"));
    let root = place.manifest().root.short();
    place.run("sweep moons.toml").ends(0);
    let report = place.text("results/moons/report.md");
    assert!(report.contains("No file in `verdicts/` is of these results."), "{report}");
    assert!(report.contains(&format!("is a verdict on other results: `lab.json` (root {root})")), "{report}");
    assert!(!report.contains("same bits"), "{report}");
    place.run("verify results/moons").ends(0).says("proven");
    // What is no verdict is named on the terminal alone.
    place.write("results/moons/verdicts/notes.json", "{}");
    place.write("results/moons/verdicts/README.md", "nothing");
    let answer = place.run("report results/moons").ends(0).says("the report is current");
    assert!(answer.err.contains("notes.json: the report does not show it: it is not a verdict"), "{}", answer.err);
    assert!(!answer.err.contains("README"), "{}", answer.err);
    place.run("verify results/moons").ends(0);
}

#[test]
fn texts_of_verdicts_are_untrusted() {
    let place = noted();
    let bad = "<script>alert(1)</script> | `x` [a](b)";
    change(&place, "a|b.json", &|verdict| verdict["machine"]["processor"] = bad.into());
    for (name, text) in [("far.json", "a\u{202e}b".to_owned()), ("long.json", "x".repeat(201))] {
        change(&place, name, &|verdict| verdict["restudy"] = text.clone().into());
    }
    change(&place, "contradiction.json", &|verdict| verdict["compared"]["different"] = 1.into());
    change(&place, "newer.json", &|verdict| verdict["verdict"] = 2.into());
    let answer = place.run("report results/moons").ends(0);
    for name in ["far.json", "long.json", "contradiction.json", "newer.json"] {
        assert!(answer.err.contains(&format!("{name}: the report does not show it")), "{}", answer.err);
        assert!(!place.text("results/moons/report.html").contains(name));
    }
    assert!(place.text("results/moons/report.html").contains("&lt;script&gt;alert(1)&lt;/script&gt; | `x` [a](b)"));
    let report = place.text("results/moons/report.md");
    assert!(report.contains("| a\\|b.json") && report.contains("&lt;script&gt;") && report.contains("\\|"), "{report}");
    assert!(!report.contains("<script>"), "{report}");
    place.run("verify results/moons").ends(0).says("proven");
}

#[test]
#[cfg(unix)]
fn a_link_is_no_verdict() {
    let place = noted();
    fs::rename(place.path(FILE), place.path("lab.json")).unwrap();
    std::os::unix::fs::symlink(place.path("lab.json"), place.path(FILE)).unwrap();
    let answer = place.run("report results/moons").ends(0).says("the report is current");
    assert!(answer.err.contains("it is a link"), "{}", answer.err);
    let message = place.run(&format!("verify results/moons --note {FILE}")).refused(2);
    assert!(message.contains("is not a regular file"), "{message}");
}

#[test]
fn a_merge_brings_verdicts_along() {
    let (place, other) = (reported(), reported());
    change(&other, "lab.json", &|verdict| verdict["machine"]["processors"] = 64.into());
    change(&other, "far.json", &|verdict| verdict["machine"]["processors"] = 96.into());
    other.files("results/moons").iter().for_each(|(path, bytes)| place.write(&format!("other/moons/{path}"), bytes));
    let own = place.text(FILE);
    place.run("merge results/moons other/moons").ends(0);
    assert_eq!(place.text(FILE), own, "it stays");
    let names: Vec<_> = place.files("results/moons/verdicts").into_keys().collect();
    assert!(names.len() == 3 && names.contains(&"far.json".into()), "{names:?}");
    place.run("merge results/moons other/moons").ends(0);
    assert_eq!(place.files("results/moons/verdicts").len(), 3, "merged again");
    let report = place.text("results/moons/report.md");
    assert!(
        report.contains("3 files in") && report.contains("64 processors") && report.contains("96 processors"),
        "{report}"
    );
    place.run("verify results/moons").ends(0).says("proven");
}

#[test]
fn the_report_of_another_version_is_not_changed() {
    let place = noted();
    place.rendered_by("0.5.0");
    let answer = place.run("report results/moons --check").ends(4);
    assert!(
        answer.err.contains("the report does not show the changes in verdicts/ and versions/: restudy 0.5.0 made it"),
        "{}",
        answer.err
    );
    assert!(!answer.out.contains("manifest.json"), "{}", answer.out);
}
