use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use serde_json::json;

use super::{CliError, Command, Common, Exit, show::summary_table, signal, text};
use crate::{
    digest::Digest,
    results::{Answer, Computation, Maker, rows},
    run::{Event, Network},
    store::journal,
    sweep::{self, Study},
    train::{Kernel, Outcome},
};

/// Answer the question of a specification: run what is not yet run, make tables, figures and a report.
///
/// Results go to results/NAME/, NAME being the file's name without its ending. Finished runs are found by their content: running
/// again does nothing, adding seeds or values costs only the new runs, and a sweep that was cut off goes on where it was.
#[derive(Debug, Args)]
pub(super) struct Sweep {
    /// The specification.
    #[arg(value_name = "SPEC")]
    file: PathBuf,
    /// Override a setting, such as --set model.hidden=9 or --set 'sweep.seeds=5'. May be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Make tables, figures and report again even where they are current, as after a change of the program.
    #[arg(long)]
    render: bool,
    /// Train with the portable kernel, to see that it gives the same bits.
    #[arg(long)]
    portable: bool,
}

impl Command for Sweep {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let started = Instant::now();
        let study = sweep::load(&self.file, &self.sets)?;
        let network = Network::new(&study, if self.portable { Kernel::Portable } else { Kernel::best() })?;
        let tasks = network.tasks();
        let folder = common.results.join(&study.name);
        let computation = Computation {
            network: &network,
            experiment: &network,
            tasks: &tasks,
            folder: &folder,
            maker: Maker::OURS,
            render: self.render,
            asked: journal::Asked { command: std::env::args().skip(1).collect(), ..Default::default() },
        };
        let progress = common.mode().start(&study);
        let stop = signal::stop_flag()?;
        let events = |event: Event<'_>| progress.event(&event);
        match common.on_threads(|| computation.run(&events, &|notice| text::warn(notice), &stop))?? {
            Answer::Current { root, .. } => {
                if common.json() {
                    tell(&study, &folder, 0, root, started.elapsed().as_secs_f64());
                } else if !common.quiet {
                    let runs = text::count(tasks.len(), "run");
                    text::say(format!("nothing to do: all {runs} are in {}, and so is the report", folder.display()));
                }
                Ok(Exit::Done)
            }
            Answer::Interrupted { kept } => {
                let runs = text::count(tasks.len(), "run");
                text::warn(format!(
                    "interrupted: {kept} of {runs} are safe in {}; the same command goes on from there:\n  {}",
                    folder.display(),
                    text::command_line()
                ));
                Ok(Exit::Interrupted)
            }
            Answer::Computed { rendered, records, computed, left_out, entry, trained } => {
                let rows = rows(&tasks, &records);
                let root = rendered.manifest.root;
                if common.json() {
                    tell(&study, &folder, computed, root, entry.seconds);
                } else if !common.quiet {
                    let rate = if computed == 0 { String::new() } else { format!(", {:.1} million steps/s", entry.steps as f64 / trained / 1e6) };
                    summary_table(&rendered.summary);
                    text::say(format!(
                        "\n{} ({} new) in {}{rate}\nroot   {root}\nreport {}\nprove  restudy verify {}",
                        text::count(tasks.len(), "run"),
                        text::thousands(computed as u64),
                        text::duration(entry.seconds),
                        folder.join("report.md").display(),
                        folder.display(),
                    ));
                }
                if left_out > 0 && !common.quiet {
                    text::warn(format!(
                        "{} held {} that this specification does not ask for; they are kept, but no longer in its report",
                        folder.display(),
                        text::count(left_out, "run")
                    ));
                }
                let failed = rows.iter().any(|row| matches!(row.record.outcome, Outcome::Failed { .. }));
                Ok(if failed { Exit::Failed } else { Exit::Done })
            }
        }
    }
}

/// Tells a program what was done.
fn tell(study: &Study, folder: &Path, computed: usize, root: Digest, seconds: f64) {
    let runs = study.run_count();
    text::say(json!({ "study": study.name, "folder": folder, "runs": runs, "computed": computed, "root": root, "seconds": seconds }));
}
