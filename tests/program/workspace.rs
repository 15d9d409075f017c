//! A folder for each test, and the program in it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::Duration,
};

use restudy::results::Manifest;
use tempfile::TempDir;

/// A study that takes a tenth of a second.
pub const SPEC: &str = r#"[study]
question = "How many hidden units do forty points need?"

[data.double-moon]
train = 40
validation = 40

[train]
epochs = 4

[sweep]
"model.hidden" = [1, 3]
seeds = 3

[figures.seeds]
strip = { metric = "error", by = "model.hidden" }
"#;

/// The specification with one part replaced.
pub fn with(from: &str, to: &str) -> String {
    assert!(SPEC.contains(from), "{from} is not in the specification");
    SPEC.replacen(from, to, 1)
}

/// The content of every file in a folder, by its relative path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A folder with a specification, in which the program is started.
pub struct Workspace {
    root: TempDir,
}

/// The output of the program, and its exit code.
pub struct Answer {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Workspace {
    /// A folder with `moons.toml`, without results.
    pub fn new(spec: &str) -> Self {
        let place = Self { root: tempfile::tempdir().unwrap() };
        place.write("moons.toml", spec);
        place
    }

    /// A folder with `moons.toml` and its results.
    pub fn swept() -> Self {
        static SWEPT: OnceLock<(Workspace, Files)> = OnceLock::new();
        let (_, files) = SWEPT.get_or_init(|| {
            let place = Self::new(SPEC);
            place.run("sweep moons.toml").ends(0);
            let files = place.files("");
            (place, files)
        });
        let place = Self { root: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, bytes)| place.write(path, bytes));
        place
    }

    /// The commands that the help of the program lists.
    pub fn commands(&self) -> Vec<String> {
        let help = self.run("--help").ends(0).out;
        let listed = help.split("Options:").next().unwrap().lines();
        let words =
            listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next().filter(|word| !word.is_empty()));
        words.map(str::to_owned).collect()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn read(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap()
    }

    pub fn text(&self, path: &str) -> String {
        String::from_utf8(self.read(path)).unwrap()
    }

    /// Replaces text in a file of the results.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let file = format!("results/moons/{file}");
        let text = self.text(&file);
        assert!(text.contains(from), "{from} is not in {file}");
        self.write(&file, text.replacen(from, to, 1));
    }

    pub fn manifest(&self) -> Manifest {
        Manifest::read(&self.path("results/moons")).unwrap()
    }

    /// Rewrites the results as those of another version of the program.
    pub fn rendered_by(&self, version: &str) {
        let mut manifest = self.manifest();
        let own = format!("restudy {}", manifest.restudy);
        for name in ["report.md", "report.html"] {
            let path = format!("results/moons/{name}");
            let text = self.text(&path).replace(&own, &format!("restudy {version}"));
            manifest.files.insert(name.into(), restudy::digest::Digest::of(text.as_bytes()));
            self.write(&path, text);
        }
        manifest.restudy = version.into();
        self.write("results/moons/manifest.json", manifest.to_text());
    }

    /// The program, to be started in this folder.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_restudy"));
        command.args(words).current_dir(self.root.path()).env("NO_COLOR", "1");
        command.env("XDG_CACHE_HOME", self.path("cache"));
        command
    }

    /// Runs the program; arguments are separated by blanks.
    pub fn run(&self, words: &str) -> Answer {
        self.run_words(&words.split_whitespace().collect::<Vec<_>>())
    }

    pub fn run_words(&self, words: &[&str]) -> Answer {
        let mut command = assert_cmd::Command::from_std(self.command(words));
        let output = command.timeout(Duration::from_secs(60)).output().unwrap();
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec())
                .expect("the program writes UTF-8")
                .replace(&self.root.path().display().to_string(), "[place]")
        };
        Answer { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Runs a sweep, and returns the number of runs that it reports as computed.
    pub fn computed(&self, words: &str) -> u64 {
        let answer = self.run(&format!("{words} --json"));
        let answer: serde_json::Value = serde_json::from_str(&answer.ends(0).out).unwrap();
        answer["computed"].as_u64().unwrap()
    }

    /// Every file in a folder of this workspace.
    pub fn files(&self, folder: &str) -> Files {
        let mut files = Files::new();
        collect(&self.path(folder), &self.path(folder), &mut files);
        files
    }

    /// The files whose bytes a sweep reproduces: all results except the journal.
    pub fn answers(&self, folder: &str) -> Files {
        let mut files = self.files(folder);
        files.retain(|path, _| !path.starts_with("journal/"));
        files
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read(path).unwrap());
        }
    }
}

/// Asserts that two folders contain the same files, and names those that differ.
#[track_caller]
pub fn assert_same(one: &Files, other: &Files, when: &str) {
    let names: std::collections::BTreeSet<_> = one.keys().chain(other.keys()).collect();
    let differ: Vec<_> = names.into_iter().filter(|name| one.get(*name) != other.get(*name)).collect();
    assert!(differ.is_empty(), "{when}: {differ:?}");
}

impl Answer {
    /// Asserts the exit code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n--- out\n{}\n--- err\n{}", self.out, self.err);
        assert!(!self.err.contains("has a bug") && !self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// Asserts the exit code of a refusal, and returns the message. Nothing else is printed; with `--json` the message
    /// is an object.
    #[track_caller]
    pub fn refused(self, code: i32) -> String {
        let answer = self.ends(code);
        let reply = answer.out.lines().filter(|line| !line.starts_with("{\"findings\":"));
        let reply: Vec<serde_json::Value> = reply.filter_map(|line| serde_json::from_str(line).ok()).collect();
        match &reply[..] {
            [reply] => assert!(reply["error"].is_string() && reply["code"] == code, "{}", answer.out),
            _ => assert_eq!(answer.out, "", "a refusal is no result"),
        }
        stable(&answer.err)
    }

    /// Asserts that the standard output contains a text.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words), "`{words}` is not in\n{}", self.out);
        self
    }
}

/// A message without line breaks for narrow terminals.
pub fn flat(message: &str) -> String {
    message.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

/// Text without what changes from run to run: durations and rates, and the mark of a program with uncommitted changes.
pub fn stable(text: &str) -> String {
    const MARK: &str = "+dirty.";
    let unmarked = text.split(MARK).enumerate().map(|(i, part)| if i == 0 { part } else { &part[12..] });
    let text: String = unmarked.collect();
    let lines = text.lines().map(|line| {
        let words: Vec<_> = line.split(' ').collect();
        let timed = |i: usize| {
            let unit = words.get(i + 1).is_some_and(|unit| ["s", "s,", "s;", "million"].contains(unit));
            unit && words[i].parse::<f64>().is_ok()
        };
        let words = words.iter().enumerate().map(|(i, word)| if timed(i) { "N" } else { word });
        words.collect::<Vec<_>>().join(" ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
