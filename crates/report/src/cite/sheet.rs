use crate::{sweep::Study, table::Split};

/// The summary of a study as `summary.csv` has it: what citations are filled in from.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    study: Study,
    columns: Vec<String>,
    /// One row a trial: the numbers behind the axes, in the order of the columns.
    rows: Vec<Vec<f64>>,
}

impl Sheet {
    /// Reads the summary of a study, [`Summary::to_csv`](crate::table::Summary::to_csv) or a file that was written so.
    ///
    /// # Errors
    /// The text is not a summary of this study.
    pub fn new(study: Study, csv: &str) -> Result<Self, String> {
        let fault = |what: String| format!("not a summary of {}: {what}", study.name);
        let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(csv.as_bytes());
        let header = table.headers().map_err(|error| fault(error.to_string()))?.clone();
        let first =
            header.iter().position(|name| name == "runs").ok_or_else(|| fault("no column is called runs".into()))?;
        let columns: Vec<String> = header.iter().skip(first).map(String::from).collect();
        let mut rows = Vec::new();
        for row in table.records() {
            let row = row.map_err(|error| fault(error.to_string()))?;
            let cells: Result<Vec<f64>, _> = row.iter().skip(first).map(str::parse).collect();
            rows.extend(cells.ok().filter(|cells| cells.len() == columns.len()));
        }
        if rows.len() != study.compared() {
            return Err(fault(format!("{} rows for {} trials", rows.len(), study.compared())));
        }
        Ok(Self { study, columns, rows })
    }

    pub(super) fn trial(&self, settings: &[&str]) -> Result<usize, String> {
        self.study.trial_named(settings.iter().copied()).map_err(|error| format!("{error}; {}", error.help))
    }

    /// Whether a word names a measurement that has no parts, or a number about success.
    pub(super) fn knows(&self, word: &str) -> bool {
        let own = self.study.declaration();
        let success = own.objective.success.iter();
        own.measurement(word).is_some_and(|own| !own.split)
            || success
                .flat_map(|own| ["share", "epoch-median"].map(|end| format!("{}-{end}", own.word)))
                .any(|own| own == word)
    }

    /// Refuses what no experiment of this kind measures, before it is asked which trial is meant.
    pub(super) fn require_measured(&self, columns: &[String]) -> Result<(), String> {
        let declared = &self.study.declaration().measurements;
        for column in columns {
            let measured = column.rsplit_once('_').map(|(front, _)| front).unwrap_or_default();
            for part in Split::SPLIT {
                let Some(metric) = measured.strip_prefix(&format!("{}_", part.name())) else { continue };
                if !declared.iter().any(|own| own.name == metric || part.column(&own.name) == *column) {
                    let all: Vec<_> = declared.iter().filter(|own| own.split).map(|own| own.name.as_str()).collect();
                    return Err(format!("there is no metric `{metric}`: write one of {}", all.join(", ")));
                }
            }
        }
        Ok(())
    }

    pub(super) fn value(&self, trial: usize, column: &str) -> Result<f64, String> {
        let place = self.columns.iter().position(|name| name == column);
        let place = place.ok_or_else(|| format!("{} has no column {column} in its summary", self.study.name))?;
        Ok(self.rows[trial / self.study.folds][place])
    }
}
