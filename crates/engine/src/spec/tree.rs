//! A tree of TOML values with the spans of keys and values.

use std::fmt;

use toml::de::{DeTable, DeValue};

use super::{
    problem::{Code, Problem},
    syntax::malformed,
};

/// A range of bytes in one of the texts of a specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// 0 for the file, n for the n-th `--set` of the command line.
    pub source: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// A value with its span.
#[derive(Debug, Clone)]
pub struct Node {
    /// The span of the value.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A value of TOML.
#[derive(Debug, Clone)]
pub enum Value {
    /// A whole number.
    Int(i128),
    /// A number.
    Float(f64),
    /// A text.
    String(String),
    /// True or false.
    Bool(bool),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// The result of following a path through a tree.
#[derive(Debug, Clone, Copy)]
pub struct Lookup<'a> {
    /// The span of the last key found.
    pub key: Option<Span>,
    /// The last value found.
    pub node: &'a Node,
    /// Whether the whole path exists.
    pub is_complete: bool,
}

/// Keys and values in the order in which they were written.
#[derive(Debug, Clone, Default)]
pub struct Table(pub Vec<Entry>);

/// A key with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The span of the key.
    pub span: Span,
    /// The value.
    pub node: Node,
}

impl Table {
    /// Returns the entry with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }

    /// Removes and returns the entry with this key.
    pub fn take(&mut self, key: &str) -> Option<Entry> {
        let place = self.0.iter().position(|entry| entry.key == key)?;
        Some(self.0.remove(place))
    }

    /// Returns the value at `key`; inserts `default` with `span` if there is none.
    fn entry(&mut self, key: &str, span: Span, default: impl FnOnce() -> Value) -> &mut Node {
        let place = self.0.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
            let node = Node { span, value: default() };
            self.0.push(Entry { key: key.into(), span, node });
            self.0.len() - 1
        });
        &mut self.0[place].node
    }
}

impl Node {
    /// Returns the table, if the value is one.
    #[must_use]
    pub fn table(&self) -> Option<&Table> {
        if let Value::Table(table) = &self.value { Some(table) } else { None }
    }

    /// Returns the list, if the value is one.
    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        if let Value::List(items) = &self.value { Some(items) } else { None }
    }

    /// Returns the text, if the value is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// Returns the value at one step of a path: a key of a table, or an index of a list.
    pub fn get(&self, step: &str) -> Option<&Self> {
        match &self.value {
            Value::Table(table) => table.get(step).map(|entry| &entry.node),
            Value::List(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// Follows a dotted path as far as it exists. A key may itself contain dots.
    pub fn find(&self, path: &str) -> Lookup<'_> {
        let step = |key: &str| match path.strip_prefix(key) {
            Some("") => Some(""),
            Some(rest) => rest.strip_prefix('.'),
            None => None,
        };
        let inside = match &self.value {
            _ if path.is_empty() => return Lookup { key: None, node: self, is_complete: true },
            Value::Table(table) => {
                table.0.iter().find_map(|entry| Some((Some(entry.span), &entry.node, step(&entry.key)?)))
            }
            Value::List(items) => {
                items.iter().enumerate().find_map(|(index, node)| Some((None, node, step(&index.to_string())?)))
            }
            _ => None,
        };
        match inside {
            Some((key, node, rest)) => {
                let found = node.find(rest);
                Lookup { key: found.key.or(key), ..found }
            }
            None => Lookup { key: None, node: self, is_complete: false },
        }
    }

    /// Puts `node` at `path`, and creates missing tables along the path with `key` as the span of their keys.
    ///
    /// A step into a list is an index. `missing` may create a value other than a table; it receives the path so far.
    ///
    /// # Errors
    /// The path leads through a value that is not a table or list; the error is the number of steps to it.
    pub fn put(
        &mut self,
        path: &[&str],
        key: Span,
        node: Self,
        missing: &dyn Fn(&[&str]) -> Option<Value>,
    ) -> Result<(), usize> {
        let mut place = self;
        for (depth, step) in path.iter().enumerate() {
            place = match &mut place.value {
                Value::Table(table) => table
                    .entry(step, key, || missing(&path[..=depth]).unwrap_or_else(|| Value::Table(Table::default()))),
                Value::List(items) => step.parse::<usize>().ok().and_then(|index| items.get_mut(index)).ok_or(depth)?,
                _ => return Err(depth),
            };
        }
        *place = node;
        Ok(())
    }
}

/// The value as written in TOML; tables and long lists are abbreviated.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) if value.is_nan() => f.write_str("nan"),
            Value::Float(value) => write!(f, "{value:?}"),
            Value::String(text) if text.chars().count() > 60 => {
                write!(f, "{:?}", text.chars().take(57).chain("...".chars()).collect::<String>())
            }
            Value::String(text) => write!(f, "{text:?}"),
            Value::Bool(flag) => write!(f, "{flag}"),
            Value::List(items) if items.is_empty() => f.write_str("an empty list"),
            Value::List(items) => {
                let short = items.len() <= 6 && !items.iter().any(|item| matches!(item.value, Value::Table(_)));
                let items = items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                if short && items.len() <= 60 { write!(f, "[{items}]") } else { f.write_str("a list") }
            }
            Value::Table(_) => f.write_str("a table"),
        }
    }
}

