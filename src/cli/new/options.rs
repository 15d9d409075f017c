//! The options of a program, and what a specification makes of each: the seed, a parameter, or nothing.

use serde::Deserialize;
use serde_json::Value as Json;

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Int,
    Float,
    Text,
    /// `--amp=true`, in one word.
    Bool,
    /// Nothing.
    Switch,
    /// A value of a type that is not known.
    Other,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct ProgramOption {
    /// The names, such as `--rate` and `-r`; none for an argument without a name.
    pub(super) names: Vec<String>,
    /// The name of an argument without dashes.
    pub(super) positional: Option<String>,
    pub(super) kind: Kind,
    /// Null if it is not known.
    pub(super) default: Json,
    /// Whether it takes several values.
    pub(super) many: bool,
    pub(super) required: bool,
    pub(super) choices: Vec<String>,
    /// What it means.
    pub(super) about: String,
}

/// The options of a program.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Options {
    /// What they were read from: `argparse`, `click`, `absl` or `--help`.
    pub(super) reader: String,
    pub(super) options: Vec<ProgramOption>,
}

/// What a specification makes of an option.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Role {
    Seed,
    Parameter {
        name: String,
        value: Json,
        /// Whether the value is invented, because the option has no default.
        is_invented: bool,
    },
    /// The program keeps its own value; the reason is a clause, or empty if the name says it.
    LeftOut(&'static str),
}

/// Names of options for the seed, with `-` for `_`.
const SEEDS: [&str; 8] =
    ["seed", "random-seed", "rng-seed", "manual-seed", "random-state", "seed-value", "global-seed", "rng"];

/// Names of options that say where and how a program works, not what it computes, with `-` for `_`.
const ASIDE: [&str; 38] = [
    "out",
    "output",
    "output-dir",
    "output-file",
    "out-dir",
    "outdir",
    "save",
    "save-dir",
    "save-path",
    "log",
    "log-dir",
    "logdir",
    "log-file",
    "log-level",
    "log-interval",
    "log-every",
    "log-freq",
    "print-every",
    "print-freq",
    "checkpoint",
    "checkpoint-dir",
    "ckpt",
    "ckpt-dir",
    "model-dir",
    "result-dir",
    "results-dir",
    "verbose",
    "verbosity",
    "quiet",
    "debug",
    "device",
    "gpu",
    "gpus",
    "workers",
    "num-workers",
    "resume",
    "progress",
    "wandb-project",
];

/// Options that every program has.
const GENERAL: [&str; 8] =
    ["help", "h", "version", "V", "helpfull", "helpshort", "install-completion", "show-completion"];

/// Names that placeholders cannot have, because they have a meaning of their own.
pub(super) const OWN: [&str; 3] = ["seed", "run-dir", "settings"];

impl ProgramOption {
    /// The name as it is written on a command line: the first long one.
    pub(super) fn written(&self) -> &str {
        let long = self.names.iter().find(|name| name.starts_with("--"));
        long.or(self.names.first()).or(self.positional.as_ref()).map_or("", String::as_str)
    }

    fn bare(&self) -> &str {
        self.written().trim_start_matches('-')
    }

    /// Whether it is about the command line itself.
    pub(super) fn is_general(&self) -> bool {
        self.names.iter().any(|name| GENERAL.contains(&name.trim_start_matches('-')))
    }

    pub(super) fn role(&self) -> Role {
        let plain = self.bare().replace('_', "-").to_lowercase();
        if SEEDS.contains(&plain.as_str()) && !self.many && self.kind != Kind::Switch {
            return Role::Seed;
        }
        if self.kind == Kind::Switch {
            return Role::LeftOut("a switch");
        }
        if self.many {
            return Role::LeftOut("takes several values");
        }
        if ASIDE.contains(&plain.as_str()) && !self.required {
            return Role::LeftOut("");
        }
        let Some(name) = self.parameter() else { return Role::LeftOut("its name cannot be that of a parameter") };
        match self.value() {
            Some(value) => Role::Parameter { name, value, is_invented: false },
            // A number without a default is more often needed than not.
            None if self.required || self.positional.is_some() || [Kind::Int, Kind::Float].contains(&self.kind) => {
                Role::Parameter { name, value: self.invented(), is_invented: true }
            }
            None => Role::LeftOut("no default is known"),
        }
    }

