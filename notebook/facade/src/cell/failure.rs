//! Failures of a cell. To evcxr a panic and a failed `?` are only text; the kernel makes errors of them.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    fmt,
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use restudy_channel::{ERROR, PANIC};

use super::{interrupt, kernel, marker, say, warn};

/// The last panic or error, which may become the failure of the cell.
struct Last {
    message: String,
    line: Option<u32>,
}

static LAST: Mutex<Last> = Mutex::new(Last { message: String::new(), line: None });

thread_local! {
    /// The number of calls of [`expected`] that this thread is in.
    static EXPECTED: Cell<usize> = const { Cell::new(0) };
    /// The message of an expected panic.
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Clears the message of earlier cells.
pub(super) fn begin() {
    *last() = Last { message: String::new(), line: None };
}

/// Reports to the kernel that the cell panicked, if evcxr's own function calls this; other text is not a report.
pub fn announce_panic(function: &str) {
    announce(is_of_evcxr(function), "panic", PANIC);
}

/// Reports to the kernel that the cell ended by a failed `?`, if evcxr's own function calls this.
pub fn announce_error(function: &str) {
    announce(is_error_of_evcxr(function), "error", ERROR);
}

/// Whether the closure is in the function that evcxr makes of a cell, not in the code of the cell, which is already a
/// closure in it.
fn is_of_evcxr(closure: &str) -> bool {
    let mut path = closure.rsplit("::");
    path.next() == Some("{{closure}}") && path.next().is_some_and(|name| name.starts_with("run_user_code_"))
}

/// Whether evcxr handles the error of a failed `?` in this closure.
fn is_error_of_evcxr(closure: &str) -> bool {
    closure.contains("EvcxrUserCodeError")
}

/// Stores the error of a failed `?` if evcxr's own function prints it and a kernel is connected. Returns whether it
/// did.
pub fn error_text(function: &str, error: &dyn fmt::Display) -> bool {
    let ours = is_error_of_evcxr(function) && kernel().is_some();
    if ours {
        *last() = Last { message: error.to_string(), line: None };
    }
    ours
}

/// Runs `work`; a panic in it is not a failure of the cell.
///
/// # Errors
/// The message of the panic.
pub fn expected<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    remember_panics();
    EXPECTED.set(EXPECTED.get() + 1);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(EXPECTED.get() - 1);
    done.map_err(|payload| match SAID.take() {
        output if output.is_empty() => message(payload.as_ref()),
        output => output,
    })
}

/// Installs the hook that stores the message of a panic; only the first call does.
pub(super) fn remember_panics() {
    static INSTALLED: std::sync::Once = std::sync::Once::new();
    INSTALLED.call_once(|| {
        let earlier = panic::take_hook();
        let cells = thread::current().id();
        panic::set_hook(Box::new(move |info| {
            if EXPECTED.get() > 0 {
                SAID.set(message(info.payload()));
            } else if kernel().is_some() {
                remember(info);
                // A panic in another thread does not end the cell, so that it would go unnoticed.
                if thread::current().id() != cells {
                    warn(&format!("a thread panicked: {}", message(info.payload())));
                }
            } else {
                earlier(info);
            }
        }));
    });
}

fn remember(info: &PanicHookInfo<'_>) {
    // evcxr compiles a cell as `src/lib.rs` of a crate; other files are not the cell's.
    let place = info.location().filter(|place| place.file() == "src/lib.rs").map(|place| place.line());
    *last() = Last { message: message(info.payload()), line: place };
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a message".into())
}

fn announce(is_of_evcxr: bool, kind: &str, line: &str) {
    let Some(kernel) = kernel().filter(|_| is_of_evcxr) else { return say(line) };
    let Last { message, line: at } = std::mem::replace(&mut *last(), Last { message: String::new(), line: None });
    // The cell may have replaced the panic hook: then no message was stored.
    let message = if message.is_empty() { format!("{kind} without a message") } else { message };
    let kind = if interrupt::was_heard() { "interrupted" } else { kind };
    kernel.notify(&marker::failed(kind, &message, at));
    kernel.evcxr(line);
}

fn last() -> MutexGuard<'static, Last> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_cell_is_distinguished_from_that_of_evcxr() {
        assert!(is_of_evcxr("ctx::run_user_code_7::{{closure}}"));
        for name in
            ["ctx::run_user_code_7::{{closure}}::{{closure}}", "ctx::mine::{{closure}}", "ctx::run_user_code_7", ""]
        {
            assert!(!is_of_evcxr(name), "{name}");
        }
    }
}
