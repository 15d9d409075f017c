//! The section `[sweep]` as written.

use schemars::JsonSchema;
use serde::{Deserialize, de};

use super::{
    confidence::confidence,
    confirm::Confirm,
    misplaced,
    problem::{Code, Problem},
    range::{Range, step},
    read::read,
    seeds,
    tree::{Entry, Node, Span, Value},
};
use crate::{seed::Seed, stats::CONFIDENCE};

/// The largest number of runs of a study, and so of values and seeds.
pub const MOST: usize = super::limits::RUNS;

/// The keys of `[sweep]` that are not axes.
pub const RESERVED: [&str; 6] = ["seeds", "confirm", "zip", "exclude", "random", "confidence"];

/// The section `[sweep]`, with the span of every value.
#[derive(Debug)]
pub struct Sweeping {
    pub axes: Vec<RawAxis>,
    pub seeds: Vec<Seed>,
    pub seeds_span: Option<Span>,
    pub confidence: f64,
    pub confirm: Option<(Confirm, Span)>,
    /// Groups of paths whose values are paired in order.
    pub zip: Vec<Vec<(String, Span)>>,
    pub exclude: Vec<Node>,
    pub random: Option<(Random, Span)>,
}

#[derive(Debug)]
pub struct RawAxis {
    pub path: String,
    /// The span of the path.
    pub key: Span,
    /// The span of the values.
    pub span: Span,
    pub values: Values,
    /// Whether the scale is logarithmic, if it is set.
    pub log: Option<bool>,
}

#[derive(Debug)]
pub enum Values {
    Listed(Vec<Node>),
    Drawn(Draw),
}

/// Random search: every axis is drawn anew for each trial; from a list, one of its values.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Random {
    /// The number of trials.
    pub trials: u32,
    /// The seed of the draws.
    #[serde(default)]
    pub seed: u64,
}

/// Where a random search draws the values of an axis from.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Draw {
    /// Uniform between two numbers; of whole numbers, both of them included.
    Uniform([f64; 2]),
    /// Uniform on a logarithmic scale between two positive numbers.
    LogUniform([f64; 2]),
}

/// The scale on which the values of an axis are spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Equal differences.
    #[default]
    Linear,
    /// Equal ratios.
    Log,
}

/// Values with the scale that figures show them on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scaled {
    /// The values.
    #[expect(dead_code, reason = "the values are read from the tree, with their spans")]
    #[schemars(with = "Vec<serde_json::Value>")]
    pub values: de::IgnoredAny,
    /// The scale.
    pub scale: Scale,
}

/// A range of seeds.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SeedRange {
    /// The first seed.
    #[serde(default)]
    pub from: u64,
    /// The number of seeds.
    pub count: u64,
}

impl Sweeping {
    /// The default: one trial under seed 0.
    fn one_trial() -> Self {
        Self {
            axes: Vec::new(),
            seeds: vec![Seed(0)],
            seeds_span: None,
            confirm: None,
            confidence: CONFIDENCE,
            zip: Vec::new(),
            exclude: Vec::new(),
            random: None,
        }
    }

    /// Reads the table under `[sweep]`; `sections` are those of the experiment.
    pub fn read(entry: Option<&Entry>, sections: &[String]) -> Result<Self, Problem> {
        let mut sweeping = Self::one_trial();
        let Some(entry) = entry else { return Ok(sweeping) };
        let table =
            entry.node.table().ok_or_else(|| Problem::value(Code::WrongType, "sweep", &entry.node, "a table"))?;
        for Entry { key, span, node } in &table.0 {
            match key.as_str() {
                "seeds" => {
                    sweeping.seeds = seeds::seeds(node)?;
                    sweeping.seeds_span = Some(node.span);
                }
                "confidence" => sweeping.confidence = confidence(node)?,
                "confirm" => sweeping.confirm = Some((Confirm::read(node)?, node.span)),
                "zip" => sweeping.zip = zip(node)?,
                "exclude" => {
                    let wanted = "a list of tables: [{ \"model.hidden\" = 1, \"train.learning-rate\" = 2 }]";
                    let tables = node.list().filter(|items| items.iter().all(|item| item.table().is_some()));
                    sweeping.exclude =
                        tables.ok_or_else(|| Problem::value(Code::WrongType, "sweep.exclude", node, wanted))?.to_vec();
                }
                "random" => {
                    let trials = format!("a whole number from 1 to {MOST}");
                    let random = read(node, "sweep.random");
                    let random =
                        random.map_err(|problem: Problem| problem.expecting("sweep.random.trials", &trials))?;
                    sweeping.random = Some((random, node.span));
                }
                path if path.contains('.') => sweeping.axes.push(axis(path, *span, node)?),
                other => return Err(misplaced::not_an_axis(other, *span, node, sections)),
            }
        }
        Ok(sweeping)
    }
}

