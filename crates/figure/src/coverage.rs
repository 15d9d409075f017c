//! The share of each pixel that a shape covers.

/// A pixel grid with the coverage of each pixel. One grid serves for many shapes, one after the other.
#[derive(Default)]
pub(super) struct Coverage {
    /// The first column and row.
    pub origin: (usize, usize),
    /// Columns and rows.
    pub size: (usize, usize),
    /// For fills, the signed change of coverage from the pixel to the left; for strokes, the coverage itself.
    cells: Vec<f32>,
    /// The first cell of each row that is not empty, and the one after the last.
    touched: Vec<(usize, usize)>,
}

type Pixel = (f32, f32);

impl Coverage {
    /// Begins a shape between two corners and inside a picture of size `limits`. Clears only what the shape before
    /// touched.
    pub(super) fn begin(&mut self, low: Pixel, high: Pixel, limits: (usize, usize)) {
        let width = self.size.0 + 2;
        for (row, &(first, last)) in self.touched.iter().enumerate() {
            self.cells[row * width..][first.min(last)..last].fill(0.0);
        }
        let origin = (low.0.max(0.0) as usize, low.1.max(0.0) as usize);
        let end = (((high.0 + 1.0).max(0.0) as usize).min(limits.0), ((high.1 + 1.0).max(0.0) as usize).min(limits.1));
        (self.origin, self.size) = (origin, (end.0.saturating_sub(origin.0), end.1.saturating_sub(origin.1)));
        let cells = (self.size.0 + 2) * self.size.1;
        self.cells.resize(self.cells.len().max(cells), 0.0);
        self.touched.clear();
        self.touched.resize(self.size.1, (usize::MAX, 0));
    }

    fn touch(&mut self, row: usize, start: usize, end: usize) {
        let (first, last) = &mut self.touched[row];
        (*first, *last) = ((*first).min(start), (*last).max(end));
    }

    /// Adds a side of a closed line: what lies to the right of it changes by its height in each row, with the sign of
    /// its direction. A side beyond the left border covers from there, one beyond the right border covers nothing.
    pub(super) fn side(&mut self, from: Pixel, to: Pixel) {
        let (left, top) = (self.origin.0 as f32, self.origin.1 as f32);
        let (from, to) = ((from.0 - left, from.1 - top), (to.0 - left, to.1 - top));
        let (sign, upper, lower) = if from.1 < to.1 { (1.0, from, to) } else { (-1.0, to, from) };
        if upper.1 == lower.1 {
            return;
        }
        let slope = (lower.0 - upper.0) / (lower.1 - upper.1);
        let last = (lower.1.max(0.0) as usize).min(self.size.1.saturating_sub(1));
        for row in upper.1.max(0.0) as usize..=last {
            let (y0, y1) = (upper.1.max(row as f32), lower.1.min(row as f32 + 1.0));
            if y1 <= y0 || row >= self.size.1 {
                continue;
            }
            let [a, b] = [y0, y1].map(|y| (upper.0 + (y - upper.1) * slope).clamp(0.0, self.size.0 as f32));
            self.span(row, a.min(b), a.max(b), sign * (y1 - y0));
        }
    }

    /// Spreads a change of `amount` evenly over the columns between `x0` and `x1`.
    fn span(&mut self, row: usize, x0: f32, x1: f32, amount: f32) {
        self.touch(row, x0 as usize, x1 as usize + 2);
        let cells = &mut self.cells[row * (self.size.0 + 2)..][..self.size.0 + 2];
        // The covered share of what lies right of x, over the whole span: where the side is steep, of a single column.
        let covered = |x: f32| {
            let (a, b) = (x0.max(x), x1.min(x + 1.0));
            if x1 - x0 < 1e-6 { x + 1.0 - x0 } else { (b - a) * (x + 1.0 - 0.5 * (a + b)) / (x1 - x0) }
        };
        let mut done = 0.0;
        let mut carried = 0.0;
        let last = (x1 as usize).min(self.size.0);
        for (column, cell) in cells.iter_mut().enumerate().take(last + 1).skip(x0 as usize) {
            let x = column as f32;
            let inside = if x1 - x0 < 1e-6 { 1.0 } else { (x1.min(x + 1.0) - x0.max(x)) / (x1 - x0) };
            let here = done + covered(x);
            *cell += amount * (here - carried);
            carried = here;
            done += inside;
        }
        cells[x1 as usize + 1] += amount * (1.0 - carried);
    }

    /// Adds a thick line with round ends.
    pub(super) fn segment(&mut self, from: Pixel, to: Pixel, half_width: f32) {
        let reach = half_width + 1.0;
        // Pixels farther away are not covered; comparing squares avoids their roots.
        let far = (half_width + 0.5) * (half_width + 0.5);
        let columns = self.range(0, from.0.min(to.0) - reach, from.0.max(to.0) + reach);
        let along = (to.0 - from.0, to.1 - from.1);
        let length = along.0 * along.0 + along.1 * along.1;
        for row in self.range(1, from.1.min(to.1) - reach, from.1.max(to.1) + reach) {
            let (mut first, mut last) = (usize::MAX, 0);
            for column in columns.clone() {
                let x = (self.origin.0 + column) as f32 + 0.5 - from.0;
                let y = (self.origin.1 + row) as f32 + 0.5 - from.1;
                let t = if length > 0.0 { ((x * along.0 + y * along.1) / length).clamp(0.0, 1.0) } else { 0.0 };
                let (dx, dy) = (x - t * along.0, y - t * along.1);
                let distance = dx * dx + dy * dy;
                if distance < far {
                    let near = (half_width + 0.5 - libm::sqrtf(distance)).max(0.0);
                    let cell = &mut self.cells[row * (self.size.0 + 2) + column];
                    *cell = cell.max(near.min(1.0));
                    (first, last) = (first.min(column), column + 1);
                }
            }
            self.touch(row, first, last);
        }
    }

