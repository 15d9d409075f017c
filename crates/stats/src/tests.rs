//! Comparisons with values of SciPy, and properties for all values.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{measure::Direction, seed::Seed};

/// Computed by `tests/stats/reference.py`.
fn reference() -> Value {
    serde_json::from_str(include_str!("../../../tests/stats/reference.json")).unwrap()
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

#[track_caller]
fn near(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= 1e-12 * theirs.abs().max(1e-300), "{ours} against {theirs}");
}

#[track_caller]
fn same(ours: Interval, theirs: &Value) {
    let theirs = list(theirs);
    near(ours.low, theirs[0]);
    near(ours.high, theirs[1]);
}

fn tasks(values: &[f64]) -> Vec<&[f64]> {
    values.chunks(8).collect()
}

#[test]
fn intervals_are_those_of_scipy_on_the_same_resamples() {
    let known = reference();
    let (a, b) = (list(&known["a"]), list(&known["b"]));
    same(bootstrap_mean(&a), &known["bootstrap"]["a"]);
    same(bootstrap_mean(&b), &known["bootstrap"]["b"]);
    same(iqm_interval(&tasks(&a)), &known["iqm"]["tasks interval"]);
    // Close to those of a hundred thousand resamples of another generator: with two thousand, the error of a quantile
    // is √(q(1-q)/B)/density = 0.06 standard errors; the bound is four of these.
    for (ours, theirs) in [
        (bootstrap_mean(&a), &known["bootstrap"]["a 100000 resamples"]),
        (iqm_interval(&[&a]), &known["iqm"]["a 100000 resamples"]),
    ] {
        let theirs = list(theirs);
        let bound = 0.24 * theirs[2];
        assert!((ours.low - theirs[0]).abs() < bound && (ours.high - theirs[1]).abs() < bound, "{ours:?} {theirs:?}");
    }
}

#[test]
fn the_middle_half_is_that_of_rliable_where_four_divides_the_number() {
    let known = reference();
    let a = list(&known["a"]);
    near(iqm(&a), known["iqm"]["a"].as_f64().unwrap());
    let strata: Vec<Vec<f64>> = tasks(&a).into_iter().map(<[f64]>::to_vec).collect();
    near(iqm_of_strata(&strata), known["iqm"]["tasks"].as_f64().unwrap());
    for (n, trimmed) in known["trimmed"].as_object().unwrap() {
        let n: usize = n.parse().unwrap();
        if n.is_multiple_of(4) {
            near(iqm(&a[..n]), list(trimmed)[0]);
        }
    }
}

#[test]
fn improvement_and_profile_are_those_of_rliable() {
    let known = reference();
    let [a, b, a_ties, b_ties] = ["a", "b", "a rounded", "b rounded"].map(|name| list(&known[name]));
    let expected = |name: &str| known["improvement"][name].as_f64().unwrap();
    near(improvement(&[&a], &[&b], Direction::Higher).probability, expected("plain"));
    near(improvement(&[&a_ties], &[&b_ties], Direction::Higher).probability, expected("with ties"));
    let over_tasks = improvement(&tasks(&a), &tasks(&b), Direction::Higher);
    near(over_tasks.probability, expected("tasks"));
    same(over_tasks.interval, &known["improvement"]["tasks interval"]);
    let points = profile(&tasks(&a), &list(&known["profile"]["thresholds"]), Direction::Higher);
    for (place, point) in points.iter().enumerate() {
        near(point.share, known["profile"]["share"][place].as_f64().unwrap());
        same(point.interval, &known["profile"]["interval"][place]);
    }
}

#[test]
fn the_sign_test_is_that_of_scipy() {
    for case in reference()["sign test"].as_array().unwrap() {
        let case = list(case);
        let (wins, losses) = (case[0] as usize, case[1] as usize);
        // The binomial distribution of SciPy has about 12 correct digits there.
        let (ours, theirs) = (sign_test(wins, losses), case[2]);
        assert!((ours - theirs).abs() <= 1e-10 * theirs, "{wins} {losses}: {ours} against {theirs}");
        assert_eq!(ours.to_bits(), sign_test(losses, wins).to_bits());
    }
    assert_eq!(sign_test(0, 0), 1.0);
    near(sign_test(6, 0), 2.0 / 64.0);
    near(sign_test(5, 0), 2.0 / 32.0);
    assert!(sign_test(FEWEST, 0) < 0.05 && sign_test(FEWEST - 1, 0) > 0.05);
    assert_eq!(sign_test(100_000, 0), 0.0);
}

