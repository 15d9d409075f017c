//! Lines of equal value over a grid: marching squares.
//!
//! Source: Lorensen and Cline, "Marching cubes", SIGGRAPH 1987, in two dimensions; saddles are decided by the mean of
//! the corners.

use std::collections::{BTreeMap, BTreeSet};

/// Values at the crossings of a grid.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    /// Where the columns are, ascending.
    pub x: Vec<f64>,
    /// Where the rows are, ascending.
    pub y: Vec<f64>,
    /// Row after row.
    pub values: Vec<f64>,
}

/// A line; the greater values are on its left when y points up.
pub(super) type Line = Vec<(f64, f64)>;

/// An edge of the grid by its lower left end: along x, or along y.
type Edge = (usize, usize, bool);

impl Grid {
    /// The same values with a border that is below everything and has no width, so that every line is closed.
    pub(super) fn bordered(&self) -> Self {
        let widen = |places: &[f64]| -> Vec<f64> {
            let (first, last) = (places.first().copied(), places.last().copied());
            first.into_iter().chain(places.iter().copied()).chain(last).collect()
        };
        let (columns, rows) = (self.x.len(), self.y.len());
        let mut values = vec![f64::NEG_INFINITY; (columns + 2) * (rows + 2)];
        for row in 0..rows {
            let to = (row + 1) * (columns + 2) + 1;
            values[to..to + columns].copy_from_slice(&self.values[row * columns..][..columns]);
        }
        Self { x: widen(&self.x), y: widen(&self.y), values }
    }

    /// The lines at which the values cross `level`. Those that are closed end where they begin. `between` gives the
    /// value between the crossings of the grid, where a steep one may be far from linear.
    pub(super) fn lines(&self, level: f64, between: &impl Fn(f64, f64) -> f64) -> Vec<Line> {
        let mut next: BTreeMap<Edge, Edge> = BTreeMap::new();
        for row in 0..self.y.len().saturating_sub(1) {
            for column in 0..self.x.len().saturating_sub(1) {
                self.cell(column, row, level, &mut next);
            }
        }
        let ends: BTreeSet<Edge> = next.values().copied().collect();
        let starts: Vec<Edge> = next.keys().copied().filter(|edge| !ends.contains(edge)).collect();
        let mut lines = Vec::new();
        for start in starts {
            lines.push(self.follow(start, &mut next, &|edge| self.crossing(edge, level, between)));
        }
        while let Some((&start, _)) = next.first_key_value() {
            lines.push(self.follow(start, &mut next, &|edge| self.crossing(edge, level, between)));
        }
        lines
    }

    fn value(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.x.len() + column]
    }

    /// Records which edge of a cell leads to which.
    fn cell(&self, column: usize, row: usize, level: f64, next: &mut BTreeMap<Edge, Edge>) {
        let corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)];
        let values = corners.map(|(column, row)| self.value(column, row));
        let high = values.map(|value| value >= level);
        if high == [true; 4] || high == [false; 4] {
            return;
        }
        let edges = [(column, row, true), (column + 1, row, false), (column, row + 1, true), (column, row, false)];
        let falls = (0..4).filter(|&side| high[side] && !high[(side + 1) % 4]);
        let mean = values.iter().sum::<f64>() / 4.0;
        for fall in falls {
            let rises = |side: &usize| !high[*side] && high[(*side + 1) % 4];
            // With a high middle the line cuts off the low corner that follows, else the high corner that came before.
            let rise = if mean >= level {
                (1..4).map(|turn| (fall + turn) % 4).find(rises)
            } else {
                (1..4).map(|turn| (fall + 4 - turn) % 4).find(rises)
            };
            next.extend(rise.map(|rise| (edges[fall], edges[rise])));
        }
    }

    fn follow(&self, start: Edge, next: &mut BTreeMap<Edge, Edge>, crossing: &impl Fn(Edge) -> (f64, f64)) -> Line {
        let mut line = vec![crossing(start)];
        let mut edge = start;
        while let Some(to) = next.remove(&edge) {
            line.push(crossing(to));
            edge = to;
        }
        line
    }

    /// Where the value on an edge is the level: bisected a few times, then interpolated.
    fn crossing(&self, (column, row, along_x): Edge, level: f64, between: &impl Fn(f64, f64) -> f64) -> (f64, f64) {
        const HALVINGS: u32 = 6;
        let (to_column, to_row) = if along_x { (column + 1, row) } else { (column, row + 1) };
        let mut from = (self.x[column], self.y[row], self.value(column, row));
        let mut to = (self.x[to_column], self.y[to_row], self.value(to_column, to_row));
        if from.2.is_finite() && to.2.is_finite() {
            for _ in 0..HALVINGS {
                let (x, y) = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
                let middle = (x, y, between(x, y));
                let side = if (middle.2 >= level) == (from.2 >= level) { &mut from } else { &mut to };
                *side = middle;
            }
        }
        let share = (level - from.2) / (to.2 - from.2);
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 };
        (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
    }
}

