//! The cell that is running: what it puts out, how it fails, how it is interrupted, who asked for it.
//!
//! The kernel of restudy sits between Jupyter and the process of the cells. It is told [marks](marker) on a [channel of its
//! own](process), which nothing that is printed can reach. Where there is no such kernel, values show themselves in the way of
//! evcxr, and a failure is a panic like any other.

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

/// Who asks: a notebook and one of its cells, as far as the kernel knows them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The path of the notebook.
    pub notebook: Option<String>,
    /// The identifier of the cell.
    pub cell: Option<String>,
    /// The execution count of the cell.
    pub count: Option<u64>,
}

/// Who asks for the cell that is running.
#[must_use]
pub fn origin() -> Origin {
    let text = process::run_folder().and_then(|folder| fs::read(folder.join("cell.json")).ok());
    let value: Value = text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Origin { notebook: text("notebook"), cell: text("cell"), count: value["count"].as_u64() }
}

/// Puts a value out, as an output of its own between the printed lines.
pub fn display(bundle: &Bundle) {
    for bundle in bundle.single_ones() {
        match kernel() {
            Some(kernel) => drop(kernel.notify(&marker::display(bundle, None))),
            None => result(bundle),
        }
    }
}

/// Puts out the value of a cell. There is one a cell; several things are outputs of their own.
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

/// Puts out the value of a cell as text, where evcxr's own code is about to print it; gives what it is to print.
#[must_use]
pub fn text_result(text: String) -> String {
    let Some(kernel) = kernel() else { return text };
    // Nobody can print it by chance, or on purpose.
    let word = format!("{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1));
    kernel.notify(&marker::text(&text, &word));
    word
}

/// Prints a line.
pub fn say(line: &str) {
    let mut out = io::stdout().lock();
    // A reader that has gone away is not the cell's fault.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Prints a line of trouble.
pub(crate) fn warn(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// `println!`, which also notices the two lines that evcxr's own code prints when a cell has failed. The name of a closure
/// tells in which function it stands: evcxr's own, or one of the reader's.
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

/// `eprintln!`, which also notices the error that evcxr's own code prints for a failed `?`.
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

/// `format!`, which also notices what evcxr tries second: where the last expression of a cell moves a variable, or cannot show
/// itself, it asks for its `Debug`. What can show itself does so here all the same. The format is written in a way that nobody
/// writes; `notebook/config/init.evcxr` asks for it.
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
