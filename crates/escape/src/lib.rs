//! Escapes untrusted text, with one function for each target.
//!
//! Questions, answers, names of files and folders, values of axes, messages of failed runs and versions in manifests
//! are untrusted input. Code that writes them calls the function of the target:
//!
//! | target | function |
//! |---|---|
//! | a terminal or a log | [`terminal`](terminal()); [`line`](line()) if the text must stay on its line, [`paragraph`] if it must not begin one |
//! | JSON, on a terminal or in a page | [`json`], [`script`] |
//! | an element or an attribute of HTML | [`html`] |
//! | an element or an attribute of SVG | [`svg`] |
//! | Markdown | [`markdown`](markdown()), [`markdown_lines`], [`markdown_code`], [`markdown_block`], [`markdown_address`] |
//! | LaTeX | [`latex`](latex()) |
//! | a cell of a CSV file | [`csv_cell`], read back by [`csv_text`] |
//! | a word of a command to paste | [`shell_word`]; [`shell_path`] for a file or a folder, [`shell_typed`] for a typed argument |
//!
//! Harmless text stays unchanged, byte for byte, unless its target needs a mark for it. [Hidden](is_hidden) characters,
//! which change the writing direction, earlier text or the end of the line, are shown as `?`.

mod csv;
mod hidden;
mod latex;
mod markdown;
mod shell;
mod terminal;
mod web;

pub use csv::{csv_cell, csv_text};
pub use hidden::{is_hidden, is_seen};
pub use latex::latex;
pub use markdown::{markdown, markdown_address, markdown_block, markdown_code, markdown_lines};
pub use shell::{shell_path, shell_typed, shell_word};
pub use terminal::{in_place, line, paragraph, path, styled, terminal};
pub use web::{html, json, script, svg};
