//! Folders of custom experiments that are defined in a notebook. Only that notebook can continue, recompute and verify
//! them; no command of this program can.

use std::path::Path;

use super::{CliError, Common, open::OpenStudy, remedies, text};
use crate::{
    escape,
    results::{Manifest, owner, reading::Finding},
    run::{Prepared, Task},
    store::{self, Owner, Store, StoreError, index::Briefs},
    sweep::Study,
};

/// The notebook experiment of a folder; none for the folder of a specification, or if the folder names no owner.
pub(super) fn experiment(folder: &Path) -> Option<Owner> {
    // A wrong owner file is a [finding](crate::results::reading::owner_finding); the manifest then names the owner.
    let claimed = || Manifest::read_head(folder).ok().map(|manifest| manifest.owner());
    owner::owner(folder).unwrap_or_else(|_| claimed()).filter(|owner| matches!(owner, Owner::Experiment(_)))
}

/// The runs of a study, by the owner of its folder.
pub(super) fn tasks(folder: &Path, network: &dyn Prepared) -> Vec<Task> {
    owner::tasks(experiment(folder).as_ref(), network)
}

/// The number of stored runs, as `status` counts them; none if the folder cannot be read.
pub(super) fn stored(folder: &Path, common: &Common) -> Option<usize> {
    match OpenStudy::open(folder, common) {
        Ok(opened) => opened.find(false).ok().map(|found| found.runs().len()),
        // Without a specification, all runs in the folder count.
        Err(_) => Briefs::load(folder).ok().map(|briefs| briefs.runs().len()),
    }
}

/// Opens a folder for writing files made from its runs, for its owner.
pub(super) fn open(folder: &Path) -> Result<Store, StoreError> {
    match owner::owner(folder)? {
        Some(owner) => Store::open_for(folder, &owner),
        None => Store::open(folder),
    }
}

/// Refuses a specification whose folder has another owner, as a sweep does.
pub(super) fn require_own(folder: &Path, study: &Study) -> Result<(), CliError> {
    Ok(owner::require(folder, &owner::of(study))?)
}

/// The remedy for a folder: its notebook if it belongs to one, else `command`.
pub(super) fn remedy(folder: &Path, command: impl Into<String>) -> String {
    experiment(folder).map_or_else(|| command.into(), |owner| store::remedy(folder, &owner))
}

/// The first step of a notebook's remedy: the notebook computes in a folder with the name of the study.
pub(super) fn rename(folder: &Path, study: &Study) -> String {
    remedies::renamed(folder, study).map_or_else(String::new, |_| {
        format!("rename the folder to {}, the name of its study, then ", escape::shell_word(&study.name))
    })
}

/// The step needed before a sweep can continue in a folder with findings that stop it; `prove` is the command that
/// checks them.
pub(super) fn refused(prove: &str, findings: &[Finding]) -> Option<String> {
    let wrong: Vec<_> = findings.iter().filter(|found| found.stops).map(|found| found.file.as_str()).collect();
    let first = *wrong.first()?;
    if wrong.contains(&store::OWNER) {
        return Some(format!("repair {} first, as its message says: no sweep continues beside it", store::OWNER));
    }
    if first == MANIFEST {
        return Some(format!(
            "no sweep continues beside {MANIFEST}: restore it (`{prove}` shows what is wrong), or move it away if you trust the stored runs"
        ));
    }
    if first == "segments" {
        let next = "the next sweep refuses to continue, and lists where each is and who computed it";
        return Some(format!("one run has two results: {next}; remove the segment that you do not trust"));
    }
    let others = match wrong.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!(
        "no sweep continues beside {first}{others}: `{prove}` shows whether it or the manifest is right; if the manifest is, rename the segment to a name \
         that does not end in .seg, else restore {MANIFEST}"
    ))
}

const MANIFEST: &str = "manifest.json";

impl OpenStudy {
    /// The notebook experiment of the folder.
    pub(super) fn experiment(&self) -> Option<Owner> {
        experiment(&self.path)
    }

    /// The remedy for missing runs: a step that the findings require, then `verb` (such as `continue with`) and the
    /// command.
    pub(super) fn how(&self, verb: &str, findings: &[Finding]) -> String {
        if let Some(owner) = self.experiment() {
            return format!("{}{}", rename(&self.path, &self.study), store::remedy(&self.path, &owner));
        }
        let first = self.refused(findings).map_or_else(String::new, |first| format!("{first}; then "));
        format!("{first}{verb} `{}`{}", self.sweep(), remedies::rename_note(&self.path, &self.study))
    }

    /// The command or notebook that continues the study.
    pub(super) fn continuation(&self) -> String {
        self.experiment().map_or_else(
            || self.sweep(),
            |owner| format!("{}{}", rename(&self.path, &self.study), store::remedy(&self.path, &owner)),
        )
    }

    /// The step needed before a sweep can continue in the folder with these findings.
    pub(super) fn refused(&self, findings: &[Finding]) -> Option<String> {
        refused(&self.prove(), findings)
    }

    /// Prints that the folder belongs to a notebook experiment, and that a sweep of the network is refused.
    pub(super) fn say_experiment(&self) {
        let Some(owner) = self.experiment() else { return };
        text::say(format!("  of        {owner}, of a notebook: not runs of the network"));
        if let Some(file) = &self.specification {
            text::say(format!(
                "  REFUSED   `restudy sweep {}`: the folder does not belong to the network",
                escape::shell_path(file)
            ));
        }
    }

    /// Adds experiment and notebook to the JSON of a folder.
    pub(super) fn add_experiment(&self, object: &mut serde_json::Value) {
        if let Some(owner) = self.experiment() {
            object["experiment"] = owner.title().into();
            object["notebook"] = store::notebook(&self.path).into();
        }
    }

    /// The command that verifies the folder.
    pub(super) fn prove(&self) -> String {
        if self.experiment().is_none() {
            return format!("{} verify {}", remedies::program(&self.study), escape::shell_path(&self.path));
        }
        match store::notebook(&self.path) {
            Some(notebook) => format!("restudy notebook check {}", escape::shell_word(&notebook)),
            None => "`restudy notebook check` on the notebook that defines the experiment".into(),
        }
    }
}
