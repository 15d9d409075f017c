//! Tests every order of what a cell can do, through real pipes and a real process, without evcxr.
//!
//! The test starts itself as the process that runs cells. A "library" is a list of words, one for each action.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]
#![expect(clippy::print_stdout, clippy::print_stderr, unsafe_code, reason = "this is what cells do")]

use std::{
    env,
    io::{BufRead, BufReader, Write},
    os::fd::AsRawFd,
    path::Path,
    process::{Child as Process, ChildStdin, ChildStdout, Command, Stdio},
    thread,
};

use restudy_channel::{
    COMPLETE, PANIC,
    child::Child,
    kernel::{Event, Pipes, Stream},
};
use serde_json::json;

const FOLDER: &str = "RESTUDY_CHANNEL_TEST";

/// The word of an action, its output, and whether it is an output of its own.
const ACTIONS: [(&str, &str); 11] = [
    ("half", "half "),
    ("line", "line\n"),
    ("flush", ""),
    ("show", "<shown>"),
    ("value", "<value>"),
    ("thread", "thread "),
    ("system", "system "),
    ("program", "program "),
    ("complete", "EVCXR_EXECUTION_COMPLETE\n"),
    ("content", "EVCXR_BEGIN_CONTENT text/plain\nmine\nEVCXR_END_CONTENT\n"),
    ("error", ""),
];

/// How a cell ends, and the failure that it reports.
const ENDS: [(&str, &str); 3] = [("", ""), ("panic", "<failed>"), ("failure", "<failed>")];

fn act(child: &Child, word: &str) {
    match word {
        "half" => print!("half "),
        "line" => println!("line"),
        "flush" => std::io::stdout().flush().unwrap(),
        "show" => drop(child.notify(&json!({ "display": "shown" }))),
        "value" => {
            child.notify(&json!({ "result": "value", "echo": "0011223344" }));
            print!("EVCXR_BEGIN_CONTENT text/plain\n0011223344\nEVCXR_END_CONTENT\n");
        }
        "thread" => thread::spawn(|| print!("thread ")).join().unwrap(),
        "system" => {
            std::io::stdout().flush().unwrap();
            // SAFETY: seven bytes of a constant.
            let written = unsafe { libc::write(1, b"system ".as_ptr().cast(), 7) };
            assert_eq!(written, 7);
        }
        "program" => {
            std::io::stdout().flush().unwrap();
            assert!(Command::new("sh").args(["-c", "printf 'program '"]).status().unwrap().success());
        }
        "complete" => println!("{COMPLETE}"),
        "content" => println!("EVCXR_BEGIN_CONTENT text/plain\nmine\nEVCXR_END_CONTENT"),
        "error" => eprintln!("to the standard error"),
        "panic" => {
            child.notify(&json!({ "failed": "panic" }));
            child.evcxr(PANIC);
        }
        "failure" => drop(child.notify(&json!({ "failed": "error" }))),
        "exit" => std::process::exit(7),
        "abort" => std::process::abort(),
        "lost" => {
            eprintln!("The type of the variable a was redefined, so was lost.");
            println!("EVCXR_VARIABLE_CHANGED_TYPE:a");
        }
        "long" => (0..20_000).for_each(|n| println!("{n} ✓")),
        "left" => drop(thread::spawn(|| {
            let _lock = std::io::stdout().lock();
            thread::sleep(std::time::Duration::from_secs(600));
        })),
        "wait" => {
            print!("seen at once");
            thread::sleep(std::time::Duration::from_secs(600));
        }
        "close" => assert_eq!(unsafe { libc::close(1) }, 0),
        "" => {}
        other => panic!("unknown action {other}"),
    }
}

/// The process that runs the cells, when this program is started by a test.
#[test]
fn the_process_of_the_cells() {
    let Some(folder) = env::var_os(FOLDER) else { return };
    let (child, mut commands) = Child::open(Path::new(&folder)).unwrap();
    let child: &'static Child = Box::leak(Box::new(child));
    // The test harness has printed half a line.
    child.evcxr("");
    child.serve(&mut commands, &mut |library, _, variables| {
        library.split(',').for_each(|word| act(child, word));
        variables
    });
    std::process::exit(0);
}

/// evcxr's and the kernel's ends.
struct Ends {
    process: Process,
    commands: ChildStdin,
    lines: BufReader<ChildStdout>,
    pipes: Pipes,
    _folder: tempfile::TempDir,
}

impl Ends {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pipes = Pipes::new(folder.path()).unwrap();
        let mut process = Command::new(env::current_exe().unwrap())
            .args(["the_process_of_the_cells", "--exact", "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (commands, lines) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut ends = Self { process, commands, lines, pipes, _folder: folder };
        ends.until(|event| *event == Event::Hello);
        // Skip what the test harness prints.
        while ends.line() != COMPLETE {}
        ends
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end_matches('\n').into()
    }

    /// Reads events up to the one that `last` accepts.
    fn until(&mut self, last: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut all = Vec::new();
        while !all.last().is_some_and(&last) {
            let mut polled =
                self.pipes.sources().map(|fd| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 });
            // SAFETY: the array has three entries.
            let ready = unsafe { libc::poll(polled.as_mut_ptr(), 3, 10_000) };
            assert!(ready > 0, "nothing came after {all:?}");
            if polled[2].revents != 0 {
                all.extend(self.pipes.mark().unwrap());
            } else if polled[0].revents & libc::POLLIN != 0 {
                all.extend(self.pipes.text(Stream::Stdout).unwrap());
            } else {
                all.extend(self.pipes.text(Stream::Stderr).unwrap());
            }
        }
        all
    }

