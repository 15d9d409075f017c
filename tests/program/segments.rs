//! The stored runs of a finished study, in segments, which a clone does not have and which may be damaged.

use std::fs;

use serde_json::Value;

use crate::workspace::{Workspace, flat, with};

fn status(place: &Workspace) -> Value {
    serde_json::from_str(&place.run("status results/moons --json").ends(0).out).unwrap()
}

fn segment(place: &Workspace) -> std::path::PathBuf {
    let entries = fs::read_dir(place.path("results/moons/segments")).unwrap().map(|entry| entry.unwrap().path());
    entries.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "seg")).unwrap()
}

#[test]
fn status_reports_runs_missing_in_the_segments() {
    let place = Workspace::swept();
    assert_eq!((&status(&place)["held"], &status(&place)["replications"]), (&6.into(), &0.into()));
    assert!(!place.run("status results/moons").ends(0).out.contains("MISSING"));
    let file = segment(&place);
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let answer = place.run("status results/moons").ends(4);
    assert!(answer.out.contains("DAMAGED   segments/") && answer.out.contains("cut off or changed"), "{}", answer.out);
    answer.says("MISSING   segments/ has 2 of 6 runs");
    // The sweep names the damaged file, and computes four runs again; these are no replications.
    let answer = place.run("sweep moons.toml --progress none").ends(0);
    let aside = file.with_extension("damaged");
    assert_eq!(fs::read(&aside).unwrap(), &whole[..whole.len() / 2]);
    let name = aside.file_name().unwrap().display().to_string();
    assert!(answer.err.contains(&format!("the file was renamed to {name} for inspection")), "{}", answer.err);
    assert_eq!((&status(&place)["held"], &status(&place)["replications"]), (&6.into(), &0.into()));
    // A record with another digest than the manifest's is not one of its runs.
    let manifest = place.text("results/moons/manifest.json");
    let at = manifest.find("\"digest\":\"").unwrap() + "\"digest\":\"".len();
    let other = if &manifest[at..=at] == "0" { "1" } else { "0" };
    place.write("results/moons/manifest.json", [&manifest[..at], other, &manifest[at + 1..]].concat());
    let mut forged = place.manifest();
    forged.root = restudy::digest::root(forged.runs.iter().map(|run| (run.id, run.digest)));
    crate::tamper::put(&place, &forged);
    let answer = place.run("status results/moons --json").ends(4);
    assert_eq!(serde_json::from_str::<Value>(&answer.out).unwrap()["held"], 5);
    // A clone has no segments, which is no error.
    place.write("results/moons/manifest.json", manifest);
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    let answer = place.run("status results/moons").ends(0);
    assert!(!answer.out.contains("MISSING") && answer.err.is_empty(), "{} {}", answer.out, answer.err);
    answer.says("absent    segments/ (the stored runs)");
    assert_eq!(status(&place)["held"], Value::Null);
}

#[test]
fn a_clone_is_not_merged_and_the_reason_is_named() {
    let place = Workspace::swept();
    fs::rename(place.path("results"), place.path("clone")).unwrap();
    fs::remove_dir_all(place.path("clone/moons/segments")).unwrap();
    let refused = flat(&place.run("merge results/moons clone/moons").refused(2));
    assert!(refused.contains("not the runs themselves, which are in `segments`"), "{refused}");
    assert!(!place.path("results").exists());
}

#[test]
fn the_advised_command_uses_the_settings_of_the_folder() {
    let place = Workspace::new(&with("seeds = 3", "seeds = 4"));
    place.run("sweep moons.toml --shard 1/2 --quiet").ends(0);
    place.run("status results/moons").ends(0).says("continue  restudy sweep moons.toml\n");
    place.run("ls").ends(0).says("unfinished");
    place.write("moons.toml", crate::workspace::SPEC);
    let status = place.run("status results/moons").ends(0);
    status.says("continue  restudy sweep results/moons/study.toml\n");
    assert_eq!(place.computed("sweep results/moons/study.toml --results results"), 4);
}

