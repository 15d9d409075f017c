use std::{fs, path::PathBuf, sync::atomic::AtomicBool};

use clap::Args;

use super::{CliError, Command, Common, Exit, folder::Folder, text};
use crate::{
    results,
    store::{self, Store, StoreError},
};

/// Draw the figures of a study again, from its tables alone.
///
/// Without --check, writes the files that differ. With --check, writes nothing and says which are not current; exit code 4 if any.
#[derive(Debug, Args)]
pub(super) struct Figures {
    /// The results folder of a study, such as results/hidden.
    folder: PathBuf,
    /// Only say whether the stored figures are current.
    #[arg(long)]
    check: bool,
}

impl Command for Figures {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let folder = Folder::open(&self.folder)?;
        folder.require_unchanged()?;
        let tables = folder.tables()?;
        let drawn = common.on_threads(|| results::figures(&folder.study, &tables))??;
        let stored = |path: &str| store::read(&folder.path.join(path)).ok();
        let differ: Vec<_> = drawn.iter().filter(|(path, bytes)| stored(path).as_ref() != Some(*bytes)).collect();
        let all = text::count(drawn.len(), "figure file");
        if self.check {
            for (path, _) in &differ {
                let state = if folder.path.join(path).exists() { "is not what the tables give" } else { "is missing" };
                text::say(format!("{} {state}", folder.path.join(path).display()));
            }
            if differ.is_empty() && !common.quiet {
                text::say(format!("all {all} are current"));
            }
            return Ok(if differ.is_empty() { Exit::Done } else { Exit::Difference });
        }
        let store = Store::open(&folder.path)?;
        let _finishing = store.finish(&AtomicBool::new(false), &|notice| text::warn(notice))?;
        let figures = folder.path.join("figures");
        fs::create_dir_all(&figures).map_err(|error| StoreError::io("create", &figures, error))?;
        for (path, bytes) in &differ {
            store::write(&folder.path.join(path), bytes)?;
        }
        if !common.quiet {
            text::say(format!("drew {all}, of which {} had changed", differ.len()));
        }
        Ok(Exit::Done)
    }
}
