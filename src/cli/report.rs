mod pictures;

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;

use super::{
    CliError, Code, Command, Common, Exit, remedies,
    citations::{Sheets, Text},
    folder::Folder,
    tables::{self, Tables, Target},
    text,
};
use crate::{
    report::{self, History, Process},
    results::{self, Adoptions, Attachments, KeptFiles, VERSION, page::Beside},
    seed::Seed,
    store::{self, StoreError, journal, version},
};

/// Write the report of a study from its tables, or from the runs so far.
///
/// Rewrites the files that are out of date: report.html, report.md, summary.csv, and existing figures. report.html is a
/// single file: open it in a browser, without a server or an internet connection. Pictures that runs of a program have
/// kept stay in files/, and are copied with --output.
///
/// Lists the verdicts of other machines (`restudy verify --note`) that are in verdicts/ of the results folder, and
/// names them in the manifest. They are statements: nothing in them is checked.
///
/// For an unfinished study, writes report.html, report.md and figures from the stored runs, even while a sweep computes
/// more. They say at the top how many runs they show, and have neither a verdict nor a proof; the sweep replaces them
/// at its end. While more seeds or trials are added to a finished study, give the new specification and --output: the
/// results of the earlier one stay until the sweep ends.
///
/// With --check, writes nothing and lists the files that are out of date, and the citations in the given texts that
/// differ from the stored numbers. The report does not say which machine computed which run; --journal writes a copy of
/// the page that does.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Report {
    /// Results folder of a study, such as results/hidden, or its specification.
    folder: PathBuf,
    /// With --check: Markdown files and notebooks with citations to check; a citation without a name cites this study.
    #[arg(requires = "check", value_name = "TEXT")]
    texts: Vec<PathBuf>,
    /// Write nothing; report files and citations that are not current.
    #[arg(long)]
    check: bool,
    /// Write report and figures to this folder instead of the results folder.
    #[arg(long, value_name = "DIR", conflicts_with = "check")]
    output: Option<PathBuf>,
    /// Also write a copy of the page with the journal: the processes that computed the runs, and the runs computed
    /// twice.
    #[arg(long, value_name = "COPY", conflicts_with = "check")]
    journal: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Exit codes:
  0  written; with --check: everything is current
  1  the folder cannot be written
  2  the tables are missing or were changed, or no run is stored
  4  with --check: a file is out of date, or a citation does not match; stored runs of an unfinished study are damaged

Examples:
  restudy report results/hidden
  restudy report results/hidden --check paper.md
  restudy report results/hidden --output shared --journal shared/journal.html";