    fn range(&self, axis: usize, low: f32, high: f32) -> core::ops::Range<usize> {
        let (origin, size) = if axis == 0 { (self.origin.0, self.size.0) } else { (self.origin.1, self.size.1) };
        let place = |v: f32| ((v - origin as f32).max(0.0) as usize).min(size);
        place(low)..place(high + 1.0)
    }

    /// The coverage of a row's pixels after [`side`](Self::side)s, from the first column where there may be any.
    pub(super) fn filled(&self, row: usize) -> (usize, impl Iterator<Item = f32> + '_) {
        let (start, changes) = self.row(row);
        let mut sum = 0.0_f32;
        let shares = changes.map(move |change| {
            sum += change;
            sum.abs().min(1.0)
        });
        (start, shares)
    }

    /// The coverage of a row's pixels after [`segment`](Self::segment)s, from the first column where there may be any.
    pub(super) fn row(&self, row: usize) -> (usize, impl Iterator<Item = f32> + '_) {
        let (first, last) = self.touched[row];
        let (start, end) = (first.min(self.size.0), last.min(self.size.0));
        let cells = &self.cells[row * (self.size.0 + 2)..][..end];
        (start, cells.get(start..).unwrap_or_default().iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(points: &[Pixel], size: (usize, usize)) -> Vec<f32> {
        let mut coverage = Coverage::default();
        coverage.begin((0.0, 0.0), (size.0 as f32, size.1 as f32), size);
        for (from, to) in points.iter().zip(points.iter().cycle().skip(1)) {
            coverage.side(*from, *to);
        }
        let whole = |row: usize| {
            let (start, shares) = coverage.filled(row);
            let mut cells = vec![0.0; size.0];
            cells[start..].iter_mut().zip(shares).for_each(|(cell, share)| *cell = share);
            cells
        };
        (0..size.1).flat_map(whole).collect()
    }

    #[test]
    fn a_rectangle_covers_its_share_of_each_pixel() {
        let cells = filled(&[(0.5, 0.25), (2.0, 0.25), (2.0, 2.0), (0.5, 2.0)], (3, 2));
        assert_eq!(cells, [0.375, 0.75, 0.0, 0.5, 1.0, 0.0]);
    }

    #[test]
    fn a_slanted_shape_covers_its_area_either_way_round() {
        let mut diamond = [(1.3, 8.0), (9.0, 2.1), (14.2, 9.0), (7.7, 13.4)];
        let shoelace: f32 =
            (0..4).map(|i| (diamond[i], diamond[(i + 1) % 4])).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
        for _ in 0..2 {
            let area: f32 = filled(&diamond, (16, 16)).iter().sum();
            assert!((area - shoelace.abs() / 2.0).abs() < 1e-3, "{area}");
            diamond.reverse();
        }
    }

    #[test]
    fn what_is_beyond_the_picture_is_cut_off() {
        let cells = filled(&[(-5.0, -5.0), (50.0, -5.0), (50.0, 50.0), (-5.0, 50.0)], (4, 4));
        assert_eq!(cells, [1.0; 16]);
        assert_eq!(filled(&[(50.0, -5.0), (60.0, -5.0), (60.0, 50.0)], (4, 4)), [0.0; 16]);
    }

    #[test]
    fn a_shape_leaves_nothing_to_the_next() {
        let mut coverage = Coverage::default();
        for (start, end) in [((0.0, 0.0), (20.0, 20.0)), ((2.0, 3.0), (9.0, 30.0)), ((0.0, 0.0), (40.0, 7.0))] {
            coverage.begin(start, end, (32, 32));
            assert!((0..coverage.size.1).all(|row| coverage.row(row).1.count() == 0), "{start:?}");
            coverage.segment(start, end, 3.0);
            coverage.side(start, end);
            let cells = coverage.touched.iter().map(|(first, last)| first..last).enumerate();
            let width = coverage.size.0 + 2;
            let mut outside = coverage.cells.clone();
            cells.for_each(|(row, cells)| outside[row * width..][*cells.start..*cells.end].fill(0.0));
            assert!(
                outside.iter().all(|cell| *cell == 0.0),
                "{start:?}: every cell that is not empty counts as touched"
            );
        }
    }

    #[test]
    fn a_line_is_as_thick_as_it_should_be() {
        let mut coverage = Coverage::default();
        coverage.begin((0.0, 0.0), (20.0, 20.0), (20, 20));
        coverage.segment((3.0, 10.0), (17.0, 10.0), 2.0);
        let at = |row: usize| {
            let (start, mut shares) = coverage.row(row);
            9_usize.checked_sub(start).and_then(|place| shares.nth(place)).unwrap_or_default()
        };
        let column: f32 = (0..20).map(at).sum();
        assert!((column - 4.0).abs() < 1e-5, "{column}");
        let area: f32 = (0..20).flat_map(|row| coverage.row(row).1.collect::<Vec<_>>()).sum();
        assert!((area - (14.0 * 4.0 + 4.0 * std::f32::consts::PI)).abs() < 1.0, "{area}");
    }
}
