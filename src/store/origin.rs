//! Who computes: program, sources, compiler, machine. For the journal; nothing of it enters a result, and every part may be
//! unknown.
//!
//! The commit is that of the tree **the program was built from**, not that of the specification: the specification is
//! in the identity of every run to the last setting, the program is not. It is asked for while the program runs, since a commit alone is no reason to compile
//! anything again, and given only if the sources there are still those that were compiled (a fingerprint in the program says so);
//! only what the program is made of counts as a change, so that results and notebooks never make a tree dirty. `git` is asked once a process, for at most two seconds;
//! where it is absent, slow or does not know the tree, the commit is unknown, and nothing else is lost.

use std::{
    io::Read,
    path::Path,
    process::{Command, Stdio},
    sync::{OnceLock, mpsc},
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use super::source;
use crate::{digest::Digest, train::Kernel};

/// Who computes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Origin {
    /// The version of this program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// A fingerprint of the sources that it was built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The commit of these sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether they differ from the commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dirty: Option<bool>,
    /// The BLAKE3 digest of how they differ: of `git diff --binary HEAD`, a zero byte, and the names of the files that git does not know,
    /// for `src`, `Cargo.toml` and `Cargo.lock`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<Digest>,
    /// The compiler: what `rustc --version` said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<String>,
    /// The target it compiled for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The instructions that the kernel uses besides those of the target.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// The name of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The number of the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<u32>,
}

/// What takes time to find out, once it has been.
static HERE: OnceLock<Origin> = OnceLock::new();

impl Origin {
    /// This process, training with `kernel`.
    #[must_use]
    pub fn here(kernel: Kernel) -> Self {
        Self::of(kernel).complete()
    }

    /// As [`here`](Self::here), with nothing yet that takes time to find out.
    #[must_use]
    pub fn of(kernel: Kernel) -> Self {
        let features = kernel.features().split(',').filter(|name| !name.is_empty()).map(Into::into).collect();
        Self { features, process: Some(std::process::id()), ..Self::default() }
    }

    /// The same with everything.
    #[must_use]
    pub fn complete(&self) -> Self {
        Self { features: self.features.clone(), ..HERE.get_or_init(Self::find).clone() }
    }

    /// Begins to find out what takes time, beside other work: whoever soon asks for everything need not wait for it.
    pub fn look_ahead() {
        // Where no thread can be had, whoever asks finds out.
        let _ = thread::Builder::new().spawn(|| HERE.get_or_init(Self::find));
    }

    /// Whether the sources are known to differ from their commit: nobody else can have this program from it.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.dirty == Some(true)
    }

    fn find() -> Self {
        let known = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(Into::into);
        let source = known(option_env!("RESTUDY_FINGERPRINT"));
        let tree = Path::new(env!("CARGO_MANIFEST_DIR"));
        let state = if source.is_some() && source::fingerprint(tree).ok() == source { state(tree) } else { None };
        let (commit, patch) = state.map_or((None, None), |(commit, patch)| (Some(commit), patch));
        Self {
            version: Some(env!("CARGO_PKG_VERSION").into()),
            source,
            dirty: commit.as_ref().map(|_| patch.is_some()),
            commit,
            patch,
            toolchain: known(option_env!("RESTUDY_TOOLCHAIN")),
            target: known(option_env!("RESTUDY_TARGET")),
            features: Vec::new(),
            host: host(),
            process: Some(std::process::id()),
        }
    }
}

/// How long `git` may take, altogether.
const PATIENCE: Duration = Duration::from_secs(2);

/// The commit of the tree, and the digest of what has been changed since, if anything was.
fn state(tree: &Path) -> Option<(String, Option<Digest>)> {
    let deadline = Instant::now() + PATIENCE;
    let ask = |words: &[&str]| git(tree, words, deadline);
    let parts = source::PARTS;
    // A copy inside another repository, ignored there, is not of that repository.
    if ask(&["ls-files", "--", "Cargo.toml"])?.is_empty() {
        return None;
    }
    let commit = String::from_utf8(ask(&["rev-parse", "--verify", "HEAD"])?).ok()?.trim().to_owned();
    let diff =
        [&["diff", "--binary", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD", "--"], &parts[..]].concat();
    let others = [&["ls-files", "--others", "--exclude-standard", "--"], &parts[..]].concat();
    let (diff, others) = (ask(&diff)?, ask(&others)?);
    let clean = diff.is_empty() && others.is_empty();
    Some((commit, (!clean).then(|| Digest::of(&[&diff[..], &[0], &others].concat()))))
}

/// What `git` answers about `tree`; nothing if it fails or is not done by the deadline.
fn git(tree: &Path, words: &[&str], deadline: Instant) -> Option<Vec<u8>> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(tree)
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotepath=true"])
        .args(words)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
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

/// The name of the machine, where it can be had without asking another program.
pub(super) fn host() -> Option<String> {
    let system =
        ["/proc/sys/kernel/hostname", "/etc/hostname"].into_iter().find_map(|path| std::fs::read_to_string(path).ok());
    let variable = || ["HOSTNAME", "COMPUTERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let name = system.or_else(variable)?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_dirty_by_what_the_program_is_made_of() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path();
        std::fs::create_dir(tree.join("src")).unwrap();
        for (path, text) in [("Cargo.toml", "a"), ("Cargo.lock", "b"), ("src/lib.rs", "c"), ("README.md", "d")] {
            std::fs::write(tree.join(path), text).unwrap();
        }
        let git = |words: &[&str]| git(tree, words, Instant::now() + Duration::from_secs(60));
        if git(&["init", "-q"]).is_none() {
            return; // no git on this machine: nothing to know
        }
        assert_eq!(state(tree), None, "nothing is known to git");
        git(&["add", "."]).unwrap();
        git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x"]).unwrap();
        let (commit, patch) = state(tree).unwrap();
        assert_eq!((commit.len(), patch), (40, None));
        std::fs::write(tree.join("README.md"), "changed").unwrap();
        std::fs::write(tree.join("result.csv"), "new").unwrap();
        assert_eq!(state(tree).unwrap().1, None, "not what the program is made of");
        let before = source::fingerprint(tree).unwrap();
        std::fs::write(tree.join("src/new.rs"), "new").unwrap();
        let untracked = state(tree).unwrap().1.unwrap();
        assert_ne!(source::fingerprint(tree).unwrap(), before);
        std::fs::write(tree.join("src/lib.rs"), "changed").unwrap();
        assert_ne!(state(tree).unwrap().1.unwrap(), untracked);
        assert_eq!(state(tree).unwrap().0, commit);
    }

    #[test]
    fn git_that_is_slow_is_not_waited_for() {
        assert_eq!(git(Path::new("."), &["--version"], Instant::now()), None);
        assert_eq!(git(Path::new("/nowhere/at/all"), &["status"], Instant::now() + PATIENCE), None);
    }

    #[test]
    fn this_process_is_known_and_read_back() {
        let here = Origin::here(Kernel::best());
        assert_eq!(here.process, Some(std::process::id()));
        assert!(here.toolchain.as_ref().is_some_and(|name| name.starts_with("rustc ")), "{here:?}");
        assert!(here.source.as_ref().is_some_and(|print| print.len() == 16), "{here:?}");
        let text = serde_json::to_string(&here).unwrap();
        assert_eq!(serde_json::from_str::<Origin>(&text).unwrap(), here);
        assert_eq!(serde_json::from_str::<Origin>("{\"later\": 1}").unwrap(), Origin::default());
        assert_eq!(Origin::here(Kernel::Portable).features, Vec::<String>::new());
    }
}
