//! The sweep: turns axes into trials and runs. The code is pure, and all runs are counted before the first begins.
//!
//! A specification becomes a `grid` of combinations. Each combination is inserted into the tree of the text and read as
//! a [`Trial`]; all trials together make a [`Study`]. Every mistake is found before anything runs, and shown at its
//! place in the text.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use serde_json::Value as Json;

use crate::{
    experiment::{self, Declaration, Kind, Settings},
    figure::{AxisInfo, Figure},
    measure::{Measurement, Objective, Split},
    seed::Seed,
    spec::About,
};

mod axis;
mod exclude;
mod figures;
mod files;
mod folds;
mod grid;
mod kind;
mod labels;
mod load;
mod measured;
mod remedies;
mod search;
mod sections;
mod select;
mod settings;
mod source;
mod text;
mod trials;

pub use crate::spec::Confirm;
pub use axis::{Axis, AxisValue};
pub use labels::is_alike;
pub use load::{figure, load, parse};
pub use measured::{Successes, columns, recorded, slot};
pub use select::{SelectTrialError, SelectTrialKind};
pub use settings::hashed;
use settings::{flat, hashed_sections};
pub use source::{read, read_kept};
pub use text::Layout;

/// One combination of the grid.
#[derive(Debug, Clone)]
pub struct Trial {
    /// The settings.
    pub settings: Arc<dyn Settings>,
    /// The value on each axis, in the order of the axes.
    pub values: Vec<AxisValue>,
}

impl PartialEq for Trial {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values && self.json() == other.json()
    }
}

impl Trial {
    /// Returns every setting of the trial by path, defaults included, sorted by the bytes of the path.
    ///
    /// Paths are `data.double-moon.noise`, `model.hidden`; items of a list have their index as the last part. Absent
    /// settings have no entry. The settings that identify a run are [`Study::settings`].
    #[must_use]
    pub fn settings(&self) -> Vec<(String, AxisValue)> {
        flat(&self.json(), false)
    }

    /// Returns the sections of a specification for this trial alone.
    #[must_use]
    pub fn json(&self) -> Json {
        self.settings.json()
    }
}

/// A checked specification, ready to run: every trial has been checked.
#[derive(Debug, Clone)]
pub struct Study {
    /// The name: that of the specification, without its extension.
    pub name: String,
    /// The experiment.
    pub kind: Arc<dyn Kind>,
    /// The completed specification; swept settings have the values of the first trial.
    pub spec: Spec,
    /// The axes; empty if nothing is swept.
    pub axes: Vec<Axis>,
    /// The trials, the last axis varying fastest.
    pub trials: Vec<Trial>,
    /// The number of folds: this many adjacent trials are one combination on its folds, and the fold is the last axis.
    /// 1 without cross-validation.
    pub folds: usize,
    /// The seeds; every trial runs under each of them.
    pub seeds: Vec<Seed>,
    /// The confidence level of intervals and bounds; 0.95 by default.
    pub confidence: f64,
    /// The number of trials that run again, and their further seeds.
    pub confirm: Option<Confirm>,
    /// How the axes make up the trials.
    pub layout: Layout,
}

/// A specification with all defaults, and the values of the first trial.
#[derive(Debug, Clone)]
pub struct Spec {
    /// The question and its answer.
    pub study: About,
    /// The settings of the first trial.
    pub settings: Arc<dyn Settings>,
    /// The figures, by name.
    pub figures: BTreeMap<String, Figure>,
}

impl PartialEq for Study {
    fn eq(&self, other: &Self) -> bool {
        let spec = |study: &Self| (study.spec.study.clone(), study.spec.settings.json(), study.spec.figures.clone());
        let about = |study: &Self| (study.folds, study.confidence, study.confirm);
        (&self.name, &self.axes, &self.trials, &self.seeds, about(self), &self.layout)
            == (&other.name, &other.axes, &other.trials, &other.seeds, about(other), &other.layout)
            && self.kind.declaration() == other.kind.declaration()
            && spec(self) == spec(other)
    }
}

impl Study {
    /// Returns the declaration of the experiment.
    #[must_use]
    pub fn declaration(&self) -> &Declaration {
        self.kind.declaration()
    }

