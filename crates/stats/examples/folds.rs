//! The coverage of intervals over the seeds of a cross-validation, compared with intervals that treat every run of
//! every fold as an independent sample: the table of `docs/folds.md`.
//!
//!     cargo run --release -p restudy-stats --example folds
#![allow(clippy::print_stdout, reason = "it prints a table")]

use restudy_core::{
    measure::Range,
    seed::{Draws, Seed},
};
use restudy_stats::{CONFIDENCE, Within, mean};

/// The standard deviations of the effects of the fold, of the seed on every fold, and of the remainder.
struct Kind {
    name: &'static str,
    fold: f64,
    seed: f64,
    rest: f64,
}

const KINDS: [Kind; 4] = [
    Kind { name: "runs differ by neither", fold: 0.0, seed: 0.0, rest: 1.0 },
    Kind { name: "some folds are harder", fold: 3.0, seed: 0.0, rest: 1.0 },
    Kind { name: "some seeds are better on every fold", fold: 0.0, seed: 1.0, rest: 1.0 },
    Kind { name: "both", fold: 3.0, seed: 1.0, rest: 1.0 },
];

const STUDIES: u64 = 4000;
const FOLDS: usize = 5;

fn main() {
    println!("| values | seeds | over seeds | width | over all runs | width |");
    println!("|---|---:|---:|---:|---:|---:|");
    for kind in &KINDS {
        for seeds in [5, 10, 30] {
            let [[held, width], [naive, other]] = studies(kind, seeds);
            let percent = |count: f64| format!("{:.1} %", 100.0 * count / STUDIES as f64);
            let each = |sum: f64| format!("{:.2}", sum / STUDIES as f64);
            println!(
                "| {} | {seeds} | {} | {} | {} | {} |",
                kind.name,
                percent(held),
                each(width),
                percent(naive),
                each(other)
            );
        }
    }
}

/// The number of intervals that contain the mean and the sum of their widths: over seeds, then over all runs.
fn studies(kind: &Kind, seeds: usize) -> [[f64; 2]; 2] {
    let mut within = Within::new(CONFIDENCE);
    let mut found = [[0.0; 2]; 2];
    for study in 0..STUDIES {
        let mut draws = Draws::new(Seed(study), restudy_core::seed::Stream::GradientCheck);
        let folds: Vec<f64> = (0..FOLDS).map(|_| kind.fold * draws.normal()).collect();
        // The folds are the same for every seed: their mean is the mean of all seeds.
        let truth = mean(&folds);
        let mut runs = Vec::new();
        let mut of_seeds = Vec::new();
        for _ in 0..seeds {
            let seed = kind.seed * draws.normal();
            let values: Vec<f64> = folds.iter().map(|fold| fold + seed + kind.rest * draws.normal()).collect();
            of_seeds.push(mean(&values));
            runs.extend(values);
        }
        for (values, found) in [of_seeds, runs].iter().zip(&mut found) {
            let interval = within.mean(values, Range::Any);
            found[0] += f64::from(u8::from((interval.low..=interval.high).contains(&truth)));
            found[1] += interval.high - interval.low;
        }
    }
    found
}
