//! Several sweeps in one folder at once: they share the runs, corrupt nothing, and leave the bytes of one sweep.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::Stdio,
    sync::OnceLock,
    time::{Duration, Instant},
};

use crate::workspace::{Files, Workspace, assert_same, flat, with};

/// A study of many short groups.
fn spec(epochs: u32, seeds: u32) -> String {
    with("epochs = 4", &format!("epochs = {epochs}\n\n[evaluate]\nevery = {{ epochs = {} }}", epochs / 4))
        .replace("seeds = 3", &format!("seeds = {seeds}"))
}

/// The usual study of these tests: a second or two for one process.
fn usual() -> String {
    spec(24000, 48)
}

/// Its results by one process.
fn expected() -> &'static Files {
    static EXPECTED: OnceLock<Files> = OnceLock::new();
    EXPECTED.get_or_init(|| by_one(&usual()))
}

fn by_one(spec: &str) -> Files {
    let place = Workspace::new(spec);
    place.run("sweep moons.toml --quiet").ends(0);
    place.answers("results/moons")
}

/// Starts sweeps with these arguments at once, and returns how many runs each computed.
fn at_once(place: &Workspace, sweeps: &[String]) -> Vec<u64> {
    let start = |words: &String| {
        let words = format!("sweep moons.toml --threads 1 --json --progress none {words}");
        let words: Vec<_> = words.split_whitespace().collect();
        place.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = sweeps.iter().map(start).collect();
    let ended = children.into_iter().map(|child| child.wait_with_output().unwrap());
    ended
        .map(|output| {
            let err = String::from_utf8_lossy(&output.stderr);
            let waiting = |line: &str| line.starts_with("notice: waiting for another restudy that is finishing");
            assert!(output.status.code() == Some(0) && err.lines().all(waiting), "{err}");
            let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            answer["computed"].as_u64().unwrap()
        })
        .collect()
}

/// Asserts that only the journal shows that there were several sweeps.
fn is_tidy(place: &Workspace) {
    let files: Vec<_> = place.files("results/moons/segments").into_keys().collect();
    assert_eq!(files.len(), 5, "one segment, its index, what the folder is for, and two locks: {files:?}");
    for lock in ["lock", "finishing"] {
        let lock = fs::File::open(place.path("results/moons/segments").join(lock)).unwrap();
        lock.try_lock().expect("no lock outlives its owner");
    }
}

#[test]
fn eight_sweeps_at_once_leave_the_bytes_of_one() {
    let place = Workspace::new(&usual());
    let computed = at_once(&place, &vec![String::new(); 8]);
    assert_same(&place.answers("results/moons"), expected(), "eight or one");
    is_tidy(&place);
    let total: u64 = computed.iter().sum();
    assert!((96..=2 * 96).contains(&total), "few runs are done twice: {computed:?}");
    assert!(computed.iter().filter(|computed| **computed > 0).count() > 1, "they divide the work: {computed:?}");
    place.run("sweep moons.toml").ends(0).says("nothing to do");
}

#[test]
fn shards_and_plain_sweeps_of_several_studies_at_once() {
    let spec = spec(2000, 32);
    let place = Workspace::new(&spec);
    let sweeps = ["--shard 1/2", "--shard 2/2", "--shard 2/2", "", "--shard 1/3"].map(String::from);
    at_once(&place, &sweeps);
    assert_same(&place.answers("results/moons"), &by_one(&spec), "in any parts");
    is_tidy(&place);
}

#[test]
fn the_runs_of_a_killed_sweep_are_done_by_the_others() {
    let place = Workspace::new(&usual());
    let words = ["sweep", "moons.toml", "--quiet", "--threads", "1"];
    let mut sweeps: Vec<_> = (0..4).map(|_| place.command(&words).spawn().unwrap()).collect();
    std::thread::sleep(Duration::from_millis(300));
    for mut sweep in sweeps.split_off(1) {
        let _ = sweep.kill();
        sweep.wait().unwrap();
    }
    assert_eq!(sweeps[0].wait().unwrap().code(), Some(0));
    assert_same(&place.answers("results/moons"), expected(), "after the kills");
    is_tidy(&place);
}

#[test]
fn a_second_result_that_appears_during_a_sweep_stops_it() {
    let (place, other) = (Workspace::new(&usual()), Workspace::swept());
    let words = ["sweep", "moons.toml", "--threads", "1", "--progress", "json"];
    let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut events = lines.map(|line| serde_json::from_str::<serde_json::Value>(&line.unwrap()).unwrap());
    let finished = events.find(|event| event["event"] == "finished").unwrap();
    let run: restudy::digest::Digest = finished["run"].as_str().unwrap().parse().unwrap();
    let (theirs, _) = restudy::store::load(&other.path("results/moons")).unwrap();
    let forged = restudy::digest::Record { id: run, ..theirs.values().next().unwrap().clone() };
    let file = "results/moons/segments/0123456789abcdef.seg";
    place.write(file, restudy::store::segment::encode([&forged]));
    events.for_each(drop);
    let output = child.wait_with_output().unwrap();
    let err = flat(&String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(4), "{err}");
    assert!(err.contains(&format!("run {} has two results that differ, first at epoch 0", run.short())), "{err}");
    assert!(
        err.contains(&format!("{file}: ")) && err.contains("), computed by a process that is not in the journal"),
        "{err}"
    );
    assert!(err.contains(", computed by process "), "{err}");
    assert_eq!(place.run("sweep moons.toml").code, Some(4), "it stays so");
    fs::remove_file(place.path(file)).unwrap();
    assert!(place.computed("sweep moons.toml --progress none") < 96, "nothing is lost");
    assert_same(&place.answers("results/moons"), expected(), "after the other result is gone");
}

#[test]
#[ignore = "takes a minute"]
fn eight_sweeps_for_a_minute() {
    let started = Instant::now();
    let mut round = 0;
    while started.elapsed() < Duration::from_secs(60) {
        let place = Workspace::new(&usual());
        let parts =
            (0..8).map(|i| if i < round % 8 { format!("--shard {}/{}", i + 1, round % 8) } else { String::new() });
        at_once(&place, &parts.collect::<Vec<_>>());
        assert_same(&place.answers("results/moons"), expected(), "eight or one");
        is_tidy(&place);
        round += 1;
    }
}

#[test]
#[ignore = "waits for half a minute"]
fn a_run_whose_owner_neither_ends_nor_commits_is_done_twice() {
    let place = Workspace::swept();
    let (runs, _) = restudy::store::load(&place.path("results/moons")).unwrap();
    fs::remove_dir_all(place.path("results")).unwrap();
    let claim = "results/moons/segments/stopped.claim";
    let keys = runs.keys().flat_map(|id| id.0[..8].to_vec());
    place.write(claim, [1, 0, 0, 0, 0, 0, 0, 0].into_iter().chain(keys).collect::<Vec<u8>>());
    let owner = fs::File::options().read(true).write(true).open(place.path(claim)).unwrap();
    owner.lock().unwrap();
    // Another live process works in the folder, too.
    let lock = fs::File::create(place.path("results/moons/segments/lock")).unwrap();
    lock.lock_shared().unwrap();
    let started = Instant::now();
    assert_eq!(place.computed("sweep moons.toml --progress none"), 6);
    assert!(started.elapsed() > Duration::from_secs(25), "it is given time");
    drop((lock, owner));
    place.run("sweep moons.toml").ends(0);
    assert_same(&place.answers("results/moons"), &Workspace::swept().answers("results/moons"), "in the end");
}
