//! Recovery from unknown keys: an unknown key is read as the known key that was probably meant, or removed, so that one
//! reading finds further mistakes.

use super::{
    problem::{Code, Problem},
    tree::{Node, Span, Table, Value},
};

/// The largest number of repairs of one specification.
pub const MOST: usize = 20;

/// Repairs the unknown key of `problem` in the tree; returns whether it was repaired.
pub fn repair(root: &mut Node, problem: &Problem) -> bool {
    let (Some(unknown), Some((span, _))) = (&problem.unknown_key, problem.labels.first()) else { return false };
    let Value::Table(sections) = &mut root.value else { return false };
    // The path of an axis outside `[sweep]`: its header is missing, and other axes would repeat the mistake.
    if problem.code == Code::UnknownKey && unknown.found.contains('.') {
        return false;
    }
    // Axes, zips, exclusions and figures refer to each other: removing a key would cause false mistakes.
    let is_referenced = sections.0.iter().any(|section| {
        ["sweep", "figures"].contains(&section.key.as_str()) && (section.span == *span || has(&section.node, *span))
    });
    match &unknown.meant {
        Some(meant) => change(sections, (*span, &unknown.found), &mut |table, place| {
            let is_free = table.get(meant).is_none();
            if is_free {
                table.0[place].key.clone_from(meant);
            }
            is_free
        }),
        None if is_referenced => false,
        None => change(sections, (*span, &unknown.found), &mut |table, place| {
            table.0.remove(place);
            true
        }),
    }
}

/// Whether a key in `node` is at `span`.
fn has(node: &Node, span: Span) -> bool {
    match &node.value {
        Value::Table(table) => table.0.iter().any(|entry| entry.span == span || has(&entry.node, span)),
        Value::List(items) => items.iter().any(|item| has(item, span)),
        _ => false,
    }
}

/// Applies `change_key` to the key with this span and name, at any depth; returns whether it was found and changed.
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
