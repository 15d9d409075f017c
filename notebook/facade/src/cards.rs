//! Shows the values of the library in notebooks.

use std::fmt::Write;

use polars::prelude::DataFrame;
use restudy::{
    data::{Blobs, Circles, Csv, Data, Dataset, DoubleMoon, Mat, Spirals, SplitData, Xor},
    digest::Digest,
    escape::terminal,
    experiments::OfNetwork,
    model::{
        Forward, Model,
        check::{Check, Verdict},
        literal::Chain,
    },
    seed::Seed,
    sweep::{AxisValue, Study, Trial},
    train::{Evaluate, Outcome, Setting, Stop, Train},
};
use serde_json::Value;

use crate::{
    error::Error,
    frame::{Table, side, table},
    show::{Bundle, Show, escape},
    tex::{digits, row, tex},
};

mod intervals;

/// A heading and labeled lines.
pub(crate) struct Card {
    title: String,
    lines: Vec<(String, String)>,
}

impl Card {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), lines: Vec::new() }
    }

    pub(crate) fn line(mut self, label: impl Into<String>, text: impl ToString) -> Self {
        self.lines.push((label.into(), text.to_string()));
        self
    }

    pub(crate) fn text(&self) -> String {
        let width = self.lines.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        let mut text = terminal(&self.title).into_owned();
        for (label, line) in &self.lines {
            let gap = " ".repeat(width - label.chars().count());
            let _ = write!(text, "\n  {label}{gap}  {}", terminal(line));
        }
        text
    }

    pub(crate) fn html(&self) -> String {
        let mut html = format!("<p><b>{}</b></p>\n<table>\n<tbody>\n", escape(&self.title));
        for (label, line) in &self.lines {
            let left = side(false);
            let _ = writeln!(html, "<tr><td {left}>{}</td><td {left}>{}</td></tr>", escape(label), escape(line));
        }
        html + "</tbody>\n</table>\n"
    }
}

impl Show for Card {
    fn bundle(&self) -> Bundle {
        Bundle::text(self.text()).html(self.html())
    }
}

impl Show for Study {
    fn bundle(&self) -> Bundle {
        let mut card = Card::new(format!("Study {}: {}", self.name, self.spec.study.question.trim()));
        card = match self.title() {
            None => card.line("data", self.trials[0].data().key()),
            Some(_) => card.line("experiment", titled(self)),
        };
        for axis in &self.axes {
            let values: Vec<String> = axis.values.iter().map(ToString::to_string).collect();
            card = card.line(axis.path.as_str(), some(&values));
        }
        card = card.line("runs", runs(self));
        let figures: Vec<String> = self.spec.figures.keys().cloned().collect();
        card.line("figures", some(&figures)).bundle()
    }
}

/// The name and version of a custom experiment: `circle, version 1`.
pub(crate) fn titled(study: &Study) -> String {
    let own = study.declaration();
    format!("{}, version {}", own.name, own.version)
}

/// `6 trials × 30 seeds = 180 runs`.
pub(crate) fn runs(study: &Study) -> String {
    let (trials, seeds) = (study.trials.len(), study.seeds.len());
    let again = study
        .confirm
        .map_or_else(String::new, |own| format!(" + {} × {}", own.best, count(own.seeds as usize, "further seed")));
    format!("{} × {}{again} = {}", count(trials, "trial"), count(seeds, "seed"), count(study.run_count(), "run"))
}

/// A number and its noun.
pub(crate) fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// All of a few values, or the first and last of many.
fn some(values: &[String]) -> String {
    const MOST: usize = 12;
    match values {
        many if many.len() > MOST => {
            format!("{}, …, {} ({} values)", many[..MOST - 2].join(", "), many[many.len() - 1], many.len())
        }
        few => few.join(", "),
    }
}

impl Show for Trial {
    fn bundle(&self) -> Bundle {
        settings("Trial", self.settings().into_iter().map(|(path, value)| (path, value.to_string())))
    }
}

macro_rules! as_settings {
    ($($type:ident)+) => {
        $(impl Show for $type {
            fn bundle(&self) -> Bundle {
                let value = serde_json::to_value(self).unwrap_or_default();
                let mut lines = Vec::new();
                flatten(&value, "", &mut lines);
                settings(stringify!($type), lines)
            }
        })+
    };
}

as_settings!(Setting Model Train Evaluate Stop Data DoubleMoon Circles Xor Spirals Blobs Csv Mat);

fn settings(title: &str, lines: impl IntoIterator<Item = (String, String)>) -> Bundle {
    lines.into_iter().fold(Card::new(title), |card, (path, value)| card.line(path, value)).bundle()
}

