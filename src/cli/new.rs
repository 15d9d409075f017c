use std::{
    collections::BTreeSet,
    io::{ErrorKind, Write},
    path::PathBuf,
    sync::Arc,
};

use clap::Args;

use super::{CliError, Code, Command, Common, Exit, text};
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
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct New {
    /// File to write, such as experiments/my-question.toml.
    file: PathBuf,
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
  2  the file exists, or there is no such data set or experiment

Examples:
  restudy new my-question.toml
  restudy new my-question.toml --data csv";

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
        let kind = self.kind()?;
        let data = self.data.as_deref().unwrap_or("double-moon");
        let template = match &kind {
            Some(kind) => experiment::template(&**kind),
            None => network::template(data).ok_or_else(|| {
                let keys = Data::KEYS.join(", ");
                CliError::usage(Code::NewDataSet, format!("there is no data set `{data}`"), format!("choose from {keys}"))
            })?,
        };
        let failed = |error| StoreError::io("write", &self.file, error).of_named();
        let file = std::fs::File::create_new(&self.file);
        let mut file = file.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                CliError::usage(Code::NewExists, format!("{} already exists", self.file.display()), "choose another name; nothing was written")
            }
            _ => failed(error).into(),
        })?;
        file.write_all(template.as_bytes()).map_err(failed)?;
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
