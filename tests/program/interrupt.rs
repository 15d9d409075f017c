//! Interrupted and killed sweeps: no committed run is lost, and the same command finishes the study to the same bytes.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use crate::workspace::{Files, Workspace, assert_same, flat, with};

/// A study of a second or two in many small groups.
fn long() -> String {
    with("epochs = 4", "epochs = 20000\n\n[evaluate]\nevery = { epochs = 2000 }").replace("seeds = 3", "seeds = 80")
}

/// The results of the long study, computed without an interruption.
fn expected() -> &'static Files {
    static EXPECTED: OnceLock<Files> = OnceLock::new();
    EXPECTED.get_or_init(|| {
        let place = Workspace::new(&long());
        place.run("sweep moons.toml --quiet").ends(0);
        place.answers("results/moons")
    })
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().unwrap().success());
}

/// Interrupts a sweep once its first run is finished.
fn interrupted(name: &str) {
    let place = Workspace::new(&long());
    let words = ["sweep", "moons.toml", "--threads", "1", "--progress", "json", "--set", "study.question=Is it safe?"];
    let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("\"finished\"")), "a run is finished");
    signal(&child, name);
    let asked = Instant::now();
    lines.for_each(|line| {
        serde_json::from_str::<serde_json::Value>(&line.unwrap()).expect("every line is JSON, to the end");
    });
    let output = child.wait_with_output().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(2), "{name} is answered at once: {:?}", asked.elapsed());
    assert_eq!(output.status.code(), Some(130), "{name}");
    let err = String::from_utf8(output.stderr).unwrap();
    let resume = "restudy sweep moons.toml --threads 1 --progress json --set 'study.question=Is it safe?'";
    assert!(flat(&err).contains("of 160 runs are stored in results/moons"), "{err}");
    assert!(err.contains("; the same command continues from there:") && !err.contains("given up"), "{err}");
    assert!(err.ends_with(&format!("{resume}\n")), "{err}");
    let safe: u64 = err.split("interrupted: ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((1..160).contains(&safe), "{err}");

    let plan: serde_json::Value = serde_json::from_str(&place.run("plan moons.toml --json").ends(0).out).unwrap();
    assert_eq!(plan["cached"], safe);
    assert_eq!(plan["reasons"]["not yet run (the study is not finished)"], 160 - safe);
    assert_eq!(place.computed("sweep moons.toml --progress none"), 160 - safe, "what is safe is not computed again");
    assert_same(&place.answers("results/moons"), expected(), name);
}

#[test]
fn ctrl_c_stops_soon_and_the_same_command_continues() {
    interrupted("INT");
}

#[test]
fn termination_stops_soon_and_the_same_command_continues() {
    interrupted("TERM");
}

#[test]
fn a_stop_between_distant_measurements_is_handled() {
    let every = "epochs = 100000000\n\n[evaluate]\nevery = { epochs = 50000000 }";
    for (name, hidden) in [("INT", "[1, 3]"), ("TERM", "[400]")] {
        let place = Workspace::new(&with("epochs = 4", every).replace("[1, 3]", hidden));
        let words = ["sweep", "moons.toml", "--progress", "json", "--results", "my results", "--shard", "1/1"];
        let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("\"started\"")));
        std::thread::sleep(Duration::from_millis(300));
        signal(&child, name);
        let asked = Instant::now();
        assert!(lines.all(|line| !line.unwrap().contains("\"finished\"")));
        let output = child.wait_with_output().unwrap();
        assert!(asked.elapsed() < Duration::from_secs(2), "{name} is answered at once: {:?}", asked.elapsed());
        assert_eq!(output.status.code(), Some(130), "{name}");
        let err = String::from_utf8(output.stderr).unwrap();
        let runs = if name == "INT" { 6 } else { 3 };
        let half = format!(
            "interrupted: 0 of {runs} runs are stored in my results/moons, and {runs} more half done; the same command continues from there:"
        );
        assert!(err.contains(&half), "{err}");
        let resume = "restudy sweep moons.toml --progress json --results 'my results' --shard 1/1\n";
        assert!(err.ends_with(resume), "{err}");
        let (kept, left): (Vec<_>, Vec<_>) =
            place.files("my results/moons/segments").into_keys().partition(|name| name.ends_with(".checkpoint"));
        assert_eq!(left, ["experiment", "finishing", "lock"], "no lease outlives its owner");
        assert_eq!(kept.len(), runs);
        // The next sweep has less to do.
        let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let begun = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let begun: serde_json::Value = serde_json::from_str(&begun).unwrap();
        assert!(begun["steps"].as_u64().unwrap() < runs as u64 * 100_000_000 * 40, "{begun}");
    }
}

#[test]
fn an_interrupted_run_continues() {
    let every = "epochs = 400000\n\n[evaluate]\nevery = { epochs = 150000 }";
    let spec = with("epochs = 4", every);
    let whole = Workspace::new(&spec);
    whole.run("sweep moons.toml --quiet").ends(0);
    let place = Workspace::new(&spec);
    let mut before = u64::MAX;
    for round in 0..3 {
        let words = ["sweep", "moons.toml", "--threads", "1", "--progress", "json"];
        let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let begun = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        std::thread::sleep(Duration::from_millis(100));
        signal(&child, "INT");
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
        let begun: serde_json::Value = serde_json::from_str(&begun).unwrap();
        let steps = begun["steps"].as_u64().unwrap();
        assert!(steps < before, "round {round}: {steps} of {before}");
        before = steps;
    }
    place.run("sweep moons.toml --quiet").ends(0);
    assert_same(&place.answers("results/moons"), &whole.answers("results/moons"), "after three interruptions");
}

