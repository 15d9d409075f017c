use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

use clap::Args;
use serde_json::json;

use super::{
    CliError, Command, Common, Exit, remedies,
    citations::{Sheets, Text},
    folder::Folder, custom,
    text,
};
use crate::{
    report::{self, History, Process},
    results, run,
    seed::Seed,
    store::{self, StoreError, journal},
    table,
};

/// Write the report of a study remedies, from its tables and its manifest alone.
///
/// report.html is one file that needs neither network nor server: open it in a browser. Without --check, writes what differs: the pages, summary.csv, and
/// figures that are there and are not those of the tables. With --check, writes nothing and says what is not current, and which citations in the texts that are named do not hold; exit code 4 if anything.
/// Who computed which run is no part of the report; --journal writes a copy of the page that says it. Exit code 1 if the folder cannot be
/// written to; --output writes the report and its figures to another one.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// The results folder of a study, such as results/hidden.
    folder: PathBuf,
    /// Markdown files and notebooks whose citations are checked too; one without a name of a study is about this one.
    #[arg(requires = "check", value_name = "TEXT")]
    texts: Vec<PathBuf>,
    /// Only say whether the stored report is current, and whether text and store agree.
    #[arg(long)]
    check: bool,
    /// Write report and figures to this folder, and nothing to the results folder.
    #[arg(long, value_name = "DIR", conflicts_with = "check")]
    output: Option<PathBuf>,
    /// Also write a copy of the page with what the journal knows: who computed which run, and which were computed again.
    #[arg(long, value_name = "COPY", conflicts_with = "check")]
    journal: Option<PathBuf>,
}

impl Command for Report {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let folder = Folder::open(&self.folder)?;
        folder.require_unchanged()?;
        let tables = folder.tables()?;
        let summary = table::summary_of_table(&folder.study, &tables["runs"]).map(|summary| summary.beside(run::baseline(&folder.study, &folder.manifest.data))).ok_or_else(|| {
            CliError::usage(
                format!("{} is not a table of this study", folder.path.join("runs.parquet").display()),
                remedies::compute(&folder.path, &folder.study),
            )
        })?;
        let (pages, pictures) = common.on_threads(|| {
            let pictures = results::figures(&folder.study, &tables)?;
            let pages = results::pages(&folder.study, &summary, &pictures, Some(&tables), &folder.manifest);
            Ok::<_, results::RenderError>((pages, pictures))
        })??;
        let csv = summary.to_csv();
        let stored = |name: &str| store::read(&folder.path.join(name)).ok();
        let texts = pages.iter().map(|(name, page)| (*name, page.as_bytes())).chain([("summary.csv", csv.as_bytes())]);
        let mut differ: Vec<_> = texts.filter(|(name, text)| stored(name).as_deref() != Some(*text)).collect();
        // A clone need not have every picture, but what it has must be what the report shows.
        let drawn = pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        differ.extend(drawn.filter(|(name, bytes)| stored(name).is_some_and(|stored| stored != *bytes)));
        if self.check {
            let found: Vec<_> = differ.iter().map(|(name, _)| (*name, remedies::state(&folder.path, name))).collect();
            let exit = remedies::tell_current(&folder.path, &found, "the report is current", common);
            let holds = self.check_texts(&folder, common)?;
            return Ok(if holds { exit } else { Exit::Difference });
        }
        if let Some(output) = &self.output {
            remedies::require_outside(output, &folder.path, "report stands")?;
            let pages = pages.iter().map(|(name, page)| (*name, page.as_bytes()));
            let pictures = pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
            let files: Vec<_> = pages.chain(pictures).collect();
            write_to(output, &files)?;
            if common.json() {
                tell(output, files.iter().map(|(name, _)| *name));
            } else if !common.quiet {
                let figures = text::count(files.len() - 2, "figure file");
                text::say(format!("the report is written: {}, with {figures}", output.join("report.html").display()));
            }
        } else {
            if !differ.is_empty() {
                write(&folder.path, &differ).map_err(|error| remedies::unwritable(error, &folder.path, "report"))?;
            }
            if common.json() {
                tell(&folder.path, differ.iter().map(|(name, _)| *name));
            } else if !common.quiet {
                let state = if differ.is_empty() { "was current already" } else { "is written" };
                text::say(format!("the report {state}: {}", folder.path.join("report.html").display()));
            }
        }
        if let Some(copy) = &self.journal {
            let page = pages.iter().find(|(name, _)| *name == "report.html").map_or("", |(_, page)| page);
            store::write_out(copy, report::with_history(page, &history(&folder)).as_bytes()).map_err(StoreError::of_named)?;
            if !common.quiet && !common.json() {
                text::say(format!("a copy with what the journal knows: {}", copy.display()));
            }
        }
        Ok(Exit::Done)
    }
}

