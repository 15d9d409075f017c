//! SIGKILL at random instants: committed runs stay, and the same command ends at the same bytes.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

use crate::{
    random::{Random, setting},
    workspace::{Files, Workspace, assert_same, with},
};

/// A study of a second or two in many small groups, with figures.
pub fn long() -> String {
    with("epochs = 4", "epochs = 10000\n\n[evaluate]\nevery = { epochs = 1000 }").replace("seeds = 3", "seeds = 60")
}

/// A shorter study, so that kills also hit what follows the training.
fn brief() -> String {
    long().replace("epochs = 10000", "epochs = 2000")
}

/// The results that must be equal: all files except the journal and locks.
pub fn answers(place: &Workspace, folder: &str) -> Files {
    let mut files = place.answers(folder);
    files.retain(|path, _| !Path::new(path).file_name().is_some_and(|name| name.to_string_lossy().contains("lock")));
    files
}

/// The phases in which sweeps were killed, by their last event.
#[derive(Debug, Default)]
struct Counts {
    starting: u32,
    training: u32,
    /// Around a commit: within six milliseconds after one, or when the next one is due.
    commit: u32,
    rendering: u32,
    ending: u32,
    /// Kills that left a partly written file in `segments/`, and anywhere else.
    half_segments: u32,
    half_files: u32,
    completions: u32,
}

enum When {
    After(Duration),
    Event(&'static str, Duration),
}

/// `rendering` is the time that rendering takes undisturbed: files are written towards its end. A commit follows half a
/// second after the previous one.
fn when(random: &mut Random, rendering: Duration) -> When {
    let micros = |random: &mut Random, most: usize| Duration::from_micros(random.below(most) as u64);
    match random.below(10) {
        0..4 => When::After(micros(random, 1_500_000)),
        4 => When::Event("committed", micros(random, 5_000)),
        5 => When::Event("committed", Duration::from_millis(490) + micros(random, 40_000)),
        6 => When::Event("finished", micros(random, 60_000)),
        7 => When::Event("rendering", micros(random, rendering.as_micros() as usize)),
        _ => When::Event("rendering", rendering.mul_f64(0.6) + micros(random, rendering.as_micros() as usize / 2)),
    }
}

fn events(child: &mut Child) -> Receiver<String> {
    let (send, receive) = channel();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            let event = serde_json::from_str::<serde_json::Value>(&line).ok();
            let event = event.and_then(|line| Some(line["event"].as_str()?.to_owned()));
            if send.send(event.unwrap_or_else(|| "answer".into())).is_err() {
                return;
            }
        }
    });
    receive
}

