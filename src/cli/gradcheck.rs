use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, text};
use crate::{model::check::Check, seed::Seed};

/// Check the analytic gradient against its literal derivation and central differences.
///
/// Draws random networks and points, all parameters and inputs from N(0, 1), and compares the analytic gradient of every
/// block with (L(p + ε) - L(p - ε)) / 2ε. The defaults are those of the exercise that this network comes from: 1000 cases, h = 3, ε = 1e-8, mean
/// difference at most 1e-6. Also compares it with the derivation taken literally (diagonal matrix of the indicator, Kronecker
/// product, reshape). Exit code 4 if the check fails.
#[derive(Debug, Args)]
pub(super) struct Gradcheck {
    /// Number of random cases.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    cases: u32,
    /// Inputs of a point, d.
    #[arg(short = 'd', long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1000))]
    inputs: u16,
    /// Hidden units, h.
    #[arg(short = 'H', long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=500))]
    hidden: u16,
    /// Step of the central differences.
    #[arg(long, default_value_t = 1e-8, value_parser = positive)]
    epsilon: f64,
    /// Largest acceptable mean difference of a block.
    #[arg(long, default_value_t = 1e-6, value_parser = positive)]
    tolerance: f64,
    /// Seed of the cases.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// A positive finite number, as an argument.
fn positive(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "expected a number".to_owned())?;
    if value.is_finite() && value > 0.0 { Ok(value) } else { Err("expected a positive number".into()) }
}

impl Command for Gradcheck {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let check = Check {
            cases: self.cases,
            inputs: self.inputs.into(),
            hidden: self.hidden.into(),
            epsilon: self.epsilon,
            tolerance: self.tolerance,
            seed: Seed(self.seed),
        };
        let verdict = check.run();
        if common.json() {
            let blocks = verdict.blocks.iter().map(|block| {
                json!({ "block": block.block, "mean": block.mean, "largest": block.largest, "literal": block.literal })
            });
            text::say_json(json!({ "cases": self.cases, "blocks": blocks.collect::<Vec<_>>(), "passed": verdict.passed }));
        } else if !common.quiet {
            text::say(format!(
                "{} random cases, d = {}, h = {}, ε = {:e}, seed {}\n",
                self.cases, self.inputs, self.hidden, self.epsilon, self.seed
            ));
            let header = ["block", "mean |analytic - numerical|", "largest", "analytic against literal, relative"];
            let rows: Vec<_> = verdict
                .blocks
                .iter()
                .map(|block| {
                    let numbers = [block.mean, block.largest, block.literal].map(|value| format!("{value:.2e}"));
                    std::iter::once(block.block.to_owned()).chain(numbers).collect()
                })
                .collect();
            text::table(&header.map(String::from), &rows);
            let verdict = if verdict.passed { "passed" } else { "FAILED" };
            text::say("");
            text::say(format!("{verdict}: the mean of every block must be at most {:e}, both forms must agree to 1e-15", self.tolerance));
        }
        Ok(if verdict.passed { Exit::Done } else { Exit::Difference })
    }
}
