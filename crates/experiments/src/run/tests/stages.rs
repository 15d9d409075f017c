//! Runs of the second stage.

use super::*;

#[test]
fn runs_that_confirm_are_runs_like_any_other() {
    let mut study = study();
    study.confirm = Some(sweep::Confirm { best: 2, seeds: 3, from: 700 });
    let plain = sweep::Study { confirm: None, seeds: (700..703).map(Seed).collect(), ..study.clone() };
    let plain = NetworkExperiment::new(&plain, Simd::best()).unwrap().tasks();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let told = NetworkExperiment::without_data(&study, Simd::best(), Kept::default()).unwrap();
    for trial in 0..4 {
        let expected: Vec<_> = plain.iter().filter(|task| task.trial == trial).copied().collect();
        assert_eq!((network.confirming(trial), told.confirming(trial)), (expected.clone(), expected));
    }
    assert_eq!((network.tasks().len(), study.run_count()), (20, 26));
    network.require_memory().unwrap();
}
