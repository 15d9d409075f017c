//! Citations of stored numbers in Markdown files and in the cells of notebooks, for `cite` and `report --check`.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    rc::Rc,
};

use serde_json::{Value, json};

use super::{CliError, Code, Common, folder::Folder, text};
use crate::{
    digest::Digest,
    notebook::Document,
    report::cite::{self, Fault, Keep, Reason, Sheet},
    store::{self, StoreError},
};

pub(super) struct Text {
    file: PathBuf,
    document: Option<Document>,
    pieces: Vec<Piece>,
}

struct Piece {
    cell: Option<usize>,
    text: String,
}

/// The outcome of checking the citations of a file.
pub(super) struct Checked {
    pub(super) hold: usize,
    pub(super) faults: Vec<(Option<usize>, Fault)>,
}

impl Checked {
    /// Whether a citation names no stored number.
    pub(super) fn unknown(&self) -> bool {
        self.faults.iter().any(|(_, fault)| fault.is_unknown())
    }
}

/// The summaries that the citations name, each read once.
pub(super) struct Sheets<'a> {
    results: &'a Path,
    /// The folder for citations without a study name.
    own: Option<&'a Path>,
    /// Whether only this study may be cited, as in the answer of a specification.
    only_own: bool,
    cache: RefCell<BTreeMap<PathBuf, Result<Rc<Sheet>, String>>>,
}

impl<'a> Sheets<'a> {
    pub(super) fn new(results: &'a Path, own: Option<&'a Path>) -> Self {
        Self { results, own, only_own: false, cache: RefCell::default() }
    }

    /// The summaries for an answer, which may cite its own study only.
    pub(super) fn of_answer(own: &'a Path) -> Self {
        Self { results: own, own: Some(own), only_own: true, cache: RefCell::default() }
    }

    fn find(&self, name: Option<&str>) -> Result<Rc<Sheet>, String> {
        let folder = match (name, self.own) {
            (Some(name), Some(folder)) if folder.file_name().is_some_and(|own| own == name) => folder.into(),
            (Some(name), _) if self.only_own => {
                return Err(format!("an answer may cite its own study only, not {name}"));
            }
            (Some(name), _) => self.results.join(name),
            (None, Some(folder)) => folder.into(),
            (None, None) => {
                return Err("it names no study: begin it with a name, such as `hidden:`, or use --of FOLDER".into());
            }
        };
        self.cache.borrow_mut().entry(folder.clone()).or_insert_with(|| sheet(&folder)).clone()
    }
}

impl Text {
    pub(super) fn read(file: &Path) -> Result<Self, CliError> {
        let notebook = file.extension().is_some_and(|extension| extension == "ipynb");
        let document = if notebook { Some(Document::read(file)?) } else { None };
        let pieces = match &document {
            Some(document) => cells(document),
            None => vec![Piece { cell: None, text: read(file)? }],
        };
        Ok(Self { file: file.into(), document, pieces })
    }

    /// The answer of a specification.
    pub(super) fn of_answer(answer: &str) -> Self {
        Self { file: PathBuf::new(), document: None, pieces: vec![Piece { cell: None, text: answer.into() }] }
    }

    /// Compares every citation with the stored number.
    pub(super) fn check(&self, sheets: &Sheets<'_>) -> Checked {
        let mut checked = Checked { hold: 0, faults: Vec::new() };
        for piece in &self.pieces {
            let (hold, found) = cite::check(&piece.text, &|name| sheets.find(name));
            checked.hold += hold;
            checked.faults.extend(found.into_iter().map(|fault| (piece.cell, fault)));
        }
        checked
    }

    pub(super) fn fill(mut self, sheets: &Sheets<'_>) -> Result<(), CliError> {
        let find = |name: Option<&str>| sheets.find(name);
        let fill = |text: &str| cite::fill(text, &find, Keep::Comment).unwrap_or_else(|_| text.to_owned());
        match &mut self.document {
            Some(document) => {
                for piece in &self.pieces {
                    piece.cell.into_iter().for_each(|cell| put(&mut document.cells_mut()[cell], &fill(&piece.text)));
                }
                document.write(&self.file)?;
            }
            None => store::write(&self.file, fill(&self.pieces[0].text).as_bytes()).map_err(StoreError::of_named)?,
        }
        Ok(())
    }

