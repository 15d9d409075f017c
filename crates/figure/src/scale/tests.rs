use restudy_core::measure::{Measurement, Shown as Style};

use super::*;

fn loss() -> Measurement {
    Measurement { split: true, unit: "nat".into(), ..Measurement::new("loss", Direction::Lower) }
}

fn error() -> Measurement {
    Measurement { shown: Style::Percent, reaches_zero: true, ..Measurement { name: "error".into(), ..loss() } }
}

fn written(scale: &Scale) -> Vec<&str> {
    scale.ticks.iter().map(|(_, text)| text.as_str()).collect()
}

#[test]
fn ticks_are_round() {
    assert_eq!(written(&Scale::linear(0.0, 1.0)), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
    assert_eq!(written(&Scale::linear(-1.3, 2.9)), ["\u{2212}1", "0", "1", "2"]);
    assert_eq!(written(&Scale::counts(3.0)), ["0", "1", "2", "3"]);
    assert_eq!(written(&Scale::counts(100.0)), ["0", "20", "40", "60", "80", "100"]);
    assert_eq!(written(&Scale::log(0.001, 10.0)), ["0.001", "0.01", "0.1", "1", "10"]);
    assert_eq!(written(&Scale::log(0.4, 6.0)), ["0.5", "1", "2", "5"]);
}

#[test]
fn learning_rates_stand_evenly_by_logarithm() {
    let rates = [0.002, 0.02, 0.2, 2.0];
    let scale = Scale::of_values(&rates, true, 700.0, 40.0).unwrap();
    assert_eq!(written(&scale), ["0.002", "0.02", "0.2", "2"]);
    let places = rates.map(|rate| scale.place(rate));
    assert!(places.windows(3).all(|p| (p[2] - 2.0 * p[1] + p[0]).abs() < 1e-9), "{places:?}");
    assert!(places[0] > 0.0 && places[3] < 1.0);
    assert!(Scale::of_values(&[1.0, 1.001, 5.0], false, 700.0, 40.0).is_none(), "too near");
}

#[test]
fn a_metric_chooses_its_spacing() {
    let of = |metric: &Measurement, values: &[f64]| Scale::metric(MetricFormat::of(metric), values.iter().copied());
    assert_eq!(of(&error(), &[9.0, 11.0, 30.0]).spacing, Spacing::Linear);
    assert_eq!(of(&error(), &[0.0, 0.1, 30.0]).spacing, Spacing::Root);
    assert_eq!(of(&loss(), &[0.001, 0.7, f64::INFINITY, f64::NAN]).spacing, Spacing::Log);
    assert_eq!(of(&error(), &[0.0, 0.0]).spacing, Spacing::Linear);
    assert_eq!(of(&loss(), &[]).spacing, Spacing::Linear);
    let wild = of(&loss(), &[0.5, 0.6, 0.7, 1e100]);
    assert!(wild.holds(0.5) && !wild.holds(1e100) && wild.remark().ends_with("clipped"));
}

#[test]
fn zero_and_infinity_have_a_place() {
    let root = Scale::metric(MetricFormat::of(&error()), [0.0, 0.1, 40.0].into_iter());
    assert_eq!((root.place(0.0), root.place(f64::INFINITY)), (0.0, 1.0));
    let log = Scale::log(0.1, 10.0);
    assert!(log.place(0.0) < 0.0 && log.place(0.0).is_finite());
}

#[test]
fn values_below_zero_and_far_from_it_have_a_scale_around_them() {
    let reward = Measurement::new("reward", Direction::Higher);
    let of = |values: &[f64]| Scale::metric(MetricFormat::of(&reward), values.iter().copied());
    assert_eq!(
        written(&of(&[-210.0, -90.0, 40.0])),
        ["\u{2212}250", "\u{2212}200", "\u{2212}150", "\u{2212}100", "\u{2212}50", "0", "50"]
    );
    assert_eq!(written(&of(&[2.53, 2.54, 2.56])), ["2.52", "2.53", "2.54", "2.55", "2.56"]);
    assert_eq!(of(&[2.53, 2.54, 2.56]).written(2.54159, 2), "2.542");
    assert_eq!(of(&[-210.0, -90.0, 40.0]).written(-187.6, 2), "\u{2212}188");
    assert_eq!(of(&[1.0, 2.0, 3e4]).spacing, Spacing::Log);
    let scale = of(&[-3.0, f64::NEG_INFINITY, 5.0]);
    assert_eq!([f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(|value| scale.place(value)), [0.0; 3]);
    let wild = of(&[-1.0, -1.1, -1.2, -1.3, -1e200]);
    assert!(wild.holds(-1.2) && !wild.holds(-1e200) && wild.remark() == ", clipped");
    let all = [&[-7.0][..], &[-1e-300], &[-f64::MAX, f64::MAX], &[-1e20, -1e20], &[-1.0, 0.0], &[-f64::MIN_POSITIVE]];
    for values in all {
        let scale = of(values);
        assert!((2..20).contains(&scale.ticks.len()), "{values:?}: {scale:?}");
        let inside = |&value: &f64| value.abs() > 1e300 || scale.holds(value);
        assert!(values.iter().all(inside), "{values:?}: {scale:?}");
    }
}

#[test]
fn zeros_that_are_no_accident_have_a_place() {
    let plain = Measurement::new("arm", Direction::Lower);
    let of = |values: &[f64]| Scale::metric(MetricFormat::of(&plain), values.iter().copied());
    assert_eq!(of(&[0.0, 1.0, 30.0]).spacing, Spacing::Root);
    let one = [&[0.0][..], &[1.0, 30.0].repeat(40)].concat();
    assert_eq!(of(&one).spacing, Spacing::Log, "one zero of many");
}
