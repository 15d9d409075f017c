use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{
    CliError, Command, Common, Exit,
    citations::{Sheets, Text},
    text,
};

/// Fill in the numbers that a Markdown file or a notebook cites, or check those that are written there.
///
/// A citation is {{ hidden: hidden=7 validation.error mean .2% }}: the study, settings that name one of its trials, what was measured, the statistic, and how to round it.
/// Filled in, it becomes a comment behind its number, so that it can be filled in and checked again. Of a notebook, the cells of text are read. Braces of another program, such as a template, are left alone in code, between backticks,
/// and behind a backslash: \{{ page.title }}, which Markdown shows as {{ page.title }}. With --check nothing is written, and the exit code is 4
/// if a number that is written is not what the store says.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Cite {
    /// A Markdown file or a notebook.
    file: PathBuf,
    /// The results folder of the study that citations without a name are about.
    #[arg(long = "of", value_name = "FOLDER")]
    study: Option<PathBuf>,
    /// Write nothing, and say what does not hold.
    #[arg(long)]
    check: bool,
}

const EXAMPLES: &str = "\
Examples:
  restudy cite paper.md                        studies by name, in the folder of --results
  restudy cite paper.md --of results/hidden    and one for citations without a name
  restudy cite notebooks/study.ipynb --check

Statistics: mean, sd, median, iqm, low, high, interval; runs, diverged, failed, zero-share, zero-epoch-median.";

impl Command for Cite {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let sheets = Sheets::new(&common.results, self.study.as_deref());
        let cited = Text::read(&self.file)?;
        let held = cited.check(&sheets);
        if self.check {
            cited.tell(&held, common);
            return Ok(if held.faults.is_empty() { Exit::Done } else { Exit::Difference });
        }
        if held.unknown() {
            // What could be filled in needs no attention; it is, once the others can be.
            cited.tell_unknown(held, common);
            return Ok(Exit::Usage);
        }
        let (filled, hold) = (held.faults.len(), held.hold);
        if filled > 0 {
            cited.fill(&sheets)?;
        }
        if common.json() {
            text::say_json(json!({ "file": self.file.to_string_lossy(), "filled": filled, "held": hold }));
        } else if !common.quiet {
            let numbers = text::count(filled, "number");
            text::say(format!("{}: {numbers} filled in, {hold} held already", self.file.display()));
        }
        Ok(Exit::Done)
    }
}
