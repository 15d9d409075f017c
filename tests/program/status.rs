//! `status`: computed runs, and running sweeps.

use std::fs;

use insta::assert_snapshot;

use crate::show::cut_off;
use crate::workspace::{Workspace, stable, with};

#[test]
fn status_counts_runs_and_files() {
    let place = Workspace::swept();
    let status = |place: &Workspace| {
        let out = stable(&place.run("status results/moons").ends(0).out);
        out.lines().filter(|line| !line.contains("last ")).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(status(&place));
    fs::remove_file(place.path("results/moons/metrics.parquet")).unwrap();
    place.edit("study.toml", "epochs = 4", "epochs = 5");
    assert_snapshot!(status(&place));
}

#[test]
fn status_of_a_specification_uses_its_current_settings() {
    let spec = with("[data.double-moon]\ntrain = 40\nvalidation = 40", "[data.csv]\nfile = \"points.csv\"");
    let place = Workspace::new(&spec.replace("train = 40\n", ""));
    let row = |i: i32| format!("{i},{},{}\n", i % 7, i % 2);
    let points = |last: &str| format!("a,b,label\n{}{last}", (0..40).map(row).collect::<String>());
    place.write("points.csv", points(""));
    place.run("sweep moons.toml --quiet").ends(0);
    let counts = |more: &str| {
        let of = |command: &str, key: &str| {
            let json: serde_json::Value = serde_json::from_str(&place.run(command).ends(0).out).unwrap();
            json[key].as_u64().unwrap()
        };
        let status = ["runs", "missing"].map(|key| of("status moons.toml --json", key));
        assert_eq!(status, ["cached", "missing"].map(|key| of("plan moons.toml --json", key)), "{more}");
        status
    };
    let status = || place.run("status moons.toml").ends(0).out;
    assert_eq!(counts("as it was"), [6, 0]);
    assert!(!status().contains("CHANGED") && !status().contains("MISSING"), "{}", status());
    place.write("points.csv", points("1,1,1\n"));
    assert_eq!(counts("other data"), [0, 6]);
    assert!(status().contains("CHANGED   the data is not that of these results"), "{}", status());
    assert!(!status().contains("is not the specification"), "{}", status());
    place.write("points.csv", points(""));
    place.write("moons.toml", place.text("moons.toml").replace("seeds = 3", "seeds = 4"));
    assert_eq!(counts("a new seed"), [6, 2]);
    let output = status();
    assert!(output.contains("CHANGED   moons.toml is not the specification of these results"), "{output}");
    assert!(output.contains("MISSING   2 runs\n") && output.contains("continue  restudy sweep moons.toml"), "{output}");
    assert!(!output.contains("the data"), "{output}");
    let folder = place.run("status results/moons").ends(0).out;
    assert!(!folder.contains("CHANGED") && folder.contains("6 of 6"), "the folder is as it was: {folder}");
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    let output = status();
    assert!(
        output.contains("MISSING   8 runs; the manifest lists 6 of them, but segments/ does not have them"),
        "{output}"
    );
}

#[test]
fn an_active_sweep_is_running_and_not_interrupted() {
    let place = cut_off();
    fs::copy(place.path("moons.toml"), place.path("results/moons/study.toml")).unwrap();
    let state = |place: &Workspace| {
        let json: serde_json::Value = serde_json::from_str(&place.run("ls --json").ends(0).out).unwrap();
        json["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(&place), "unfinished");
    // The lock of a running sweep.
    let lock = || fs::File::open(place.path("results/moons/segments/lock")).unwrap();
    let sweep = lock();
    sweep.lock_shared().unwrap();
    assert_eq!(state(&place), "running");
    place.run("status moons.toml").ends(0).says("RUNNING   a sweep is working here now");
    sweep.unlock().unwrap();
    assert_eq!(state(&place), "unfinished");
    place.write("moons.toml", with("seeds = 3", "seeds = 4"));
    place.run("status moons.toml").ends(0).says("CHANGED   this is not the specification");
    place.run("sweep moons.toml -q").ends(0);
    assert_eq!(state(&place), "complete");
    lock().try_lock_shared().expect("reading takes no lock");
}
