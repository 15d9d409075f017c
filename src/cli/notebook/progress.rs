//! Progress of a notebook: a bar with the current cell on a terminal, one line per cell elsewhere, or JSON lines.

use std::{path::Path, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use crate::{
    cli::{Common, text},
    notebook::{Document, Event},
    progress::{Mode, output},
};

/// The progress display of one notebook.
pub(super) struct Cells<'a> {
    notebook: &'a Document,
    file: String,
    total: usize,
    done: usize,
    mode: Mode,
    bar: ProgressBar,
}

impl<'a> Cells<'a> {
    pub(super) fn new(notebook: &'a Document, file: &Path, common: &Common) -> Self {
        let total = notebook.cells().iter().filter(|cell| cell["cell_type"] == "code").count();
        let bar = ProgressBar::hidden();
        let mode = common.mode();
        let file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if mode == Mode::Bar {
            bar.set_length(total as u64);
            let template = "{prefix:.bold} {wide_bar:.cyan/dim} {pos}/{len}  {elapsed:>3}\n  {msg}";
            bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸ "));
            bar.set_prefix(file.clone());
            bar.set_message("starting the kernel");
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { notebook, file, total, done: 0, mode, bar }
    }

    pub(super) fn show(&mut self, event: Event<'_>) {
        if let Event::Done { .. } = event {
            self.done += 1;
        }
        match self.mode {
            Mode::Bar => self.on_bar(event),
            Mode::Plain => self.on_lines(event),
            Mode::Json => self.as_json(event),
            Mode::None => {}
        }
    }

    fn on_bar(&self, event: Event<'_>) {
        match event {
            Event::Ready { .. } => {}
            Event::Started { index } => self.bar.set_message(title(&self.notebook.cells()[index])),
            Event::Text { progress: true, text } => self.bar.set_message(text.trim_end().to_owned()),
            Event::Text { text, .. } => self.bar.suspend(|| output::err_in_color(text.trim_end())),
            Event::Done { .. } => self.bar.inc(1),
        }
    }

    fn on_lines(&self, event: Event<'_>) {
        match event {
            Event::Ready { seconds } => output::err(format_args!("{}: kernel ready after {}", self.file, text::duration(seconds))),
            Event::Text { progress: false, text } => output::err_in_color(text.trim_end()),
            Event::Text { .. } | Event::Started { .. } => {}
            Event::Done { index, seconds, failed } => {
                let (title, time) = (title(&self.notebook.cells()[index]), text::duration(seconds));
                let word = if failed { "FAILED" } else { "ok" };
                output::err(format_args!("{}: {:>2}/{} {word:6} {time:>6}  {title}", self.file, self.done, self.total));
            }
        }
    }

    fn as_json(&self, event: Event<'_>) {
        output::out_json(&match event {
            Event::Ready { seconds } => json!({ "event": "ready", "notebook": self.file, "seconds": seconds }),
            Event::Started { index } => json!({ "event": "started", "cell": index + 1 }),
            Event::Text { progress, text } => json!({ "event": if progress { "progress" } else { "text" }, "text": text }),
            Event::Done { index, seconds, failed } => {
                json!({ "event": "done", "cell": index + 1, "seconds": seconds, "failed": failed })
            }
        });
    }

    /// Removes the bar and prints one line about the notebook.
    pub(super) fn end(&self, whole: bool) {
        self.bar.finish_and_clear();
        if whole && matches!(self.mode, Mode::Bar) {
            let time = text::duration(self.bar.elapsed().as_secs_f64());
            output::err(format_args!("{}: {} executed in {time}", self.file, text::count(self.done, "cell")));
        }
    }
}

/// The first line of code in a cell, shortened.
pub(super) fn title(cell: &Value) -> String {
    let text: String = match &cell["source"] {
        Value::String(text) => text.clone(),
        lines => lines.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines.clone().find(|line| !line.starts_with("//") && !line.starts_with('#')).or(lines.clone().next());
    let line = line.unwrap_or("an empty cell");
    let short: String = line.chars().take(60).collect();
    if short.len() < line.len() { short + "…" } else { short }
}
