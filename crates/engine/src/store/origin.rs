//! Who computes: program, sources, compiler, machine. Only the journal has it; no result depends on it, and every part
//! may be unknown.
//!
//! The commit is that of the tree **the program was built from**, not that of the specification: the identity of every
//! run covers all settings, but not the program. The build script writes the commit into the program, and it stays the
//! commit of this program, whatever is committed later: a program that named the newest commit would name another one
//! after every edit of a text. Only if the build found no commit of exactly these sources, because they were changed or
//! git was missing, git is called once more at run time: if the sources are still those that were compiled (by a
//! fingerprint in the program) and have been committed meanwhile, the commit that introduced them counts. So a program
//! built from changed sources stays dirty after these are gone, until the same sources are committed. Edits during a
//! build are not detected.
//!
//! Only the sources of the program count as changes, so results and notebooks never make a tree dirty. `git` is called
//! once a process, for at most two seconds; if it is missing, slow or does not know the tree, now and at the build, the
//! commit is unknown, and nothing else is lost.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
};

use restudy_source as source;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// The SIMD instructions that runs are computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instructions {
    /// The name of the set.
    pub name: &'static str,
    /// The instructions beyond those of the target, separated by commas.
    pub features: &'static str,
}

impl Instructions {
    /// Only the instructions of the target.
    pub const NONE: Self = Self { name: "portable", features: "" };
}

/// The build information of a program, from its build script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Program {
    /// The version of the program.
    pub version: Option<String>,
    /// The folder of its sources.
    pub tree: PathBuf,
    /// The fingerprint of the sources.
    pub source: Option<String>,
    /// The commit of the sources, and the digest of the changes since.
    pub commit: Option<(String, Option<Digest>)>,
    /// The output of `rustc --version`.
    pub toolchain: Option<String>,
    /// The target of the compiler.
    pub target: Option<String>,
}

static PROGRAM: OnceLock<Program> = OnceLock::new();

impl Program {
    /// Registers this as the running program. Call once, before anything is computed.
    pub fn runs(self) {
        let _ = PROGRAM.set(self);
    }
}

/// The program, sources, compiler, machine and process of a computation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Origin {
    /// The version of the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The fingerprint of its sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The commit of the sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether the sources differ from the commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dirty: Option<bool>,
    /// The BLAKE3 digest of the difference: of `git diff --binary HEAD`, a zero byte, and the names of untracked files,
    /// for `src`, `crates`, `Cargo.toml` and `Cargo.lock`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<Digest>,
    /// The output of `rustc --version`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<String>,
    /// The target of the compiler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The SIMD instructions beyond those of the target.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// The host name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The process identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<u32>,
}

/// The parts that take time to determine, cached.
static HERE: OnceLock<Origin> = OnceLock::new();

impl Origin {
    /// Returns the complete origin of this process with these instructions.
    #[must_use]
    pub fn here(instructions: Instructions) -> Self {
        Self::of(instructions).complete()
    }

    /// As [`here`](Self::here), without the parts that take time to determine.
    #[must_use]
    pub fn of(instructions: Instructions) -> Self {
        let features = instructions.features.split(',').filter(|name| !name.is_empty()).map(Into::into).collect();
        Self { features, process: Some(std::process::id()), ..Self::default() }
    }

    /// Fills in the parts that take time to determine.
    #[must_use]
    pub fn complete(&self) -> Self {
        Self { features: self.features.clone(), ..HERE.get_or_init(Self::find).clone() }
    }

    /// Starts to determine the slow parts in the background.
    pub fn look_ahead() {
        // Without a thread, the first call of `complete` does it.
        let _ = thread::Builder::new().spawn(|| HERE.get_or_init(Self::find));
    }

