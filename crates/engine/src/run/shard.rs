use std::{cmp::Reverse, collections::BTreeSet, fmt, str::FromStr};

use super::{Experiment, Task, group::by_shape};

/// A shard of a study, one of several parts: `3/16`.
///
/// A shard consists of whole groups of the complete study, so that the shards run at full speed and cost about the
/// same. Shards depend on the study and on the version of this program alone, not on the machine or on stored runs. All
/// machines of one study must therefore run the same version; otherwise a plain sweep completes the study. The division
/// depends on `GROUP` and [`Experiment::weight`] alone, and a test pins it: the number of SIMD lanes and measured
/// speeds move no run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: u32,
    count: u32,
}

/// The number of runs of one shape that stay together: enough to fill the lanes of a vector. Larger groups would make
/// the costs of shards less even.
const GROUP: usize = 8;

/// The largest number of shards.
const MOST: u32 = 100_000;

impl Shard {
    /// Returns the tasks of this shard among all `tasks` of a study, in order.
    #[must_use]
    pub fn of(self, experiment: &dyn Experiment, tasks: &[Task]) -> Vec<Task> {
        let shaped = by_shape(experiment, tasks);
        let mut groups: Vec<_> = shaped
            .chunk_by(|a, b| a.0 == b.0)
            .flat_map(|same| same.chunks(GROUP))
            .map(|group| (group.iter().map(|(_, task)| u128::from(experiment.weight(task))).sum::<u128>(), group))
            .collect();
        groups.sort_by_key(|(weight, _)| Reverse(*weight));
        let mut load = BTreeSet::from_iter((0..self.count).map(|shard| (0, shard)));
        let mut ids = Vec::new();
        for (weight, group) in groups {
            // The heaviest remaining group goes to the shard with the smallest load, the first of equal ones.
            let Some((least, shard)) = load.pop_first() else { break };
            load.insert((least + weight, shard));
            if shard == self.number - 1 {
                ids.extend(group.iter().map(|(_, task)| task.id));
            }
        }
        ids.sort_unstable();
        tasks.iter().filter(|task| ids.binary_search(&task.id).is_ok()).copied().collect()
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
            _ => Err(format!("expected a shard and the number of shards, from 1/1 to {MOST}/{MOST}, such as 3/16")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_written_as_fractions() {
        for text in ["1/1", "3/16", "16/16"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in ["", "3", "0/4", "5/4", "1/0", "-1/4", "1/4/2", "a/b", "1/100001", "1/99999999999"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
