//! Explains why a text is not TOML, and suggests what was probably meant.

use super::{
    problem::{Code, Problem},
    tree::Span,
    write::string,
};

pub(super) fn malformed(error: &toml::de::Error, source: usize, text: &str) -> Problem {
    let at = error.span().unwrap_or(text.len()..text.len());
    let span = Span { source, start: at.start, end: at.end };
    if error.message().starts_with("duplicate key") {
        return Problem::new(Code::DuplicateKey, "a key or section stands here for the second time")
            .at(span, "was there before")
            .help("keep one of the two; all keys of a section stand under one header");
    }
    common_mistake(text, span, error.message()).unwrap_or_else(|| {
        Problem::new(Code::Syntax, "this is not TOML")
            .at(span, error.message())
            .help("https://toml.io explains the format in a page")
    })
}

/// Recognizes the most common mistakes by the text around the place where parsing failed.
fn common_mistake(text: &str, span: Span, message: &str) -> Option<Problem> {
    let (before, after) = text.split_at_checked(span.start)?;
    let before = before.rsplit('\n').next()?.trim_end();
    let nothing = after.trim_start_matches([' ', '\t', '\r']).chars().next().is_none_or(|c| matches!(c, '\n' | '#'));
    let to = |length: usize| Span { end: span.start + length, ..span };
    if before.ends_with('=') && nothing {
        return Some(Problem::new(Code::Syntax, "a value is missing").at(span, "expected a value after `=`"));
    }
    let line = after.split('\n').next().unwrap_or_default();
    if message.contains("array elements") && before.is_empty() && line.contains('=') {
        return Some(Problem::new(Code::Syntax, "a list is not closed").at(to(0), "expected `]` before this line"));
    }
    if before.ends_with(['=', '[', ',']) {
        let word = word(before, after);
        return unquoted(word, to(word.len()));
    }
    if after.starts_with(',') && before.contains('=') && before.ends_with(|c: char| c.is_ascii_digit()) {
        return Some(comma(before, after, to(1)));
    }
    None
}

/// The text in the place of a value, up to its longest possible end.
fn word<'a>(before: &str, after: &'a str) -> &'a str {
    let closing: &[char] = match () {
        () if before.contains('{') => &[',', '}', '#', '\n'],
        () if before.ends_with('=') => &['#', '\n'],
        () => &[',', ']', '#', '\n'],
    };
    after.split(closing).next().unwrap_or_default().trim_end()
}

/// The problem of a text without quotes, or of a value in the syntax of another language.
fn unquoted(word: &str, span: Span) -> Option<Problem> {
    let is_number = word.strip_prefix('.').is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()));
    if is_number {
        return Some(
            Problem::new(Code::Syntax, format!("`{word}` has no digit before its point"))
                .at(span, format!("expected 0{word}")),
        );
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(
            Problem::new(Code::Syntax, format!("`{word}` is no value of TOML"))
                .at(span, "expected a number alone, or a text in quotes"),
        );
    }
    if !word.starts_with(|c: char| c.is_alphabetic() || matches!(c, '.' | '/' | '~' | '\\' | '_')) {
        return None;
    }
    let lower = word.to_lowercase();
    let foreign = || Problem::new(Code::Syntax, format!("`{word}` is no value of TOML"));
    match lower.as_str() {
        "true" | "false" if lower != word => Some(foreign().at(span, format!("expected {lower}"))),
        "none" | "null" | "nil" => Some(
            foreign()
                .at(span, "expected a value")
                .help("remove the line: a setting that is not written has its default"),
        ),
        _ => Some(
            Problem::new(Code::Syntax, format!("`{word}` stands here without quotes"))
                .at(span, format!("expected {}", string(word)))
                .help("texts stand in quotes; numbers, true and false do not"),
        ),
    }
}

/// The problem of a comma after a number: a decimal comma, a thousands separator, a superfluous comma, or one between
/// the values of a list.
fn comma(before: &str, after: &str, span: Span) -> Problem {
    let in_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '+');
    let head = &before[before.trim_end_matches(in_number).len()..];
    let value = before.rsplit('=').next().unwrap_or_default().trim_start();
    if let Some((name, first)) = value.split_once('(') {
        let inside = after.split(['#', '\n', ')']).next().unwrap_or_default();
        return if name.is_empty() {
            Problem::new(Code::Syntax, "several values stand here in parentheses")
                .at(span, format!("expected a list: [{first}{inside}]"))
        } else {
            Problem::new(Code::Syntax, format!("`{name}(...)` is no value of TOML"))
                .at(span, "expected a list of values, or a range such as { from = 1, to = 9, steps = 5 }")
        };
    }
    let rest = after.split(['#', '\n', '}']).next().unwrap_or_default().trim_end().trim_start_matches(',');
    if rest.is_empty() {
        return Problem::new(Code::Syntax, "a comma stands behind the value")
            .at(span, "expected the end of the line")
            .help("remove the comma: every setting has a line of its own");
    }
    let problem = Problem::new(Code::Syntax, "a number is written with a comma");
    let groups: Vec<_> = rest.split(',').collect();
    let is_group = |group: &&str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let digits = head.trim_start_matches(['-', '+']);
    let in_thousands =
        digits.len() <= 3 && !digits.starts_with('0') && !digits.contains('.') && groups.iter().all(is_group);
    let decimal = format!("{head}.{rest}");
    match (in_thousands, groups.len()) {
        (true, 1) => problem.at(span, format!("expected {head}{rest}, or a point: {decimal}")),
        (true, _) => problem.at(span, format!("expected {head}{}", groups.concat())),
        _ if decimal.parse::<f64>().is_ok() => problem.at(span, format!("expected a point: {decimal}")),
        _ => Problem::new(Code::Syntax, "several values stand here without brackets")
            .at(span, format!("expected a list: [{head},{rest}]")),
    }
}
