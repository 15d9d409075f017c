//! Files that were cut short: `verify` or `sweep` reports each, and the results end up right.

use std::{fs, path::Path};

use crate::{
    flips::{TINY, answers, is_segment, swept},
    library,
    workspace::assert_same,
};

#[test]
fn a_segment_cut_at_every_byte() {
    let (place, files) = swept();
    let (path, whole) = files.iter().find(|(path, _)| is_segment(path)).unwrap();
    let (all, damage) = library::segment(whole).unwrap();
    assert!(damage.is_none() && all.len() == 2);
    for length in 0..whole.len() {
        let (kept, damage) = library::segment(&whole[..length]).unwrap();
        assert!(
            kept.len() < all.len() && kept[..] == all[..kept.len()],
            "{length} bytes: whole runs, from the first on"
        );
        // A cut between two runs leaves a valid segment; the missing run is reported.
        let boundary = length > 11 && restudy::store::segment::encode(&kept).len() == length;
        assert_eq!(damage.is_none(), boundary, "{length} bytes: {damage:?}");
    }
    // The same by a sweep, at some of the lengths.
    for length in (0..whole.len()).step_by(41).chain([whole.len() - 1]) {
        place.write(&format!("results/moons/{path}"), &whole[..length]);
        fs::remove_file(place.path("results/moons/manifest.json")).unwrap();
        library::sweep(TINY, &place.path("results")).unwrap();
        assert_same(&answers(&place), &files, &format!("cut to {length} bytes"));
    }
}

#[test]
fn every_file_cut_short() {
    let (place, files) = swept();
    let results = place.path("results");
    let rendered = library::rendered(&results);
    for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with("segments/")) {
        let file = place.path(&format!("results/moons/{path}"));
        let step = if bytes.len() > 4000 { 251 } else { 7 };
        for length in (0..bytes.len()).step_by(step).chain([bytes.len() - 1]) {
            fs::write(&file, &bytes[..length]).unwrap();
            assert_ne!(library::differing_files(&results, &rendered), [""; 0], "{path} of {length} bytes");
        }
        fs::write(&file, bytes).unwrap();
    }
    assert!(Path::new(&results).exists());
}
