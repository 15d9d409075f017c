use crate::{sweep::Study, table::Split};

/// The summary of a study in `summary.csv`, the source of citations.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    study: Study,
    columns: Vec<String>,
    /// One row for each trial: the numbers after the axes, in the order of the columns.
    rows: Vec<Vec<f64>>,
}

impl Sheet {
    /// Reads the summary of a study from the text of [`Summary::to_csv`](crate::table::Summary::to_csv).
    ///
    /// # Errors
    /// If the text is not a summary of this study.
    pub fn new(study: Study, csv: &str) -> Result<Self, String> {
        let error = |what: String| format!("not a summary of {}: {what}", study.name);
        let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(csv.as_bytes());
        let header = table.headers().map_err(|source| error(source.to_string()))?.clone();
        let first =
            header.iter().position(|name| name == "runs").ok_or_else(|| error("it has no column runs".into()))?;
        let columns: Vec<String> = header.iter().skip(first).map(String::from).collect();
        let mut rows = Vec::new();
        for row in table.records() {
            let row = row.map_err(|source| error(source.to_string()))?;
            let cells: Result<Vec<f64>, _> = row.iter().skip(first).map(str::parse).collect();
            rows.extend(cells.ok().filter(|cells| cells.len() == columns.len()));
        }
        if rows.len() != study.compared() {
            return Err(error(format!("{} rows for {} trials", rows.len(), study.compared())));
        }
        Ok(Self { study, columns, rows })
    }

    pub(super) fn trial(&self, settings: &[&str]) -> Result<usize, String> {
        self.study.trial_named(settings.iter().copied()).map_err(|error| format!("{error}; {}", error.help))
    }

    /// Whether a word is a measurement without splits, or a number about success.
    pub(super) fn has_measurement(&self, word: &str) -> bool {
        let declared = self.study.declaration();
        let success = declared.objective.success.iter();
        declared.measurement(word).is_some_and(|measurement| !measurement.split)
            || success
                .flat_map(|success| ["share", "epoch-median"].map(|end| format!("{}-{end}", success.word)))
                .any(|name| name == word)
    }

    /// Refuses metrics that the experiment does not measure, before the trial is looked up.
    pub(super) fn require_measured(&self, columns: &[String]) -> Result<(), String> {
        let declared = &self.study.declaration().measurements;
        for column in columns {
            let measured = column.rsplit_once('_').map(|(front, _)| front).unwrap_or_default();
            for split in Split::SPLIT {
                let Some(metric) = measured.strip_prefix(&format!("{}_", split.name())) else { continue };
                if !declared.iter().any(|other| other.name == metric || split.column(&other.name) == *column) {
                    let all: Vec<_> =
                        declared.iter().filter(|other| other.split).map(|other| other.name.as_str()).collect();
                    return Err(format!("there is no metric `{metric}`: write one of {}", all.join(", ")));
                }
            }
        }
        Ok(())
    }

    pub(super) fn value(&self, trial: usize, column: &str) -> Result<f64, String> {
        let place = self.columns.iter().position(|name| name == column);
        let place = place.ok_or_else(|| format!("the summary of {} has no column {column}", self.study.name))?;
        Ok(self.rows[trial / self.study.folds][place])
    }
}
