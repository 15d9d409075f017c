//! Folders of a custom experiment that only its notebook can run: killed, finished, changed, and of older versions. No
//! command trains the network there, and every command names the notebook.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use restudy::{
    results::{Computation, ComputeError, Maker, SweepOutcome, VERSION, owner},
    run::NetworkExperiment,
    store::{Owner, journal::Request},
    sweep,
    train::Simd,
};

use crate::workspace::{Files, Workspace, flat, with};

/// The results folder of the experiment `plain` on the study `moons`.
const FOLDER: &str = "results/moons-plain";

/// A study of some seconds in many groups.
fn long() -> String {
    with("epochs = 4", "epochs = 100000\n\n[evaluate]\nevery = { epochs = 25000 }").replace("seeds = 3", "seeds = 40")
}

/// Computes a study by an experiment, as a notebook does. It trains the network; only the owner of the runs matters
/// here.
fn compute(specification: &Path, title: Option<&str>, folder: &Path) -> Result<SweepOutcome, ComputeError> {
    let text = fs::read_to_string(specification).unwrap();
    let study = sweep::parse("moons-plain", specification, &text, &[]).unwrap();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let computation = Computation {
        network: &network,
        experiment: &network,
        tasks: &owner::tasks(Some(&Owner::of(title)), &network),
        shard: None,
        folder,
        maker: Maker { version: VERSION, experiment: title },
        render: false,
        request: Request {
            notebook: Some("mine/moons.ipynb".into()),
            cell: Some("faster".into()),
            ..Request::default()
        },
    };
    computation.run(&|_| {}, &|_| {}, &AtomicBool::new(false))
}

fn again(place: &Workspace, title: Option<&str>) -> Result<SweepOutcome, ComputeError> {
    compute(&place.path("moons.toml"), title, &place.path(FOLDER))
}

/// The process that a test starts and kills: this program, running this test.
#[test]
#[ignore = "started and killed by the other tests"]
fn notebook_process() {
    let Some(root) = std::env::var_os("CUSTOM_PLACE").map(std::path::PathBuf::from) else { return };
    compute(&root.join("moons.toml"), Some("plain 1"), &root.join(FOLDER)).unwrap();
}

/// A folder in which an experiment was killed after its first commit.
fn killed() -> Workspace {
    let place = Workspace::new(&long());
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "custom::notebook_process"]).env("CUSTOM_PLACE", place.path(""));
    command.env("RAYON_NUM_THREADS", "1").stdout(Stdio::null()).stderr(Stdio::null());
    let (mut child, began) = (command.spawn().unwrap(), Instant::now());
    let segments = place.path(FOLDER).join("segments");
    let committed = || {
        let entries = fs::read_dir(&segments).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.path().extension().is_some_and(|ending| ending == "seg"))
    };
    while !committed() {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is committed in a minute");
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "it was faster than the kill");
    assert!(!place.path(FOLDER).join("manifest.json").exists());
    place
}

/// The files of the experiment, without lock files.
fn files(place: &Workspace) -> Files {
    let mut files = place.files(FOLDER);
    files.retain(|path, _| !path.ends_with("lock") && !path.ends_with("finishing"));
    files
}

/// Asserts that every command that would train, merge or plan the network is refused, and changes nothing.
fn require_refusals(place: &Workspace, when: &str) {
    let before = place.files(FOLDER);
    let network = Workspace::swept();
    for (path, bytes) in network.files("results/moons") {
        place.write(&format!("other/moons/{path}"), bytes);
    }
    for command in [
        "sweep results/moons-plain/study.toml",
        "sweep results/moons-plain/study.toml --render",
        "sweep results/moons-plain/study.toml --shard 1/2",
        "sweep results/moons-plain/study.toml --set sweep.seeds=1",
        "plan results/moons-plain/study.toml",
        "why results/moons-plain/study.toml",
        "merge results/moons-plain other/moons",
        "merge results/new results/moons-plain",
    ] {
        let message = flat(&place.run(&format!("{command} --progress none")).refused(2));
        assert!(message.contains("belongs to the experiment `plain`, version"), "{when}, {command}: {message}");
        assert!(message.contains("`sweep_own` of `plain`"), "{when}, {command}: {message}");
        assert!(message.contains("nothing was changed"), "{when}, {command}: {message}");
    }
    assert_eq!(place.files(FOLDER), before, "{when}");
    assert!(!place.path("results/new").exists(), "{when}");
    // Another experiment, whose name contains this one's or is part of it; and the network from a notebook.
    for other in [Some("momentum 1"), Some("plain-2 1"), Some("plai 1"), None] {
        let refused = again(place, other).unwrap_err().to_string();
        assert!(refused.contains("belongs to the experiment `plain`"), "{when}, {other:?}: {refused}");
    }
    assert_eq!(place.files(FOLDER), before, "{when}");
}

