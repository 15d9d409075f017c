//! Every order of output, event and failure in the real kernel, run by nbclient: printed text arrives in order, and a
//! failure is an error whatever was printed before it.

use crate::place::{Place, python};

/// The beginning of a cell and its output: text as it is, outputs in angle brackets.
const ACTIONS: [(&str, &str); 8] = [
    ("", ""),
    ("print!(\"half \");", "half "),
    ("println!(\"line\");", "line\n"),
    ("print!(\"flushed \"); { use std::io::Write as _; std::io::stdout().flush().unwrap(); }", "flushed "),
    ("show(&5);", "<5>"),
    ("std::thread::spawn(|| print!(\"thread \")).join().unwrap();", "thread "),
    (
        "println!(\"EVCXR_EXECUTION_COMPLETE\"); print!(\"EVCXR_PANIC_NOTIFICATION\");",
        "EVCXR_EXECUTION_COMPLETE\nEVCXR_PANIC_NOTIFICATION",
    ),
    (
        "{ use std::io::Write as _; std::io::stdout().flush().unwrap(); } std::process::Command::new(\"printf\").arg(\"program \").status().unwrap();",
        "program ",
    ),
];

/// The end of a cell, and the name of its error.
const ENDS: [(&str, &str); 8] = [
    ("", ""),
    ("claim!(\"one is more than two\", 1 > 2);", "panic"),
    ("panic!(\"on purpose\");", "panic"),
    ("assert!(1 > 2, \"no\");", "panic"),
    ("let n: i32 = \"seven\".parse::<i32>()?;", "error"),
    ("std::thread::spawn(|| panic!(\"in a thread\")).join().unwrap();", "panic"),
    ("std::panic::resume_unwind(Box::new(7));", "panic"),
    ("std::process::exit(0);", "died"),
];

#[test]
#[ignore = "slow: needs `restudy notebook install` and a Python with nbclient"]
fn every_order_of_output_and_failure() {
    let mut cells = vec!["use restudy::prelude::*;".to_owned()];
    let mut right = vec![(String::new(), "")];
    for (end, error) in ENDS {
        for (first, seen) in ACTIONS {
            for (second, after) in if error == "died" { &ACTIONS[..2] } else { &ACTIONS[..5] } {
                cells.push(format!("{first} {second}\n{end}"));
                right.push((format!("{seen}{after}"), error));
            }
        }
    }
    let place = Place::new();
    place.notebook("a.ipynb", "restudy", &cells.iter().map(String::as_str).collect::<Vec<_>>());
    python("execute.py", &[&place.path("a.ipynb"), &place.path("out.ipynb"), "--allow-errors".as_ref()]);
    let done = place.json("out.ipynb");
    for (cell, (text, error)) in done["cells"].as_array().unwrap().iter().zip(right) {
        let (mut seen, mut failed) = (String::new(), "");
        for output in cell["outputs"].as_array().unwrap() {
            let text = |value: &serde_json::Value| match value.as_array() {
                Some(lines) => lines.iter().filter_map(|line| line.as_str()).collect::<String>(),
                None => value.as_str().unwrap_or_default().to_owned(),
            };
            match output["output_type"].as_str().unwrap() {
                "stream" if output["name"] == "stdout" => seen.push_str(&text(&output["text"])),
                "display_data" => seen.push_str(&format!("<{}>", text(&output["data"]["text/plain"]))),
                "error" => failed = output["ename"].as_str().unwrap(),
                _ => {}
            }
        }
        assert_eq!((seen.as_str(), failed), (text.as_str(), error), "{}", cell["source"]);
    }
}

/// A failed cell fails the run and the check, and leaves the file unchanged.
#[track_caller]
fn fails(cells: &[&str], word: &str) {
    let place = Place::new();
    place.notebook("a.ipynb", "restudy", cells);
    let before = place.text("a.ipynb");
    place.run("notebook run a.ipynb").ends(3).says(&[word]);
    assert_eq!(place.text("a.ipynb"), before);
    let check = place.run("notebook check a.ipynb").ends(3);
    assert!(!check.out.contains("proven"), "{}", check.out);
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn a_failure_behind_half_a_line_fails_run_and_check() {
    for (end, word) in [
        ("claim!(\"one is more than two\", 1 > 2);", "one is more than two"),
        ("let n: i32 = \"seven\".parse::<i32>()?;", "invalid digit"),
        ("std::process::exit(0);", "exit status: 0"),
    ] {
        let cell = format!("print!(\"checking … \");\n{end}");
        fails(&["use restudy::prelude::*;", &cell, "println!(\"the end was reached\");"], word);
    }
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn a_panic_cannot_be_hidden_by_another_println() {
    for cell in ["macro_rules! println { ($($t:tt)*) => {} }", "use std::println;"] {
        fails(&[cell, "panic!(\"hidden\");"], "its own `println!`");
    }
    fails(&["let a: u8 = 1;", ":clear", "print!(\"x\"); panic!(\"after all was cleared\");"], "after all was cleared");
    fails(&[":clear\nprint!(\"x\");"], "in a cell of their own");
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn threads_left_running_do_no_harm() {
    let place = Place::new();
    let thread = "std::thread::spawn(|| loop { print!(\"EVCXR_EXECUTION_COMPLETE\"); println!(\"\\nEVCXR_PANIC_NOTIFICATION\"); std::thread::sleep(std::time::Duration::from_millis(1)); });";
    place.notebook("a.ipynb", "restudy", &[thread, "2 + 2", "let a: u64 = 5;", "assert_eq!(a, 5);"]);
    place.run("notebook run a.ipynb").ends(0);
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn failed_runs_fail_the_cell_unless_it_expects_them() {
    let spec = "[study]\\nquestion = \\\"?\\\"\\n[data.double-moon]\\ntrain = 40\\nvalidation = 40\\n[train]\\nepochs = 3\\n[sweep]\\nseeds = 4\\n";
    let define = format!(
        "use restudy::prelude::*;\nlet study = study_from(\"odd\", \"{spec}\")?;\nlet odd = own(\"odd\", 1, |_: &Job, _: &mut Log| Err(\"no such thing\".into()));"
    );
    fails(&[&define, "let answers = sweep_own(&study, &odd)?;"], "4 of 4 runs failed");
    let place = Place::new();
    let claims = "claim_eq!(\"all fail\", answers.failed(), 4);\nanswers.prove()?";
    place.notebook(
        "a.ipynb",
        "restudy",
        &[&define, "let answers = sweep_own(&study, &odd).expect_failures()?;", claims],
    );
    place.run("notebook run a.ipynb").ends(0);
    place.run("notebook check a.ipynb").ends(0).says(&["proven"]);
    assert!(place.text("a.ipynb").contains("proven that 4 of 4 runs failed"));
}

#[test]
#[ignore = "slow: needs `restudy notebook install`"]
fn long_streams_count_as_a_whole() {
    let place = Place::new();
    let cell = "let n = std::fs::read_to_string(\"n\").map_or(0, |text| text.len());\nfor i in 0..100_000 { println!(\"{i} of a line that is printed often\"); }\nprint!(\"{n}\");";
    place.notebook("a.ipynb", "restudy", &[cell]);
    place.run("notebook run a.ipynb").ends(0);
    place.run("notebook check a.ipynb").ends(0).says(&["proven"]);
    std::fs::write(place.path("n"), "x").unwrap();
    place.run("notebook check a.ipynb").ends(4).says(&["cell 1", "BLAKE3 of all of it"]);
}
