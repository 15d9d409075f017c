//! Interrupts: a sweep ends at its next measurement with everything finished kept; any other cell ends with its process.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{kernel, marker};

/// Whether work is under way that ends by itself once it is asked to.
static WORKING: AtomicBool = AtomicBool::new(false);

/// Whether an interrupt was heard during that work.
static STOP: AtomicBool = AtomicBool::new(false);

/// The exit code of an interrupted process.
const INTERRUPTED: i32 = 130;

/// Does work that ends early once the flag it is given becomes true; an interrupt then raises the flag and ends nothing else.
pub fn interruptible<T>(work: impl FnOnce(&AtomicBool) -> T) -> T {
    STOP.store(false, Ordering::SeqCst);
    WORKING.store(true, Ordering::SeqCst);
    let done = work(&STOP);
    WORKING.store(false, Ordering::SeqCst);
    done
}

/// Whether the last interruptible work was interrupted; asking forgets it.
pub(super) fn was_heard() -> bool {
    STOP.swap(false, Ordering::SeqCst)
}

/// Listens for signals.
pub(super) fn listen() {
    // Without it an interrupt ends the process, which is what the kernel falls back to anyway.
    let _ = ctrlc::set_handler(|| {
        if WORKING.load(Ordering::SeqCst) {
            STOP.store(true, Ordering::SeqCst);
        } else {
            let said = "interrupted; the variables of this notebook are lost";
            if let Some(kernel) = kernel() {
                kernel.notify_within_patience(&marker::failed("interrupted", said, None));
            }
            std::process::exit(INTERRUPTED);
        }
    });
}
