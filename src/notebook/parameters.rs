//! Parameters as in papermill: the cell tagged `parameters` declares names and defaults, and `--set name=value` inserts
//! a cell tagged `injected-parameters` after it.

use serde_json::json;

use super::{
    Document, Language, NotebookCause, NotebookError,
    document::{has_tag, is_code, lines_of, text_of},
};

struct Declared {
    name: String,
    /// The text before the value: `let epochs: u64 = `.
    before: String,
    default: String,
    /// The text after the value: `;`.
    after: &'static str,
}

impl Document {
    /// Sets parameters, each as `name=value`, and replaces those of an earlier call.
    ///
    /// # Errors
    /// The notebook does not declare the parameter, or the value cannot be written in its language.
    pub fn set_parameters(&mut self, sets: &[String]) -> Result<(), NotebookError> {
        if sets.is_empty() {
            return Ok(());
        }
        let language = self.language().ok_or_else(|| {
            let found = self.language_name().unwrap_or_else(|| "no language".into());
            NotebookError::new(
                NotebookCause::Parameters,
                format!("parameters can be set in Rust and Python notebooks; this one names {found}"),
                "edit the values in the notebook",
            )
        })?;
        let tagged = |cell: &serde_json::Value| is_code(cell) && has_tag(cell, "parameters");
        let Some(place) = self.cells().iter().position(tagged) else {
            let help = "tag the cell that declares them: in JupyterLab, property inspector, cell tags, `parameters`";
            return Err(NotebookError::new(
                NotebookCause::Parameters,
                "the notebook has no cell tagged `parameters`",
                help,
            ));
        };
        let declared = declarations(&text_of(&self.cells()[place]["source"]), language);
        let mut lines = Vec::new();
        for set in sets {
            let (name, value) =
                set.split_once('=').map(|(name, value)| (name.trim(), value.trim())).ok_or_else(|| {
                    NotebookError::new(
                        NotebookCause::Parameters,
                        format!("`--set {set}` is not NAME=VALUE"),
                        "write, for example, --set epochs=20",
                    )
                })?;
            let own = declared.iter().find(|own| own.name == name).ok_or_else(|| {
                let names: Vec<_> = declared.iter().map(|own| format!("`{}`", own.name)).collect();
                let help = if names.is_empty() {
                    "its cell tagged `parameters` declares none".into()
                } else {
                    format!("choose from {}", names.join(", "))
                };
                NotebookError::new(NotebookCause::Parameters, format!("the notebook has no parameter `{name}`"), help)
            })?;
            lines.push(format!("{}{}{}", own.before, written(own, value, language)?, own.after));
        }
        let comment = if language == Language::Rust { "//" } else { "#" };
        let source = format!("{comment} Parameters\n{}", lines.join("\n"));
        self.cells_mut().retain(|cell| !has_tag(cell, "injected-parameters"));
        let cell = json!({
            "cell_type": "code", "execution_count": null, "id": "injected-parameters",
            "metadata": { "tags": ["injected-parameters"] }, "outputs": [], "source": lines_of(&source),
        });
        let place = self.cells().iter().position(tagged).map_or(0, |place| place + 1);
        self.cells_mut().insert(place, cell);
        Ok(())
    }
}

/// The declarations of a cell, one per line.
fn declarations(source: &str, language: Language) -> Vec<Declared> {
    source.lines().filter_map(|line| declaration(line, language)).collect()
}

fn declaration(line: &str, language: Language) -> Option<Declared> {
    let (left, right) = line.split_once('=')?;
    let (declared, after) = match language {
        Language::Rust => {
            let name = left.trim().strip_prefix("let ")?.trim_start();
            (name.strip_prefix("mut ").unwrap_or(name), ";")
        }
        Language::Python if line.starts_with(char::is_whitespace) => return None,
        Language::Python => (left, ""),
    };
    let name = declared.split(':').next()?.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let default = match language {
        Language::Rust => right.rsplit_once(';')?.0,
        Language::Python => right.split(" #").next()?,
    };
    let valid = !name.is_empty() && name.chars().all(plain) && !right.starts_with('=');
    valid.then(|| Declared { name: name.into(), before: format!("{}= ", left), default: default.trim().into(), after })
}

