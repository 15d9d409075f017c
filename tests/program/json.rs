//! `--json` prints one object a line, for every command and every exit code.

use std::fs;

use serde_json::Value;

use crate::workspace::{SPEC, Workspace};

fn objects(out: &str, words: &str) -> Vec<Value> {
    let object = |line: &str| match serde_json::from_str(line) {
        Ok(value @ Value::Object(_)) => value,
        other => panic!("{words}: {other:?} is no object: {line}"),
    };
    out.lines().map(object).collect()
}

#[test]
fn every_command_prints_an_object_a_line() {
    let place = Workspace::swept();
    fs::write(place.path("text.md"), "{{ moons: hidden=3 validation.error mean .2% }}\n").unwrap();
    let commands = [
        "check moons.toml",
        "plan moons.toml",
        "status results/moons",
        "show results/moons",
        "show results/moons --runs",
        "watch results/moons",
        "ls",
        "why moons.toml",
        "compare results/moons hidden=1 hidden=3",
        "diff results/moons results/moons",
        "verify results/moons --progress none",
        "proof hidden=3,seed=1 results/moons -o p.json",
        "figures results/moons",
        "figures results/moons --check",
        "figures results/moons --format svg --output paper",
        "figures results/moons --check results/moons/figures/seeds.svg",
        "report results/moons",
        "report results/moons --check",
        "report results/moons --output other",
        "new more.toml",
        "gc results/moons --dry-run",
        "gc results/moons --runs",
        "verify results/moons --repeat 2",
        "cite text.md",
        "cite text.md --check",
        "gradcheck --cases 2",
        "sweep moons.toml --progress json",
    ];
    // These print a text for other programs, or are tested with other folders.
    let elsewhere = ["schema", "completions", "notebook", "merge", "check-proof"];
    for command in place.commands() {
        let tried = commands.iter().any(|words| words.split(' ').next() == Some(command.as_str()));
        assert_ne!(tried, elsewhere.contains(&&*command), "add `{command}` to the commands that are tried with --json");
    }
    for words in commands {
        let answer = place.run(&format!("{words} --json"));
        let reply = objects(&answer.out, words);
        assert!(!reply.is_empty() && answer.code == Some(0), "{words}: {} {}", answer.out, answer.err);
    }
    let reply = &objects(&place.run("proof hidden=3,seed=1 results/moons -o p.json --json").out, "proof")[0];
    assert_eq!((&reply["file"], &reply["root"]), (&"p.json".into(), &place.manifest().root.to_string().into()));
    assert_eq!(place.text("p.json"), place.run("proof hidden=3,seed=1 results/moons -o - --json").out);
    let figure = place.path("results/moons/figures").read_dir().unwrap().next().unwrap().unwrap().path();
    fs::write(&figure, "other").unwrap();
    let name = figure.file_name().unwrap().to_str().unwrap().to_owned();
    for (words, key) in [
        ("figures results/moons --check", "current"),
        ("report results/moons --check", "current"),
        ("figures results/moons --check text.md", "same"),
    ] {
        let answer = place.run(&format!("{words} --json")).ends(4);
        let reply = objects(&answer.out, words);
        assert_eq!(reply[0][key], false, "{words}");
        assert!(
            key != "current" || reply[0]["differences"][0]["file"] == format!("figures/{name}"),
            "{words}: {reply:?}"
        );
    }
    // The question is not shortened for programs.
    let long = format!("{} what?", "very ".repeat(100));
    let place = Workspace::new(&SPEC.replacen("question = \"", &format!("question = \"{long}"), 1));
    place.run("sweep moons.toml").ends(0);
    assert!(objects(&place.run("ls --json").out, "ls")[0]["question"].as_str().unwrap().contains(&long));
    assert!(!place.run("ls").out.contains(&long));
}

