//! A runner for studies whose results are reproducible to the last bit: every number, figure and report can be computed
//! again on any machine, and `restudy verify` checks it.
//!
//! A TOML [specification](spec) is [expanded](sweep) into trials and runs. The [executor](mod@run) trains the missing
//! runs, and the [store] keeps them. [Tables](table), [figures](figure) and the [report] are [made](results) from the
//! runs alone, and [verified](mod@results::verify) by computing everything again. The [arithmetic contract](contract)
//! fixes every operation.
//!
//! # Crates
//!
//! The `Cargo.toml` of each crate lists the crates that it may use. The pure crates are `no_std` + `alloc`: the
//! compiler guarantees that they do not print, open files, read a clock, start threads or call the mathematics of the
//! platform.
//!
//! | crate | contents | uses |
//! |---|---|---|
//! | `restudy-core` | mathematics, seeds and draws, digests, identity, root | nothing |
//! | `restudy-network` | generators of data, the model and its gradients, metrics, the trainer | core |
//! | `restudy-escape` | escapes untrusted text for terminals, pages, drawings, tables and shells | nothing |
//! | `restudy-source` | the commit and the changes of the sources of a program | nothing |
//! | `restudy-stats` | means, quantiles, intervals, the choice of a best trial | core |
//! | `restudy-engine` | the interface of experiments, specification, sweep, tables, store, executor, results and their verification | core, stats, escape, source |
//! | `restudy-figure` | figures from tables, as SVG, PNG and PDF | core, stats, escape |
//! | `restudy-report` | reports from a study and its summary, as Markdown and HTML; citations | core, stats, escape, engine |
//! | `restudy-experiments` | the experiment of the network: readers of data, settings, runs, proof, pages | all of these |
//! | `restudy` | the command line, progress, notebooks | all |
//!
//! Inside a crate, a module may use only the modules above it in the list; `tests/architecture.rs` checks this.
//!
//! | module | contents |
//! |---|---|
//! | [`math`], [`seed`], [`measure`], [`validation`] | of `restudy-core` |
//! | [`metric`], [`model`], [`train`] | of `restudy-network` |
//! | [`stats`] | of `restudy-stats` |
//! | [`spec`], [`experiment`], [`table`], [`store`], [`results`] | of `restudy-engine` |
//! | [`escape`] | escapes untrusted text for terminals, pages, drawings, tables and shells |
//! | [`figure`], [`report`] | of `restudy-figure` and `restudy-report` |
//! | [`data`], [`digest`], [`drawer`], [`experiments`], [`export`], [`pages`], [`plane`], [`proof`] | of `restudy-experiments` |
//! | [`program`] | version, commit and compiler of this program |
//! | [`sweep`], [`run`](mod@run) | of `restudy-engine` and `restudy-experiments`, after [`init`] |
//! | [`progress`] | progress displays |
//! | [`notebook`] | notebook files, the Rust kernel, execution and checks of notebooks |
//! | [`cli`] | one file per command; the only module that prints results, exits or handles signals |
//!
//! # Where to start reading
//!
//! [`model`] has the derivation, `crates/network/src/train/advance.rs` the training step, and
//! `crates/engine/src/results/compute.rs` a sweep from start to end. The contract is [one text](contract), and
//! `tests/contract/contract.py` is a second implementation from that text alone.
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

/// Registers this program, its figures and reports, and the network with the engine. Reading a specification calls it
/// too.
pub fn init() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(program::identify);
    restudy_experiments::init();
    restudy_programs::init();
}

pub use digest::Digest;
pub use measure::{Direction, Measurement, Shown};
pub use run::{CustomExperiment as Experiment, Declared, End, Log};
pub use seed::{Draws, Seed, Stream};
pub use validation::SettingError;

/// Runs the command line with a custom experiment: `plan`, `sweep`, `verify`, `show`, `report` and all other commands
/// work with specifications of this experiment and of the network.
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
/// Optional: [`Declared::succeeding`] (a criterion of success), [`Declared::keeping`] with [`Log::keep`] (arrays),
/// [`Declared::reading`] (files), [`Experiment::steps`] (progress), [`Experiment::run_together`] (runs that share
/// work). A run of more than a second must call [`Log::pause`] several times a second, so that Ctrl-C works, or
/// [`Log::hand_over`], which also saves its state, so that an interruption costs only seconds.
#[must_use]
pub fn run<E: Experiment>(experiment: E) -> std::process::ExitCode {
    let name = std::env::args_os().next().map(std::path::PathBuf::from);
    let name = name.as_deref().and_then(std::path::Path::file_name).map(|name| name.to_string_lossy().into_owned());
    progress::output::set_program_name(name.unwrap_or_else(|| "restudy".into()));
    match run::register_custom(experiment) {
        Ok(()) => cli::main(),
        Err(contradiction) => cli::refuse(&contradiction),
    }
}
