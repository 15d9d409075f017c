use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use polars::prelude::DataFrame;

use super::{CliError, Code, custom, remedies};
use crate::{
    digest::Digest,
    escape, experiment,
    results::{Manifest, reading, study_text},
    store::{self, StoreError},
    sweep::{self, Study},
    table,
};

/// A results folder with a finished sweep.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pub(super) study: Study,
    pub(super) manifest: Manifest,
}

/// Refuses a declaration file that differs from the manifest: it defines the names and directions of the measurements.
fn require_declaration(path: &Path, manifest: &Manifest) -> Result<(), CliError> {
    let file = path.join(experiment::FILE);
    let stored = store::read(&file).ok().map(|bytes| Digest::of(&bytes));
    if manifest.declared.is_none() || stored == manifest.files.get(experiment::FILE).copied() {
        return Ok(());
    }
    Err(CliError::difference(
        Code::FolderDeclaration,
        format!("{} is not the file that the manifest lists", file.display()),
        "it was edited or removed: restore it, or sweep the study again with the program of its experiment; nothing was changed",
    ))
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, CliError> {
        let help = "give the folder of one study, such as results/hidden";
        if path.is_file() {
            let of_spec = path.extension().filter(|end| *end == "toml").and(path.file_stem());
            let help = of_spec.map_or_else(
                || help.to_owned(),
                |name| format!("give its results folder: {}", escape::shell_path(&Path::new("results").join(name))),
            );
            return Err(CliError::usage(
                Code::FolderNotResults,
                format!("{} is a file, not a results folder", path.display()),
                help,
            ));
        }
        if !path.exists() {
            return Err(CliError::usage(Code::FolderMissing, format!("there is no folder {}", path.display()), help));
        }
        if path.join("segments").is_dir() && !path.join("manifest.json").exists() {
            return Err(CliError::usage(
                Code::FolderUnfinished,
                format!("the study in {} is not finished: it has no manifest yet", path.display()),
                format!(
                    "{}; `restudy status` lists the stored runs and the command",
                    custom::remedy(path, "continue it with `restudy sweep` on its specification")
                ),
            ));
        }
        let manifest = Manifest::read(path)?;
        let file = path.join("study.toml");
        let study = sweep::parse(&manifest.study, &file, &sweep::read_kept(&file)?, &[])?;
        let study = reading::as_stored(study, path, &manifest);
        require_declaration(path, &manifest)?;
        Ok(Self { path: path.into(), study, manifest })
    }

    /// Refuses a specification that differs from the one of the manifest.
    pub(super) fn require_unchanged(&self) -> Result<(), CliError> {
        if study_text(&self.study, &self.path).1 == self.manifest.specification {
            return Ok(());
        }
        Err(CliError::usage(
            Code::FolderSpecification,
            format!("{} is not the specification of the manifest beside it", self.path.join("study.toml").display()),
            format!(
                "it was edited, or its sweep is not finished: restore the file, or {}; nothing was changed",
                custom::remedy(&self.path, "continue with `restudy sweep` on it")
            ),
        ))
    }

    /// Refuses a manifest whose root is not that of the runs it lists.
    pub(super) fn require_root(&self) -> Result<(), CliError> {
        if self.manifest.has_root_of_runs() {
            return Ok(());
        }
        Err(CliError::usage(
            Code::ManifestRoot,
            format!("the root in {} is not that of the runs it lists", self.path.join("manifest.json").display()),
            format!("it was edited: run `restudy verify {}` to see what else is wrong", escape::shell_path(&self.path)),
        ))
    }

    /// Reads the tables, and refuses those that differ from the manifest.
    pub(super) fn tables(&self) -> Result<BTreeMap<&'static str, DataFrame>, CliError> {
        self.require_root()?;
        let remedy = || remedies::compute(&self.path, &self.study);
        let mut tables = BTreeMap::new();
        for name in ["metrics", "points", "runs", "weights"] {
            let file = self.path.join(format!("{name}.parquet"));
            let shown = file.display();
            if !file.exists() {
                return Err(CliError::usage(
                    Code::TableMissing,
                    format!("{shown} is missing; large tables are usually not under version control"),
                    remedy(),
                ));
            }
            let bytes = store::read(&file).map_err(|error| StoreError::io("read", &file, error))?;
            let table = table::read(&bytes)
                .map_err(|error| CliError::usage(Code::TableUnreadable, format!("{shown}: {error}"), remedy()))?;
            if self.manifest.tables.get(name).is_none_or(|entry| entry.digest != table::logical_digest(&table)) {
                return Err(CliError::usage(
                    Code::TableChanged,
                    format!("{shown} was changed: it is not the table that the manifest lists"),
                    remedy(),
                ));
            }
            tables.insert(name, table);
        }
        if !reading::is_of_runs(&self.manifest, &tables["runs"]) {
            return Err(CliError::difference(
                Code::TableOtherRuns,
                format!(
                    "{} does not contain the runs that the manifest lists",
                    self.path.join("runs.parquet").display()
                ),
                format!(
                    "the manifest was edited: run `restudy verify {}` to see what else is wrong",
                    escape::shell_path(&self.path)
                ),
            ));
        }
        Ok(tables)
    }
}
