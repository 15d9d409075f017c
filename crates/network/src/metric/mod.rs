//! Metrics: what is measured of a network on a set of points.
//!
//! A metric is one file that says its name, unit, direction and equation, and how it is computed: as the
//! [`Mean`] over the points, in data order, of one number per point, or from the outputs for all of them as a [`Whole`].
//!
//! **To add a metric**: one new file with a unit structure that implements [`Measure`] and one of the two, and one line in the
//! `metrics!` registry below, which says which. Which metrics a run records is part of its identity, so a new one changes no
//! existing result.

use alloc::vec;

use serde::{Deserialize, Serialize};

pub use restudy_core::measure::Direction;
use restudy_core::measure::{Measurement, Objective, Range, Shown, Split, Success};

use crate::math;

#[cfg(test)]
mod tests;

/// One metric.
pub trait Measure {
    /// The name in specifications, tables and figures.
    const NAME: &'static str;
    /// The unit, to stand behind the name on an axis: `nat`, `share of points`.
    const UNIT: &'static str;
    /// Which way is better.
    const DIRECTION: Direction;
    /// Between which numbers it lies.
    const RANGE: Range;
    /// The equation, in the words of the documentation: `Y` the output, `y` the label, `n` the number of points.
    const EQUATION: &'static str;
    /// How it is shown.
    const SHOWN: Shown = Shown::Number;
    /// Whether it may be zero where it counts, so that a logarithm would hide it.
    const REACHES_ZERO: bool = false;
}

/// A metric that is the mean over the points of one number per point.
pub trait Mean: Measure {
    /// The contribution of one point with the margin `y Y`.
    fn point(margin: f64) -> f64;

    /// The contributions of many points.
    #[inline(always)]
    fn points(margins: &[f64], terms: &mut [f64]) {
        let n = terms.len().min(margins.len());
        let (margins, terms) = (&margins[..n], &mut terms[..n]);
        for i in 0..n {
            terms[i] = Self::point(margins[i]);
        }
    }
}

/// A metric of all points together.
pub trait Whole: Measure {
    /// Whether it is defined on points with these labels (-1 or +1).
    fn is_defined(labels: &[f64]) -> bool;

    /// The metric of points by their margins `y Y` and their labels. Where it is defined it is finite, whatever the margins are, NaN included.
    fn of(margins: impl Iterator<Item = f64>, labels: &[f64]) -> f64;
}

/// Chooses between what is done for a [`Mean`] and what for a [`Whole`].
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

            /// The name in specifications, tables and figures.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $name::NAME,)+ }
            }

            /// The unit, to stand behind the name on an axis.
            #[must_use]
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$name => $name::UNIT,)+ }
            }

            /// Which way is better.
            #[must_use]
            pub const fn direction(self) -> Direction {
                match self { $(Self::$name => $name::DIRECTION,)+ }
            }

            /// Between which numbers it lies.
            #[must_use]
            pub const fn range(self) -> Range {
                match self { $(Self::$name => $name::RANGE,)+ }
            }

            /// The equation.
            #[must_use]
            pub const fn equation(self) -> &'static str {
                match self { $(Self::$name => $name::EQUATION,)+ }
            }

            /// How it is shown.
            #[must_use]
            pub const fn shown(self) -> Shown {
                match self { $(Self::$name => $name::SHOWN,)+ }
            }

            /// Whether it may be zero where it counts, so that a logarithm would hide it.
            #[must_use]
            pub const fn reaches_zero(self) -> bool {
                match self { $(Self::$name => $name::REACHES_ZERO,)+ }
            }

            /// Whether it is one of all points together, and no mean over them.
            #[must_use]
            pub const fn is_whole(self) -> bool {
                match self { $(Self::$name => kind!($kind: false, true),)+ }
            }

            /// Whether it is defined on points with these labels (-1 or +1). A mean is, on any points.
            #[must_use]
            pub fn is_defined(self, labels: &[f64]) -> bool {
                match self { $(Self::$name => kind!($kind: !labels.is_empty(), $name::is_defined(labels)),)+ }
            }

            /// The metric of points by their margins `y Y` and their labels.
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

            /// Adds the contributions of points, one a row and lane, to the sums of their lanes; `terms` is room for them. There are none
            /// to a metric of [all points together](Self::is_whole).
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
    /// The metric of the outputs for points with these labels (-1 or +1), with the bits that a run records, as long as they are finite.
    #[must_use]
    pub fn of(self, outputs: &[f64], labels: &[f64]) -> f64 {
        self.of_margins(outputs.iter().zip(labels).map(|(output, label)| label * output), labels)
    }

    /// The metric as an experiment declares it.
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

    /// What decides between networks: the error on the points that are never seen, then the loss on them.
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
