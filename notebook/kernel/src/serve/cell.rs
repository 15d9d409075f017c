//! A request while evcxr works on it.

use restudy_channel::kernel::Event;
use serde_json::{Map, Value, json};

use super::place::Place;
use crate::{failure::Failure, text::without_colours, wire::Message};

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
    /// Whether code of the cell runs: it began, and has not said that it ended.
    running: bool,
    /// Whether the process has ended or was replaced.
    gone: bool,
    count: u64,
    idle: bool,
    failure: Option<Failure>,
    /// Errors of the compiler, and whatever else evcxr calls one.
    errors: Vec<Value>,
    /// The value of the cell, which comes after everything that the cell put out on its way to it.
    result: Map<String, Value>,
}

impl Cell {
    /// A request that has just been sent, the so many'th cell.
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

    /// Whether evcxr has nothing more to say.
    pub fn is_over(&self) -> bool {
        // Messages of comms are not replied to.
        self.idle && (self.reply.is_some() || self.request.kind().starts_with("comm_"))
    }

    /// Takes what evcxr published, and gives what is to be published in its place.
    pub fn take(&mut self, mut message: Message) -> Option<Message> {
        match message.kind() {
            "status" if message.content["execution_state"] == "idle" => {
                self.idle = true;
                None
            }
            "error" => {
                let text = message.content["evalue"].as_str().unwrap_or_default();
                self.lost_variables |= text.contains("Subprocess terminated");
                // evcxr says some things once for every turn in which it tried to mend them.
                if !self.errors.contains(&message.content) {
                    self.errors.push(message.content);
                }
                None
            }
            "execute_input" => {
                message.content["execution_count"] = json!(self.count);
                Some(message)
            }
            // Of one of its commands.
            "execute_result" => {
                self.take_result(&message.content);
                None
            }
            _ => Some(message),
        }
    }

    /// Takes what happened in the process of the cells, and gives what is to be published of it.
    pub fn happened(&mut self, event: Event, place: &Place) -> Option<Message> {
        match event {
            Event::Begun => self.running = true,
            Event::Ended => self.running = false,
            Event::Gone => self.gone = true,
            Event::Hello => {}
            Event::Text { stream, text } => {
                let text = if stream.name() == "stderr" { without_colours(&text) } else { text };
                return Some(self.request.answer("stream", json!({ "name": stream.name(), "text": text })));
            }
            Event::Mark(mark) => return self.mark(&mark, place),
        }
        None
    }

    /// What the cell told: outputs, its value, its failure.
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

    /// The value of the cell, if it has one.
    pub fn result(&mut self) -> Option<Message> {
        let data = Value::Object(std::mem::take(&mut self.result));
        // What a cell shows in several outputs leaves none for its value.
        let none = data == json!({}) || data == json!({ "text/plain": "" });
        let content = json!({ "execution_count": self.count, "data": data, "metadata": {} });
        (!none).then(|| self.request.answer("execute_result", content))
    }

    /// The content of the one `error` message of the cell, if it failed. `speaks` says whether the process of the cells is one
    /// that is heard.
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

    /// Why a cell that evcxr calls a success is none: nobody has said that its code ran to its end.
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
    fn what_is_announced_is_an_error_and_its_place_is_named() {
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
    fn a_success_is_one_that_was_said() {
        let (mut cell, place) = cell();
        assert_eq!((cell.error(true), cell.error(false).is_some()), (None, true));
        cell.happened(Event::Begun, &place);
        assert_eq!(cell.error(true).unwrap()["ename"], "kernel", "begun, and never ended");
        cell.happened(Event::Ended, &place);
        assert_eq!(cell.error(true), None);
        cell.happened(Event::Gone, &place);
        assert!(cell.error(true).is_some(), "code after a command that replaced the process");
        cell.request.content["code"] = json!(":clear\n // all of it\n");
        assert_eq!(cell.error(false), None);
    }

    #[test]
    fn errors_of_the_compiler_are_one_without_colours() {
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
