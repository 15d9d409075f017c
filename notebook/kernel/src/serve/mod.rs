//! The kernel "Rust (restudy)": a proxy between Jupyter and evcxr.
//!
//! evcxr executes one request at a time, in the order of arrival. Output and marks come from the process that runs the
//! cells, past evcxr, through [`child`](child::Child); [`cell`](cell::Cell) combines them with the messages of evcxr to
//! outputs and failures. `kernel_info_request` is answered at once, while evcxr still starts; cells wait until it is
//! ready.

mod backend;
mod cell;
mod child;
mod front;
mod place;
mod requests;
mod settings;

use std::{collections::VecDeque, path::Path, time::Duration};

use serde_json::json;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use restudy_channel::kernel::Event;

use crate::{
    child::{KILL, signal as signal_process},
    client::Channel,
    wire::Message,
};
use backend::Backend;
use cell::Cell;
use child::Child;
use front::Front;
use place::Place;

/// The events of the proxy.
pub enum Input {
    Front(Channel, Message),
    Back(Channel, Message),
    /// evcxr is ready, or could not start.
    Started(Result<Box<Backend>, String>),
    /// A message to the user while evcxr starts.
    Notice(String),
    /// Time to check that evcxr and the parent process are running.
    Tick,
    /// A termination signal arrived.
    Terminated,
}

/// Runs the kernel until it is shut down.
pub async fn run(connection_file: &Path) -> Result<(), String> {
    let (queue, inputs) = unbounded_channel();
    let mut front = Front::bind(connection_file, &queue).await?;
    let home = settings::home()?;
    let place = Place::new(&home)?;
    let child = Child::new(place.path())?;
    tokio::spawn(backend::start(home, place.path().to_owned(), queue.clone()));
    tokio::spawn(watch(queue.clone()));
    front.publish(&Message::request("status", json!({ "execution_state": "starting" }))).await;
    let mut proxy = Proxy {
        front,
        place,
        child,
        backend: None,
        broken: None,
        notices: Vec::new(),
        waiting: VecDeque::new(),
        current: None,
        last: None,
        count: 0,
        parent: parent(),
    };
    proxy.serve(inputs).await;
    signal_process(&proxy.place.path().join("child.pid"), KILL);
    Ok(())
}

/// Sends ticks and the termination signal to the queue.
async fn watch(queue: UnboundedSender<Input>) {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    loop {
        let input = tokio::select! {
            _ = terminate.recv() => Input::Terminated,
            () = tokio::time::sleep(Duration::from_millis(500)) => Input::Tick,
        };
        if queue.send(input).is_err() {
            return;
        }
    }
}

/// The error of every cell if the library in its process does not open the channel.
const SILENT: &str = "the library in the process that runs the cells does not open the channel to the kernel; install the kernel again: \
                      `restudy notebook install`";

fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

struct Proxy {
    front: Front,
    place: Place,
    child: Child,
    backend: Option<Box<Backend>>,
    /// Why evcxr cannot be used.
    broken: Option<String>,
    notices: Vec<String>,
    waiting: VecDeque<Message>,
    current: Option<Cell>,
    /// The previous request: text of a thread between two cells belongs to the cell that started it.
    last: Option<Message>,
    count: u64,
    parent: u32,
}

impl Proxy {
    async fn serve(&mut self, mut inputs: UnboundedReceiver<Input>) {
        loop {
            let input = tokio::select! {
                input = inputs.recv() => input,
                event = self.child.next() => {
                    self.happened(event).await;
                    continue;
                }
            };
            let Some(input) = input else { return };
            match input {
                Input::Front(Channel::Control, message) => {
                    if self.control(&message).await {
                        return;
                    }
                }
                Input::Front(Channel::Stdin, reply) => self.pass(Channel::Stdin, &reply).await,
                Input::Front(_, message) => self.request(message).await,
                Input::Back(Channel::Iopub, message) => self.published(message).await,
                Input::Back(Channel::Stdin, message) => {
                    let ids = self.current.as_ref().map_or_else(Vec::new, |cell| cell.request.ids.clone());
                    self.front.reply(Channel::Stdin, &Message { ids, ..message }).await;
                }
                Input::Back(_, reply) => {
                    if let Some(cell) = self.current.as_mut().filter(|cell| cell.request.id() == reply.parent_id()) {
                        cell.reply = Some(reply);
                        self.settle().await;
                    }
                }
                Input::Started(Ok(backend)) => {
                    self.catch_up().await;
                    if self.child.speaks() {
                        self.backend = Some(backend);
                    } else {
                        self.broken = Some(SILENT.into());
                    }
                }
                Input::Started(Err(problem)) => self.broken = Some(problem),
                Input::Notice(notice) => self.notices.push(notice),
                Input::Tick if parent() != self.parent => return,
                Input::Tick => self.check_backend().await,
                Input::Terminated => return,
            }
            self.next().await;
        }
    }

