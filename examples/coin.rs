//! The smallest experiment of your own, from `docs/own-experiment.md`.
//!
//!     cargo run --example coin -- new coins.toml

use restudy::{Declared, Direction, Draws, End, Experiment, Log, Measurement, Seed};

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Settings {
    /// How often the coin is tossed.
    tosses: u64,
}

struct Coin;

impl Experiment for Coin {
    type Settings = Settings;

    fn declare(&self) -> Declared {
        Declared::new("coin", 1).measuring([Measurement::new("heads", Direction::Higher)])
    }

    fn run(&self, settings: &Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        let mut draws = Draws::own(seed, 0);
        let heads = (0..settings.tosses).filter(|_| draws.unit() < 0.5).count();
        log.measure(settings.tosses, [("heads", heads as f64)])
    }
}

fn main() -> std::process::ExitCode {
    restudy::run(Coin)
}
