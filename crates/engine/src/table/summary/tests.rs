use super::number;

#[test]
fn numbers_are_floats_in_every_reader() {
    assert_eq!([f64::INFINITY, f64::NEG_INFINITY, 2.0, f64::NAN].map(number), ["1e999", "-1e999", "2.0", "NaN"]);
}
