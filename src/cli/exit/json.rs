//! The error of a command as a JSON object.

use std::{
    error::Error,
    sync::atomic::{AtomicBool, Ordering},
};

use miette::Diagnostic;
use serde_json::{Value, json};

use super::{BLANK, Exit};
use crate::{cli::Code, progress::output, spec::Code as SpecCode};

static AS_JSON: AtomicBool = AtomicBool::new(false);

/// Prints all later errors as JSON too.
pub(in crate::cli) fn print_errors_as_json() {
    AS_JSON.store(true, Ordering::Relaxed);
}

/// Prints the object of an error if results are JSON; `codes` are those of the mistakes in a specification.
pub(super) fn print(error: &dyn Diagnostic, codes: &[SpecCode], exit: Exit) {
    if AS_JSON.load(Ordering::Relaxed) {
        let mut object = to_object(error);
        for (place, code) in codes.iter().enumerate() {
            let one = if place == 0 { &mut object } else { &mut object["others"][place - 1] };
            one["fault"] = json!(code.as_str());
        }
        object["code"] = json!(exit as u8);
        output::out_json(&object);
    }
}

/// Prints an error without a diagnostic if results are JSON.
pub(in crate::cli) fn print_text(code: Code, error: &str, help: Option<&str>) {
    if AS_JSON.load(Ordering::Relaxed) {
        output::out_json(&json!({ "error": error, "help": help, "fault": code.as_str(), "code": code.exit() as u8 }));
    }
}

fn to_object(error: &dyn Diagnostic) -> Value {
    let plain = |text: String| text.replace(BLANK, " ");
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message.push_str(&format!(": {cause}"));
        source = Error::source(cause);
    }
    let mut object = json!({ "error": plain(message), "help": error.help().map(|help| plain(help.to_string())) });
    if let Some(code) = error.code() {
        object["fault"] = json!(code.to_string());
    }
    let at: Vec<_> = error.labels().into_iter().flatten().filter_map(|label| place(error, &label)).collect();
    if !at.is_empty() {
        object["at"] = json!(at);
    }
    let others: Vec<_> = error.related().into_iter().flatten().map(to_object).collect();
    if !others.is_empty() {
        object["others"] = json!(others);
    }
    object
}

/// The position of a label, counted from 1, and its text.
fn place(error: &dyn Diagnostic, label: &miette::LabeledSpan) -> Option<Value> {
    let contents = error.source_code()?.read_span(label.inner(), 0, 0).ok()?;
    let (file, line, column) = (contents.name(), contents.line() + 1, contents.column() + 1);
    Some(json!({ "file": file, "line": line, "column": column, "says": label.label() }))
}