fn flatten(value: &Value, path: &str, lines: &mut Vec<(String, String)>) {
    let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| flatten(value, &inside(key), lines)),
        Value::Array(items) => {
            let words: Vec<String> = items.iter().map(word).collect();
            lines.push((path.into(), words.join(", ")));
        }
        Value::Null => {}
        single => lines.push((path.into(), word(single))),
    }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Show for Dataset {
    fn bundle(&self) -> Bundle {
        let mut table =
            table(["", "class −1", "class +1", "all"]).row(("points", of(self, -1.0), of(self, 1.0), self.len()));
        for k in 0..self.d.min(MOST_INPUTS) {
            let range = |label: Option<f64>| {
                let chosen = (0..self.len()).filter(|&i| label.is_none_or(|label| self.y[i] == label));
                let values: Vec<f64> = chosen.map(|i| self.point(i)[k]).collect();
                let low = values.iter().copied().fold(f64::INFINITY, f64::min);
                let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                if values.is_empty() { "–".to_owned() } else { format!("{} to {}", digits(low, 3), digits(high, 3)) }
            };
            table = table.row((format!("x{}", k + 1), range(Some(-1.0)), range(Some(1.0)), range(None)));
        }
        let more = self.d.saturating_sub(MOST_INPUTS);
        let note = if more > 0 { format!("And {}.", count(more, "more input")) } else { String::new() };
        table.read_as(None, 1, note).bundle()
    }
}

/// The ranges of inputs are shown for at most this many.
const MOST_INPUTS: usize = 4;

fn of(data: &Dataset, label: f64) -> usize {
    data.y.iter().filter(|y| **y == label).count()
}

impl Show for SplitData {
    fn bundle(&self) -> Bundle {
        let part = |name: &str, data: &Dataset| (name.to_owned(), data.len(), of(data, -1.0), of(data, 1.0), data.d);
        let table = table(["part", "points", "class −1", "class +1", "inputs"]);
        table.row(part("training", &self.train)).row(part("validation", &self.validation)).bundle()
    }
}

impl Show for Verdict {
    fn bundle(&self) -> Bundle {
        let header =
            ["block", "mean |analytic − numerical|", "largest", "literal h × d, relative", "literal d × h, relative"];
        let blocks = self.blocks.iter().fold(table(header), |table, block| {
            let number = |value: f64| digits(value, 2);
            let forms = (number(block.literal), number(block.course));
            table.row((block.block, number(block.mean), number(block.largest), forms.0, forms.1))
        });
        let verdict = if self.passed { "The gradients agree." } else { "The gradients do NOT agree." };
        blocks.read_as(None, 1, verdict.into()).bundle()
    }
}

impl Show for Check {
    fn bundle(&self) -> Bundle {
        Card::new("Check of the gradient")
            .line("cases", self.cases)
            .line("inputs d", self.inputs)
            .line("hidden units h", self.hidden)
            .line("ε", format!("{:e}", self.epsilon))
            .line("tolerance", format!("{:e}", self.tolerance))
            .line("seed", self.seed.0)
            .bundle()
    }
}

impl Show for Forward {
    fn bundle(&self) -> Bundle {
        let pass = tex("A^T = ").matrix(&row(&self.pre)).then(r",\quad H^T = ").matrix(&row(&self.hidden));
        pass.then(r",\quad Y = ").number(self.output).bundle()
    }
}

impl Show for Chain {
    fn bundle(&self) -> Bundle {
        let links = [
            (r"\frac{\partial L}{\partial Y}", &self.loss_by_output),
            (r"\frac{\partial Y}{\partial W_o} = H^T", &self.output_by_weights),
            (r"\frac{\partial Y}{\partial H} = W_o", &self.output_by_hidden),
            (r"\frac{\partial H}{\partial A} = \mathrm{diag}(1[A > 0])", &self.hidden_by_pre),
            (r"\frac{\partial A}{\partial b_i} = I", &self.pre_by_bias),
            (r"\frac{\partial A}{\partial \mathrm{vec}(W_i)} = X^T \otimes I", &self.pre_by_weights),
        ];
        Bundle::several(links.map(|(name, matrix)| tex(name).then(" = ").shaped(matrix).bundle()))
    }
}

impl Show for Outcome {
    fn bundle(&self) -> Bundle {
        Bundle::text(outcome(self))
    }
}

pub(crate) fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Completed => "completed".into(),
        Outcome::Converged { epoch } => format!("converged at epoch {epoch}"),
        Outcome::Diverged { epoch } => format!("diverged at epoch {epoch}"),
        Outcome::Failed { message } => format!("failed: {message}"),
    }
}

impl Show for DataFrame {
    fn bundle(&self) -> Bundle {
        Table::stored(self.clone()).bundle()
    }
}

macro_rules! as_text {
    ($($type:ty)+) => {
        $(impl Show for $type {
            fn bundle(&self) -> Bundle {
                Bundle::text(self.to_string())
            }
        })+
    };
}

as_text!(Digest AxisValue Error);

impl Show for Seed {
    fn bundle(&self) -> Bundle {
        Bundle::text(format!("seed {}", self.0))
    }
}

#[cfg(test)]
mod tests;