#[test]
fn many_differences_are_counted_and_not_listed() {
    let place = Workspace::new(&with("[1, 3]", "[1, 2, 3, 4, 5, 6, 7, 8]"));
    place.run("sweep moons.toml --quiet").ends(0);
    place.run("sweep moons.toml --quiet --results other --set train.epochs=5").ends(0);
    let answer = place.run("diff results/moons other/moons").ends(4);
    let more = answer.out.lines().filter(|line| line.trim().starts_with("and ") && line.ends_with(" more"));
    assert_eq!(more.count(), 1, "{}", answer.out);
}

#[test]
fn old_results_are_not_shown_for_a_changed_specification() {
    let place = Workspace::swept();
    for _ in ["with the runs", "as a clone"] {
        place.write("moons.toml", with("epochs = 4", "epochs = 5"));
        for words in ["show moons.toml", "show moons.toml --runs", "show moons.toml --json"] {
            let refused = flat(&place.run(words).refused(2));
            assert!(
                refused.contains("no run of the current moons is stored: its specification was changed"),
                "{refused}"
            );
        }
        place.write("moons.toml", crate::workspace::SPEC);
        place.run("show moons.toml").ends(0);
        let _ = fs::remove_dir_all(place.path("results/moons/segments"));
        let _ = fs::remove_file(place.path("results/moons/runs.parquet"));
    }
}

#[test]
fn results_of_other_data_are_not_shown() {
    let place = Workspace::new(&crate::workspace::SPEC.replace(
        "[data.double-moon]\ntrain = 40\nvalidation = 40",
        "[data.csv]\nfile = \"points.csv\"\nlabel = \"label\"\nvalidation = { share = 0.5 }",
    ));
    let rows = |sign: i32| {
        (0..40)
            .map(|i| {
                format!(
                    "{},{},{}\n",
                    f64::from(i % 7) / 3.0,
                    f64::from(i % 5) / 2.0,
                    if i % 2 == 0 { sign } else { -sign }
                )
            })
            .collect::<String>()
    };
    place.write("points.csv", format!("a,b,label\n{}", rows(1)));
    place.run("sweep moons.toml --quiet").ends(0);
    place.write("points.csv", format!("a,b,label\n{}", rows(-1)));
    let refused = flat(&place.run("show moons.toml").refused(2));
    assert!(refused.contains("its data file points.csv was changed since the results"), "{refused}");
}

#[test]
fn a_report_is_current_with_its_summary_and_its_figures() {
    let place = Workspace::swept();
    let whole = place.answers("results/moons");
    for name in ["report.md", "report.html", "summary.csv", "figures/seeds.svg", "figures/seeds.png"] {
        let file = format!("results/moons/{name}");
        place.write(&file, [place.read(&file), b" ".to_vec()].concat());
        place.run("report results/moons --check").ends(4).says(&format!("{name} is not what the tables give"));
        place.run("report results/moons").ends(0).says("wrote results/moons/report.html");
        assert!(place.answers("results/moons") == whole, "{name}");
    }
    fs::remove_file(place.path("results/moons/figures/seeds.png")).unwrap();
    place.run("report results/moons --check").ends(0).says("the report is current");
    // A sweep reports changed files that it replaces; files that were only missing, as in a clone, need no message.
    place.write("results/moons/runs.parquet", "");
    let answer = place.run("sweep moons.toml --progress none").ends(0);
    assert!(answer.err.contains("written again: runs.parquet\n"), "{}", answer.err);
    assert!(place.answers("results/moons") == whole);
}