#[test]
fn a_folder_removed_during_a_sweep() {
    let place = Workspace::new(&long());
    let words = ["sweep", "moons.toml", "--threads", "1", "--progress", "json"];
    let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("\"committed\"")));
    fs::rename(place.path("results/moons"), place.path("results/elsewhere")).unwrap();
    lines.for_each(drop);
    let output = child.wait_with_output().unwrap();
    let err = flat(&String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert!(err.contains("cannot write") && err.contains("results/moons/segments/"), "{err}");
    assert!(err.contains("the folder was removed or renamed while restudy worked in it"), "{err}");
    fs::rename(place.path("results/elsewhere"), place.path("results/moons")).unwrap();
    assert!(place.computed("sweep moons.toml --progress none") < 160, "what was committed is kept");
    assert_same(&place.answers("results/moons"), expected(), "after the folder is back");
}

/// Starts a verification, and ends it by a signal once a run is finished.
fn verification_cut_off(place: &Workspace, words: &str) -> String {
    let words: Vec<_> = format!("verify results/moons --threads 1 --progress json {words}")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("\"finished\"")));
    signal(&child, "INT");
    assert!(lines.all(|line| line.unwrap().contains("\"event\"")));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    String::from_utf8(output.stderr).unwrap()
}

fn long_and_swept() -> Workspace {
    let place = Workspace::new(&long());
    expected().iter().for_each(|(path, bytes)| place.write(&format!("results/moons/{path}"), bytes));
    place
}

fn verified(place: &Workspace, words: &str, code: i32) -> serde_json::Value {
    serde_json::from_str(&place.run(&format!("verify results/moons --json --quiet {words}")).ends(code).out).unwrap()
}

#[test]
fn an_interrupted_verification_proves_nothing_and_continues() {
    let place = long_and_swept();
    let err = verification_cut_off(&place, "");
    assert!(err.contains("interrupted: nothing is proven yet; "), "{err}");
    assert!(
        err.ends_with("continues from there:\n  restudy verify results/moons --threads 1 --progress json\n"),
        "{err}"
    );
    assert_same(&place.answers("results/moons"), expected(), "a verification writes nothing");
    let kept: u64 = err.split("nothing is proven yet; ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((1..160).contains(&kept), "{err}");
    // Another SIMD variant starts a new verification, and only removes records of this root.
    let answer = place.run("verify results/moons").ends(0);
    answer.says(&format!("({kept} of them by an earlier, interrupted verification)"));
    assert_eq!(fs::read_dir(place.path("cache/restudy/verify")).unwrap().count(), 0, "done, and forgotten");
    assert_eq!(verified(&place, "", 0)["resumed"], 0);
}

#[test]
fn an_interrupted_verification_is_not_reused_by_other_variants_or_fresh_ones() {
    let place = long_and_swept();
    verification_cut_off(&place, "--portable");
    assert_eq!(verified(&place, "--sample 3", 0)["resumed"], 0, "a sample is computed");
    if restudy::train::Simd::best() != restudy::train::Simd::Portable {
        assert_eq!(verified(&place, "", 0)["resumed"], 0, "kept by the portable variant");
    }
    verification_cut_off(&place, "");
    assert_eq!(verified(&place, "--fresh", 0)["resumed"], 0);
    let err = verification_cut_off(&place, "--fresh");
    assert!(!err.contains("--fresh"), "the next one must not begin anew: {err}");
    let err = verification_cut_off(&place, "--sample 100%");
    assert!(err.ends_with("interrupted: nothing is proven; a sample starts from the beginning\n"), "{err}");
}

#[test]
fn differences_are_found_across_interrupted_verifications() {
    let place = long_and_swept();
    verification_cut_off(&place, "");
    let kept: Vec<_> = fs::read_dir(place.path("cache/restudy/verify")).unwrap().collect();
    let records = restudy::store::load(&kept[0].as_ref().unwrap().path()).unwrap().0;
    // A wrong result of a run that was verified before the interruption; the root does not cover the change.
    let digest = records.values().next().unwrap().digest().to_string();
    place.edit("manifest.json", &digest, &"7".repeat(64));
    let report = verified(&place, "", 4);
    assert_eq!(report["resumed"], records.len());
    assert!(report["differences"].to_string().contains(&records.keys().next().unwrap().short()), "{report}");
}

#[test]
fn a_kill_at_any_instant_loses_only_what_was_not_committed() {
    let place = Workspace::new(&long());
    // A fixed sequence of instants: early ones hit the start, late ones the tables, figures and the cleanup.
    let instants = [7, 480, 90, 610, 350, 560];
    for instant in instants {
        let mut child = place.command(&["sweep", "moons.toml", "--quiet"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(instant));
        let _ = child.kill();
        child.wait().unwrap();
        place.run("plan moons.toml").ends(0);
    }
    place.run("sweep moons.toml --quiet").ends(0);
    assert_same(&place.answers("results/moons"), expected(), "after all the kills");
    place.run("sweep moons.toml").ends(0).says("nothing to do");
}
