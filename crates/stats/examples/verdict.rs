//! How often a best trial is named, without and with a best one: the table of `docs/verdict.md`.
//!
//!     cargo run --release -p restudy-stats --example verdict
#![allow(clippy::print_stdout, reason = "it prints a table")]

use std::collections::BTreeMap;

use restudy_core::{
    measure::Direction,
    seed::{Draws, Seed},
};
use restudy_stats::{best, choose, choose_among};

/// Draws the value of one run; `shift` is the advantage of the first trial, in standard deviations of a difference
/// between two trials.
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

/// The same in two stages: the best three of the trials under these seeds are compared under as many further ones.
fn confirmed(studies: u64, trials: usize, seeds: u64, shift: f64) -> u64 {
    let study = |study: &u64| {
        let mut draws = Draws::own(Seed(*study), trials as u32);
        let mut values = |place: usize| -> BTreeMap<Seed, f64> {
            (0..seeds).map(|seed| (Seed(seed), NORMAL(&mut draws, if place == 0 { shift } else { 0.0 }))).collect()
        };
        let first: Vec<_> = (0..trials).map(&mut values).collect();
        let chosen = best(&first, Direction::Lower, 3);
        let second: Vec<_> = chosen.iter().map(|place| values(*place)).collect();
        let found = choose_among(&second, Direction::Lower, None, trials).and_then(|choice| choice.best());
        found.is_some_and(|place| shift == 0.0 || chosen[place] == 0)
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
    println!("\n| trials | seeds of either stage | a best one is there | named |");
    println!("|---:|---:|---|---:|");
    for (trials, seeds, shift) in
        [(6, 30, 0.0), (30, 30, 0.0), (100, 30, 0.0), (6, 30, 0.707), (30, 30, 0.707), (30, 10, 1.0)]
    {
        let found = confirmed(400, trials, seeds, shift);
        let there =
            if shift == 0.0 { "no".into() } else { format!("by {shift} standard deviations of a paired difference") };
        println!("| {trials} | {seeds} | {there} | {found} of 400, {:.1} % |", found as f64 / 4.0);
    }
}
