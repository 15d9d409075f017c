use crate::{
    digest::Digest,
    results::Manifest,
    run::Task,
    seed::{Draws, Seed, Stream},
};

/// Returns the digest of everything that a manifest claims about its runs: of `restudy/claims`, the root, the digest of
/// each table, by name, and those of the measurements of each run, if it lists them. The root covers only the last
/// measurement and the parameters of every run; earlier measurements are in the tables and the stored runs.
#[must_use]
pub fn claims(manifest: &Manifest) -> Digest {
    let mut bytes = [b"restudy/claims", &manifest.root.0[..]].concat();
    for (name, table) in &manifest.tables {
        bytes.extend([name.as_bytes(), &[0], &table.digest.0].concat());
    }
    bytes.extend(manifest.measurements.iter().flatten().flat_map(|digest| digest.0));
    Digest::of(&bytes)
}

/// Returns a sample of `size` tasks, chosen by the [claims](claims()): changing any result, even one measurement in the
/// middle of a run, changes the claims and so the sample.
///
/// A forger who computes all claims can still search for claims whose sample avoids the forged runs. That is impossible
/// if the verifier adds a `word` of their own after the results are published: the sample then depends on both (the
/// digest of `restudy/sample`, the claims and the word).
#[must_use]
pub fn sample(tasks: &[Task], size: usize, claims: Digest, word: Option<&str>) -> Vec<Task> {
    let chooser = match word {
        None => claims,
        Some(word) => Digest::of(&[b"restudy/sample", &claims.0[..], word.as_bytes()].concat()),
    };
    let mut seed = [0; 8];
    seed.copy_from_slice(&chooser.0[..8]);
    let mut places: Vec<u32> = (0..tasks.len() as u32).collect();
    Draws::new(Seed(u64::from_le_bytes(seed)), Stream::Search).permute(&mut places);
    places.truncate(size);
    places.sort_unstable();
    places.into_iter().map(|place| tasks[place as usize]).collect()
}