    /// Sends the next request to evcxr, if evcxr is idle.
    async fn next(&mut self) {
        while self.current.is_none() && !self.waiting.is_empty() {
            for notice in std::mem::take(&mut self.notices) {
                let stream = json!({ "name": "stderr", "text": format!("{notice}\n") });
                let message = self.waiting[0].answer("stream", stream);
                self.front.publish(&message).await;
            }
            if self.backend.is_none() && self.broken.is_none() {
                return;
            }
            let Some(request) = self.waiting.pop_front() else { return };
            if let Some(problem) = self.broken.clone() {
                self.refuse(&request, &problem).await;
                continue;
            }
            let executes = request.kind() == "execute_request";
            // Requests outside the history have no number.
            self.count += u64::from(executes && request.content["store_history"] != false);
            if executes {
                self.place.note_cell(&request, self.count);
            }
            if let Some(backend) = &mut self.backend {
                self.child.request();
                match backend.execute(&request, !self.child.speaks()).await {
                    Ok(()) => self.current = Some(Cell::new(request, self.count)),
                    Err(problem) => self.broken = Some(problem),
                }
            }
        }
    }

    /// Handles an event in the process of the cells.
    async fn happened(&mut self, event: Result<Event, String>) {
        let event = match event {
            Ok(event) => event,
            Err(problem) => {
                // Its events are lost from here on: no cell can be called a success.
                signal_process(&self.place.path().join("child.pid"), KILL);
                self.broken =
                    Some(format!("the process that runs the cells cannot be read: {problem}; restart the kernel"));
                return;
            }
        };
        match (&mut self.current, event) {
            (Some(cell), event) => {
                if let Some(message) = cell.happened(event, &self.place) {
                    self.front.publish(&message).await;
                }
            }
            (None, Event::Text { stream, text }) => {
                if let Some(last) = &self.last {
                    let stream = json!({ "name": stream.name(), "text": text });
                    self.front.publish(&last.answer("stream", stream)).await;
                }
            }
            (None, _) => {}
        }
    }

    /// Handles all events that have happened so far.
    async fn catch_up(&mut self) {
        while let Some(event) = self.child.next_now() {
            self.happened(event).await;
        }
    }

    /// Handles a message of evcxr.
    async fn published(&mut self, message: Message) {
        let Some(cell) = self.current.as_mut().filter(|cell| cell.request.id() == message.parent_id()) else {
            // A reply to a request of the proxy.
            return;
        };
        if let Some(message) = cell.take(message) {
            self.front.publish(&message).await;
        }
        self.settle().await;
    }

    /// Finishes the current request once it is complete.
    async fn settle(&mut self) {
        if self.current.as_ref().is_some_and(Cell::is_over) {
            self.finish().await;
        }
    }

    /// Finishes the current request: its failure, its reply, and the idle status.
    async fn finish(&mut self) {
        self.catch_up().await;
        let Some(mut cell) = self.current.take() else { return };
        self.last = Some(cell.request.clone());
        if let Some(result) = cell.result() {
            self.front.publish(&result).await;
        }
        let request = &cell.request;
        if cell.lost_variables && self.child.speaks() {
            // The process has ended, but a program that it started keeps the pipes open.
            self.broken = self.child.replace().err();
        }
        let error = cell.error(self.child.speaks());
        if let Some(error) = &error {
            self.front.publish(&request.answer("error", error.clone())).await;
        }
        if let Some(reply) = cell.final_reply(error.as_ref()) {
            self.front.reply(Channel::Shell, &reply).await;
        }
        self.front.publish(&request.answer("status", json!({ "execution_state": "idle" }))).await;
        if error.is_some() && request.content["stop_on_error"] != false {
            self.abort().await;
        }
    }

    /// Checks that evcxr is running; otherwise fails the current request.
    async fn check_backend(&mut self) {
        let Some(end) = self.backend.as_mut().and_then(|backend| backend.ended()) else { return };
        self.catch_up().await;
        self.backend = None;
        if let Some(cell) = self.current.take() {
            self.refuse(&cell.request, &end).await;
        }
        self.broken = Some(end);
    }
}
