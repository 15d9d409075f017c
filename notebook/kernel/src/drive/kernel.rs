//! Runs a kernel from its start to its end.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{
    Fault, Request, Source,
    specs::{self, Spec},
    state::{Done, State},
};
use crate::{
    child::{INTERRUPT, Running},
    client::{self, Channel, Client},
    failure::Mark,
    text::tail,
    wire::Message,
};

pub struct Kernel {
    name: String,
    spec: Spec,
    running: Running,
    info: jupyter_protocol::ConnectionInfo,
    connection_file: PathBuf,
    link: Option<(Client, UnboundedReceiver<(Channel, Message)>)>,
    begun: Instant,
    seconds: f64,
    kernel_info: Value,
    /// When the last cell ended: its last output may arrive later.
    ended: Instant,
    /// Counts cells if the kernel's own count cannot be used.
    count: Option<u64>,
    /// How the stock kernel reports failures.
    mark: Option<Mark>,
}

/// How long the stock kernel may take to pass on what a cell has printed; a small cell is compiled meanwhile.
const LINES: Duration = Duration::from_secs(120);

type Outcome<T> = Result<T, Fault>;

impl Kernel {
    pub async fn start(request: &Request) -> Outcome<Self> {
        let fault = |kind, message: String, help: &str| Fault {
            kind,
            index: None,
            message,
            help: help.into(),
            stderr: String::new(),
        };
        let spec = match specs::find(&request.kernel, &specs::data_folders()) {
            Ok(spec) => spec.map_err(|problem| fault("no-kernel", problem, "install the kernel again"))?,
            Err(known) => {
                let names: Vec<_> = known.into_iter().collect();
                let known = if names.is_empty() {
                    "no kernel is installed".into()
                } else {
                    format!("installed: {}", names.join(", "))
                };
                let help = format!("{known}; choose one with --kernel, or install it");
                return Err(fault("no-kernel", format!("no Jupyter kernel is called `{}`", request.kernel), &help));
            }
        };
        let start = |problem| fault("start", problem, "run the kernel's command by hand");
        let info = client::connection().await.map_err(start)?;
        let connection_file = std::env::temp_dir().join(format!("restudy-{}.json", uuid::Uuid::new_v4()));
        client::write(&info, &connection_file).map_err(start)?;
        let mut command = spec.command(&connection_file);
        command.current_dir(&request.cwd).envs(&request.env).env("RESTUDY_NOTEBOOK", &request.notebook);
        let running = Running::start(command).map_err(start)?;
        let name = request.kernel.clone();
        let begun = Instant::now();
        Ok(Self {
            name,
            spec,
            running,
            info,
            connection_file,
            link: None,
            begun,
            seconds: 0.0,
            kernel_info: Value::Null,
            ended: begun,
            count: None,
            mark: None,
        })
    }

