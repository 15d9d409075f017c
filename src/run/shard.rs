use std::{fmt, str::FromStr};

use super::{Experiment, Task, group::priced};

/// One of so many parts of a study: `3/16`.
///
/// Parts are made of whole groups of the complete study, so that they are trained as fast as it is, and cost about the same.
/// They depend on the study alone: not on the machine, and not on what is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    number: u32,
    count: u32,
}

/// The largest number of parts.
const MOST: u32 = 100_000;

impl Shard {
    /// The tasks of this part among all `tasks` of a study, in their order.
    #[must_use]
    pub fn of<E: Experiment>(self, experiment: &E, tasks: &[Task]) -> Vec<Task> {
        let mut load = vec![0.0; self.count as usize];
        let mut own = Vec::new();
        for (cost, group) in priced(experiment, tasks) {
            // The dearest that is left goes to the part that has the least, the first of them.
            let least = (1..load.len()).fold(0, |least, part| if load[part] < load[least] { part } else { least });
            load[least] += cost;
            if least == self.number as usize - 1 {
                own.extend(group.iter().map(|task| task.id));
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