#[test]
fn a_killed_experiment_keeps_its_folder() {
    let place = killed();
    assert_eq!(place.text("results/moons-plain/segments/experiment"), "{\"format\":1,\"experiment\":\"plain 1\"}\n");
    require_refusals(&place, "killed");

    let json = |command: &str| -> serde_json::Value { serde_json::from_str(&place.run(command).ends(0).out).unwrap() };
    let object = json("status results/moons-plain --json");
    let there = object["runs"].as_u64().unwrap();
    assert!(there > 0 && there < 80, "{object}");
    assert_eq!((&object["experiment"], &object["sweep"]), (&"plain 1".into(), &serde_json::Value::Null));
    assert_eq!(object["notebook"], "mine/moons.ipynb");
    assert_eq!(json("ls --json")["done"], object["runs"], "both count the same runs");

    let advice = "run the cell with `sweep_own` of `plain` in mine/moons.ipynb again";
    let status = place.run("status results/moons-plain").ends(0).says(advice).says(&format!("{there} of 80"));
    let status = status.says("the experiment `plain`, version 1");
    let show = place.run("show results/moons-plain").ends(0);
    assert!(show.err.contains(advice) && show.out.contains("error"), "{}{}", show.out, show.err);
    place.run("report results/moons-plain").ends(0).says(&format!("{there} of 80 runs; an unfinished study"));
    place.run("figures results/moons-plain").ends(0);
    for command in ["verify", "proof --run hidden=1,seed=0 --output x.json"] {
        let (name, rest) = command.split_once(' ').unwrap_or((command, ""));
        let answer = place.run(&format!("{name} results/moons-plain {rest}"));
        assert!(answer.code != Some(0) && !answer.err.contains("restudy sweep"), "{command}: {}", answer.err);
    }
    let why = place.run("why results/moons-plain").ends(0).says(advice);
    for object in [status.out, show.err, why.out] {
        assert!(!object.contains("restudy sweep"), "{object}");
    }

    // The experiment continues from there, and finished runs are reported with their owner.
    let SweepOutcome::Computed { computed, .. } = again(&place, Some("plain 1")).unwrap() else {
        panic!("it is finished now")
    };
    assert_eq!(computed as u64 + there, 80);
    require_refusals(&place, "finished");
    assert_eq!(json("ls --json")["done"], json("status results/moons-plain --json")["runs"]);
    let status = place.run("status results/moons-plain").ends(0).says("restudy notebook check mine/moons.ipynb");
    assert!(!status.out.contains("restudy verify") && !status.out.contains("restudy sweep"), "{}", status.out);
    let show = place.run("show results/moons-plain").ends(0);
    assert!(!show.err.contains("summary.csv"), "the runs are here: {}", show.err);
    for report in ["report.md", "report.html"] {
        let text = place.text(&format!("{FOLDER}/{report}"));
        assert!(!text.contains("run -- verify") && text.contains("which only its notebook contains"), "{report}");
    }
    // Another version replaces it.
    let SweepOutcome::Computed { computed, .. } = again(&place, Some("plain 2")).unwrap() else {
        panic!("these are other runs")
    };
    assert_eq!(computed, 80);
    require_refusals(&place, "version 2");
}

