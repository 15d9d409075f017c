//! Reads the options from what a program prints for `--help`, in the forms of argparse, click, typer, absl, clap,
//! getopt and Go. What is not understood is left out.

use serde_json::Value as Json;

use super::options::{Kind, ProgramOption};

/// More options are not read.
const MOST: usize = 200;

/// An option and the lines below it.
struct Entry<'a> {
    indent: usize,
    head: &'a str,
    more: Vec<&'a str>,
    is_positional: bool,
}

pub(super) fn options(text: &str) -> Vec<ProgramOption> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let (mut is_positional, mut last) = (false, 0);
    for line in text.lines() {
        let line = unboxed(line);
        let head = line.trim();
        let indent = line.len() - line.trim_start().len();
        if head.is_empty() {
            continue;
        }
        if indent == 0 {
            is_positional = head == "positional arguments:";
        }
        let begins = head.starts_with('-') && head[1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
        let is_new = |entry: Option<&Entry<'_>>| entry.is_none_or(|entry| indent <= entry.indent + 4);
        if indent > 0 && begins && is_new(entries.last()) || is_positional && indent > 0 && indent <= 4 && !begins {
            entries.push(Entry { indent, head, more: Vec::new(), is_positional: !begins });
            last = entries.len();
        } else if let Some(entry) = entries.get_mut(last.wrapping_sub(1)).filter(|entry| indent > entry.indent) {
            entry.more.push(head);
        } else {
            last = 0;
        }
    }
    let read = entries
        .iter()
        .take(MOST)
        .filter_map(|entry| if entry.is_positional { positional(entry) } else { option(entry) });
    read.filter(|option| !option.is_general()).collect()
}

/// A line without the frame that typer draws.
fn unboxed(line: &str) -> &str {
    let bare = line.trim();
    match bare.strip_prefix('│') {
        Some(inside) => inside.strip_suffix('│').unwrap_or(inside).strip_prefix(" *").unwrap_or(inside),
        None => line.trim_end(),
    }
}

fn positional(entry: &Entry<'_>) -> Option<ProgramOption> {
    let (name, about) = entry.head.split_once("  ").unwrap_or((entry.head, ""));
    let choices = listed(name).unwrap_or_default();
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    is_word.then(|| ProgramOption {
        names: Vec::new(),
        positional: Some(name.to_owned()),
        kind: Kind::Text,
        default: Json::Null,
        many: false,
        required: true,
        choices,
        about: about.trim().to_owned(),
    })
}

fn option(entry: &Entry<'_>) -> Option<ProgramOption> {
    let (forms, about) = split(entry.head);
    let about = [&[about][..], &entry.more].concat().join(" ");
    let Forms { names, value, is_bool, many } = Forms::of(forms);
    // absl has the choices before the description: `<sgd|adam>: Optimizer.`
    let is_absl = forms.ends_with(':');
    let choices = listed(if is_absl { about.split(':').next().unwrap_or_default() } else { value });
    let possible = || Some(after(&about, "possible values: ")?.split(", ").map(Into::into).collect());
    let choices: Vec<String> = choices.or_else(possible).unwrap_or_default();
    let default = default(&about);
    let kind = match () {
        () if is_bool => Kind::Bool,
        () if is_absl => absl(&about),
        () if value.is_empty() && choices.is_empty() => Kind::Switch,
        () => kind(value, &default),
    };
    let is_list = default.as_str().is_some_and(|text| text.starts_with('['));
    (!names.is_empty()).then(|| ProgramOption {
        names,
        positional: None,
        kind,
        default: typed_default(default, kind),
        many: many || is_list || about.contains("(a comma separated list)"),
        required: ["[required]", "; required]", "(required)"].iter().any(|sign| about.contains(sign)),
        choices,
        about: described(&about),
    })
}

/// The names of an option, and what stands for its value: `-r, --rate FLOAT`.
struct Forms<'a> {
    names: Vec<String>,
    value: &'a str,
    /// Whether `--[no]amp` is a form, which absl has for values that are true or false.
    is_bool: bool,
    many: bool,
}

impl<'a> Forms<'a> {
    fn of(forms: &'a str) -> Self {
        let (mut names, mut value, mut is_bool) = (Vec::new(), "", false);
        for word in forms.split_whitespace() {
            if !word.starts_with('-') {
                value = if value.is_empty() && !["/", "|"].contains(&word) { word } else { value };
                continue;
            }
            for form in word.trim_end_matches([',', ':']).split('/') {
                let form = match form.strip_prefix("--[no]") {
                    Some(bare) => {
                        is_bool = true;
                        names.push(format!("--{bare}"));
                        continue;
                    }
                    None => form,
                };
                let (name, rest) = form.split_at(form.find(['=', '[']).unwrap_or(form.len()));
                let rest = rest.trim_matches(['=', '[', ']']);
                names.push(name.to_owned());
                value = if value.is_empty() { rest } else { value };
            }
        }
        Self { names, value: value.trim_end_matches(','), is_bool, many: forms.contains("...") }
    }
}

