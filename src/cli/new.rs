mod command;
mod help_text;
mod options;
mod probe;
mod template;

use std::{
    collections::BTreeSet,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;

use restudy_programs::kind::NAME;
use serde_json::json;

use super::{CliError, Code, Command, Common, Exit, text};
use command::Program;
use probe::Reading;
use template::Specification;
use crate::{
    data::Data,
    escape,
    experiment::{self, Kind},
    experiments::network,
    store::StoreError,
};

/// Write a commented specification to start from.
///
/// The file has every section with every key, its default and its meaning. An existing file is never overwritten.
///
/// With --command, the study is one of a program in any language. Options with defaults become parameters, an option
/// for the seed gets {seed}, and files that the command names become inputs, as do Python modules that it imports from
/// beside it. To read the options, a Python program with argparse, click or absl is run up to where it reads its
/// arguments, and another file with --help: in a temporary folder, without input, for at most 30 seconds. What only you
/// know is marked TODO: above all the names of what the program measures, which it prints as lines of JSON.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct New {
    /// File to write, such as experiments/my-question.toml; with --command, .toml may be left out.
    file: PathBuf,
    /// Program to study, with arguments that stay the same: train.py, "python3 train.py --epochs 5", ./sim.
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["data", "experiment"])]
    command: Option<String>,
    #[arg(long, value_name = "NAME", help = data_sets())]
    data: Option<String>,
    /// Experiment of the specification [default: the custom experiment of this program, or the network].
    #[arg(long, value_name = "NAME", conflicts_with = "data")]
    experiment: Option<String>,
}

/// The help of `--data` with the registered data sets.
fn data_sets() -> String {
    let (last, others) = Data::KEYS.split_last().expect("there are data sets");
    format!("Data set of the network: {} or {last} [default: double-moon]", others.join(", "))
}

const EXAMPLES: &str = "\
Exit codes:
  0  written
  1  the file cannot be written
  2  the file exists, or there is no such data set, experiment or program

Examples:
  restudy new my-question.toml
  restudy new my-question.toml --data csv
  restudy new rates --command train.py
  restudy new rates --command \"python3 train.py --epochs {epochs}\"";

impl New {
    /// The experiment in its newest version; none for the network.
    fn kind(&self) -> Result<Option<Arc<dyn Kind>>, CliError> {
        let known = experiment::registered();
        let newest = |name: &str| {
            let of_name = known.iter().filter(|kind| kind.declaration().name == name);
            of_name.max_by_key(|kind| kind.declaration().version).filter(|kind| !kind.is_default())
        };
        let own: BTreeSet<&str> =
            known.iter().filter(|kind| !kind.is_default()).map(|kind| kind.declaration().name.as_str()).collect();
        let Some(name) = &self.experiment else {
            let only = own.first().filter(|_| own.len() == 1 && self.data.is_none());
            return Ok(only.and_then(|name| newest(name)).cloned());
        };
        if !known.iter().any(|kind| kind.declaration().name == *name) {
            let all: BTreeSet<&str> = known.iter().map(|kind| kind.declaration().name.as_str()).collect();
            let all = all.into_iter().collect::<Vec<_>>().join(", ");
            return Err(CliError::usage(
                Code::ExperimentUnknown,
                format!("this program has no experiment `{}`", escape::line(name)),
                format!("choose from {all}"),
            ));
        }
        Ok(newest(name).cloned())
    }
}

impl Command for New {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        if let Some(command) = &self.command {
            return self.of_program(command, common);
        }
        let kind = self.kind()?;
        let data = self.data.as_deref().unwrap_or("double-moon");
        let template = match &kind {
            Some(kind) => experiment::template(&**kind),
            None => network::template(data).ok_or_else(|| {
                let keys = Data::KEYS.join(", ");
                CliError::usage(Code::NewDataSet, format!("there is no data set `{data}`"), format!("choose from {keys}"))
            })?,
        };
        self.write(&self.file, &template)?;
        if common.json() {
            let data = kind.is_none().then_some(data);
            let experiment = kind.as_ref().map_or(network::NAME, |kind| kind.declaration().name.as_str());
            text::say_json(serde_json::json!({ "file": self.file.to_string_lossy(), "data": data, "experiment": experiment }));
        } else if !common.quiet {
            let (shown, file) = (escape::path(&self.file), escape::shell_path(&self.file));
            text::say(format!("wrote {shown}; edit it, then\n  restudy plan {file}\n  restudy sweep {file}"));
        }
        Ok(Exit::Done)
    }
}

impl New {
    fn write(&self, path: &Path, text: &str) -> Result<(), CliError> {
        let failed = |error| StoreError::io("write", path, error).of_named();
        let mut file = std::fs::File::create_new(path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists(path),
            _ => failed(error).into(),
        })?;
        Ok(file.write_all(text.as_bytes()).map_err(failed)?)
    }

    fn of_program(&self, command: &str, common: &Common) -> Result<Exit, CliError> {
        let path = if self.file.extension().is_none() { self.file.with_extension("toml") } else { self.file.clone() };
        if path.exists() {
            return Err(exists(&path));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let program = Program::read(command, folder)?;
        let name = template::name(&program);
        let Reading { options, failure } = probe::read(&program);
        let Specification { text, parameters, todo } = template::specification(program, options.as_ref());
        self.write(&path, &text)?;
        let reader = options.as_ref().map(|options| options.reader.as_str());
        if common.json() {
            text::say_json(json!({
                "file": path.to_string_lossy(), "data": null, "experiment": NAME, "parameters": parameters, "read-from": reader,
                "to-do": todo,
            }));
        } else if !common.quiet {
            let parameters = text::count(parameters.len(), "parameter");
            let read = reader.map_or_else(
                || format!("the options of {name} could not be read{}", failure.map_or_else(String::new, |failure| format!(" ({failure})"))),
                |reader| format!("{parameters} of {name}, read from {reader}"),
            );
            let (shown, file) = (escape::path(&path), escape::shell_path(&path));
            text::say(format!("wrote {shown}: {read}; edit {} marked TODO, then", text::count(todo, "line")));
            text::say(format!("  restudy check {file}\n  restudy sweep {file}"));
        }
        Ok(Exit::Done)
    }
}

fn exists(path: &Path) -> CliError {
    let message = format!("{} already exists", path.display());
    CliError::usage(Code::NewExists, message, "choose another name; nothing was written")
}
