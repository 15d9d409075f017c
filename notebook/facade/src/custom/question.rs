//! Builds the specification of a study of a closure by calls.

use std::{collections::BTreeMap, fmt::Write, sync::Arc};

use restudy::{experiment::Kind, run::Literal, sweep::Study};
use serde_json::Value;

use crate::{asking, error::Result};

/// The specification of a study, built by calls. Settings and axes are named as in the experiment: `points` is
/// `settings.points`.
#[derive(Debug, Clone)]
#[must_use = "it becomes a study by `.study()?`"]
pub struct Question {
    kind: Arc<dyn Kind>,
    name: String,
    question: String,
    /// The fixed settings by section and key.
    fixed: BTreeMap<String, Vec<(String, String)>>,
    axes: Vec<(String, String)>,
    seeds: Option<u64>,
    figures: Vec<(String, String)>,
}

impl Question {
    pub(super) fn new(kind: Arc<dyn Kind>, name: &str, question: &str) -> Self {
        let (name, question) = (name.into(), question.into());
        let (fixed, axes, seeds, figures) = (BTreeMap::new(), Vec::new(), None, Vec::new());
        Self { kind, name, question, fixed, axes, seeds, figures }
    }

    /// Sets a setting for all runs.
    pub fn with(mut self, path: &str, value: impl Into<Literal>) -> Self {
        let path = self.path(path);
        let (section, key) = path.rsplit_once('.').unwrap_or(("settings", &path));
        self.fixed.entry(section.into()).or_default().push((key.into(), value.into().to_string()));
        self
    }

    /// Sweeps a setting over these values.
    pub fn axis(mut self, path: &str, values: impl IntoIterator<Item = impl Into<Literal>>) -> Self {
        let values: Vec<String> = values.into_iter().map(|value| value.into().to_string()).collect();
        self.axes.push((self.path(path), format!("[{}]", values.join(", "))));
        self
    }

    /// Sets the number of seeds of every trial, from 0; the default is one.
    pub fn seeds(mut self, count: u64) -> Self {
        self.seeds = Some(count);
        self
    }

    /// Adds a figure: its name, and a line of a specification: `curves = { metric = "distance", by = "settings.points"
    /// }`.
    pub fn figure(mut self, name: &str, line: &str) -> Self {
        self.figures.push((name.into(), line.into()));
        self
    }

    /// Returns the text of the specification.
    #[must_use]
    pub fn text(&self) -> String {
        let own = self.kind.declaration();
        let (question, name) = (quoted(&self.question), quoted(&own.name));
        let mut text =
            format!("[study]\nquestion = {question}\n\n[experiment]\nname = {name}\nversion = {}\n", own.version);
        for (section, settings) in &self.fixed {
            let _ = writeln!(text, "\n[{}]", path_in_toml(section));
            for (key, value) in settings {
                let _ = writeln!(text, "{} = {value}", path_in_toml(key));
            }
        }
        if !self.axes.is_empty() || self.seeds.is_some() {
            text.push_str("\n[sweep]\n");
        }
        for (path, values) in &self.axes {
            let _ = writeln!(text, "{} = {values}", quoted(path));
        }
        if let Some(seeds) = self.seeds {
            let _ = writeln!(text, "seeds = {seeds}");
        }
        for (name, line) in &self.figures {
            let _ = writeln!(text, "\n[figures.{}]\n{line}", path_in_toml(name));
        }
        text
    }

    /// Reads and checks the specification.
    ///
    /// # Errors
    /// The name is invalid for a folder, or the specification is invalid.
    pub fn study(&self) -> Result<Study> {
        asking::study_from(&self.name, &self.text())
    }

    fn path(&self, path: &str) -> String {
        let (section, _) = path.split_once('.').unwrap_or(("", path));
        let is_whole = self.kind.sections().iter().any(|own| own == section);
        if is_whole { path.into() } else { format!("settings.{path}") }
    }
}

/// A text in quotes; JSON strings are TOML strings.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A dotted key; each part is bare if possible.
fn path_in_toml(path: &str) -> String {
    let bare = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let key = |key: &str| if bare(key) { key.to_owned() } else { quoted(key) };
    path.split('.').map(key).collect::<Vec<_>>().join(".")
}
