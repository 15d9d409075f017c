//! Stable codes of the errors of commands, for programs that read `--json` and for those who look one up. Mistakes in
//! specifications and in data files have codes of their own, which the engine gives.

use std::fmt;

use super::Exit;

/// Declares the codes with their texts, exit codes and meanings, which are those of `docs/errors.md`.
macro_rules! codes {
    ($($name:ident = $text:literal, $exit:ident: $meaning:literal,)+) => {
        /// What kind of error ends a command. The texts are stable: `folder.missing`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $name,)+
        }

        impl Code {
            /// All codes, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The text of the code.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The exit code of a command that fails with it.
            #[must_use]
            pub fn exit(self) -> Exit {
                match self { $(Self::$name => Exit::$exit,)+ }
            }

            /// What is wrong, in a sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)+ }
            }
        }
    };
}

codes! {
    Usage = "usage", Usage: "The command does not take these arguments.",
    FolderMissing = "folder.missing", Usage: "There is no folder with this path.",
    FolderNotResults = "folder.not-results", Usage: "The path is that of a file, not of a results folder.",
    FolderUnfinished = "folder.unfinished", Usage: "The command needs a finished study, and the folder has runs without a manifest.",
    FolderNoSegments = "folder.no-segments", Usage: "The folder has no stored runs, which the command needs.",
    FolderSpecification = "folder.specification", Usage: "`study.toml` is not the specification that the manifest names.",
    FolderDeclaration = "folder.declaration", Difference: "The declaration of the experiment is not the file that the manifest lists.",
    FolderUnbound = "folder.unbound", Usage: "The folder has results of a finished study without their manifest, which those of an unfinished one would replace.",
    FolderReadOnly = "folder.read-only", System: "The results folder may not be written to.",
    OutputInside = "output.inside-results", Usage: "An output file or folder is inside a results folder.",
    ManifestMissing = "manifest.missing", Usage: "The folder has no manifest.",
    ManifestMalformed = "manifest.malformed", Difference: "The manifest cannot be read: it was cut off or edited.",
    ManifestVersion = "manifest.version", Usage: "The manifest has another format, contract or version than this program reads.",
    ManifestRoot = "manifest.root", Usage: "The root in the manifest is not that of the runs it lists.",
    ManifestOtherRun = "manifest.other-run", Usage: "The manifest contradicts the run that is to be proven.",
    ManifestOtherResults = "manifest.other-results", Difference: "The manifest in the folder lists other results of runs than those that are stored or computed.",
    TableMissing = "table.missing", Usage: "A table of the results folder is missing.",
    TableUnreadable = "table.unreadable", Usage: "A table of the results folder cannot be read.",
    TableChanged = "table.changed", Usage: "A table is not the one that the manifest lists.",
    TableOtherRuns = "table.other-runs", Difference: "The table of runs does not contain the runs that the manifest lists.",
    TableOtherStudy = "table.other-study", Usage: "The table of runs is not that of the study.",
    StoreIo = "store.io", System: "A file or folder cannot be read or written.",
    StorePath = "store.path", Usage: "A file is where a folder must be, or a folder where a file must be.",
    StoreLink = "store.link", Usage: "A link is where results have a folder or a file of their own.",
    StoreBusy = "store.busy", System: "Another restudy works in the folder and has locked it.",
    StoreNewer = "store.newer", Usage: "A stored file has a newer format than this program reads.",
    StoreDisagreement = "store.disagreement", Difference: "Two stored results of one run differ.",
    StoreUnfit = "store.unfit", Difference: "A stored result does not match the settings of its run.",
    OwnerOther = "owner.other", Usage: "The folder belongs to another experiment.",
    OwnerContradiction = "owner.contradiction", Usage: "The owner of the folder is not the one that its manifest names.",
    OwnerMalformed = "owner.malformed", Usage: "The file that names the owner of the folder cannot be read.",
    OwnerTitle = "owner.title", Usage: "An experiment cannot have this name.",
    OwnerForeign = "owner.foreign", Usage: "The folder has runs of a notebook, and none of the study.",
    ExperimentUnknown = "experiment.unknown", Usage: "This program does not have the experiment.",
    ExperimentDeclaration = "experiment.declaration", Usage: "The declaration of an experiment contradicts itself.",
    ExperimentOfNotebook = "experiment.of-notebook", Usage: "The runs are those of an experiment of a notebook, which no program can compute again.",
    StudyTooLarge = "study.too-large", Usage: "The study would record more than fits in the memory.",
    SettingSyntax = "setting.syntax", Usage: "A word is not a setting and its value.",
    SettingUnknown = "setting.unknown", Usage: "The study has no setting of this name.",
    SettingSeveral = "setting.several", Usage: "Several settings have a path with this end.",
    TrialUnknown = "trial.unknown", Usage: "No trial has these settings.",
    TrialSeveral = "trial.several", Usage: "Several trials have these settings.",
    TrialFold = "trial.fold", Usage: "A fold is named where a trial with all its folds is needed.",
    TrialNotTwo = "trial.not-two", Usage: "The arguments do not name two trials.",
    RunUnknown = "run.unknown", Usage: "No run has this identity or these settings.",
    RunSeveral = "run.several", Usage: "Several runs have this identity or these settings.",
    RunManyStudies = "run.several-studies", Usage: "Several studies have a run with this identity or these settings.",
    RunTooShort = "run.too-short", Usage: "The beginning of an identity has too few digits.",
    RunNotStored = "run.not-stored", Usage: "No run of the study or the trial is stored.",
    RunRemoved = "run.removed", Usage: "The run was removed from the folder.",
    RunDamaged = "run.damaged", Difference: "Runs are stored, and none of them is intact.",
    MetricUnknown = "metric.unknown", Usage: "There is no metric of this name.",
    MetricNotRecorded = "metric.not-recorded", Usage: "The study does not record the metric.",
    MetricNoSplit = "metric.no-split", Usage: "The metric is not measured on splits of the data.",
    SplitUnknown = "split.unknown", Usage: "There is no split of this name.",
    FieldUnknown = "field.unknown", Usage: "Runs have no field of this name.",
    ConditionSyntax = "condition.syntax", Usage: "A condition is not a field, a comparison and a value.",
    ConditionOrder = "condition.order", Usage: "A condition compares text by size.",
    ConditionValue = "condition.value", Usage: "The field never has the value of the condition.",
    ConditionNumber = "condition.number", Usage: "The field is a number, and the value of the condition is not.",
    SortUnfit = "sort.unfit", Usage: "Trials have no single value of the field by which they are to be sorted.",
    FigureUndrawable = "figure.undrawable", Usage: "A figure cannot be drawn.",
    FigureNoDrawer = "figure.no-drawer", Usage: "The program draws no figures.",
    DataUnused = "data.unused", Usage: "`--data` is given for a study that reads no data file.",
    DataOtherFile = "data.other-file", Usage: "No file of `--data` is the data of the stored runs.",
    DataMissingFile = "data.missing-file", Usage: "A data file of stored runs is needed and is not there.",
    DataChanged = "data.changed", Usage: "A data file has changed since the run was trained on it.",
    NewDataSet = "new.unknown-data", Usage: "There is no data set of this name.",
    NewCommand = "new.command", Usage: "`--command` names no program, or a quote in it is not closed.",
    NewExists = "new.exists", Usage: "The file to write exists already.",
    ProofUnreadable = "proof.unreadable", Usage: "The file of a proof cannot be opened or read.",
    ProofMalformed = "proof.malformed", Usage: "The file is not the proof of a run.",
    ProofVersion = "proof.version", Usage: "The proof has a version that this program does not check.",
    ProofNeedsData = "proof.needs-data", Usage: "A data file that the proof names by its digest is not among those of `--data`.",
    ProofNoDigest = "proof.no-digest", Usage: "The manifest does not list the digest of a data file, which a proof needs.",
    RootMalformed = "root.malformed", Usage: "The text is not a root.",
    MergeItself = "merge.itself", Usage: "A folder is to be merged into itself.",
    MergeNoStudy = "merge.no-study", Usage: "No folder has a `study.toml`.",
    MergeOtherData = "merge.other-data", Usage: "The runs of two folders were trained on different data.",
    MergeOtherStudy = "merge.other-study", Usage: "A folder that is to be merged is not of the study.",
    BisectNothing = "bisect.no-common-run", Usage: "The two folders have no run in common.",
    ShowNoLog = "show.no-log", Usage: "The run has no stored output: it is not that of a program, or printed nothing.",
    ShowUnreadableLog = "show.unreadable-log", System: "The stored output of a run cannot be read.",
    AdoptExperiment = "adopt.experiment", Usage: "`--adopt` is given for an experiment whose results follow from its settings.",
    AdoptNothing = "adopt.nothing", Usage: "`--adopt` is given, and no earlier run corresponds to one of the study.",
    AdoptDifferent = "adopt.different", Difference: "A run that was to be adopted has other results when it is computed again.",
    GcBusy = "gc.busy", Usage: "A sweep works in the folder whose files are to be removed.",
    GcUnsettled = "gc.unsettled", Usage: "The folder has runs that no finished sweep has seen, or damage: a sweep must end before runs are removed.",
    GcFailed = "gc.failed", System: "A kept file cannot be read or removed.",
    VerifyNothingToVary = "verify.nothing-to-vary", Usage: "The experiment has no conditions that `--vary` could vary: it is not a program.",
    BadgeNoPromise = "badge.no-promise", Usage: "The experiment does not promise equal bits, so no badge can state them.",
    BadgeNoFolder = "badge.no-folder", Usage: "The folder of the badge does not exist.",
    BadgeOtherFile = "badge.other-file", Usage: "The file is not a badge of restudy.",
    BadgeReadOnly = "badge.read-only", System: "The file of the badge may not be written to.",
    NoteNoFolder = "note.no-folder", Usage: "The folder of the verdict to write does not exist.",
    NoteEnding = "note.ending", Usage: "A file in `verdicts/` of a results folder must end in `.json`.",
    NoteOtherFile = "note.other-file", Usage: "The file exists, and is not a verdict of this machine on these results.",
    NoteOtherRuns = "note.other-runs", Usage: "A verdict is asked for on runs that are not those of the results.",
    CiteNotUtf8 = "cite.not-utf8", Usage: "The text with the citations is not UTF-8.",
    NotebookMissing = "notebook.missing", Usage: "There is no notebook with this path.",
    NotebookTooLarge = "notebook.too-large", Usage: "The notebook is larger than 512 MB.",
    NotebookMalformed = "notebook.malformed", Usage: "The file is not a notebook.",
    NotebookFormat = "notebook.format", Usage: "The notebook has another format than 4.",
    NotebookLanguage = "notebook.language", Usage: "A cell is in another language than its notebook.",
    NotebookParameters = "notebook.parameters", Usage: "The notebook does not take the parameters of `--set`.",
    NotebookOutput = "notebook.output", Usage: "`--output` is given with several notebooks.",
    NotebookNoKernel = "notebook.no-kernel", Usage: "A kernel, or what it needs, is not installed.",
    NotebookNoHome = "notebook.no-home", Usage: "The user has no folder in which a kernel could be installed.",
    NotebookNoSources = "notebook.no-sources", Usage: "The sources from which the library for notebooks is built are not there.",
    NotebookNoJupyter = "notebook.no-jupyter", Usage: "JupyterLab is not installed.",
    NotebookJupyter = "notebook.jupyter", System: "JupyterLab cannot be run, or ended with an error.",
    NotebookBuild = "notebook.build", System: "Cargo cannot be run, or did not build what a notebook needs.",
    NotebookDriver = "notebook.driver", System: "The driver of the kernel failed.",
    NotebookCell = "notebook.cell", Failed: "A cell of a notebook failed.",
    MachineThreads = "machine.threads", System: "The system refuses another thread.",
    MachineSignals = "machine.signals", System: "The program cannot listen for signals.",
    MachineOutput = "machine.output", System: "The standard output cannot be written to.",
    Bug = "bug", System: "The program has a bug.",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    use super::*;

    /// The sources of the command line without this file.
    fn sources() -> String {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli");
        let (mut text, mut folders) = (String::new(), vec![top.clone()]);
        while let Some(folder) = folders.pop() {
            let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
            paths.sort();
            for path in paths {
                match path.is_dir() {
                    true => folders.push(path),
                    false if path == top.join("codes.rs") => {}
                    false => text += &fs::read_to_string(path).unwrap(),
                }
            }
        }
        text
    }

    fn name_at(text: &str) -> &str {
        &text[..text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len())]
    }

    #[test]
    fn every_code_is_used() {
        let sources = sources();
        let used: BTreeSet<&str> = sources.split("Code::").skip(1).map(name_at).collect();
        let unused: Vec<_> = Code::ALL.iter().filter(|code| !used.contains(&*format!("{code:?}"))).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn codes_differ() {
        let texts: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
    }

    #[test]
    fn constructors_have_the_exit_codes_of_their_codes() {
        let sources = sources();
        let mut checked = 0;
        for (constructor, exit) in [
            ("usage", Exit::Usage),
            ("difference", Exit::Difference),
            ("machine", Exit::System),
            ("system", Exit::System),
            ("failed", Exit::Failed),
        ] {
            for call in sources.split(&format!("CliError::{constructor}(")).skip(1) {
                // A code that is an argument itself is checked where it is used.
                let Some(name) = call.trim_start().strip_prefix("Code::").map(name_at) else { continue };
                let code = Code::ALL.iter().find(|code| format!("{code:?}") == name).unwrap();
                assert_eq!(code.exit(), exit, "CliError::{constructor}(Code::{name}, ...)");
                checked += 1;
            }
        }
        assert!(checked > 0, "the sources have calls");
    }
}
