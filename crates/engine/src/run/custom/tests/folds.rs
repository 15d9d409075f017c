//! Tests of custom experiments with cross-validation.

use super::*;
use crate::table::{RunRow, summary};

#[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct FoldSettings {
    #[serde(default = "five")]
    size: u64,
    #[serde(default)]
    folds: Option<u64>,
    #[serde(default)]
    fold: Option<u64>,
}

/// An experiment whose result is its fold times its size; the field is the path of `count`.
struct Divided(&'static str);

impl Experiment for Divided {
    type Settings = FoldSettings;

    fn declare(&self) -> Declared {
        Declared::new("divided", 1).measuring([Measurement::new("place", Direction::Lower)]).on_folds(self.0, "fold")
    }

    fn run(&self, settings: &FoldSettings, seed: Seed, log: &mut Log<'_>) -> Result<(), End> {
        let fold = settings.fold.unwrap_or(0) * settings.size;
        log.measure(1, [("place", fold as f64 + seed.0 as f64)])
    }
}

#[test]
fn a_trial_is_compared_by_its_means_over_the_folds() {
    register(Divided("folds")).unwrap();
    let read = |settings: &str, sweep: &str| {
        let text = format!(
            "[study]\nquestion = \"q\"\n[experiment]\nname = \"divided\"\n[settings]\n{settings}\n[sweep]\n{sweep}seeds = 2\n"
        );
        sweep::parse("parts", Path::new("parts.toml"), &text, &[]).unwrap_or_else(|error| panic!("{error:?}"))
    };
    let study = read("folds = 4", "\"settings.size\" = [1, 2]\n");
    assert_eq!((study.trials.len(), study.compared(), study.folds), (8, 2, 4));
    let records = records(&study);
    let tasks = crate::run::prepare(&study, &PrepareOptions::default()).unwrap().tasks();
    let rows: Vec<_> = tasks
        .iter()
        .zip(&records)
        .map(|(task, record)| RunRow { trial: task.trial, seed: task.seed, record })
        .collect();
    let found = summary(&study, &rows);
    let means: Vec<_> = found.trials.iter().map(|trial| (trial.trial, trial.runs, trial.finals[0].mean)).collect();
    assert_eq!(means, [(0, 2, 2.0), (4, 2, 3.5)]);
    assert_eq!(read("folds = 4\nfold = 1", "").trials.len(), 1);
    assert_eq!(read("", "").folds, 1);
}

#[test]
fn folds_must_be_settings_without_defaults() {
    let Contradiction { reason, .. } = register(Divided("parts")).unwrap_err();
    assert!(reason.contains("it is not a setting"), "{reason}");
    let Contradiction { reason, .. } = register(Divided("size")).unwrap_err();
    assert!(reason.contains("`settings.size` is declared for cross-validation and has a default"), "{reason}");
}
