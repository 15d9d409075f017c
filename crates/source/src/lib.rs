//! Which sources a program was built from: their commit, what was changed since, and a fingerprint. Build script and
//! program share it, so it uses the standard library alone.

use std::{
    fs,
    io::{self, Read},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// What the program is made of, relative to the folder of its sources.
pub const PARTS: [&str; 4] = ["src", "crates", "Cargo.toml", "Cargo.lock"];

/// A fingerprint of all parts in `folder`: names and bytes, sorted by name. It differs between an edited tree and the one
/// that was built; it is no proof against anyone (FNV-1a, 64 bits).
///
/// # Errors
/// A part cannot be read.
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

/// How long `git` may take, altogether, where a user waits for it.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// The commit of the tree, and what has been changed since, if anything was: `git diff --binary HEAD`, a zero byte, and
/// the names of the files that git does not track. Nothing where git is absent, slow, or does not track the tree.
#[must_use]
pub fn state(tree: &Path, patience: Duration) -> Option<(String, Option<Vec<u8>>)> {
    let deadline = Instant::now() + patience;
    let ask = |words: &[&str]| git(tree, words, deadline);
    // A copy inside another repository, ignored there, is not of that repository.
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

/// The commit that brought the parts as they are in `HEAD`: later commits that change nothing of the program leave it the
/// same.
#[must_use]
pub fn brought_by(tree: &Path, patience: Duration) -> Option<String> {
    let log = [&["rev-list", "-1", "HEAD", "--"], &PARTS[..]].concat();
    let commit = String::from_utf8(git(tree, &log, Instant::now() + patience)?).ok()?.trim().to_owned();
    (!commit.is_empty()).then_some(commit)
}

/// By these git is told of another repository than that of the folder it is asked in.
const OTHERS: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
];

/// The output of `git` in `tree`; nothing if it fails or is not done by the deadline.
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
    // A hook of another repository says which one it is of, and where its index is.
    for name in OTHERS {
        command.env_remove(name);
    }
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut output = child.stdout.take()?;
    let (give, take) = mpsc::channel();
    // Ends with the output of the child, which a kill ends too.
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

    /// Commits the tree, and gives what asks git about it; nothing where this machine has no git, which then is said.
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
    fn a_tree_is_dirty_by_what_the_program_is_made_of() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path();
        fill(tree);
        assert_eq!(state(tree, PATIENCE), None, "nothing is known to git");
        if repository(tree).is_none() {
            return;
        }
        let (commit, patch) = state(tree, PATIENCE).unwrap();
        assert_eq!((commit.len(), patch), (40, None));
        fs::write(tree.join("README.md"), "changed").unwrap();
        fs::write(tree.join("result.csv"), "new").unwrap();
        assert_eq!(state(tree, PATIENCE).unwrap().1, None, "not what the program is made of");
        let before = fingerprint(tree).unwrap();
        fs::write(tree.join("src/new.rs"), "new").unwrap();
        let untracked = state(tree, PATIENCE).unwrap().1.unwrap();
        assert_ne!(fingerprint(tree).unwrap(), before);
        fs::write(tree.join("src/lib.rs"), "changed").unwrap();
        assert_ne!(state(tree, PATIENCE).unwrap().1.unwrap(), untracked);
        assert_eq!(state(tree, PATIENCE).unwrap().0, commit);
    }

    #[test]
    fn git_that_is_slow_is_not_waited_for() {
        assert_eq!(git(Path::new("."), &["--version"], Instant::now()), None);
        assert_eq!(git(Path::new("/nowhere/at/all"), &["status"], Instant::now() + PATIENCE), None);
    }
}
