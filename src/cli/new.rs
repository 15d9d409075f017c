use std::{
    io::{ErrorKind, Write},
    path::PathBuf,
};

use clap::Args;

use super::{CliError, Command, Common, Exit, text};
use crate::{escape, experiments::network, store::StoreError};

/// Write a commented specification to begin with.
///
/// Every section with every key, its default and what it means. An existing file is never overwritten.
#[derive(Debug, Args)]
pub(super) struct New {
    /// The file to write, such as experiments/my-question.toml.
    file: PathBuf,
    /// The data set it is about: double-moon, circles, xor, spirals, blobs, csv or mat.
    #[arg(long, default_value = "double-moon", value_name = "NAME")]
    data: String,
}

impl Command for New {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let Some(template) = network::template(&self.data) else {
            let known = crate::data::Data::KEYS.join(", ");
            return Err(CliError::usage(format!("there is no data set `{}`", self.data), format!("use one of {known}")));
        };
        let fault = |error| StoreError::io("write", &self.file, error).of_named();
        let file = std::fs::File::create_new(&self.file);
        let mut file = file.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                CliError::usage(format!("{} exists already", self.file.display()), "choose another name; nothing was written")
            }
            _ => fault(error).into(),
        })?;
        file.write_all(template.as_bytes()).map_err(fault)?;
        if common.json() {
            text::say_json(serde_json::json!({ "file": self.file.to_string_lossy(), "data": self.data }));
        } else if !common.quiet {
            let (shown, file) = (escape::path(&self.file), escape::shell_path(&self.file));
            text::say(format!("wrote {shown}; edit it, then\n  restudy plan {file}\n  restudy sweep {file}"));
        }
        Ok(Exit::Done)
    }
}