#[test]
fn a_command_that_fails_prints_an_object() {
    let place = Workspace::swept();
    for (words, code, says) in [
        ("show results/none", 2, "there is no folder results/none"),
        ("show results/moons --where hiden=3", 2, "have no field `hiden`"),
        ("compare results/moons hidden=1 hidden=9", 2, "9"),
        ("show results/moons --no-such-option", 2, "unexpected argument '--no-such-option'"),
        ("sweep", 2, "required arguments"),
        ("check-proof moons.toml", 2, "moons.toml"),
    ] {
        for json in ["--json", "--progress json"] {
            let answer = place.run(&format!("{words} {json}")).ends(code);
            let reply = objects(&answer.out, words);
            assert_eq!((reply.len(), &reply[0]["code"]), (1, &code.into()), "{words}: {}", answer.out);
            assert!(reply[0]["error"].as_str().unwrap().contains(says), "{words}: {}", answer.out);
            assert!(reply[0]["fault"].is_string(), "{words}: {}", answer.out);
            assert!(!answer.err.is_empty(), "the message is printed, too");
        }
        assert_eq!(place.run(words).out, "");
    }
    // Every mistake of a specification, with its line.
    place.write("moons.toml", SPEC.replace("epochs = 4", "epochs = -4").replace("seeds = 3", "seds = 3"));
    let reply = &objects(&place.run("check moons.toml --json").ends(2).out, "check")[0];
    let others = reply["others"].as_array().unwrap();
    assert_eq!((&reply["at"][0]["file"], others.len()), (&"moons.toml".into(), 1), "{reply}");
    assert!(others[0]["at"][0]["line"].is_u64() && others[0]["help"].is_string(), "{reply}");
    // An error of the system, as the cause of another error.
    place.write("moons.toml", SPEC);
    place.write("results/moons/manifest.json", "{");
    let reply = &objects(&place.run("status results/moons --json").ends(4).out, "status")[0];
    assert!(reply["error"].as_str().unwrap().contains("manifest.json is not a manifest: "), "{reply}");
}

#[test]
fn show_prints_trials_as_objects_without_runs() {
    let place = Workspace::swept();
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    ["runs", "metrics"]
        .iter()
        .for_each(|name| fs::remove_file(place.path(&format!("results/moons/{name}.parquet"))).unwrap());
    let reply = objects(&place.run("show results/moons --json").ends(0).out, "show");
    assert_eq!(reply.len(), 2);
    assert_eq!(
        (&reply[1]["trial"], &reply[1]["runs"], &reply[1]["axes"]["model.hidden"]),
        (&1.into(), &3.into(), &3.into())
    );
    let error = &reply[1]["validation"]["error"];
    assert!(error["low"].is_null() && error["mean"].is_number(), "of three runs there is no interval: {error}");
    let share = |end: &str| reply[1][format!("zero-share-{end}")].as_f64().unwrap();
    assert!(share("low") == 0.0 && share("high") > 0.5, "{}", reply[1]);
    place.run("show results/moons --json --runs").refused(2);
    let one = objects(&place.run("show results/moons --json --sort validation-error --limit 1").ends(0).out, "show");
    assert_eq!(one.len(), 1);
    // A wrong file is reported first.
    place.write("results/moons/runs.parquet", "");
    for words in ["show results/moons --json", "show results/moons --json --runs"] {
        let reply = objects(&place.run(words).ends(4).out, words);
        assert_eq!(reply[0]["findings"][0]["file"], "runs.parquet", "{words}");
    }
    fs::remove_file(place.path("results/moons/summary.csv")).unwrap();
    let reply = objects(&place.run("show results/moons --json").ends(4).out, "show");
    assert!(reply[0]["findings"].is_array() && reply[1]["error"].is_string() && reply.len() == 2, "{reply:?}");
}

#[test]
fn every_mistake_in_a_specification_has_a_code() {
    let place = Workspace::swept();
    let fault = |words: &str| objects(&place.run(&format!("{words} --json")).ends(2).out, words).remove(0);
    place.write(
        "moons.toml",
        SPEC.replace("[sweep]", "[model]\nhiden = 3\nwidth = 3\n\n[sweep]").replace("seeds = 3", "sedes = 3"),
    );
    let found = fault("check moons.toml");
    assert_eq!((&found["fault"], &found["code"]), (&"spec.axis.unknown".into(), &2.into()), "{found}");
    let others: Vec<_> = found["others"].as_array().unwrap().iter().map(|other| &other["fault"]).collect();
    assert_eq!(others, ["spec.unknown-key", "spec.unknown-key"], "{found}");
    assert_eq!(fault("sweep none.toml")["fault"], "spec.unreadable");
    place.write("moons.toml", SPEC.replace("[sweep]", "[sweep"));
    assert_eq!(fault("plan moons.toml")["fault"], "spec.syntax");
}
