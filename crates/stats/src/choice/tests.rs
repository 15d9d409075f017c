use super::*;
use crate::seed::{Draws, Stream};

fn trial(values: &[f64]) -> BTreeMap<Seed, f64> {
    (0..).map(Seed).zip(values.iter().copied()).collect()
}

fn choose_from(trials: &[Vec<f64>]) -> Choice {
    let trials: Vec<_> = trials.iter().map(|values| trial(values)).collect();
    choose(&trials, Direction::Lower, None).unwrap()
}

#[test]
fn a_trial_that_always_wins_is_the_best_with_enough_seeds() {
    let far = |n: usize| choose_from(&[vec![1.0; n], (0..n).map(|i| i as f64 / 100.0).collect()]);
    assert_eq!(far(5).finding(), Finding::TooFewSeeds { needed: 6 });
    assert_eq!((far(6).finding(), far(6).best()), (Finding::Best, Some(1)));
    assert_eq!([1, 2, 5, 31].map(seeds_needed), [6, 7, 8, 11]);
    // Six seeds can name the better of two trials, but not the best of three.
    let three = |n: usize| choose_from(&[vec![1.0; n], vec![0.0; n], vec![2.0; n]]);
    assert_eq!(three(6).finding(), Finding::TooFewSeeds { needed: 7 });
    assert_eq!(three(7).best(), Some(1));
}

#[test]
fn equal_trials_count_as_one() {
    let n = 10;
    let set = choose_from(&[vec![1.0; n], vec![0.0; n], vec![0.0; n]]);
    assert_eq!((set.finding(), set.equals.as_slice(), set.worse.as_slice()), (Finding::Set, &[1, 2][..], &[0][..]));
    assert_eq!(choose_from(&[vec![0.5; n], vec![0.5; n]]).finding(), Finding::Equal);
    assert_eq!(choose_from(&[vec![0.5; n], vec![]]).finding(), Finding::Single);
    assert_eq!(choose(&[], Direction::Lower, None), None);
    assert_eq!(choose(&[trial(&[])], Direction::Lower, None), None);
}

#[test]
fn a_better_mean_that_loses_most_seeds_is_not_the_best() {
    // Slightly better under 27 seeds, far worse under three.
    let often = (0..30).map(|i| if i < 3 { 1.0 } else { 0.09 }).collect();
    let steady = (0..30).map(|_| 0.1).collect();
    let choice = choose_from(&[often, steady]);
    assert_eq!((choice.leader, choice.finding()), (1, Finding::Unsure));
}

#[test]
fn trials_with_few_seeds_do_not_decide_for_the_others() {
    let spread = |n: u64, mean: f64| (0..n).map(|i| (Seed(i), mean + i as f64 / 1000.0)).collect::<BTreeMap<_, _>>();
    let of = |second: BTreeMap<Seed, f64>| {
        choose(&[spread(30, 0.1), second, spread(30, 0.5), spread(6, 0.5)], Direction::Lower, None).unwrap()
    };
    let all = of(spread(30, 0.5));
    assert_eq!((all.finding(), all.leader_seeds, all.seeds), (Finding::Best, 30, [6, 30]));
    let noisy = (0..30).map(|i| (Seed(i), if i % 2 == 0 { 0.04 } else { 0.2 })).collect();
    let unsure = of(noisy);
    assert_eq!(
        (unsure.finding(), unsure.unsure),
        (Finding::Unsure, vec![1, 3]),
        "the trial with few seeds is not the reason"
    );
    let failed = choose(&[spread(9, 0.1), spread(9, 0.5), BTreeMap::new()], Direction::Lower, None).unwrap();
    assert_eq!((failed.finding(), failed.of, failed.without), (Finding::Best, 2, 1));
}

#[test]
fn infinite_values_are_the_worst_of_all() {
    let mut diverged = vec![0.0; 12];
    diverged[..7].fill(f64::INFINITY);
    let choice = choose_from(&[diverged, vec![0.5; 12]]);
    assert_eq!((choice.leader, choice.finding()), (1, Finding::Unsure));
    let choice = choose_from(&[vec![f64::INFINITY; 12], vec![0.5; 12]]);
    assert_eq!(choice.best(), Some(1));
}