fn axis(path: &str, key: Span, node: &Node) -> Result<RawAxis, Problem> {
    let at = format!("sweep.{path:?}");
    let (values, log) = match &node.value {
        Value::List(items) => (Values::Listed(items.clone()), None),
        Value::Table(table) => {
            let has = |keys: &[&str]| keys.iter().any(|key| table.get(key).is_some());
            match table.get("values") {
                Some(values) => {
                    let items = values
                        .node
                        .list()
                        .ok_or_else(|| Problem::value(Code::WrongType, &at, &values.node, "a list"))?;
                    let scaled: Scaled = read(node, &at)?;
                    (Values::Listed(items.to_vec()), Some(scaled.scale == Scale::Log))
                }
                None if has(&["uniform", "log-uniform"]) => {
                    let draw: Draw = read(node, &at)?;
                    check_draw(draw, &at, node)?;
                    (Values::Drawn(draw), Some(matches!(draw, Draw::LogUniform(_))))
                }
                None if has(&["step"]) && !has(&["steps"]) => return Err(step(&at, table, node)),
                None => {
                    let steps = |problem: Problem| {
                        problem.adding(table, &["from", "to", "steps"]).expecting(&format!("{at}.steps"), Range::STEPS)
                    };
                    let range: Range = read(node, &at).map_err(steps)?;
                    (Values::Listed(range.values(&at, node)?), range.log())
                }
            }
        }
        _ => {
            return Err(Problem::value(Code::WrongType, &at, node, "a list of values, or { from, to, steps }")
                .help(format!("to sweep, write [{node}, ...]; to fix one value, {}", misplaced::fixed(path, node))));
        }
    };
    if let Values::Listed(items) = &values {
        if items.is_empty() {
            return Err(Problem::new(Code::AxisEmpty, format!("the axis `{path}` is empty"))
                .at(node.span, "expected at least one value")
                .help("give it values, or remove the line"));
        }
        if items.len() > MOST {
            return Err(Problem::new(Code::TooManyRuns, format!("the axis `{path}` has {} values", items.len()))
                .at(node.span, format!("expected at most {MOST}")));
        }
        for item in items {
            if matches!(item.value, Value::List(_) | Value::Table(_)) {
                return Err(Problem::value(Code::WrongType, &at, item, "a number, a text, true or false"));
            }
        }
    }
    Ok(RawAxis { path: path.into(), key, span: node.span, values, log })
}

fn check_draw(draw: Draw, at: &str, node: &Node) -> Result<(), Problem> {
    let ([low, high], least, expected) = match draw {
        Draw::Uniform(bounds) => (bounds, f64::NEG_INFINITY, "two finite numbers, the smaller one first"),
        Draw::LogUniform(bounds) => (bounds, 0.0, "two positive numbers, the smaller one first"),
    };
    if low > least && low < high && (high - low).is_finite() {
        return Ok(());
    }
    let bounds = node.table().and_then(|table| table.0.first()).map_or(node, |entry| &entry.node);
    Err(Problem::new(Code::RandomBounds, format!("`{at}` cannot draw from [{low:?}, {high:?}]"))
        .at(bounds.span, format!("expected {expected}")))
}

fn zip(node: &Node) -> Result<Vec<Vec<(String, Span)>>, Problem> {
    let wanted = "a list of lists of paths: [[\"model.hidden\", \"train.epochs\"]]";
    let group = |group: &Node| {
        let paths = group.list().filter(|paths| paths.len() >= 2)?;
        paths.iter().map(|path| Some((path.text()?.to_owned(), path.span))).collect::<Option<Vec<_>>>()
    };
    let groups = node.list().and_then(|groups| groups.iter().map(group).collect::<Option<Vec<_>>>());
    groups.ok_or_else(|| {
        Problem::new(Code::WrongType, "`sweep.zip` cannot be read").at(node.span, format!("expected {wanted}"))
    })
}