    /// Whether the sources are known to differ from their commit, so that others cannot rebuild this program from it.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.dirty == Some(true)
    }

    fn find() -> Self {
        let program = PROGRAM.get().cloned().unwrap_or_default();
        let state = state(&program.tree, program.source.as_deref(), program.commit);
        let (commit, patch) = state.map_or((None, None), |(commit, patch)| (Some(commit), patch));
        Self {
            version: program.version,
            source: program.source,
            dirty: commit.as_ref().map(|_| patch.is_some()),
            commit,
            patch,
            toolchain: program.toolchain,
            target: program.target,
            features: Vec::new(),
            host: host(),
            process: Some(std::process::id()),
        }
    }
}

/// The commit of the sources, and the digest of the changes since: as `built`, if that was a clean commit; otherwise of
/// the sources in `tree` now, if their fingerprint is still `source`; otherwise as `built`.
fn state(
    tree: &Path,
    source: Option<&str>,
    built: Option<(String, Option<Digest>)>,
) -> Option<(String, Option<Digest>)> {
    if matches!(built, Some((_, None))) {
        return built;
    }
    let same = source.is_some() && source::fingerprint(tree).ok().as_deref() == source;
    let now = if same { source::state(tree, source::PATIENCE) } else { None };
    let now = now.and_then(|(commit, patch)| match patch {
        Some(patch) => Some((commit, Some(Digest::of(&patch)))),
        // Not the newest commit, which may have changed other files only.
        None => Some((source::brought_by(tree, source::PATIENCE)?, None)),
    });
    now.or(built)
}

/// The host name, if it can be read without starting another program.
pub(super) fn host() -> Option<String> {
    let system =
        ["/proc/sys/kernel/hostname", "/etc/hostname"].into_iter().find_map(|path| std::fs::read_to_string(path).ok());
    let variable = || ["HOSTNAME", "COMPUTERNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    let name = system.or_else(variable)?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        time::{Duration, Instant},
    };

    use super::*;

    #[test]
    fn the_state_at_the_build_counts_if_the_sources_are_gone() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path();
        let git = |words: &[&str]| source::git(tree, words, Instant::now() + Duration::from_secs(60));
        std::fs::create_dir(tree.join("src")).unwrap();
        for file in ["Cargo.toml", "README.md", "src/lib.rs"] {
            std::fs::write(tree.join(file), file).unwrap();
        }
        if git(&["init", "-q"]).is_none() {
            let _ = io::Write::write_all(&mut io::stderr(), b"NOT TESTED: this machine has no git\n");
            return;
        }
        git(&["add", "."]).unwrap();
        git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x"]).unwrap();
        let source = source::fingerprint(tree).unwrap();
        let built = Some(("a".repeat(40), Some(Digest([7; 32]))));
        let now = state(tree, Some(&source), built.clone());
        let (commit, patch) = now.clone().unwrap();
        assert!(commit != "a".repeat(40) && patch.is_none(), "exactly these sources have been committed: {now:?}");
        // Later commits of other files change nothing.
        std::fs::write(tree.join("README.md"), "changed").unwrap();
        git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "y"]).unwrap();
        assert_ne!(source::state(tree, source::PATIENCE).unwrap().0, commit, "the newest commit is another one");
        assert_eq!([built.clone(), None].map(|built| state(tree, Some(&source), built)), [now.clone(), now]);
        let clean = Some(("b".repeat(40), None));
        assert_eq!(state(tree, Some(&source), clean.clone()), clean);
        std::fs::write(tree.join("src/lib.rs"), "changed").unwrap();
        assert_eq!(state(tree, Some(&source), built.clone()), built, "other sources do not describe this program");
        let changed = source::fingerprint(tree).unwrap();
        let patch = state(tree, Some(&changed), None).unwrap().1;
        assert_eq!(patch, Some(Digest::of(&source::state(tree, source::PATIENCE).unwrap().1.unwrap())));
        git(&["checkout", "-q", "--", "."]).unwrap();
        assert_eq!(state(tree, Some(&changed), built.clone()), built);
        assert_eq!(state(&tree.join("nowhere"), Some(&source), built.clone()), built);
        assert_eq!(state(tree, None, None), None);
    }
}
