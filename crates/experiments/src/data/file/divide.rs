//! Divides rows into training and validation points, and scales inputs by the training points alone.

use crate::{
    data::{Dataset, SplitData},
    math,
    seed::{Draws, Seed, Stream},
};

/// Holds out the first `⌊share · n + ½⌋` rows of a random order; both splits keep the order of the file.
///
/// With `stratified`, the share is held out of each class, by the same order: of a class with two rows or more at least
/// one row, but not all.
pub(super) fn share_out(data: &Dataset, share: f64, seed: Seed, stratified: bool) -> SplitData {
    let mut order: Vec<u32> = (0..data.len() as u32).collect();
    Draws::new(seed, Stream::Validation).permute(&mut order);
    let held_out = |rows: usize| (share * rows as f64 + 0.5) as usize;
    if stratified {
        let mut held: Vec<u32> = Vec::new();
        for class in [-1.0, 1.0] {
            let rows: Vec<u32> = order.iter().copied().filter(|&row| data.y[row as usize] == class).collect();
            let most = rows.len().saturating_sub(1);
            held.extend(&rows[..held_out(rows.len()).clamp(most.min(1), most)]);
        }
        let mut is_kept = vec![true; data.len()];
        held.iter().for_each(|&row| is_kept[row as usize] = false);
        order.sort_by_key(|&row| is_kept[row as usize]);
        return divided(data, &mut order, held.len());
    }
    divided(data, &mut order, held_out(data.len()))
}

/// Holds out one fold: the row at place `i` of a random order is in fold `i mod folds`. Both splits keep the order of
/// the file.
///
/// With `stratified`, the rows of class -1 come first in that order, so that the number of rows of a class differs by
/// at most one between folds.
pub(super) fn fold_out(data: &Dataset, folds: u64, fold: u64, seed: Seed, stratified: bool) -> SplitData {
    let mut order: Vec<u32> = (0..data.len() as u32).collect();
    Draws::new(seed, Stream::Folds).permute(&mut order);
    if stratified {
        order.sort_by_key(|&row| data.y[row as usize] > 0.0);
    }
    let mut held: Vec<u32> = Vec::new();
    let mut kept: Vec<u32> = Vec::new();
    for (place, row) in order.into_iter().enumerate() {
        if place as u64 % folds.max(1) == fold { &mut held } else { &mut kept }.push(row);
    }
    held.sort_unstable();
    kept.sort_unstable();
    SplitData { train: data.select(&kept), validation: data.select(&held) }
}

/// Holds out the first `count` rows of an order.
fn divided(data: &Dataset, order: &mut [u32], count: usize) -> SplitData {
    let (held, kept) = order.split_at_mut(count);
    held.sort_unstable();
    kept.sort_unstable();
    SplitData { train: data.select(kept), validation: data.select(held) }
}

/// Replaces `x` by `(x - mean) / sd` with mean and standard deviation (divisor n) of the training points, sums in data
/// order.
///
/// A column with equal training values has no spread: its value is only subtracted.
pub(super) fn standardise(split: &mut SplitData, column: usize) -> Result<(), ()> {
    let values: Vec<f64> = split.train.x.iter().skip(column).step_by(split.train.d).copied().collect();
    let constant = values.iter().all(|&value| value == values[0]);
    let mean = if constant { values[0] } else { math::mean(&values) };
    let squares: Vec<f64> = values.iter().map(|value| (value - mean) * (value - mean)).collect();
    let sd = if constant { 1.0 } else { math::sqrt(math::mean(&squares)) };
    if sd == 0.0 || !sd.is_finite() {
        return Err(());
    }
    for points in [&mut split.train, &mut split.validation] {
        for value in points.x.iter_mut().skip(column).step_by(points.d) {
            *value = (*value - mean) / sd;
            if !value.is_finite() {
                return Err(());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: &[f64]) -> Dataset {
        Dataset { d: 1, x: values.to_vec(), y: vec![1.0; values.len()] }
    }

    #[test]
    fn shares_are_disjoint_complete_and_in_the_order_of_the_file() {
        let data = column(&core::array::from_fn::<f64, 10, _>(|i| i as f64));
        let SplitData { train, validation } = share_out(&data, 0.25, Seed(3), false);
        assert_eq!((train.len(), validation.len()), (7, 3), "2.5 rows are 3");
        assert!(train.x.is_sorted() && validation.x.is_sorted());
        let mut all = [train.x.as_slice(), &validation.x].concat();
        all.sort_by(f64::total_cmp);
        assert_eq!(all, data.x);
        assert_ne!(share_out(&data, 0.25, Seed(4), false).validation.x, validation.x, "the seed chooses");
    }

    #[test]
    fn every_row_is_in_one_fold() {
        let values: Vec<f64> = (0..11).map(f64::from).collect();
        let mut data = column(&values);
        (0..3).for_each(|row| data.y[row] = -1.0);
        // Under a single seed, unstratified folds may be balanced by chance.
        for (seed, stratified) in (0..20).flat_map(|seed| [(Seed(seed), false), (Seed(seed), true)]) {
            let splits: Vec<_> = (0..3).map(|fold| fold_out(&data, 3, fold, seed, stratified)).collect();
            let mut held: Vec<f64> = splits.iter().flat_map(|split| split.validation.x.clone()).collect();
            held.sort_by(f64::total_cmp);
            assert_eq!(held, values, "every row is held out once");
            for SplitData { train, validation } in &splits {
                assert!(train.x.is_sorted() && validation.x.is_sorted() && (3..=4).contains(&validation.len()));
                assert!(
                    validation.x.iter().all(|value| !train.x.contains(value)) && train.len() == 11 - validation.len()
                );
                let low = validation.y.iter().filter(|label| **label < 0.0).count();
                assert!(!stratified || low == 1, "each fold has one of the three rows of class -1");
            }
        }
        assert_ne!(fold_out(&data, 3, 0, Seed(6), false), fold_out(&data, 3, 0, Seed(5), false), "the seed divides");
    }

    #[test]
    fn standardizing_uses_the_training_points_alone() {
        let mut split = SplitData { train: column(&[1.0, 3.0]), validation: column(&[5.0, 2.0]) };
        assert_eq!(standardise(&mut split, 0), Ok(()));
        assert_eq!((split.train.x, split.validation.x), (vec![-1.0, 1.0], vec![3.0, 0.0]));
    }

    #[test]
    fn a_constant_column_is_centered_to_zero_exactly() {
        let mut split = SplitData { train: column(&[0.1; 10]), validation: column(&[0.1, 2.1]) };
        assert_eq!(standardise(&mut split, 0), Ok(()));
        assert_eq!((split.train.x, split.validation.x), (vec![0.0; 10], vec![0.0, 2.0]));
    }

    #[test]
    fn overflow_and_underflow_are_refused() {
        for values in [[1e308, -1e308, 1e307], [1e308, 1e308, 1e307], [1e-200, 2e-200, 0.0]] {
            let mut split = SplitData { train: column(&values), validation: column(&[0.0]) };
            assert_eq!(standardise(&mut split, 0), Err(()), "{values:?}");
        }
    }
}
