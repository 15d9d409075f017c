//! A custom experiment with the complete command line of restudy: estimates π by random points in a square.
//!
//!     cargo run --example circle -- sweep examples/circle/circle.toml
//!
//! The square of side 2 contains the circle of radius 1; the share of points in the circle, times 4, estimates π. For
//! `n` points the standard error is √(π (4 − π) / n), so nine of ten intervals at a level of 90 % should contain π:
//! `missed` counts those that do not.

use restudy::{
    Declared, Direction, Draws, End, Experiment, Log, Measurement, Seed, SettingError, Shown, math::sqrt,
    validation::SettingErrors,
};

/// The settings of a trial.
#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    /// The number of random points.
    #[serde(default = "default_points")]
    #[schemars(range(min = 1))]
    points: u64,
    /// How points are drawn.
    #[serde(default)]
    throw: Throw,
}

/// How points are drawn.
#[derive(Debug, Default, Clone, Copy, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Throw {
    /// Independently.
    #[default]
    Alone,
    /// In pairs: each point with its mirror image through the center of its quarter.
    Mirrored,
}

fn default_points() -> u64 {
    1000
}

impl Throw {
    /// The number of points of a throw.
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
        let measured =
            |base: Measurement, about: &str| Measurement { about: about.into(), over: "point".into(), ..base };
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
        let mut errors = SettingErrors::new();
        errors.require((1..=1 << 32).contains(&settings.points), "points", "a whole number from 1 to 4294967296");
        errors.found()
    }

    fn steps(&self, settings: &Settings) -> u64 {
        settings.points
    }

    fn run(&self, settings: &Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        let mut draws = Draws::own(seed, 0);
        let (mut inside, mut thrown) = (0_u64, 0_u64);
        // After an interruption, the saved state has the progress. A number takes two words, and a throw two numbers.
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
