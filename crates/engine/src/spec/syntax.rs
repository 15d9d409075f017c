//! What is wrong with a text that is not TOML, and how it was probably meant.

use super::{
    problem::{Code, Problem},
    tree::Span,
};

/// The problem of a text that the parser refuses.
pub(super) fn malformed(error: &toml::de::Error, source: usize, text: &str) -> Problem {
    let at = error.span().unwrap_or(text.len()..text.len());
    let span = Span { source, start: at.start, end: at.end };
    if error.message().starts_with("duplicate key") {
        return Problem::new(Code::DuplicateKey, "a key or section stands here for the second time")
            .at(span, "was there before")
            .help("keep one of the two; all keys of a section stand under one header");
    }
    slip(text, span).unwrap_or_else(|| {
        Problem::new(Code::Syntax, "this is not TOML")
            .at(span, error.message())
            .help("https://toml.io explains the format in a page")
    })
}

/// The commonest slips, told from what stands around the place where the parser stumbled.
fn slip(text: &str, span: Span) -> Option<Problem> {
    let (before, after) = text.split_at_checked(span.start)?;
    let before = before.rsplit('\n').next()?.trim_end();
    let word: String = after.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect();
    let nothing = after.trim_start_matches([' ', '\t', '\r']).chars().next().is_none_or(|c| matches!(c, '\n' | '#'));
    if before.ends_with('=') && nothing {
        return Some(Problem::new(Code::Syntax, "a value is missing").at(span, "expected a value after `=`"));
    }
    if before.ends_with(['=', '[', ',']) && word.starts_with(char::is_alphabetic) {
        let span = Span { end: span.start + word.len(), ..span };
        let lower = word.to_lowercase();
        if lower != word && ["true", "false"].contains(&lower.as_str()) {
            return Some(
                Problem::new(Code::Syntax, format!("`{word}` is no value of TOML"))
                    .at(span, format!("expected {lower}")),
            );
        }
        let problem = Problem::new(Code::Syntax, format!("`{word}` stands here without quotes"))
            .at(span, format!("expected {word:?}"));
        return Some(problem.help("texts stand in quotes; numbers, true and false do not"));
    }
    if after.starts_with(',') && before.contains('=') && before.ends_with(|c: char| c.is_ascii_digit()) {
        let span = Span { end: span.start + 1, ..span };
        return Some(Problem::new(Code::Syntax, "a number is written with a comma").at(span, "expected a point: 0.02"));
    }
    None
}
