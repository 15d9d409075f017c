//! Errors as notebooks show them: the message, the quoted place, the remedy; plain text without colors.

use std::{any::Any, fmt, io};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use polars::prelude::PolarsError;
use restudy::{
    data::DataError,
    experiment::Contradiction,
    figure::FigureError,
    results::{ComputeError, ManifestError, RenderError},
    run::RunError,
    spec::SpecError,
    store::StoreError,
};

/// The error of a cell. `Display` and `Debug` both give the whole diagnostic, so that `?`, `unwrap` and `expect` show
/// the same.
pub struct Error {
    diagnostic: Box<dyn Diagnostic + Send + Sync>,
    /// The value that exists despite the error, for a cell that expects the error.
    value: Option<Box<dyn Any + Send + Sync>>,
}

/// A value, or an error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

const WIDTH: usize = 100;

impl Error {
    /// Makes an error from a message and a remedy.
    #[must_use]
    pub fn new(message: impl fmt::Display, help: impl fmt::Display) -> Self {
        let help = help.to_string();
        Self::from_diagnostic(Message { message: message.to_string(), help: (!help.is_empty()).then_some(help) })
    }

    /// Adds the value that exists despite the error.
    pub(crate) fn with_value(self, value: impl Any + Send + Sync) -> Self {
        Self { value: Some(Box::new(value)), ..self }
    }

    /// Returns the value that exists despite the error; the error itself if there is none of this type.
    pub(crate) fn into_value<T: Any>(self) -> Result<T> {
        match self.value.map(Box::<dyn Any + Send + Sync>::downcast) {
            Some(Ok(value)) => Ok(*value),
            Some(Err(other)) => Err(Self { value: Some(other), ..self }),
            None => Err(Self { value: None, ..self }),
        }
    }

    fn from_diagnostic(diagnostic: impl Diagnostic + Send + Sync + 'static) -> Self {
        Self { diagnostic: Box::new(diagnostic), value: None }
    }

    /// Returns the message alone, without place and remedy.
    #[must_use]
    pub fn message(&self) -> String {
        self.diagnostic.to_string()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
            .with_width(WIDTH)
            .with_context_lines(1)
            .with_links(false);
        let mut text = String::new();
        handler.render_report(&mut text, self.diagnostic.as_ref())?;
        // Remove the error mark: the first line is what programs quote.
        let text = text.trim_matches('\n').trim_end();
        f.write_str(text.strip_prefix("  × ").unwrap_or(text))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl std::error::Error for Error {}

/// A message without a place in a text.
#[derive(Debug)]
struct Message {
    message: String,
    help: Option<String>,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Message {}

impl Diagnostic for Message {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

/// Converts errors of the library that are diagnostics.
macro_rules! diagnostics {
    ($($error:ty,)+) => {
        $(impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::from_diagnostic(error)
            }
        })+
    };
}

diagnostics! {
    ComputeError,
    ManifestError,
    RenderError,
    RunError,
    SpecError,
    StoreError,
}

/// Converts errors that are only a text.
macro_rules! messages {
    ($($error:ty,)+) => {
        $(impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::new(error, "")
            }
        })+
    };
}

messages! {
    &str,
    String,
    Contradiction,
    FigureError,
    PolarsError,
    io::Error,
    fmt::Error,
    std::num::ParseFloatError,
    std::num::ParseIntError,
    Box<dyn std::error::Error>,
    Box<dyn std::error::Error + Send + Sync>,
}

impl From<DataError> for Error {
    fn from(DataError { message, help, .. }: DataError) -> Self {
        Self::new(message, help)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use restudy::sweep;

    use super::*;

    #[test]
    fn a_specification_is_quoted_where_it_is_wrong() {
        let text = "[study]\nquestion = \"?\"\n[data.double-moon]\n[model]\nhiden = 7\n";
        let error = Error::from(sweep::parse("x", Path::new("x.toml"), text, &[]).unwrap_err());
        insta::assert_snapshot!(error);
        assert!(!error.to_string().contains('\u{1b}'));
    }

    #[test]
    fn the_first_line_is_the_message() {
        let error = Error::new("there is no axis `hidden`", "the axes are model.hidden, train.learning-rate");
        insta::assert_snapshot!(error);
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(error.message(), "there is no axis `hidden`");
    }
}
