//! The interface between the engine and the code that draws figures.
//!
//! The program sets a [`Drawer`] with [`set_drawer`]; without one, studies have no figures.

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

/// The settings of one figure, defaults included: `{ "curves": { "metric": "error", ... } }`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Figure(Json);

impl Figure {
    /// Creates a figure from settings that its drawer has checked.
    pub fn new(settings: &impl Serialize) -> Self {
        Self(serde_json::to_value(settings).unwrap_or_default())
    }

    /// Returns the settings, for the drawer.
    #[must_use]
    pub fn settings(&self) -> &Json {
        &self.0
    }

    /// Returns the kind of figure: `curves`.
    #[must_use]
    pub fn key(&self) -> &str {
        self.0.as_object().and_then(|kind| kind.keys().next()).map_or("", String::as_str)
    }

    /// Returns the value of an axis at which the figure is fixed, as text.
    #[must_use]
    pub fn fixed(&self, axis: &str) -> Option<&str> {
        self.0[self.key()]["at"][axis].as_str()
    }

    /// Returns the figure, fixed at another value of an axis.
    #[must_use]
    pub fn fixed_at(&self, axis: &str, value: &str) -> Self {
        let mut settings = self.0.clone();
        settings[self.key()]["at"][axis] = value.into();
        Self(settings)
    }
}

/// The study for which the settings of a figure are checked and completed.
#[derive(Debug, Clone, Copy)]
pub struct FigureContext<'a> {
    /// The axes of the study, in its order.
    pub axes: &'a [AxisInfo],
    /// The number of inputs of a data point, where it is known without reading the data.
    pub dimension: Option<usize>,
    /// Whether the stored arrays of a run give a value at every position of a plane.
    pub fields: bool,
    /// The measurements, in the order of the tables.
    pub measurements: &'a [Measurement],
    /// The objective, by which trials are compared.
    pub objective: &'a Objective,
}

/// The data of a figure: the [tables](crate::table) of a study, and the declaration of its experiment.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// One row per run.
    pub runs: &'a DataFrame,
    /// One row per run, measurement and split.
    pub metrics: &'a DataFrame,
    /// One row per run and stored number.
    pub weights: &'a DataFrame,
    /// One row per data set and data point.
    pub points: &'a DataFrame,
    /// The axes of the study, in its order.
    pub axes: &'a [AxisInfo],
    /// The measurements, in the order of the tables.
    pub measurements: &'a [Measurement],
    /// The objective, by which trials are compared.
    pub objective: &'a Objective,
    /// The confidence level of intervals: 0.95.
    pub confidence: f64,
}

/// The data sets that a figure needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Points {
    /// None.
    Unneeded,
    /// The data sets of the runs under the smallest seed of the study.
    OfFirstSeed,
    /// The data sets of the runs under this seed.
    OfSeed(u64),
}

/// Why a figure could not be drawn.
pub type FigureError = Box<dyn Error + Send + Sync>;

/// A drawn figure: the file extension and the bytes of each of its files.
pub type Drawn = Vec<(&'static str, Vec<u8>)>;

/// Reads, checks and draws figures.
pub trait Drawer: Send + Sync {
    /// Returns the JSON Schema of one figure.
    fn schema(&self, generator: &mut SchemaGenerator) -> Schema;

    /// Reads the figure at `path` of a specification.
    ///
    /// # Errors
    /// The node is not a figure.
    fn read(&self, node: &Node, path: &str) -> Result<Figure, Problem>;

    /// Completes settings that depend on the experiment.
    fn resolved(&self, figure: &Figure, context: &FigureContext<'_>) -> Figure;

    /// Returns the errors of the settings; keys begin with the kind of figure: `curves.by`.
    fn validate(&self, figure: &Figure, context: &FigureContext<'_>) -> Vec<SettingError>;

    /// Returns the figures of a study that declares none, by name.
    fn defaults(&self, context: &FigureContext<'_>) -> BTreeMap<String, Figure>;

    /// Describes the figure in a sentence, from its settings and its files `drawn`.
    fn caption(
        &self,
        figure: &Figure,
        measurements: &[Measurement],
        objective: &Objective,
        drawn: &[(&str, &[u8])],
    ) -> String;

    /// Returns the file extensions of each figure.
    fn endings(&self) -> &'static [&'static str];

    /// Returns which data sets the figure needs in [`Tables::points`].
    fn points(&self, figure: &Figure) -> Points;

    /// Returns the rows of [`Tables::runs`] whose stored arrays the figure draws.
    ///
    /// # Errors
    /// A table lacks a column.
    fn shown(&self, figure: &Figure, tables: &Tables<'_>) -> Result<Vec<usize>, FigureError>;

    /// Draws the files of the figure, with `title` as their heading.
    ///
    /// # Errors
    /// The figure cannot be drawn from these tables.
    fn draw(&self, figure: &Figure, title: &str, tables: &Tables<'_>) -> Result<Drawn, FigureError>;
}

static DRAWER: OnceLock<&'static dyn Drawer> = OnceLock::new();

/// Sets the drawer of this program; later calls have no effect.
pub fn set_drawer(drawer: &'static dyn Drawer) {
    let _ = DRAWER.set(drawer);
}

/// Returns the JSON Schema of one figure, if the program has a drawer.
pub fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
    drawer().map(|drawer| drawer.schema(generator))
}

/// Returns the drawer of this program, if it has one.
pub fn drawer() -> Option<&'static dyn Drawer> {
    DRAWER.get().copied()
}
