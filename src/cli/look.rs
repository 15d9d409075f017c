use std::path::{Path, PathBuf};

use super::{CliError, Common, text};
use crate::{
    results::{Manifest, ManifestError},
    run::{Network, Task},
    store::index::{Brief, Briefs},
    sweep::{self, Study},
    train::Kernel,
};

/// A results folder to look at, whether or not a sweep has finished there. Nothing in it is proven, and little of it is read.
pub(super) struct Look {
    pub(super) path: PathBuf,
    pub(super) study: Study,
    /// The manifest without its runs, if a sweep has finished.
    pub(super) manifest: Option<Manifest>,
}

/// The runs of a study that are in its folder.
pub(super) struct Found {
    /// Every run of the study, by trial, then seed in the order of the study.
    pub(super) tasks: Vec<Task>,
    /// What is there of each of them.
    briefs: Briefs,
}

impl Look {
    /// Looks at the folder `path`, or at that of the specification `path`.
    pub(super) fn at(path: &Path, common: &Common) -> Result<Self, CliError> {
        let help = "give the folder of one study, such as results/hidden, or its specification";
        if path.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            let study = sweep::load(path, &[])?;
            let path = common.results.join(&study.name);
            let manifest = head(&path)?;
            return Ok(Self { path, study, manifest });
        }
        if path.is_file() {
            return Err(CliError::usage(format!("{} is a file, not a results folder", path.display()), help));
        }
        if !path.exists() {
            return Err(CliError::usage(format!("there is no folder {}", path.display()), help));
        }
        let manifest = head(path)?;
        let file = path.join("study.toml");
        // A sweep writes its specification first, and its manifest last.
        let name = match &manifest {
            Some(manifest) => manifest.study.clone(),
            None if file.exists() => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            None if path.join("segments").is_dir() => {
                return Err(CliError::usage(
                    format!("the sweep in {} was cut off: there is no report yet", path.display()),
                    "name its specification instead of the folder, or go on with `restudy sweep` on it",
                ));
            }
            None => return Err(ManifestError::Missing { folder: path.display().to_string() }.into()),
        };
        let study = sweep::parse(&name, &file, &sweep::read_kept(&file)?, &[])?;
        Ok(Self { path: path.into(), study, manifest })
    }

    /// Looks for the runs of the study.
    pub(super) fn find(&self) -> Result<Found, CliError> {
        let (tasks, briefs) = rayon::join(
            || Network::new(&self.study, Kernel::best()).map(|network| network.tasks()),
            || Briefs::load(&self.path),
        );
        Ok(Found { tasks: tasks?, briefs: briefs? })
    }

    /// The command that computes what is missing.
    pub(super) fn sweep(&self) -> String {
        let results = self.path.parent().filter(|parent| *parent != Path::new("results"));
        let results = results
            .map_or_else(String::new, |parent| format!(" --results {}", text::quoted(&parent.display().to_string())));
        format!("restudy sweep {}{results}", text::quoted(&format!("{}.toml", self.study.name)))
    }
}

fn head(folder: &Path) -> Result<Option<Manifest>, CliError> {
    match Manifest::read_head(folder) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(ManifestError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl Found {
    /// The runs that are there, by trial, then seed.
    pub(super) fn runs(&self) -> Vec<(&Task, &Brief)> {
        let found = self.tasks.iter().filter_map(|task| Some((task, self.briefs.get(&task.id)?)));
        let mut runs: Vec<_> = found.collect();
        runs.sort_by_key(|(task, _)| (task.trial, task.seed));
        runs
    }

    /// How many runs of each trial are missing, by trial; trials that are complete are left out.
    pub(super) fn missing(&self) -> Vec<(usize, usize)> {
        let mut missing: Vec<(usize, usize)> = Vec::new();
        for task in self.tasks.iter().filter(|task| self.briefs.get(&task.id).is_none()) {
            match missing.last_mut() {
                Some((trial, runs)) if *trial == task.trial => *runs += 1,
                _ => missing.push((task.trial, 1)),
            }
        }
        missing
    }

    /// Tells of segments that could not be read.
    pub(super) fn warn(&self) {
        for damage in &self.briefs.damage {
            text::warn(format!("{}: {}", damage.file.display(), damage.reason));
        }
    }
}