#[test]
fn an_unfinished_sweep_is_recognized_and_continued() {
    let place = Workspace::swept();
    // The specification asks for more, and the sweep is killed: the stored specification is new, the manifest old.
    place.write("results/moons/study.toml", with("seeds = 3", "seeds = 5"));
    place.run("status results/moons").ends(0).says("its sweep is not finished").says("continue  restudy sweep");
    place.run("ls").ends(0).says("changed");
    let answer = place.run("verify results/moons --progress none").ends(4);
    answer.says("runs: the manifest lists 0 runs that are not part of the changed study.toml, and lacks 4 that are");
    place.run("sweep results/moons/study.toml --quiet").ends(0);
    place.run("verify results/moons").ends(0);
}

#[test]
fn another_question_figure_or_experiment_keeps_the_results() {
    let place = Workspace::swept();
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    fs::remove_file(place.path("results/moons/runs.parquet")).unwrap();
    place.write("moons.toml", with("do forty points need?", "do forty points want?"));
    place.run("show moons.toml").ends(0).says("validation error");
    // The runs of a custom experiment cannot be derived from its settings.
    let manifest = place.text("results/moons/manifest.json");
    let manifest = manifest.replacen("\"specification\"", "\"experiment\": \"own 1\",\n  \"specification\"", 1);
    place.write("results/moons/manifest.json", manifest.replace("{\"id\":\"", "{\"id\":\"0000"));
    let ids: String = place
        .text("results/moons/manifest.json")
        .lines()
        .map(|line| match line.find("{\"id\":\"0000") {
            Some(at) => format!("{}{}\n", &line[..at + 7 + 64], &line[at + 7 + 68..]),
            None => format!("{line}\n"),
        })
        .collect();
    place.write("results/moons/manifest.json", ids);
    let mut own = place.manifest();
    own.root = restudy::digest::root(own.runs.iter().map(|run| (run.id, run.digest)));
    crate::tamper::put(&place, &own);
    place.run("show results/moons").ends(0).says("validation error");
}

#[test]
fn status_reports_unreadable_files_and_does_not_fail() {
    let place = Workspace::swept();
    fs::create_dir(place.path("results/moons/segments/x.seg")).unwrap();
    let answer = place.run("status results/moons").ends(4);
    assert!(answer.out.contains("DAMAGED   segments: the stored runs cannot be read"), "{}", answer.out);
    let object: Value = serde_json::from_str(&place.run("status results/moons --json").ends(4).out).unwrap();
    assert_eq!(object["held"], Value::Null);
    // Writing only the report makes no runs, and their absence is no error.
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    fs::remove_file(place.path("results/moons/report.md")).unwrap();
    place.run("report results/moons").ends(0);
    assert!(place.path("results/moons/segments").is_dir());
    let answer = place.run("status results/moons").ends(0);
    assert!(!answer.out.contains("MISSING"), "{}", answer.out);
    assert!(flat(&place.run("merge other/moons results/moons").refused(2)).contains("not the runs themselves"));
}

#[test]
fn an_edited_copy_is_restored_from_the_specification_that_made_it() {
    let place = Workspace::swept();
    place.edit("study.toml", "epochs = 4", "epochs = 5");
    place.run("status results/moons").ends(0).says("continue  restudy sweep moons.toml\n");
    assert_eq!(place.computed("sweep moons.toml"), 0);
    place.run("verify results/moons").ends(0);
}

#[test]
#[cfg(unix)]
fn a_proof_is_written_through_a_link() {
    let place = Workspace::swept();
    place.write("target.json", "");
    std::os::unix::fs::symlink(place.path("target.json"), place.path("link")).unwrap();
    let answer = place.run("proof hidden=3,seed=1 results/moons -o link").ends(0);
    assert_eq!(answer.out, "", "it may be a pipe to another program");
    place.run("check-proof target.json").ends(0);
    assert!(place.path("link").is_symlink());
    let message = flat(&place.run("proof hidden=3,seed=1 results/moons -o results").refused(2));
    assert!(message.contains("this is a folder: name a file in it"), "{message}");
}
