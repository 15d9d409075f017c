//! Going on after a slip: a key that is not known is read as the one that it was probably meant to be, or left out, so that
//! whatever else is wrong is told at the same time.

use super::{
    problem::{Code, Problem},
    tree::{Node, Span, Table, Value},
};

/// So many slips are told at once.
pub const MOST: usize = 20;

/// Mends what `problem` complains of, if it is a key that is not known; says whether it did.
pub fn mend(root: &mut Node, problem: &Problem) -> bool {
    let (Some(slip), Some((span, _))) = (&problem.slip, problem.labels.first()) else { return false };
    let Value::Table(sections) = &mut root.value else { return false };
    // The path of an axis under another section is one of several that lack their section: one of them is enough.
    if problem.code == Code::UnknownKey && slip.found.contains('.') {
        return false;
    }
    // What is swept and drawn refers to each other: without one key, others would seem wrong that are not.
    let needed = sections.0.iter().any(|section| {
        ["sweep", "figures"].contains(&section.key.as_str()) && (section.span == *span || has(&section.node, *span))
    });
    match &slip.meant {
        Some(meant) => change(sections, (*span, &slip.found), &mut |table, place| {
            let free = table.get(meant).is_none();
            if free {
                table.0[place].key.clone_from(meant);
            }
            free
        }),
        None if needed => false,
        None => change(sections, (*span, &slip.found), &mut |table, place| {
            table.0.remove(place);
            true
        }),
    }
}

/// Whether a key in `node` stands at `span`.
fn has(node: &Node, span: Span) -> bool {
    match &node.value {
        Value::Table(table) => table.0.iter().any(|entry| entry.span == span || has(&entry.node, span)),
        Value::List(items) => items.iter().any(|item| has(item, span)),
        _ => false,
    }
}

/// Does `change` to the key of this name at its place, wherever it stands; false if it stands nowhere, or cannot be changed.
fn change(table: &mut Table, key: (Span, &str), change_key: &mut impl FnMut(&mut Table, usize) -> bool) -> bool {
    if let Some(place) = table.0.iter().position(|entry| (entry.span, entry.key.as_str()) == key) {
        return change_key(table, place);
    }
    table.0.iter_mut().any(|entry| change_in(&mut entry.node, key, change_key))
}

fn change_in(node: &mut Node, key: (Span, &str), change_key: &mut impl FnMut(&mut Table, usize) -> bool) -> bool {
    match &mut node.value {
        Value::Table(table) => change(table, key, change_key),
        Value::List(items) => items.iter_mut().any(|item| change_in(item, key, change_key)),
        _ => false,
    }
}
