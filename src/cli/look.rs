use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{CliError, Common, again, owned, text};
use crate::{
    digest::Digest,
    metric::Metric,
    results::{Manifest, ManifestError, manifest::RunEntry, study_text},
    run::{Network, Task},
    store::{
        self,
        index::{Brief, Briefs},
    },
    sweep::{self, Study},
    table::{self, Summary},
    train::Kernel,
};

/// A results folder to look at, whether or not a sweep has finished there. Nothing in it is proven, and little of it is read.
pub(super) struct Look {
    pub(super) path: PathBuf,
    pub(super) study: Study,
    /// The specification, if that was named and not the folder: `study` is what it asks now.
    pub(super) specification: Option<PathBuf>,
    /// The manifest without its runs, if a sweep has finished.
    pub(super) manifest: Option<Manifest>,
}

/// The runs of a study that are in its folder.
pub(super) struct Found {
    /// Every run of the study, by trial, then seed in the order of the study.
    pub(super) tasks: Vec<Task>,
    /// What is there of each of them.
    briefs: Briefs,
    /// What `runs.parquet` says of them, where no run is there itself.
    stored: BTreeMap<Digest, Brief>,
    /// Whether that is another table than the manifest's.
    changed: bool,
}

impl Look {
    /// Looks at the folder `path`, or at that of the specification `path`.
    pub(super) fn at(path: &Path, common: &Common) -> Result<Self, CliError> {
        let help = "give the folder of one study, such as results/hidden, or its specification";
        if path.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            let study = sweep::load(path, &[])?;
            let specification = Some(path.into());
            let path = common.results.join(&study.name);
            let manifest = head(&path)?;
            owned::warn(&path);
            return Ok(Self { path, study, specification, manifest });
        }
        if path.is_file() {
            return Err(CliError::usage(format!("{} is a file, not a results folder", path.display()), help));
        }
        if !path.exists() {
            return Err(CliError::usage(format!("there is no folder {}", path.display()), help));
        }
        let manifest = head(path)?;
        owned::warn(path);
        let file = path.join("study.toml");
        // A sweep writes its specification first, and its manifest last.
        let name = match &manifest {
            Some(manifest) => manifest.study.clone(),
            None if file.exists() => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            None if path.join("segments").is_dir() => {
                return Err(CliError::usage(
                    format!("the study in {} is not finished: there is no report yet", path.display()),
                    owned::by(
                        path,
                        "name its specification instead of the folder, or go on with `restudy sweep` on it",
                    ),
                ));
            }
            None => return Err(ManifestError::Missing { folder: path.display().to_string() }.into()),
        };
        let study = sweep::parse(&name, &file, &sweep::read_kept(&file)?, &[])?;
        Ok(Self { path: path.into(), study, specification: None, manifest })
    }

    /// The specification that is kept in the folder, if it can be read.
    pub(super) fn kept(&self) -> Option<Study> {
        let file = self.path.join("study.toml");
        sweep::parse(&self.study.name, &file, &sweep::read_kept(&file).ok()?, &[]).ok()
    }

    /// Looks for the runs of the study.
    pub(super) fn find(&self) -> Result<Found, CliError> {
        let (tasks, briefs) = rayon::join(
            || Network::new(&self.study, Kernel::best()).map(|network| owned::tasks(&self.path, &network)),
            || Briefs::load(&self.path),
        );
        let (tasks, briefs) = (tasks?, briefs?);
        let table = if briefs.is_empty() { self.stored() } else { None };
        let (stored, changed) = table.unwrap_or_default();
        Ok(Found { tasks, briefs, stored, changed })
    }

    /// The runs as `runs.parquet` has them, and whether it is another table than the manifest's; none without it, or if it is of another study.
    fn stored(&self) -> Option<(BTreeMap<Digest, Brief>, bool)> {
        let table = table::read(&store::read(&self.path.join("runs.parquet")).ok()?).ok()?;
        let (trials, epochs) = (table::wholes(&table, "trial")?, table::wholes(&table, "epoch")?);
        let (ids, digests) = (table::texts(&table, "run")?, table::texts(&table, "digest")?);
        let (outcomes, zeros) = (table::texts(&table, "outcome")?, table::floats(&table, "zero_epoch")?);
        let names = table::recorded_metrics(&self.study)
            .into_iter()
            .flat_map(|metric| ["train", "validation"].map(|part| format!("{part}_{}", metric.name())));
        let columns: BTreeMap<String, Vec<f64>> =
            names.filter_map(|name| table::floats(&table, &name).map(|column| (name, column))).collect();
        let brief = |row: usize| {
            let recorded = &self.study.trials.get(trials[row] as usize)?.setting.evaluate.metrics;
            let finals = ["train", "validation"].map(|part| {
                let column = |metric: &Metric| columns.get(&format!("{part}_{}", metric.name()));
                recorded.iter().map(|metric| column(metric).map_or(f64::NAN, |column| column[row])).collect()
            });
            let id: Digest = ids[row].parse().ok()?;
            let brief = Brief {
                id,
                digest: digests[row].parse().ok()?,
                outcome: table::outcome(outcomes[row], epochs[row]),
                epoch: epochs[row],
                zero_epoch: (!zeros[row].is_nan()).then_some(zeros[row] as u64),
                finals,
            };
            Some((id, brief))
        };
        let known = self.manifest.as_ref().and_then(|manifest| manifest.tables.get("runs"));
        let changed = known.is_none_or(|entry| entry.digest != table::logical_digest(&table));
        Some(((0..table.height()).map(brief).collect::<Option<_>>()?, changed))
    }

    /// The summary as `summary.csv` has it, which is the only table that goes into every repository; and whether it is the one
    /// of the manifest.
    pub(super) fn summary(&self) -> Option<(Summary, bool)> {
        let bytes = store::read(&self.path.join("summary.csv")).ok()?;
        let known = self.manifest.as_ref()?.files.get("summary.csv");
        let summary = table::summary_of_csv(&self.study, std::str::from_utf8(&bytes).ok()?)?;
        Some((summary, known == Some(&Digest::of(&bytes))))
    }

    /// The command that computes what is missing.
    pub(super) fn sweep(&self) -> String {
        let above =
            self.path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent });
        let results = above.filter(|parent| *parent != Path::new("results"));
        let results = results
            .map_or_else(String::new, |parent| format!(" --results {}", text::quoted(&parent.display().to_string())));
        let specification = self.specification.clone().unwrap_or_else(|| again::specification(&self.study, &self.path));
        format!("restudy sweep {}{results}", text::quoted(&specification.display().to_string()))
    }
}

