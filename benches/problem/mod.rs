//! Networks of any size, to train on random points.

use std::{array, fmt, ops::ControlFlow};

use restudy::{
    data::{Dataset, SplitData},
    model::{Model, Params},
    seed::{Draws, Seed, Stream},
    train::{Evaluate, Every, Job, Observation, Observer, Setting, Simd, Train, train},
};

#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub h: u32,
    pub d: usize,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "h = {}, d = {}", self.h, self.d)
    }
}

/// The numbers of hidden units of the study of the course, in the plane and with the number of inputs of the
/// breast-cancer data.
pub fn shapes() -> impl Iterator<Item = Shape> {
    [2, 30].into_iter().flat_map(|d| [1, 2, 5, 7, 10, 100].map(|h| Shape { h, d }))
}

/// Normal points with alternating labels.
pub fn points(d: usize, n: usize, stream: Stream) -> Dataset {
    let mut draws = Draws::new(Seed(0), stream);
    Dataset {
        d,
        x: (0..d * n).map(|_| draws.normal()).collect(),
        y: (0..n).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect(),
    }
}

/// Runs that differ only in their seeds.
pub struct Problem {
    pub setting: Setting,
    pub split: SplitData,
}

impl Problem {
    pub fn new(shape: Shape, [train, validation]: [usize; 2], epochs: u64, every: Every) -> Self {
        Self {
            setting: Setting {
                model: Model { hidden: shape.h, ..Model::default() },
                train: Train { epochs, ..Train::default() },
                evaluate: Evaluate { every, ..Evaluate::default() },
                ..Setting::default()
            },
            split: SplitData {
                train: points(shape.d, train, Stream::Training),
                validation: points(shape.d, validation, Stream::Validation),
            },
        }
    }

    /// Trains `L` runs in lockstep.
    pub fn train<const L: usize>(&self, simd: Simd) -> [Params; L] {
        let Self { setting, split } = self;
        let jobs: [_; L] = array::from_fn(|l| Job { setting, split, seed: Seed(l as u64) });
        let finished = train(simd, &jobs, &mut Silent).expect("the observer does not cancel");
        let params: Vec<_> = finished.into_iter().map(|run| run.params).collect();
        params.try_into().expect("a result for every job")
    }
}

struct Silent;

impl Observer for Silent {
    fn measured(&mut self, _: usize, _: &Observation, _: &Params) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
