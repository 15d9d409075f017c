use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, text};
use crate::metric::Metric;

/// List the metrics of the network with their equations.
///
/// Reads and writes no file. Exit code 0.
#[derive(Debug, Args)]
pub(super) struct Metrics {}

impl Command for Metrics {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        for metric in Metric::ALL {
            if common.json() {
                text::say_json(json!({ "metric": metric.name(), "equation": metric.equation() }));
            } else {
                text::say(format!("{}: {}", metric.name(), metric.equation()));
            }
        }
        Ok(Exit::Done)
    }
}
