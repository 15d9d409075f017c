//! Metrics of a network on a set of points.
//!
//! A metric is one file with its name, unit, direction and equation, and its computation: the [`Mean`] over the points,
//! in data order, of one number per point, or a function of all outputs, a [`Whole`].
//!
//! **To add a metric**: one new file with a unit structure that implements [`Measure`] and one of the two traits, and
//! one line in the `metrics!` registry below, with the trait. The list of metrics is part of the identity of a run, so
//! a new metric changes no existing result.

use alloc::vec;

use serde::{Deserialize, Serialize};

pub use restudy_core::measure::Direction;
use restudy_core::measure::{Measurement, Objective, Range, Shown, Split, Success};

use crate::math;

#[cfg(test)]
mod tests;

/// The declaration of a metric.
pub trait Measure {
    /// The name in specifications, tables and figures.
    const NAME: &'static str;
    /// The unit, which follows the name on an axis: `nat`, `share of points`.
    const UNIT: &'static str;
    /// Which values are better.
    const DIRECTION: Direction;
    /// The range of possible values.
    const RANGE: Range;
    /// The equation, with the output `Y`, the label `y` and the number of points `n`.
    const EQUATION: &'static str;
    /// How values are displayed.
    const SHOWN: Shown = Shown::Number;
    /// Whether good values may be zero, so that a logarithmic scale would hide them.
    const REACHES_ZERO: bool = false;
}

/// A metric that is the mean over the points of one number per point.
pub trait Mean: Measure {
    /// Returns the contribution of one point with the margin `y Y`.
    fn point(margin: f64) -> f64;

    /// Computes the contributions of several points.
    #[inline(always)]
    fn points(margins: &[f64], terms: &mut [f64]) {
        let n = terms.len().min(margins.len());
        let (margins, terms) = (&margins[..n], &mut terms[..n]);
        for i in 0..n {
            terms[i] = Self::point(margins[i]);
        }
    }
}

/// A metric that is a function of all points together.
pub trait Whole: Measure {
    /// Whether it is defined on points with these labels (-1 or +1).
    fn is_defined(labels: &[f64]) -> bool;

    /// Computes the metric from the margins `y Y` and the labels of the points. Where it is defined it is finite, also
    /// for margins that are NaN.
    fn of(margins: impl Iterator<Item = f64>, labels: &[f64]) -> f64;
}

/// Selects the expression for a [`Mean`] or that for a [`Whole`].
macro_rules! kind {
    (Mean: $mean:expr, $whole:expr) => {
        $mean
    };
    (Whole: $mean:expr, $whole:expr) => {
        $whole
    };
}

macro_rules! metrics {
    ($($module:ident :: $name:ident = $kind:ident,)+) => {
        $(mod $module; pub use $module::$name;)+

        /// A registered metric.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        pub enum Metric {
            $(#[doc = concat!("[`", stringify!($name), "`]")] $name,)+
        }

        impl Metric {
            /// All metrics, in the order of the registry.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Returns the name in specifications, tables and figures.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $name::NAME,)+ }
            }

            /// Returns the unit, which follows the name on an axis.
            #[must_use]
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$name => $name::UNIT,)+ }
            }

            /// Returns which values are better.
            #[must_use]
            pub const fn direction(self) -> Direction {
                match self { $(Self::$name => $name::DIRECTION,)+ }
            }

            /// Returns the range of possible values.
            #[must_use]
            pub const fn range(self) -> Range {
                match self { $(Self::$name => $name::RANGE,)+ }
            }

            /// Returns the equation.
            #[must_use]
            pub const fn equation(self) -> &'static str {
                match self { $(Self::$name => $name::EQUATION,)+ }
            }

            /// Returns how values are displayed.
            #[must_use]
            pub const fn shown(self) -> Shown {
                match self { $(Self::$name => $name::SHOWN,)+ }
            }

            /// Whether good values may be zero, so that a logarithmic scale would hide them.
            #[must_use]
            pub const fn reaches_zero(self) -> bool {
                match self { $(Self::$name => $name::REACHES_ZERO,)+ }
            }

            /// Whether it is a function of all points together rather than a mean.
            #[must_use]
            pub const fn is_whole(self) -> bool {
                match self { $(Self::$name => kind!($kind: false, true),)+ }
            }

            /// Whether it is defined on points with these labels (-1 or +1). A mean is defined on any points.
            #[must_use]
            pub fn is_defined(self, labels: &[f64]) -> bool {
                match self { $(Self::$name => kind!($kind: !labels.is_empty(), $name::is_defined(labels)),)+ }
            }

            pub(crate) fn of_margins(self, margins: impl ExactSizeIterator<Item = f64>, labels: &[f64]) -> f64 {
                match self {
                    $(Self::$name => kind!(
                        $kind: {
                            let n = margins.len() as f64;
                            math::sum(margins.map($name::point)) / n
                        },
                        $name::of(margins, labels)
                    ),)+
                }
            }

            /// Adds the contributions of the points, a row for each point, to the sums of their lanes; `terms` is a
            /// buffer. A metric of [all points together](Self::is_whole) adds nothing.
            #[inline(always)]
            pub fn add<const L: usize>(
                self,
                margins: &[[f64; L]],
                terms: &mut [[f64; L]],
                sums: &mut [f64; L],
            ) {
                let n = margins.len();
                let (margins, each) = (margins.as_flattened(), terms[..n].as_flattened_mut());
                match self {
                    $(Self::$name => kind!($kind: $name::points(margins, each), return),)+
                }
                for term in &terms[..n] {
                    for l in 0..L {
                        sums[l] += term[l];
                    }
                }
            }
        }
    };
}

metrics! {
    loss::Loss = Mean,
    error::Error = Mean,
    brier::Brier = Mean,
    auc::Auc = Whole,
}

impl Metric {
    /// Computes the metric of outputs for points with these labels (-1 or +1). A finite value has the bits that a run
    /// records.
    #[must_use]
    pub fn of(self, outputs: &[f64], labels: &[f64]) -> f64 {
        self.of_margins(outputs.iter().zip(labels).map(|(output, label)| label * output), labels)
    }

    /// Returns the metric as the declaration of a measurement.
    #[must_use]
    pub fn measurement(self) -> Measurement {
        Measurement {
            name: self.name().into(),
            split: true,
            unit: self.unit().into(),
            direction: self.direction(),
            neutral: false,
            shown: self.shown(),
            reaches_zero: self.reaches_zero(),
            range: self.range(),
            about: self.equation().into(),
            over: "epoch".into(),
        }
    }

    /// Returns the objective of the network: the validation error, then the validation loss.
    #[must_use]
    pub fn objective() -> Objective {
        Objective {
            measurement: Self::Error.name().into(),
            part: Split::Validation,
            then: vec![Self::Loss.name().into()],
            success: Some(Success {
                word: "zero".into(),
                measurement: Self::Error.name().into(),
                part: Split::Train,
                bound: 0.0,
                about: "zero training error".into(),
            }),
        }
    }
}
