//! Folders of experiments of a reader's own: only their notebook has these, so that it is what goes on with them, computes them again
//! and proves them, and no command of this program.

use std::path::Path;

use super::{CliError, Common, look::Look, text};
use crate::{
    escape,
    results::{Manifest, owner},
    run::{Network, Task},
    store::{self, Owner, Store, StoreError, index::Briefs},
};

/// The experiment that a folder is for; none if that is the network, or if it does not say.
pub(super) fn experiment(folder: &Path) -> Option<Owner> {
    // What it says wrong is a [finding](crate::results::reading::purpose); then the manifest is what there is to look at.
    let claimed = || Manifest::read_head(folder).ok().map(|manifest| Owner::of(manifest.experiment.as_deref()));
    owner::owner(folder).unwrap_or_else(|_| claimed()).filter(|owner| *owner != Owner::Network)
}

/// The runs of a study as its folder has them.
pub(super) fn tasks(folder: &Path, network: &Network<'_>) -> Vec<Task> {
    owner::tasks(experiment(folder).as_ref(), network)
}

/// How many runs of its study a folder holds, as `status` counts them; nothing where that cannot be told.
pub(super) fn stored(folder: &Path, common: &Common) -> Option<usize> {
    match Look::at(folder, common) {
        Ok(look) => look.find(false).ok().map(|found| found.runs().len()),
        // Without a specification, everything that is here is all there is to say.
        Err(_) => Briefs::load(folder).ok().map(|briefs| briefs.runs().len()),
    }
}

/// Opens a folder for writing what is made of its runs, which are whose they are.
pub(super) fn open(folder: &Path) -> Result<Store, StoreError> {
    match owner::owner(folder)? {
        Some(owner) => Store::open_for(folder, &owner),
        None => Store::open(folder),
    }
}

/// Refuses a specification of the network whose folder is for an experiment: a sweep of it would be refused.
pub(super) fn require_network(folder: &Path) -> Result<(), CliError> {
    Ok(owner::require(folder, &Owner::Network)?)
}

/// What to do with a folder: by its notebook if it is for an experiment, else as `command` says.
pub(super) fn by(folder: &Path, command: impl Into<String>) -> String {
    experiment(folder).map_or_else(|| command.into(), |owner| store::remedy(folder, &owner))
}

impl Look {
    /// The experiment that the folder is for.
    pub(super) fn experiment(&self) -> Option<Owner> {
        experiment(&self.path)
    }

    /// How what is missing is computed, after `verb`: `go on with` or `compute them with`.
    pub(super) fn how(&self, verb: &str) -> String {
        by(&self.path, format!("{verb} `{}`", self.sweep()))
    }

    /// The same in a sentence about the command, before `verb`: `computes them again`.
    pub(super) fn how_else(&self, verb: &str) -> String {
        by(&self.path, format!("`{}` {verb}", self.sweep()))
    }

    /// The same as a line of its own.
    pub(super) fn go_on(&self) -> String {
        self.experiment().map_or_else(|| self.sweep(), |owner| store::remedy(&self.path, &owner))
    }

    /// Says that the runs are those of an experiment, and what that means for a specification of the network.
    pub(super) fn say_experiment(&self) {
        let Some(owner) = self.experiment() else { return };
        text::say(format!("  of        {owner}, of a notebook: these are no runs of the network"));
        if let Some(file) = &self.specification {
            text::say(format!(
                "  REFUSED   `restudy sweep {}`: the folder is not for the network",
                escape::shell_path(file)
            ));
        }
    }

    /// Adds to what a program is told of a folder whose experiment it is.
    pub(super) fn tell_experiment(&self, told: &mut serde_json::Value) {
        if let Some(owner) = self.experiment() {
            told["experiment"] = owner.title().into();
            told["notebook"] = store::notebook(&self.path).into();
        }
    }

    /// How what is here is proven, as a line of its own.
    pub(super) fn prove(&self) -> String {
        if self.experiment().is_none() {
            return format!("restudy verify {}", escape::shell_path(&self.path));
        }
        match store::notebook(&self.path) {
            Some(notebook) => format!("restudy notebook check {}", escape::shell_word(&notebook)),
            None => "`restudy notebook check` on its notebook, which alone has the experiment".into(),
        }
    }
}
