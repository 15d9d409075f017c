//! Manifests with another result, root, label or number of rows, and with valid digests of the manifest itself.

use restudy::{
    digest::{Digest, root},
    results::Manifest,
};

use crate::{Forgery, random::Random, workspace::Workspace};

/// A forged `manifest.json`.
pub fn forge(random: &mut Random, place: &Workspace) -> Option<Forgery> {
    let whole = place.manifest();
    let text = whole.to_text();
    let run = random.below(whole.runs.len());
    let digest = |random: &mut Random| Digest::of(&random.next().to_le_bytes());
    let changed = |change: &mut dyn FnMut(&mut Manifest)| {
        let mut manifest = whole.clone();
        change(&mut manifest);
        manifest.to_text()
    };
    let (what, forged) = match random.below(8) {
        0 => {
            let other = digest(random);
            let covered = random.below(2) == 0;
            let forged = changed(&mut |manifest| {
                manifest.runs[run].digest = other;
                if covered {
                    manifest.root = root(manifest.runs.iter().map(|run| (run.id, run.digest)));
                }
            });
            ("result".to_owned(), forged)
        }
        1 => {
            let other = random.below(whole.runs.len());
            let forged = changed(&mut |manifest| {
                let one = manifest.runs[run].digest;
                manifest.runs[run].digest = manifest.runs[other].digest;
                manifest.runs[other].digest = one;
                manifest.root = root(manifest.runs.iter().map(|run| (run.id, run.digest)));
            });
            ("results exchanged".to_owned(), forged)
        }
        2 => {
            let place = random.below(whole.runs[run].trace.len());
            let digit = ["0", "7", "f"][random.below(3)];
            ("trace".to_owned(), changed(&mut |manifest| manifest.runs[run].trace.replace_range(place..=place, digit)))
        }
        3 => {
            let (trial, seed) = (random.below(3), random.below(4) as u64);
            let forged = changed(&mut |manifest| {
                manifest.runs[run].trial = trial;
                manifest.runs[run].seed = seed;
            });
            ("trial and seed".to_owned(), forged)
        }
        4 => {
            let other = digest(random);
            let which = random.below(4);
            let forged = changed(&mut |manifest| match which {
                0 => manifest.root = other,
                1 => manifest.specification = other,
                2 => manifest.tables.values_mut().nth(run % 4).into_iter().for_each(|table| table.digest = other),
                _ => manifest.files.values_mut().nth(run).into_iter().for_each(|file| *file = other),
            });
            ("digest".to_owned(), forged)
        }
        5 => {
            let forged = changed(&mut |manifest| {
                let own = manifest.runs[run].clone();
                manifest.runs.push(own);
            });
            ("a run twice".to_owned(), forged)
        }
        6 => twice(random, &text)?,
        _ => {
            let label = ["a\nb", "a\u{1b}[2J", "\u{202e}", "a/b", "..", "\u{2028}", "\u{9b}"][random.below(7)];
            let which = random.below(3);
            let forged = changed(&mut |manifest| match which {
                0 => manifest.study = label.into(),
                1 => manifest.restudy = format!("{label}\u{7}"),
                _ => drop(manifest.files.insert(format!("../{label}"), manifest.root)),
            });
            ("label".to_owned(), forged)
        }
    };
    if forged == text {
        return None;
    }
    place.write("results/moons/manifest.json", &forged);
    let mut commands = vec!["verify results/moons --progress none".to_owned()];
    if what.starts_with("twice") || what == "label" {
        commands.push("show results/moons".into());
    }
    Some(Forgery { what: format!("{what}: {forged}"), commands, notices: &[] })
}

/// A key twice: the false value before or after the true one.
fn twice(random: &mut Random, text: &str) -> Option<(String, String)> {
    let lie = Digest::of(&random.next().to_le_bytes());
    let key = ["root", "specification", "study", "contract"][random.below(4)];
    let value = if key == "study" {
        "\"other\"".into()
    } else if key == "contract" {
        "1".into()
    } else {
        format!("\"{lie}\"")
    };
    let own = text.lines().find(|line| line.starts_with(&format!("  \"{key}\": ")))?;
    let lie = format!("  \"{key}\": {value},");
    let pair = if random.below(2) == 0 { format!("{lie}\n{own}") } else { format!("{own}\n{lie}") };
    Some((format!("twice {key}"), text.replacen(own, &pair, 1)))
}
