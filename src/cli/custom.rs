//! Folders of experiments of a reader's own: only their notebook has these, so that it is what goes on with them, computes them again
//! and proves them, and no command of this program.

use std::path::Path;

use super::{CliError, Common, open::Look, remedies, text};
use crate::{
    escape,
    results::{Manifest, owner, reading::Finding},
    run::{Prepared, Task},
    store::{self, Owner, Store, StoreError, index::Briefs},
    sweep::Study,
};

/// The experiment of a notebook that a folder is for; none if it is for what a specification names, or if it does not say.
pub(super) fn experiment(folder: &Path) -> Option<Owner> {
    // What it says wrong is a [finding](crate::results::reading::purpose); then the manifest is what there is to look at.
    let claimed = || Manifest::read_head(folder).ok().map(|manifest| manifest.owner());
    owner::owner(folder).unwrap_or_else(|_| claimed()).filter(|owner| matches!(owner, Owner::Experiment(_)))
}

/// The runs of a study as its folder has them.
pub(super) fn tasks(folder: &Path, network: &dyn Prepared) -> Vec<Task> {
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

/// Refuses a specification whose folder is for something else: a sweep of it would be refused.
pub(super) fn require_own(folder: &Path, study: &Study) -> Result<(), CliError> {
    Ok(owner::require(folder, &owner::of(study))?)
}

/// What to do with a folder: by its notebook if it is for an experiment, else as `command` says.
pub(super) fn by(folder: &Path, command: impl Into<String>) -> String {
    experiment(folder).map_or_else(|| command.into(), |owner| store::remedy(folder, &owner))
}

/// What comes before the remedy of an experiment, whose notebook computes in a folder with the name of the study.
pub(super) fn rename(folder: &Path, study: &Study) -> String {
    remedies::renamed(folder, study).map_or_else(String::new, |_| {
        format!("name the folder {} again, as its study is called, then ", escape::shell_word(&study.name))
    })
}

/// What is to be done before a sweep goes on in a folder, where it refuses to beside what was found; `prove` is the command that says what is right.
pub(super) fn refused(prove: &str, findings: &[Finding]) -> Option<String> {
    let wrong: Vec<_> = findings.iter().filter(|found| found.stops).map(|found| found.file.as_str()).collect();
    let first = *wrong.first()?;
    if wrong.contains(&store::OWNER) {
        return Some(format!("mend {} first, as is said of it, since no sweep goes on beside it", store::OWNER));
    }
    if first == MANIFEST {
        return Some(format!(
            "no sweep goes on beside {MANIFEST}: restore it; `{prove}` says what in it is wrong; or, if the stored runs are what you trust, move it away"
        ));
    }
    if first == "segments" {
        let says = "the next sweep refuses to go on, and says where each is and who computed it";
        return Some(format!("one run has two results: {says}; remove the segment that you do not trust"));
    }
    let others = match wrong.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more like it"),
    };
    Some(format!(
        "no sweep goes on beside {first}{others}: `{prove}` says whether that or the manifest is right; if the manifest is, set the segment aside under a name \
         that does not end in .seg, else restore {MANIFEST}"
    ))
}

/// The manifest, by its path in its folder.
const MANIFEST: &str = "manifest.json";

impl Look {
    /// The experiment that the folder is for.
    pub(super) fn experiment(&self) -> Option<Owner> {
        experiment(&self.path)
    }

    /// How what is missing is computed, after `verb`: `go on with` or `compute them with`; first, what a sweep refuses beside these findings.
    pub(super) fn how(&self, verb: &str, findings: &[Finding]) -> String {
        if let Some(owner) = self.experiment() {
            return format!("{}{}", rename(&self.path, &self.study), store::remedy(&self.path, &owner));
        }
        let first = self.refused(findings).map_or_else(String::new, |first| format!("{first}; then "));
        format!("{first}{verb} `{}`{}", self.sweep(), remedies::calls(&self.path, &self.study))
    }

    /// The same as a line of its own.
    pub(super) fn go_on(&self) -> String {
        self.experiment().map_or_else(
            || self.sweep(),
            |owner| format!("{}{}", rename(&self.path, &self.study), store::remedy(&self.path, &owner)),
        )
    }

    /// What is to be done before a sweep goes on in the folder, where it refuses to beside what was found.
    pub(super) fn refused(&self, findings: &[Finding]) -> Option<String> {
        refused(&self.prove(), findings)
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
            return format!("{} verify {}", remedies::program(&self.study), escape::shell_path(&self.path));
        }
        match store::notebook(&self.path) {
            Some(notebook) => format!("restudy notebook check {}", escape::shell_word(&notebook)),
            None => "`restudy notebook check` on its notebook, which alone has the experiment".into(),
        }
    }
}
