use std::vec::Vec;

use proptest::prelude::*;

use super::*;

/// Outputs and labels of four points: correct, wrong, undecided, and correct with a small margin.
const OUTPUTS: [f64; 4] = [2.0, 1.0, 0.0, -0.5];
const LABELS: [f64; 4] = [1.0, -1.0, 1.0, -1.0];

#[test]
fn values_are_those_computed_by_hand() {
    // ln(1 + e^-2), ln(1 + e), ln 2, ln(1 + e^-1/2).
    let losses = [0.126_928_011_042_972_5, 1.313_261_687_518_222_8, std::f64::consts::LN_2, 0.474_076_984_180_107_2];
    let loss = losses.iter().sum::<f64>() / 4.0;
    // (1 / (1 + e^m))^2 at the margins 2, -1, 0 and 1/2.
    let squares = [0.014_209_336_618_611_04, 0.534_446_645_388_523, 0.25, 0.142_536_956_596_550_9];
    let brier = squares.iter().sum::<f64>() / 4.0;
    // Of the pairs (2, 1), (2, -1/2), (0, 1), (0, -1/2) three are in order.
    for (metric, expected) in [(Metric::Loss, loss), (Metric::Error, 0.5), (Metric::Brier, brier), (Metric::Auc, 0.75)]
    {
        let found = metric.of(&OUTPUTS, &LABELS);
        assert!((found - expected).abs() <= 4e-15, "{}: {found}, not {expected}", metric.name());
    }
}

/// The definition of each metric, with the functions of the platform.
#[expect(clippy::disallowed_methods, reason = "independent of the functions of the contract")]
fn defined(metric: Metric, outputs: &[f64], labels: &[f64]) -> f64 {
    let margins = outputs.iter().zip(labels).map(|(output, label)| output * label);
    let mean = |point: &dyn Fn(f64) -> f64| margins.clone().map(point).sum::<f64>() / labels.len() as f64;
    match metric {
        Metric::Loss => mean(&|m| (1.0 + (-m).exp()).ln()),
        Metric::Error => mean(&|m| f64::from(u8::from(m <= 0.0))),
        Metric::Brier => mean(&|m| (1.0 / (1.0 + m.exp())) * (1.0 / (1.0 + m.exp()))),
        Metric::Auc => pairs(outputs, labels),
    }
}

/// The definition of the area under the curve, pair by pair.
fn pairs(outputs: &[f64], labels: &[f64]) -> f64 {
    let of = |class: f64| -> Vec<f64> {
        let chosen = outputs.iter().zip(labels).filter(|(_, label)| **label == class);
        chosen.map(|(output, _)| *output).collect()
    };
    let (plus, minus) = (of(1.0), of(-1.0));
    let mut twice = 0_u64;
    for p in &plus {
        for m in &minus {
            twice += if p > m { 2 } else { u64::from(p == m) };
        }
    }
    twice as f64 / (2 * plus.len() as u64 * minus.len() as u64) as f64
}

fn auc(outputs: &[f64], labels: &[f64]) -> f64 {
    Metric::Auc.of(outputs, labels)
}

#[test]
fn the_area_of_ordered_reversed_equal_and_mixed_outputs() {
    let labels = [-1.0, 1.0, 1.0, -1.0, 1.0];
    assert_eq!(auc(&[-2.0, 0.5, 7.0, -0.1, 0.0], &labels), 1.0);
    assert_eq!(auc(&[2.0, -0.5, -7.0, 0.1, 0.0], &labels), 0.0);
    assert_eq!(auc(&[3.0; 5], &labels), 0.5);
    // Of six pairs, four are in order and one is a tie.
    assert_eq!(auc(&[0.25, 0.5, 0.25, -1.0, 0.0], &labels), 4.5 / 6.0);
    // A constant added to all outputs changes nothing, since only their order counts.
    assert_eq!(auc(&[100.25, 100.5, 100.25, 99.0, 100.0], &labels), 4.5 / 6.0);
}

