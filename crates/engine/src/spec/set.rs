//! Applies `--set key=value` of the command line to the tree of the file.

use super::{
    problem::{Code, Problem, quoted},
    tree::{self, Node, Span, Table, Value},
};

/// Applies every `--set` to `root`, in order.
///
/// A swept setting keeps its axis, reduced to the given value, so that figures by that axis remain valid.
pub fn apply(root: &mut Node, sets: &[String]) -> Result<(), Problem> {
    for (number, text) in sets.iter().enumerate() {
        let set = Set::parse(text, number + 1)?;
        let joined = set.path.join(".");
        let swept = root.get("sweep").and_then(|sweep| sweep.get(&joined)).is_some();
        let (path, node) = if swept {
            (vec!["sweep", &joined], Node { span: set.node.span, value: Value::List(vec![set.node]) })
        } else {
            (set.path.iter().map(String::as_str).collect(), set.node)
        };
        root.put(&path, set.key, node, &|_| None).map_err(|depth| {
            let way = path[..depth].iter().map(|key| quoted(key)).collect::<Vec<_>>().join(".");
            Problem::new(Code::Set, format!("`{joined}` does not exist: `{way}` is not a table"))
                .at(set.key, "leads nowhere")
                .help(format!("set it as a whole: --set {way}=..."))
        })?;
    }
    Ok(())
}

struct Set {
    path: Vec<String>,
    /// The span of the path.
    key: Span,
    node: Node,
}

impl Set {
    fn parse(text: &str, source: usize) -> Result<Self, Problem> {
        let whole = Span { source, start: 0, end: text.len() };
        let malformed = |label: &str| {
            Problem::new(Code::Set, format!("`--set {text}` cannot be read"))
                .at(whole, label)
                .help("write the path of a setting, `=` and its value, such as --set sweep.seeds=5; `restudy schema` lists the paths")
        };
        let equals = equals_sign(text).ok_or_else(|| malformed("expected key=value"))?;
        let key = Span { source, start: 0, end: equals };
        // With 0 as its value, the TOML parser reads the key.
        let dotted = format!("{} = 0", &text[..equals]);
        let path = match tree::document(&dotted, source).ok().as_ref().map(|node| keys(node, Vec::new())) {
            Some(path) if !path.is_empty() && !dotted.contains('\n') => path,
            _ => return Err(malformed("expected the path of a setting before `=`")),
        };
        let written = text[equals + 1..].trim();
        if written.is_empty() {
            return Err(malformed("expected a value after `=`"));
        }
        let start = text.len() - text[equals + 1..].trim_start().len();
        let node = match tree::value(written, source, start)? {
            Some(node) => node,
            None if written.starts_with(['"', '\'', '[', '{']) => {
                return Err(malformed("expected a TOML value after `=`"));
            }
            // A shell removes quotes, so a bare word is a text.
            None => {
                Node { span: Span { source, start, end: start + written.len() }, value: Value::String(written.into()) }
            }
        };
        Ok(Self { path, key, node })
    }
}

/// The place of the first `=` outside quotes.
fn equals_sign(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(place, c)| {
        match (quote, c) {
            (None, '=') => return Some(place),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => (),
        }
        None
    })
}

/// The keys of nested tables with one key each.
fn keys(node: &Node, mut path: Vec<String>) -> Vec<String> {
    match &node.value {
        Value::Table(Table(entries)) if entries.len() == 1 => {
            path.push(entries[0].key.clone());
            keys(&entries[0].node, path)
        }
        _ => path,
    }
}
