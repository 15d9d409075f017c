//! Stored runs that were forged with all digests that a forger can compute: what is shown is verified.

use std::fs;

use restudy::{
    digest::{Record, last_link},
    results::Manifest,
    store::{self, segment},
};

use crate::{
    tamper::put,
    workspace::{SPEC, Workspace, with},
};

/// A change of a record.
pub(crate) type Forgery = fn(&mut Record);

/// Changes a measurement in the middle of the run, which no link and no root binds.
pub(crate) fn middle(record: &mut Record) {
    record.observations[2].values[1] = 0.0;
}

/// Changes the last measurement, and computes a valid last link.
pub(crate) fn last(record: &mut Record) {
    record.observations.last_mut().unwrap().values[3] = 0.0;
    let previous = record.chain[record.chain.len() - 2];
    let parameters: Vec<f64> = record.kept.values.clone();
    let link = last_link(previous, record.observations.last().unwrap(), Some(&parameters));
    *record.chain.last_mut().unwrap() = link;
}

/// Forges every stored run of a folder: frames, file names and, if present, the index match the content.
pub(crate) fn forge(place: &Workspace, folder: &str, forgery: Forgery) {
    let folder = place.path(folder);
    let (mut records, _) = store::load(&folder).unwrap();
    records.values_mut().for_each(forgery);
    let segments = folder.join("segments");
    for entry in fs::read_dir(&segments).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && path.extension().is_some_and(|ending| ending == "seg") {
            fs::remove_file(path).unwrap();
        }
    }
    fs::remove_file(segments.join("index")).ok();
    let bytes = segment::encode(records.values());
    fs::write(segments.join(segment::file_name(&bytes)), bytes).unwrap();
}

/// Rewrites the manifest in the form of the first versions.
fn make_early(place: &Workspace) {
    place.rendered_by("0.1.0");
    let manifest = Manifest { measurements: None, ..place.manifest() };
    put(place, &manifest);
}

#[test]
fn a_forged_stored_run_is_no_part_of_a_proof() {
    for early in [false, true] {
        for (forgery, says) in [(middle as Forgery, "its stored measurement of epoch 2"), (last, "of epoch 4")] {
            let place = Workspace::swept();
            if early {
                make_early(&place);
                place.run("verify results/moons --progress none").ends(0);
            }
            forge(&place, "results/moons", forgery);
            place.run("verify results/moons --progress none").ends(4).says(says).says("6 differences");
            // One run is compared in full, the others by their digests.
            let answer = place.run("verify results/moons --progress none --sample 1").ends(4);
            answer.says(says).says("than the manifest").says("6 differences");
            place.run("verify results/moons --progress none --sample 1 --files").ends(4);
            // A sweep does not continue from them.
            let error = place.run("sweep moons.toml --progress none").refused(4);
            assert!(error.contains("contradicts the stored results of 6 runs"), "{error}");
        }
    }
}

#[test]
fn verify_reports_what_an_early_manifest_binds() {
    let place = Workspace::swept();
    make_early(&place);
    for table in ["metrics", "runs", "weights", "points"] {
        fs::remove_file(place.path(&format!("results/moons/{table}.parquet"))).unwrap();
    }
    let answer = place.run("verify results/moons --progress none --sample 2").ends(0);
    answer.says(
        "stored runs: 2 compared in full, 4 by the digests of the manifest, which cover only their last measurement",
    );
    forge(&place, "results/moons", middle);
    place.run("verify results/moons --progress none --sample 1").ends(4).says("1 difference");
    // All runs are compared with each other.
    place.run("verify results/moons --progress none").ends(4).says("6 differences");
    // A new manifest is not made from them.
    place.run("sweep moons.toml --progress none").refused(4);
    // The version in the manifest decides; a manifest of a later version must have the list.
    put(&place, &Manifest { restudy: "0.2.0".into(), ..place.manifest() });
    let error = place.run("verify results/moons --progress none").refused(4);
    assert!(crate::workspace::flat(&error).contains("has no digests of measurements"), "{error}");
}

#[test]
fn an_index_with_other_content_is_found() {
    let place = Workspace::swept();
    let forged = Workspace::swept();
    // The index of a forged store, put beside the true one with a matching name and size.
    forge(&forged, "results/moons", middle);
    let truth: Vec<_> =
        place.files("results/moons/segments").into_iter().filter(|(name, _)| name.ends_with(".seg")).collect();
    let [(name, bytes)] = truth.as_slice() else { panic!("one segment") };
    fs::remove_file(forged.path("results/moons/manifest.json")).unwrap();
    forged.run("sweep moons.toml --progress none").ends(0);
    let own = forged.files("results/moons/segments").into_keys().find(|name| name.ends_with(".seg")).unwrap();
    fs::remove_file(forged.path(&format!("results/moons/segments/{own}"))).unwrap();
    let _ = (name, bytes);
    let index = forged.read("results/moons/segments/index");
    let text = |name: &str| name.as_bytes().to_vec();
    let place_of = index.windows(own.len()).position(|window| window == text(&own)).unwrap();
    let mut index = index;
    index[place_of..place_of + name.len()].copy_from_slice(&text(name));
    let start = 14 + 4 + 32;
    let sum = restudy::digest::Digest::of(&index[start..]).0;
    index[18..50].copy_from_slice(&sum);
    place.write("results/moons/segments/index", index);
    place.run("verify results/moons --progress none").ends(4).says("segments/index: it does not match");
    place.run("verify results/moons --progress none --sample 1").ends(4).says("segments/index: it does not match");
}

#[test]
fn copies_that_differ_anywhere_are_not_merged() {
    for manifests in [true, false] {
        let place = Workspace::swept();
        let files = place.files("results/moons");
        for (path, bytes) in
            files.iter().filter(|(path, _)| manifests || path.starts_with("segments") || *path == "study.toml")
        {
            place.write(&format!("copy/{path}"), bytes);
        }
        forge(&place, "copy", middle);
        let before = place.files("results/moons");
        let error = place.run("merge results/moons copy --progress none").refused(4);
        if manifests {
            assert!(error.contains("contradicts the stored results of 6 runs"), "{error}");
        } else {
            assert!(error.contains("has two results that differ, first at epoch 2"), "{error}");
            assert!(error.contains("copy/segments/") && error.contains("results/moons/segments/"), "{error}");
        }
        assert_eq!(place.files("results/moons"), before);
        // Runs that the manifest lists need not be stored.
        fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
        place.run("merge results/moons copy --progress none").refused(4);
    }
}

#[test]
fn runs_that_the_manifest_does_not_list_are_used() {
    let place = Workspace::swept();
    place.write("more.toml", with("seeds = 3", "seeds = 4"));
    place.run("sweep moons.toml --set sweep.seeds=4 --progress none").ends(0);
    place.write("moons.toml", SPEC);
    place.run("sweep moons.toml --progress none").ends(0);
    let answer = place.run("verify results/moons --progress none").ends(0);
    answer.says("not compared: 2 stored runs that the study does not include");
}

#[test]
fn a_repaired_run_is_no_replication() {
    let place = Workspace::swept();
    let file = fs::read_dir(place.path("results/moons/segments"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "seg"))
        .unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).unwrap();
    let answer = place.run("sweep moons.toml --progress none").ends(0);
    assert!(!answer.out.contains("more than one process"), "{}", answer.out);
    let answer = place.run("status results/moons").ends(0);
    assert!(!answer.out.contains("more than one process"), "{}", answer.out);
    place.run("verify results/moons --progress none").ends(0);
}
