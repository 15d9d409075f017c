//! Legends: in a row, in a column, or in as many rows as needed.

use plotters::style::text_anchor::{HPos, VPos};

use super::{
    canvas::Area,
    font,
    page::{DrawResult, text},
    style::{self, TextStyle},
};

/// A row of names with their symbols, from the left; `symbol` draws one around a place in pixels.
pub(super) fn legend(
    area: &Area<'_>,
    at: (f64, f64),
    entries: &[String],
    symbol: impl Fn(usize, (f64, f64)) -> DrawResult,
) -> DrawResult {
    let letters = TextStyle::new(style::TICK);
    let mut x = at.0;
    for (i, entry) in entries.iter().enumerate() {
        symbol(i, (x + 11.0, at.1))?;
        text(area, entry, (x + 28.0, at.1), letters, HPos::Left, VPos::Center)?;
        x += 28.0 + font::width(entry, false) * letters.size + 24.0;
    }
    Ok(())
}

/// A column of names with their symbols under a heading; `symbol` draws one around a place in pixels.
pub(super) fn key(
    area: &Area<'_>,
    (x, mut y): (f64, f64),
    heading: &str,
    entries: &[String],
    symbol: impl Fn(usize, (f64, f64)) -> DrawResult,
) -> DrawResult {
    text(area, heading, (x, y), TextStyle::new(style::TICK).bold(), HPos::Left, VPos::Center)?;
    // Of very many entries only some have room; their order shows where the others belong.
    let every = if entries.len() > MANY { entries.len().div_ceil(FIT) } else { 1 };
    for (i, entry) in entries.iter().enumerate().step_by(every) {
        y += 23.0;
        symbol(i, (x + 13.0, y))?;
        text(area, entry, (x + 34.0, y), TextStyle::new(style::TICK), HPos::Left, VPos::Center)?;
    }
    Ok(())
}

/// The width of a key in pixels.
pub(super) fn key_width(heading: &str, entries: &[String]) -> f64 {
    let entry = entries.iter().map(|entry| font::width(entry, false) * style::TICK + 34.0).fold(0.0, f64::max);
    entry.max(font::width(heading, true) * style::TICK)
}

/// The positions of the entries of a legend on `room` pixels: from the left, and the row.
fn flow(entries: &[String], room: f64) -> Vec<(f64, usize)> {
    let (mut x, mut row) = (0.0, 0);
    let mut places = Vec::new();
    for entry in entries {
        let width = 28.0 + font::width(entry, false) * style::TICK;
        if x > 0.0 && x + width > room {
            (x, row) = (0.0, row + 1);
        }
        places.push((x, row));
        x += width + 18.0;
    }
    places
}

/// The height of [`rows`] of names under a heading.
pub(super) fn rows_height(entries: &[String], room: f64) -> f64 {
    flow(entries, room).last().map_or(0.0, |(_, row)| (row + 2) as f64 * ROW)
}

/// Names with their symbols under a heading, side by side in rows of `room` pixels; `symbol` draws one around a place
/// in pixels.
pub(super) fn rows(
    area: &Area<'_>,
    (x, y): (f64, f64),
    room: f64,
    heading: &str,
    entries: &[String],
    symbol: impl Fn(usize, (f64, f64)) -> DrawResult,
) -> DrawResult {
    text(area, heading, (x, y), TextStyle::new(style::TICK).bold(), HPos::Left, VPos::Center)?;
    for (i, (entry, (along, row))) in entries.iter().zip(flow(entries, room)).enumerate() {
        let (x, y) = (x + along, y + (row + 1) as f64 * ROW);
        symbol(i, (x + 13.0, y))?;
        text(area, entry, (x + 31.0, y), TextStyle::new(style::TICK), HPos::Left, VPos::Center)?;
    }
    Ok(())
}

/// A longer column than this is shortened to the entries that fit beside a figure.
const MANY: usize = 60;
const FIT: usize = 14;

/// From row to row.
const ROW: f64 = 21.0;
