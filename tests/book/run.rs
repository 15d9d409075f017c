//! The commands of a page, run in a copy of what a clone has.

use std::{
    collections::BTreeMap,
    fmt, fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
    thread,
    time::Duration,
};

use tempfile::TempDir;

use super::{
    console,
    page::{Block, Kind, Page},
    top,
};

/// Why a command need not be run here.
pub const REASONS: [&str; 6] =
    ["compiles for minutes", "runs for minutes", "needs Jupyter", "needs Slurm", "needs the Rust kernel", "publishes"];

/// What a clone has, and pages name.
const CLONED: [&str; 5] = ["examples", "experiments", "notebooks", "results", "tests/contract"];

/// What was run.
#[derive(Debug, Default)]
pub struct Count {
    pub run: usize,
    /// Of these, with what they print.
    pub compared: usize,
    pub not_run: BTreeMap<String, usize>,
}

impl Count {
    pub fn add(&mut self, other: &Self) {
        self.run += other.run;
        self.compared += other.compared;
        for (reason, times) in &other.not_run {
            *self.not_run.entry(reason.clone()).or_default() += times;
        }
    }

    fn leave(&mut self, reason: &str, times: usize) {
        *self.not_run.entry(reason.into()).or_default() += times;
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, compared, not_run } = self;
        write!(f, "{run} commands run, {compared} of them beside what they print; not run: {not_run:?}")
    }
}

/// How a page did.
pub struct Outcome {
    pub count: Count,
    pub faults: Vec<String>,
    /// Between what is shown and what is printed.
    pub differences: Vec<String>,
    /// The page with what was printed.
    pub text: String,
}

/// Runs the pages, several at the same time.
pub fn all(pages: &[Page]) -> Vec<Outcome> {
    let programs = programs();
    let waiting = Mutex::new(pages.iter().enumerate());
    let done = Mutex::new(BTreeMap::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap().next();
                    let Some((i, page)) = next else { break };
                    let outcome = Run::new(page, programs.path()).finish();
                    done.lock().unwrap().insert(i, outcome);
                }
            });
        }
    });
    done.into_inner().unwrap().into_values().collect()
}

