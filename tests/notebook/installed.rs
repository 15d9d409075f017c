//! The kernel: installed, examined, used several times at once, uninstalled.

use std::{fs, thread};

use crate::place::{Place, python};

#[test]
#[ignore = "slow: builds the library for notebooks; needs evcxr_jupyter"]
fn uninstalling_leaves_nothing_behind() {
    let mut place = Place::new();
    place.set("RESTUDY_NOTEBOOK_HOME", "data/restudy/notebook");
    place.set("JUPYTER_DATA_DIR", "data/jupyter");
    place.run("notebook doctor").ends(2).says(&["MISSING library for cells", "restudy notebook install"]);
    place.notebook("a.ipynb", "restudy", &["1 + 1"]);
    place.run("notebook run a.ipynb").ends(2).says(&["the Rust kernel is not installed", "restudy notebook install"]);
    place.run("notebook install").ends(0).says(&["Rust (restudy)"]);
    place.run("notebook doctor").ends(0);
    place.run("notebook run a.ipynb").ends(0);
    assert_eq!(
        fs::read_dir(place.path("data/restudy/notebook/run")).map_or(0, Iterator::count),
        0,
        "the kernel has cleaned up"
    );
    place.run("notebook install").ends(0);
    place.run("notebook uninstall").ends(0);
    assert!(!place.path("data/restudy").exists());
    assert_eq!(fs::read_dir(place.path("data/jupyter/kernels")).unwrap().count(), 0);
    place.run("notebook uninstall").ends(0).says(&["nothing was installed"]);
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn every_let_has_an_inferred_type() {
    let probes = include_str!("../../notebook/analyzer/probes.rs");
    let cells: Vec<&str> = probes.split("// ---\n").collect();
    assert!(cells.len() > 5);
    let place = Place::new();
    place.notebook("a.ipynb", "restudy", &cells);
    place.run("notebook run a.ipynb").ends(0);
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn several_kernels_work_at_once() {
    thread::scope(|scope| {
        for turn in 0..4 {
            scope.spawn(move || {
                let place = Place::new();
                let cells = ["use restudy::prelude::*;", "let seed = Seed(TURN);", "println!(\"{}\", seed.0);"]
                    .map(|cell| cell.replace("TURN", &turn.to_string()));
                place.notebook("a.ipynb", "restudy", &cells.each_ref().map(String::as_str));
                place.run("notebook run a.ipynb").ends(0);
                assert_eq!(place.json("a.ipynb")["cells"][2]["outputs"][0]["text"][0], format!("{turn}\n"));
            });
        }
    });
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn executing_again_trains_nothing_and_the_journal_names_the_cell() {
    let place = Place::new();
    let spec = "[study]\\nquestion = \\\"?\\\"\\n[data.double-moon]\\ntrain = 40\\nvalidation = 40\\n[train]\\nepochs = 3\\n[sweep]\\nseeds = 4\\n";
    let cell = format!(
        "use restudy::prelude::*;\nlet answers = sweep(&study_from(\"mine\", \"{spec}\")?)?;\nanswers.trials()"
    );
    place.notebook("a.ipynb", "restudy", &[&cell]);
    place.run("notebook run a.ipynb").ends(0);
    let (first, manifest) = (place.text("a.ipynb"), place.text("results/mine/manifest.json"));
    let journal = |place: &Place| fs::read_dir(place.path("results/mine/journal")).unwrap().count();
    let entry = fs::read_dir(place.path("results/mine/journal")).unwrap().next().unwrap().unwrap().path();
    // The last line says how the sweep ended.
    let text = fs::read_to_string(entry).unwrap();
    let entry: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&entry["computed"], &entry["notebook"]), (&4.into(), &"a.ipynb".into()));
    assert_eq!(entry["cell"], place.json("a.ipynb")["cells"][0]["id"]);
    place.run("notebook run a.ipynb").ends(0);
    assert_eq!(place.text("a.ipynb"), first, "the second execution has the same outputs");
    assert_eq!(journal(&place), 1, "and trained nothing");
    place.run("verify results/mine").ends(0);
    place.run("notebook run a.ipynb --results elsewhere --threads 1 --output b.ipynb").ends(0);
    assert_eq!(place.text("elsewhere/mine/manifest.json"), manifest, "in another folder, on one thread");
    assert_eq!(place.text("results/mine/manifest.json"), manifest);
}

#[test]
#[ignore = "slow: needs `restudy notebook install` and jupyter_client"]
fn an_interrupt_ends_a_sweep_and_keeps_finished_runs() {
    let place = Place::new();
    python("interrupt.py", &[&place.path("")]);
}
