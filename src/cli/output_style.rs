//! How results are printed: in colours or not, and how wide.

use std::{env, io::IsTerminal, sync::OnceLock};

/// When to print in colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set; elsewhere too if `CLICOLOR_FORCE` is.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What was asked for on the command line; errors are told in the same way.
static CHOSEN: OnceLock<Color> = OnceLock::new();

/// Remembers what was asked for.
pub(super) fn choose(color: Color) {
    CHOSEN.get_or_init(|| color);
}

/// Whether errors are told in colours; `None` leaves it to the stream.
pub(super) fn errors_in_colour() -> Option<bool> {
    match CHOSEN.get() {
        Some(Color::Always) => Some(true),
        Some(Color::Never) => Some(false),
        _ => is_set("NO_COLOR").then_some(false),
    }
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OutputStyle {
    /// Whether in colours.
    pub(super) colour: bool,
    /// The columns that there are; any number where results do not go to a terminal.
    pub(super) width: Option<usize>,
}

impl OutputStyle {
    pub(super) fn of(color: Color) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let colour = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if is_set("NO_COLOR") => false,
            Color::Auto if env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            Color::Auto => terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"),
        };
        let width = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        Self { colour, width: width.filter(|_| terminal) }
    }
}

/// Whether a variable is set to something, as <https://no-color.org> has it.
fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// What a cell of a table is to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Paint {
    /// As the rest.
    #[default]
    Plain,
    /// What stands out.
    Strong,
    /// What stands back.
    Faint,
    /// A drawing.
    Drawn,
    /// What went wrong.
    Wrong,
}

impl Paint {
    /// The text in this paint, where there are colours.
    pub(super) fn on(self, text: &str, style: OutputStyle) -> String {
        let code = match self {
            Self::Plain => return text.into(),
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Drawn => "36",
            Self::Wrong => "31",
        };
        if style.colour && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.into() }
    }
}
