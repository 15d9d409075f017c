//! Interrupts: a sweep ends at its next measurement and keeps finished runs; any other cell ends with its process.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{kernel, marker};

/// Whether interruptible work is running.
static WORKING: AtomicBool = AtomicBool::new(false);

/// Whether an interrupt arrived during that work.
static STOP: AtomicBool = AtomicBool::new(false);

const INTERRUPTED: i32 = 130;

/// Runs work that ends early once its flag becomes true; an interrupt then sets the flag instead of ending the process.
pub fn interruptible<T>(work: impl FnOnce(&AtomicBool) -> T) -> T {
    STOP.store(false, Ordering::SeqCst);
    WORKING.store(true, Ordering::SeqCst);
    let done = work(&STOP);
    WORKING.store(false, Ordering::SeqCst);
    done
}

/// Whether the last interruptible work was interrupted; clears the flag.
pub(super) fn was_heard() -> bool {
    STOP.swap(false, Ordering::SeqCst)
}

/// Installs the signal handler.
pub(super) fn listen() {
    // Without the handler an interrupt ends the process, as for any other cell.
    let _ = ctrlc::set_handler(|| {
        if WORKING.load(Ordering::SeqCst) {
            STOP.store(true, Ordering::SeqCst);
        } else {
            let message = "interrupted; the variables of this notebook are lost";
            if let Some(kernel) = kernel() {
                kernel.notify_within_patience(&marker::failed("interrupted", message, None));
            }
            std::process::exit(INTERRUPTED);
        }
    });
}
