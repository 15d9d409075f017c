//! A request while evcxr works on it.

use serde_json::{Value, json};

use super::place::Place;
use crate::{
    failure::{FLUSH, Failure, marked},
    text::without_colours,
    wire::Message,
};

/// A request, and what is known of its end.
pub struct Cell {
    /// The request.
    pub request: Message,
    /// The reply of evcxr, once it is there.
    pub reply: Option<Message>,
    /// Whether it has been interrupted before.
    pub interrupts: bool,
    /// Whether the process that runs the cells was lost, with every variable.
    pub lost_variables: bool,
    count: u64,
    idle: bool,
    failure: Option<Failure>,
    /// Errors of the compiler, and whatever else evcxr calls one.
    errors: Vec<Value>,
    /// What a panic wrote, where nothing announced it.
    panic: Option<String>,
    /// The value of the cell, which comes after everything that the cell put out on its way to it.
    result: Option<Message>,
}

impl Cell {
    /// A request that has just been sent, the so many'th cell.
    pub fn new(request: Message, count: u64) -> Self {
        Self {
            request,
            reply: None,
            interrupts: false,
            lost_variables: false,
            count,
            idle: false,
            failure: None,
            errors: Vec::new(),
            panic: None,
            result: None,
        }
    }

    /// Whether evcxr has nothing more to say.
    pub fn is_over(&self) -> bool {
        // Messages of comms are not replied to.
        self.idle && (self.reply.is_some() || self.request.kind().starts_with("comm_"))
    }

    /// Takes what evcxr published, and gives what is to be published in its place.
    pub fn take(&mut self, mut message: Message, place: &Place) -> Vec<Message> {
        match message.kind() {
            "status" if message.content["execution_state"] == "idle" => {
                self.idle = true;
                Vec::new()
            }
            "stream" => self.stream(message, place),
            "error" => {
                let text = message.content["evalue"].as_str().unwrap_or_default();
                self.lost_variables |= text.contains("Subprocess terminated");
                // evcxr says some things once for every turn in which it tried to mend them.
                if !self.errors.contains(&message.content) {
                    self.errors.push(message.content);
                }
                Vec::new()
            }
            // What a cell shows in several outputs leaves none for evcxr.
            "execute_result" if message.content["data"] == json!({ "text/plain": "" }) => Vec::new(),
            "execute_input" => {
                message.content["execution_count"] = json!(self.count);
                vec![message]
            }
            // evcxr may publish it before the last line that the cell printed: another of its threads passes lines on.
            "execute_result" => {
                message.content["execution_count"] = json!(self.count);
                self.result = Some(message);
                Vec::new()
            }
            _ => vec![message],
        }
    }

    /// Lines that the cell wrote: those that are marked become figures, or the cell's failure.
    fn stream(&mut self, mut message: Message, place: &Place) -> Vec<Message> {
        let text = message.content["text"].as_str().unwrap_or_default().to_owned();
        let Some(marked) = marked(&text) else {
            if text.trim_end() == FLUSH {
                return Vec::new();
            }
            if message.content["name"] == "stderr" {
                let plain = without_colours(&text);
                if plain.starts_with("thread '") && plain.contains("panicked at") {
                    self.panic = Some(plain.trim_end().into());
                } else if let Some(said) = self.panic.as_mut().filter(|said| said.lines().count() < 2) {
                    said.push('\n');
                    said.push_str(plain.trim_end());
                }
                message.content["text"] = json!(plain);
            }
            return vec![message];
        };
        if let Some(failed) = marked.get("failed") {
            let source = self.request.content["code"].as_str().unwrap_or_default();
            self.failure.get_or_insert_with(|| Failure::new(failed, source, &place.generated()));
            return Vec::new();
        }
        let (kind, display) = match marked.get("update") {
            Some(update) => ("update_display_data", update),
            None => ("display_data", &marked["display"]),
        };
        let transient = marked.get("id").map_or(json!({}), |id| json!({ "display_id": id }));
        let metadata = display.get("metadata").cloned().unwrap_or(json!({}));
        vec![
            self.request.answer(kind, json!({ "data": display["data"], "metadata": metadata, "transient": transient })),
        ]
    }

    /// The value of the cell, if it has one.
    pub fn result(&mut self) -> Option<Message> {
        self.result.take()
    }

    /// The content of the one `error` message of the cell, if it failed.
    pub fn error(&self) -> Option<Value> {
        if let Some(failure) = &self.failure {
            return Some(failure.content());
        }
        if self.errors.is_empty() {
            let failed = self.panic.as_ref().filter(|_| self.request.kind() == "execute_request")?;
            let message = failed.lines().last().unwrap_or(failed);
            return Some(
                json!({ "ename": "panic", "evalue": message, "traceback": failed.lines().collect::<Vec<_>>() }),
            );
        }
        let plain = |value: &Value| without_colours(value.as_str().unwrap_or_default());
        let evalue = plain(&self.errors[0]["evalue"]);
        let lines = self.errors.iter().flat_map(|error| error["traceback"].as_array().into_iter().flatten());
        let traceback: Vec<_> = lines.map(|line| in_cell(plain(line).trim_end())).collect();
        let ename = if self.lost_variables { "died" } else { "compiler" };
        // The first line says it where a drawing follows; without one, all lines are one sentence.
        let drawn = traceback.iter().any(|line| line.contains('╭'));
        let lines = evalue.lines().map(str::trim).take(if drawn { 1 } else { usize::MAX });
        let message = lines.collect::<Vec<_>>().join(" ");
        Some(json!({ "ename": ename, "evalue": message, "traceback": traceback }))
    }

