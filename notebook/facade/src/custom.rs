//! An experiment as a closure over settings and measurements that it declares. The engine treats it like a Rust type
//! that implements `restudy::Experiment`: specifications name it under `[experiment]`, and its studies are swept,
//! proven and resumed like those of the network.

mod question;

use std::sync::Arc;

use restudy::{
    experiment::{self, Kind},
    measure::{Direction, Measurement},
    run::{self, Declared, End, ExperimentBuilder, Literal, Log, PrepareOptions, Prepared, RunError, SettingValues},
    seed::Seed,
    sweep::Study,
};

pub use question::Question;

use crate::{
    cell,
    error::{Error, Result},
    show::{Bundle, Show},
};

/// Begins an experiment of this name and version: declare its measurements and settings, then call
/// [`run`](Outline::run).
///
/// ```text
/// let circle = experiment("circle", 1)
///     .measures([lower("distance"), neutral("estimate")])
///     .setting("points", 1000)
///     .choice("throw", ["alone", "mirrored"])
///     .run(|settings, seed, log| {
///         let (n, throw) = (settings.whole("points")?, settings.text("throw")?);
///         let mut draws = Draws::own(seed, 0);
///         ...
///         log.measure(n, [("distance", distance), ("estimate", estimate)])
///     })?;
/// let study = circle
///     .asks("circle-points", "How many points does it need?")
///     .axis("points", [100, 1000])
///     .seeds(30)
///     .figure("distance", "curves = { metric = \"distance\", by = \"settings.points\" }")
///     .study()?;
/// let answers = sweep(&study)?;
/// ```
///
/// The identity of every run contains the name and the version: raise the version when the closure changes. The closure
/// must depend on its settings and the seed alone.
#[must_use]
pub fn experiment(name: &str, version: u64) -> Outline {
    Outline(ExperimentBuilder::new(Declared::new(name, version)))
}

/// Declares a measurement of which small values are better.
#[must_use]
pub fn lower(name: &str) -> Measurement {
    Measurement::new(name, Direction::Lower)
}

/// Declares a measurement of which large values are better.
#[must_use]
pub fn higher(name: &str) -> Measurement {
    Measurement::new(name, Direction::Higher)
}

/// Declares a measurement of which neither small nor large values are better.
#[must_use]
pub fn neutral(name: &str) -> Measurement {
    Measurement::neutral(name)
}

/// The declaration of an experiment.
#[derive(Debug)]
pub struct Outline(ExperimentBuilder);

impl Outline {
    /// Declares the measurements, in the order of the tables. The first one decides, unless
    /// [`decided_by`](Self::decided_by) names another.
    #[must_use]
    pub fn measures(self, measurements: impl IntoIterator<Item = Measurement>) -> Self {
        Self(self.0.declaring(|declared| declared.measuring(measurements)))
    }

    /// Sets the measurement that decides: `distance`, `validation.error`.
    #[must_use]
    pub fn decided_by(self, measurement: &str) -> Self {
        Self(self.0.declaring(|declared| declared.decided_by(measurement)))
    }

    /// Declares when a run succeeds: at the first measurement that is at least as good as `bound`. `word` names the
    /// columns of tables.
    #[must_use]
    pub fn succeeds(self, word: &str, measurement: &str, bound: f64, about: &str) -> Self {
        Self(self.0.declaring(|declared| declared.succeeding(word, measurement, bound, about)))
    }

    /// Declares the arrays that every run keeps by `log.keep`.
    #[must_use]
    pub fn keeps(self, names: impl IntoIterator<Item = &'static str>) -> Self {
        Self(self.0.declaring(|declared| declared.keeping(names)))
    }

    /// Declares a setting by its default, which decides its type: a whole number (`1000`), a number (`0.5`), `true` or
    /// `false`, or a text. In a specification `points` is under `[settings]`, and `walk.length` under `[walk]`.
    #[must_use]
    pub fn setting(self, path: &str, default: impl Into<Literal>) -> Self {
        Self(self.0.setting(path, default))
    }

    /// Declares a setting that is one of these texts; the first is the default.
    #[must_use]
    pub fn choice<const N: usize>(self, path: &str, choices: [&str; N]) -> Self {
        Self(self.0.choice(path, choices))
    }

    /// Describes the setting before it in a sentence; before any setting, the experiment.
    #[must_use]
    pub fn about(self, about: &str) -> Self {
        Self(self.0.about(about))
    }

    /// Sets the setting that gives the number of steps of a run, for progress; without it a run has one step.
    #[must_use]
    pub fn steps(self, path: &str) -> Self {
        Self(self.0.steps(path))
    }

    /// Registers the experiment: `run` does one run, and measures through the log. It replaces an earlier experiment of
    /// the same name and version, as of an earlier execution of the cell.
    ///
    /// # Errors
    /// The declaration is contradictory.
    pub fn run(
        self,
        run: impl Fn(&SettingValues, Seed, &mut Log<'_>) -> Result<(), End> + Send + Sync + 'static,
    ) -> Result<Custom> {
        // A panic of a run is its outcome, not a failure of the cell.
        let quiet = move |settings: &SettingValues, seed, log: &mut Log<'_>| {
            let done = cell::expected(|| run(settings, seed, log));
            done.unwrap_or_else(|panic| Err(End::Failed(format!("panic: {panic}"))))
        };
        restudy::init();
        Ok(Custom { kind: self.0.register(quiet)? })
    }
}

/// An experiment that is a closure, registered for studies.
#[derive(Debug, Clone)]
pub struct Custom {
    kind: Arc<dyn Kind>,
}

impl Custom {
    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.kind.declaration().name
    }

    /// Returns the version.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.kind.declaration().version
    }

    /// Begins a study of this name, which also names its results folder.
    /// [`asking::study_from`](crate::asking::study_from) reads the same study from a text with `[experiment]`.
    pub fn asks(&self, name: &str, question: &str) -> Question {
        Question::new(Arc::clone(&self.kind), name, question)
    }
}

impl Show for Custom {
    fn bundle(&self) -> Bundle {
        Bundle::text(format!("experiment {}, version {}", self.name(), self.version()))
    }
}

/// Refuses a study whose experiment was registered again since: its closure is replaced.
pub(crate) fn require_current(study: &Study) -> Result<()> {
    let own = study.declaration();
    let is_current = |known: Arc<dyn Kind>| std::ptr::addr_eq(Arc::as_ptr(&known), Arc::as_ptr(&study.kind));
    if study.kind.is_default() || experiment::find(&own.name, own.version).is_none_or(is_current) {
        return Ok(());
    }
    Err(Error::new(
        format!(
            "the experiment `{}`, version {}, was defined again after the study `{}` was made",
            own.name, own.version, study.name
        ),
        "run the cell that makes the study again",
    ))
}

/// Refuses a request that only studies of the network support.
pub(crate) fn require_network(study: &Study, what: &str, help: &str) -> Result<()> {
    if study.kind.is_default() {
        return Ok(());
    }
    let own = study.declaration();
    Err(Error::new(
        format!("{what} is of the network; `{}` is a study of the experiment `{}`", study.name, own.name),
        help,
    ))
}

/// Prepares a study of any experiment.
pub(crate) fn prepared(study: &Study) -> Result<Box<dyn Prepared + '_>, RunError> {
    run::prepare(study, &PrepareOptions::default())
}

#[cfg(test)]
mod tests;