/// The forms of an option and its description. Columns are separated by two spaces or a tab; a column that is still a
/// form, such as `<int>` or `--no-amp`, belongs to the forms.
fn split(head: &str) -> (&str, &str) {
    if let Some((forms, about)) =
        head.split_once(": ").filter(|(forms, _)| forms.starts_with('-') && !forms.contains(' '))
    {
        return (&head[..=forms.len()], about);
    }
    if let Some((forms, about)) = head.split_once('\t') {
        return (forms.trim(), about.trim());
    }
    let is_form = |column: &str| {
        let word = column.split_whitespace().next().unwrap_or_default();
        word.starts_with(['-', '<', '{'])
            || word.starts_with('[') && word.contains('|')
            || column.chars().all(|c| c.is_ascii_uppercase() || c == '_')
    };
    let mut end = 0;
    for column in head.split("  ") {
        if end > 0 && !column.is_empty() && !is_form(column.trim()) {
            break;
        }
        end += column.len() + 2;
    }
    let end = end.saturating_sub(2).min(head.len());
    (head[..end].trim(), head[end..].trim())
}

/// The choices in `{sgd,adam}`, `[sgd|adam]` or `<sgd|adam>`.
fn listed(text: &str) -> Option<Vec<String>> {
    let inside = |open, close| text.trim().strip_prefix(open)?.strip_suffix(close);
    let all = inside('{', '}').or_else(|| inside('[', ']')).or_else(|| inside('<', '>'))?;
    let all: Vec<String> = all.split([',', '|']).map(|choice| choice.trim().to_owned()).collect();
    (all.len() > 1 && all.iter().all(|choice| !choice.is_empty())).then_some(all)
}

fn after<'a>(text: &'a str, sign: &str) -> Option<&'a str> {
    let rest = &text[text.find(sign)? + sign.len()..];
    Some(&rest[..rest.find([']', ')']).unwrap_or(rest.len())])
}

/// The default as a text; null without one.
fn default(about: &str) -> Json {
    let signs = ["(default: ", "[default: ", "(default ", "[default ", "(default=", "(defaults to ", "default: "];
    let Some(rest) = signs.iter().find_map(|sign| Some(&about[about.find(sign)? + sign.len()..])) else {
        return Json::Null;
    };
    let quote = rest.chars().next().filter(|first| "'\"`".contains(*first));
    let text = match quote {
        Some(quote) => rest[1..].split(quote).next().unwrap_or_default(),
        None if rest.starts_with('[') => &rest[..rest.find(']').map_or(rest.len(), |end| end + 1)],
        None => rest[..rest.find([')', ']', ';']).unwrap_or(rest.len())].trim_end_matches('.').trim(),
    };
    if quote.is_none() && ["None", "none", "null", ""].contains(&text) { Json::Null } else { text.into() }
}

fn typed_default(default: Json, kind: Kind) -> Json {
    let Json::String(text) = &default else { return default };
    let number = || text.parse::<f64>().ok().filter(|value| value.is_finite()).map(Json::from);
    match kind {
        Kind::Int => text.parse::<i64>().map_or(Json::Null, Json::from),
        Kind::Float => number().unwrap_or(Json::Null),
        Kind::Bool => text.to_lowercase().parse::<bool>().map_or(Json::Null, Json::from),
        Kind::Switch => Json::Null,
        Kind::Text | Kind::Other => default,
    }
}

/// The kind by the name of the value, and by the default.
fn kind(value: &str, default: &Json) -> Kind {
    let of_default = || match default.as_str() {
        Some(text) if text.parse::<i64>().is_ok() => Kind::Int,
        Some(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => Kind::Float,
        _ => Kind::Text,
    };
    match value.trim_matches(['<', '>']).to_lowercase().as_str() {
        "int" | "integer" | "uint" | "n" | "num" if of_default() != Kind::Float => Kind::Int,
        "float" | "float64" | "double" | "real" => Kind::Float,
        "bool" | "boolean" => Kind::Switch,
        _ => of_default(),
    }
}

/// The kind by the last line that absl prints of a flag.
fn absl(about: &str) -> Kind {
    match () {
        () if about.contains("integer)") => Kind::Int,
        () if about.contains("number)") => Kind::Float,
        () => Kind::Text,
    }
}

/// A description without the remarks in brackets.
fn described(about: &str) -> String {
    let end = [
        "(default",
        "[default",
        "[possible values",
        "[required]",
        "(required)",
        "[x>",
        "(an integer",
        "(a number",
        "(a positive",
    ]
    .iter()
    .filter_map(|sign| about.find(sign))
    .min();
    about[..end.unwrap_or(about.len())].split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
