//! A request that evcxr executes.

use restudy_channel::kernel::Event;
use serde_json::{Map, Value, json};

use super::place::Place;
use crate::{failure::Failure, text::without_colors, wire::Message};

/// A request, and its outputs so far.
pub struct Cell {
    pub request: Message,
    /// The reply of evcxr, once it has arrived.
    pub reply: Option<Message>,
    /// Whether it has been interrupted before.
    pub interrupts: bool,
    /// Whether the process that runs the cells was lost, with every variable.
    pub lost_variables: bool,
    /// Whether code of the cell runs: it began, and has not reported its end.
    running: bool,
    /// Whether the process has ended or was replaced.
    gone: bool,
    count: u64,
    idle: bool,
    failure: Option<Failure>,
    /// Errors of the compiler, and other errors of evcxr.
    errors: Vec<Value>,
    /// The value of the cell, which is shown after all other outputs.
    result: Map<String, Value>,
}

impl Cell {
    /// Begins a request; `count` is the number of the cell.
    pub fn new(request: Message, count: u64) -> Self {
        Self {
            request,
            reply: None,
            interrupts: false,
            lost_variables: false,
            running: false,
            gone: false,
            count,
            idle: false,
            failure: None,
            errors: Vec::new(),
            result: Map::new(),
        }
    }

    /// Whether evcxr has finished the request.
    pub fn is_over(&self) -> bool {
        // Comm messages get no reply.
        self.idle && (self.reply.is_some() || self.request.kind().starts_with("comm_"))
    }

    /// Takes a message of evcxr; returns the message to publish instead.
    pub fn take(&mut self, mut message: Message) -> Option<Message> {
        match message.kind() {
            "status" if message.content["execution_state"] == "idle" => {
                self.idle = true;
                None
            }
            "error" => {
                let text = message.content["evalue"].as_str().unwrap_or_default();
                self.lost_variables |= text.contains("Subprocess terminated");
                // evcxr repeats errors for every attempt to fix the code.
                if !self.errors.contains(&message.content) {
                    self.errors.push(message.content);
                }
                None
            }
            "execute_input" => {
                message.content["execution_count"] = json!(self.count);
                Some(message)
            }
            // The result of an evcxr command.
            "execute_result" => {
                self.take_result(&message.content);
                None
            }
            _ => Some(message),
        }
    }

    /// Takes an event in the process of the cells; returns the message to publish.
    pub fn happened(&mut self, event: Event, place: &Place) -> Option<Message> {
        match event {
            Event::Begun => self.running = true,
            Event::Ended => self.running = false,
            Event::Gone => self.gone = true,
            Event::Hello => {}
            Event::Text { stream, text } => {
                let text = if stream.name() == "stderr" { without_colors(&text) } else { text };
                return Some(self.request.answer("stream", json!({ "name": stream.name(), "text": text })));
            }
            Event::Mark(mark) => return self.mark(&mark, place),
        }
        None
    }

    /// Takes a mark of the cell: an output, its value, its failure.
    fn mark(&mut self, mark: &Value, place: &Place) -> Option<Message> {
        if let Some(failed) = mark.get("failed") {
            let source = self.request.content["code"].as_str().unwrap_or_default();
            self.failure.get_or_insert_with(|| Failure::new(failed, source, &place.generated()));
            return None;
        }
        if let Some(result) = mark.get("result") {
            self.take_result(result);
            return None;
        }
        let (kind, display) = match mark.get("update") {
            Some(update) => ("update_display_data", update),
            None => ("display_data", &mark["display"]),
        };
        let transient = mark.get("id").map_or(json!({}), |id| json!({ "display_id": id }));
        let metadata = display.get("metadata").cloned().unwrap_or(json!({}));
        let content = json!({ "data": display["data"], "metadata": metadata, "transient": transient });
        Some(self.request.answer(kind, content))
    }

    fn take_result(&mut self, result: &Value) {
        self.result
            .extend(result["data"].as_object().into_iter().flatten().map(|(mime, data)| (mime.clone(), data.clone())));
    }

    /// The message with the value of the cell, if it has one.
    pub fn result(&mut self) -> Option<Message> {
        let data = Value::Object(std::mem::take(&mut self.result));
        // A value that was shown in several outputs has no text of its own.
        let none = data == json!({}) || data == json!({ "text/plain": "" });
        let content = json!({ "execution_count": self.count, "data": data, "metadata": {} });
        (!none).then(|| self.request.answer("execute_result", content))
    }

    /// The content of the `error` message of the cell, if it failed. `speaks` says whether the process of the cells is
    /// connected.
    pub fn error(&self, speaks: bool) -> Option<Value> {
        if let Some(failure) = &self.failure {
            return Some(failure.content());
        }
        if self.errors.is_empty() {
            return self
                .doubt(speaks)
                .filter(|_| self.request.kind() == "execute_request")
                .map(|doubt| json!({ "ename": "kernel", "evalue": doubt, "traceback": [doubt] }));
        }
        let plain = |value: &Value| without_colors(value.as_str().unwrap_or_default());
        let evalue = plain(&self.errors[0]["evalue"]);
        let lines = self.errors.iter().flat_map(|error| error["traceback"].as_array().into_iter().flatten());
        let traceback: Vec<_> = lines.map(|line| in_cell(plain(line).trim_end())).collect();
        let ename = if self.lost_variables { "died" } else { "compiler" };
        // A drawing of the code follows a message of one line; without a drawing, all lines are one message.
        let drawn = traceback.iter().any(|line| line.contains('╭'));
        let lines = evalue.lines().map(str::trim).take(if drawn { 1 } else { usize::MAX });
        let message = lines.collect::<Vec<_>>().join(" ");
        Some(json!({ "ename": ename, "evalue": message, "traceback": traceback }))
    }

