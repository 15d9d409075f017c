//! The sources that a program was built from: their commit, the changes since, and a fingerprint. The build script and
//! the program share this crate, so it uses only the standard library.

use std::{
    fs,
    io::{self, Read},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// The sources of the program, relative to their folder.
pub const PARTS: [&str; 4] = ["src", "crates", "Cargo.toml", "Cargo.lock"];

/// Computes a fingerprint of all sources in `folder`: names and bytes, sorted by name. It detects edits since the
/// build, but no deliberate forgery (FNV-1a, 64 bits).
///
/// # Errors
/// A source cannot be read.
pub fn fingerprint(folder: &Path) -> io::Result<String> {
    let mut state = 0xcbf2_9ce4_8422_2325;
    for part in PARTS {
        take_in(&folder.join(part), part, &mut state)?;
    }
    Ok(format!("{state:016x}"))
}

fn take_in(path: &Path, name: &str, state: &mut u64) -> io::Result<()> {
    if path.is_dir() {
        let mut inside: Vec<_> = fs::read_dir(path)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<_>>()?;
        inside.sort();
        return inside.iter().try_for_each(|name| take_in(&path.join(name), name, state));
    }
    // Tests rewrite their snapshots; a published package has no crates in it, and may have no lock file.
    if name.contains(".snap") || (PARTS[1..].contains(&name) && !path.exists()) {
        return Ok(());
    }
    let mut take = |bytes: &[u8]| {
        for &byte in bytes {
            *state = (*state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    take(name.as_bytes());
    take(&fs::read(path)?);
    Ok(())
}

/// The time limit for all calls of `git` while a user waits.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// Returns the commit of the tree, and the changes since, if there are any: `git diff --binary HEAD`, a zero byte, and
/// the names of untracked files. `None` if git is missing, slow, or does not track the tree.
#[must_use]
pub fn state(tree: &Path, patience: Duration) -> Option<(String, Option<Vec<u8>>)> {
    let deadline = Instant::now() + patience;
    let ask = |words: &[&str]| git(tree, words, deadline);
    // A copy inside another repository that ignores it is not part of that repository.
    if ask(&["ls-files", "--", "Cargo.toml"])?.is_empty() {
        return None;
    }
    let commit = String::from_utf8(ask(&["rev-parse", "--verify", "HEAD"])?).ok()?.trim().to_owned();
    let diff =
        [&["diff", "--binary", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD", "--"], &PARTS[..]].concat();
    let others = [&["ls-files", "--others", "--exclude-standard", "--"], &PARTS[..]].concat();
    let (diff, others) = (ask(&diff)?, ask(&others)?);
    let clean = diff.is_empty() && others.is_empty();
    Some((commit, (!clean).then(|| [&diff[..], &[0], &others].concat())))
}

/// Returns the commit that introduced the current sources: later commits of other files do not count.
#[must_use]
pub fn brought_by(tree: &Path, patience: Duration) -> Option<String> {
    let log = [&["rev-list", "-1", "HEAD", "--"], &PARTS[..]].concat();
    let commit = String::from_utf8(git(tree, &log, Instant::now() + patience)?).ok()?.trim().to_owned();
    (!commit.is_empty()).then_some(commit)
}

/// Environment variables that point git to another repository.
const GIT_VARIABLES: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
];

/// Returns the output of `git` in `tree`; `None` if it fails or exceeds the deadline.
#[must_use]
pub fn git(tree: &Path, words: &[&str], deadline: Instant) -> Option<Vec<u8>> {
    if deadline <= Instant::now() {
        return None;
    }
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(tree)
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotepath=true"])
        .args(words)
        .env("GIT_OPTIONAL_LOCKS", "0");
    // A hook of another repository sets these.
    for name in GIT_VARIABLES {
        command.env_remove(name);
    }
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut output = child.stdout.take()?;
    let (give, take) = mpsc::channel();
    // Ends with the output of the child, at the latest when it is killed.
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.read_to_end(&mut bytes);
        give.send(read.map(|_| bytes))
    });
    let answer = take.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    if answer.is_err() {
        let _ = child.kill();
    }
    let succeeded = child.wait().is_ok_and(|status| status.success());
    answer.ok()?.ok().filter(|_| succeeded)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a tree of sources.
    fn fill(tree: &Path) {
        fs::create_dir(tree.join("src")).unwrap();
        fs::create_dir(tree.join("crates")).unwrap();
        let files =
            [("Cargo.toml", "a"), ("Cargo.lock", "b"), ("src/lib.rs", "c"), ("README.md", "d"), ("crates/e.rs", "e")];
        for (path, text) in files {
            fs::write(tree.join(path), text).unwrap();
        }
    }

    /// Commits the tree, and returns a function that calls git in it; `None`, with a note, without git.
    fn repository(tree: &Path) -> Option<impl Fn(&[&str]) -> Option<Vec<u8>>> {
        let git = move |words: &[&str]| git(tree, words, Instant::now() + Duration::from_secs(60));
        if git(&["init", "-q"]).is_none() {
            let _ = io::Write::write_all(&mut io::stderr(), b"NOT TESTED: this machine has no git\n");
            return None;
        }
        git(&["add", "."]).unwrap();
        git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x"]).unwrap();
        Some(git)
    }

    #[test]
    fn only_sources_of_the_program_make_a_tree_dirty() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path();
        fill(tree);
        assert_eq!(state(tree, PATIENCE), None, "the tree is no repository");
        if repository(tree).is_none() {
            return;
        }
        let (commit, patch) = state(tree, PATIENCE).unwrap();
        assert_eq!((commit.len(), patch), (40, None));
        fs::write(tree.join("README.md"), "changed").unwrap();
        fs::write(tree.join("result.csv"), "new").unwrap();
        assert_eq!(state(tree, PATIENCE).unwrap().1, None, "these are no sources");
        let before = fingerprint(tree).unwrap();
        fs::write(tree.join("src/new.rs"), "new").unwrap();
        let untracked = state(tree, PATIENCE).unwrap().1.unwrap();
        assert_ne!(fingerprint(tree).unwrap(), before);
        fs::write(tree.join("src/lib.rs"), "changed").unwrap();
        assert_ne!(state(tree, PATIENCE).unwrap().1.unwrap(), untracked);
        assert_eq!(state(tree, PATIENCE).unwrap().0, commit);
    }

    #[test]
    fn git_stops_at_the_deadline() {
        assert_eq!(git(Path::new("."), &["--version"], Instant::now()), None);
        assert_eq!(git(Path::new("/nowhere/at/all"), &["status"], Instant::now() + PATIENCE), None);
    }
}
