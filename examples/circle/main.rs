//! An experiment of one's own: the number π by throwing points at a square, in the whole command line of restudy.
//!
//!     cargo run --example circle -- sweep examples/circle/circle.toml
//!
//! The square of side 2 holds the circle of radius 1; the share of points in it, times 4, estimates π. Of `n` points the standard error is
//! √(π (4 − π) / n), so that nine intervals of ten should hold π at a level of 90 %: `missed` counts those that do not.

use restudy::{
    Declared, Direction, Draws, End, Experiment, Log, Measurement, Seed, SettingError, Shown, math::sqrt,
    validation::SettingErrors,
};

/// What is swept.
#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    /// How many points are thrown.
    #[serde(default = "usual")]
    #[schemars(range(min = 1))]
    points: u64,
    /// How points are thrown.
    #[serde(default)]
    throw: Throw,
}

/// How points are thrown.
#[derive(Debug, Default, Clone, Copy, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Throw {
    /// Each by itself.
    #[default]
    Alone,
    /// In pairs: each point with its mirror image across the middle of the quarter that it falls into.
    Mirrored,
}

fn usual() -> u64 {
    1000
}

impl Throw {
    /// How many points a throw gives.
    fn images(self) -> u64 {
        match self {
            Self::Alone => 1,
            Self::Mirrored => 2,
        }
    }
}

struct Circle;

impl Experiment for Circle {
    type Settings = Settings;

    fn declare(&self) -> Declared {
        let measured = |own: Measurement, about: &str| Measurement { about: about.into(), over: "point".into(), ..own };
        Declared::new("circle", 1)
            .about("The share of random points of a square that fall into its circle, times four, estimates π.")
            .measuring([
                measured(Measurement::new("distance", Direction::Lower), "|p − π|, where p is the estimate"),
                measured(Measurement::neutral("estimate"), "p = 4 k / n, of n points k in the circle"),
                measured(
                    Measurement::new("width", Direction::Lower),
                    "the width of the 90 % interval p ± 1.645 √(p (4 − p) / n)",
                ),
                Measurement {
                    shown: Shown::Percent,
                    reaches_zero: true,
                    ..measured(
                        Measurement::new("missed", Direction::Lower),
                        "1 where π is not in that interval, else 0",
                    )
                },
            ])
            .decided_by("distance")
            .succeeding("near", "distance", 0.01, "an estimate within 0.01 of π")
    }

    fn validate(&self, settings: &Settings) -> Vec<SettingError> {
        let mut faults = SettingErrors::new();
        faults.require((1..=1 << 32).contains(&settings.points), "points", "a whole number from 1 to 4294967296");
        faults.found()
    }

    fn steps(&self, settings: &Settings) -> u64 {
        settings.points
    }

    fn run(&self, settings: &Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        let mut draws = Draws::own(seed, 0);
        let (mut inside, mut thrown) = (0_u64, 0_u64);
        // Where an earlier process was killed, its state says how far it was; two words are drawn for a number, two numbers for a throw.
        if let Some((step, state)) = log.resumed()
            && let Ok(state) = <[u8; 8]>::try_from(state)
        {
            (thrown, inside) = (step, u64::from_le_bytes(state));
            draws.skip_words(4 * thrown.div_ceil(settings.throw.images()));
        }
        let mut shown = (thrown + 1).next_power_of_two();
        while thrown < settings.points {
            let [x, y] = [draws.unit(), draws.unit()];
            let images = match settings.throw {
                Throw::Alone => vec![[x, y]],
                Throw::Mirrored => vec![[x, y], [1.0 - x, 1.0 - y]],
            };
            for [x, y] in images.into_iter().take((settings.points - thrown) as usize) {
                inside += u64::from(x * x + y * y < 1.0);
                thrown += 1;
                if thrown == shown || thrown == settings.points {
                    let (estimate, width) = interval(inside, thrown);
                    let distance = (estimate - std::f64::consts::PI).abs();
                    let missed = f64::from(distance > width / 2.0);
                    log.measure(
                        thrown,
                        [("distance", distance), ("estimate", estimate), ("width", width), ("missed", missed)],
                    )?;
                    shown *= 2;
                }
            }
            if thrown.is_multiple_of(1 << 16) {
                log.hand_over(thrown, || inside.to_le_bytes().into())?;
            }
        }
        Ok(())
    }
}

/// The estimate of `inside` points of `all`, and the width of its 90 % interval.
fn interval(inside: u64, all: u64) -> (f64, f64) {
    let estimate = 4.0 * inside as f64 / all as f64;
    (estimate, 2.0 * 1.644_853_626_951_472_7 * sqrt(estimate * (4.0 - estimate) / all as f64))
}

fn main() -> std::process::ExitCode {
    restudy::run(Circle)
}
