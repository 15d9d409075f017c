//! What the process that runs the cells and the kernel say to each other, apart from what the cells print.
//!
//! evcxr takes the standard output of that process for both: lines that it knows are its own (`EVCXR_EXECUTION_COMPLETE`,
//! `EVCXR_PANIC_NOTIFICATION`, ...), and all others are text. A cell that prints half a line before one of them hides it, and a
//! cell that prints one forges it. So the two are separated, once, before the first cell runs:
//!
//! ```text
//! evcxr    <--  a private copy of descriptors 0 and 1: commands in, evcxr's own lines out, each whole
//! kernel   <--  stdout, stderr  <--  descriptors 1 and 2: whatever the cells, their threads, libraries and programs write
//! kernel   <->  marks, answers  <->  JSON lines: a cell begins, shows, fails, ends; each is answered
//! ```
//!
//! The four are named pipes in the run folder of the kernel, removed once both ends are open. Every mark waits for its answer,
//! and the kernel reads what was printed before it reads the mark: so the order is that of the program. When the process dies,
//! what it wrote is still in the pipes.
//!
//! | module | holds |
//! |---|---|
//! | `system` | calls of the system |
//! | `filter` | bytes to text, and the few lines in it that are not the reader's |
//! | [`child`] | the end in the process of the cells, and the loop that runs them in evcxr's place |
//! | [`kernel`] | the end in the kernel |

mod filter;
mod system;

pub mod child;
pub mod kernel;

/// What evcxr waits for when a cell runs.
pub const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE";

/// What tells evcxr to forget the new variables of a cell that panicked.
pub const PANIC: &str = "EVCXR_PANIC_NOTIFICATION";

/// What tells evcxr the same of a cell that ended at a failed `?`.
pub const ERROR: &str = "EVCXR_ERROR_OCCURRED";

/// How evcxr learns of a variable whose type was defined anew.
pub(crate) const LOST: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";

/// The names of the pipes in the run folder.
pub(crate) const PIPES: [&str; 4] = ["stdout", "stderr", "marks", "answers"];
