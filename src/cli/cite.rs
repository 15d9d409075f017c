use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
};

use clap::Args;
use serde_json::{Value, json};

use super::{CliError, Command, Common, Exit, folder::Folder, text};
use crate::{
    digest::Digest,
    notebook::Document,
    report::cite::{self, Fault, Keep, Reason, Sheet},
    store::{self, StoreError},
};

/// Fill in the numbers that a Markdown file or a notebook cites, or check those that are written there.
///
/// A citation is {{ hidden: hidden=7 validation.error mean .2% }}: the study, settings that name one of its trials, what was measured, the statistic, and how to round it.
/// Filled in, it becomes a comment behind its number, so that it can be filled in and checked again. Of a notebook, the cells of text are read. With --check nothing is written, and the exit code is 4
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

/// A text of the file with citations, and what to call its lines.
struct Piece {
    cell: Option<usize>,
    text: String,
}

impl Command for Cite {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let notebook = self.file.extension().is_some_and(|extension| extension == "ipynb");
        let mut document = if notebook { Some(Document::read(&self.file)?) } else { None };
        let pieces = match &document {
            Some(document) => cells(document),
            None => vec![Piece { cell: None, text: read(&self.file)? }],
        };
        let known = RefCell::new(BTreeMap::new());
        let find = |name: Option<&str>| -> Result<Rc<Sheet>, String> {
            let folder = match (name, &self.study) {
                (Some(name), Some(folder)) if folder.file_name().is_some_and(|own| own == name) => folder.clone(),
                (Some(name), _) => common.results.join(name),
                (None, Some(folder)) => folder.clone(),
                (None, None) => return Err("it names no study: begin with its name, `hidden:`, or use --of FOLDER".into()),
            };
            known.borrow_mut().entry(folder.clone()).or_insert_with(|| sheet(&folder)).clone()
        };
        let mut hold = 0;
        let mut faults = Vec::new();
        for piece in &pieces {
            let (held, found) = cite::check(&piece.text, &find);
            hold += held;
            faults.extend(found.into_iter().map(|fault| (piece.cell, fault)));
        }
        let unknown = faults.iter().any(|(_, fault)| matches!(fault.reason, Reason::Unknown(_)));
        if self.check || unknown {
            self.tell(hold, &faults, common);
            let exit = if faults.is_empty() { Exit::Done } else { Exit::Difference };
            return Ok(if unknown && !self.check { Exit::Usage } else { exit });
        }
        let fill = |text: &str| cite::fill(text, &find, Keep::Comment).unwrap_or_else(|_| text.to_owned());
        if !faults.is_empty() {
            match &mut document {
                Some(document) => {
                    for piece in pieces {
                        piece.cell.into_iter().for_each(|cell| put(&mut document.cells_mut()[cell], &fill(&piece.text)));
                    }
                    document.write(&self.file)?;
                }
                None => store::write(&self.file, fill(&pieces[0].text).as_bytes())?,
            }
        }
        let filled = faults.len();
        if common.json() {
            text::say(json!({ "file": self.file, "filled": filled, "held": hold }));
        } else if !common.quiet {
            text::say(format!("{}: {} filled in, {hold} held already", self.file.display(), text::count(filled, "number")));
        }
        Ok(Exit::Done)
    }
}

impl Cite {
    fn tell(&self, hold: usize, faults: &[(Option<usize>, Fault)], common: &Common) {
        let file = self.file.display();
        if common.json() {
            let told = faults.iter().map(|(cell, fault)| {
                let (written, stored, reason) = match &fault.reason {
                    Reason::Differs { written, stored } => (Some(written), Some(stored), None),
                    Reason::Unknown(reason) => (None, None, Some(reason)),
                };
                json!({ "cell": cell, "line": fault.line, "citation": fault.citation, "written": written, "stored": stored, "reason": reason })
            });
            text::say(json!({ "file": self.file, "hold": hold, "faults": told.collect::<Vec<_>>() }));
            return;
        }
        for (cell, fault) in faults {
            let cell = cell.map_or_else(String::new, |cell| format!("cell {}, ", cell + 1));
            text::say(format!("{file}: {cell}{fault}"));
        }
        if !common.quiet {
            let all = text::count(hold + faults.len(), "citation");
            text::say(format!("{file}: {hold} of {all} hold"));
        }
    }
}

fn read(file: &Path) -> Result<String, CliError> {
    let bytes = store::read(file).map_err(|error| StoreError::io("read", file, error))?;
    String::from_utf8(bytes).map_err(|_| CliError::usage(format!("{} is not UTF-8", file.display()), "give a Markdown file or a notebook"))
}

/// The summary in a results folder, if it is that of the manifest.
fn sheet(folder: &Path) -> Result<Rc<Sheet>, String> {
    let open = Folder::open(folder).map_err(|_| format!("{} is not a results folder of a finished study", folder.display()))?;
    let file = folder.join("summary.csv");
    let bytes = store::read(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    if open.manifest.files.get("summary.csv").is_none_or(|digest| *digest != Digest::of(&bytes)) {
        return Err(format!("{} is not the summary of the manifest: it was changed", file.display()));
    }
    Sheet::new(open.study, &String::from_utf8_lossy(&bytes)).map(Rc::new)
}

/// The cells of text of a notebook.
fn cells(document: &Document) -> Vec<Piece> {
    let texts = document.cells().iter().enumerate().filter(|(_, cell)| cell["cell_type"] == "markdown");
    let joined = |source: &Value| match source {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    texts.map(|(index, cell)| Piece { cell: Some(index), text: joined(&cell["source"]) }).collect()
}

/// Puts a text into a cell, in the form that it had there.
fn put(cell: &mut Value, text: &str) {
    cell["source"] = if cell["source"].is_array() { text.split_inclusive('\n').collect() } else { text.into() };
}
