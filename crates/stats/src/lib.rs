//! Statistics: means, spreads, quantiles, intervals and paired comparisons, each in one written order of operations.
//!
//! A library of data frames sums in whatever order its threads finish; these functions
//! are our own, so that a summary is as reproducible as the runs it sums up. The caller gives the values sorted by identity
//! (trial, then seed); the order of operations is part of the contract.
//!
//! Values are numbers or +∞: a run that diverged has an infinite loss. An infinite value makes the mean infinite and leaves
//! median and inter-quartile mean alone while it stays in the tail. What is undefined (anything of no values, the standard
//! deviation of one value or of an infinite one) is NaN, always the same one: positive, quiet, no payload.
//!
//! # Which one for what
//!
//! | question | function | source |
//! |---|---|---|
//! | what a trial comes to, and how sure that is | [`mean`], [`Within`] | Johnson 1978 |
//! | how often something happens, and what no run has shown | [`share()`], [`unseen`], [`outside`] | Clopper and Pearson 1934; Wilks 1941 |
//! | the interval of statistics version 1, by which older results are proven | [`bootstrap_mean`] | Efron and Tibshirani 1993 |
//! | the same without the luck of either tail | [`iqm`], [`iqm_interval`] | Agarwal et al. 2021 |
//! | several data sets or tasks together | [`bootstrap_stratified`] | Agarwal et al. 2021 |
//! | which share of runs is better than a threshold | [`profile()`] | Agarwal et al. 2021; Dolan and Moré 2002 |
//! | how often a run of one beats a run of the other | [`improvement()`] | Agarwal et al. 2021; Mann and Whitney 1947 |
//! | two trials under the same seeds | [`compare`], of [`paired()`], [`signed_rank()`] and [`sign_test`] | Wilcoxon 1945; Conover 1999 |
//! | which of several trials is the best, if any | [`choose`], of [`signed_rank()`] and the method of Holm | Wilcoxon 1945; Holm 1979 |
//! | how likely so few points are wrong by chance | [`binomial_at_most`] | |
//! | how many seeds the next study needs | [`pairs_needed`] | Guenther 1981 |
//!
//! Each says its equation, its source and its limits. `tests/stats` holds values of SciPy that the tests compare with, and the script
//! that made them. Only [`choose`] corrects for looking at many comparisons: of twenty
//! others that are but luck, one has p < 0.05.

use restudy_core::{math, measure, seed};

mod binomial;
mod bootstrap;
mod choice;
mod comparison;
mod improvement;
mod location;
mod paired;
mod percent;
mod power;
mod profile;
mod share;
mod sign;
mod signed_rank;
mod stratified;
mod student;
mod within;

#[cfg(test)]
mod tests;

pub use binomial::binomial_at_most;
pub use bootstrap::{Interval, RESAMPLES, bootstrap_mean, bootstrap_means};
pub use choice::{Beyond, Choice, Constant, Finding, LEVEL, best, choose, choose_among, seeds_needed};
pub use comparison::{Caution, Comparison, compare, compare_at};
pub use improvement::{Improvement, improvement, improvement_at};
pub use location::{iqm, mean, median, quantile, range, sd, sorted};
pub use paired::{Paired, paired, paired_at};
pub use percent::percent;
pub use power::{narrowness, pairs_needed};
pub use profile::{ProfilePoint, profile};
pub use share::{outside, share, unseen};
pub use sign::{FEWEST, sign_test};
pub use signed_rank::{SignedRank, signed_rank};
use stratified::bootstrap_stratified_at;
pub use stratified::{bootstrap_stratified, iqm_interval, iqm_of_strata};
pub use student::t_within;
pub use within::{CONFIDENCE, ENOUGH, Within};

/// The value, with the one NaN for every NaN: processors disagree about the sign of a NaN that they make.
#[inline]
fn canonical(value: f64) -> f64 {
    if value.is_nan() { f64::NAN } else { value }
}
