//! Tests runs of the second stage.

use super::*;

#[test]
fn confirming_runs_have_the_identities_of_ordinary_runs() {
    let mut study = study();
    study.confirm = Some(sweep::Confirm { best: 2, seeds: 3, from: 700 });
    let plain = sweep::Study { confirm: None, seeds: (700..703).map(Seed).collect(), ..study.clone() };
    let plain = NetworkExperiment::new(&plain, Simd::best()).unwrap().tasks();
    let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    let without_data = NetworkExperiment::without_data(&study, Simd::best(), Kept::default()).unwrap();
    for trial in 0..4 {
        let expected: Vec<_> = plain.iter().filter(|task| task.trial == trial).copied().collect();
        assert_eq!((network.confirming(trial), without_data.confirming(trial)), (expected.clone(), expected));
    }
    assert_eq!((network.tasks().len(), study.run_count()), (20, 26));
    network.require_memory().unwrap();
}
