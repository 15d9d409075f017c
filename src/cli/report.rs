use std::{path::PathBuf, sync::atomic::AtomicBool};

use clap::Args;

use super::{CliError, Command, Common, Exit, folder::Folder, text};
use crate::{
    results,
    store::{self, Store},
    table,
};

/// Write the report of a study again, from its tables and its manifest alone.
///
/// report.html is one file that needs neither network nor server: open it in a browser. Without --check, writes what differs.
/// With --check, writes nothing and says what is not current; exit code 4 if anything.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// The results folder of a study, such as results/hidden.
    folder: PathBuf,
    /// Only say whether the stored report is current.
    #[arg(long)]
    check: bool,
}

impl Command for Report {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let folder = Folder::open(&self.folder)?;
        folder.require_unchanged()?;
        let tables = folder.tables()?;
        let summary = table::summary_of_table(&folder.study, &tables["runs"]).ok_or_else(|| {
            CliError::usage(
                format!("{} is not a table of this study", folder.path.join("runs.parquet").display()),
                "compute it again with `restudy sweep`; finished runs are not trained again",
            )
        })?;
        let pages = common.on_threads(|| {
            let pictures = results::figures(&folder.study, &tables)?;
            Ok::<_, results::RenderError>(results::pages(
                &folder.study,
                &summary,
                &pictures,
                Some(&tables),
                &folder.manifest,
            ))
        })??;
        let stored = |name: &str| store::read(&folder.path.join(name)).ok();
        let differ: Vec<_> =
            pages.iter().filter(|(name, page)| stored(name).as_deref() != Some(page.as_bytes())).collect();
        if self.check {
            for (name, _) in &differ {
                let file = folder.path.join(name);
                let state = if file.exists() { "is not what the tables give" } else { "is missing" };
                text::say(format!("{} {state}", file.display()));
            }
            if differ.is_empty() && !common.quiet {
                text::say("the report is current");
            }
            return Ok(if differ.is_empty() { Exit::Done } else { Exit::Difference });
        }
        let store = Store::open(&folder.path)?;
        let _finishing = store.finish(&AtomicBool::new(false), &|notice| text::warn(notice))?;
        for (name, page) in &differ {
            store::write(&folder.path.join(name), page.as_bytes())?;
        }
        if !common.quiet {
            let state = if differ.is_empty() { "was current already" } else { "is written" };
            text::say(format!("the report {state}: {}", folder.path.join("report.html").display()));
        }
        Ok(Exit::Done)
    }
}
