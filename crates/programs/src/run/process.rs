//! The processes of a run: a program in a process group of its own, its output, and its end with all that it started.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    io::{self, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::{Duration, Instant},
};

use super::{container::Running, failed, group, reaper};
use crate::engine_run::RunError;

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Code(i32),
    Signal(i32),
}

/// Output of a program.
#[derive(Debug)]
pub(super) enum Output {
    Out(Vec<u8>),
    Err(Vec<u8>),
    /// There was none in the time that was allowed.
    Silence,
    /// The program has ended, and all its output was read.
    Ended,
}

/// The time between the request to end (SIGTERM) and the end (SIGKILL).
const GRACE: Duration = Duration::from_secs(2);

/// How long output is awaited after the end of the program and of its group, from processes that have left the group.
const REST: Duration = Duration::from_millis(200);

/// How long a container may take to start before it can be ended, and the time between two attempts to end it.
const START: Duration = Duration::from_secs(10);
const AGAIN: Duration = Duration::from_millis(500);

const POLL: Duration = Duration::from_millis(5);

/// The size of the pieces in which output is read. The channel has a few of them: a program that prints faster than
/// it is read waits.
const PIECE: usize = 64 << 10;
const PIECES: usize = 8;

/// A running program.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    pieces: Receiver<Piece>,
    /// The number of outputs that are open.
    open: usize,
    /// When the program was seen to have ended.
    ended: Option<Instant>,
    /// When it was last looked whether the program has exited.
    looked: Instant,
    exit: Option<Exit>,
}

#[derive(Debug)]
enum Piece {
    Out(Vec<u8>),
    Err(Vec<u8>),
    Closed,
}

impl Process {
    /// Starts the program of a run.
    pub fn start(
        words: &[String],
        name: &str,
        variables: &BTreeMap<OsString, OsString>,
        folder: &Path,
    ) -> Result<Self, RunError> {
        Self::begin(words, variables, folder).map_err(|error| not_started(name, &error))
    }

    /// Starts a program that ends within seconds, so that nothing must end it after a kill of restudy.
    pub fn begin(words: &[String], variables: &BTreeMap<OsString, OsString>, folder: &Path) -> io::Result<Self> {
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env_clear().envs(variables).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = spawn(&mut command)?;
        let (sender, pieces) = sync_channel(PIECES);
        let out = child.stdout.take().map(|pipe| read(pipe, sender.clone(), Piece::Out));
        let err = child.stderr.take().map(|pipe| read(pipe, sender, Piece::Err));
        for reader in [out, err].into_iter().flatten() {
            if let Err(error) = reader {
                let _ = child.kill();
                let _ = child.wait();
                return Err(error);
            }
        }
        Ok(Self { child, pieces, open: 2, ended: None, looked: Instant::now(), exit: None })
    }

