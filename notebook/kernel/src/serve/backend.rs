//! Starts evcxr, sends requests to it, and ends it.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::json;
use tokio::{process::Command, sync::mpsc::UnboundedSender};

use super::{Input, settings::Settings};
use crate::{
    child::Running,
    client::{self, Channel, Client},
    text::tail,
    wire::Message,
};

/// A running evcxr.
pub struct Backend {
    pub client: Client,
    running: Running,
    start: String,
}

/// How long evcxr may take to answer; it takes two seconds if there is nothing to compile.
const PATIENCE: Duration = Duration::from_secs(300);

/// Starts evcxr, and reports to the queue when it is ready or has failed.
pub async fn start(home: PathBuf, run: PathBuf, queue: UnboundedSender<Input>) {
    let started = match settings(&home, &queue).await {
        Ok(settings) => try_start(&settings, &run, &queue).await,
        Err(problem) => Err(problem),
    };
    let _ = queue.send(Input::Started(started.map(Box::new)));
}

/// Reads the settings, after the library is rebuilt if the compiler has changed.
async fn settings(home: &Path, queue: &UnboundedSender<Input>) -> Result<Settings, String> {
    let settings = Settings::read(home)?;
    let now =
        Command::new("rustc").arg("-vV").current_dir(home).output().await.ok().filter(|output| output.status.success());
    let now = now.ok_or("`rustc` is not on the search path; it compiles the cells of a notebook")?;
    let now = String::from_utf8_lossy(&now.stdout).lines().next().unwrap_or_default().to_owned();
    if now == settings.rustc {
        return Ok(settings);
    }
    let notice = format!(
        "The library for notebooks was built by {}; this is {now}.\nIt is rebuilt now, which takes a few minutes, once.",
        settings.rustc
    );
    let _ = queue.send(Input::Notice(notice));
    let (program, arguments) =
        settings.rebuild.split_first().ok_or("kernel.json names no command that rebuilds the library")?;
    let output = Command::new(program)
        .args(arguments)
        .output()
        .await
        .map_err(|error| format!("{program} cannot be started: {error}"))?;
    if output.status.success() {
        return Settings::read(home);
    }
    let printed = tail(&String::from_utf8_lossy(&output.stderr), 30);
    Err(format!("the library for notebooks could not be built: `{}`\n{printed}", settings.rebuild.join(" ")))
}

async fn try_start(settings: &Settings, run: &Path, queue: &UnboundedSender<Input>) -> Result<Backend, String> {
    let mut problem = String::new();
    // Another program may take the free ports before evcxr binds them.
    for _ in 0..3 {
        match once(settings, run, queue).await {
            Ok(backend) => return Ok(backend),
            Err(other) => problem = other,
        }
        if !problem.contains("in use") {
            break;
        }
    }
    Err(problem)
}

async fn once(settings: &Settings, run: &Path, queue: &UnboundedSender<Input>) -> Result<Backend, String> {
    let info = client::connection().await?;
    let file = run.join("connection.json");
    client::write(&info, &file)?;
    let mut command = Command::new(&settings.evcxr);
    command.arg("--control_file").arg(&file).envs(&settings.env);
    command.env("EVCXR_TMPDIR", run.join("tmp")).env("RESTUDY_KERNEL", run);
    // Start outside the notebook's folder, which may contain settings of evcxr or of a toolchain; cells change into it.
    if let Ok(folder) = std::env::current_dir() {
        command.current_dir(run).env("RESTUDY_FOLDER", folder);
    }
    let mut running = Running::start(command)?;
    let ready = async {
        let (own, mut messages) = tokio::sync::mpsc::unbounded_channel();
        let mut client = Client::connect_patiently(&info, &own, |channel, message| (channel, message)).await;
        // The subscription may start after the first answer was published: repeat the request until an answer arrives.
        loop {
            let id = client.greet().await?;
            let wait = tokio::time::sleep(Duration::from_millis(150));
            tokio::pin!(wait);
            loop {
                tokio::select! {
                    () = &mut wait => break,
                    message = messages.recv() => match message {
                        Some((Channel::Iopub, message)) if message.parent_id() == id && message.content["execution_state"] == "idle" => {
                            return Ok::<_, String>((client, messages));
                        }
                        Some(_) => {}
                        None => return Err("evcxr closed its sockets".into()),
                    },
                }
            }
        }
    };
    let ended = async {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if let Some(status) = running.ended() {
                // Its last output may still be on its way.
                tokio::time::sleep(Duration::from_millis(100)).await;
                return status;
            }
        }
    };
    let outcome = tokio::select! {
        ready = tokio::time::timeout(PATIENCE, ready) => ready.map_err(|_| "evcxr does not answer".to_owned()).and_then(|ready| ready),
        status = ended => Err(format!("evcxr could not start: {status}")),
    };
    match outcome {
        Ok((client, mut messages)) => {
            let queue = queue.clone();
            tokio::spawn(async move {
                while let Some((channel, message)) = messages.recv().await {
                    if queue.send(Input::Back(channel, message)).is_err() {
                        break;
                    }
                }
            });
            Ok(Backend { client, running, start: settings.start.clone() })
        }
        Err(problem) => Err(format!("{problem}\n{}", tail(&running.last_output(), 20)).trim_end().to_owned()),
    }
}

impl Backend {
    /// Sends a request; a new process is set up first.
    pub async fn execute(&mut self, request: &Message, is_new: bool) -> Result<(), String> {
        if is_new {
            let start = json!({ "code": self.start, "silent": true, "store_history": false, "allow_stdin": false });
            self.client.send(Channel::Shell, &Message::request("execute_request", start)).await?;
        }
        self.client.send(Channel::Shell, &Message { ids: Vec::new(), ..request.clone() }).await
    }

    /// Returns how evcxr ended and its last output, if it has ended.
    pub fn ended(&mut self) -> Option<String> {
        let status = self.running.ended()?;
        Some(
            format!("evcxr has ended ({status}); restart the kernel\n{}", tail(&self.running.last_output(), 20))
                .trim_end()
                .to_owned(),
        )
    }

    /// Asks evcxr to end, and ends it if it does not.
    pub async fn end(&mut self, request: &Message) {
        let _ = self.client.send(Channel::Control, &Message { ids: Vec::new(), ..request.clone() }).await;
        self.running.end(Duration::from_millis(500)).await;
    }
}
