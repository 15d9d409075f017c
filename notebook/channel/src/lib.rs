//! The channel between the kernel and the process that runs the cells, separate from what the cells print.
//!
//! evcxr reads the standard output of that process for both: lines of its protocol (`EVCXR_EXECUTION_COMPLETE`,
//! `EVCXR_PANIC_NOTIFICATION`, ...), and text. A cell that prints half a line before a protocol line hides it, and a
//! cell that prints a protocol line forges it. The channel separates the two before the first cell runs:
//!
//! ```text
//! evcxr    <--  private copies of descriptors 0 and 1: commands in, whole protocol lines out
//! kernel   <--  stdout, stderr  <--  descriptors 1 and 2: output of the cells, their threads, libraries and programs
//! kernel   <->  marks, answers  <->  JSON lines: a cell begins, shows, fails, ends; each gets a reply
//! ```
//!
//! The four streams to the kernel are named pipes in its run folder, removed once both ends are open. Every mark waits
//! for its reply, and the kernel reads the printed text before it reads a mark: events keep the order of the program.
//! When the process dies, its last output is still in the pipes.
//!
//! | module | content |
//! |---|---|
//! | `system` | system calls |
//! | `filter` | decodes text, and removes evcxr's own lines from it |
//! | [`child`] | the channel in the process that runs the cells, and its loop |
//! | [`kernel`] | the channel in the kernel |

mod filter;
mod system;

pub mod child;
pub mod kernel;

/// The line by which a cell ends in evcxr's protocol.
pub const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";

/// The line that makes evcxr drop the new variables of a cell that panicked.
pub const PANIC: &str = "EVCXR_PANIC_NOTIFICATION";

/// The line that makes evcxr drop the new variables of a cell that ended at a failed `?`.
pub const ERROR: &str = "EVCXR_ERROR_OCCURRED";

/// Begins the line that names a variable whose type was redefined.
pub(crate) const LOST: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";

pub(crate) const PIPES: [&str; 4] = ["stdout", "stderr", "marks", "answers"];
