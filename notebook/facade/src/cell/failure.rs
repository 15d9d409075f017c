//! How a cell fails. A panic and a failed `?` are only text to evcxr; the kernel makes an error of them.

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

/// What was said last, before anybody knew that the cell would fail by it.
struct Last {
    message: String,
    line: Option<u32>,
}

static LAST: Mutex<Last> = Mutex::new(Last { message: String::new(), line: None });

thread_local! {
    /// How many calls of [`expected`] this thread is in.
    static EXPECTED: Cell<usize> = const { Cell::new(0) };
    /// What an expected panic said.
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Forgets what was said in earlier cells.
pub(super) fn begin() {
    *last() = Last { message: String::new(), line: None };
}

/// Tells the kernel that the cell has ended by a panic, where evcxr's own function says so; text of a reader stays text.
pub fn announce_panic(function: &str) {
    announce(is_of_evcxr(function), "panic", PANIC);
}

/// Tells the kernel that the cell has ended by a failed `?`, where evcxr's own function says so.
pub fn announce_error(function: &str) {
    announce(is_error_of_evcxr(function), "error", ERROR);
}

/// Whether the closure stands in the function that evcxr makes of a cell, and not in the code of the cell, which is a closure
/// in it already.
fn is_of_evcxr(closure: &str) -> bool {
    let mut path = closure.rsplit("::");
    path.next() == Some("{{closure}}") && path.next().is_some_and(|name| name.starts_with("run_user_code_"))
}

/// Whether the closure stands where evcxr takes the error of a failed `?`.
fn is_error_of_evcxr(closure: &str) -> bool {
    closure.contains("EvcxrUserCodeError")
}

/// Remembers the error of a failed `?`, if it is evcxr's own function that prints it, and the kernel will show it. Gives
/// whether it did.
pub fn error_text(function: &str, error: &dyn fmt::Display) -> bool {
    let ours = is_error_of_evcxr(function) && kernel().is_some();
    if ours {
        *last() = Last { message: error.to_string(), line: None };
    }
    ours
}

/// Does `work`; a panic in it is no failure of the cell, and only gives its message.
///
/// # Errors
/// What the panic said.
pub fn expected<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    remember_panics();
    EXPECTED.set(EXPECTED.get() + 1);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(EXPECTED.get() - 1);
    done.map_err(|payload| match SAID.take() {
        said if said.is_empty() => message(payload.as_ref()),
        said => said,
    })
}

/// Installs the hook that keeps what a panic said. Done once.
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
                // Where a panic does not end the cell, nobody would hear of it.
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
    // evcxr compiles a cell as `src/lib.rs` of a crate; other places are not the reader's.
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
    // A hook of the reader's, or none: then only that it happened is known.
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
    fn text_of_a_reader_is_told_from_the_words_of_evcxr() {
        assert!(is_of_evcxr("ctx::run_user_code_7::{{closure}}"));
        for name in
            ["ctx::run_user_code_7::{{closure}}::{{closure}}", "ctx::mine::{{closure}}", "ctx::run_user_code_7", ""]
        {
            assert!(!is_of_evcxr(name), "{name}");
        }
    }
}
