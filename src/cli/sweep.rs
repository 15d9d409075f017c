mod adopting;
mod ending;
mod summary;

pub(super) use ending::reasons;
pub(super) use summary::SweepSummary;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use clap::Args;

use super::{CliError, Command, Common, Exit, scale, share::Share, signal, text, verdict};
use ending::interrupted;
use crate::{
    escape,
    results::{self, Computation, CutOff, Maker, SweepOutcome},
    run::{self, Event, PrepareOptions, Shard},
    store::journal,
    sweep,
    train::Outcome,
};

/// Run the missing runs of a study, and write its tables, figures and report.
///
/// Results go to results/NAME/, where NAME is the file name of the specification without its extension. Stored runs are
/// reused: a second sweep does nothing, and new seeds or values cost only the new runs. An interrupted sweep continues
/// where it stopped, since unfinished runs are saved every two seconds.
///
/// With `confirm` under [sweep], the best trials run again under further seeds once the first stage is complete, and
/// these runs decide the verdict. A shard does its share of both stages; if the first stage was not complete, repeat
/// the command.
///
/// Several sweeps of one study can work in one folder at the same time, also from several machines; they divide the
/// runs. Machines without a shared folder take one shard each, and `restudy merge` joins the folders.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Sweep {
    /// Specification (TOML).
    #[arg(value_name = "SPEC")]
    file: PathBuf,
    /// Override a setting, such as --set model.hidden=9 or --set sweep.seeds=5; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Write tables, figures and report again even if they are current, for example after an update of the program.
    #[arg(long)]
    render: bool,
    /// Run only shard I of N shards of about equal cost: --shard 3/16. Run the command once for each I from 1 to N. The
    /// last shard in a folder writes tables and report; for separate folders `restudy merge` does. A sweep without
    /// --shard runs all that is missing.
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Run failed runs again, and forget how they failed. Without it, a failed run is a result and stays. Use it after
    /// a failure with a cause outside the study: a full disk, a time limit on a busy machine.
    #[arg(long)]
    retry_failed: bool,
    /// Stop after N failed runs; the same command continues.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_failures: Option<u64>,
    /// Keep the stored runs of a program after a change that should not matter: a comment in a script, another version
    /// of a package. Computes a sample of them again (5 %, and at least 3; or N runs, or P %); if all of these have the
    /// results that they had, the others are adopted, and the report says so. If one differs, nothing is adopted.
    #[arg(long, value_name = "N|P%", num_args = 0..=1, require_equals = true, conflicts_with = "shard")]
    adopt: Option<Option<Share>>,
    /// Train with portable code instead of SIMD instructions, to test that the bits are equal.
    #[arg(long)]
    portable: bool,
}

const EXAMPLES: &str = "\
Exit codes:
  0    complete, or the shard is done
  1    the machine or the program failed; stored runs are safe
  2    the specification or its data is wrong
  3    some runs failed
  4    the folder contradicts its manifest, or a run has two results; with --adopt: the change matters
  130  interrupted; the same command continues

Examples:
  restudy sweep experiments/hidden.toml
  restudy sweep experiments/hidden.toml --set sweep.seeds=100
  restudy sweep experiments/hidden.toml --shard 1/4";

impl Command for Sweep {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let started = Instant::now();
        let study = sweep::load(&self.file, &self.sets)?;
        let network = run::prepare(&study, &PrepareOptions { portable: self.portable, ..PrepareOptions::default() })?;
        let notices = run::require_figures(&*network)?;
        if !common.quiet {
            scale::warn(&*network);
            notices.iter().for_each(text::warn);
            verdict::warn(&study);
        }
        let tasks = network.tasks();
        let folder = common.results.join(&study.name);
        if self.retry_failed {
            let failed = results::forget_failed(&*network, &folder)?;
            if failed > 0 && !common.quiet {
                text::say(format!("{} will be tried again", text::count(failed, "failed run")));
            }
        }
        let computation = Computation {
            network: &*network,
            experiment: &*network,
            tasks: &tasks,
            shard: self.shard,
            folder: &folder,
            maker: Maker::OURS,
            render: self.render,
            request: journal::Request { command: text::words().collect(), ..Default::default() },
        };
        let progress = common.mode().start(&study);
        let stop = signal::stop_flag()?;
        let failures = AtomicU64::new(0);
        let events = |event: Event<'_>| {
            if matches!(event, Event::Rendering) {
                // All runs are stored now, and files are written atomically.
                let all = study.run_count();
                signal::end_at_once_with(interrupted(&study, (all, all), CutOff::default(), &folder));
            }
            if let Event::Finished { record, .. } = event
                && matches!(record.outcome, Outcome::Failed { .. })
                && self.max_failures.is_some_and(|most| failures.fetch_add(1, Ordering::Relaxed) + 1 >= most)
            {
                stop.store(true, Ordering::Relaxed);
            }
            progress.event(&event);
        };
        if let Some(share) = self.adopt
            && let Some(exit) = adopting::adopt(&computation, share, &events, &stop, common)?
        {
            return Ok(exit);
        }
        let outcome = common.on_threads(|| computation.run(&events, &|notice| text::warn(notice), &stop))??;
        if !common.quiet {
            network.notices().iter().for_each(text::warn);
        }
        let failures = failures.into_inner();
        if let (SweepOutcome::Interrupted { kept, .. }, true) = (&outcome, self.max_failures.is_some_and(|most| failures >= most)) {
            let kept = text::count(*kept, "run");
            text::warn(format!(
                "stopped after {} (--max-failures): {kept} stored in {}; the same command continues, with --retry-failed it tries the failed ones again",
                text::count(failures as usize, "failed run"),
                folder.display()
            ));
            return Ok(Exit::Failed);
        }
        let shard = self.shard.map_or("this shard".into(), |shard| format!("shard {shard}"));
        let rest = format!(
            "run the other shards in this folder too, merge their folders with `restudy merge {} FROM...`, or run all that is missing:\n  {}",
            escape::shell_path(&folder),
            text::command_line_without("--shard")
        );
        let summary = SweepSummary { network: &*network, tasks: &tasks, folder: &folder, shard: self.shard, common, started };
        Ok(summary.print(outcome, &format!("{shard} is done"), &rest))
    }
}
