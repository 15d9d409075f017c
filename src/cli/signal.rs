use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use super::{CliError, Code, Exit, text};

/// Makes a write beyond the file size limit fail like any other write; by default a signal ends the program without a
/// message. Threads that are started later inherit this.
#[cfg(unix)]
pub(super) fn survive_file_limit() {
    use nix::sys::signal::{SigSet, Signal};
    let mut blocked = SigSet::empty();
    blocked.add(Signal::SIGXFSZ);
    // If blocking fails, the signal keeps its default action.
    let _ = blocked.thread_block();
}

#[cfg(not(unix))]
pub(super) fn survive_file_limit() {}

/// Makes the first Ctrl-C or SIGTERM print `message` and end the program. A second call changes nothing.
pub(super) fn end_with(message: &'static str) -> Result<(), CliError> {
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    if INSTALLED.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    let handler = move || {
        text::warn(message);
        std::process::exit(Exit::Interrupted as i32);
    };
    ctrlc::set_handler(handler).map_err(|error| no_listener(&error))
}

/// The signal handler needs a thread, which the machine may refuse.
fn no_listener(error: &ctrlc::Error) -> CliError {
    CliError::machine(
        Code::MachineSignals,
        format!("cannot listen for signals: {error}"),
        "the handler needs a thread and memory: raise the limits (`ulimit -v` and `ulimit -u` show them), and run the same command again",
    )
}

/// The message for a signal that ends the program at once.
static LAST_MESSAGE: Mutex<Option<String>> = Mutex::new(None);

/// Makes the first Ctrl-C or SIGTERM end the program at once, with `message`, once nothing can be lost.
pub(super) fn end_at_once_with(message: String) {
    *LAST_MESSAGE.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(message);
}

/// A flag that becomes true at the first Ctrl-C or SIGTERM; the second one ends the program at once.
pub(super) fn stop_flag() -> Result<Arc<AtomicBool>, CliError> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    let handler = move || {
        let last_message = LAST_MESSAGE.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
        if let Some(message) = &last_message {
            text::warn(message);
        }
        if raised.swap(true, Ordering::Relaxed) || last_message.is_some() {
            std::process::exit(Exit::Interrupted as i32);
        }
        text::warn("stopping; press Ctrl-C again to stop at once");
    };
    ctrlc::set_handler(handler).map_err(|error| no_listener(&error))?;
    Ok(flag)
}
