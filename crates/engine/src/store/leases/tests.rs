use super::*;

fn run(number: u8) -> Digest {
    Digest::of(&[number])
}

#[test]
fn a_run_is_claimed_by_one_until_it_is_released_or_its_owner_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut one = Leases::new(folder.path()).unwrap();
    let mut two = Leases::new(folder.path()).unwrap();
    assert!(!one.is_shared() && two.is_shared());
    one.look();
    assert!(one.is_shared());
    assert_eq!(one.lease(&[run(1), run(2)]), [true, true]);
    assert_eq!(two.lease(&[run(2), run(3)]), [false, true]);
    assert_eq!(one.lease(&[run(3), run(4)]), [false, true]);
    one.release(&[run(2)]);
    assert_eq!(two.lease(&[run(1), run(2), run(4)]), [false, true, false]);
    drop(one);
    two.look();
    assert!(!two.is_shared());
    assert_eq!(two.lease(&[run(1)]), [true]);
}

#[test]
fn a_silent_owner_has_no_claims_and_one_that_is_heard_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let (mut live, mut stopped) = (Leases::new(folder.path()).unwrap(), Leases::new(folder.path()).unwrap());
    live.heart = Some(beat(live.file.try_clone().unwrap(), Duration::from_millis(10)).unwrap());
    assert_eq!((live.lease(&[run(1)]), stopped.lease(&[run(2)])), (vec![true], vec![true]));
    let mut other = Leases::new(folder.path()).unwrap();
    other.bounds.silence = Duration::from_millis(800);
    assert_eq!(other.lease(&[run(1), run(2)]), [false, false]);
    assert_eq!(other.elsewhere(), 2);
    let began = Instant::now();
    while other.lease(&[run(2)]) == [false] {
        assert!(began.elapsed() < Duration::from_secs(20), "a silent owner is not waited for for ever");
        thread::sleep(Duration::from_millis(5));
        other.look();
    }
    assert!(began.elapsed() >= Duration::from_millis(700), "he is given time");
    assert_eq!((other.lease(&[run(1)]), other.elsewhere()), (vec![false], 1));
    // He is heard again.
    stopped.file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    other.look();
    assert_eq!(other.elsewhere(), 2);
}

#[test]
fn what_a_killed_process_left_is_void_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let segments = folder.path().join("segments");
    fs::create_dir(&segments).unwrap();
    let left = segments.join("dead.claim");
    fs::write(&left, [&[1, 0, 0, 0, 0, 0, 0, 0], key(&run(1)).as_slice()].concat()).unwrap();
    let mut leases = Leases::new(folder.path()).unwrap();
    assert!(!left.exists() && !leases.is_shared());
    assert_eq!(leases.lease(&[run(1)]), [true]);
}

#[test]
fn what_others_gave_up_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut one = Leases::new(folder.path()).unwrap();
    let mut other = Leases::new(folder.path()).unwrap();
    assert_eq!(one.lease(&[run(1)]), [true]);
    one.look();
    assert_eq!(other.lease(&[run(1)]), [false]);
    other.were_released();
    assert_eq!(other.lease(&[run(1)]), [false]);
    assert!(!other.were_released(), "nothing was given up");
    one.release(&[run(1)]);
    assert_eq!(other.lease(&[run(1)]), [true], "it seems to be free");
    assert!(other.were_released() && !other.were_released(), "but was given up because it is done");
}

#[test]
fn whoever_is_heard_and_gets_nowhere_is_named_once_and_then_given_up() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut wedged = Leases::new(folder.path()).unwrap();
    assert_eq!(wedged.lease(&[run(1), run(2), run(3)]), [true; 3]);
    let mut other = Leases::new(folder.path()).unwrap();
    assert_eq!(other.lease(&[run(1)]), [false]);
    let idle = Instant::now();
    assert_eq!(other.stuck(&[run(1)], idle), [], "there is time");
    other.bounds.word = Duration::ZERO;
    assert_eq!(other.stuck(&[run(4)], idle), [], "nobody waits for it");
    let told = other.stuck(&[run(1), run(2), run(4)], idle);
    assert_eq!(told.len(), 1);
    assert!(told[0].owner.starts_with(&format!("process {}", std::process::id())), "{told:?}");
    assert_eq!((&told[0].runs, told[0].given_up), (&vec![run(1), run(2)], false));
    assert_eq!(other.stuck(&[run(1)], idle), [], "once");
    other.bounds.patience = Duration::from_millis(20);
    assert_eq!(other.lease(&[run(1)]), [false], "only whoever is idle gives it up");
    thread::sleep(Duration::from_millis(30));
    assert_eq!(other.stuck(&[run(1)], Instant::now()), [], "this process has just had something to do");
    assert!(other.stuck(&[run(1)], idle)[0].given_up);
    assert_eq!((other.lease(&[run(1), run(2)]), other.elsewhere()), (vec![true, true], 0));
    // It gets on again.
    wedged.release(&[run(3)]);
    assert_eq!(other.lease(&[run(4), run(1)]), [true, false]);
    other.bounds.word = BOUNDS.word;
    assert_eq!(other.stuck(&[run(1)], idle), [], "and is given time anew");
}

#[test]
fn a_run_that_takes_long_is_done_by_two_and_by_no_third() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut slow = Leases::new(folder.path()).unwrap();
    assert_eq!(slow.lease(&[run(1)]), [true]);
    let mut idle: [Leases; 2] = std::array::from_fn(|_| Leases::new(folder.path()).unwrap());
    let begun = Instant::now();
    for other in &mut idle {
        (other.bounds.word, other.bounds.patience) = (Duration::ZERO, Duration::from_millis(20));
        assert_eq!(other.lease(&[run(1)]), [false]);
    }
    thread::sleep(Duration::from_millis(30));
    let [second, third] = &mut idle;
    assert!(second.stuck(&[run(1)], begun)[0].given_up);
    assert_eq!(second.lease(&[run(1)]), [true]);
    assert_eq!(third.lease(&[run(1)]), [false]);
    thread::sleep(Duration::from_millis(30));
    let told = third.stuck(&[run(1)], begun);
    assert!(told.len() == 2 && told.iter().all(|stuck| !stuck.given_up), "{told:?}");
    assert_eq!(third.lease(&[run(1)]), [false]);
}

#[test]
fn a_claim_that_was_cut_off_is_no_news() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut wedged = Leases::new(folder.path()).unwrap();
    assert_eq!(wedged.lease(&[run(1)]), [true]);
    wedged.file.write_all(b"cut").unwrap();
    let mut other = Leases::new(folder.path()).unwrap();
    assert_eq!(other.lease(&[run(1)]), [false]);
    (other.bounds.word, other.bounds.patience) = (Duration::ZERO, Duration::from_millis(20));
    let idle = Instant::now();
    thread::sleep(Duration::from_millis(30));
    assert_eq!(other.lease(&[run(1)]), [false]);
    assert!(other.stuck(&[run(1)], idle)[0].given_up, "what stands there again and again says nothing new");
}
