//! Tests that no two runs have the same bytes: under the grammar, hashed bytes can be decoded, and give the original
//! values.
//!
//! An encoder written from the contract is compared with the digests of the library; a decoder returns the values of
//! each text. A layout with a decoder has one text for each value, so that different values have different texts.

use proptest::{collection, prelude::*};
use restudy::{
    digest::{
        self, Digest, Value,
        grammar::{SECTIONS, is_number, is_path},
    },
    seed::Seed,
    train::Observation,
};

type Settings = Vec<(String, Value<'static>)>;

fn identity(settings: &Settings, seed: u64) -> Vec<u8> {
    let lines: String = settings.iter().map(|(path, value)| format!("{path}={value}\n")).collect();
    format!("restudy/id\ncontract=1\n{lines}seed={seed}\n").into_bytes()
}

/// Decodes the text of an identity to its settings and its seed.
fn identified(mut text: &[u8]) -> Option<(Settings, u64)> {
    let line = |text: &[u8]| text.iter().position(|byte| *byte == b'\n');
    text = text.strip_prefix(b"restudy/id\ncontract=1\n")?;
    let mut settings: Settings = Vec::new();
    loop {
        // No path contains `=`.
        let end = text.iter().position(|byte| *byte == b'=')?;
        let path = str::from_utf8(&text[..end]).ok()?;
        text = &text[end + 1..];
        if path == "seed" {
            let number = str::from_utf8(text.strip_suffix(b"\n")?).ok()?;
            return is_number(number).then(|| number.parse().ok()).flatten().map(|seed| (settings, seed));
        }
        let sorted = settings.last().is_none_or(|(last, _)| last.as_bytes() < path.as_bytes());
        if !is_path(path) || !sorted {
            return None;
        }
        let (kind, rest) = text.split_first()?;
        let (value, rest) = match kind {
            b'u' => {
                let digits = str::from_utf8(&rest[..line(rest)?]).ok().filter(|digits| is_number(digits))?;
                (Value::Int(digits.parse().ok()?), &rest[digits.len()..])
            }
            b'f' => {
                let (digits, rest) = rest.split_at_checked(16)?;
                let digits = str::from_utf8(digits).ok()?;
                (Value::Float(f64::from_bits(u64::from_str_radix(digits, 16).ok()?)), rest)
            }
            // The length is given, so that the text may contain line breaks, `=`, and lines of other settings.
            b's' => {
                let colon = rest.iter().position(|byte| *byte == b':')?;
                let length = str::from_utf8(&rest[..colon]).ok().filter(|length| is_number(length))?.parse().ok()?;
                let (own, rest) = rest[colon + 1..].split_at_checked(length)?;
                (Value::String(String::from_utf8(own.to_vec()).ok()?.into()), rest)
            }
            _ => return None,
        };
        text = rest.strip_prefix(b"\n")?;
        settings.push((path.to_owned(), value));
    }
}

fn path() -> impl Strategy<Value = String> {
    let part = "[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,3}){0,2}|0|[1-9][0-9]{0,2}";
    (proptest::sample::select(&SECTIONS[..]), collection::vec(part, 1..4))
        .prop_map(|(section, parts)| format!("{section}.{}", parts.join(".")))
}

/// Numbers of every bit pattern, and texts that look like their surroundings.
fn value() -> impl Strategy<Value = Value<'static>> {
    let text = prop_oneof![
        "\\PC*",
        "[a-z=\n:.us0-9]{0,40}",
        Just("x\nmodel.hidden=u2".to_owned()),
        Just("\nseed=1\n".to_owned()),
        Just("5:error\nmodel.hidden=u2\nmodel.init=s6:normal".to_owned()),
        Just("\u{202e}\0\r\n".to_owned()),
    ];
    prop_oneof![
        any::<u64>().prop_map(Value::Int),
        any::<u64>().prop_map(|bits| Value::Float(f64::from_bits(bits))),
        text.prop_map(|text| Value::String(text.into())),
    ]
}

fn settings() -> impl Strategy<Value = Settings> {
    collection::btree_map(path(), value(), 0..8).prop_map(|settings| settings.into_iter().collect())
}

/// A last measurement, and parameters.
fn last() -> impl Strategy<Value = (Observation, Option<Vec<f64>>)> {
    let number = || any::<u64>().prop_map(f64::from_bits);
    (0..4_usize).prop_flat_map(move |metrics| {
        let part = || collection::vec(number(), metrics);
        let point = (any::<u64>(), any::<u64>(), part(), part()).prop_map(|(epoch, step, train, validation)| {
            Observation { epoch, step, values: [train, validation].concat() }
        });
        (point, proptest::option::of(collection::vec(number(), 1..9)))
    })
}

