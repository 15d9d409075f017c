//! Statistics: means, spreads, quantiles, intervals and paired comparisons, each in a fixed order of operations.
//!
//! Data frame libraries sum in the order in which threads finish; these functions do not, so a summary is as
//! reproducible as its runs. The caller sorts the values by identity (trial, then seed); the order of operations is
//! part of the contract.
//!
//! Values are numbers or +∞: a diverged run has an infinite loss. An infinite value makes the mean infinite and does
//! not affect the median and the interquartile mean while it is in the tail. Undefined results (statistics of no
//! values, the standard deviation of one value or of an infinite one) are NaN, always the same one: positive, quiet, no
//! payload.
//!
//! # Choosing a function
//!
//! | question | function | source |
//! |---|---|---|
//! | the mean of a trial, and its interval | [`mean`], [`Within`] | Johnson 1978 |
//! | the frequency of an event, and bounds for unseen events | [`share()`], [`unseen`], [`outside`] | Clopper and Pearson 1934; Wilks 1941 |
//! | the interval of statistics version 1, which proves older results | [`bootstrap_mean`] | Efron and Tibshirani 1993 |
//! | the mean without both tails | [`iqm`], [`iqm_interval`] | Agarwal et al. 2021 |
//! | several data sets or tasks together | [`bootstrap_stratified`] | Agarwal et al. 2021 |
//! | the share of runs that are better than a threshold | [`profile()`] | Agarwal et al. 2021; Dolan and Moré 2002 |
//! | how often a run of one method beats a run of another | [`improvement()`] | Agarwal et al. 2021; Mann and Whitney 1947 |
//! | two trials with the same seeds | [`compare`], from [`paired()`], [`signed_rank()`] and [`sign_test`] | Wilcoxon 1945; Conover 1999 |
//! | the best of several trials, if any | [`choose`], from [`signed_rank()`] and the method of Holm | Wilcoxon 1945; Holm 1979 |
//! | the chance of few wrong points | [`binomial_at_most`] | |
//! | the number of seeds for the next study | [`pairs_needed`] | Guenther 1981 |
//!
//! Each function documents its equation, its source and its limits. `tests/stats` contains reference values of SciPy,
//! and the script that computed them. Only [`choose`] corrects for multiple comparisons: of twenty comparisons without
//! an effect, one has p < 0.05 on average.

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

/// Replaces every NaN by the same one: processors differ in the sign of a computed NaN.
#[inline]
fn canonical(value: f64) -> f64 {
    if value.is_nan() { f64::NAN } else { value }
}