    pub(super) fn print(&self, checked: &Checked, common: &Common) {
        self.list(checked, common);
        if !common.quiet && !common.json() {
            let all = text::count(checked.hold + checked.faults.len(), "citation");
            let verb = if checked.hold == 1 { "matches" } else { "match" };
            text::say(format!("{}: {} of {all} {verb}", self.file.display(), text::thousands(checked.hold as u64)));
        }
    }

    /// Prints the citations that name no stored number.
    pub(super) fn print_unknown(&self, mut checked: Checked, common: &Common) {
        let all = text::count(checked.hold + checked.faults.len(), "citation");
        checked.faults.retain(|(_, fault)| fault.is_unknown());
        self.list(&checked, common);
        if !common.quiet && !common.json() {
            let (file, unknown) = (self.file.display(), text::thousands(checked.faults.len() as u64));
            let verb = if checked.faults.len() == 1 { "names" } else { "name" };
            text::say(format!("{file}: nothing was filled in: {unknown} of {all} {verb} no stored number"));
        }
    }

    fn list(&self, checked: &Checked, common: &Common) {
        let Checked { hold, faults } = checked;
        let file = self.file.display();
        if common.json() {
            let list = faults.iter().map(|(cell, fault)| {
                let (written, stored, reason) = match &fault.reason {
                    Reason::Differs { written, stored } => (Some(written), Some(stored), None),
                    Reason::Unknown(reason) => (None, None, Some(reason)),
                };
                json!({ "cell": cell, "line": fault.line, "citation": fault.citation, "written": written, "stored": stored, "reason": reason })
            });
            text::say_json(
                json!({ "file": self.file.to_string_lossy(), "hold": hold, "faults": list.collect::<Vec<_>>() }),
            );
            return;
        }
        for (cell, fault) in faults {
            let cell = cell.map_or_else(String::new, |cell| format!("cell {}, ", cell + 1));
            text::say(format!("{file}: {cell}{fault}"));
        }
    }
}

fn read(file: &Path) -> Result<String, CliError> {
    let bytes = store::read(file).map_err(|error| StoreError::io("read", file, error))?;
    String::from_utf8(bytes).map_err(|_| {
        CliError::usage(
            Code::CiteNotUtf8,
            format!("{} is not UTF-8", file.display()),
            "give a Markdown file or a notebook",
        )
    })
}

/// The summary in a results folder, if it has the digest that the manifest lists.
fn sheet(folder: &Path) -> Result<Rc<Sheet>, String> {
    let open = Folder::open(folder)
        .map_err(|_| format!("{} is not the results folder of a finished study", folder.display()))?;
    if open.require_root().is_err() {
        return Err(format!(
            "the manifest of {} was edited: its root is not that of the runs it lists",
            folder.display()
        ));
    }
    let file = folder.join("summary.csv");
    let bytes = store::read(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    if open.manifest.files.get("summary.csv").is_none_or(|digest| *digest != Digest::of(&bytes)) {
        return Err(format!("{} was changed: it is not the file that the manifest lists", file.display()));
    }
    Sheet::new(open.study, &String::from_utf8_lossy(&bytes)).map(Rc::new)
}

fn cells(document: &Document) -> Vec<Piece> {
    let texts = document.cells().iter().enumerate().filter(|(_, cell)| cell["cell_type"] == "markdown");
    let joined = |source: &Value| match source {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    texts.map(|(index, cell)| Piece { cell: Some(index), text: joined(&cell["source"]) }).collect()
}

/// Replaces the text of a cell, and keeps its form: one string or a list of lines.
fn put(cell: &mut Value, text: &str) {
    cell["source"] = if cell["source"].is_array() { text.split_inclusive('\n').collect() } else { text.into() };
}