/// Twice the area inside a closed line; negative if the greater values are outside.
pub(super) fn area(line: &[(f64, f64)]) -> f64 {
    line.windows(2).map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1).sum()
}

/// The line without the points that are within `tolerance` of the rest.
///
/// Source: Douglas and Peucker, Cartographica 10 (1973).
pub(super) fn simplified(line: &[(f64, f64)], tolerance: f64) -> Line {
    let mut kept = Vec::new();
    if let Some(&first) = line.first() {
        kept.push(first);
        keep(line, tolerance * tolerance, &mut kept);
    }
    kept
}

/// Keeps what is needed of a line after its first point.
fn keep(line: &[(f64, f64)], tolerance: f64, kept: &mut Line) {
    let [first, .., last] = line else { return };
    let (dx, dy) = (last.0 - first.0, last.1 - first.1);
    let length = dx * dx + dy * dy;
    let distance = |&(x, y): &(f64, f64)| {
        let (x, y) = (x - first.0, y - first.1);
        if length > 0.0 { (x * dy - y * dx) * (x * dy - y * dx) / length } else { x * x + y * y }
    };
    let distances = line.iter().map(distance).enumerate();
    let (far, most) = distances.fold((0, 0.0), |best, now| if now.1 > best.1 { now } else { best });
    if most > tolerance {
        keep(&line[..=far], tolerance, kept);
        keep(&line[far..], tolerance, kept);
    } else {
        kept.push(*last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(value: impl Fn(f64, f64) -> f64) -> Vec<Line> {
        grid(&value).lines(0.0, &value)
    }

    fn grid(value: &impl Fn(f64, f64) -> f64) -> Grid {
        let places: Vec<f64> = (0..41).map(|i| f64::from(i - 20) / 10.0).collect();
        let values = places.iter().flat_map(|&y| places.iter().map(move |&x| (x, y))).map(|(x, y)| value(x, y));
        Grid { values: values.collect(), x: places.clone(), y: places }
    }

    #[test]
    fn a_hill_has_one_closed_line_around_it() {
        let lines = lines(|x, y| 1.0 - x * x - y * y);
        let [line] = &lines[..] else { panic!("{} lines", lines.len()) };
        assert_eq!(line.first(), line.last());
        assert!((area(line) / 2.0 - std::f64::consts::PI).abs() < 0.02, "{}", area(line) / 2.0);
        assert!(line.iter().all(|(x, y)| (x * x + y * y - 1.0).abs() < 0.01));
    }

    #[test]
    fn a_valley_turns_the_other_way() {
        let lines = lines(|x, y| x * x + y * y - 1.0);
        assert!(lines.len() == 1 && area(&lines[0]) < 0.0);
    }

    #[test]
    fn a_border_closes_lines_and_bounds_what_is_high_everywhere() {
        let value = |x: f64, _: f64| x + 0.05;
        let slope = grid(&value);
        assert_ne!(slope.lines(0.0, &value)[0].first(), slope.lines(0.0, &value)[0].last());
        let closed = slope.bordered().lines(0.0, &value);
        assert!(closed.len() == 1 && closed[0].first() == closed[0].last());
        assert!((area(&closed[0]) / 2.0 - 2.05 * 4.0).abs() < 1e-9);
        assert!((area(&grid(&|_, _| 5.0).bordered().lines(0.0, &|_, _| 5.0)[0]) / 2.0 - 16.0).abs() < 1e-9);
    }

    #[test]
    fn saddles_and_nan_end_in_lines_not_in_panics() {
        assert_eq!(lines(|x, y| x * y + 0.003).len(), 2);
        let _ = lines(|x, y| if x > y { f64::NAN } else { f64::INFINITY });
    }

    #[test]
    fn a_cliff_is_where_it_is() {
        let cliff = |x: f64, y: f64| if x + 0.3 * y > 0.123 { 1e6 * (x + 0.3 * y - 0.123) } else { -0.1 };
        for line in lines(cliff) {
            assert!(line.iter().all(|(x, y)| (x + 0.3 * y - 0.123).abs() < 0.002), "{line:?}");
        }
    }

    #[test]
    fn straight_lines_keep_their_ends_only() {
        let line: Line = (0..50).map(|i| (f64::from(i), 2.0 * f64::from(i))).collect();
        assert_eq!(simplified(&line, 0.1), [(0.0, 0.0), (49.0, 98.0)]);
        let corner: Line = vec![(0.0, 0.0), (1.0, 0.01), (2.0, 0.0), (2.0, 2.0), (0.0, 0.0)];
        assert_eq!(simplified(&corner, 0.1), [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 0.0)]);
    }
}
