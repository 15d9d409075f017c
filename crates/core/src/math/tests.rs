use proptest::prelude::*;

use super::*;

/// Distance in units in the last place, for finite numbers of one sign.
fn ulps(a: f64, b: f64) -> u64 {
    if a == b { 0 } else { a.to_bits().abs_diff(b.to_bits()) }
}

#[test]
fn within_two_ulp_of_sixty_digits() {
    type Function = fn(f64) -> f64;
    let mut worst: [(&str, Function, u64, usize); 5] = [
        ("exp", exp, 0, 0),
        ("ln", ln, 0, 0),
        ("ln_1p", ln_1p, 0, 0),
        ("sigmoid", sigmoid, 0, 0),
        ("softplus", softplus, 0, 0),
    ];
    for line in include_str!("reference.csv").lines().skip(1) {
        let [name, argument, value] = line.split(',').collect::<Vec<_>>().try_into().unwrap();
        let [x, expected] = [argument, value].map(|bits| f64::from_bits(u64::from_str_radix(bits, 16).unwrap()));
        let (_, function, most, seen) = worst.iter_mut().find(|entry| entry.0 == name).unwrap();
        let distance = ulps(function(x), expected);
        assert!(distance <= 2, "{name}({x:e}) = {:e}, expected {expected:e}: {distance} ulp", function(x));
        (*most, *seen) = ((*most).max(distance), *seen + 1);
    }
    for (name, _, most, seen) in worst {
        assert!(seen > 250, "{name}: {seen} values");
        println!("{name}: at most {most} ulp over {seen} values");
    }
}

#[test]
fn special_values() {
    let inf = f64::INFINITY;
    assert_eq!([exp(-inf), exp(-746.5), exp(0.0), exp(710.0), exp(inf)], [0.0, 0.0, 1.0, inf, inf]);
    assert_eq!([ln(0.0), ln(-0.0), ln(1.0), ln(inf)], [-inf, -inf, 0.0, inf]);
    assert_eq!([ln_1p(-1.0), ln_1p(0.0), ln_1p(inf)], [-inf, 0.0, inf]);
    assert_eq!([sigmoid(-inf), sigmoid(0.0), sigmoid(inf)], [0.0, 0.5, 1.0]);
    assert_eq!([softplus(-inf), softplus(1e300), softplus(inf)], [0.0, 1e300, inf]);
    for nan in
        [exp(f64::NAN), ln(f64::NAN), ln(-1.0), ln_1p(f64::NAN), ln_1p(-1.5), sigmoid(f64::NAN), softplus(f64::NAN)]
    {
        assert!(nan.is_nan());
    }
}

#[test]
fn value_stability() {
    let pinned = [
        (exp(0.1), 0x3ff1_aec7_b35a_00d4_u64),
        (ln(0.1), 0xc002_6bb1_bbb5_5515),
        (ln_1p(0.1), 0x3fb8_663f_793c_46c7),
        (sigmoid(0.1), 0x3fe0_cca1_2729_afb8),
        (softplus(0.1), 0x3fe7_d218_f1c8_904f),
    ];
    for (value, bits) in pinned {
        assert_eq!(value.to_bits(), bits, "{value}: pinned; a change needs a new contract version");
    }
}

/// Compares the short forms that the trainer uses with the general ones, over their whole domain.
#[test]
fn short_forms_have_the_bits_of_the_general_ones() {
    let equal = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    let same_exp = |x: f64| assert!(equal(exp_of_negative(x), exp(x)), "exp({x:e})");
    let same_ln = |x: f64| assert!(equal(ln_1p_of_fraction(x), ln_1p(x)), "ln_1p({x:e})");
    [-0.0, 0.0, f64::NEG_INFINITY, f64::NAN, -1e308, -f64::MIN_POSITIVE].into_iter().for_each(same_exp);
    [0.0, 1.0, f64::NAN, f64::MIN_POSITIVE, 5e-324, 0.5 * f64::EPSILON].into_iter().for_each(same_ln);
    // Every region, down to results that are subnormal and then zero.
    for i in 0..750_000 {
        let x = -f64::from(i) / 1000.0;
        [x, x.next_down(), x.next_up().min(0.0)].into_iter().for_each(same_exp);
        same_ln(exp(x));
        same_ln(f64::from(i) / 750_000.0);
    }
    // Around the smallest argument of the polynomial.
    let mut small = 1.0 / (1_u64 << 60) as f64;
    (0..100).for_each(|_| small = small.next_down());
    for _ in 0..200 {
        same_ln(small);
        small = small.next_up();
    }
    // Around the square root of two, where `k` changes.
    let mut w = core::f64::consts::SQRT_2 - 1.0 - 100.0 * f64::EPSILON;
    for _ in 0..400 {
        same_ln(w);
        w = w.next_up();
    }
}

#[test]
fn sums_go_in_order() {
    assert_eq!(sum([1e16, 1.0, -1e16]), 0.0);
    assert_eq!(sum([1e16, -1e16, 1.0]), 1.0);
}

proptest! {
    #[test]
    fn sigmoid_of_both_signs_adds_to_one(z in -30.0..30.0_f64) {
        prop_assert!((sigmoid(z) + sigmoid(-z) - 1.0).abs() <= 2.3e-16);
    }

    #[test]
    fn short_forms_on_any_number(bits in any::<u64>(), x in 0.0..=1.0_f64) {
        let any = -f64::from_bits(bits).abs();
        prop_assert!(any.is_nan() || exp_of_negative(any).to_bits() == exp(any).to_bits());
        prop_assert_eq!(ln_1p_of_fraction(x).to_bits(), ln_1p(x).to_bits());
    }

    #[test]
    fn exp_never_decreases(x in -745.0..709.0_f64, step in 0.0..1e-3_f64) {
        prop_assert!(exp(x) <= exp(x + step) * (1.0 + 4e-16));
    }

    #[test]
    fn ln_undoes_exp(x in -700.0..700.0_f64) {
        prop_assert!((ln(exp(x)) - x).abs() <= 4e-16 * (1.0 + x.abs()));
    }
}
