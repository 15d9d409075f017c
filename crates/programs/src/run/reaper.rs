//! Ends what programs leave behind: processes that have left their process group, and, after a kill of restudy itself,
//! every process that it has started.
//!
//! Each run has two variables in its environment: its folder, and a word that belongs to this process of restudy. On
//! Linux, the processes of a run are found by them, wherever they are; elsewhere only process groups are ended.
//!
//! A second process, the reaper, waits for the end of restudy by a pipe. Then it ends all processes that have the word,
//! and removes the folders of runs. The program enables it with [`enable`], and [`serve`] is its whole work.

use std::{
    env,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// The variable with the word.
pub const VARIABLE: &str = "RESTUDY_SWEEP";

/// The variable with the word in processes that stand for a container. They end with the container, and clean up.
pub const CONTAINERS: &str = "RESTUDY_CONTAINERS";

/// Returns the word of this process.
#[must_use]
pub fn token() -> &'static str {
    static TOKEN: OnceLock<String> = OnceLock::new();
    TOKEN.get_or_init(|| {
        // The folder is removed again: it is made once the reaper waits, which removes it after a kill.
        let folder = tempfile::Builder::new().prefix("restudy-").tempdir().ok();
        let name = folder.and_then(|folder| Some(folder.path().file_name()?.to_string_lossy().into_owned()));
        name.unwrap_or_else(|| format!("restudy-{}", std::process::id()))
    })
}

/// Returns the folder in which the folders of runs are made.
#[must_use]
pub fn base() -> &'static Path {
    static BASE: OnceLock<PathBuf> = OnceLock::new();
    BASE.get_or_init(|| env::temp_dir().join(token()))
}

/// The arguments with which this program becomes the reaper, followed by the word and the folder.
static ARGUMENTS: OnceLock<Vec<String>> = OnceLock::new();

/// Enables the reaper: this program, called with `arguments` and two more, calls [`serve`] with these.
pub fn enable(arguments: &[&str]) {
    let _ = ARGUMENTS.set(arguments.iter().map(|word| (*word).to_owned()).collect());
}

/// Returns what marks the processes of a run.
pub(super) fn marker_of_run(folder: &Path) -> Vec<u8> {
    [b"RESTUDY_RUN_DIR=", folder.as_os_str().as_encoded_bytes()].concat()
}

#[cfg(not(target_os = "linux"))]
mod here {
    pub fn watch() {}
    pub fn terminate(_: &[u8]) {}
    pub fn kill(_: &[u8]) {}
    pub fn serve(_: &str, _: &std::path::Path) {}
}

#[cfg(target_os = "linux")]
mod here {
    use std::{
        env, fs,
        io::{self, Read},
        os::unix::process::CommandExt,
        path::Path,
        process::{Child, Command, Stdio},
        sync::OnceLock,
        thread,
        time::{Duration, Instant},
    };

    use nix::{
        sys::signal::{self, Signal},
        unistd::Pid,
    };

    const GRACE: Duration = Duration::from_secs(2);
    const POLL: Duration = Duration::from_millis(20);

    /// How long a container may take to start and to end.
    const CONTAINER: Duration = Duration::from_secs(20);

    /// The most rounds in which processes are looked for: each may have started others meanwhile.
    const ROUNDS: usize = 50;

    /// Starts the reaper of this process once. Without it, only a kill of restudy leaves processes behind.
    pub fn watch() {
        static REAPER: OnceLock<Option<Child>> = OnceLock::new();
        REAPER.get_or_init(|| {
            let arguments = super::ARGUMENTS.get()?;
            let mut command = Command::new(env::current_exe().ok()?);
            command.args(arguments).arg(super::token()).arg(super::base());
            command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            // Outside the group that the terminal interrupts; its end of the pipe closes with this process.
            command.current_dir("/").process_group(0).spawn().ok()
        });
    }

    /// The processes with a marker in their environment.
    fn marked(marker: &[u8]) -> Vec<Pid> {
        let own = std::process::id();
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let has = |process: &u32| {
            let environment = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|variable| variable == marker)
        };
        numbers
            .filter(|process| *process != own && has(process))
            .filter_map(|process| Some(Pid::from_raw(i32::try_from(process).ok()?)))
            .collect()
    }

    fn send(marker: &[u8], signal: Signal) -> bool {
        let found = marked(marker);
        found.iter().for_each(|process| _ = signal::kill(*process, signal));
        !found.is_empty()
    }

    pub fn terminate(marker: &[u8]) {
        send(marker, Signal::SIGTERM);
    }

    /// Ends all marked processes by force. Those that have ended and are not waited for have no environment.
    pub fn kill(marker: &[u8]) {
        for _ in 0..ROUNDS {
            if !send(marker, Signal::SIGKILL) {
                return;
            }
            thread::sleep(POLL);
        }
    }

    /// Waits for the end of the process at the other end of standard input, then ends what it has started.
    pub fn serve(token: &str, base: &Path) {
        let mut rest = Vec::new();
        let _ = io::stdin().read_to_end(&mut rest);
        let marker = format!("{}={token}", super::VARIABLE).into_bytes();
        // A process that was being started has its environment a moment later.
        thread::sleep(POLL);
        terminate(&marker);
        let until = Instant::now() + GRACE;
        while Instant::now() < until && !marked(&marker).is_empty() {
            thread::sleep(POLL);
        }
        for _ in 0..3 {
            kill(&marker);
            thread::sleep(POLL);
        }
        // A container that was being started has its processes later.
        let container = format!("{}={token}", super::CONTAINERS).into_bytes();
        let until = Instant::now() + CONTAINER;
        while Instant::now() < until && !marked(&container).is_empty() {
            kill(&marker);
            thread::sleep(POLL);
        }
        if base.file_name().is_some_and(|name| name == token) {
            super::super::folder::remove(base);
        }
    }
}

pub use here::serve;
pub(super) use here::{kill, terminate, watch};
