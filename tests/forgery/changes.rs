//! No change of a valid proof is accepted: of any character, any field, any line.

use std::{fs, path::Path};

use restudy::{digest::Digest, proof::RunProof, results::Manifest};
use serde_json::Value as Json;

use crate::{
    proofs::leaves,
    random::Random,
    seal::{proof, sealed},
    workspace::Workspace,
};

/// Parses a text as `check-proof --root` does; `None` if it is refused.
fn accepted(text: &str, root: Digest) -> Option<RunProof> {
    let proof = RunProof::parse(text).ok()?;
    (proof.validate().is_empty() && proof.root == root).then_some(proof)
}

#[test]
fn of_any_character() {
    let place = Workspace::swept();
    let root = place.manifest().root;
    let text = sealed(proof(&place, "hidden=3,seed=1"));
    let whole = accepted(&text, root).unwrap();
    let mut random = Random(3);
    let pieces: Vec<char> = "0159.-+eE\"\\{}[]:,= ntrue\n\r\t\0aZ\u{202e}é".chars().collect();
    let mut tried = 0;
    for (at, own) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at + own.len_utf8()..]);
        let other = pieces[random.below(pieces.len())];
        let changes = [
            format!("{before}{after}"),
            format!("{before}{own}{own}{after}"),
            format!("{before}{other}{after}"),
            format!("{before}{other}{own}{after}"),
            format!("{before}{}{after}", own.to_ascii_uppercase()),
            text[..at].to_owned(),
        ];
        for change in changes.into_iter().filter(|change| *change != text) {
            tried += 1;
            // White space between tokens may change.
            if let Some(read) = accepted(&change, root) {
                assert_eq!(read, whole, "at byte {at}");
                let bare = |text: &str| text.replace([' ', '\n', '\r', '\t'], "");
                assert_eq!(bare(&change), bare(&text), "at byte {at}");
            }
        }
    }
    assert!(tried > 5000, "{tried}");
}

/// Proofs from before the rules for their texts follow these rules.
#[test]
fn proofs_of_the_past_are_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for entry in fs::read_dir(root.join("tests/fixtures/proofs")).unwrap() {
        let path = entry.unwrap().path();
        let manifest = Manifest::read(&root.join("results").join(path.file_stem().unwrap())).unwrap();
        let proof = RunProof::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(proof.validate(), Vec::<String>::new(), "{}", path.display());
        assert_eq!(proof.root, manifest.root, "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 6);
}

#[test]
fn of_any_field_with_a_valid_seal() {
    let place = Workspace::swept();
    let root = place.manifest().root;
    for run in ["hidden=1,seed=0", "hidden=3,seed=1"] {
        let whole = proof(&place, run);
        let mut paths = Vec::new();
        leaves(&whole, "", &mut paths);
        paths.retain(|path| path != "/study" && path != "/seal");
        let mut random = Random(4);
        for path in paths.iter().cycle().take(40 * paths.len()) {
            let mut changed = whole.clone();
            let value = changed.pointer_mut(path).unwrap();
            let own = value.clone();
            *value = match (random.below(6), &own) {
                (0, Json::Number(number)) => (number.as_f64().unwrap_or_default() + 1.0).into(),
                (1, Json::Number(number)) => number.as_u64().unwrap_or_default().wrapping_add(1).into(),
                (2, Json::Number(number)) => number.to_string().into(),
                (3, Json::Number(number)) => number.as_f64().unwrap_or_default().next_down().into(),
                (4, Json::Number(_)) => random.next().into(),
                (0, Json::String(text)) => text.to_uppercase().into(),
                (1, Json::String(text)) => format!("{text}\n").into(),
                (2, Json::String(text)) => text.chars().rev().collect::<String>().into(),
                (3, Json::String(text)) => text[..text.len() - 1].into(),
                (4, Json::String(text)) => format!("{text}0").into(),
                _ => [Json::Null, true.into(), 0.into(), "".into(), Json::Array(vec![own.clone()])][random.below(5)]
                    .clone(),
            };
            if *value != own {
                assert_eq!(
                    accepted(&sealed(changed.clone()), root),
                    None,
                    "{path}: {own} became {}",
                    changed.pointer(path).unwrap()
                );
            }
        }
    }
}
