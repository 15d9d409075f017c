//! Everything that a cell imports: `use restudy::prelude::*;`.

pub use polars::prelude::DataFrame;

pub use restudy::{
    data::{
        Blobs, Circles, Csv, Data, DataSeed, Dataset, DoubleMoon, Mat, Source, Spirals, SplitData, Validation, Xor,
    },
    digest::Digest,
    math::{exp, ln, ln_1p, sigmoid, softplus, sqrt},
    measure::{Direction, Measurement, Shown},
    metric::Metric,
    model::{
        Forward, Init, Model, Params,
        check::{self, Check, Verdict, numerical},
        course, forward, gradient,
        literal::{self, Chain, Matrix},
        loss,
    },
    run::{End, Log as RunLog, SettingValues as Settings},
    seed::{Draws, Seed, Stream},
    stats::{Interval, Paired},
    sweep::{Axis, AxisValue, Study, Trial},
    table::{Split, Spread},
    train::{Evaluate, Every, Job, Observation, Order, Outcome, Sampling, Setting, Stop, Train},
};

pub use crate::{
    answers::{ExpectFailures, StudyResults, Verified, sweep, sweep_own},
    asking::{Variant, study, study_from},
    claim, claim_close, claim_eq,
    claims::expect_panic,
    custom::{Custom, Question, experiment, higher, lower, neutral},
    error::{Error, Result},
    frame::{Table, table},
    own::{Log, Own, own},
    picture::{Lines, Picture, boundary, draw, lines, scatter},
    show::{Bundle, Show, show},
    single::{Run, measure, order, train},
    tex::{Blocks, Tex, Views, column, matrix, row, tex},
};

// Names of earlier versions, for older notebooks.
#[doc(hidden)]
pub use crate::answers::StudyResults as Answers;
#[doc(hidden)]
pub use restudy::{measure::Split as Part, sweep::AxisValue as Scalar, train::Observation as Point};