    /// Why a cell without an error is a failure: its process did not report that its code ran to the end.
    fn doubt(&self, speaks: bool) -> Option<&'static str> {
        let code = self.request.content["code"].as_str().unwrap_or_default();
        let is_command = |line: &str| line.is_empty() || line.starts_with(':') || line.starts_with("//");
        if self.running {
            Some("the process that runs the cells did not say that the cell ended")
        } else if (self.gone || !speaks) && !code.lines().all(|line| is_command(line.trim())) {
            Some(
                "the process that runs the cells was replaced in this cell, or could not be set up; run `:clear` and `:restart` in a cell of their own",
            )
        } else {
            None
        }
    }

    /// The reply of evcxr as it is sent to the front end.
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

/// Replaces evcxr's name of a cell, `command_` and a number, in a line.
fn in_cell(line: &str) -> String {
    match line.split_once("[ command_") {
        Some((before, after)) => format!("{before}[ cell{}", after.trim_start_matches(|c: char| c.is_ascii_digit())),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use restudy_channel::kernel::Stream;

    use super::*;

    fn cell() -> (Cell, Place) {
        let request = Message::request("execute_request", json!({ "code": "let a = 1;\nlet b: u8 = read()?;" }));
        (Cell::new(request, 3), Place::in_folder(std::env::temp_dir()))
    }

    fn text(stream: Stream, text: &str) -> Event {
        Event::Text { stream, text: text.into() }
    }

    #[test]
    fn marks_are_outputs_and_text_stays_text() {
        let (mut cell, place) = cell();
        let data = json!({ "data": { "text/plain": "x" } });
        let out = cell.happened(Event::Mark(json!({ "display": data, "id": "a" })), &place).unwrap();
        assert_eq!((out.kind(), &out.content["transient"]["display_id"]), ("display_data", &json!("a")));
        let update = cell.happened(Event::Mark(json!({ "update": data, "id": "a" })), &place).unwrap();
        assert_eq!(update.kind(), "update_display_data");
        for line in
            ["\u{1e}restudy:{\"failed\":{}}\n", "EVCXR_PANIC_NOTIFICATION\n", "thread 'main' panicked at a:1:1:\nno\n"]
        {
            for stream in [Stream::Stdout, Stream::Stderr] {
                assert_eq!(cell.happened(text(stream, line), &place).unwrap().content["text"], line);
            }
        }
        assert_eq!(cell.error(true), None);
    }

    #[test]
    fn a_reported_failure_is_an_error_with_its_place() {
        let (mut cell, place) = cell();
        let mark = json!({ "failed": { "kind": "error", "message": "no such file", "line": null } });
        assert!(cell.happened(Event::Mark(mark), &place).is_none());
        cell.reply = Some(Message::request("execute_reply", json!({ "status": "ok", "execution_count": 9 })));
        let error = cell.error(true).unwrap();
        assert_eq!(error["traceback"][1], "at line 2: `let b: u8 = read()?;`");
        let reply = cell.final_reply(Some(&error)).unwrap();
        assert_eq!((&reply.content["status"], &reply.content["execution_count"]), (&json!("error"), &json!(3)));
    }

    #[test]
    fn the_value_of_a_cell_comes_last() {
        let (mut cell, place) = cell();
        let result = |mime: &str, text: &str| Event::Mark(json!({ "result": { "data": { mime: text } } }));
        for event in [result("text/html", "<b>5</b>"), result("text/plain", "4"), result("text/plain", "5")] {
            assert!(cell.happened(event, &place).is_none());
        }
        assert!(cell.happened(text(Stream::Stdout, "last\n"), &place).is_some());
        let content = cell.result().unwrap().content;
        assert_eq!(
            (&content["execution_count"], &content["data"]),
            (&json!(3), &json!({ "text/html": "<b>5</b>", "text/plain": "5" }))
        );
        cell.happened(result("text/plain", ""), &place);
        assert!(cell.result().is_none());
    }

    #[test]
    fn success_requires_a_reported_end() {
        let (mut cell, place) = cell();
        assert_eq!((cell.error(true), cell.error(false).is_some()), (None, true));
        cell.happened(Event::Begun, &place);
        assert_eq!(cell.error(true).unwrap()["ename"], "kernel", "the cell never ended");
        cell.happened(Event::Ended, &place);
        assert_eq!(cell.error(true), None);
        cell.happened(Event::Gone, &place);
        assert!(cell.error(true).is_some(), "code after a command that replaced the process");
        cell.request.content["code"] = json!(":clear\n // all of it\n");
        assert_eq!(cell.error(false), None);
    }

    #[test]
    fn compiler_errors_become_one_without_colors() {
        let (mut cell, _) = cell();
        for word in ["first", "second"] {
            let error = json!({ "ename": "Error", "evalue": word, "traceback": [format!("\u{1b}[31m{word}\u{1b}[0m [ command_7:1:2 ]")] });
            assert!(cell.take(Message::request("error", error)).is_none());
        }
        assert_eq!(
            cell.error(true).unwrap(),
            json!({ "ename": "compiler", "evalue": "first", "traceback": ["first [ cell:1:2 ]", "second [ cell:1:2 ]"] })
        );
    }
}
