//! Metrics: what is measured of a network on a set of points.
//!
//! May touch: `math`. Every metric is the mean over the points, in data order, of one number per point; a metric is one
//! file that says its name, unit, direction, equation and that number.
//!
//! **To add a metric**: one new file with a unit structure that implements [`Measure`], and one line in the `metrics!`
//! registry below. Which metrics a run records is part of its identity, so a new one changes no existing result.

use alloc::vec;

use serde::{Deserialize, Serialize};

pub use restudy_core::measure::Direction;
use restudy_core::measure::{Measurement, Objective, Part, Range, Shown, Success};

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

macro_rules! metrics {
    ($($module:ident :: $name:ident,)+) => {
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

            /// The contribution of one point with output `output` and label `label` (-1 or +1).
            #[inline(always)]
            #[must_use]
            pub fn point(self, output: f64, label: f64) -> f64 {
                match self { $(Self::$name => $name::point(label * output),)+ }
            }

            /// Adds the contributions of points, one a row and lane, to the sums of their lanes; `terms` is room for them.
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
                    $(Self::$name => {
                        $name::points(margins, each);
                    })+
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
    loss::Loss,
    error::Error,
    brier::Brier,
}

impl Metric {
    /// The metric as an experiment declares it.
    #[must_use]
    pub fn measurement(self) -> Measurement {
        // A share of points is what people say in percent; it is zero where everything is right.
        let share = self == Self::Error;
        Measurement {
            name: self.name().into(),
            split: true,
            unit: self.unit().into(),
            direction: self.direction(),
            neutral: false,
            shown: if share { Shown::Percent } else { Shown::Number },
            reaches_zero: share,
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
            part: Part::Validation,
            then: vec![Self::Loss.name().into()],
            success: Some(Success {
                word: "zero".into(),
                measurement: Self::Error.name().into(),
                part: Part::Train,
                bound: 0.0,
                about: "zero training error".into(),
            }),
        }
    }
}
