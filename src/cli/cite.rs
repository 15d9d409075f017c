use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{
    CliError, Command, Common, Exit,
    citations::{Sheets, Text},
    text,
};

/// Fill in the numbers that a Markdown file or a notebook cites, or check them.
///
/// A citation has the form {{ hidden: hidden=7 validation.error mean .2% }}: the study, the settings of one trial, the
/// measurement, the statistic, and the rounding. Filled in, it becomes the number followed by a comment, so that it can
/// be updated and checked later. In notebooks, the Markdown cells are read.
///
/// Double braces of other tools, such as templates, are ignored in code, between backticks, and after a backslash: \{{
/// page.title }}, which Markdown shows as {{ page.title }}.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Cite {
    /// Markdown file or notebook.
    file: PathBuf,
    /// Results folder for citations that name no study.
    #[arg(long = "of", value_name = "FOLDER")]
    study: Option<PathBuf>,
    /// Write nothing; list the numbers that differ from the stored ones.
    #[arg(long)]
    check: bool,
}

const EXAMPLES: &str = "\
Exit codes:
  0  all numbers are filled in, or match with --check
  2  a citation names no stored number; nothing was written
  4  --check found a number that differs, or a citation without a stored number

Examples:
  restudy cite paper.md                        find studies by name in the folder of --results
  restudy cite paper.md --of results/hidden    use this one where no study is named
  restudy cite notebooks/study.ipynb --check    compare the numbers, write nothing

Statistics: mean, sd, median, iqm, low, high, interval; runs, diverged, failed, zero-share, zero-epoch-median.";

impl Command for Cite {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let sheets = Sheets::new(&common.results, self.study.as_deref());
        let cited = Text::read(&self.file)?;
        let checked = cited.check(&sheets);
        if self.check {
            cited.print(&checked, common);
            return Ok(if checked.faults.is_empty() { Exit::Done } else { Exit::Difference });
        }
        if checked.unknown() {
            // Nothing is written until every citation names a number.
            cited.print_unknown(checked, common);
            return Ok(Exit::Usage);
        }
        let (filled, hold) = (checked.faults.len(), checked.hold);
        if filled > 0 {
            cited.fill(&sheets)?;
        }
        if common.json() {
            text::say_json(json!({ "file": self.file.to_string_lossy(), "filled": filled, "held": hold }));
        } else if !common.quiet {
            let numbers = text::count(filled, "number");
            text::say(format!("{}: {numbers} filled in, {hold} already current", self.file.display()));
        }
        Ok(Exit::Done)
    }
}