/// Lets the sweep run until the instant, and returns the last event before it; `None` if the sweep ended first.
fn until(when: &When, events: &Receiver<String>, last: &mut (String, Instant)) -> bool {
    let mut deadline = match when {
        When::After(delay) => Some(Instant::now() + *delay),
        When::Event(..) => None,
    };
    loop {
        let patience =
            deadline.map_or(Duration::from_secs(60), |deadline| deadline.saturating_duration_since(Instant::now()));
        match events.recv_timeout(patience) {
            Ok(event) => {
                if let When::Event(wanted, delay) = when
                    && event == *wanted
                {
                    deadline.get_or_insert(Instant::now() + *delay);
                }
                *last = (event, Instant::now());
            }
            Err(RecvTimeoutError::Timeout) if deadline.is_some() => return true,
            Err(RecvTimeoutError::Timeout) => panic!("nothing happens in a minute"),
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// Sweeps undisturbed, and returns how long tables, figures and report took.
fn undisturbed(place: &Workspace) -> Duration {
    let mut child =
        place.command(&["sweep", "moons.toml", "--progress", "json"]).stdout(Stdio::piped()).spawn().unwrap();
    let (mut begun, mut took) = (Instant::now(), Duration::ZERO);
    for event in events(&mut child) {
        match event.as_str() {
            "rendering" => begun = Instant::now(),
            "stopped" => took = begun.elapsed(),
            _ => {}
        }
    }
    assert!(child.wait().unwrap().success() && took > Duration::ZERO);
    took
}

/// The number of partly written files.
fn half_written(folder: &Path) -> u32 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(".writing-")).count() as u32
}

fn kill_until(kills: u64, seed: u64) -> Counts {
    let whole = Workspace::new(&brief());
    let rendering = undisturbed(&whole);
    let expected = answers(&whole, "results/moons");

    let mut random = Random(seed);
    let mut counts = Counts::default();
    let mut place = Workspace::new(&brief());
    let mut done = 0;
    while done < kills {
        let words = ["sweep", "moons.toml", "--progress", "json"];
        let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let events = events(&mut child);
        let mut last = ("nothing".to_owned(), Instant::now());
        let killed = until(&when(&mut random, rendering), &events, &mut last);
        let since = last.1.elapsed();
        let _ = child.kill();
        let status = child.wait().unwrap();
        if status.code().is_some() {
            // The sweep ended before the kill.
            assert!(killed || status.success(), "a sweep failed by itself: {status}");
            assert_same(&answers(&place, "results/moons"), &expected, &format!("after kill {done} with seed {seed}"));
            counts.completions += 1;
            place = Workspace::new(&brief());
            continue;
        }
        done += 1;
        match last.0.as_str() {
            "nothing" => counts.starting += 1,
            "started" | "finished" => counts.training += 1,
            "committed" if since < Duration::from_millis(6) || (484..534).contains(&since.as_millis()) => {
                counts.commit += 1
            }
            "committed" => counts.training += 1,
            "rendering" => counts.rendering += 1,
            _ => counts.ending += 1,
        }
        let folder = place.path("results/moons");
        counts.half_segments += half_written(&folder.join("segments"));
        counts.half_files +=
            ["", "figures", "journal"].iter().map(|name| half_written(&folder.join(name))).sum::<u32>();
        if done % 8 == 0 {
            place.run("plan moons.toml --json").ends(0);
        }
    }
    place.run("sweep moons.toml --quiet").ends(0);
    counts.completions += 1;
    assert_same(&answers(&place, "results/moons"), &expected, &format!("after the last kill with seed {seed}"));
    place.run("verify results/moons --quiet").ends(0);
    place.run("sweep moons.toml").ends(0).says("nothing to do");
    counts
}

/// Runs of some seconds that are measured twice before the end.
fn hours() -> String {
    let every = "epochs = 3000000\n\n[evaluate]\nevery = { epochs = 2000000 }";
    with("epochs = 4", every).replace("[1, 3]", "[3]").replace("seeds = 3", "seeds = 2")
}

/// Starts a sweep, kills it after this time, and returns the number of steps that it had to do.
fn steps_until_killed(place: &Workspace, after: Duration) -> u64 {
    let words = ["sweep", "moons.toml", "--threads", "1", "--progress", "json"];
    let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let begun: serde_json::Value = serde_json::from_str(&lines.next().unwrap()).unwrap();
    std::thread::sleep(after);
    let _ = child.kill();
    let _ = child.wait();
    begun["steps"].as_u64().unwrap()
}

#[test]
fn a_killed_run_continues_from_its_checkpoint() {
    let whole = Workspace::new(&hours());
    whole.run("sweep moons.toml --quiet").ends(0);
    let expected = answers(&whole, "results/moons");
    let place = Workspace::new(&hours());
    let after = [2500, 300, 2600].map(|after| steps_until_killed(&place, Duration::from_millis(after)));
    let left = steps_until_killed(&place, Duration::ZERO);
    assert_eq!(after[0], 2 * 3_000_000 * 40);
    assert!(after[1] < after[0] && after[2] == after[1] && left < after[2], "{after:?}, {left}");
    let files = place.files("results/moons/segments");
    let kept: Vec<_> = files.iter().filter(|(name, _)| name.ends_with(".checkpoint")).collect();
    assert_eq!(kept.len(), 2);
    // Commands that read work while runs are unfinished.
    for words in ["plan moons.toml", "status", "ls", "show results/moons"] {
        let answer = place.run(words);
        assert!(!answer.err.contains("damaged") && !answer.err.contains("checkpoint"), "{words}: {}", answer.err);
    }
    // A damaged checkpoint costs its run only.
    let damaged: Vec<_> = kept[0].1.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at >= 64)).collect();
    place.write(&format!("results/moons/segments/{}", kept[0].0), damaged);
    assert!(steps_until_killed(&place, Duration::ZERO) > left);
    place.run("sweep moons.toml --quiet").ends(0);
    assert_same(&answers(&place, "results/moons"), &expected, "after kills in the midst of runs");
}

#[test]
fn some_kills() {
    eprintln!("kills with seed 3: {:?}", kill_until(10, 3));
}

#[test]
#[ignore = "two minutes of kills: run by .ci/run release"]
fn two_hundred_kills() {
    let (kills, seed) = (setting("ROBUSTNESS_KILLS", 200), setting("ROBUSTNESS_SEED", 1));
    let counts = kill_until(kills, seed);
    eprintln!("{kills} kills with seed {seed}: {counts:?}");
    let enough = kills as u32 / 20;
    assert!(counts.training >= enough && counts.rendering >= enough, "every phase is hit: {counts:?}");
    assert!(counts.half_segments + counts.half_files > 0, "some kills come in the middle of a write: {counts:?}");
}