    /// Waits until the kernel answers and can execute.
    pub async fn greet(&mut self, request: &Request) -> Outcome<()> {
        let limit = request.startup_timeout;
        let patience = Duration::from_secs(limit);
        let Self { info, running, name, .. } = self;
        let outcome = tokio::select! {
            greeted = tokio::time::timeout(patience, greeting(info)) => {
                greeted.unwrap_or_else(|_| Err(format!("the kernel `{name}` did not answer within {limit} s")))
            }
            status = end_of(running) => Err(format!("the kernel `{name}` ended as it started ({status})")),
        };
        let (client, messages, info) = outcome.map_err(|message| self.fault("start", None, message))?;
        (self.link, self.kernel_info) = (Some((client, messages)), info);
        let hidden = match self.kernel_info["implementation"].as_str() {
            Some("evcxr_jupyter") => Some(self.mark.insert(Mark::new()).source()),
            // The kernel answers while evcxr still starts: wait until a cell runs.
            Some("restudy") => Some(String::new()),
            _ => None,
        };
        if let Some(source) = hidden {
            let cell = Source { index: 0, id: Value::Null, source };
            let done = self.exchange(&cell, Some(limit), true).await;
            let done = done.map_err(|message| self.fault("protocol", None, message))?;
            let done = done.map_err(|fault| Fault { kind: "start", index: None, ..fault })?;
            if let Some(error) = done.error {
                let output: Vec<_> =
                    error["traceback"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                return Err(self.fault(
                    "start",
                    None,
                    format!("the kernel `{}` cannot execute: {}", self.name, output.join("\n")),
                ));
            }
            self.count = self.mark.is_some().then_some(0);
        }
        self.seconds = self.begun.elapsed().as_secs_f64();
        Ok(())
    }

    pub fn ready(&self) -> Value {
        json!({
            "event": "ready", "seconds": self.seconds, "language_info": self.kernel_info["language_info"],
            "kernel": { "name": self.name, "display_name": self.spec.display_name, "language": self.spec.language, "argv0": self.spec.argv[0] },
        })
    }

    /// Executes a cell; returns its `done` event.
    pub async fn execute(&mut self, cell: &Source, limit: Option<u64>) -> Result<Outcome<Value>, String> {
        let begun = Instant::now();
        let done = match self.exchange(cell, limit, false).await? {
            Ok(done) => done,
            Err(fault) => return Ok(Err(fault)),
        };
        let mut event = json!({
            "event": "done", "index": cell.index, "count": done.count, "status": if done.error.is_some() { "error" } else { "ok" },
            "seconds": (self.ended - begun).as_secs_f64(), "outputs": done.outputs,
        });
        if let Some(error) = done.error {
            event["error"] = error;
        }
        Ok(Ok(event))
    }

    /// Sends one request, and waits for its reply and idle status, and on the stock kernel for all output of the cell.
    async fn exchange(&mut self, cell: &Source, limit: Option<u64>, hidden: bool) -> Result<Outcome<Done>, String> {
        let request = Message {
            metadata: json!({ "cellId": cell.id }),
            ..Message::request(
                "execute_request",
                json!({ "code": cell.source, "silent": hidden, "store_history": !hidden, "allow_stdin": false, "stop_on_error": true, "user_expressions": {} }),
            )
        };
        let Some((client, messages)) = &mut self.link else { return Err("the kernel has not been greeted".into()) };
        client.send(Channel::Shell, &request).await?;
        let deadline = limit.map(|limit| tokio::time::Instant::now() + Duration::from_secs(limit));
        let mut state = State::new(cell, self.mark.as_ref());
        let mut last: Option<(Message, tokio::time::Instant)> = None;
        loop {
            let message = tokio::select! {
                message = messages.recv() => message.ok_or("the kernel closed its sockets")?,
                status = end_of(&mut self.running) => {
                    let message = format!("the kernel died ({status})");
                    return Ok(Err(self.fault("died", Some(cell.index), message)));
                }
                // A cell that has ended is in time, even if its lines arrive later.
                () = until(deadline.filter(|_| last.is_none())) => break,
                () = until(last.as_ref().map(|(_, deadline)| *deadline)) => {
                    let message = "the kernel did not say how the cell ended".into();
                    return Ok(Err(self.fault("protocol", Some(cell.index), message)));
                }
            };
            let of_last = last.as_ref().is_some_and(|(last, _)| message.1.parent_id() == last.id());
            if of_last && message.0 == Channel::Shell && message.1.content["status"] != "ok" {
                let message = "the kernel failed after the cell".into();
                return Ok(Err(self.fault("protocol", Some(cell.index), message)));
            }
            if message.1.parent_id() == request.id() {
                state.take(message, hidden)?;
            } else if of_last {
                state.take_late(message)?;
            }
            if last.is_none() {
                self.ended = Instant::now();
            }
            if let Some(mark) = self.mark.as_ref().filter(|_| !hidden && state.waits_for_lines()) {
                if last.is_none() {
                    let code = json!({ "code": mark.end_source(), "silent": true, "store_history": false, "allow_stdin": false });
                    let end = Message::request("execute_request", code);
                    client.send(Channel::Shell, &end).await?;
                    last = Some((end, tokio::time::Instant::now() + LINES));
                }
                continue;
            }
            if let Some(done) = state.done(&mut self.count) {
                return Ok(Ok(done));
            }
        }
        self.interrupt(&request).await;
        let limit = limit.unwrap_or_default();
        let help = "give cells more time with --timeout, or make this one shorter";
        Ok(Err(Fault {
            help: help.into(),
            ..self.fault("timeout", Some(cell.index), format!("the cell took longer than {limit} s"))
        }))
    }

    /// Interrupts a cell, and gives it a moment to end.
    async fn interrupt(&mut self, request: &Message) {
        let by_message = self.spec.interrupt_mode == "message";
        let Some((client, messages)) = &mut self.link else { return };
        if by_message {
            let _ = client.send(Channel::Control, &Message::request("interrupt_request", json!({}))).await;
        } else if let Some(pid) = self.running.child.id() {
            crate::child::signal_to(pid as i32, INTERRUPT);
        }
        let idle = async {
            while let Some((_, message)) = messages.recv().await {
                if message.parent_id() == request.id() && message.content["execution_state"] == "idle" {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(5), idle).await;
    }

    /// Asks the kernel to end, and ends it if it does not.
    pub async fn end(&mut self) {
        if let Some((client, _)) = &mut self.link {
            let _ =
                client.send(Channel::Control, &Message::request("shutdown_request", json!({ "restart": false }))).await;
        }
        self.running.end(Duration::from_secs(2)).await;
        let _ = std::fs::remove_file(&self.connection_file);
    }

    fn fault(&self, kind: &'static str, index: Option<usize>, message: String) -> Fault {
        Fault {
            kind,
            index,
            message,
            help: "`restudy notebook doctor` says what the Rust kernel lacks".into(),
            stderr: tail(&self.running.last_output(), 20),
        }
    }
}

/// Connects and sends requests until the kernel has answered on both sockets; returns its answer.
async fn greeting(
    info: &jupyter_protocol::ConnectionInfo,
) -> Result<(Client, UnboundedReceiver<(Channel, Message)>, Value), String> {
    let (queue, mut messages) = tokio::sync::mpsc::unbounded_channel();
    let mut client = Client::connect_patiently(info, &queue, |channel, message| (channel, message)).await;
    let mut known = Value::Null;
    loop {
        // The subscription may start after the first answers were published.
        let id = client.greet().await?;
        let mut idle = false;
        let round = async {
            while !idle || known.is_null() {
                let Some((channel, message)) = messages.recv().await else {
                    return Err("the kernel closed its sockets".to_owned());
                };
                if channel == Channel::Shell && message.kind() == "kernel_info_reply" {
                    known = message.content;
                } else if message.parent_id() == id && message.content["execution_state"] == "idle" {
                    idle = true;
                }
            }
            Ok(())
        };
        match tokio::time::timeout(Duration::from_millis(300), round).await {
            Ok(Ok(())) => return Ok((client, messages, known)),
            Ok(Err(problem)) => return Err(problem),
            Err(_) => {}
        }
    }
}

/// Waits until the process has ended; returns how.
async fn end_of(running: &mut Running) -> String {
    loop {
        if let Some(status) = running.ended() {
            // Its last output may still be on its way.
            tokio::time::sleep(Duration::from_millis(100)).await;
            return status;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn until(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