#[test]
fn the_number_of_pairs_is_within_one_of_the_exact_one() {
    for case in reference()["pairs needed"].as_array().unwrap() {
        let case = list(case);
        let ours = pairs_needed(case[0], 1.0).unwrap();
        assert!(ours.abs_diff(case[1] as u64) <= 1, "effect {}: {ours} against {}", case[0], case[1]);
    }
    assert_eq!(pairs_needed(0.5, 0.0), Some(2));
    assert_eq!([pairs_needed(0.0, 1.0), pairs_needed(f64::INFINITY, 1.0), pairs_needed(1e-9, 1.0)], [None; 3]);
    assert_eq!(pairs_needed(-0.5, 1.0), pairs_needed(0.5, 1.0));
}

#[test]
fn intervals_of_few_values_are_as_narrow_as_theory_says() {
    for case in reference()["width"].as_array().unwrap() {
        let case = list(case);
        let ours = narrowness(case[0] as usize);
        assert!((ours - case[1]).abs() < 0.01, "n = {}: {ours} against {}", case[0], case[1]);
    }
    assert_eq!([narrowness(0), narrowness(1)], [0.0; 2]);
}

fn trial(values: impl IntoIterator<Item = f64>) -> BTreeMap<Seed, f64> {
    values.into_iter().enumerate().map(|(seed, value)| (Seed(seed as u64), value)).collect()
}

#[test]
fn a_comparison_reports_its_limits() {
    let noise = |n: u64, shift: f64| trial((0..n).map(|i| (i * i % 7) as f64 + shift * (i % 3 + 1) as f64));
    let cautions = |a: &BTreeMap<Seed, f64>, b: &BTreeMap<Seed, f64>| compare(a, b, Direction::Lower).cautions;
    assert_eq!(cautions(&noise(30, 0.0), &noise(30, 1.0)), []);
    assert_eq!(cautions(&noise(3, 0.0), &trial([])), [Caution::NoPairs]);
    assert_eq!(cautions(&noise(5, 0.0), &noise(5, 1.0)), [Caution::TooFew { untied: 5 }]);
    assert_eq!(cautions(&noise(4, 0.0), &noise(4, 1.0)), [Caution::TooFew { untied: 4 }, Caution::Narrow { pairs: 4 }]);
    assert_eq!(cautions(&noise(30, 0.0), &noise(30, 0.0)), []);
    assert_eq!(cautions(&noise(30, f64::INFINITY), &noise(30, 0.0)), [Caution::Infinite]);
    let mut few = noise(30, 0.0);
    few.insert(Seed(3), 9.0);
    assert_eq!(cautions(&few, &noise(30, 0.0)), [Caution::TooFew { untied: 1 }, Caution::Ties { ties: 29, pairs: 30 }]);
}

#[test]
fn the_seeds_needed_are_no_fewer_than_the_sign_test_needs() {
    let needed = |a: &[f64], b: &[f64]| compare(&trial(a.to_vec()), &trial(b.to_vec()), Direction::Lower).needed;
    // Differences without spread: two pairs suffice for a t test.
    assert_eq!(pairs_needed(-1.0, 0.0), Some(2));
    assert_eq!(needed(&[0.0; 3], &[1.0; 3]), Some(6));
    // One pair in six is a tie: seven pairs may leave too few.
    assert_eq!(needed(&[0.0; 6], &[9.0, 9.0, 9.0, 9.0, 9.0, 0.0]), Some(8));
    assert_eq!([needed(&[0.0], &[1.0]), needed(&[1.0; 9], &[1.0; 9])], [None; 2]);
}

#[test]
fn cautions_count_in_words() {
    let cautions = |a: &[f64], b: &[f64]| -> Vec<String> {
        let found = compare(&trial(a.to_vec()), &trial(b.to_vec()), Direction::Lower);
        found.cautions.iter().map(ToString::to_string).collect()
    };
    let texts = cautions(&[0.0], &[1.0]);
    assert!(texts[0].contains(": 1 untied pair, and at least 6 are needed"), "{texts:?}");
    assert_eq!(texts[1], "no interval: a single pair has no variation");
    let texts = cautions(&[0.0; 2], &[0.0; 2]);
    assert!(texts[0].contains(": no untied pair, and at least 6 are needed"), "{texts:?}");
    assert_eq!(texts[2], "every pair is equal: there is no difference");
    let texts = cautions(&[0.0, 0.0, 1.0], &[0.0, 0.0, 2.0]);
    assert_eq!(texts[2], "2 of 3 pairs are equal: the mean difference depends on the other 1");
}

#[test]
fn the_signed_rank_test_may_detect_more_than_the_sign_test() {
    // Of nine seeds, two are lost, and by the smallest differences.
    let (a, b) = (
        trial([vec![0.0; 7], vec![1.0, 2.0]].concat()),
        trial([(3..10).map(f64::from).collect(), vec![0.0; 2]].concat()),
    );
    let found = compare(&a, &b, Direction::Lower);
    assert!(found.signed_rank < 0.05 && found.sign_test > 0.05, "{found:?}");
    let choice = choose(&[a, b], Direction::Lower, None).unwrap();
    assert_eq!((choice.best(), choice.p), (Some(0), found.signed_rank));
}

