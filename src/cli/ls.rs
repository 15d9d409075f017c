use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::json;

use super::{CliError, Command, Common, Exit, text};
use crate::{
    digest::{CONTRACT, Digest},
    results::study_text,
    store::{self, FORMAT, StoreError, journal},
    sweep,
};

/// List the studies of a results folder: what they ask, how far they are, and the root of each.
///
/// States: `complete`; `cut off` (a sweep goes on with it); `edited` (study.toml is not what its results were made from); `newer format` or `other contract` (another
/// restudy wrote it); `damaged` (the manifest cannot be read, or the study neither). Nothing is verified.
#[derive(Debug, Args)]
pub(super) struct Ls {
    /// The folder that holds the results of studies; that of --results without it.
    folder: Option<PathBuf>,
}

/// One study.
struct Entry {
    name: String,
    question: Option<String>,
    done: Option<usize>,
    asked: Option<usize>,
    root: Option<Digest>,
    state: &'static str,
    computed: Option<u64>,
}

impl Command for Ls {
    fn run(self, common: &Common) -> Result<Exit, CliError> {
        let folder = self.folder.as_ref().unwrap_or(&common.results);
        let listed = fs::read_dir(folder).map_err(|error| StoreError::io("list", folder, error))?;
        let mut paths: Vec<_> = listed.flatten().map(|entry| entry.path()).filter(|path| is_study(path)).collect();
        paths.sort();
        let entries: Vec<_> = paths.iter().map(|path| Entry::of(path)).collect();
        if common.json() {
            for (path, entry) in paths.iter().zip(&entries) {
                text::say(json!({
                    "study": entry.name, "folder": path, "question": entry.question, "done": entry.done, "asked": entry.asked,
                    "root": entry.root, "state": entry.state, "computed": entry.computed,
                }));
            }
            return Ok(Exit::Done);
        }
        if entries.is_empty() {
            text::say(format!("no study in {}", folder.display()));
            return Ok(Exit::Done);
        }
        let header = ["study", "runs", "of", "state", "root", "computed", "question"].map(String::from);
        let number = |n: Option<usize>| n.map_or("–".into(), |n| text::thousands(n as u64));
        let row = |entry: &Entry| {
            vec![
                entry.name.clone(),
                number(entry.done),
                number(entry.asked),
                entry.state.into(),
                entry.root.map_or("–".into(), |root| root.short()),
                entry.computed.map_or("–".into(), date),
                entry.question.clone().unwrap_or_else(|| "–".into()),
            ]
        };
        text::table(&header, &entries.iter().map(row).collect::<Vec<_>>());
        Ok(Exit::Done)
    }
}

fn is_study(path: &Path) -> bool {
    ["manifest.json", "study.toml", "segments"].iter().any(|name| path.join(name).exists())
}

/// What is read of a manifest; its runs are only counted.
#[derive(Deserialize)]
struct Head {
    specification: Digest,
    root: Digest,
    runs: Count,
}

#[derive(Deserialize)]
struct Versions {
    format: u32,
    contract: u64,
}

struct Count(usize);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counter;
        impl<'de> Visitor<'de> for Counter {
            type Value = Count;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Count, A::Error> {
                let mut count = 0;
                while items.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                Ok(Count(count))
            }
        }
        deserializer.deserialize_seq(Counter)
    }
}

impl Entry {
    fn of(path: &Path) -> Self {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let file = path.join("study.toml");
        let study = sweep::read_kept(&file).and_then(|text| sweep::parse(&name, &file, &text, &[])).ok();
        let manifest = store::read(&path.join("manifest.json"));
        let mut entry = Self {
            name,
            question: study.as_ref().map(|study| study.spec.study.question.clone()),
            done: None,
            asked: study.as_ref().map(sweep::Study::run_count),
            root: None,
            state: "damaged",
            computed: journal::read(path).last().map(|entry| entry.started),
        };
        let Ok(bytes) = manifest else {
            // Written last: where it is missing, a sweep did not come to its end.
            entry.state = if path.join("manifest.json").exists() { "damaged" } else { "cut off" };
            entry.done = store::load(path).ok().map(|(records, _)| records.len());
            return entry;
        };
        match serde_json::from_slice::<Versions>(&bytes) {
            Ok(versions) if versions.format > FORMAT => entry.state = "newer format",
            Ok(versions) if versions.contract != CONTRACT => entry.state = "other contract",
            _ => {
                if let (Ok(head), Some(study)) = (serde_json::from_slice::<Head>(&bytes), study) {
                    entry.root = Some(head.root);
                    entry.done = Some(head.runs.0);
                    entry.state = match () {
                        () if study_text(&study, path).1 != head.specification => "edited",
                        () if Some(head.runs.0) != entry.asked => "cut off",
                        () => "complete",
                    };
                }
            }
        }
        entry
    }
}

/// A day and a minute of the universal time, from seconds since 1970: `2026-11-24 19:15`.
///
/// Source: Hinnant, "chrono-compatible low-level date algorithms" (2013): days since 1 March of year 0, in eras of 400 years.
fn date(seconds: u64) -> String {
    let (days, rest) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}", rest / 3600, rest % 3600 / 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(date(0), "1970-01-01 00:00");
        assert_eq!(date(951_782_399), "2000-02-28 23:59");
        assert_eq!(date(951_782_400), "2000-02-29 00:00");
        assert_eq!(date(951_868_800), "2000-03-01 00:00");
        assert_eq!(date(4_107_542_400), "2100-03-01 00:00");
        assert_eq!(date(1_795_547_700), "2026-11-24 19:15");
    }
}
