use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use super::{CliError, Exit, text};

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

/// Ends the program at the first Ctrl-C or SIGTERM, with a last word. Asked for again, it changes nothing.
pub(super) fn end_with(word: &'static str) -> Result<(), CliError> {
    static ASKED: AtomicBool = AtomicBool::new(false);
    if ASKED.swap(true, Ordering::Relaxed) {
        return Ok(());
    }
    let handler = move || {
        text::warn(word);
        std::process::exit(Exit::Interrupted as i32);
    };
    ctrlc::set_handler(handler).map_err(|error| no_listener(&error))
}

/// Listening takes a thread of its own, which a machine may refuse.
fn no_listener(error: &ctrlc::Error) -> CliError {
    CliError::machine(
        format!("cannot listen for signals: {error}"),
        "it takes a thread, and so memory: allow more of both (`ulimit -v` and `ulimit -u` show the limits), and run the same command again",
    )
}

/// What is said where a signal ends the program at once.
static LAST_WORD: Mutex<Option<String>> = Mutex::new(None);

/// From now on nothing can be lost: the first Ctrl-C or SIGTERM ends the program at once, with a last word.
pub(super) fn end_at_once_with(word: String) {
    *LAST_WORD.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(word);
}

/// A flag that becomes true at the first Ctrl-C or SIGTERM; the second one ends the program at once.
pub(super) fn stop_flag() -> Result<Arc<AtomicBool>, CliError> {
    let flag = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&flag);
    let handler = move || {
        let last_word = LAST_WORD.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
        if let Some(word) = &last_word {
            text::warn(word);
        }
        if raised.swap(true, Ordering::Relaxed) || last_word.is_some() {
            std::process::exit(Exit::Interrupted as i32);
        }
        text::warn("stopping; press Ctrl-C again to stop at once");
    };
    ctrlc::set_handler(handler).map_err(|error| no_listener(&error))?;
    Ok(flag)
}
