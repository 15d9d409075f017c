//! `confirm`: the best trials run again under seeds that were not used to choose them; the verdict is made from these
//! runs alone.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
    sync::{Mutex, atomic::AtomicBool},
};

use insta::assert_snapshot;
use restudy::{
    digest::{Digest, Record},
    results::{self, Attachments, Computation, Maker, RenderError, stages},
    run::{self, PrepareOptions, RunError},
    store::journal::Request,
    sweep,
};
use serde_json::Value;

use crate::workspace::{Workspace, assert_same, stable, with};

mod limits;

const CONFIRM: &str = "seeds = 8\nconfirm = { best = 2, seeds = 9, from = 100 }";

/// Three trials, two of which run again: 24 runs, then 18.
fn spec() -> String {
    with("seeds = 3", CONFIRM).replace("[1, 3]", "[1, 3, 6]").replace("epochs = 4", "epochs = 8")
}

fn plain() -> String {
    spec().replace(CONFIRM, "seeds = 8")
}

fn swept(spec: &str) -> Workspace {
    let place = Workspace::new(spec);
    place.run("sweep moons.toml --quiet").ends(0);
    place
}

fn json(text: &str) -> Value {
    serde_json::from_str(text.trim()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn the_first_stage_does_not_depend_on_confirm() {
    let (place, without) = (swept(&spec()), swept(&plain()));
    let (all, first) = (place.manifest(), without.manifest());
    let of_first: Vec<_> = all.runs.iter().filter(|run| run.seed < 100).cloned().collect();
    assert_eq!(of_first, first.runs);
    let again: BTreeSet<_> = all.runs.iter().filter(|run| run.seed >= 100).map(|run| run.trial).collect();
    assert_eq!((all.runs.len(), again.len()), (42, 2));
    assert_eq!((all.tables["runs"].rows, all.tables["weights"].rows > first.tables["weights"].rows), (42, true));
    // Files that show all trials contain no confirmation run.
    for file in ["summary.csv", "figures/seeds.svg", "figures/seeds.png"] {
        assert_eq!(
            place.read(&format!("results/moons/{file}")),
            without.read(&format!("results/moons/{file}")),
            "{file}"
        );
    }
    place.run("figures results/moons --check").ends(0);
    place.run("report results/moons --check").ends(0);
    let text = place.text("results/moons/study.toml");
    assert!(text.contains("confirm = { best = 2, seeds = 9, from = 100 }"), "{text}");
    assert!(!without.text("results/moons/study.toml").contains("confirm"));
}

/// The output without what depends on the machine.
fn anywhere(text: &str) -> String {
    stable(text)
        .lines()
        .filter(|line| !line.contains("threads") && !line.contains("made by"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn messages_before_between_and_after_the_stages() {
    let place = Workspace::new(&plain());
    place.run("sweep moons.toml --quiet").ends(0);
    place.write("moons.toml", spec());
    assert_snapshot!("confirm_plan_between", anywhere(&place.run("plan moons.toml").ends(0).out));
    assert_snapshot!("confirm_status_between", anywhere(&place.run("status moons.toml").ends(0).out));
    assert_eq!(place.computed("sweep moons.toml"), 18, "only what confirms is new");
    place.run("sweep moons.toml").ends(0).says("nothing to do: all 42 runs");
    let object = json(&place.run("plan moons.toml --json").ends(0).out);
    assert_eq!((&object["runs"], &object["missing"], &object["following"]), (&42.into(), &0.into(), &0.into()));
    let empty = Workspace::new(&spec());
    assert_snapshot!("confirm_plan_before", anywhere(&empty.run("plan moons.toml").ends(0).out));
    let object = json(&empty.run("plan moons.toml --json").ends(0).out);
    assert_eq!((&object["runs"], &object["missing"], &object["following"]), (&24.into(), &24.into(), &18.into()));
    place.run("why moons.toml").ends(0).says("all 42 runs are in results/moons");
    place.run("status results/moons").ends(0).says("42 of 42");
    // With other seeds, other trials may be chosen; runs that are no longer needed are kept.
    place.write("moons.toml", spec().replace("seeds = 8", "seeds = 9"));
    place.run("status moons.toml").ends(0).says("TO COME   18 runs");
    place.run("sweep moons.toml --quiet").ends(0);
    place.run("verify results/moons").ends(0);
}

#[test]
fn the_verdict_is_of_the_confirming_runs() {
    let place = swept(&spec());
    let object = json(&place.run("sweep moons.toml --json --progress none").ends(0).out)["verdict"].clone();
    let sentence = object["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("Under 9 further seeds, which the choice of these 2 of 3 trials had not seen, "),
        "{sentence}"
    );
    assert_eq!(
        (&object["seeds"], &object["confirmed"]["best"], &object["confirmed"]["of"]),
        (&9.into(), &2.into(), &3.into())
    );
    let leader = object["leader"].as_u64().unwrap();
    let of_leader =
        object["confirmed"]["trials"].as_array().unwrap().iter().find(|own| own["trial"] == leader).unwrap();
    assert_eq!(of_leader["mean"], object["mean"]);
    for file in ["report.md", "report.html"] {
        let text = place.text(&format!("results/moons/{file}"));
        assert!(text.contains("Under 9 further seeds") && text.contains("Under further seeds"), "{file}");
    }
    // The page has the first runs only, whose digests do not give the root: it must not report a change.
    let page = place.text("results/moons/report.html");
    assert!(
        page.contains("\"again\":false") && page.contains("it can neither check the root nor train"),
        "what it cannot do"
    );
    for words in ["show results/moons", "sweep moons.toml --render"] {
        let message = place.run(words).ends(0).out;
        assert!(message.contains("Under 9 further seeds"), "{message}");
        let (_, again) = message.split_once("under the further seeds 100 to 108, which decide the verdict:").unwrap();
        assert_eq!(again.lines().filter(|line| line.contains("    9  ")).count(), 2, "{again}");
    }
    let shown = place.run("show results/moons --where seed>=100").ends(0).out;
    assert!(
        !shown.contains("Under 9") && shown.lines().filter(|line| line.contains("    9  ")).count() == 2,
        "{shown}"
    );
    let answer = place.run("show results/moons --where seed>=7").ends(0);
    assert!(answer.err.contains("18 runs are under the confirmation seeds and in none of these rows; show them with --where 'seed>=100' --where 'seed<=108'"), "{}", answer.err);
    // Differences use the seeds that all trials have.
    let compared = json(&place.run("compare results/moons hidden=1 hidden=3 --json").ends(0).out);
    assert_eq!(compared["pairs"], 8, "{compared}");
    place.write("other.toml", spec().replace("best = 2", "best = 1"));
    place.run("sweep other.toml --quiet").ends(0);
    place.run("diff results/moons results/other").says("the best 2 under 100 to 108");
    // A single trial is compared with the constant answer.
    place.write("moons.toml", spec().replace("best = 2", "best = 1"));
    let object = json(&place.run("sweep moons.toml --json --progress none").ends(0).out)["verdict"].clone();
    assert_eq!((&object["best"], object["confirmed"]["trials"].as_array().map(Vec::len)), (&Value::Null, Some(1)));
    let sentence = object["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("Under 9 further seeds, which the choice of this one of 3 trials had not seen, the mean "),
        "{sentence}"
    );
    assert!(sentence.contains("better than a constant answer: "), "{sentence}");
}

#[cfg(unix)]
#[test]
fn a_kill_in_the_second_stage_costs_nothing_of_the_first() {
    let long = spec()
        .replace("epochs = 8", "epochs = 4000\n\n[evaluate]\nevery = { epochs = 400 }")
        .replace("seeds = 9", "seeds = 40");
    let place = Workspace::new(&long);
    let words = ["sweep", "moons.toml", "--threads", "1", "--progress", "json"];
    let mut child = place.command(&words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let second = lines.map_while(Result::ok).filter(|line| line.contains("\"started\"")).nth(1);
    assert!(second.is_some_and(|line| line.contains("104")), "24 runs, then 80 more");
    child.kill().unwrap();
    child.wait().unwrap();
    let missing = json(&place.run("status results/moons --json").ends(0).out)["missing"].as_u64().unwrap();
    assert!((1..=80).contains(&missing), "{missing}");
    assert_eq!(place.computed("sweep moons.toml"), missing);
    assert_same(&place.answers("results/moons"), &swept(&long).answers("results/moons"), "killed or not");
    let object = json(&place.run("verify results/moons --json --progress none").ends(0).out);
    assert_eq!(
        (&object["proven"], &object["computed"], &object["choice-by"]),
        (&true.into(), &104.into(), &"runs computed again".into())
    );
}

#[test]
fn shards_and_merged_folders_equal_one_sweep() {
    let at_once = swept(&spec());
    let place = Workspace::new(&spec());
    let first = place.run("sweep moons.toml --shard 1/2 --progress none").ends(0).out;
    let left = "the same command runs shard 1/2 of these:\n  restudy sweep moons.toml --shard 1/2";
    assert!(first.contains("shard 1/2 of the first stage is done: ") && first.contains(left), "{first}");
    let answer = place.run("sweep moons.toml --shard 2/2 --progress none").ends(0);
    assert!(!answer.out.contains("first stage"), "{}", answer.out);
    assert!(answer.out.contains("still missing") || answer.out.contains("root "), "{}", answer.out);
    place.run("sweep moons.toml --shard 1/2 --progress none").ends(0).says("root ");
    assert_same(&place.answers("results/moons"), &at_once.answers("results/moons"), "in parts or at once");

    let place = Workspace::new(&spec());
    place.run("sweep moons.toml --shard 1/2 --results a --quiet").ends(0);
    let partial = place.run("sweep moons.toml --shard 2/2 --results b --progress none").ends(0).out;
    assert!(partial.contains("18 of the missing runs confirm the first stage"), "{partial}");
    place.run("merge all/moons a/moons b/moons --progress none").ends(0).says("18 of 42 runs are still missing");
    place.run("sweep moons.toml --results all --progress none --quiet").ends(0);
    assert_same(&place.answers("all/moons"), &at_once.answers("results/moons"), "joined or at once");
    // Confirmation runs are merged, too.
    place.run("merge joined/moons all/moons --progress none").ends(0).says("42 runs merged");
    place.run("verify joined/moons --progress none").ends(0).says("choice repeated from all runs");
}

#[test]
fn an_experiment_of_a_notebook_has_one_stage() {
    let place = Workspace::new(&spec());
    let study = sweep::parse("moons", Path::new("moons.toml"), &spec(), &[]).unwrap();
    let network = run::prepare(&study, &PrepareOptions::default()).unwrap();
    let (tasks, folder) = (network.tasks(), place.path("results/moons"));
    let computation = Computation {
        network: &*network,
        experiment: &*network,
        tasks: &tasks,
        shard: None,
        folder: &folder,
        maker: Maker { experiment: Some("plain 1"), ..Maker::OURS },
        render: false,
        request: Request::default(),
    };
    let refused = computation.run(&|_| (), &|_| (), &AtomicBool::new(false)).unwrap_err().to_string();
    assert!(refused.contains("does not apply to the custom experiment `plain 1`") && !folder.exists(), "{refused}");
}

#[test]
fn runs_of_a_trial_that_was_not_chosen_prove_nothing() {
    let place = swept(&spec());
    let right: BTreeSet<_> = place.manifest().runs.iter().filter(|run| run.seed >= 100).map(|run| run.trial).collect();
    let other: BTreeSet<usize> = [(0..3).find(|trial| !right.contains(trial)).unwrap(), *right.first().unwrap()].into();
    let folder = place.path("results/moons");
    let study = sweep::parse("moons", Path::new("moons.toml"), &spec(), &[]).unwrap();
    let network = run::prepare(&study, &PrepareOptions::default()).unwrap();
    let tasks = stages::with(&*network, &network.tasks(), &other);
    assert_eq!((tasks.len(), stages::confirmed_trials(&study, &tasks)), (42, other));
    let records = Mutex::new(std::collections::BTreeMap::<Digest, Record>::new());
    let keep = |done: Vec<Record>| {
        records.lock().unwrap().extend(done.into_iter().map(|record| (record.id, record)));
        Ok::<_, RunError>(())
    };
    run::execute(&*network, &tasks, &keep, &|_| (), &AtomicBool::new(false)).unwrap();
    let records = records.into_inner().unwrap();
    let rendered: Result<_, RenderError> =
        results::render(&*network, &results::rows(&tasks, &records), &folder, &Attachments::default(), Maker::OURS);
    let _ = std::fs::remove_dir_all(folder.join("segments"));
    rendered.unwrap().files.iter().for_each(|(path, bytes)| place.write(&format!("results/moons/{path}"), bytes));
    for (sample, by) in [("", "runs computed again"), (" --sample 3", "table runs")] {
        let answer = place.run(&format!("verify results/moons --json --progress none{sample}")).ends(4);
        let object = json(&answer.out);
        let found: Vec<_> =
            object["differences"].as_array().unwrap().iter().map(|own| own["how"].as_str().unwrap()).collect();
        assert_eq!(object["choice-by"], by);
        assert!(matches!(found[..], [how] if how.contains("the runs of the first stage choose")), "{found:?}");
    }
    // From specification and manifest alone, everything is computed and chosen again.
    for file in ["runs.parquet", "metrics.parquet", "weights.parquet", "points.parquet"] {
        std::fs::remove_file(folder.join(file)).unwrap();
    }
    place.run("verify results/moons --progress none").ends(4).says("the runs of the first stage choose");
    let object = json(&place.run("verify results/moons --sample 3 --json --progress none").ends(0).out);
    assert_eq!(object["choice-by"], "nothing", "a sample without the table says that it does not know");
}
