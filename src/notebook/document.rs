use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Map, Value, json};

use super::{NotebookCause, NotebookError};
use crate::{digest::Digest, store};

/// A notebook in format 4, as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    value: Value,
}

/// The languages in which parameters can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `let name: type = value;`
    Rust,
    /// `name = value`
    Python,
}

const MOST_BYTES: u64 = 512 * 1024 * 1024;

impl Document {
    /// Reads a notebook.
    ///
    /// # Errors
    /// The file cannot be read, or is not a notebook in format 4.
    pub fn read(path: &Path) -> Result<Self, NotebookError> {
        let shown = path.display();
        let gone = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                NotebookError::new(NotebookCause::Missing, format!("there is no file {shown}"), "check the path")
            }
            _ => NotebookError::io("read", path, error),
        };
        let size = fs::metadata(path).map_err(gone)?.len();
        if size > MOST_BYTES {
            return Err(NotebookError::new(
                NotebookCause::TooLarge,
                format!("{shown} is larger than 512 MB"),
                "clear its outputs in Jupyter",
            ));
        }
        let text = fs::read_to_string(path).map_err(|error| NotebookError::io("read", path, error))?;
        Self::parse(&text, &shown.to_string())
    }

    /// Parses `text`, the content of the file `name`.
    ///
    /// # Errors
    /// The text is not a notebook in format 4.
    pub fn parse(text: &str, name: &str) -> Result<Self, NotebookError> {
        let not = |what: String, help: &str| {
            NotebookError::new(NotebookCause::Malformed, format!("{name} is not a notebook: {what}"), help)
        };
        let mut value: Value = serde_json::from_str(text).map_err(|error| {
            not(error.to_string(), "a notebook is a JSON file of Jupyter; was it cut off or merged?")
        })?;
        match (value["nbformat"].as_u64(), value["nbformat_minor"].as_u64()) {
            (Some(4), _) => {}
            (Some(older @ ..4), _) => {
                let message = format!("{name} has format {older}; only format 4 can be read");
                return Err(NotebookError::new(
                    NotebookCause::Format,
                    message,
                    "convert it: `jupyter nbconvert --to notebook --nbformat 4 FILE`",
                ));
            }
            (Some(newer), _) => {
                let message = format!("{name} has format {newer}; only format 4 can be read");
                return Err(NotebookError::new(
                    NotebookCause::Format,
                    message,
                    "use a newer restudy, or save the notebook in format 4",
                ));
            }
            (None, _) => return Err(not("it has no integer `nbformat`".into(), "is this another JSON file?")),
        }
        let Some(cells) = value.get_mut("cells").and_then(Value::as_array_mut) else {
            return Err(not("it has no list `cells`".into(), "save it again in Jupyter"));
        };
        for (index, cell) in cells.iter().enumerate() {
            let known = matches!(cell["cell_type"].as_str(), Some("code" | "markdown" | "raw"));
            let source = cell["source"].is_string()
                || cell["source"].as_array().is_some_and(|lines| lines.iter().all(Value::is_string));
            if !(known && source) {
                let what = if known { "has no text `source`" } else { "is neither code, markdown nor raw" };
                return Err(not(format!("cell {} {what}", index + 1), "save it again in Jupyter"));
            }
        }
        give_ids(cells);
        if value["nbformat_minor"].as_u64().is_none_or(|minor| minor < 5) {
            value["nbformat_minor"] = json!(5);
        }
        if !value["metadata"].is_object() {
            value["metadata"] = json!({});
        }
        Ok(Self { value })
    }

    /// Returns the text of the file as Jupyter writes it: keys sorted, one space per level.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut bytes = Vec::new();
        let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
        let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
        serde::Serialize::serialize(&sorted(&self.value), &mut serializer).expect("a vector takes all bytes");
        bytes.push(b'\n');
        String::from_utf8(bytes).expect("JSON is UTF-8")
    }

    /// Writes the file atomically.
    ///
    /// # Errors
    /// The file cannot be written; an existing file is unchanged.
    pub fn write(&self, path: &Path) -> Result<(), NotebookError> {
        Ok(store::write(path, self.to_text().as_bytes())?)
    }

    /// Returns the cells.
    #[must_use]
    pub fn cells(&self) -> &[Value] {
        self.value["cells"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Returns the cells, mutable.
    pub fn cells_mut(&mut self) -> &mut Vec<Value> {
        self.value.get_mut("cells").and_then(Value::as_array_mut).expect("checked when it was read")
    }

    pub(super) fn metadata(&self) -> &Value {
        &self.value["metadata"]
    }

    /// Returns the name of the kernel in the metadata.
    #[must_use]
    pub fn kernel(&self) -> Option<&str> {
        self.value["metadata"]["kernelspec"]["name"].as_str()
    }

    /// Returns the name of the language in the metadata, in lowercase.
    #[must_use]
    pub fn language_name(&self) -> Option<String> {
        let metadata = &self.value["metadata"];
        let name = metadata["language_info"]["name"].as_str().or(metadata["kernelspec"]["language"].as_str());
        name.map(str::to_lowercase)
    }

    /// Returns the language, if parameters can be written in it.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        match self.language_name()?.as_str() {
            "rust" => Some(Language::Rust),
            "python" => Some(Language::Python),
            _ => None,
        }
    }

    /// Sets the kernel in the metadata, as Jupyter does.
    pub fn set_kernel(&mut self, name: &str, display_name: &str, language_info: Value) {
        let language = language_info["name"].as_str().unwrap_or_default().to_lowercase();
        let metadata = &mut self.value["metadata"];
        for (key, value) in [("name", name), ("display_name", display_name), ("language", language.as_str())] {
            metadata["kernelspec"][key] = json!(value);
        }
        metadata["language_info"] = language_info;
    }

    /// Removes outputs and execution counts; returns the number of cells that had any.
    pub fn clean(&mut self) -> usize {
        let mut cleaned = 0;
        for cell in self.cells_mut().iter_mut().filter(|cell| is_code(cell)) {
            let dirty =
                !cell["execution_count"].is_null() || cell["outputs"].as_array().is_some_and(|list| !list.is_empty());
            cleaned += usize::from(dirty);
            cell["execution_count"] = Value::Null;
            cell["outputs"] = json!([]);
            if let Some(metadata) = cell.get_mut("metadata").and_then(Value::as_object_mut) {
                // Front ends note the time of execution here.
                metadata.remove("execution");
                metadata.remove("ExecuteTime");
            }
        }
        cleaned
    }
}