#[test]
fn zeros_are_equal_and_infinities_are_at_the_ends() {
    let labels = [1.0, -1.0];
    assert_eq!([[0.0, -0.0], [-0.0, 0.0]].map(|outputs| auc(&outputs, &labels)), [0.5; 2]);
    let (inf, most, least) = (f64::INFINITY, f64::MAX, 5e-324);
    assert_eq!([[inf, most], [-most, -inf], [least, -0.0], [0.0, -least]].map(|o| auc(&o, &labels)), [1.0; 4]);
    assert_eq!([[inf, inf], [-inf, -inf]].map(|outputs| auc(&outputs, &labels)), [0.5; 2]);
}

#[test]
fn nan_is_the_worst_output() {
    for nan in [f64::NAN, -f64::NAN, f64::from_bits(0x7ff0_0000_0000_0001)] {
        for other in [f64::NEG_INFINITY, -1.0, 0.0, f64::INFINITY, f64::NAN, -f64::NAN] {
            assert_eq!(auc(&[nan, other], &[1.0, -1.0]), 0.0, "{other}");
            assert_eq!(auc(&[other, nan], &[1.0, -1.0]), 0.0, "{other}");
        }
    }
}

#[test]
fn the_area_needs_points_of_both_classes() {
    assert!(Metric::Auc.is_defined(&[1.0, -1.0]));
    assert!([&[][..], &[1.0], &[-1.0, -1.0]].iter().all(|labels| !Metric::Auc.is_defined(labels)));
    assert!(Metric::Loss.is_defined(&[1.0]) && !Metric::Loss.is_defined(&[]));
}

#[test]
fn whole_metrics_add_nothing_to_sums() {
    let (mut terms, mut sums) = ([[7.0; 2]; 3], [1.0; 2]);
    Metric::Auc.add(&[[1.0; 2]; 3], &mut terms, &mut sums);
    assert_eq!((terms, sums), ([[7.0; 2]; 3], [1.0; 2]));
}

proptest! {
    #[test]
    fn sorting_gives_the_same_area_as_pairs(
        points in proptest::collection::vec((any::<f64>(), -3..4_i32, any::<bool>(), any::<bool>()), 0..60),
    ) {
        // Half of the outputs are any doubles, NaN and infinities included; the others repeat, as those of a network
        // with inactive units.
        let mut outputs: Vec<f64> = points.iter().map(|&(x, k, few, _)| if few { f64::from(k) / 2.0 } else { x }).collect();
        let mut labels: Vec<f64> = points.iter().map(|point| if point.3 { 1.0 } else { -1.0 }).collect();
        outputs.extend([-0.0, 0.0]);
        labels.extend([1.0, -1.0]);
        let found = auc(&outputs, &labels);
        prop_assert_eq!(found.to_bits(), pairs(&outputs, &labels).to_bits());
        prop_assert!((0.0..=1.0).contains(&found));
    }

    #[test]
    fn every_metric_is_its_equation_and_in_its_range(
        points in proptest::collection::vec((-20.0..20.0_f64, any::<bool>()), 1..60),
    ) {
        let mut outputs: Vec<f64> = points.iter().map(|point| point.0).collect();
        let mut labels: Vec<f64> = points.iter().map(|point| if point.1 { 1.0 } else { -1.0 }).collect();
        outputs.extend([0.5, -0.25]);
        labels.extend([1.0, -1.0]);
        for &metric in Metric::ALL {
            let (found, expected) = (metric.of(&outputs, &labels), defined(metric, &outputs, &labels));
            prop_assert!((found - expected).abs() <= 1e-13 * (1.0 + expected), "{}: {found}, {expected}", metric.name());
            let most = if metric.range() == Range::Share { 1.0 } else { f64::INFINITY };
            prop_assert!((0.0..=most).contains(&found), "{}: {found}", metric.name());
        }
    }
}