/// Tells programs which files were written.
fn tell<'a>(folder: &Path, written: impl Iterator<Item = &'a str>) {
    text::say_json(json!({ "folder": folder.to_string_lossy(), "written": written.collect::<Vec<_>>() }));
}

/// Writes files to the folder of their study.
fn write(folder: &Path, files: &[(&str, &[u8])]) -> Result<(), StoreError> {
    let store = custom::open(folder)?;
    let _finishing = store.finish(&AtomicBool::new(false), &|notice| text::warn(notice))?;
    files.iter().try_for_each(|(name, bytes)| store::write(&folder.join(name), bytes))
}

/// Writes files to a folder that is not that of the study.
fn write_to(output: &Path, files: &[(&str, &[u8])]) -> Result<(), StoreError> {
    for (name, bytes) in files {
        let file = output.join(name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|error| StoreError::io("create", folder, error).of_named())?;
        }
        store::write(&file, bytes).map_err(StoreError::of_named)?;
    }
    Ok(())
}

impl Report {
    /// Whether every citation holds: those of the answer in the specification, which name a number or not, and of every text.
    fn check_texts(&self, folder: &Folder, common: &Common) -> Result<bool, CliError> {
        // The folder is named so that its name is that of the study, also where it is given as `.`.
        let own = folder.path.canonicalize().unwrap_or_else(|_| folder.path.clone());
        let sheets = Sheets::new(&common.results, Some(&own));
        let mut holds = true;
        if let Some(answer) = folder.study.spec.study.answer.as_deref() {
            let unknown = Text::of_answer(answer).check(&Sheets::of_answer(&own));
            for (_, fault) in unknown.faults.iter().filter(|(_, fault)| fault.is_unknown()) {
                holds = false;
                match common.json() {
                    true => text::say_json(json!({ "file": "study.toml", "setting": "study.answer", "fault": fault.to_string() })),
                    false => text::say(format!("study.answer: {fault}")),
                }
            }
        }
        for file in &self.texts {
            let cited = Text::read(file)?;
            let held = cited.check(&sheets);
            cited.tell(&held, common);
            holds &= held.faults.is_empty();
        }
        Ok(holds)
    }
}

/// What the journal in a folder knows of the runs of its manifest.
fn history(folder: &Folder) -> History {
    let origins = journal::Origins::read(&folder.path);
    let study = &folder.study;
    let runs = &folder.manifest.runs;
    let again = |trial: usize| -> Vec<Seed> {
        let own = runs.iter().filter(|run| run.trial == trial);
        own.filter(|run| origins.of(run.id, run.digest).len() > 1).map(|run| Seed(run.seed)).collect()
    };
    let name = |trial: usize| {
        let values = study.axes.iter().zip(&study.trials[trial].values);
        let place: Vec<_> = values.map(|(axis, value)| format!("{} = {value}", axis.path)).collect();
        if place.is_empty() { "the only trial".into() } else { place.join(", ") }
    };
    let replicated = (0..study.trials.len()).map(|trial| (name(trial), again(trial))).filter(|(_, seeds)| !seeds.is_empty());
    let process = |entry: journal::Entry| {
        let known = [entry.origin.toolchain.clone(), entry.origin.target.clone(), Some(entry.kernel.clone())];
        let means: Vec<_> = known.into_iter().flatten().collect();
        Process { who: entry.who(), means: means.join(", "), computed: entry.computed, seconds: entry.seconds }
    };
    let processes = journal::read(&folder.path).into_iter().filter(|entry| entry.computed > 0).map(process);
    History { processes: processes.collect(), replicated: replicated.collect(), runs: runs.len() }
}
