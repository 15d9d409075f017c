//! `confidence` in `[sweep]`: how sure intervals and bounds are.

use super::{
    problem::{Code, Problem},
    read::read,
    tree::Node,
};

/// The levels of confidence that can be asked for.
pub const CONFIDENCES: [f64; 2] = [0.5, 0.9999];

/// Reads it.
pub fn confidence(node: &Node) -> Result<f64, Problem> {
    let [least, most] = CONFIDENCES;
    let wanted = format!("a number from {least} to {most} with at most four digits behind the point: 0.95, 0.99");
    let asked: f64 =
        read(node, "sweep.confidence").map_err(|problem| problem.expecting("sweep.confidence", &wanted))?;
    let has_four_digits = (asked * 1e4).round() / 1e4 == asked;
    if (least..=most).contains(&asked) && has_four_digits {
        return Ok(asked);
    }
    let problem = Problem::value(Code::InvalidValue, "sweep.confidence", node, &wanted);
    // As the digits say it: 99.9 / 100 is not 0.999.
    let share = (asked * 100.0).round() / 1e4;
    Err(if (least..=most).contains(&share) && (share * 100.0 - asked).abs() < 1e-9 {
        problem.help(format!("{asked} % is written {share}"))
    } else {
        problem
    })
}
