//! Text of others, made fit for where it goes: one function a target.
//!
//! Questions, answers, names of files and folders, values of axes, messages of failed runs and versions in manifests may
//! come from anyone. Whoever writes them somewhere calls the function of that place, and no other:
//!
//! | target | function |
//! |---|---|
//! | a terminal, or a log | [`terminal`](terminal()); [`line`](line()) where the text must stay on its line, [`paragraph`] where it must not begin one |
//! | JSON, on a terminal or in a page | [`json`], [`script`] |
//! | an element or an attribute of HTML | [`html`] |
//! | an element or an attribute of SVG | [`svg`] |
//! | Markdown | [`markdown`](markdown()), [`markdown_lines`], [`markdown_code`], [`markdown_block`], [`markdown_address`] |
//! | LaTeX | [`latex`](latex()) |
//! | a cell of a CSV file | [`csv_cell`], read back by [`csv_text`] |
//! | a word of a command to be pasted | [`shell_word`]; [`shell_path`] for a file or a folder, [`shell_typed`] for what was typed |
//!
//! Every one gives harmless text back as it is, byte for byte, as far as its target has no mark for it. What is not [seen](is_hidden) and yet changes
//! what is seen (the direction of the line, what stands before it, where it ends) is shown as `?`.

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
