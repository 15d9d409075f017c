//! Who computes: program, sources, compiler, machine. For the journal; nothing of it enters a result, and every part may be
//! unknown.
//!
//! The commit is that of the tree **the program was built from**, not that of the specification: the specification is
//! in the identity of every run to the last setting, the program is not. The build script writes it into the program. It stays the commit of this program
//! as long as there is one, whatever is committed later: a program that named the newest commit would name another one after every edit of a text.
//! Only where the build knew no commit of these very sources, since they were changed or git was not there, git is asked once more while the program
//! runs: if the sources there are still those that were compiled (a fingerprint in the program says so) and have been committed meanwhile, the commit
//! that brought them is the one. So a program built from changed sources stays dirty after these are
//! gone, until the very same sources are committed. What is edited while a build is under way is not seen.
//! Only what the program is made of counts as a change, so that results and notebooks never make a tree dirty. `git` is asked once a process, for at most two seconds;
//! where it is absent, slow or does not know the tree, now and at the build, the commit is unknown, and nothing else is lost.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
};

use restudy_source as source;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// The instructions that runs are computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instructions {
    /// What they are called.
    pub name: &'static str,
    /// Those that are used besides those of the target, separated by commas.
    pub features: &'static str,
}

impl Instructions {
    /// Those of the target alone.
    pub const NONE: Self = Self { name: "portable", features: "" };
}

/// What a program knows of its own making, from its build script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Program {
    /// Its version.
    pub version: Option<String>,
    /// The folder of its sources.
    pub tree: PathBuf,
    /// Their fingerprint.
    pub source: Option<String>,
    /// Their commit, and the digest of what was changed since.
    pub commit: Option<(String, Option<Digest>)>,
    /// The compiler: what `rustc --version` said.
    pub toolchain: Option<String>,
    /// The target it was compiled for.
    pub target: Option<String>,
}

static PROGRAM: OnceLock<Program> = OnceLock::new();

impl Program {
    /// This is the program that runs: once, before anything is computed.
    pub fn runs(self) {
        let _ = PROGRAM.set(self);
    }
}

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
    /// for `src`, `crates`, `Cargo.toml` and `Cargo.lock`.
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
    /// This process, computing with these instructions.
    #[must_use]
    pub fn here(instructions: Instructions) -> Self {
        Self::of(instructions).complete()
    }

    /// As [`here`](Self::here), with nothing yet that takes time to find out.
    #[must_use]
    pub fn of(instructions: Instructions) -> Self {
        let features = instructions.features.split(',').filter(|name| !name.is_empty()).map(Into::into).collect();
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

/// The commit, and the digest of what was changed since: as they were `built`, if that was a commit without changes; otherwise of the sources as they are
/// in `tree` now if their fingerprint is still `source`, or else as they were `built`.
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
        // Not the newest commit, which may be of something else: this one stays the same.
        None => Some((source::brought_by(tree, source::PATIENCE)?, None)),
    });
    now.or(built)
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
    use std::{
        io,
        time::{Duration, Instant},
    };

    use super::*;

    #[test]
    fn what_was_built_counts_where_its_sources_are_gone() {
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
        assert!(commit != "a".repeat(40) && patch.is_none(), "the very sources have been committed: {now:?}");
        // What is committed later names no program anew.
        std::fs::write(tree.join("README.md"), "changed").unwrap();
        git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "y"]).unwrap();
        assert_ne!(source::state(tree, source::PATIENCE).unwrap().0, commit, "the newest commit is another one");
        assert_eq!([built.clone(), None].map(|built| state(tree, Some(&source), built)), [now.clone(), now]);
        let clean = Some(("b".repeat(40), None));
        assert_eq!(state(tree, Some(&source), clean.clone()), clean);
        std::fs::write(tree.join("src/lib.rs"), "changed").unwrap();
        assert_eq!(state(tree, Some(&source), built.clone()), built, "other sources say nothing of this program");
        let changed = source::fingerprint(tree).unwrap();
        let patch = state(tree, Some(&changed), None).unwrap().1;
        assert_eq!(patch, Some(Digest::of(&source::state(tree, source::PATIENCE).unwrap().1.unwrap())));
        git(&["checkout", "-q", "--", "."]).unwrap();
        assert_eq!(state(tree, Some(&changed), built.clone()), built);
        assert_eq!(state(&tree.join("nowhere"), Some(&source), built.clone()), built);
        assert_eq!(state(tree, None, None), None);
    }
}
