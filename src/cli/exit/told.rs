//! What a program is told of a command that failed: the same as a person is, as an object.

use std::{
    error::Error,
    sync::atomic::{AtomicBool, Ordering},
};

use miette::Diagnostic;
use serde_json::{Value, json};

use super::{BLANK, Exit};
use crate::{progress::output, spec::Code};

static FOR_PROGRAM: AtomicBool = AtomicBool::new(false);

/// Says that results go to a program: from then on, errors do too.
pub(in crate::cli) fn to_program() {
    FOR_PROGRAM.store(true, Ordering::Relaxed);
}

/// Prints the object of an error, if results go to a program; `codes` are those of the mistakes in a specification.
pub(super) fn tell(error: &dyn Diagnostic, codes: &[Code], exit: Exit) {
    if FOR_PROGRAM.load(Ordering::Relaxed) {
        let mut told = object(error);
        for (place, code) in codes.iter().enumerate() {
            let one = if place == 0 { &mut told } else { &mut told["others"][place - 1] };
            one["fault"] = json!(code.as_str());
        }
        told["code"] = json!(exit as u8);
        output::out_json(&told);
    }
}

/// Prints an error that has no diagnostic, if results go to a program.
pub(in crate::cli) fn tell_text(error: &str, help: Option<&str>, exit: Exit) {
    if FOR_PROGRAM.load(Ordering::Relaxed) {
        output::out_json(&json!({ "error": error, "help": help, "code": exit as u8 }));
    }
}

fn object(error: &dyn Diagnostic) -> Value {
    let plain = |text: String| text.replace(BLANK, " ");
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message.push_str(&format!(": {cause}"));
        source = Error::source(cause);
    }
    let mut told = json!({ "error": plain(message), "help": error.help().map(|help| plain(help.to_string())) });
    if let Some(code) = error.code() {
        told["fault"] = json!(code.to_string());
    }
    let at: Vec<_> = error.labels().into_iter().flatten().filter_map(|label| place(error, &label)).collect();
    if !at.is_empty() {
        told["at"] = json!(at);
    }
    let others: Vec<_> = error.related().into_iter().flatten().map(object).collect();
    if !others.is_empty() {
        told["others"] = json!(others);
    }
    told
}

/// Where a label stands, both counted from 1, and what it says there.
fn place(error: &dyn Diagnostic, label: &miette::LabeledSpan) -> Option<Value> {
    let contents = error.source_code()?.read_span(label.inner(), 0, 0).ok()?;
    let (file, line, column) = (contents.name(), contents.line() + 1, contents.column() + 1);
    Some(json!({ "file": file, "line": line, "column": column, "says": label.label() }))
}
