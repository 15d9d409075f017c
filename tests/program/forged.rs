//! A manifest with false claims: commands find it, and a sweep neither believes nor replaces it.

use std::{collections::BTreeSet, fs};

use restudy::{
    digest::{Digest, root},
    results::{Manifest, manifest::RunEntry},
    table,
};

use crate::{
    tamper::{put, read_table, write_table},
    workspace::{SPEC, Workspace, flat},
};

/// A change of a manifest.
type Change = fn(&mut Manifest);

#[test]
fn any_entry_of_the_manifest() {
    let whole = Workspace::swept().manifest();
    let changes: [(&str, Change); 13] = [
        ("its digest is not the one computed", |m| m.runs[2].digest = Digest([7; 32])),
        ("trace in manifest.json is not the one computed, from epoch 4 on, though its digest is", |m| {
            m.runs[2].trace.replace_range(16..20, "beef")
        }),
        ("trace in manifest.json is not the one computed, from epoch 2 on", |m| {
            m.runs[5].trace.replace_range(8..12, "beef")
        }),
        ("though its digest is: the trace is wrong", |m| m.runs[1].trace.truncate(4)),
        ("though its digest is: the trace is wrong", |m| m.runs[1].trace = "\u{1F319}".into()),
        ("its root is not that", |m| m.root = Digest([7; 32])),
        ("the manifest does not list it (model.hidden = 3, seed 0)", |m| {
            m.runs.remove(3);
            m.measurements.as_mut().unwrap().remove(3);
        }),
        ("it is not part of the specification", |m| {
            m.runs.push(RunEntry { id: Digest([9; 32]), ..m.runs[0].clone() });
            m.measurements.as_mut().unwrap().push(Digest([9; 32]));
        }),
        ("the digest of its measurements in the manifest is not the one computed", |m| {
            m.measurements.as_mut().unwrap()[4] = Digest([9; 32])
        }),
        ("the manifest lists it with another trial or seed", |m| m.runs[0].seed = 17),
        ("manifest.json: line", |m| m.runs.swap(0, 1)),
        ("manifest.json: line", |m| m.tables.get_mut("metrics").unwrap().rows += 1),
        ("it is not the specification", |m| m.specification = Digest([1; 32])),
    ];
    for (what, change) in changes {
        for covered in [false, true] {
            let place = Workspace::swept();
            let mut manifest = whole.clone();
            change(&mut manifest);
            if covered && manifest.root == whole.root {
                manifest.root = root(manifest.runs.iter().map(|run| (run.id, run.digest)));
            }
            put(&place, &manifest);
            place.run("verify results/moons --progress none").ends(4).says(what);
        }
    }
    for (path, digest) in
        [("figures/seeds.svg", Some(Digest([3; 32]))), ("summary.csv", None), ("more.csv", Some(Digest([3; 32])))]
    {
        let place = Workspace::swept();
        let mut manifest = whole.clone();
        match digest {
            Some(digest) => drop(manifest.files.insert(path.into(), digest)),
            None => drop(manifest.files.remove(path)),
        }
        put(&place, &manifest);
        place.run("verify results/moons --progress none").ends(4).says("manifest.json: line");
    }
}

#[test]
fn a_manifest_in_another_form() {
    let place = Workspace::swept();
    place.edit("manifest.json", "  \"root\"", "   \"root\"");
    place.run("verify results/moons").ends(4).says("manifest.json");
}

#[test]
fn a_sweep_does_not_call_tampered_results_done() {
    for (file, from, to) in [
        ("summary.csv", "0.", "1."),
        ("study.toml", "forty", "fifty"),
        (
            "manifest.json",
            "\"root\": \"",
            "\"root\": \"0000000000000000000000000000000000000000000000000000000000000000\", \"was\": \"",
        ),
    ] {
        let place = Workspace::swept();
        place.edit(file, from, to);
        assert_eq!(place.computed("sweep moons.toml"), 0);
        assert_eq!(place.answers("results/moons"), Workspace::swept().answers("results/moons"), "{file} is made anew");
    }
    let place = Workspace::swept();
    let table = read_table(&place, "runs");
    write_table(&place, "runs", &table.head(Some(2)));
    assert_eq!(place.computed("sweep moons.toml"), 0);
    place.run("verify results/moons").ends(0);
}

