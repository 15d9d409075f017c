use super::*;

#[test]
fn distances_in_units_in_the_last_place() {
    assert_eq!(ulps(1.0, 1.0 + f64::EPSILON), 1);
    assert_eq!(ulps(0.0, -0.0), 1);
    assert_eq!(ulps(f64::MIN_POSITIVE * f64::EPSILON, -0.0), 2);
    assert_eq!(ulps(-1.0, 1.0), ulps(1.0, -1.0));
    assert_eq!(ulps(f64::INFINITY, f64::MAX), 1);
}

#[test]
fn the_largest_distance_and_the_first_step() {
    let at = |step, value| Observation { epoch: step, step, values: vec![value, f64::NAN] };
    let one = [at(1, 1.0), at(2, 2.0), at(3, 4.0)];
    let other = [at(1, 1.0), at(2, 2.5), at(3, 3.0)];
    let (found, within) = apart(&one, &other, 0).unwrap();
    assert_eq!((found.absolute, found.relative, found.step), (1.0, 0.25, 2));
    assert!(apart(&one, &other, 1).is_none() && apart(&one, &one, 0).is_none());
    let tolerance = |absolute, relative| Tolerance { absolute, relative, files: false };
    assert!(within.all(&tolerance(1.0, 0.0)) && within.all(&tolerance(0.0, 0.25)));
    assert!(!within.all(&tolerance(0.9, 0.2)));
}
