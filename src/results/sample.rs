use crate::{
    digest::Digest,
    run::Task,
    seed::{Draws, Seed, Stream},
};

/// A sample of `size` tasks, chosen by the root of the study: whoever changes a result changes the root, and with it the sample.
///
/// A forger who computes everything anew can still look for a root that spares him. He cannot if the verifier adds a `word` of
/// their own once the root is published: the sample then depends on both (the digest of `restudy/sample`, the root and the word).
#[must_use]
pub fn sample(tasks: &[Task], size: usize, root: Digest, word: Option<&str>) -> Vec<Task> {
    let chooser = match word {
        None => root,
        Some(word) => Digest::of(&[b"restudy/sample", &root.0[..], word.as_bytes()].concat()),
    };
    let mut seed = [0; 8];
    seed.copy_from_slice(&chooser.0[..8]);
    let mut places: Vec<u32> = (0..tasks.len() as u32).collect();
    Draws::new(Seed(u64::from_le_bytes(seed)), Stream::Search).permute(&mut places);
    places.truncate(size);
    places.sort_unstable();
    places.into_iter().map(|place| tasks[place as usize]).collect()
}
