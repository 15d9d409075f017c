//! The sweep: axes to trials to runs. Pure, enumerable, counted before anything runs.
//!
//! A specification becomes a `grid` of points, every point is spliced into
//! the tree of the text and read as a [`Trial`], and the whole becomes a [`Study`]: all that can be wrong is found before
//! anything runs, and is shown at the place where it was written.

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
mod explained;
mod figures;
mod files;
mod folds;
mod grid;
mod kind;
mod labels;
mod load;
mod measured;
mod named;
mod reading;
mod search;
mod text;
mod trials;

pub use crate::spec::Confirm;
pub use axis::{Axis, AxisValue};
pub use labels::is_alike;
pub use load::{figure, load, parse};
pub use measured::{Successes, columns, recorded, slot};
pub use named::{NamedError, NamedKind};
pub use reading::{read, read_kept};
pub use text::Layout;

/// One point of the grid.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Its settings.
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
    /// Every setting of the trial by its path, defaults included, sorted by the bytes of the path.
    ///
    /// `data.double-moon.noise`, `model.hidden`; items of a list have their index as last part. Settings that are absent
    /// have no entry. What names a run is [`Study::settings`].
    #[must_use]
    pub fn settings(&self) -> Vec<(String, AxisValue)> {
        flat(&self.json(), false)
    }

    /// The sections of a specification for this trial alone.
    #[must_use]
    pub fn json(&self) -> Json {
        self.settings.json()
    }
}

/// The settings of an experiment as [`Study::settings`] gives them.
#[must_use]
pub fn hashed(kind: &dyn Kind, settings: &dyn Settings) -> Vec<(String, AxisValue)> {
    flat(&sections(kind, settings), false)
}

/// The sections of settings as they are hashed and kept.
fn sections(kind: &dyn Kind, settings: &dyn Settings) -> Json {
    let mut json = settings.json();
    experiment::without_later_defaults(kind, &mut json);
    json
}

/// Settings by their path, sorted.
fn flat(json: &Json, with_empty: bool) -> Vec<(String, AxisValue)> {
    let mut settings = Vec::new();
    flatten(json, String::new(), with_empty, &mut settings);
    settings.sort_by(|(one, _), (other, _)| one.as_bytes().cmp(other.as_bytes()));
    settings
}

fn flatten(value: &Json, path: String, with_empty: bool, settings: &mut Vec<(String, AxisValue)>) {
    let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let before = settings.len();
    let empty = match value {
        Json::Object(entries) => {
            entries.iter().for_each(|(key, value)| flatten(value, inside(key), with_empty, settings));
            "{}"
        }
        Json::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, item)| flatten(item, inside(&index.to_string()), with_empty, settings));
            "[]"
        }
        Json::Null => return,
        single => return settings.push((path, AxisValue::of(single))),
    };
    if with_empty && settings.len() == before && !path.is_empty() {
        settings.push((path, AxisValue::String(empty.into())));
    }
}

/// A checked specification, ready to run: every trial has been checked.
#[derive(Debug, Clone)]
pub struct Study {
    /// The name: that of the specification's file, without its ending.
    pub name: String,
    /// What is run.
    pub kind: Arc<dyn Kind>,
    /// The specification that it came from, resolved, with the values of the first trial where something is swept.
    pub spec: Spec,
    /// What is swept; empty if nothing is.
    pub axes: Vec<Axis>,
    /// The trials, the last axis varying fastest.
    pub trials: Vec<Trial>,
    /// How many neighbors among the trials are one trial on its folds; the fold is the last axis then. 1 without cross-validation.
    pub folds: usize,
    /// The seeds; every trial runs under each of them.
    pub seeds: Vec<Seed>,
    /// How sure intervals and bounds are: 0.95 where nothing else is asked for.
    pub confidence: f64,
    /// Which of the trials run again, and under which further seeds.
    pub confirm: Option<Confirm>,
    /// How the axes make up the trials.
    pub layout: Layout,
}

/// A specification with all defaults filled in, as the first trial has it.
#[derive(Debug, Clone)]
pub struct Spec {
    /// What is asked.
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
    /// What the experiment says of itself.
    #[must_use]
    pub fn declaration(&self) -> &Declaration {
        self.kind.declaration()
    }