impl Look {
    /// How many of the manifest's runs the segments hold, with these digests; nothing where there are no segments, as in a clone. Tells of those that
    /// cannot be read.
    pub(super) fn held(&self) -> Result<Option<usize>, CliError> {
        if !store::has_segments(&self.path) {
            return Ok(None);
        }
        let (briefs, manifest) = rayon::join(|| Briefs::load(&self.path), || Manifest::read(&self.path));
        let briefs = match briefs {
            Ok(briefs) => briefs,
            Err(error) => {
                text::warn(format!("the stored runs cannot be read, and no sweep goes on here: {error}"));
                return Ok(None);
            }
        };
        let manifest = manifest?;
        warn(&briefs);
        let same = |run: &&RunEntry| briefs.get(&run.id).is_some_and(|brief| brief.digest == run.digest);
        Ok(Some(manifest.runs.iter().filter(same).count()))
    }

    /// What was changed since the results of the manifest were made, so that they are no answer to what is asked now; nothing if they are, or if there are none.
    pub(super) fn changed(&self, found: &Found) -> Result<Option<&'static str>, CliError> {
        // Which runs an experiment of somebody's own has, only he knows.
        let Some(manifest) = self.manifest.as_ref().filter(|manifest| manifest.experiment.is_none()) else {
            return Ok(None);
        };
        let claimed: BTreeSet<_> = Manifest::read(&self.path)?.runs.iter().map(|run| run.id).collect();
        // Question, answer and figures may be others.
        if found.tasks.iter().all(|task| claimed.contains(&task.id)) {
            return Ok(None);
        }
        let same = study_text(&self.study, &self.path).1 == manifest.specification;
        Ok(Some(if same { "its data was changed" } else { "its specification was changed" }))
    }
}

fn head(folder: &Path) -> Result<Option<Manifest>, CliError> {
    match Manifest::read_head(folder) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(ManifestError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Tells of segments that could not be read.
fn warn(briefs: &Briefs) {
    for damage in &briefs.damage {
        text::warn(format!("{}: {}", damage.file.display(), damage.reason));
    }
}

impl Found {
    fn get(&self, id: &Digest) -> Option<&Brief> {
        self.briefs.get(id).or_else(|| self.stored.get(id))
    }

    /// Whether a run is there itself, and not only in a table.
    pub(super) fn is_stored(&self, task: &Task) -> bool {
        self.briefs.get(&task.id).is_some()
    }

    /// Whether the runs are known from a table alone.
    pub(super) fn is_of_table(&self) -> bool {
        !self.stored.is_empty()
    }

    /// The runs that are there, by trial, then seed.
    pub(super) fn runs(&self) -> Vec<(&Task, &Brief)> {
        let found = self.tasks.iter().filter_map(|task| Some((task, self.get(&task.id)?)));
        let mut runs: Vec<_> = found.collect();
        runs.sort_by_key(|(task, _)| (task.trial, task.seed));
        runs
    }

    /// How many runs of each trial are missing, by trial; trials that are complete are left out.
    pub(super) fn missing(&self) -> Vec<(usize, usize)> {
        let mut missing: Vec<(usize, usize)> = Vec::new();
        for task in self.tasks.iter().filter(|task| self.get(&task.id).is_none()) {
            match missing.last_mut() {
                Some((trial, runs)) if *trial == task.trial => *runs += 1,
                _ => missing.push((task.trial, 1)),
            }
        }
        missing
    }

    /// Tells of segments that could not be read, and of runs that are known from a table alone.
    pub(super) fn warn(&self) {
        if self.is_of_table() {
            text::warn("known from runs.parquet, for the runs themselves are not here: segments/ is missing");
        }
        if self.changed {
            text::warn("runs.parquet is not the table that the manifest names: it was changed");
        }
        warn(&self.briefs);
    }
}
