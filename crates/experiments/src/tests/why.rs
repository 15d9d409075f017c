use std::{collections::BTreeSet, path::Path};

use crate::{
    results::why::*,
    run::{self, Kept, Prepared},
    sweep::{AxisValue, Study},
};

fn study(axes: &str) -> Study {
    let text = format!(
        "[study]\nquestion = \"?\"\n[data.double-moon]\ntrain = 20\nvalidation = 20\n[model]\nhidden = 3\n[train]\nepochs = 3\n\
         [sweep]\nseeds = [5, 9]\n{axes}"
    );
    crate::tests::fixture::parse("s", Path::new("s.toml"), &text, &[]).unwrap()
}

#[test]
fn the_nearest_has_the_fewest_changes() {
    fn network(study: &Study) -> Box<dyn Prepared + '_> {
        run::without_data(study, Kept::default()).unwrap()
    }
    let theirs = study("\"model.hidden\" = [2, 3, 4]\n");
    let theirs = network(&theirs);
    let stored = Stored::new(&*theirs, &theirs.tasks(), BTreeSet::new(), true);
    let near = |axes: &str, of: usize| stored.nearest(&*network(&study(axes)), 0, of);
    assert_eq!(near("", 1), (1, vec![]));
    let change =
        |path: &str, old: &str, new: &str| Change { path: path.into(), old: Some(old.into()), new: Some(new.into()) };
    let epochs = change("train.epochs", "3", "7");
    let four = "\"model.hidden\" = [4]\n\"train.epochs\" = [7]\n";
    assert_eq!(near(four, 1), (2, vec![epochs.clone()]));
    // With this many trials only the first is compared, but an identical one is still found.
    assert_eq!(near(four, MOST_PAIRS), (0, vec![change("model.hidden", "2", "4"), epochs]));
    assert_eq!(near("", MOST_PAIRS), (1, vec![]));
}

#[test]
fn a_setting_that_only_one_has_is_a_change() {
    let of = |pairs: &[(&str, u64)]| {
        pairs.iter().map(|(path, value)| ((*path).to_owned(), AxisValue::Int(*value))).collect::<Vec<_>>()
    };
    let found = changes(&of(&[("a", 1), ("b", 2), ("d", 4)]), &of(&[("b", 3), ("c", 5), ("d", 4), ("e", 6)]));
    let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["a: 1 → nothing", "b: 2 → 3", "c: nothing → 5", "e: nothing → 6"]);
}