    /// Name and version of the experiment that its specification names; none of the network.
    #[must_use]
    pub fn title(&self) -> Option<String> {
        let own = self.declaration();
        (!self.kind.is_default()).then(|| format!("{} {}", own.name, own.version))
    }

    /// Which measurement decides.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.declaration().objective
    }

    /// The measurements of a trial, in the order in which its records have them.
    #[must_use]
    pub fn measured(&self, trial: &Trial) -> Vec<&Measurement> {
        experiment::measurements(&*self.kind, &*trial.settings)
    }

    /// The parts of data that anything is measured on, in the order of the tables.
    #[must_use]
    pub fn parts(&self) -> Vec<Split> {
        self.declaration().parts()
    }

    /// The settings of a trial that name files: their paths and the names.
    #[must_use]
    pub fn files(&self, trial: &Trial) -> Vec<(String, String)> {
        self.kind.files(&*trial.settings)
    }

    /// The settings of a trial that name its runs: all of them, but for those that came after the first results of the experiment and have their default.
    /// Sorted by the bytes of the path.
    #[must_use]
    pub fn settings(&self, trial: &Trial) -> Vec<(String, AxisValue)> {
        hashed(&*self.kind, &*trial.settings)
    }

    /// The same, where tables and lists without entries have one of their own, `{}` and `[]`: two trials that differ never have the same ones.
    #[must_use]
    pub fn all_settings(&self, trial: &Trial) -> Vec<(String, AxisValue)> {
        flat(&sections(&*self.kind, &*trial.settings), true)
    }

    /// The number of runs: trials times seeds, and those that confirm.
    #[must_use]
    pub fn run_count(&self) -> usize {
        self.trials.len() * self.seeds.len() + self.confirming_count()
    }

    /// The number of runs that confirm.
    #[must_use]
    pub fn confirming_count(&self) -> usize {
        self.confirm.map_or(0, |confirm| confirm.runs().saturating_mul(self.folds))
    }

    /// The number of trials that are compared: folds of one are not.
    #[must_use]
    pub fn compared(&self) -> usize {
        self.trials.len() / self.folds
    }

    /// The first of the trials that are one trial on its folds.
    #[must_use]
    pub fn first_fold(&self, trial: usize) -> usize {
        trial - trial % self.folds
    }

    /// The axes by which trials that are compared differ.
    #[must_use]
    pub fn compared_axes(&self) -> &[Axis] {
        &self.axes[..self.axes.len() - usize::from(self.folds > 1)]
    }

    /// The seeds of the runs that confirm; none of a study that does not.
    #[must_use]
    pub fn further_seeds(&self) -> Vec<Seed> {
        self.confirm.map_or_else(Vec::new, |confirm| confirm.all())
    }

    /// Whether a run under this seed confirms: it is of the second stage.
    #[must_use]
    pub fn confirms(&self, seed: Seed) -> bool {
        self.confirm.is_some_and(|confirm| confirm.has(seed))
    }

    /// The axes as figures want them.
    #[must_use]
    pub fn axis_infos(&self) -> Vec<AxisInfo> {
        axis_infos(&self.axes, self.folds)
    }

    /// What is measured of every run, as figures want it.
    #[must_use]
    pub fn measurements(&self) -> Vec<Measurement> {
        self.measured(&self.trials[0]).into_iter().cloned().collect()
    }

    /// The whole study as a specification with nothing left to defaults; reading it again gives this study.
    ///
    /// Paths of files, which are usable from the current folder, are written relative to `folder`, where the text will be.
    #[must_use]
    pub fn to_toml(&self, folder: &Path) -> String {
        text::write(self, &|file| files::relative(folder, file))
    }

    /// The name of a file, which is usable from the current folder, as [`to_toml`](Self::to_toml) writes it.
    #[must_use]
    pub fn written(folder: &Path, file: &str) -> String {
        files::relative(folder, file)
    }

    /// The text of [`to_toml`](Self::to_toml) without the folders of files: the same wherever the study is kept.
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
