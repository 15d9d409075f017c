use std::{cmp::Reverse, collections::BTreeSet, fmt, str::FromStr};

use super::{Experiment, Task, group::by_shape};

/// One of so many parts of a study: `3/16`.
///
/// Parts are made of whole groups of the complete study, so that they are trained as fast as it is, and cost about the same.
/// They depend on the study and on the version of this program alone: not on the machine, and not on what is there already. All machines
/// that have a part of one study must so run one version; where they do not, a plain sweep does what is left. What decides stands here
/// (`GROUP`) and in [`Experiment::weight`], and a test pins it: how many lanes a kernel has, and what is known of its speed, moves no run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: u32,
    count: u32,
}

/// So many runs of one shape stay together: as many as fill the lanes of a vector. Parts of fewer, larger groups would cost less alike.
const GROUP: usize = 8;

/// The largest number of parts.
const MOST: u32 = 100_000;

impl Shard {
    /// The tasks of this part among all `tasks` of a study, in their order.
    #[must_use]
    pub fn of(self, experiment: &dyn Experiment, tasks: &[Task]) -> Vec<Task> {
        let shaped = by_shape(experiment, tasks);
        let mut groups: Vec<_> = shaped
            .chunk_by(|a, b| a.0 == b.0)
            .flat_map(|same| same.chunks(GROUP))
            .map(|group| (group.iter().map(|(_, task)| u128::from(experiment.weight(task))).sum::<u128>(), group))
            .collect();
        groups.sort_by_key(|(weight, _)| Reverse(*weight));
        let mut load = BTreeSet::from_iter((0..self.count).map(|part| (0, part)));
        let mut own = Vec::new();
        for (weight, group) in groups {
            // The heaviest that is left goes to the part that has the least, the first of them.
            let Some((least, part)) = load.pop_first() else { break };
            load.insert((least + weight, part));
            if part == self.number - 1 {
                own.extend(group.iter().map(|(_, task)| task.id));
            }
        }
        own.sort_unstable();
        tasks.iter().filter(|task| own.binary_search(&task.id).is_ok()).copied().collect()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(number, count)| Some((number.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((number, count)) if (1..=count).contains(&number) && count <= MOST => Ok(Self { number, count }),
            _ => Err(format!("expected a part and the number of parts, from 1/1 to {MOST}/{MOST}, such as 3/16")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_as_fractions() {
        for text in ["1/1", "3/16", "16/16"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in ["", "3", "0/4", "5/4", "1/0", "-1/4", "1/4/2", "a/b", "1/100001", "1/99999999999"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