    /// The reply of evcxr as it goes to the front end.
    pub fn final_reply(&self, error: Option<&Value>) -> Option<Message> {
        let mut reply = self.reply.clone()?;
        reply.ids = self.request.ids.clone();
        if self.request.kind() != "execute_request" {
            return Some(reply);
        }
        reply.content = match error {
            Some(error) => {
                let mut content = error.clone();
                content["status"] = json!("error");
                content
            }
            None => json!({ "status": "ok", "payload": [], "user_expressions": {} }),
        };
        reply.content["execution_count"] = json!(self.count);
        Some(reply)
    }
}

/// A line of evcxr's, which calls a cell `command_` and a number of its own.
fn in_cell(line: &str) -> String {
    match line.split_once("[ command_") {
        Some((before, after)) => format!("{before}[ cell{}", after.trim_start_matches(|c: char| c.is_ascii_digit())),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell() -> (Cell, Place) {
        let request = Message::request("execute_request", json!({ "code": "let a = 1;\nlet b: u8 = read()?;" }));
        (Cell::new(request, 3), Place::in_folder(std::env::temp_dir()))
    }

    fn stream(name: &str, text: &str) -> Message {
        Message::request("stream", json!({ "name": name, "text": text }))
    }

    #[test]
    fn a_marked_line_is_a_figure_of_its_own_and_text_stays_text() {
        let (mut cell, place) = cell();
        let line = "\u{1e}restudy:{\"display\":{\"data\":{\"text/plain\":\"x\"}},\"id\":\"a\"}\n";
        let out = cell.take(stream("stdout", line), &place);
        assert_eq!((out[0].kind(), &out[0].content["transient"]["display_id"]), ("display_data", &json!("a")));
        let update = cell.take(stream("stdout", &line.replace("display", "update")), &place);
        assert_eq!((update.len(), update[0].kind()), (1, "update_display_data"));
        assert_eq!(cell.take(stream("stdout", "restudy\n"), &place)[0].content["text"], "restudy\n");
        assert_eq!(cell.error(), None);
    }

    #[test]
    fn what_is_announced_is_an_error_and_its_place_is_named() {
        let (mut cell, place) = cell();
        let line = "\u{1e}restudy:{\"failed\":{\"kind\":\"error\",\"message\":\"no such file\",\"line\":null}}\n";
        assert!(cell.take(stream("stdout", line), &place).is_empty());
        cell.reply = Some(Message::request("execute_reply", json!({ "status": "ok", "execution_count": 9 })));
        let error = cell.error().unwrap();
        assert_eq!(error["traceback"][1], "at line 2: `let b: u8 = read()?;`");
        let reply = cell.final_reply(Some(&error)).unwrap();
        assert_eq!((&reply.content["status"], &reply.content["execution_count"]), (&json!("error"), &json!(3)));
    }

    #[test]
    fn the_value_of_a_cell_waits_for_its_last_line() {
        let (mut cell, place) = cell();
        let value = Message::request("execute_result", json!({ "data": { "text/plain": "5" } }));
        assert!(cell.take(value, &place).is_empty());
        assert!(cell.take(stream("stdout", "\u{1e}\n"), &place).is_empty());
        assert_eq!(cell.take(stream("stdout", "last\n"), &place).len(), 1);
        assert_eq!(cell.result().unwrap().content["execution_count"], 3);
    }

    #[test]
    fn a_panic_that_nobody_announced_is_read_from_its_text() {
        let (mut cell, place) = cell();
        cell.take(stream("stderr", "thread 'main' (7) panicked at src/lib.rs:3:1:\n"), &place);
        cell.take(stream("stderr", "on purpose\n"), &place);
        assert_eq!(cell.error().unwrap()["evalue"], "on purpose");
    }

    #[test]
    fn errors_of_the_compiler_are_one_without_colours() {
        let (mut cell, place) = cell();
        for word in ["first", "second"] {
            let error = json!({ "ename": "Error", "evalue": word, "traceback": [format!("\u{1b}[31m{word}\u{1b}[0m [ command_7:1:2 ]")] });
            assert!(cell.take(Message::request("error", error), &place).is_empty());
        }
        assert_eq!(
            cell.error().unwrap(),
            json!({ "ename": "compiler", "evalue": "first", "traceback": ["first [ cell:1:2 ]", "second [ cell:1:2 ]"] })
        );
    }
}
