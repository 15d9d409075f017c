use super::*;

fn of(groups: usize) -> Selection {
    let group =
        |i: usize| Group { label: i.to_string(), number: None, rows: vec![2 * i, 2 * i + 1], chosen: Vec::new() };
    Selection {
        name: "noise".into(),
        log: false,
        groups: (0..groups).map(group).collect(),
        notes: Vec::new(),
        diverged: vec![false; 2 * groups],
        of_folds: Vec::new(),
        best: String::new(),
    }
}

fn labels(selection: &Selection) -> Vec<&str> {
    selection.groups.iter().map(|group| group.label.as_str()).collect()
}

#[test]
fn many_groups_are_thinned_from_the_first_to_the_last() {
    assert_eq!(labels(&of(11).thinned(3)), ["0", "5", "10"]);
    assert_eq!(of(11).thinned(3).notes, ["Drawn are 3 of 11 values, at even distances in their order."]);
    for most in [2, 7, 100] {
        let thinned = of(1_000).thinned(most);
        assert_eq!((thinned.groups.len(), labels(&thinned)[0], labels(&thinned)[most - 1]), (most, "0", "999"));
    }
    assert!(of(7).thinned(7).notes.is_empty() && of(7).thinned(usize::MAX).groups.len() == 7);
}

#[test]
fn joined_groups_keep_every_run() {
    let joined = of(10).joined(4);
    assert_eq!(labels(&joined), ["0", "3", "6", "9"]);
    assert_eq!(joined.notes, ["10 values of noise, 3 joined at a time."]);
    assert_eq!(joined.groups[1].rows, [6, 7, 8, 9, 10, 11]);
    assert_eq!(joined.groups.iter().flat_map(|group| &group.rows).count(), 20);
    assert!(of(4).joined(4).notes.is_empty());
}

#[test]
fn long_lists_of_values_are_listed_by_their_ends() {
    let values = |count: usize| (0..count).map(|value| value.to_string()).collect::<Vec<_>>();
    assert_eq!(listed(&values(3)), "0, 1, 2");
    assert_eq!(listed(&values(1_000)), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ... 999 (1000 values)");
}
