//! How often a best trial is named where none is, and where one is: the table of `docs/verdict.md`.
//!
//!     cargo run --release -p restudy-stats --example verdict
#![allow(clippy::print_stdout, reason = "it prints a table")]

use std::collections::BTreeMap;

use restudy_core::{
    measure::Direction,
    seed::{Draws, Seed},
};
use restudy_stats::choose;

/// A value of one run; `shift` is by how much the first trial is better, in standard deviations of a difference between two trials.
type Value = fn(&mut Draws, shift: f64) -> f64;

const NORMAL: Value = |draws, shift| draws.normal() - std::f64::consts::SQRT_2 * shift;
const HEAVY: Value = |draws, shift| {
    let size = draws.normal();
    let value = size * size * size;
    value - shift * 5.5
};
const RARE: Value = |draws, _| if draws.unit() < 0.1 { 0.5 } else { 0.0 };
const SAME: Value = |_, _| 0.25;

fn named(studies: u64, trials: usize, seeds: u64, shift: f64, value: Value) -> u64 {
    let study = |study: &u64| {
        let mut draws = Draws::own(Seed(*study), trials as u32);
        let values = |place: usize, draws: &mut Draws| -> BTreeMap<Seed, f64> {
            (0..seeds).map(|seed| (Seed(seed), value(draws, if place == 0 { shift } else { 0.0 }))).collect()
        };
        let trials: Vec<_> = (0..trials).map(|place| values(place, &mut draws)).collect();
        choose(&trials, Direction::Lower, None)
            .is_some_and(|choice| choice.best() == Some(0) || shift == 0.0 && choice.best().is_some())
    };
    (0..studies).filter(study).count() as u64
}

fn main() {
    println!("| trials | seeds | values | a best one is there | named |");
    println!("|---:|---:|---|---|---:|");
    let kinds: [(&str, Value); 4] =
        [("normal", NORMAL), ("cubes of normal ones", HEAVY), ("one in ten fails", RARE), ("all the same", SAME)];
    for (name, value) in kinds {
        for trials in [2, 6, 30] {
            let found = named(400, trials, 30, 0.0, value);
            println!("| {trials} | 30 | {name} | no | {found} of 400, {:.1} % |", found as f64 / 4.0);
        }
    }
    for (trials, seeds, shift) in
        [(2, 30, 1.0), (6, 30, 1.0), (30, 30, 1.0), (6, 30, 0.707), (6, 10, 1.0), (6, 100, 0.5)]
    {
        let found = named(200, trials, seeds, shift, NORMAL);
        println!(
            "| {trials} | {seeds} | normal | by {shift} standard deviations of a paired difference | {found} of 200, {:.1} % |",
            found as f64 / 2.0
        );
    }
}