    /// Returns name and version of the experiment; `None` for the default experiment.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        let Declaration { name, version, .. } = self.declaration();
        (!self.kind.is_default()).then(|| format!("{name} {version}"))
    }

    /// Returns the objective, by which trials are compared.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.declaration().objective
    }

    /// Returns the measurements of a trial, in the order of its records.
    #[must_use]
    pub fn measured(&self, trial: &Trial) -> Vec<&Measurement> {
        experiment::measurements(&*self.kind, &*trial.settings)
    }

    /// Returns the splits that have measurements, in the order of the tables.
    #[must_use]
    pub fn parts(&self) -> Vec<Split> {
        self.declaration().parts()
    }

    /// Returns the settings of a trial that name files: the path of the setting and the name of the file.
    #[must_use]
    pub fn files(&self, trial: &Trial) -> Vec<(String, String)> {
        self.kind.files(&*trial.settings)
    }

    /// Returns the settings that identify the runs of a trial, sorted by the bytes of the path: all settings, except
    /// those [aside](Declaration::aside), and [later](Declaration::later) ones with their defaults.
    #[must_use]
    pub fn settings(&self, trial: &Trial) -> Vec<(String, AxisValue)> {
        hashed(&*self.kind, &*trial.settings)
    }

    /// Returns [`settings`](Self::settings) with an entry, `{}` or `[]`, for each empty table and list: trials that
    /// differ have different entries.
    #[must_use]
    pub fn all_settings(&self, trial: &Trial) -> Vec<(String, AxisValue)> {
        flat(&hashed_sections(&*self.kind, &*trial.settings), true)
    }

    /// Returns the number of runs: trials times seeds, plus the confirming runs.
    #[must_use]
    pub fn run_count(&self) -> usize {
        self.trials.len() * self.seeds.len() + self.confirming_count()
    }

    /// Returns the number of confirming runs.
    #[must_use]
    pub fn confirming_count(&self) -> usize {
        self.confirm.map_or(0, |confirm| confirm.runs().saturating_mul(self.folds))
    }

    /// Returns the number of combinations that are compared: all folds of one count as one.
    #[must_use]
    pub fn compared(&self) -> usize {
        self.trials.len() / self.folds
    }

    /// Returns the first fold of the combination of a trial.
    #[must_use]
    pub fn first_fold(&self, trial: usize) -> usize {
        trial - trial % self.folds
    }

    /// Returns the axes without the fold.
    #[must_use]
    pub fn compared_axes(&self) -> &[Axis] {
        &self.axes[..self.axes.len() - usize::from(self.folds > 1)]
    }

    /// Returns the seeds of the confirming runs; empty without `confirm`.
    #[must_use]
    pub fn further_seeds(&self) -> Vec<Seed> {
        self.confirm.map_or_else(Vec::new, |confirm| confirm.all())
    }

    /// Returns whether a run under this seed is a confirming run, of the second stage.
    #[must_use]
    pub fn confirms(&self, seed: Seed) -> bool {
        self.confirm.is_some_and(|confirm| confirm.has(seed))
    }

    /// Returns the axes in the form that figures use.
    #[must_use]
    pub fn axis_infos(&self) -> Vec<AxisInfo> {
        axis_infos(&self.axes, self.folds)
    }

    /// Returns the measurements of the first trial.
    #[must_use]
    pub fn measurements(&self) -> Vec<Measurement> {
        self.measured(&self.trials[0]).into_iter().cloned().collect()
    }

    /// Writes the study as a specification with every default; reading it gives this study again.
    ///
    /// Paths of files, which are relative to the current folder, are written relative to `folder`, the folder of the
    /// specification.
    #[must_use]
    pub fn to_toml(&self, folder: &Path) -> String {
        text::write(self, &|file| files::relative(folder, file))
    }

    /// Converts the path of a file from the current folder to `folder`, as [`to_toml`](Self::to_toml) does.
    #[must_use]
    pub fn written(folder: &Path, file: &str) -> String {
        files::relative(folder, file)
    }

    /// Returns the text of [`to_toml`](Self::to_toml) with the names of files alone, so that it does not depend on any
    /// folder.
    #[must_use]
    pub fn canonical_toml(&self) -> String {
        text::write(self, &|file| Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned())
    }
}

fn axis_infos(axes: &[Axis], folds: usize) -> Vec<AxisInfo> {
    let info = |(place, axis): (usize, &Axis)| AxisInfo {
        path: axis.path.clone(),
        values: axis.values.iter().map(ToString::to_string).collect(),
        log: axis.log,
        folds: folds > 1 && place + 1 == axes.len(),
    };
    axes.iter().enumerate().map(info).collect()
}
