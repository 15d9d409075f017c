//! A copy of the workspace with a target folder of its own, which begins with the dependencies that are compiled
//! already.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Output},
};

pub struct Copy {
    root: PathBuf,
    target: PathBuf,
}

impl Copy {
    pub fn new() -> Self {
        let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("additions");
        let copy = Self { root: scratch.join("copy"), target: scratch.join("target") };
        copy.clear();
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let listed = Command::new("git").arg("-C").arg(source).args(["ls-files", "-z"]).output().unwrap();
        assert!(listed.status.success(), "a clone, with git");
        for path in String::from_utf8(listed.stdout).unwrap().split_terminator('\0') {
            // Results and notebooks are compared by other tests. A proof is checked against the root in its manifest.
            let is_result = path.starts_with("results/") && !path.ends_with("/manifest.json");
            if !is_result && !path.starts_with("notebooks/") && source.join(path).is_file() {
                copy.write(path, fs::read(source.join(path)).unwrap());
            }
        }
        copy.seed();
        copy
    }

    /// Removes what an earlier run has added.
    fn clear(&self) {
        for path in [
            "crates/network/src/data/bars.rs",
            "crates/network/src/metric/hinge.rs",
            "crates/figure/src/ecdf.rs",
            "src/cli/metrics.rs",
            "examples/dice.rs",
            "scratch",
        ] {
            self.remove(path);
        }
    }

    pub fn remove(&self, path: &str) {
        let path = self.root.join(path);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap();
        } else if path.exists() {
            fs::remove_file(path).unwrap();
        }
    }

    /// Links the dependencies that are compiled for this test, so that only the workspace is compiled again.
    fn seed(&self) {
        let profile = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().to_owned();
        let to = self.target.join("debug");
        if to.exists() || !profile.ends_with("debug") {
            return;
        }
        for part in ["deps", "build", ".fingerprint"] {
            link(&profile.join(part), &to.join(part)).unwrap();
        }
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Leaves a file as it is that has this content, so that Cargo compiles no more than it must.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        if fs::read(&path).is_ok_and(|old| old == content.as_ref()) {
            return;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Puts lines behind the one line that begins with some text.
    pub fn insert(&self, path: &str, after: &str, lines: &str) {
        let text = self.read(path);
        let found: Vec<_> =
            text.match_indices(after).filter(|(at, _)| *at == 0 || text[..*at].ends_with('\n')).collect();
        let [(at, _)] = found[..] else { panic!("{path} has {} lines that begin with {after:?}", found.len()) };
        let end = at + text[at..].find('\n').unwrap() + 1;
        self.write(path, format!("{}{lines}\n{}", &text[..end], &text[end..]));
    }

    /// Puts a text behind the first place of another one.
    pub fn insert_into(&self, path: &str, after: &str, more: &str) {
        self.replace(path, after, &format!("{after}{more}"));
    }

    pub fn replace(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.write(path, text.replacen(from, to, 1));
    }

    fn cargo(&self, words: &[&str]) -> Output {
        let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
        let mut cargo = Command::new(cargo);
        let [command, rest @ ..] = words else { panic!("no command") };
        cargo.current_dir(&self.root).arg(command).args(["--locked", "--offline", "--color", "never", "--target-dir"]);
        cargo.arg(&self.target).args(rest).env("RUST_BACKTRACE", "0").output().unwrap()
    }

    pub fn build(&self, words: &[&str]) {
        let output = self.cargo(words);
        assert!(output.status.success(), "{words:?}: {}", text(&output));
        assert!(!text(&output).contains("warning: "), "{words:?}: {}", text(&output));
    }

    pub fn passes(&self, words: &[&str]) {
        let output = self.cargo(&[&["test"], words].concat());
        assert!(output.status.success(), "{words:?}: {}", text(&output));
        assert!(!text(&output).contains("SKIPPED"), "{words:?}: {}", text(&output));
    }

    /// What a test that fails says.
    pub fn fails(&self, words: &[&str]) -> String {
        let output = self.cargo(&[&["test"], words].concat());
        assert!(!output.status.success(), "{words:?} should fail: {}", text(&output));
        text(&output)
    }

    /// What a program of the copy prints, or says where it fails.
    pub fn run(&self, program: &str, words: &[&str]) -> Result<String, String> {
        let program = self.target.join("debug").join(program);
        let output = Command::new(program).current_dir(&self.root).args(words).output().unwrap();
        let said = text(&output);
        if output.status.success() { Ok(said) } else { Err(said) }
    }

    pub fn restudy(&self, words: &[&str]) -> String {
        self.run("restudy", words).unwrap_or_else(|said| panic!("{words:?}: {said}"))
    }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Hard links of the files of a folder; those of the workspace, which are compiled again, are left out.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("restudy") || name.starts_with("librestudy") || name.ends_with(".o") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            link(&entry.path(), &to.join(&name))?;
        } else if fs::hard_link(entry.path(), to.join(&name)).is_err() {
            fs::copy(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}
