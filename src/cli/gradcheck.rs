use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, text};
use crate::{
    model::check::{BlockError, Check, FORMS_AGREE},
    seed::Seed,
};

/// Check the gradient of the network against central differences.
///
/// Draws random networks and points, with all parameters and inputs from N(0, 1), and compares the analytic gradient of
/// every block with (L(p + ε) - L(p - ε)) / 2ε. The defaults come from the exercise that introduced this network: 1000
/// cases, h = 3, ε = 1e-8, mean difference at most 1e-6.
///
/// The gradient is also compared with the literal derivation (diagonal matrix of the indicator, Kronecker product,
/// reshape) in two layouts: Wi as h x d, reshaped by columns, and Wi as d x h, reshaped by rows, as in the exercise.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Gradcheck {
    /// Number of random cases.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    cases: u32,
    /// Number of inputs of a point, d.
    #[arg(short = 'd', long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=1000))]
    inputs: u16,
    /// Number of hidden units, h.
    #[arg(short = 'H', long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=500))]
    hidden: u16,
    /// Step of the central differences.
    #[arg(long, default_value_t = 1e-8, value_parser = positive)]
    epsilon: f64,
    /// Largest acceptable mean difference of a block.
    #[arg(long, default_value_t = 1e-6, value_parser = positive)]
    tolerance: f64,
    /// Seed of the random cases.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

const EXAMPLES: &str = "\
Exit codes:
  0  passed
  4  a difference is too large

Examples:
  restudy gradcheck
  restudy gradcheck --hidden 10 --inputs 5 --cases 200";

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
                let BlockError { block, mean, largest, literal, course } = block;
                json!({ "block": block, "mean": mean, "largest": largest, "literal": literal, "course": course })
            });
            text::say_json(json!({ "cases": self.cases, "blocks": blocks.collect::<Vec<_>>(), "passed": verdict.passed }));
        } else if !common.quiet {
            text::say(format!(
                "{} random cases, d = {}, h = {}, ε = {:e}, seed {}\n",
                self.cases, self.inputs, self.hidden, self.epsilon, self.seed
            ));
            let header =
                ["block", "mean |analytic - numerical|", "largest", "literal h × d, relative", "literal d × h, relative"];
            let rows: Vec<_> = verdict
                .blocks
                .iter()
                .map(|block| {
                    let numbers = [block.mean, block.largest, block.literal, block.course];
                    let numbers = numbers.map(|value| format!("{value:.2e}"));
                    std::iter::once(block.block.to_owned()).chain(numbers).collect()
                })
                .collect();
            text::table(&header.map(String::from), &rows);
            let verdict = if verdict.passed { "passed" } else { "FAILED" };
            text::say("");
            text::say(format!(
                "{verdict}: the mean of every block must be at most {:e}; the literal forms, with Wi as h × d and as d × h, must agree \
                 with the analytic one to {FORMS_AGREE:e}",
                self.tolerance
            ));
        }
        Ok(if verdict.passed { Exit::Done } else { Exit::Difference })
    }
}