#[test]
fn a_sweep_reports_a_manifest_with_another_result() {
    let place = Workspace::swept();
    let mut manifest = place.manifest();
    manifest.runs[2].digest = Digest([7; 32]);
    put(&place, &manifest);
    let before = place.files("results/moons");
    let message = place.run("sweep moons.toml --progress none").refused(4);
    assert!(message.contains(&manifest.runs[2].id.short()), "{message}");
    assert_eq!(place.files("results/moons"), before);
    assert_eq!(SPEC.len(), place.text("moons.toml").len());
    // Nothing is replaced if more runs are to be computed: segments stay, and new runs are added.
    let segments = |place: &Workspace| -> BTreeSet<_> {
        let entries = fs::read_dir(place.path("results/moons/segments")).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "seg")).collect()
    };
    let before = segments(&place);
    place.run("sweep moons.toml --set sweep.seeds=5 --progress none").refused(4);
    assert!(segments(&place).is_superset(&before), "what was there is there");
}

#[test]
fn a_table_in_other_bytes_is_reported_and_rewritten() {
    let place = Workspace::swept();
    let path = place.path("results/moons/runs.parquet");
    let whole = fs::read(&path).unwrap();
    // A byte without a meaning for this program, which other programs may read.
    let says = table::logical_digest(&table::read(&whole).unwrap());
    let with =
        |place: usize| whole.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == place)).collect::<Vec<u8>>();
    let mut changed = (0..whole.len()).rev().map(with);
    let same = |bytes: &Vec<u8>| table::read(bytes).is_ok_and(|table| table::logical_digest(&table) == says);
    fs::write(&path, changed.find(same).unwrap()).unwrap();
    for words in ["verify results/moons --progress none", "verify results/moons --progress none --sample 2"] {
        place.run(words).ends(0).says("in other bytes: runs.parquet has every value");
    }
    place.run("sweep moons.toml --quiet").ends(0);
    assert!(fs::read(&path).unwrap() == whole);
}

#[test]
#[cfg(unix)]
fn a_link_in_a_results_folder_is_never_written_through() {
    let place = Workspace::swept();
    let outside = tempfile::tempdir().unwrap();
    for name in ["figures", "segments", "journal"] {
        let inside = place.path("results/moons").join(name);
        fs::remove_dir_all(&inside).unwrap();
        std::os::unix::fs::symlink(outside.path(), &inside).unwrap();
        let refused = place.run("sweep moons.toml --render --quiet").refused(2);
        assert!(refused.contains("is a symbolic link"), "{name}: {refused}");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0, "{name}");
        fs::remove_file(&inside).unwrap();
        place.run("sweep moons.toml --render --quiet").ends(0);
    }
    for name in ["segments/lock", "segments/finishing"] {
        let inside = place.path("results/moons").join(name);
        fs::remove_file(&inside).unwrap();
        std::os::unix::fs::symlink(outside.path().join("new"), &inside).unwrap();
        assert!(place.run("sweep moons.toml --render --quiet").refused(2).contains("is a symbolic link"), "{name}");
        assert!(!outside.path().join("new").exists(), "{name}");
        fs::remove_file(&inside).unwrap();
        place.run("sweep moons.toml --quiet").ends(0);
    }
    // The folder of the study itself, which can still be read; the folder of all results may be anywhere.
    fs::rename(place.path("results/moons"), outside.path().join("moons")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("moons"), place.path("results/moons")).unwrap();
    assert!(flat(&place.run("sweep moons.toml --render --quiet").refused(2)).contains("link the folder above them"));
    place.run("status results/moons").ends(0);
    fs::remove_file(outside.path().join("moons/report.md")).unwrap();
    for name in ["results/moons", "results/moons/", "results/moons/."] {
        place.run(&format!("report {name}")).refused(2);
    }
    assert!(!outside.path().join("moons/report.md").exists());
    fs::remove_file(place.path("results/moons")).unwrap();
    fs::remove_dir(place.path("results")).unwrap();
    std::os::unix::fs::symlink(outside.path(), place.path("results")).unwrap();
    place.run("sweep moons.toml --quiet").ends(0);
    place.run("sweep moons.toml").ends(0).says("nothing to do");
}