    /// The name of its parameter.
    fn parameter(&self) -> Option<String> {
        let name = self.bare();
        let safe = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.chars().all(safe);
        let end = if OWN.contains(&name) { "_" } else { "" };
        is_name.then(|| format!("{name}{end}"))
    }

    /// The default as the value of a parameter, which has its type.
    fn value(&self) -> Option<Json> {
        match (self.kind, &self.default) {
            (Kind::Float, Json::Number(number)) => number.as_f64().filter(|value| value.is_finite()).map(Json::from),
            (Kind::Int, Json::Number(number)) => number.as_i64().map(Json::from),
            (Kind::Bool, Json::Bool(_)) => Some(self.default.clone()),
            (_, Json::Number(number)) if number.is_f64() => Some(self.default.clone()),
            (_, Json::Number(number)) => number.as_i64().map(Json::from),
            (_, Json::String(_)) => Some(self.default.clone()),
            _ => None,
        }
    }

    fn invented(&self) -> Json {
        match (self.kind, self.choices.first()) {
            (_, Some(choice)) => choice.as_str().into(),
            (Kind::Int, None) => 1.into(),
            (Kind::Float, None) => 1.0.into(),
            (Kind::Bool, None) => true.into(),
            _ => "TODO".into(),
        }
    }

    /// The words that pass a placeholder.
    pub(super) fn words(&self, placeholder: &str) -> Vec<String> {
        match (self.names.is_empty(), self.kind) {
            (true, _) => vec![placeholder.into()],
            (false, Kind::Bool) => vec![format!("{}={placeholder}", self.written())],
            (false, _) => vec![self.written().into(), placeholder.into()],
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn option(name: &str, kind: Kind, default: Json) -> ProgramOption {
        let names = vec!["-x".to_owned(), name.to_owned()];
        let choices = Vec::new();
        ProgramOption {
            names,
            positional: None,
            kind,
            default,
            many: false,
            required: false,
            choices,
            about: String::new(),
        }
    }

    #[test]
    fn options_become_parameters_of_their_types() {
        let value = |option: &ProgramOption| match option.role() {
            Role::Parameter { value, is_invented, .. } => Some((value, is_invented)),
            _ => None,
        };
        for (kind, default, expected) in [
            (Kind::Float, json!(1), json!(1.0)),
            (Kind::Int, json!(7), json!(7)),
            (Kind::Text, json!(7), json!(7)),
            (Kind::Other, json!("a"), json!("a")),
            (Kind::Bool, json!(false), json!(false)),
        ] {
            assert_eq!(value(&option("--rate", kind, default)), Some((expected, false)));
        }
        let required = |kind| ProgramOption { required: true, ..option("--rate", kind, Json::Null) };
        assert_eq!(value(&required(Kind::Float)), Some((json!(1.0), true)));
        assert_eq!(
            value(&ProgramOption { choices: vec!["sgd".into()], ..required(Kind::Text) }),
            Some((json!("sgd"), true))
        );
        assert_eq!(value(&option("--rate", Kind::Float, Json::Null)), Some((json!(1.0), true)));
        assert_eq!(option("--name", Kind::Text, Json::Null).role(), Role::LeftOut("no default is known"));
        assert_eq!(option("--amp", Kind::Switch, json!(false)).role(), Role::LeftOut("a switch"));
        assert_eq!(option("--output_dir", Kind::Text, json!("out")).role(), Role::LeftOut(""));
        assert_eq!(option("--random_state", Kind::Int, json!(0)).role(), Role::Seed);
        let Role::Parameter { name, .. } = option("--settings", Kind::Text, json!("a")).role() else { panic!() };
        assert_eq!(name, "settings_");
    }

    #[test]
    fn words_pass_placeholders() {
        assert_eq!(option("--rate", Kind::Float, json!(1)).words("{rate}"), ["--rate", "{rate}"]);
        assert_eq!(option("--amp", Kind::Bool, json!(true)).words("{amp}"), ["--amp={amp}"]);
    }
}
