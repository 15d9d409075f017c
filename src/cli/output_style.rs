//! The color and the width of printed results.

use std::{env, io::IsTerminal, sync::OnceLock};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set; elsewhere too if `CLICOLOR_FORCE` is.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The choice of the command line, which errors follow too.
static CHOSEN: OnceLock<Color> = OnceLock::new();

pub(super) fn choose(color: Color) {
    CHOSEN.get_or_init(|| color);
}

/// Whether errors are printed in color; `None` leaves the choice to the stream.
pub(super) fn errors_in_color() -> Option<bool> {
    match CHOSEN.get() {
        Some(Color::Always) => Some(true),
        Some(Color::Never) => Some(false),
        _ => is_set("NO_COLOR").then_some(false),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutputStyle {
    pub(super) color: bool,
    /// The columns of the terminal; none if the output is not a terminal.
    pub(super) width: Option<usize>,
}

impl OutputStyle {
    pub(super) fn of(color: Color) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if is_set("NO_COLOR") => false,
            Color::Auto if env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            Color::Auto => terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        let width = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        Self { color, width: width.filter(|_| terminal) }
    }
}

/// The columns and lines of the terminal; none if the output is not a terminal.
pub(super) fn terminal() -> Option<(usize, usize)> {
    let size = terminal_size::terminal_size_of(std::io::stdout()).filter(|_| std::io::stdout().is_terminal());
    size.map(|(columns, lines)| (usize::from(columns.0), usize::from(lines.0)))
}

/// Whether a variable is set to a nonempty value, see <https://no-color.org>.
fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// The style of a table cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Paint {
    #[default]
    Plain,
    Strong,
    Faint,
    Drawn,
    Wrong,
}

impl Paint {
    pub(super) fn on(self, text: &str, style: OutputStyle) -> String {
        let code = match self {
            Self::Plain => return text.into(),
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Drawn => "36",
            Self::Wrong => "31",
        };
        if style.color && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.into() }
    }
}
