//! The coverage of the interval of a mean: the table of `docs/intervals.md`.
//!
//!     cargo run --release -p restudy-stats --example intervals
#![allow(clippy::print_stdout, reason = "it prints a table")]

use restudy_core::{
    measure::Range,
    seed::{Draws, Seed},
};
use restudy_stats::{CONFIDENCE, ENOUGH, Within, bootstrap_mean, outside, unseen};

/// Draws the value of one run.
type Value = fn(&mut Draws) -> f64;

/// Most runs reach zero; a share of them fails at about 0.3.
fn failing(draws: &mut Draws, share: f64) -> f64 {
    if draws.unit() < share { 0.3 } else { 0.0 }
}

/// The same with noise, so that no two runs are equal.
fn scattered(draws: &mut Draws, share: f64) -> f64 {
    failing(draws, share) + 0.01 * draws.normal()
}

/// A distribution of values: `rare` is the share of rare runs, or 0.
struct Kind {
    name: &'static str,
    mean: f64,
    rare: f64,
    value: Value,
}

const KINDS: [Kind; 10] = [
    Kind { name: "1 % fail, the others equal", mean: 0.003, rare: 0.01, value: |draws| failing(draws, 0.01) },
    Kind { name: "3 % fail, the others equal", mean: 0.009, rare: 0.03, value: |draws| failing(draws, 0.03) },
    Kind { name: "10 % fail, the others equal", mean: 0.03, rare: 0.1, value: |draws| failing(draws, 0.1) },
    Kind { name: "1 % fail, scattered", mean: 0.003, rare: 0.01, value: |draws| scattered(draws, 0.01) },
    Kind { name: "3 % fail, scattered", mean: 0.009, rare: 0.03, value: |draws| scattered(draws, 0.03) },
    Kind { name: "10 % fail, scattered", mean: 0.03, rare: 0.1, value: |draws| scattered(draws, 0.1) },
    Kind {
        name: "two values, equally often",
        mean: 0.5,
        rare: 0.0,
        value: |draws| if draws.unit() < 0.5 { 0.0 } else { 1.0 },
    },
    Kind {
        name: "two hills, equally often",
        mean: 0.5,
        rare: 0.0,
        value: |draws| (if draws.unit() < 0.5 { 0.0 } else { 1.0 }) + 0.1 * draws.normal(),
    },
    Kind { name: "exponential", mean: 1.0, rare: 0.0, value: |draws| -restudy_core::math::ln(1.0 - draws.unit()) },
    Kind { name: "normal", mean: 0.0, rare: 0.0, value: |draws| draws.normal() },
];

const STUDIES: u64 = 4000;

fn main() {
    println!(
        "| values | seeds | bound instead | it holds | interval | it holds | where all kinds of runs are seen | version 1 |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    let mut short = Vec::new();
    for kind in &KINDS {
        for n in [3, 5, 10, 30, 100] {
            let found = studies(kind, n);
            println!("| {} | {n} | {} |", kind.name, found.cells().join(" | "));
            assert!(n as usize >= ENOUGH || found.bounds[1] == STUDIES);
            if found.intervals[1] > 0 && (found.intervals[0] as f64) < 0.93 * found.intervals[1] as f64 {
                let of = share(found.intervals[0], found.intervals[1]);
                short.push(format!(
                    "- {}, {n} seeds: {of}; where all kinds of runs are seen, {}",
                    kind.name,
                    share(found.seen[0], found.seen[1])
                ));
            }
        }
    }
    println!("\nBelow 93 %:\n");
    short.iter().for_each(|line| println!("{line}"));
    println!();
    for n in [3, 5, 10, 30, 100] {
        println!(
            "- {n} seeds: what none of them shows may happen in up to {:.1} % of further ones",
            100.0 * unseen(n, CONFIDENCE)
        );
    }
}

/// The counts over many studies of one kind: successes, and all.
#[derive(Default)]
struct Found {
    bounds: [u64; 2],
    intervals: [u64; 2],
    seen: [u64; 2],
    before: [u64; 2],
}

impl Found {
    fn cells(&self) -> Vec<String> {
        let of_all = |count: u64| format!("{:.1} %", 100.0 * count as f64 / STUDIES as f64);
        let held = |[held, of]: [u64; 2]| share(held, of);
        vec![
            of_all(self.bounds[1]),
            held(self.bounds),
            of_all(self.intervals[1]),
            held(self.intervals),
            held(self.seen),
            held(self.before),
        ]
    }
}

fn share(count: u64, of: u64) -> String {
    if of == 0 { "–".to_owned() } else { format!("{:.1} %", 100.0 * count as f64 / of as f64) }
}

fn studies(kind: &Kind, n: u64) -> Found {
    let mut within = Within::new(CONFIDENCE);
    let mut found = Found::default();
    let count = |into: &mut [u64; 2], held: bool| *into = [into[0] + u64::from(held), into[1] + 1];
    for study in 0..STUDIES {
        let mut draws = Draws::own(Seed(study), n as u32);
        let values: Vec<f64> = (0..n).map(|_| (kind.value)(&mut draws)).collect();
        let interval = within.mean(&values, Range::Any);
        if interval.is_none() {
            // The bound on the share of further seeds outside of the seen range.
            let [least, most] = restudy_stats::range(&values);
            let bound = if least == most { unseen(n - 1, CONFIDENCE) } else { outside(n, CONFIDENCE) };
            let beyond = (0..2000).filter(|_| !(least..=most).contains(&(kind.value)(&mut draws))).count();
            count(&mut found.bounds, beyond as f64 / 2000.0 <= bound + 0.02);
        } else {
            let held = interval.low <= kind.mean && kind.mean <= interval.high;
            count(&mut found.intervals, held);
            if kind.rare == 0.0 || values.iter().any(|value| *value > 0.15) {
                count(&mut found.seen, held);
            }
        }
        if study < STUDIES / 4 {
            let old = bootstrap_mean(&values);
            count(&mut found.before, old.low <= kind.mean && kind.mean <= old.high);
        }
    }
    found
}