/// Parses a TOML document.
pub fn document(text: &str, source: usize) -> Result<Node, Problem> {
    let table = DeTable::parse(text).map_err(|error| malformed(&error, source, text))?;
    Ok(Node { span: Span { source, start: 0, end: 0 }, value: Value::Table(convert_table(table.get_ref(), source)?) })
}

/// Parses a single TOML value that begins at byte `offset` of its source; returns `None` if the text is not a value.
pub fn value(text: &str, source: usize, offset: usize) -> Result<Option<Node>, Problem> {
    let Ok(parsed) = DeValue::parse(text) else { return Ok(None) };
    match convert(parsed.get_ref(), parsed.span(), source) {
        Ok(mut node) => {
            shift(&mut node, offset);
            Ok(Some(node))
        }
        Err(mut problem) => {
            problem.labels.iter_mut().for_each(|(span, _)| span.shift(offset));
            Err(problem)
        }
    }
}

impl Span {
    fn shift(&mut self, offset: usize) {
        self.start += offset;
        self.end += offset;
    }
}

fn shift(node: &mut Node, offset: usize) {
    node.span.shift(offset);
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| shift(item, offset)),
        Value::Table(table) => table.0.iter_mut().for_each(|entry| {
            entry.span.shift(offset);
            shift(&mut entry.node, offset);
        }),
        _ => (),
    }
}

fn convert_table(table: &DeTable<'_>, source: usize) -> Result<Table, Problem> {
    let mut entries = Vec::with_capacity(table.len());
    for (key, value) in table {
        let at = key.span();
        entries.push(Entry {
            key: key.get_ref().to_string(),
            span: Span { source, start: at.start, end: at.end },
            node: convert(value.get_ref(), value.span(), source)?,
        });
    }
    entries.sort_by_key(|entry| entry.span);
    Ok(Table(entries))
}

fn convert(value: &DeValue<'_>, at: std::ops::Range<usize>, source: usize) -> Result<Node, Problem> {
    let span = Span { source, start: at.start, end: at.end };
    let too_large = |digits: &str, label: &str| {
        Problem::new(Code::InvalidValue, format!("{digits} is out of range")).at(span, label)
    };
    let value = match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(digits) => Value::Int(
            i128::from_str_radix(digits.as_str(), digits.radix())
                .map_err(|_| too_large(digits.as_str(), "too large for a whole number"))?,
        ),
        DeValue::Float(digits) => {
            let value: f64 = digits.as_str().parse().map_err(|_| too_large(digits.as_str(), "not a number"))?;
            if value.is_infinite() && !digits.as_str().contains("inf") {
                return Err(too_large(digits.as_str(), "larger than the largest number, 1.8e308"));
            }
            Value::Float(value)
        }
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(_) => {
            return Err(Problem::new(Code::WrongType, "a date or time has no place in a specification")
                .at(span, "TOML reads this as a date or time")
                .help("write it in quotes if it is meant as text"));
        }
        DeValue::Array(items) => Value::List(
            items.iter().map(|item| convert(item.get_ref(), item.span(), source)).collect::<Result<_, _>>()?,
        ),
        DeValue::Table(table) => Value::Table(convert_table(table, source)?),
    };
    Ok(Node { span, value })
}
