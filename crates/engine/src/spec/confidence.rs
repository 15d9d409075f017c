//! The key `confidence` of `[sweep]`: the confidence level of intervals and bounds.

use super::{
    problem::{Code, Problem},
    read::read,
    tree::Node,
};

/// The smallest and the largest confidence level.
pub const CONFIDENCES: [f64; 2] = [0.5, 0.9999];

/// Reads the confidence level.
pub fn confidence(node: &Node) -> Result<f64, Problem> {
    let [least, most] = CONFIDENCES;
    let wanted = format!("a number from {least} to {most} with at most four digits behind the point: 0.95, 0.99");
    let level: f64 =
        read(node, "sweep.confidence").map_err(|problem| problem.expecting("sweep.confidence", &wanted))?;
    let has_four_digits = (level * 1e4).round() / 1e4 == level;
    if (least..=most).contains(&level) && has_four_digits {
        return Ok(level);
    }
    let problem = Problem::value(Code::InvalidValue, "sweep.confidence", node, &wanted);
    // Rounded in decimal: in floating point, 99.9 / 100 is not 0.999.
    let share = (level * 100.0).round() / 1e4;
    Err(if (least..=most).contains(&share) && (share * 100.0 - level).abs() < 1e-9 {
        problem.help(format!("{level} % is written {share}"))
    } else {
        problem
    })
}
