use super::*;

fn run(number: u8) -> Digest {
    Digest::of(&[number])
}

#[test]
fn a_lease_lasts_until_it_is_released_or_its_owner_ends() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut one = Leases::new(folder.path()).unwrap();
    let mut two = Leases::new(folder.path()).unwrap();
    assert!(!one.is_shared() && two.is_shared());
    one.refresh();
    assert!(one.is_shared());
    assert_eq!(one.lease(&[run(1), run(2)]), [true, true]);
    assert_eq!(two.lease(&[run(2), run(3)]), [false, true]);
    assert_eq!(one.lease(&[run(3), run(4)]), [false, true]);
    one.release(&[run(2)]);
    assert_eq!(two.lease(&[run(1), run(2), run(4)]), [false, true, false]);
    drop(one);
    two.refresh();
    assert!(!two.is_shared());
    assert_eq!(two.lease(&[run(1)]), [true]);
}

#[test]
fn leases_depend_on_the_owner_touching_its_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let (mut live, mut stopped) = (Leases::new(folder.path()).unwrap(), Leases::new(folder.path()).unwrap());
    live.heart = Some(beat(live.file.try_clone().unwrap(), Duration::from_millis(10)).unwrap());
    assert_eq!((live.lease(&[run(1)]), stopped.lease(&[run(2)])), (vec![true], vec![true]));
    let mut other = Leases::new(folder.path()).unwrap();
    other.timeouts.silence = Duration::from_millis(800);
    assert_eq!(other.lease(&[run(1), run(2)]), [false, false]);
    assert_eq!(other.leased_elsewhere(), 2);
    let began = Instant::now();
    while other.lease(&[run(2)]) == [false] {
        assert!(began.elapsed() < Duration::from_secs(20), "the leases of a silent owner end");
        thread::sleep(Duration::from_millis(5));
        other.refresh();
    }
    assert!(began.elapsed() >= Duration::from_millis(700), "the timeout is respected");
    assert_eq!((other.lease(&[run(1)]), other.leased_elsewhere()), (vec![false], 1));
    // The owner touches its file again.
    stopped.file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    other.refresh();
    assert_eq!(other.leased_elsewhere(), 2);
}

#[test]
fn the_file_of_a_killed_process_is_void_and_removed() {
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
fn a_release_is_reported_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut one = Leases::new(folder.path()).unwrap();
    let mut other = Leases::new(folder.path()).unwrap();
    assert_eq!(one.lease(&[run(1)]), [true]);
    one.refresh();
    assert_eq!(other.lease(&[run(1)]), [false]);
    other.were_released();
    assert_eq!(other.lease(&[run(1)]), [false]);
    assert!(!other.were_released(), "nothing was released");
    one.release(&[run(1)]);
    assert_eq!(other.lease(&[run(1)]), [true], "it seems to be free");
    assert!(other.were_released() && !other.were_released(), "but it was released because it is committed");
}

#[test]
fn an_owner_without_progress_is_reported_once_and_then_given_up() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut stalled = Leases::new(folder.path()).unwrap();
    assert_eq!(stalled.lease(&[run(1), run(2), run(3)]), [true; 3]);
    let mut other = Leases::new(folder.path()).unwrap();
    assert_eq!(other.lease(&[run(1)]), [false]);
    let idle = Instant::now();
    assert_eq!(other.stalled(&[run(1)], idle), [], "the timeout has not passed");
    other.timeouts.report = Duration::ZERO;
    assert_eq!(other.stalled(&[run(4)], idle), [], "it has no lease on this run");
    let reports = other.stalled(&[run(1), run(2), run(4)], idle);
    assert_eq!(reports.len(), 1);
    assert!(reports[0].owner.starts_with(&format!("process {}", std::process::id())), "{reports:?}");
    assert_eq!((&reports[0].runs, reports[0].given_up), (&vec![run(1), run(2)], false));
    assert_eq!(other.stalled(&[run(1)], idle), [], "reported once");
    other.timeouts.give_up = Duration::from_millis(20);
    assert_eq!(other.lease(&[run(1)]), [false], "only an idle process gives it up");
    thread::sleep(Duration::from_millis(30));
    assert_eq!(other.stalled(&[run(1)], Instant::now()), [], "this process was busy until now");
    assert!(other.stalled(&[run(1)], idle)[0].given_up);
    assert_eq!((other.lease(&[run(1), run(2)]), other.leased_elsewhere()), (vec![true, true], 0));
    // It makes progress again.
    stalled.release(&[run(3)]);
    assert_eq!(other.lease(&[run(4), run(1)]), [true, false]);
    other.timeouts.report = TIMEOUTS.report;
    assert_eq!(other.stalled(&[run(1)], idle), [], "the timeout starts again");
}

#[test]
fn a_long_run_is_computed_by_at_most_two_processes() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut slow = Leases::new(folder.path()).unwrap();
    assert_eq!(slow.lease(&[run(1)]), [true]);
    let mut idle: [Leases; 2] = std::array::from_fn(|_| Leases::new(folder.path()).unwrap());
    let begun = Instant::now();
    for other in &mut idle {
        (other.timeouts.report, other.timeouts.give_up) = (Duration::ZERO, Duration::from_millis(20));
        assert_eq!(other.lease(&[run(1)]), [false]);
    }
    thread::sleep(Duration::from_millis(30));
    let [second, third] = &mut idle;
    assert!(second.stalled(&[run(1)], begun)[0].given_up);
    assert_eq!(second.lease(&[run(1)]), [true]);
    assert_eq!(third.lease(&[run(1)]), [false]);
    thread::sleep(Duration::from_millis(30));
    let reports = third.stalled(&[run(1)], begun);
    assert!(reports.len() == 2 && reports.iter().all(|report| !report.given_up), "{reports:?}");
    assert_eq!(third.lease(&[run(1)]), [false]);
}

#[test]
fn an_incomplete_lease_is_no_progress() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("segments")).unwrap();
    let mut stalled = Leases::new(folder.path()).unwrap();
    assert_eq!(stalled.lease(&[run(1)]), [true]);
    stalled.file.write_all(b"cut").unwrap();
    let mut other = Leases::new(folder.path()).unwrap();
    assert_eq!(other.lease(&[run(1)]), [false]);
    (other.timeouts.report, other.timeouts.give_up) = (Duration::ZERO, Duration::from_millis(20));
    let idle = Instant::now();
    thread::sleep(Duration::from_millis(30));
    assert_eq!(other.lease(&[run(1)]), [false]);
    assert!(other.stalled(&[run(1)], idle)[0].given_up, "reading the same bytes again is no progress");
}