pub(super) fn is_code(cell: &Value) -> bool {
    cell["cell_type"] == "code"
}

pub(super) fn has_tag(cell: &Value, tag: &str) -> bool {
    cell["metadata"]["tags"].as_array().is_some_and(|tags| tags.iter().any(|own| own == tag))
}

/// Text that is a string, or a list of lines as Jupyter stores it.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

/// Text as Jupyter stores it: a list of lines with their ends.
pub(super) fn lines_of(text: &str) -> Value {
    json!(text.split_inclusive('\n').collect::<Vec<_>>())
}

/// Gives every cell a unique identifier that depends only on the notebook.
fn give_ids(cells: &mut [Value]) {
    let mut taken = BTreeSet::new();
    for cell in cells.iter_mut() {
        let own = cell["id"].as_str().filter(|id| is_id(id)).map(str::to_owned);
        let source = text_of(&cell["source"]);
        let made = (0..).map(|turn: u64| Digest::of(format!("{turn} {source}").as_bytes()).short()[..8].to_owned());
        let id = own.into_iter().chain(made).find(|id| !taken.contains(id)).unwrap_or_default();
        cell["id"] = json!(id);
        taken.insert(id);
    }
}

/// Whether format 4.5 allows an identifier.
fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

pub(super) fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            Value::Object(entries.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        single => single.clone(),
    }
}
