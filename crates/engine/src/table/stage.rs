//! Selects the first stage of a study in its tables, which figures and pages show.
//!
//! The tables `runs`, `metrics` and `weights` have every run. With `confirm`, the chosen trials have more runs than the
//! others, and the seeds by which they were chosen favor them: comparisons of all trials show the first stage, and the
//! verdict is based on the second.

use std::{borrow::Cow, collections::BTreeMap};

use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray};

use super::{texts, wholes};
use crate::{seed::Seed, sweep::Study};

/// Returns the tables of a study without the runs that confirm; unchanged if there are none.
#[must_use]
pub fn first_stage<'a>(
    study: &Study,
    tables: &'a BTreeMap<&'static str, DataFrame>,
) -> Cow<'a, BTreeMap<&'static str, DataFrame>> {
    let runs = study.confirm.and_then(|_| tables.get("runs"));
    let Some((ids, seeds)) = runs.and_then(|runs| Some((texts(runs, "run")?, wholes(runs, "seed")?))) else {
        return Cow::Borrowed(tables);
    };
    let of_first = |seed: &u64| !study.confirms(Seed(*seed));
    let keeps = seeds.iter().map(of_first).collect::<Vec<_>>();
    let kept: Vec<&str> = {
        let mut kept: Vec<_> = ids.iter().zip(&keeps).filter(|(_, keep)| **keep).map(|(id, _)| *id).collect();
        kept.sort_unstable();
        kept
    };
    let mut first = tables.clone();
    for (name, table) in &mut first {
        let keeps: Vec<bool> = match *name {
            "runs" => keeps.clone(),
            "metrics" | "weights" => {
                let runs = texts(table, "run").unwrap_or_default();
                runs.iter().map(|id| kept.binary_search(id).is_ok()).collect()
            }
            _ => continue,
        };
        if keeps.len() == table.height()
            && let Ok(own) = table.filter(&BooleanChunked::from_slice("keeps".into(), &keeps))
        {
            *table = own;
        }
    }
    Cow::Owned(first)
}