impl Command for Report {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let target = if self.output.is_some() { Target::Elsewhere } else { Target::Results };
        let tables = Tables::of(&self.folder, target, "report", common)?;
        let (folder, unfinished) = (&tables.folder, tables.unfinished.as_ref());
        if let (Some(unfinished), Some(_)) = (unfinished, &self.journal) {
            return Err(CliError::usage(
                Code::FolderUnfinished,
                format!("a copy with the journal is one of a finished report: {}", unfinished.sentence()),
                "leave out --journal; `restudy status --json` lists the processes so far; nothing was written",
            ));
        }
        let summary = tables.summary()?;
        let attachments = if unfinished.is_some() { Attachments::default() } else { attachments(folder) };
        let (pages, pictures, beside) = common.on_threads(|| {
            let pictures = tables.figures()?;
            let kept = KeptFiles::of_tables(&folder.study, &tables.tables, &folder.path);
            let beside = Beside { kept, adoptions: Adoptions::read(&folder.path), attachments };
            let tables = Some(&tables.tables);
            let pages = results::pages(&folder.study, &summary, &pictures, tables, (&folder.manifest, &beside), unfinished);
            Ok::<_, results::RenderError>((pages, pictures, beside))
        })??;
        let page = pages.iter().find(|(name, _)| *name == "report.html").map_or("", |(_, page)| page);
        let csv = summary.to_csv();
        let stored = |name: &str| store::read(&folder.path.join(name)).ok();
        // Only a manifest vouches for a summary, which has no place for a mark.
        let csv_file = unfinished.is_none().then_some(("summary.csv", csv.as_bytes()));
        let texts = pages.iter().map(|(name, page)| (*name, page.as_bytes())).chain(csv_file);
        let mut differ: Vec<_> = texts.filter(|(name, text)| stored(name).as_deref() != Some(*text)).collect();
        // A clone may lack pictures, but the pictures it has must be current.
        let drawn = pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        differ.extend(drawn.filter(|(name, bytes)| stored(name).map_or(unfinished.is_some(), |stored| stored != *bytes)));
        let attachments = &beside.attachments;
        let manifest = (unfinished.is_none() && !attachments.are_listed(&folder.manifest))
            .then(|| attachments.listed_in(&folder.manifest, &pages).to_text());
        // Last: until then, the old manifest has the old digests.
        differ.extend(manifest.iter().map(|text| (tables::MANIFEST, text.as_bytes())));
        if self.check {
            let state = |name: &str| if name == tables::MANIFEST { UNLISTED } else { remedies::state(&folder.path, name) };
            let found: Vec<_> = differ.iter().map(|(name, _)| (*name, state(name))).collect();
            let exit = remedies::print_current(&folder.path, &found, "the report is current", common);
            if !common.json() && !common.quiet {
                tables.say_progress();
            }
            let holds = self.check_texts(folder, common)?;
            return Ok(if holds { exit } else { Exit::Difference });
        }
        if let Some(output) = &self.output {
            remedies::require_outside(output, &folder.path, "report belongs")?;
            let pages = pages.iter().map(|(name, page)| (*name, page.as_bytes()));
            let pictures = pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
            let files: Vec<_> = pages.chain(pictures).collect();
            write_to(output, &files)?;
            let copied = pictures::copy(&folder.path, output, beside.kept.as_ref(), page)?;
            if common.json() {
                let copied = copied.iter().map(String::as_str);
                print_written(&tables, output, files.iter().map(|(name, _)| *name).chain(copied));
            } else if !common.quiet {
                let figures = text::count(files.len() - 2, "figure file");
                text::say(format!("wrote {}, with {figures}", output.join("report.html").display()));
                tables.say_progress();
            }
        } else {
            if !differ.is_empty() && !tables.write(&differ, "report")? {
                // A sweep finished the study meanwhile.
                return self.run(common);
            }
            if common.json() {
                print_written(&tables, &folder.path, differ.iter().map(|(name, _)| *name));
            } else if !common.quiet {
                let state = if differ.is_empty() { "the report is current:" } else { "wrote" };
                text::say(format!("{state} {}", folder.path.join("report.html").display()));
                tables.say_progress();
            }
        }
        if let Some(copy) = &self.journal {
            store::write_out(copy, report::with_history(page, &history(folder)).as_bytes()).map_err(StoreError::of_named)?;
            if !common.quiet && !common.json() {
                text::say(format!("wrote a copy with the journal: {}", copy.display()));
            }
        }
        Ok(tables.exit)
    }
}

/// The state of a manifest that does not list the files that a new report shows.
const UNLISTED: &str = "does not list the files in verdicts/ and versions/ that the report shows";

/// The attachments that the report of a finished study shows: those in the folder, unless its manifest has the report
/// of another version, which this program cannot replace alone.
fn attachments(folder: &Folder) -> Attachments {
    let Folder { path, study, manifest } = folder;
    let here = Attachments::here(path, &|notice| text::warn(notice));
    if here.are_listed(manifest) || version::plain(&manifest.restudy) == VERSION {
        return here;
    }
    let sweep = remedies::sweep(path, study, None);
    text::warn(format!(
        "the report does not show the changes in verdicts/ and versions/: restudy {} made it, and this is {VERSION}; `{sweep} --render` makes all files again",
        version::plain(&manifest.restudy)
    ));
    Attachments::listed(path, manifest).0
}

/// Prints the written files as JSON.
fn print_written<'a>(tables: &Tables, folder: &Path, written: impl Iterator<Item = &'a str>) {
    let mut object = json!({ "folder": folder.to_string_lossy(), "written": written.collect::<Vec<_>>() });
    tables.add_progress(&mut object);
    text::say_json(object);
}

/// Writes files to another folder.
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
    /// Whether every citation of the texts matches, and every citation of the answer names a stored number.
    fn check_texts(&self, folder: &Folder, common: &Common) -> Result<bool, CliError> {
        // The canonical path ends in the name of the study, even if the folder is given as `.`.
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
            let checked = cited.check(&sheets);
            cited.print(&checked, common);
            holds &= checked.faults.is_empty();
        }
        Ok(holds)
    }
}

/// The journal entries about the runs of the manifest.
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
