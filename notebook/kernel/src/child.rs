//! Child processes: they end with this process, and can be interrupted and ended.

use std::{
    collections::VecDeque,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
};

/// A process, and its last output.
pub struct Running {
    pub child: Child,
    last_output: Arc<Mutex<VecDeque<String>>>,
}

impl Running {
    /// Starts a command, and keeps its last output for messages.
    pub fn start(mut command: Command) -> Result<Self, String> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        end_with_parent(&mut command);
        let program = command.as_std().get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().map_err(|error| format!("{program} cannot be started: {error}"))?;
        let last_output = Arc::new(Mutex::new(VecDeque::new()));
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(listen(stdout, Arc::clone(&last_output)));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(listen(stderr, Arc::clone(&last_output)));
        }
        Ok(Self { child, last_output })
    }

    pub fn last_output(&self) -> String {
        let last_output = self.last_output.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        last_output.iter().map(|line| format!("{line}\n")).collect()
    }

    /// Returns how the process ended, if it has.
    pub fn ended(&mut self) -> Option<String> {
        self.child.try_wait().ok().flatten().map(|status| status.to_string())
    }

    /// Waits at most `patience` for the process to end by itself, then ends it.
    pub async fn end(&mut self, patience: Duration) {
        if tokio::time::timeout(patience, self.child.wait()).await.is_err() {
            let _ = self.child.kill().await;
        }
    }
}

/// Keeps the last lines of a stream; reads it to its end, so that the writer never waits.
async fn listen(stream: impl AsyncRead + Unpin, last_output: Arc<Mutex<VecDeque<String>>>) {
    let mut lines = BufReader::new(stream).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let mut last_output = last_output.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        last_output.push_back(crate::text::without_colors(&String::from_utf8_lossy(&line)));
        if last_output.len() > 60 {
            last_output.pop_front();
        }
    }
}

/// Makes the system end the process when this one ends, even by a kill.
#[cfg(target_os = "linux")]
fn end_with_parent(command: &mut Command) {
    #[expect(unsafe_code, reason = "runs between fork and exec, where a single system call is allowed")]
    // SAFETY: `prctl` with these arguments touches no memory and may be called after a fork.
    unsafe {
        command.pre_exec(|| match libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        });
    }
}

#[cfg(not(target_os = "linux"))]
fn end_with_parent(_command: &mut Command) {}

/// Sends a signal to the process whose number is in a file; returns whether the file named a process.
#[cfg(unix)]
pub fn signal(pid_file: &Path, signal: i32) -> bool {
    let number = std::fs::read_to_string(pid_file).ok().and_then(|text| text.trim().parse::<i32>().ok());
    number.is_some_and(|pid| signal_to(pid, signal))
}

/// Sends a signal to a process; returns whether it exists.
#[cfg(unix)]
pub fn signal_to(pid: i32, signal: i32) -> bool {
    if pid <= 1 {
        return false;
    }
    #[expect(unsafe_code, reason = "a single system call")]
    // SAFETY: `kill` touches no memory of this process.
    let sent = unsafe { libc::kill(pid, signal) };
    sent == 0
}

#[cfg(not(unix))]
pub fn signal(_pid_file: &Path, _signal: i32) -> bool {
    false
}

pub const INTERRUPT: i32 = 2;

pub const KILL: i32 = 9;
