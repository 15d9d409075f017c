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
        assert_eq!(value.to_bits(), bits, "{value}: pinned; a change is a new contract version");
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
    fn exp_never_decreases(x in -745.0..709.0_f64, step in 0.0..1e-3_f64) {
        prop_assert!(exp(x) <= exp(x + step) * (1.0 + 4e-16));
    }

    #[test]
    fn ln_undoes_exp(x in -700.0..700.0_f64) {
        prop_assert!((ln(exp(x)) - x).abs() <= 4e-16 * (1.0 + x.abs()));
    }
}