#[test]
fn a_comparison_combines_its_statistics() {
    let known = reference();
    let (a, b) = (trial(list(&known["a"])), trial(list(&known["b"])));
    let found = compare(&a, &b, Direction::Higher);
    let values: Vec<f64> = a.values().zip(b.values()).map(|(a, b)| a - b).collect();
    assert_eq!(found.paired, paired(&a, &b, Direction::Higher));
    assert_eq!((found.sd, found.needed), (sd(&values), pairs_needed(mean(&values), sd(&values))));
    assert_eq!(found.sign_test, sign_test(found.paired.wins, found.paired.losses));
    assert_eq!(found.signed_rank, signed_rank(&values).p);
    near(found.improvement.probability, known["improvement"]["plain"].as_f64().unwrap());
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![6 => -1e3..1e3_f64, 2 => (0..4_i32).prop_map(f64::from), 1 => Just(f64::INFINITY)];
    prop::collection::vec(value, 1..12)
}

fn bits(interval: Interval) -> [u64; 2] {
    [interval.low.to_bits(), interval.high.to_bits()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn one_stratum_and_its_mean_are_the_interval_of_the_summary(values in values()) {
        let stratified = bootstrap_stratified(&[&values], |strata| mean(&strata[0]));
        prop_assert_eq!(bits(stratified), bits(bootstrap_mean(&values)));
    }

    #[test]
    fn the_order_of_rows_does_not_matter(a in values(), b in values(), shift in 0_usize..12) {
        // Rows are keyed by seed, so the comparison has the same bits in any order.
        let rows = |values: &[f64]| values.iter().enumerate().map(|(i, v)| (Seed(i as u64), *v)).collect::<Vec<_>>();
        let shuffled = |values: &[f64]| {
            let mut rows = rows(values);
            rows.reverse();
            let shift = shift % rows.len();
            rows.rotate_left(shift);
            rows.into_iter().collect::<BTreeMap<_, _>>()
        };
        let one = compare(&rows(&a).into_iter().collect(), &rows(&b).into_iter().collect(), Direction::Lower);
        let other = compare(&shuffled(&a), &shuffled(&b), Direction::Lower);
        prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
        // Statistics without seeds do not depend on the order of the values either.
        let mut rotated = a.clone();
        rotated.rotate_left(shift % a.len());
        let improved = |a: &[f64]| improvement(&[a], &[&b], Direction::Lower).probability.to_bits();
        let share = |a: &[f64]| profile(&[a], &[0.5], Direction::Lower)[0].share.to_bits();
        prop_assert_eq!((improved(&a), share(&a), iqm(&a).to_bits()), (improved(&rotated), share(&rotated), iqm(&rotated).to_bits()));
    }

    #[test]
    fn improvements_of_both_directions_sum_to_one(a in values(), b in values()) {
        let there = improvement(&[&a], &[&b], Direction::Lower).probability;
        let back = improvement(&[&b], &[&a], Direction::Lower).probability;
        prop_assert!((there + back - 1.0).abs() < 1e-12 && (0.0..=1.0).contains(&there));
        prop_assert!((improvement(&[&a], &[&a], Direction::Lower).probability - 0.5).abs() < 1e-12);
        prop_assert!((improvement(&[&a], &[&b], Direction::Higher).probability - back).abs() < 1e-12);
    }

    #[test]
    fn a_profile_never_descends_where_lower_is_better(a in values(), b in values()) {
        let points = profile(&[&a, &b], &[-1e4, 0.0, 1.0, 10.0, 1e4], Direction::Lower);
        prop_assert!(points.windows(2).all(|pair| pair[0].share <= pair[1].share));
        prop_assert!(points.iter().all(|point| point.interval.low <= point.interval.high));
        prop_assert_eq!(points[0].share, 0.0);
    }

    #[test]
    fn the_sign_test_is_a_probability_and_falls_with_the_gap(losses in 0_usize..60, gap in 0_usize..40) {
        let (p, further) = (sign_test(losses + gap, losses), sign_test(losses + gap + 2, losses.saturating_sub(2)));
        prop_assert!(p > 0.0 && p <= 1.0);
        prop_assert!(losses < 2 || further <= p);
        // The definition, term by term, where nothing overflows.
        let n = 2 * losses + gap;
        let (mut term, mut sum) = (1.0, 0.0);
        for k in 0..=losses {
            sum += term;
            term = term * (n - k) as f64 / (k + 1) as f64;
        }
        let literal = (0..n).fold(2.0 * sum, |p, _| p / 2.0).min(1.0);
        prop_assert!((p - literal).abs() <= 1e-12 * literal, "{} against {}", p, literal);
    }
}