/// A folder with `restudy`, and a `cargo` that starts what is built.
fn programs() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_restudy"));
    symlink(program, folder.path().join("restudy")).unwrap();
    let cargo = folder.path().join("cargo");
    let script = format!(
        "#!/bin/sh
[ \"$1\" = run ] || {{ echo \"only cargo run is run here, not cargo $*\" >&2; exit 101; }}
shift; program={program:?}
if [ \"$1\" = --example ]; then program={:?}/$2; shift 2; fi
[ \"$1\" = -- ] && shift
exec \"$program\" \"$@\"
",
        program.with_file_name("examples")
    );
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

struct Run<'a> {
    page: &'a Page,
    folder: TempDir,
    path: String,
    outcome: Outcome,
    changed: Vec<(usize, Vec<String>)>,
}

impl<'a> Run<'a> {
    fn new(page: &'a Page, programs: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        CLONED.iter().for_each(|name| copy(&top().join(name), &folder.path().join(name)));
        let inherited = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{inherited}", programs.display());
        let outcome =
            Outcome { count: Count::default(), faults: Vec::new(), differences: Vec::new(), text: String::new() };
        Self { page, folder, path, outcome, changed: Vec::new() }
    }

    fn finish(mut self) -> Outcome {
        for (i, block) in self.page.blocks.iter().enumerate() {
            match block.kind() {
                Some(Kind::Commands) => self.commands(block),
                Some(Kind::Console) => self.console(i, block),
                Some(Kind::File(name)) => self.file(name, block),
                Some(Kind::NotRun(reason)) => self.not_run(reason, block),
                Some(Kind::Excerpt) | None => {}
            }
            // What follows a command that failed would only fail, too.
            if !self.outcome.faults.is_empty() {
                break;
            }
        }
        self.outcome.text = self.page.with(&self.changed);
        self.outcome
    }

    fn at(&self, block: &Block) -> String {
        format!("{}:{}", self.page.name(), block.first)
    }

    fn commands(&mut self, block: &Block) {
        for command in whole(&block.lines) {
            // This is a part of it.
            if command.split('#').next().unwrap().trim() == "cargo test" {
                self.outcome.count.leave("runs this test", 1);
            } else {
                self.run(block, &command);
            }
        }
    }

    fn console(&mut self, i: usize, block: &Block) {
        let (mut new, mut is_same) = (Vec::new(), true);
        for shown in console::commands(&block.lines) {
            let Some(printed) = self.run(block, shown.command) else { return };
            new.push(format!("$ {}", shown.command));
            if console::same(shown.lines, &printed) {
                new.extend_from_slice(shown.lines);
            } else {
                is_same = false;
                let (at, command) = (self.at(block), shown.command);
                let both = [shown.lines.join("\n"), printed.join("\n")];
                let difference = format!("{at}: $ {command}\n--- shown\n{}\n--- printed\n{}", both[0], both[1]);
                self.outcome.differences.push(difference);
                new.extend(console::rewritten(shown.lines, &printed));
                if shown.lines.last().is_some_and(String::is_empty) {
                    new.push(String::new());
                }
            }
            self.outcome.count.compared += 1;
        }
        if !is_same {
            self.changed.push((i, new));
        }
    }

    /// Writes a file; one that the repository has must be the same there.
    fn file(&mut self, name: &str, block: &Block) {
        let text = block.lines.join("\n") + "\n";
        let own = top().join(name);
        if own.exists() && fs::read_to_string(&own).unwrap() != text {
            self.outcome.faults.push(format!("{}: {name} is another text in the repository", self.at(block)));
        }
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn not_run(&mut self, reason: &str, block: &Block) {
        if !REASONS.contains(&reason) {
            self.outcome.faults.push(format!("{}: `{reason}` is none of {REASONS:?}", self.at(block)));
        }
        self.outcome.count.leave(reason, whole(&block.lines).len());
    }

    /// What a command prints, or `None` if it did not end as it should.
    fn run(&mut self, block: &Block, command: &str) -> Option<Vec<String>> {
        if command.starts_with("python3 ") && !has_python() {
            self.outcome.count.leave("needs Python 3.11", 1);
            return None;
        }
        let root = self.folder.path();
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{{ {command}\n}} 2>&1")]).current_dir(root).env("PATH", &self.path);
        shell.env("NO_COLOR", "1").env("XDG_CACHE_HOME", root.join(".cache")).env_remove("RUST_BACKTRACE");
        let output = assert_cmd::Command::from_std(shell).timeout(Duration::from_secs(120)).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap().replace(&root.display().to_string(), "/home/me/study");
        self.outcome.count.run += 1;
        let wanted = exit_code(command);
        if output.status.code() != Some(wanted) {
            let at = self.at(block);
            let fault = format!("{at}: $ {command}\nends with {:?}, not with {wanted}:\n{text}", output.status.code());
            self.outcome.faults.push(fault);
            return None;
        }
        Some(text.trim_end().lines().map(|line| line.trim_end().to_owned()).collect())
    }
}

/// The code that a comment behind a command ends with, or 0.
fn exit_code(command: &str) -> i32 {
    let said = command.rsplit_once('#').and_then(|(_, comment)| comment.trim().rsplit_once("exit code "));
    said.and_then(|(_, code)| code.parse().ok()).unwrap_or(0)
}

/// Commands without comments and empty lines; what ends with a backslash goes on.
fn whole(lines: &[String]) -> Vec<String> {
    let text = lines.join("\n").replace("\\\n", " ");
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
}

fn has_python() -> bool {
    Command::new("python3").args(["-c", "import tomllib"]).output().is_ok_and(|output| output.status.success())
}

/// Copies what is under version control; what a sweep of the developer left behind is not.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        let is_own = path.parent().unwrap().file_name().is_some_and(|folder| folder == "results") && !is_shipped(&path);
        let is_left = ["segments", "journal", "__pycache__"].contains(&name.as_str())
            || name.ends_with(".parquet")
            || name.ends_with(".png");
        if is_own || is_left || name.starts_with('.') {
            continue;
        }
        match path.is_dir() {
            true => copy(&path, &to.join(name)),
            false => drop(fs::copy(&path, to.join(name)).unwrap()),
        }
    }
}

/// Whether a folder of results is of a specification that is here.
fn is_shipped(results: &Path) -> bool {
    let name = PathBuf::from(results.file_name().unwrap()).with_extension("toml");
    let folders = [top().join("experiments"), results.parent().unwrap().parent().unwrap().to_owned()];
    folders.iter().any(|folder| folder.join(&name).exists())
}

#[test]
fn commands_are_read_with_their_codes() {
    let lines: Vec<_> =
        ["# why", "", "one \\", "  two  # exit code 4", "three # exit code 4 if"].map(str::to_owned).into();
    let commands = whole(&lines);
    assert_eq!(commands, ["one    two  # exit code 4", "three # exit code 4 if"]);
    assert_eq!(commands.iter().map(|command| exit_code(command)).collect::<Vec<_>>(), [4, 0]);
}
