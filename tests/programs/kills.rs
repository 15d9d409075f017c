//! SIGKILL at random instants of a study of programs: the same command ends with the same results.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    place::Place,
    random::{Random, setting},
    workspace::assert_same,
};

fn place() -> Place {
    let script = "for step in 1 2 3 4; do echo \"{\\\"step\\\": $step, \\\"loss\\\": $1.$step}\"; sleep 0.01; done; echo $1 > model.txt";
    Place::with(script, "keep = [\"model.txt\"]", "seeds = 40")
}

fn kills(number: u64) {
    let whole = place();
    let began = Instant::now();
    whole.run("sweep study.toml --quiet").ends(0);
    let most = began.elapsed().as_micros() as usize;
    let expected = whole.answers();
    assert!(expected.len() > 90, "{}", expected.len());
    let mut random = Random(setting("ROBUSTNESS_SEED", 18));
    let (mut killed, mut current) = (0, place());
    while killed < number {
        let mut child = current.command(&["sweep", "study.toml", "--quiet"]).spawn().unwrap();
        thread::sleep(Duration::from_micros(random.below(most) as u64));
        if child.try_wait().unwrap().is_some() {
            current.run("sweep study.toml --quiet").ends(0);
            assert_same(&current.answers(), &expected, "after kills");
            current = place();
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
    }
    current.run("sweep study.toml --quiet").ends(0);
    assert_same(&current.answers(), &expected, "after kills");
    current.ends_every_process(Duration::from_secs(10));
    current.leaves_nothing(Duration::from_secs(5));
    eprintln!("{killed} kills");
}

#[test]
fn five_kills() {
    kills(5);
}

#[test]
#[ignore = "a minute: run by .ci/programs"]
fn sixty_kills() {
    kills(setting("ROBUSTNESS_KILLS", 60));
}