    /// Waits for output, at most as long as `wait`.
    pub fn next(&mut self, wait: Duration) -> Output {
        let until = Instant::now() + wait;
        // What the program has left behind may print for ever.
        if self.looked.elapsed() >= POLL {
            self.looked = Instant::now();
            if let Output::Ended = self.silence() {
                return Output::Ended;
            }
        }
        loop {
            if self.open == 0 {
                return self.await_exit(until);
            }
            match self.pieces.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Piece::Out(bytes)) => return Output::Out(bytes),
                Ok(Piece::Err(bytes)) => return Output::Err(bytes),
                Ok(Piece::Closed) => self.open -= 1,
                Err(RecvTimeoutError::Disconnected) => self.open = 0,
                Err(RecvTimeoutError::Timeout) => return self.silence(),
            }
        }
    }

    /// After a time without output: processes that the program has left behind may keep it open.
    fn silence(&mut self) -> Output {
        if self.has_exited() {
            let ended = *self.ended.get_or_insert_with(Instant::now);
            if ended.elapsed() > REST {
                self.open = 0;
                return Output::Ended;
            }
        }
        Output::Silence
    }

    fn await_exit(&mut self, until: Instant) -> Output {
        let mut pause = Duration::from_micros(100);
        loop {
            if self.has_exited() {
                return Output::Ended;
            }
            if Instant::now() >= until {
                return Output::Silence;
            }
            thread::sleep(pause.min(until.saturating_duration_since(Instant::now())));
            pause = (pause * 2).min(POLL);
        }
    }

    fn has_exited(&mut self) -> bool {
        if self.exit.is_some() {
            return true;
        }
        // Before the program is waited for, no other process group can have its number.
        let is_peeked = match group::has_exited(&self.child) {
            Some(false) => return false,
            Some(true) => {
                group::kill(&self.child);
                true
            }
            None => false,
        };
        self.exit = self.child.try_wait().ok().flatten().map(exit);
        if self.exit.is_some() && !is_peeked {
            group::kill(&self.child);
        }
        self.exit.is_some()
    }

    /// Returns how the program ended. What it has left behind in its process group is ended.
    pub fn exit(&mut self) -> Exit {
        while !self.has_exited() {
            thread::sleep(POLL);
        }
        self.exit.expect("it has exited")
    }

    /// Ends the program and everything that it has started: first by a request, then by force. A program that only
    /// stands for a container ends with it: it would leave traces of its own behind.
    pub fn end(&mut self, folder: &Path, container: Option<&Running>) -> Exit {
        let marker = reaper::marker_of_run(folder);
        match container {
            Some(container) => container.request_end(),
            None => group::terminate(&self.child),
        }
        reaper::terminate(&marker);
        self.await_end(GRACE);
        if let Some(container) = container {
            // It may just be starting, and then only a later attempt finds it.
            let until = Instant::now() + START;
            loop {
                container.kill();
                if self.await_end(AGAIN) || Instant::now() > until {
                    break;
                }
            }
        }
        let leader = !self.has_exited();
        if leader {
            group::kill(&self.child);
        }
        reaper::kill(&marker);
        let _ = self.child.kill();
        let exit = self.child.wait().map_or(Exit::Signal(9), exit);
        *self.exit.get_or_insert(exit)
    }

    /// Waits for the end of the program, at most as long as `most`, and says whether it has ended.
    fn await_end(&mut self, most: Duration) -> bool {
        let until = Instant::now() + most;
        loop {
            // Unread output must not keep it from ending.
            while let Ok(piece) = self.pieces.try_recv() {
                self.open -= usize::from(matches!(piece, Piece::Closed));
            }
            if self.exit.is_some() || group::has_exited(&self.child) == Some(true) {
                return true;
            }
            if Instant::now() >= until {
                return false;
            }
            thread::sleep(POLL);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.exit.is_none() {
            group::kill(&self.child);
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Starts a program; a file that was written a moment ago may still be busy.
fn spawn(command: &mut Command) -> io::Result<Child> {
    for _ in 0..50 {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => thread::sleep(Duration::from_millis(2)),
            other => return other,
        }
    }
    command.spawn()
}

fn not_started(program: &str, error: &io::Error) -> RunError {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "check that it exists, and that the interpreter in its first line does",
        io::ErrorKind::PermissionDenied => {
            "make it executable (chmod +x), or start it by its interpreter: [\"sh\", \"NAME\"]"
        }
        _ => "stored runs are safe, and the same command continues",
    };
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => RunError::Source {
            code: "program.missing",
            message: format!("the program {program} cannot be started: {error}"),
            help: help.into(),
        },
        _ => failed(&format!("start the program {program}"), error),
    }
}

/// Reads one output on a thread of its own.
fn read(
    mut pipe: impl Read + Send + 'static,
    sender: SyncSender<Piece>,
    piece: fn(Vec<u8>) -> Piece,
) -> io::Result<()> {
    let work = move || {
        let mut bytes = vec![0; PIECE];
        loop {
            match pipe.read(&mut bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => break,
                Ok(length) => {
                    if sender.send(piece(bytes[..length].to_vec())).is_err() {
                        break;
                    }
                }
            }
        }
        let _ = sender.send(Piece::Closed);
    };
    thread::Builder::new().name("output".into()).stack_size(128 << 10).spawn(work).map(drop)
}

#[cfg(unix)]
fn exit(status: ExitStatus) -> Exit {
    use std::os::unix::process::ExitStatusExt;
    status.code().map_or_else(|| Exit::Signal(status.signal().unwrap_or_default()), Exit::Code)
}

#[cfg(not(unix))]
fn exit(status: ExitStatus) -> Exit {
    Exit::Code(status.code().unwrap_or_default())
}
