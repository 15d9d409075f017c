//! The running cell: its outputs, failures, interrupts and origin.
//!
//! The kernel of restudy is a proxy between Jupyter and the process of the cells. It receives [marks](marker) on a
//! [separate channel](process), which printed text cannot reach. In other kernels values are shown in evcxr's way, and
//! a failure is an ordinary panic.

mod failure;
mod interrupt;
pub mod marker;
pub mod process;

use std::{
    fs,
    hash::{BuildHasher, RandomState},
    io::{self, Write},
};

use serde_json::Value;

pub use crate::{__restudy_eprintln as eprintln, __restudy_format as format, __restudy_println as println};
pub use failure::{announce_error, announce_panic, error_text, expected};
pub use interrupt::interruptible;
pub use process::start;

use crate::show::Bundle;
pub(crate) use process::kernel;

/// The notebook and the cell that run, as far as the kernel has noted them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The path of the notebook.
    pub notebook: Option<String>,
    /// The identifier of the cell.
    pub cell: Option<String>,
    /// The execution count of the cell.
    pub count: Option<u64>,
}

/// Returns the origin of the running cell.
#[must_use]
pub fn origin() -> Origin {
    let text = process::run_folder().and_then(|folder| fs::read(folder.join("cell.json")).ok());
    let value: Value = text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Origin { notebook: text("notebook"), cell: text("cell"), count: value["count"].as_u64() }
}

/// Shows a value as an output of its own, in order with printed lines.
pub fn display(bundle: &Bundle) {
    for bundle in bundle.single_ones() {
        match kernel() {
            Some(kernel) => drop(kernel.notify(&marker::display(bundle, None))),
            None => result(bundle),
        }
    }
}

/// Shows the value of a cell. A cell has one value; several values are outputs of their own.
pub fn result(bundle: &Bundle) {
    match (&bundle.single_ones()[..], kernel()) {
        ([bundle], Some(kernel)) => drop(kernel.notify(&marker::result(bundle))),
        ([bundle], None) => {
            for (mime, text) in bundle.data() {
                say(&format!("EVCXR_BEGIN_CONTENT {mime}\n{}\nEVCXR_END_CONTENT", text.trim_end_matches('\n')));
            }
        }
        _ => display(bundle),
    }
}

/// Shows the value of a cell as text, if evcxr's own code is about to print it; returns what that code is to print.
#[must_use]
pub fn text_result(text: String) -> String {
    let Some(kernel) = kernel() else { return text };
    // A random word, so that no cell can print it.
    let word = format!("{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1));
    kernel.notify(&marker::text(&text, &word));
    word
}

/// Prints a line.
pub fn say(line: &str) {
    let mut out = io::stdout().lock();
    // A closed standard output is not a failure of the cell.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Prints a warning.
pub(crate) fn warn(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// `println!`, which also detects the two lines that evcxr's own code prints when a cell has failed. The name of a
/// closure shows which function contains it: evcxr's own, or one of the cell.
#[doc(hidden)]
#[macro_export]
macro_rules! __restudy_println {
    ("EVCXR_PANIC_NOTIFICATION") => {{
        $crate::cell::announce_panic(::std::any::type_name_of_val(&|| {}))
    }};
    ("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED) => {{
        $crate::cell::announce_error(::std::any::type_name_of_val(&|| {}))
    }};
    ($($rest:tt)*) => { ::std::println!($($rest)*) };
}

/// `eprintln!`, which also detects the error that evcxr's own code prints for a failed `?`.
#[doc(hidden)]
#[macro_export]
macro_rules! __restudy_eprintln {
    ("{}", $error:ident) => {
        if !$crate::cell::error_text(::std::any::type_name_of_val(&|| {}), &$error) {
            ::std::eprintln!("{}", $error)
        }
    };
    ($($rest:tt)*) => { ::std::eprintln!($($rest)*) };
}

/// `format!`, which also detects evcxr's second attempt: if the last expression of a cell moves a variable or cannot be
/// shown, evcxr formats its `Debug`. Values with `Show` are shown all the same. `notebook/config/init.evcxr` sets a
/// format string that cells do not use.
#[doc(hidden)]
#[macro_export]
macro_rules! __restudy_format {
    ("{:\u{3f}}", &($value:expr)) => {{
        #[allow(unused_imports)]
        use $crate::show::last::{ByDebug as _, ByShow as _};
        match $value {
            ref value => $crate::cell::text_result((&$crate::show::last::Last(value)).text()),
        }
    }};
    ($($rest:tt)*) => { ::std::format!($($rest)*) };
}