fn link(previous: Digest, point: &Observation, parameters: Option<&[f64]>) -> Vec<u8> {
    let mut text = b"restudy/link".to_vec();
    text.extend(previous.0);
    text.extend(point.epoch.to_le_bytes());
    text.extend(point.step.to_le_bytes());
    let numbers = point.values.iter().chain(parameters.unwrap_or_default());
    numbers.for_each(|number| text.extend(number.to_le_bytes()));
    text
}

/// The content of a link: the previous link, epoch and step, the bits of the metrics of both splits, and of the
/// parameters.
type Linked = (Digest, [u64; 2], [Vec<u64>; 2], Option<Vec<u64>>);

/// Decodes a link of a run with this many metrics.
fn linked(text: &[u8], metrics: usize) -> Option<Linked> {
    let (previous, rest) = text.strip_prefix(b"restudy/link")?.split_first_chunk::<32>()?;
    let (words, []) = rest.as_chunks::<8>() else { return None };
    let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let [epoch, step, rest @ ..] = words.as_slice() else { return None };
    let (train, rest) = rest.split_at_checked(metrics)?;
    let (validation, rest) = rest.split_at_checked(metrics)?;
    // A network has at least one parameter, so that none means that they were left out.
    let parameters = (!rest.is_empty()).then(|| rest.to_vec());
    Some((Digest(*previous), [*epoch, *step], [train.to_vec(), validation.to_vec()], parameters))
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

proptest! {
    #[test]
    fn an_identity_is_of_one_run(settings in settings(), seed in any::<u64>()) {
        prop_assert!(settings.iter().all(|(path, _)| is_path(path)));
        let text = identity(&settings, seed);
        let own = digest::run_id(settings.iter().map(|(path, value)| (path.as_str(), value.clone())), Seed(seed));
        prop_assert_eq!(Digest::of(&text), own, "the layout is that of the library");
        let (read, number) = identified(&text).unwrap();
        // Compare bits: a NaN does not equal itself.
        prop_assert_eq!(identity(&read, number), text);
        prop_assert_eq!(format!("{read:?} {number}"), format!("{settings:?} {seed}"));
    }

    #[test]
    fn a_link_is_of_one_measurement_of_a_run(previous in any::<[u8; 32]>(), (point, parameters) in last()) {
        let previous = Digest(previous);
        let text = link(previous, &point, parameters.as_deref());
        prop_assert_eq!(Digest::of(&text), digest::last_link(previous, &point, parameters.as_deref()));
        let whole = (
            previous,
            [point.epoch, point.step],
            point.halves().map(bits),
            parameters.as_deref().map(bits),
        );
        prop_assert_eq!(linked(&text, point.values.len() / 2), Some(whole));
    }

    #[test]
    fn settings_that_differ_have_identities_that_differ(
        (one, other) in (settings(), settings()), (seed, next) in (any::<u64>(), any::<u64>()), place in any::<prop::sample::Index>(),
    ) {
        // Two unrelated settings, and one with a line moved into its neighbors in every way that keeps the bytes.
        let id = |settings: &Settings, seed| digest::run_id(settings.iter().map(|(path, value)| (path.as_str(), value.clone())), Seed(seed));
        if format!("{one:?} {seed}") != format!("{other:?} {next}") {
            prop_assert_ne!(id(&one, seed), id(&other, next));
        }
        if one.len() > 1 {
            let at = place.index(one.len() - 1);
            let mut merged = one.clone();
            let (path, value) = merged.remove(at);
            merged[at].0 = format!("{path}={value}\n{}", merged[at].0);
            prop_assert_eq!(id(&merged, seed), id(&one, seed), "the bytes are the same");
            prop_assert!(!is_path(&merged[at].0), "which is why it is no path");
        }
    }
}

#[test]
fn no_tag_begins_another() {
    let tags = [
        "restudy/id\n",
        "restudy/link",
        "restudy/run",
        "restudy/leaf",
        "restudy/node",
        "restudy/proof\n",
        "restudy/data",
        "restudy/table",
        "restudy/own\n",
    ];
    for (place, tag) in tags.iter().enumerate() {
        assert!(tags.iter().enumerate().all(|(other, own)| other == place || !own.starts_with(tag)), "{tag}");
    }
}
