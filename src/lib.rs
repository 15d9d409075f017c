//! Reproducible studies of a small neural network: every number, figure and report can be computed again by anyone, on any
//! machine, to the last bit, and the tool proves it.
//!
//! A TOML [specification](spec) asks a question. It is [expanded](sweep) into trials and runs; the [executor](mod@run) trains
//! what is missing; the [store] keeps it; [tables](table), [figures](figure) and the [report] are [made](results) from
//! the runs alone, and [verified](mod@results::verify) by making them again. What makes this possible is the
//! [arithmetic contract](contract), and a core that cannot break it.
//!
//! # The house
//!
//! Who may know whom stands in the `Cargo.toml` of each crate. What is pure stands below this one, `no_std` + `alloc`: the compiler proves that nothing in it
//! prints, opens a file, reads a clock, starts a thread or calls the mathematics of the platform.
//!
//! | crate | holds | knows |
//! |---|---|---|
//! | `restudy-core` | mathematics, seeds and draws, digests, identity, root | nothing |
//! | `restudy-network` | generators of data, the model and its gradients, metrics, the trainer | core |
//! | `restudy-escape` | text of others, for a terminal, a page, a drawing, a table, a shell | nothing |
//! | `restudy-source` | the commit and the changes of the sources of a program | nothing |
//! | `restudy-stats` | means, quantiles, intervals, the choice of a best trial | core |
//! | `restudy-engine` | what an experiment is, specification, sweep, tables, store, executor, results and their verification | core, stats, escape, source |
//! | `restudy-figure` | tables in, SVG, PNG and PDF out | core, stats, escape |
//! | `restudy-report` | a study and its summary in, Markdown and HTML out; citations | core, stats, escape, engine |
//! | `restudy-experiments` | the network as the engine sees it: readers of data, settings, runs, proof, pages | all of these |
//! | `restudy` | the command line, progress, notebooks | all |
//!
//! Inside a crate, a module may use only those above it in its list; `tests/architecture.rs` holds it to that.
//!
//! | module | holds |
//! |---|---|
//! | [`math`], [`seed`], [`measure`], [`validation`] | of `restudy-core` |
//! | [`metric`], [`model`], [`train`] | of `restudy-network` |
//! | [`stats`] | of `restudy-stats` |
//! | [`spec`], [`experiment`], [`table`], [`store`], [`results`] | of `restudy-engine` |
//! | [`escape`] | text of others, for a terminal, a page, a drawing, a table, a shell |
//! | [`figure`], [`report`] | of `restudy-figure` and `restudy-report` |
//! | [`data`], [`digest`], [`drawer`], [`experiments`], [`export`], [`pages`], [`plane`], [`proof`] | of `restudy-experiments` |
//! | [`program`] | what this program knows of its own making |
//! | [`sweep`], [`run`](mod@run) | those of `restudy-engine` and `restudy-experiments`, with everything known that this program has |
//! | [`progress`] | consumers of events |
//! | [`notebook`] | notebook files; the Rust kernel, installed; notebooks run and checked |
//! | [`cli`] | one file a command; the only place that prints results, exits or handles signals |
//!
//! # Where to begin
//!
//! The derivation is in [`model`], the step that trains in `crates/network/src/train/advance.rs`, the whole story of a sweep in `crates/engine/src/results/compute.rs`.
//! The contract is [one text](contract), and `tests/contract/contract.py` is a second implementation from that text alone.
pub mod contract {
    #![doc = include_str!("contract.md")]
}

pub use restudy_core::{math, measure, seed, validation};
pub use restudy_engine::{experiment, results, spec, store, table};
pub use restudy_escape as escape;
pub use restudy_experiments::{data, digest, drawer, experiments, export, pages, plane, proof};
pub use restudy_figure as figure;
pub use restudy_network::{metric, model, train};
pub use restudy_report as report;
pub use restudy_stats as stats;

pub mod cli;
pub mod notebook;
pub mod program;
pub mod progress;
pub mod run;
pub mod sweep;

/// Makes known to the engine what this program has: who it is, who draws its figures and writes its reports, and the network. Reading a specification does
/// so, too.
pub fn init() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(program::identify);
    restudy_experiments::init();
}

pub use digest::Digest;
pub use measure::{Direction, Measurement, Shown};
pub use run::{CustomExperiment as Experiment, Declared, End, Log};
pub use seed::{Draws, Seed, Stream};
pub use validation::SettingError;

/// The whole command line for an experiment of one's own: `plan`, `sweep`, `verify`, `show`, `report` and all others, for specifications that name it
/// and for those of the network.
///
/// ```no_run
/// use restudy::{Declared, Direction, Draws, End, Experiment, Log, Measurement, Seed};
///
/// #[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
/// struct Settings {
///     /// How often the coin is tossed.
///     tosses: u64,
/// }
///
/// struct Coin;
///
/// impl Experiment for Coin {
///     type Settings = Settings;
///
///     fn declare(&self) -> Declared {
///         Declared::new("coin", 1).measuring([Measurement::new("heads", Direction::Higher)])
///     }
///
///     fn run(&self, settings: &Settings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
///         let mut draws = Draws::own(seed, 0);
///         let heads = (0..settings.tosses).filter(|_| draws.unit() < 0.5).count();
///         log.measure(settings.tosses, [("heads", heads as f64)])
///     }
/// }
///
/// fn main() -> std::process::ExitCode {
///     restudy::run(Coin)
/// }
/// ```
///
/// What else it may say: [`Declared::succeeding`] (when a run has succeeded), [`Declared::keeping`] with [`Log::keep`]
/// (arrays), [`Declared::reading`] (files), [`Experiment::steps`] (progress), [`Experiment::run_together`] (runs that share
/// work). A run of more than a second calls [`Log::pause`] several times a second, so that Ctrl-C ends it, or
/// [`Log::hand_over`], which also keeps its state: an interruption then costs seconds.
#[must_use]
pub fn run<E: Experiment>(experiment: E) -> std::process::ExitCode {
    let name = std::env::args_os().next().map(std::path::PathBuf::from);
    let name = name.as_deref().and_then(std::path::Path::file_name).map(|name| name.to_string_lossy().into_owned());
    progress::output::call(name.unwrap_or_else(|| "restudy".into()));
    match run::register_own(experiment) {
        Ok(()) => cli::main(),
        Err(contradiction) => cli::refuse(&contradiction),
    }
}