/// The value in the syntax of the language; text if the default is text.
fn written(declared: &Declared, value: &str, language: Language) -> Result<String, NotebookError> {
    let name = &declared.name;
    let default = &declared.default;
    let text = default.starts_with(['"', '\'']) || default.starts_with("String::from(\"");
    if text {
        let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
        let quoted = format!("{bare:?}");
        // Calls on the default text, such as `.into()`, are kept.
        let start = default.find(['"', '\'']).unwrap_or(0);
        let end = default.rfind(['"', '\'']).unwrap_or(0);
        return Ok(format!("{}{quoted}{}", &default[..start], &default[end + 1..]));
    }
    let number = value.replace('_', "").parse::<f64>().is_ok();
    let truth = ["true", "false", "True", "False", "None"].contains(&value);
    let list = value.starts_with('[') && value.ends_with(']') || value.starts_with("vec![") && value.ends_with(']');
    if !(number || truth || list) || value.contains([';', '\n']) {
        let message = format!("`{name}` cannot be `{value}`");
        return Err(NotebookError::new(
            NotebookCause::Parameters,
            message,
            format!("expected a number, true or false, or a list; its default is `{default}`"),
        ));
    }
    let float = default.parse::<f64>().is_ok() && default.contains(['.', 'e']);
    let whole = !value.contains(['.', 'e', '[']) && number;
    Ok(match language {
        // An integer for a float parameter needs a decimal point.
        Language::Rust if float && whole => format!("{value}.0"),
        _ => value.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notebook(language: &str, source: &str) -> Document {
        let text = json!({
            "nbformat": 4, "nbformat_minor": 4, "metadata": { "kernelspec": { "name": "x", "language": language } },
            "cells": [
                { "cell_type": "markdown", "metadata": {}, "source": "# A" },
                { "cell_type": "code", "metadata": { "tags": ["parameters"] }, "outputs": [], "execution_count": null, "source": source },
                { "cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": "1" },
            ],
        });
        Document::parse(&text.to_string(), "a.ipynb").unwrap()
    }

    fn injected(language: &str, source: &str, sets: &[&str]) -> Result<String, String> {
        let mut notebook = notebook(language, source);
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        notebook.set_parameters(&sets).map_err(|error| error.to_string())?;
        let again = notebook.clone();
        notebook.set_parameters(&sets).map_err(|error| error.to_string())?;
        assert_eq!(notebook, again, "a second call replaces the values");
        assert_eq!(notebook.cells().len(), 4);
        Ok(text_of(&notebook.cells()[2]["source"]))
    }

    #[test]
    fn a_parameter_keeps_its_declaration() {
        let rust = "// what to train\nlet epochs: u64 = 100; // epochs\nlet rate = 0.02;\nlet mut file: String = \"a.csv\".into();";
        let set = injected("rust", rust, &["epochs=5", "rate=1", "file=b \"c\".csv"]).unwrap();
        assert_eq!(
            set,
            "// Parameters\nlet epochs: u64 = 5;\nlet rate = 1.0;\nlet mut file: String = \"b \\\"c\\\".csv\".into();"
        );
        let python = "epochs: int = 100  # epochs\nname = 'a'\nif x == 3:\n    y = 2";
        assert_eq!(
            injected("python", python, &["epochs=5", "name=b"]).unwrap(),
            "# Parameters\nepochs: int = 5\nname = \"b\""
        );
    }

    #[test]
    fn invalid_parameters_are_refused() {
        let source = "let epochs: u64 = 100;";
        assert_eq!(injected("rust", source, &["epoch=5"]).unwrap_err(), "the notebook has no parameter `epoch`");
        assert_eq!(injected("rust", source, &["epochs"]).unwrap_err(), "`--set epochs` is not NAME=VALUE");
        assert_eq!(injected("rust", source, &["epochs=5; panic!()"]).unwrap_err(), "`epochs` cannot be `5; panic!()`");
        assert!(injected("julia", source, &["epochs=5"]).unwrap_err().contains("julia"));
    }
}
