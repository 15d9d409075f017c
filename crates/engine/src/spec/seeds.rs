//! The key `seeds` of `[sweep]`: a count, a list or a range.

use std::collections::BTreeSet;

use super::{
    problem::{Code, Problem},
    read::read,
    sweeping::{MOST, SeedRange},
    tree::{Node, Value},
};
use crate::seed::Seed;

pub(super) fn seeds(node: &Node) -> Result<Vec<Seed>, Problem> {
    let wanted = format!("a whole number from 1 to {MOST}");
    let range = match &node.value {
        Value::Int(_) => {
            let count = read(node, "sweep.seeds").map_err(|problem| problem.expecting("sweep.seeds", &wanted))?;
            SeedRange { from: 0, count }
        }
        Value::Table(_) => {
            read(node, "sweep.seeds").map_err(|problem| problem.expecting("sweep.seeds.count", &wanted))?
        }
        Value::List(items) => return list_of_seeds(node, items),
        _ => return Err(Problem::value(Code::WrongType, "sweep.seeds", node, "a count, a list, or { from, count }")),
    };
    if range.count == 0 || range.count > MOST as u64 {
        return Err(Problem::new(count_code(range.count), format!("`sweep.seeds` cannot be {} seeds", range.count))
            .at(node.span, format!("expected from 1 to {MOST} seeds"))
            .help("seeds = 30 is the seeds 0 to 29; seeds = [7] is the seed 7 alone"));
    }
    let last = range.from.checked_add(range.count - 1).ok_or_else(|| {
        let from = node.get("from").unwrap_or(node);
        Problem::new(Code::InvalidValue, "`sweep.seeds` goes beyond the largest seed")
            .at(from.span, format!("expected at most {}", u64::MAX - (range.count - 1)))
    })?;
    Ok((range.from..=last).map(Seed).collect())
}

fn count_code(count: u64) -> Code {
    if count == 0 { Code::InvalidValue } else { Code::TooManyRuns }
}

fn list_of_seeds(node: &Node, items: &[Node]) -> Result<Vec<Seed>, Problem> {
    let seeds: Vec<u64> = read(node, "sweep.seeds")?;
    if seeds.is_empty() || seeds.len() > MOST {
        return Err(Problem::new(count_code(seeds.len() as u64), format!("`sweep.seeds` has {} seeds", seeds.len()))
            .at(node.span, format!("expected from 1 to {MOST} seeds")));
    }
    let mut seen = BTreeSet::new();
    if let Some(place) = seeds.iter().position(|seed| !seen.insert(*seed)) {
        let first = seeds.iter().position(|seed| *seed == seeds[place]).unwrap_or(0);
        return Err(Problem::new(
            Code::SeedsRepeated,
            format!("the seed {} stands twice in `sweep.seeds`", seeds[place]),
        )
        .at(items[place].span, "again here")
        .at(items[first].span, "first here")
        .help("a seed gives the same run however often it is run: remove one of the two"));
    }
    Ok(seeds.into_iter().map(Seed).collect())
}
