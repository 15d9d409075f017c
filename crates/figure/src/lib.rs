//! Figures: tables in, SVG, PNG and PDF bytes out.
//!
//! A figure is drawn from [`Tables`], whose schemas are documented there, and from what the experiment declares of its
//! measurements; this crate uses no study, folder or experiment. The same tables give the same bytes on every machine:
//! the font is embedded, coordinates are computed with `math`, and nothing depends on the system. A [`Theme`] decides
//! how wide a figure is and in which colors it is drawn; every file carries the [digest of the rows](rows) that it was
//! drawn from.
//!
//! **To add a figure**: one new file with a settings structure that implements `Draw`, and one line in the `figures!`
//! registry below. What its digest covers follows from the rows that it takes; `CONTRIBUTING.md` lists the tests that
//! name what is missing.

use std::{convert::Infallible, fmt};

use plotters::drawing::DrawingAreaErrorKind;
use polars::prelude::DataFrame;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use restudy_core::{
    measure::{Measurement, Objective},
    validation::{SettingError, SettingErrors},
};

mod bitmap;
mod bounds;
mod canvas;
mod chart;
mod contour;
mod coverage;
mod declared;
mod drawing;
mod field;
mod font;
mod history;
mod layout;
mod legend;
mod page;
mod panel;
mod pdf;
mod plane;
pub mod rows;
mod scale;
mod settings;
mod shading;
mod style;
mod svg;
mod theme;
mod x_positions;

pub use restudy_core::measure::AxisInfo;

pub use chart::{Chart, chart};
pub use declared::{Declared, MetricName, SplitSetting};
pub use drawing::{Drawing, png, svg};
pub use field::{Field, Fields};
pub use plane::plane;
pub use settings::{AxisValue, FixedAxes, defaults};
pub use theme::{Theme, ThemeName};

use canvas::Sheet;
use declared::Measured;
use rows::{RowsHasher, Source};

/// The tables that figures are drawn from.
///
/// - `runs`: `run` text, `trial` whole, one column an axis named by its path (whole, float or text), `seed` whole,
///   `outcome` text (`completed`, `converged`, `diverged`), `epoch` whole, `step` whole (both of the last measurement),
///   `train_NAME` and `validation_NAME` float for each measurement that has splits and `NAME` for each that has none,
///   `zero_epoch` float (first epoch measured with a training error of zero, NaN if none), `digest` text. Sorted by
///   trial, then seed.
/// - `metrics`: `run` text, `epoch` whole, `step` whole, `split` text (`train`, `validation`, nothing for what has no
///   splits), a float column for each measurement, `chain` text. Sorted as `runs`, then step, then `train` before
///   `validation`.
/// - `weights`: `run` text, `block` text (the name of the array: `Wi`, `bi`, `Wo`, `bo` of the network), `row` whole,
///   `column` whole, `value` float: the arrays that a run left behind; a diverged run has no rows.
/// - `points`: `data` text, `trial` whole and `seed` whole (of the first run that saw these points), `split` text,
///   `index` whole, `x1`, `x2`, ... float, `y` float (-1 or 1). Only data sets that a figure needs; each stands once.
///
/// Whole is UInt64, float Float64, text String; a float that is null counts as NaN.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    /// One row a run.
    pub runs: &'a DataFrame,
    /// One row a run, measurement and split.
    pub metrics: &'a DataFrame,
    /// One row a run and parameter.
    pub weights: &'a DataFrame,
    /// One row a data set and point.
    pub points: &'a DataFrame,
    /// The axes of the study, in its order.
    pub axes: &'a [AxisInfo],
    /// What is measured, in the order of the tables.
    pub measurements: &'a [Measurement],
    /// Which measurement decides.
    pub objective: &'a Objective,
    /// The confidence level of intervals of means: 0.95.
    pub confidence: f64,
    /// Makes a field from the arrays that a run left behind.
    pub fields: &'a Fields,
}

impl fmt::Debug for Tables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.measurements.iter().map(|measurement| measurement.name.as_str()).collect();
        let mut tables = f.debug_struct("Tables");
        tables.field("runs", self.runs).field("axes", &self.axes).field("measurements", &names);
        tables.finish_non_exhaustive()
    }
}

/// Which data sets a figure needs in [`Tables::points`].
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
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FigureError {
    /// The tables are not those of [`Tables`].
    #[error("the tables have no column \"{column}\" of type {kind}")]
    Column {
        /// The column that is needed.
        column: String,
        /// The type that it must have.
        kind: &'static str,
    },
    /// The drawing library refused.
    #[error("the figure cannot be drawn: {message}")]
    Drawing {
        /// The message of the library.
        message: String,
    },
    /// The picture could not be encoded.
    #[error("the figure cannot be written as PNG: {message}")]
    Encode {
        /// The message of the encoder.
        message: String,
    },
}

