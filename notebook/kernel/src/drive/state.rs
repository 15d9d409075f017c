//! A running cell: takes its messages, returns its result.

use serde_json::{Value, json};

use super::{Source, emit, outputs::Outputs};
use crate::{
    client::Channel,
    failure::{Failure, Mark},
    text::tail,
    wire::Message,
};

/// The result of a cell.
pub struct Done {
    pub count: Value,
    /// Its outputs in the form of a notebook.
    pub outputs: Vec<Value>,
    /// The content of its error, if it failed.
    pub error: Option<Value>,
}

/// A running cell.
pub struct State<'a> {
    cell: &'a Source,
    /// How the stock kernel reports failures.
    mark: Option<&'a Mark>,
    outputs: Outputs,
    reply: Option<Message>,
    idle: bool,
    error: Option<Value>,
    failed: Option<Value>,
    /// Whether all output of the cell has arrived.
    printed: bool,
}

impl<'a> State<'a> {
    pub fn new(cell: &'a Source, mark: Option<&'a Mark>) -> Self {
        Self {
            cell,
            mark,
            outputs: Outputs::default(),
            reply: None,
            idle: false,
            error: None,
            failed: None,
            printed: false,
        }
    }

    /// Adds a message of the cell, and emits events that are shown at once.
    pub fn take(&mut self, (channel, message): (Channel, Message), hidden: bool) -> Result<(), String> {
        let (kind, content, index) = (message.kind(), &message.content, self.cell.index);
        let text = content["text"].as_str().unwrap_or_default();
        match (channel, kind) {
            (Channel::Shell, _) => self.reply = Some(message),
            (Channel::Iopub, "status") => self.idle |= content["execution_state"] == "idle",
            (Channel::Iopub, "stream") if let Some(failed) = self.mark.and_then(|mark| mark.failure(text)) => {
                self.failed = Some(failed);
            }
            (Channel::Iopub, _) => {
                if kind == "error" {
                    self.error = Some(content.clone());
                }
                self.outputs.take(kind, content);
                if hidden {
                    return Ok(());
                }
                let plain =
                    content["data"]["text/plain"].as_str().filter(|_| !content["transient"]["display_id"].is_null());
                match (kind, plain) {
                    ("stream", _) if content["name"] == "stderr" => {
                        emit(&json!({ "event": "stream", "index": index, "name": "stderr", "text": text }))?
                    }
                    ("display_data" | "update_display_data", Some(plain)) => {
                        emit(&json!({ "event": "progress", "index": index, "text": plain }))?
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds messages that arrive while a second cell prints the end line: all other text was printed by this cell.
    pub fn take_late(&mut self, (channel, mut message): (Channel, Message)) -> Result<(), String> {
        if (channel, message.kind()) != (Channel::Iopub, "stream") {
            return Ok(());
        }
        let text = message.content["text"].as_str().unwrap_or_default();
        if let Some(before) = self.mark.and_then(|mark| mark.before_end(text)) {
            self.printed = true;
            if before.is_empty() {
                return Ok(());
            }
            message.content["text"] = json!(before);
        }
        self.take((channel, message), false)
    }

    /// Whether reply and idle status arrived without a failure, and lines may still arrive.
    pub fn waits_for_lines(&self) -> bool {
        let failed = self.failed.is_some() || self.error.is_some();
        let refused = self.reply.as_ref().is_some_and(|reply| reply.content["status"] != "ok");
        self.idle && self.reply.is_some() && !failed && !refused && !self.printed
    }

    /// Returns the result once reply and idle status arrived. `count` replaces the count of a kernel that has run
    /// hidden cells.
    pub fn done(&mut self, count: &mut Option<u64>) -> Option<Done> {
        if !self.idle {
            return None;
        }
        let reply = self.reply.take()?;
        let mut outputs = self.outputs.stored();
        let counted = match count {
            Some(count) => {
                *count += 1;
                json!(count)
            }
            None => reply.content["execution_count"].clone(),
        };
        for output in outputs.iter_mut().filter(|output| output["output_type"] == "execute_result") {
            output["execution_count"] = counted.clone();
        }
        let failed = self.failed.take().map(|mut failed| {
            let stderr = self.outputs.stderr();
            failed["message"] = json!(tail(&without_panic_words(&stderr), 5));
            Failure::new(&failed, &self.cell.source, "").content()
        });
        let refused = (reply.content["status"] != "ok").then(|| {
            json!({ "ename": reply.content["ename"], "evalue": reply.content["evalue"], "traceback": reply.content["traceback"] })
        });
        let error = failed.or(self.error.take()).or(refused);
        Some(Done { count: counted, outputs, error })
    }
}

/// The message of a panic, without the place in the generated file and the hint on backtraces.
fn without_panic_words(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.starts_with("stack backtrace:"));
    let lines = lines.filter(|line| !(line.starts_with("thread '") || line.starts_with("note: run with")));
    lines.collect::<Vec<_>>().join("\n")
}