#[test]
fn direction_and_missing_seeds() {
    let mut less = trial(&[1.0; 12]);
    less.remove(&Seed(3));
    let choice = choose(&[trial(&[0.0; 12]), less], Direction::Higher, None).unwrap();
    assert_eq!((choice.best(), choice.seeds), (Some(1), [11, 11]));
}

#[test]
fn the_leader_must_beat_a_constant_classifier_on_the_points() {
    let trials = [trial(&[0.38; 20]), trial(&[0.40; 20])];
    let against = |wrong: u64, points: u64, seen: u64| {
        let choice =
            choose(&trials, Direction::Lower, Some(Constant { wrong, points, seen, fixed: true, divided: false }))
                .unwrap();
        (choice.constant.unwrap().wrong, choice.finding())
    };
    assert_eq!(against(46, 100, 100), (38.0, Finding::NotBeyondConstant));
    assert_eq!(against(460, 1000, 1000), (380.0, Finding::Best));
    assert_eq!(against(38, 100, 100), (38.0, Finding::NotBeyondConstant));
    assert_eq!(against(0, 100, 100), (38.0, Finding::NotBeyondConstant));
}

/// The number of studies that name a best trial among `k`, the first of which is better by `shift`.
fn named(studies: u64, k: usize, n: usize, shift: f64) -> u64 {
    let study = |study: u64| {
        let mut draws = Draws::new(Seed(study), Stream::GradientCheck);
        let trials: Vec<_> = (0..k)
            .map(|place| {
                trial(&(0..n).map(|_| draws.normal() - if place == 0 { shift } else { 0.0 }).collect::<Vec<_>>())
            })
            .collect();
        choose(&trials, Direction::Lower, None).unwrap().best().is_some()
    };
    (0..studies).filter(|n| study(*n)).count() as u64
}

#[test]
fn chance_names_few_and_an_effect_is_named() {
    for k in [2, 3, 6, 20] {
        assert!(named(400, k, 30, 0.0) <= 20, "{k} trials that differ in nothing");
    }
    // The effect is one standard deviation of the differences between two trials, √2.
    assert!(named(200, 6, 30, std::f64::consts::SQRT_2) >= 160);
}

#[test]
fn the_leader_of_many_must_beat_a_constant_classifier_by_more() {
    let constant = Some(Constant { wrong: 50, points: 100, seen: 100, fixed: true, divided: false });
    let beaten = |trials: usize| {
        let trials = vec![trial(&[0.39; 9]); trials];
        choose(&trials, Direction::Lower, constant).unwrap().constant.unwrap().beaten
    };
    assert_eq!([1, 2, 30].map(beaten), [true, false, false]);
}

#[test]
fn the_best_are_chosen_by_their_means() {
    let trials: Vec<_> =
        [&[3.0, 1.0][..], &[f64::NAN], &[1.0, 1.0], &[], &[2.0, 2.0], &[f64::INFINITY]].map(trial).into();
    assert_eq!(best(&trials, Direction::Lower, 3), [2, 0, 4], "of equal means the first");
    assert_eq!(best(&trials, Direction::Lower, 9), [2, 0, 4, 5, 1, 3], "those without a mean last, in their order");
    assert_eq!(best(&trials, Direction::Higher, 2), [5, 0]);
}

#[test]
fn confirmed_trials_must_beat_a_constant_classifier_corrected_for_all() {
    let constant = Constant { wrong: 50, points: 100, seen: 100, fixed: true, divided: false };
    let trials = [trial(&[0.39; 8]), trial(&[0.42; 8])];
    let among = |of: usize| choose_among(&trials, Direction::Lower, Some(constant), of).unwrap();
    let p = |choice: &Choice| choice.constant.unwrap().p;
    assert_eq!(among(0), choose(&trials, Direction::Lower, Some(constant)).unwrap());
    assert_eq!(among(2), among(0));
    assert!((p(&among(20)) / p(&among(2)) - 10.0).abs() < 1e-9);
    assert_eq!([1, 20].map(|of| among(of).finding()), [Finding::NotBeyondConstant; 2]);
    assert_eq!(among(20).p.to_bits(), among(2).p.to_bits(), "the comparisons are those of two");
}