    fn send(&mut self, actions: &str) {
        self.pipes.request();
        writeln!(self.commands, "LOAD_AND_RUN {actions} run_user_code_1").unwrap();
    }

    /// Runs actions; returns their output in order, and the lines of evcxr's protocol.
    fn call(&mut self, actions: &str) -> (String, Vec<String>) {
        self.send(actions);
        let seen = seen(&self.until(|event| *event == Event::Ended));
        let mut lines = Vec::new();
        while lines.last().is_none_or(|line| line != COMPLETE) {
            lines.push(self.line());
        }
        (seen, lines)
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Shows outputs in order: text as it is, everything else in angle brackets.
fn seen(events: &[Event]) -> String {
    let one = |event: &Event| match event {
        Event::Text { stream: Stream::Stdout, text } => text.clone(),
        Event::Mark(mark) if mark.get("failed").is_some() => "<failed>".into(),
        Event::Mark(mark) => {
            let word = |key: &str| mark[key].as_str().map(|word| format!("<{word}>"));
            word("display").or(word("result")).unwrap()
        }
        _ => String::new(),
    };
    events.iter().map(one).collect()
}

#[test]
fn every_order_of_up_to_three_actions_and_an_end() {
    let mut ends = Ends::new();
    let mut tried = 0;
    let mut lists: Vec<Vec<(&str, &str)>> = vec![vec![]];
    for length in 0..3 {
        let longer: Vec<_> = lists.iter().filter(|list| list.len() == length).cloned().collect();
        for list in longer {
            lists.extend(ACTIONS.iter().map(|action| [list.clone(), vec![*action]].concat()));
        }
    }
    for list in &lists {
        // Programs are slow: of the longest lists, run those with one program.
        if list.len() == 3 && list.iter().filter(|(word, _)| *word == "program").count() > 1 {
            continue;
        }
        for end in ENDS {
            let all = [list.clone(), vec![end]].concat();
            let words: Vec<_> = all.iter().map(|(word, _)| *word).collect();
            let right: String = all.iter().map(|(_, text)| *text).collect();
            let own = if end.0 == "panic" { vec![PANIC, COMPLETE] } else { vec![COMPLETE] };
            assert_eq!(ends.call(&words.join(",")), (right, own.into_iter().map(String::from).collect()), "{words:?}");
            tried += 1;
        }
    }
    assert!(tried > 3000, "{tried}");
}

#[test]
fn output_before_the_end_of_the_process_is_read() {
    for end in ["exit", "abort"] {
        for (actions, right) in
            [("half,flush", "half "), ("line", "line\n"), ("half,show", "half <shown>"), ("system", "system ")]
        {
            let mut ends = Ends::new();
            ends.send(&format!("{actions},{end}"));
            let events = ends.until(|event| *event == Event::Gone);
            assert_eq!(seen(&events), right, "{actions}, {end}");
            assert!(!events.contains(&Event::Ended));
            assert_eq!(ends.pipes.mark().unwrap(), []);
        }
    }
    let mut ends = Ends::new();
    ends.send("half,exit");
    assert_eq!(seen(&ends.until(|event| *event == Event::Gone)), "half ", "the process flushes its output as it ends");
}

#[test]
fn half_a_line_is_shown_while_the_cell_runs() {
    let mut ends = Ends::new();
    ends.send("wait");
    let is_it = |event: &Event| matches!(event, Event::Text { text, .. } if text == "seen at once");
    ends.until(is_it);
}

#[test]
fn long_output_is_whole() {
    let mut ends = Ends::new();
    let right: String = (0..20_000).map(|n| format!("{n} ✓\n")).collect();
    assert_eq!(ends.call("long,half").0, right + "half ");
}

#[test]
fn a_variable_is_lost_only_if_evcxr_lists_it() {
    let mut ends = Ends::new();
    let line = "EVCXR_VARIABLE_CHANGED_TYPE:a";
    let (text, lines) = ends.call("lost");
    assert_eq!((text.as_str(), &lines[..]), ("", &[line.into(), COMPLETE.into()][..]));
    assert_eq!(ends.call("line,lost").0, format!("line\n{line}\n"));
    assert_eq!(ends.call("lost,half").0, format!("{line}\nhalf "));
    assert_eq!(ends.call("lost,show").0, format!("{line}\n<shown>"));
}

#[test]
fn threads_and_programs_left_running_delay_nothing() {
    let mut ends = Ends::new();
    assert_eq!(ends.call("half,flush,left").0, "half ");
    let mut ends = Ends::new();
    ends.call("close");
    assert_eq!(ends.call("line").0, "line\n", "the next cell has its standard output again");
}

#[test]
fn no_other_process_can_open_the_pipes() {
    let folder = tempfile::tempdir().unwrap();
    drop(Pipes::new(folder.path()).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let ends = Ends::new();
    assert_eq!(std::fs::read_dir(ends._folder.path()).unwrap().count(), 0);
}
