//! Figures as the engine sees them: settings that the program reads, checks and draws.
//!
//! What a figure is, only the [`Drawer`] of the program knows; without [one](set_drawer), studies have no figures.

use std::{collections::BTreeMap, error::Error, sync::OnceLock};

use polars::prelude::DataFrame;
use schemars::{Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::Value as Json;

pub use restudy_core::measure::AxisInfo;

use crate::{
    measure::{Measurement, Objective},
    spec::{Problem, tree::Node},
    validation::SettingError,
};

/// The settings of one figure, with nothing left out: `{ "curves": { "metric": "error", ... } }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Figure(Json);

impl Figure {
    /// A figure of these settings, which its drawer has read or made.
    pub fn new(settings: &impl Serialize) -> Self {
        Self(serde_json::to_value(settings).unwrap_or_default())
    }

    /// The settings, for the drawer.
    #[must_use]
    pub fn settings(&self) -> &Json {
        &self.0
    }

    /// The kind of figure: `curves`.
    #[must_use]
    pub fn key(&self) -> &str {
        self.0.as_object().and_then(|kind| kind.keys().next()).map_or("", String::as_str)
    }

    /// The text at which it is fixed on an axis, if it is.
    #[must_use]
    pub fn fixed(&self, axis: &str) -> Option<&str> {
        self.0[self.key()]["at"][axis].as_str()
    }

    /// The same, fixed at another value of an axis.
    #[must_use]
    pub fn fixed_at(&self, axis: &str, value: &str) -> Self {
        let mut settings = self.0.clone();
        settings[self.key()]["at"][axis] = value.into();
        Self(settings)
    }
}

/// What the settings of figures are checked against, and what fills in those that are absent.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The axes of the study, in its order.
    pub axes: &'a [AxisInfo],
    /// The inputs of a data point, where they are counted before the data are read.
    pub dimension: Option<usize>,
    /// Whether what is kept of a run says something about every place of a plane.
    pub fields: bool,
    /// What is measured, in the order of the tables.
    pub measurements: &'a [Measurement],
    /// Which measurement decides.
    pub objective: &'a Objective,
}

/// What figures are drawn from: the [tables](crate::table) of a study, and what its experiment declares.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// One row a run.
    pub runs: &'a DataFrame,
    /// One row a run, measurement and split.
    pub metrics: &'a DataFrame,
    /// One row a run and number that it keeps.
    pub weights: &'a DataFrame,
    /// One row a data set and point.
    pub points: &'a DataFrame,
    /// The axes of the study, in its order.
    pub axes: &'a [AxisInfo],
    /// What is measured, in the order of the tables.
    pub measurements: &'a [Measurement],
    /// Which measurement decides.
    pub objective: &'a Objective,
    /// How sure intervals of means are: 0.95.
    pub confidence: f64,
}

/// Which data sets a figure needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Points {
    /// None.
    Unneeded,
    /// Those of the runs under the least seed of the study.
    OfFirstSeed,
    /// Those of the runs under this seed.
    OfSeed(u64),
}

/// Why a figure could not be drawn.
pub type FigureError = Box<dyn Error + Send + Sync>;

/// A drawn figure: the ending of each of its files, and their bytes.
pub type Drawn = Vec<(&'static str, Vec<u8>)>;

/// Reads, checks and draws figures.
pub trait Drawer: Send + Sync {
    /// The schema of one figure.
    fn schema(&self, generator: &mut SchemaGenerator) -> Schema;

    /// Reads the figure at `path` of a specification.
    ///
    /// # Errors
    /// It is none.
    fn read(&self, node: &Node, path: &str) -> Result<Figure, Problem>;

    /// Fills in what the settings leave to the experiment.
    fn resolved(&self, figure: &Figure, asked: &Asked<'_>) -> Figure;

    /// What is wrong with the settings; keys begin with that of the figure: `curves.by`.
    fn validate(&self, figure: &Figure, asked: &Asked<'_>) -> Vec<SettingError>;

    /// The figures of a study that declares none, by name.
    fn defaults(&self, asked: &Asked<'_>) -> BTreeMap<String, Figure>;

    /// What it shows, in a sentence, as far as settings and files say; `drawn` are its files.
    fn caption(
        &self,
        figure: &Figure,
        measurements: &[Measurement],
        objective: &Objective,
        drawn: &[(&str, &[u8])],
    ) -> String;

    /// The endings of the files of each figure.
    fn endings(&self) -> &'static [&'static str];

    /// Which data sets it needs in [`Tables::points`].
    fn points(&self, figure: &Figure) -> Points;

    /// The rows of [`Tables::runs`] of which it draws what was kept.
    ///
    /// # Errors
    /// A table lacks a column.
    fn shown(&self, figure: &Figure, tables: &Tables<'_>) -> Result<Vec<usize>, FigureError>;

    /// The files of the figure as they stand with results, headed by `title`.
    ///
    /// # Errors
    /// It cannot be drawn from these tables.
    fn draw(&self, figure: &Figure, title: &str, tables: &Tables<'_>) -> Result<Drawn, FigureError>;
}

static DRAWER: OnceLock<&'static dyn Drawer> = OnceLock::new();

/// Names the drawer of this program; the first one stays.
pub fn set_drawer(drawer: &'static dyn Drawer) {
    let _ = DRAWER.set(drawer);
}

/// The schema of one figure of this program, if it draws any.
pub fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
    drawer().map(|drawer| drawer.schema(generator))
}

/// The drawer of this program, if it has one.
pub fn drawer() -> Option<&'static dyn Drawer> {
    DRAWER.get().copied()
}
