//! Verification: computes runs again in the notebook, and compares them with the store.

use restudy::{
    digest::Digest,
    results::{self, ChosenBy, ComparedWith, Extent, Manifest, Verification, verify},
    run::NetworkExperiment,
    train::Simd,
};

use super::StudyResults;
use crate::{
    cards::{Card, count},
    cell, custom,
    error::{Error, Result},
    live::Live,
    own::Practice,
    show::{Bundle, Show},
};

/// The result of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Whether all results equal the claimed ones.
    pub proven: bool,
    /// The number of runs that were computed again.
    pub computed: usize,
    /// The number of runs of the study.
    pub runs: usize,
    /// The number of failed runs; their failure is what is proven.
    pub failed: usize,
    /// The differences from the claimed results.
    pub differences: Vec<String>,
    /// Files that could not be read, and comparisons that were not possible.
    pub notes: Vec<String>,
    /// The root in the manifest.
    pub root: Digest,
    name: String,
    /// What a verification does to a run: "trained" or "computed".
    done: &'static str,
}

impl StudyResults {
    /// Computes every run and every file again, and compares them bit by bit with the store, as `restudy verify` does.
    ///
    /// # Errors
    /// The store is missing, or the verification was interrupted.
    pub fn prove(&self) -> Result<Verified> {
        self.verify(None)
    }

    /// Computes some runs again and compares them, and compares every file with its digest. The root of the study
    /// chooses the runs.
    ///
    /// # Errors
    /// The store is missing, or the verification was interrupted.
    pub fn prove_some(&self, runs: usize) -> Result<Verified> {
        self.verify(Some(runs.clamp(1, self.tasks.len())))
    }

    fn verify(&self, sample: Option<usize>) -> Result<Verified> {
        if self.partial {
            return Err(Error::new("these are only some seeds of the study", "prove the answers that `sweep` gave"));
        }
        let manifest = Manifest::read(&self.folder)?;
        custom::require_current(&self.study)?;
        let live = Live::new(&self.study.name);
        let of = (self.folder.as_path(), &manifest);
        let events = |event: restudy::run::Event<'_>| live.event(event);
        let extent = sample
            .map_or(Extent::Whole(None), |runs| Extent::Sample(results::Sample { runs, word: None, files: false }));
        let proof = cell::interruptible(|stop| match &self.own {
            None => {
                let prepared = custom::prepared(&self.study)?;
                Ok(verify(&*prepared, &*prepared, &self.tasks, of, &extent, &events, stop)?)
            }
            Some(own) => {
                let network = NetworkExperiment::new(&self.study, Simd::best())?;
                let practice = Practice { network: &network, own };
                Ok::<_, Error>(verify(&network, &practice, &self.tasks, of, &extent, &events, stop)?)
            }
        });
        let chosen = sample.unwrap_or(self.tasks.len());
        let done = if self.study.kind.is_default() { "trained" } else { "computed" };
        live.finish(&format!("{}: {chosen} of {} {done} again", self.study.name, count(self.tasks.len(), "run")));
        let results::VerifyOutcome::Complete(proof) = proof? else {
            return Err(Error::new("interrupted: nothing is proven", "run the cell again"));
        };
        let notes = notes(&proof);
        let Verification { differences, computed, .. } = *proof;
        Ok(Verified {
            proven: differences.is_empty(),
            computed,
            runs: self.tasks.len(),
            failed: self.failed(),
            differences: differences.iter().map(ToString::to_string).collect(),
            notes,
            root: manifest.root,
            name: self.study.name.clone(),
            done,
        })
    }
}

/// The limits of the verdict.
fn notes(proof: &Verification) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(version) = &proof.rendered_by {
        notes.push(format!(
            "report and figures were rendered by restudy {version}, and held against the manifest alone"
        ));
    } else if proof.compared_with == ComparedWith::Manifest {
        notes.push("tables, figures and report were held against the manifest alone".into());
    }
    if proof.chosen_by == ChosenBy::Unknown {
        notes.push(
            "that the right trials ran again was not checked: the runs by which they were chosen are not all here"
                .into(),
        );
    }
    if let Some(stored) = &proof.stored {
        let damage = |damage: &restudy::store::Damage| format!("{}: {}", damage.file.display(), damage.reason);
        notes.extend(stored.damage.iter().map(damage));
        notes.extend(stored.unreadable.iter().map(|error| format!("the stored runs were not compared: {error}")));
    }
    notes
}

const MOST_SHOWN: usize = 12;

impl Show for Verified {
    fn bundle(&self) -> Bundle {
        let again = format!("{} of {} {} again", self.computed, count(self.runs, "run"), self.done);
        let same = if self.computed == self.runs { "every bit is the same" } else { "every bit of these is the same" };
        let (verdict, found) = match self.proven {
            true if self.failed > 0 => {
                (format!("proven that {} of {} failed", self.failed, count(self.runs, "run")), same.to_owned())
            }
            true => ("proven".into(), same.to_owned()),
            false => ("NOT proven".into(), count(self.differences.len(), "difference")),
        };
        let card = Card::new(format!("{}: {verdict}", self.name)).line("runs", again).line("found", found);
        let shown = self.differences.iter().take(MOST_SHOWN).fold(card, |card, difference| card.line("", difference));
        let more = self.differences.len().saturating_sub(MOST_SHOWN);
        let shown = if more > 0 { shown.line("", format!("and {more} more")) } else { shown };
        let shown = self.notes.iter().fold(shown, |card, note| card.line("note", note));
        shown.line("root", self.root).bundle()
    }
}