#[test]
fn a_changed_or_removed_experiment_file_opens_no_folder() {
    let place = Workspace::new(crate::workspace::SPEC);
    again(&place, Some("plain 1")).unwrap();
    let file = "results/moons-plain/segments/experiment";
    let (whole, network) = (place.text(file), "{\"format\":1,\"experiment\":null}\n");
    for (text, words) in [
        (network, "names the network as the owner of the folder, but manifest.json names the experiment `plain`"),
        ("{\"format\":1,\"experiment\":\"momentum 1\"}\n", "names the experiment `momentum`"),
        ("", "does not name the owner of the folder"),
        ("{\"format\":1}\n", "does not name the owner of the folder"),
        ("{\"format\":2,\"experiment\":\"plain 1\"}\n", "has format 2"),
    ] {
        place.write(file, text);
        let before = files(&place);
        let message = flat(&place.run("sweep results/moons-plain/study.toml --progress none").refused(2));
        assert!(message.contains(words), "{text}: {message}");
        let own = again(&place, Some("plain 1")).unwrap_err().to_string();
        assert!(own.contains(words), "{text}: {own}");
        assert_eq!(files(&place), before, "{text}");
        // `status` reports it, and continues.
        place.run("status results/moons-plain").ends(4).says("no sweep runs here");
    }
    // Without the file the manifest is enough; the next sweep that writes restores it.
    fs::remove_file(place.path(file)).unwrap();
    require_refusals(&place, "removed");
    place.write("moons.toml", with("seeds = 3", "seeds = 4"));
    again(&place, Some("plain 1")).unwrap();
    assert_eq!(place.text(file), whole);
}

#[test]
fn a_folder_of_an_older_version_is_identified_by_journal_or_runs() {
    let place = killed();
    fs::remove_file(place.path("results/moons-plain/segments/experiment")).unwrap();
    require_refusals(&place, "the journal names the experiment");
    // Journals of older versions do not name it; then the runs are not the network's, and a notebook computed them.
    for entry in fs::read_dir(place.path("results/moons-plain/journal")).unwrap().flatten() {
        let lines = fs::read_to_string(entry.path()).unwrap();
        let older = lines.lines().map(|line| {
            let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
            for key in ["sum", "experiment"] {
                line.as_object_mut().unwrap().remove(key);
            }
            format!("{line}\n")
        });
        fs::write(entry.path(), older.collect::<String>()).unwrap();
    }
    let before = place.files(FOLDER);
    let message = flat(&place.run("sweep results/moons-plain/study.toml --progress none").refused(2));
    assert!(message.contains("none of this study; mine/moons.ipynb computed them"), "{message}");
    assert!(message.contains("Run the cell that computed them again"), "{message}");
    assert_eq!(place.files(FOLDER), before);
    // The advised command finishes the study.
    assert!(matches!(again(&place, Some("plain 1")), Ok(SweepOutcome::Computed { .. })));
    require_refusals(&place, "finished after all");
}

#[test]
fn a_folder_of_the_network_of_an_older_version_continues() {
    let place = Workspace::swept();
    let file = "results/moons/segments/experiment";
    assert_eq!(place.text(file), "{\"format\":1,\"experiment\":null}\n");
    fs::remove_file(place.path(file)).unwrap();
    // Nothing is to be done, and nothing is written, even on a read-only disk.
    place.run("sweep moons.toml").ends(0).says("nothing to do");
    assert!(!place.path(file).exists());
    let refused = compute(&place.path("moons.toml"), Some("plain 1"), &place.path("results/moons")).unwrap_err();
    assert!(
        refused.to_string().contains("belongs to the network, not to the experiment `plain`, version 1"),
        "{refused}"
    );
    place.run("verify results/moons --quiet").ends(0);
    place.run("sweep moons.toml --quiet --set sweep.seeds=4").ends(0);
    assert!(place.path(file).exists());
    // Unfinished, without journal and manifest: its runs are the network's.
    for name in ["segments/experiment", "manifest.json"] {
        fs::remove_file(place.path(&format!("results/moons/{name}"))).unwrap();
    }
    fs::remove_dir_all(place.path("results/moons/journal")).unwrap();
    place.run("sweep moons.toml --quiet").ends(0);
    // The specification asks for none of the stored runs, but the folder is still the network's.
    fs::remove_file(place.path("results/moons/manifest.json")).unwrap();
    fs::remove_file(place.path(file)).unwrap();
    place.write("moons.toml", with("epochs = 4", "epochs = 5"));
    place.run("sweep moons.toml --quiet").ends(0);
}
