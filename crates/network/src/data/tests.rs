//! Properties of every generator.

use proptest::prelude::*;

use super::*;
use crate::math;

fn generators(train: u32, validation: u32) -> Vec<Data> {
    vec![
        Data::DoubleMoon(DoubleMoon { train, validation, ..DoubleMoon::default() }),
        Data::Circles(Circles { train, validation, ..Circles::default() }),
        Data::Xor(Xor { train, validation, ..Xor::default() }),
        Data::Spirals(Spirals { train, validation, ..Spirals::default() }),
        Data::Blobs(Blobs { train, validation, ..Blobs::default() }),
    ]
}

#[test]
fn every_generator_is_tested() {
    let tested: Vec<_> = generators(2, 2).iter().map(Data::key).collect();
    assert_eq!(tested, Data::KEYS, "add what is missing to `generators` above");
}

fn bits(data: &Dataset) -> Vec<u64> {
    data.x.iter().chain(&data.y).map(|value| value.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn generators_draw_balanced_classes_by_the_seed(seed: u64, train in 2..300_u32, validation in 2..300_u32) {
        for data in generators(train, validation) {
            let split = data.load(Seed(seed)).unwrap();
            for (data, points) in [(&split.train, train), (&split.validation, validation)] {
                let negative = points.div_ceil(2) as usize;
                prop_assert_eq!(data.len(), points as usize);
                prop_assert!(data.y[..negative].iter().all(|&y| y == -1.0), "class -1 comes first");
                prop_assert!(data.y[negative..].iter().all(|&y| y == 1.0), "half the points are of class +1");
                prop_assert_eq!(data.x.len(), 2 * data.len());
                prop_assert!(data.x.iter().all(|x| x.is_finite()));
            }
            prop_assert_ne!(split.train.point(0), split.validation.point(0));
            prop_assert_eq!(bits(&split.train), bits(&data.load(Seed(seed)).unwrap().train));
            prop_assert_ne!(bits(&split.train), bits(&data.load(Seed(seed ^ 1)).unwrap().train));
        }
    }
}

#[test]
fn value_stability() {
    let pinned = [
        ("double-moon", "1df979eddd90eeea"),
        ("circles", "ba4076a38a5c1606"),
        ("xor", "ca1edec3ef32a539"),
        ("spirals", "f57cb52289a5e4fe"),
        ("blobs", "ec970685730ac645"),
    ];
    let found: Vec<(&str, String)> = generators(1000, 500)
        .iter()
        .map(|data| {
            let split = data.load(Seed(2014)).unwrap();
            let mut hash = blake3::Hasher::new();
            for word in bits(&split.train).into_iter().chain(bits(&split.validation)) {
                hash.update(&word.to_le_bytes());
            }
            (data.key(), hash.finalize().to_hex()[..16].into())
        })
        .collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(key, hash)| (*key, hash.as_str())).collect();
    assert_eq!(found, pinned, "pinned: a change needs a new contract version");
}

#[test]
fn defaults_are_valid() {
    for data in generators(1000, 1000) {
        assert_eq!((data.validate(), data.dimension()), (vec![], Some(2)), "{}", data.key());
    }
}

#[test]
fn errors_name_the_key() {
    let circles = Data::Circles(Circles { train: 1, inner: 2.0, noise: f64::NAN, ..Circles::default() });
    let keys: Vec<_> = circles.validate().into_iter().map(|error| error.key).collect();
    assert_eq!(keys, ["circles.train", "circles.outer", "circles.noise"]);
}

#[test]
fn circles_have_their_radii() {
    let split = Data::Circles(Circles::default()).load(Seed(1)).unwrap();
    for i in 0..split.train.len() {
        let [a, b] = split.train.point(i).try_into().unwrap();
        let radius = math::sqrt(a * a + b * b);
        let expected = if split.train.y[i] < 0.0 { 1.0 } else { 2.0 };
        assert!((radius - expected).abs() <= 0.25 * 1.4143, "{radius} in class {}", split.train.y[i]);
    }
}

#[test]
fn xor_has_the_class_of_its_quadrant_and_keeps_off_the_axes() {
    let split = Data::Xor(Xor::default()).load(Seed(1)).unwrap();
    let mut quadrants = [0; 4];
    for i in 0..split.train.len() {
        let [a, b] = split.train.point(i).try_into().unwrap();
        assert_eq!(split.train.y[i] < 0.0, a * b > 0.0);
        assert!([a, b].iter().all(|c: &f64| (0.1..=1.0).contains(&c.abs())));
        quadrants[usize::from(a > 0.0) + 2 * usize::from(b > 0.0)] += 1;
    }
    assert!(quadrants.iter().all(|count| (200..300).contains(count)), "{quadrants:?}");
}

#[test]
fn noiseless_spirals_are_opposite_and_grow_outwards() {
    let spirals = Spirals { noise: 0.0, ..Spirals::default() };
    let split = Data::Spirals(spirals).load(Seed(1)).unwrap();
    for i in 0..split.train.len() {
        let [a, b] = split.train.point(i).try_into().unwrap();
        let radius = math::sqrt(a * a + b * b);
        let turned = (radius - 0.25) / 1.75 * 1.5 * 4.0 - 0.5; // in quarter turns
        let side = if split.train.y[i] < 0.0 { 1.0 } else { -1.0 };
        // On the arms that point up, down, left or right, the coordinates have the signs of that quarter.
        let quarter = ((turned + 0.5) as u32) % 4;
        let along = [[a, b], [b, -a], [-a, -b], [-b, a]][quarter as usize][0] * side;
        assert!(along >= 0.7 * radius, "{a} {b}: quarter {quarter}");
    }
}

#[test]
fn blobs_have_their_centers_and_spread() {
    let split = Data::Blobs(Blobs { train: 20_000, ..Blobs::default() }).load(Seed(1)).unwrap();
    let train = &split.train;
    let of_class = |class: f64, k: usize| {
        let chosen = (0..train.len()).filter(|&i| train.y[i] == class);
        chosen.map(|i| train.point(i)[k]).collect::<Vec<_>>()
    };
    for (class, k, center) in [(-1.0, 0, -1.5), (1.0, 0, 1.5), (-1.0, 1, 0.0), (1.0, 1, 0.0)] {
        let values = of_class(class, k);
        let mean = math::mean(&values);
        let squares: Vec<f64> = values.iter().map(|value| (value - mean) * (value - mean)).collect();
        assert!((mean - center).abs() < 0.04 && (math::mean(&squares) - 1.0).abs() < 0.05, "{class} {k}");
    }
}
