//! The rule for exit codes: every command that reads damaged or contradictory stored files ends with exit code 4; a
//! changed specification or changed data is no damage.

use std::fs;

use serde_json::Value;

use crate::workspace::{Workspace, flat};

const COMMANDS: [&str; 5] = [
    "status results/moons",
    "show results/moons",
    "compare results/moons hidden=1 hidden=3",
    "verify results/moons --progress none",
    "verify results/moons --progress none --sample 2",
];

/// The exit code of each command.
fn codes(place: &Workspace) -> [i32; 5] {
    COMMANDS.map(|words| place.run(words).code.unwrap())
}

fn segment(place: &Workspace) -> String {
    let names = place.files("results/moons/segments").into_keys();
    format!("results/moons/segments/{}", names.into_iter().find(|name| name.ends_with(".seg")).unwrap())
}

/// Rewrites a table in other bytes with the same values.
fn in_other_bytes(place: &Workspace, name: &str) {
    let path = format!("results/moons/{name}.parquet");
    let whole = place.read(&path);
    let says = |bytes: &[u8]| restudy::table::read(bytes).ok().map(|table| restudy::table::logical_digest(&table));
    let with = |at: usize| whole.iter().enumerate().map(|(i, byte)| byte ^ u8::from(i == at)).collect::<Vec<u8>>();
    let other = (0..whole.len()).rev().map(with).find(|bytes| says(bytes) == says(&whole)).unwrap();
    place.write(&path, other);
}

#[test]
fn a_damaged_segment_is_a_difference_for_every_command() {
    let place = Workspace::swept();
    assert_eq!(codes(&place), [0; 5]);
    let file = segment(&place);
    let whole = place.read(&file);
    place.write(&file, &whole[..whole.len() / 2]);
    assert_eq!(codes(&place), [4; 5]);
    place.run("status results/moons").ends(4).says("DAMAGED   segments/");
    let compared = place.run(COMMANDS[2]).ends(4).err;
    assert_eq!(compared.matches("notice: segments/").count(), 1, "one notice per folder: {compared}");
    let output = place.run(COMMANDS[3]).ends(4).says("`restudy sweep` repairs it").says("1 difference");
    assert!(output.out.starts_with("segments/"), "{}", output.out);
    let object: Value = serde_json::from_str(&place.run("verify results/moons --json").ends(4).out).unwrap();
    assert_eq!((&object["proven"], object["stored"]["damaged"].as_array().unwrap().len()), (&false.into(), 1));
    assert_eq!(object["stored"]["damaged"][0]["file"], object["differences"][0]["what"], "one form of the path");
    place.run("sweep moons.toml -q").ends(0);
    assert_eq!(codes(&place), [0; 5]);
    // The same in an unfinished study.
    fs::remove_file(place.path("results/moons/manifest.json")).unwrap();
    place.run("status results/moons").ends(0);
    let file = segment(&place);
    place.write(&file, &whole[..whole.len() - 1]);
    place.run("status results/moons").ends(4).says("DAMAGED   segments/");
    place.run("show results/moons").ends(4);
}

#[test]
fn a_table_in_other_bytes_is_reported_but_no_damage() {
    for name in ["weights", "runs"] {
        let place = Workspace::swept();
        in_other_bytes(&place, name);
        assert_eq!(codes(&place), [0; 5], "{name}");
        place.run("status results/moons").ends(0).says(&format!("other     {name}.parquet has every value"));
        assert!(place.run("show results/moons").err.contains(&format!("{name}.parquet has every value")));
        for command in ["status", "verify"] {
            let object = place.run(&format!("{command} results/moons --json --progress none")).ends(0).out;
            let object: Value = serde_json::from_str(&object).unwrap();
            assert_eq!(object["in-other-bytes"], serde_json::json!([format!("{name}.parquet")]), "{command}");
        }
    }
}

#[test]
fn a_manifest_with_another_file_name_is_reported() {
    let place = Workspace::swept();
    place.edit("manifest.json", "\"report.md\"", "\"report2.md\"");
    // `compare` does not read the report.
    assert_eq!(codes(&place), [4, 4, 0, 4, 4]);
    let output = "WRONG     manifest.json: it does not list exactly the files of this study: report.md, report2.md";
    place.run("status results/moons").ends(4).says(output);
}

#[test]
fn a_changed_question_is_reported_but_no_damage() {
    let place = Workspace::swept();
    place.write("moons.toml", crate::workspace::with("seeds = 3", "seeds = 4"));
    place.run("status moons.toml").ends(0).says("CHANGED");
    let object: Value = serde_json::from_str(&place.run("status moons.toml --json").ends(0).out).unwrap();
    assert_eq!((&object["specification-unchanged"], &object["findings"]), (&false.into(), &serde_json::json!([])));
}

#[test]
fn a_damaged_experiment_file_is_reported_with_its_remedy() {
    let file = "results/moons/segments/experiment";
    for (text, how) in [
        ("garbage", "it does not name the owner of the folder"),
        (
            "{\"format\":1,\"experiment\":\"plain 1\"}\n",
            "it names the experiment `plain`, version 1 as the owner of the folder",
        ),
        ("{\"format\":9,\"experiment\":null}\n", "the owner of the folder is unknown"),
    ] {
        let place = Workspace::swept();
        place.write(file, text);
        assert_eq!(codes(&place), [4; 5], "{text}");
        let remedy = "remove it: according to the manifest, the folder belongs to the network";
        for words in [COMMANDS[3], COMMANDS[4]] {
            let output = place.run(words).ends(4).says(&format!("segments/experiment: {how}")).says("1 difference");
            assert!(output.out.contains(remedy), "{}", output.out);
        }
        let status = place.run("status results/moons").ends(4).says(how).says("segments/experiment: ");
        assert!(status.out.contains(remedy), "{}", status.out);
        assert!(flat(&place.run("show results/moons").err).contains(remedy));
        // The advised command works.
        fs::remove_file(place.path(file)).unwrap();
        assert_eq!(codes(&place), [0; 5]);
        place.run("sweep moons.toml").ends(0);
    }
}
