//! A folder with a shell script and its study.

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use crate::workspace::{Answer, Files, Workspace};

/// A study of a script, with the settings of `[command]` that a test needs.
pub struct Place {
    pub workspace: Workspace,
}

impl Place {
    /// A folder with `run.sh`, which gets the seed as its argument, and `study.toml` with `command` under `[command]`.
    pub fn new(script: &str, command: &str) -> Self {
        Self::with(script, command, "seeds = 2")
    }

    /// The same, with this `[sweep]`.
    pub fn with(script: &str, command: &str, sweep: &str) -> Self {
        let spec = format!(
            "[study]\nquestion = \"What does the script print?\"\n\n[command]\nrun = [\"sh\", \"run.sh\", \"{{seed}}\"]\n\
             inputs = [\"run.sh\"]\n{command}\n\n[measurements]\nloss = {{ direction = \"lower\", objective = true }}\n\n\
             [sweep]\n{sweep}\n"
        );
        Self::of(script, &spec)
    }

    /// A folder with `run.sh` and this specification.
    pub fn of(script: &str, spec: &str) -> Self {
        let workspace = Workspace::new("");
        fs::remove_file(workspace.path("moons.toml")).unwrap();
        workspace.write("run.sh", script);
        workspace.write("study.toml", spec);
        fs::create_dir(workspace.path("scratch")).unwrap();
        Self { workspace }
    }

    /// The program, with a folder of its own for temporary files.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = self.workspace.command(words);
        command.env("TMPDIR", self.workspace.path("scratch"));
        command
    }

    /// Runs the program.
    pub fn run(&self, words: &str) -> Answer {
        let words: Vec<_> = words.split_whitespace().collect();
        let output =
            assert_cmd::Command::from_std(self.command(&words)).timeout(Duration::from_secs(60)).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Answer { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Sweeps, and returns the outcome and the number of measurements of each run, by seed.
    pub fn outcomes(&self) -> Vec<String> {
        self.run("sweep study.toml --quiet");
        let shown = self.run("show results/study --runs --sort seed --json").out;
        let runs = shown.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let runs = runs.filter(|object| object.get("outcome").is_some());
        runs.map(|run| run["outcome"].as_str().unwrap().to_owned()).collect()
    }

    /// What a sweep reports, on the terminal and as notices.
    pub fn swept(&self, code: i32) -> String {
        let answer = self.run("sweep study.toml --progress none").ends(code);
        format!("{}{}", answer.out, answer.err)
    }

    /// The files that a sweep reproduces: without the journal, locks, and what runs printed.
    pub fn answers(&self) -> Files {
        let mut files = self.workspace.answers("results/study");
        files.retain(|path, _| !path.contains("lock") && !path.starts_with("logs/"));
        files
    }

    /// Waits until no temporary folder is left, as long as `most`.
    #[track_caller]
    pub fn leaves_nothing(&self, most: Duration) {
        let scratch = self.workspace.path("scratch");
        let until = Instant::now() + most;
        loop {
            let left: Vec<_> = fs::read_dir(&scratch).unwrap().flatten().map(|entry| entry.path()).collect();
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < until, "left behind: {left:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The processes whose environment names this folder.
    pub fn processes(&self) -> Vec<String> {
        let mark = self.workspace.path("scratch").display().to_string();
        let entries = fs::read_dir("/proc").unwrap().flatten();
        let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let named = numbers.filter_map(|process| {
            let environment = fs::read(format!("/proc/{process}/environ")).ok()?;
            if !String::from_utf8_lossy(&environment).contains(&mark) {
                return None;
            }
            let words = fs::read(format!("/proc/{process}/cmdline")).ok()?;
            Some(String::from_utf8_lossy(&words).replace('\0', " "))
        });
        named.collect()
    }

    /// Waits until no process of this folder is left, as long as `most`.
    #[track_caller]
    pub fn ends_every_process(&self, most: Duration) {
        let until = Instant::now() + most;
        loop {
            let left = self.processes();
            if left.is_empty() {
                return;
            }
            assert!(Instant::now() < until, "still running: {left:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