impl From<DrawingAreaErrorKind<Infallible>> for FigureError {
    fn from(error: DrawingAreaErrorKind<Infallible>) -> Self {
        Self::Drawing { message: error.to_string() }
    }
}

/// The settings of one figure, and how it is drawn.
trait Draw {
    /// Fills in what the settings leave to the declaration of the experiment.
    fn resolve(&mut self, _measured: Measured<'_>) {}

    /// What is wrong with the settings. Keys are relative to them.
    fn validate(&self, declared: &Declared<'_>) -> Vec<SettingError>;

    /// What the figure shows, in a clause.
    fn subject(&self, measured: Measured<'_>) -> String;

    /// The subject in a caption that continues with the notes.
    fn described(&self, measured: Measured<'_>) -> String {
        self.subject(measured)
    }

    /// How to read the figure; follows the subject.
    fn how_to_read(&self) -> &'static str;

    /// Draws the rows that the figure takes from the source, under the heading `title`.
    fn draw(&self, title: &str, source: Source<'_>, theme: Theme) -> Result<Sheet, FigureError>;

    /// The data sets that the figure needs.
    fn points(&self) -> Points;

    /// The rows of the table of runs whose fields the figure draws. A large study loads the arrays of these runs only.
    fn networks(&self, source: &Source<'_>) -> Result<Vec<usize>, FigureError>;
}

/// Declares the modules of the figures, the enumeration over their settings, and its dispatch.
macro_rules! figures {
    ($($module:ident :: $name:ident = $key:literal,)+) => {
        $(mod $module; pub use $module::$name;)+

        /// One of the registered figures with its settings.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Figure {
            $(#[doc = concat!("`", $key, " = { ... }`")] $name($name),)+
        }

        impl Figure {
            /// The keys of all registered figures.
            pub const KEYS: &'static [&'static str] = &[$($key,)+];

            /// The key that selects this figure.
            #[must_use]
            pub fn key(&self) -> &'static str {
                match self { $(Self::$name(_) => $key,)+ }
            }

            fn settings(&self) -> &dyn Draw {
                match self { $(Self::$name(settings) => settings,)+ }
            }

            fn settings_mut(&mut self) -> &mut dyn Draw {
                match self { $(Self::$name(settings) => settings,)+ }
            }
        }
    };
}

figures! {
    curves::Curves = "curves",
    final_metric::Final = "final",
    heat_map::HeatMap = "heat-map",
    boundary::Boundary = "boundary",
    strip::Strip = "strip",
}

impl Figure {
    /// Fills in what the settings leave to the experiment: the measurement that decides, and its split.
    /// Stored figures have all their settings.
    pub fn resolve(&mut self, declared: &Declared<'_>) {
        self.settings_mut().resolve(declared.into());
    }

    /// What is wrong with the settings; keys begin with that of the figure: `curves.by`.
    #[must_use]
    pub fn validate(&self, declared: &Declared<'_>) -> Vec<SettingError> {
        let mut faults = SettingErrors::new();
        faults.under(self.key(), self.settings().validate(declared));
        faults.found()
    }

    /// What the figure shows, in a sentence, which is also its alternative text.
    #[must_use]
    pub fn caption(&self, measurements: &[Measurement], objective: &Objective) -> String {
        let measured = Measured { measurements, objective };
        format!("{}{}", self.settings().subject(measured), self.settings().how_to_read())
    }

    /// Draws the figure, under the heading `title` where the theme has one.
    ///
    /// # Errors
    /// Tables without a column that the figure needs.
    pub fn draw(&self, title: &str, tables: &Tables<'_>, theme: Theme) -> Result<Drawing, FigureError> {
        let settings = self.settings();
        let mut subject = settings.described(tables.into());
        for axis in tables.axes {
            subject = subject.replace(&axis.path, &style::axis_name(&axis.path));
        }
        let mut hasher = RowsHasher::new();
        let sheet = settings.draw(title, Source::new(tables, &mut hasher), theme)?;
        Ok(Drawing(Sheet { subject, rows: Some(hasher.finish()), ..sheet }))
    }

    /// The data sets that the figure needs in [`Tables::points`].
    #[must_use]
    pub fn points(&self) -> Points {
        self.settings().points()
    }

    /// The rows of [`Tables::runs`] whose fields the figure draws; [`Tables::weights`] needs only these runs.
    ///
    /// # Errors
    /// As [`draw`](Self::draw).
    pub fn networks(&self, tables: &Tables<'_>) -> Result<Vec<usize>, FigureError> {
        self.settings().networks(&Source::new(tables, &mut RowsHasher::new()))
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
