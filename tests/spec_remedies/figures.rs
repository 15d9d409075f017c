//! Mistakes in figures.

use super::row::{
    Is::{Edited, Good},
    Row,
};

const CURVES: &str = "[figures.curves]\ncurves = { metric = \"error\", by = \"train.learning-rate\" }";

#[rustfmt::skip]
pub const ROWS: [Row; 12] = [
    Row { code: "spec.figure.name", wrong: &[("[figures.curves]", "[figures.Error_Curves]")], says: "error-curves becomes error-curves.svg", then: &[("Error_Curves", "error-curves")], is: Edited(&[("[figures.curves]", "[figures.error-curves]")]) },
    Row { code: "spec.figure.name", wrong: &[("[figures.curves]", "[figures.-curves]")], says: "`-`, which is not the first", then: &[("-curves", "curves")], is: Good },
    Row { code: "spec.figure.unfit", wrong: &[("by = \"train.learning-rate\"", "by = \"train.learning_rate\"")], says: "an axis of the study: \"model.hidden\", \"train.learning-rate\"", then: &[("learning_rate", "learning-rate")], is: Good },
    Row { code: "spec.figure.unfit", wrong: &[("metric = \"error\"", "metric = \"eror\"")], says: "did you mean `error`?", then: &[("eror", "error")], is: Good },
    Row { code: "spec.figure.unfit", wrong: &[("metric = \"error\"", "metric = \"accuracy\"")], says: "one of the metrics that are measured: \"loss\", \"error\"", then: &[("accuracy", "error")], is: Good },
    Row { code: "spec.figure.unfit", wrong: &[("by = \"train", "at = { \"model.hidden\" = 3 }, by = \"train")], says: "a value of this axis: 1, 2, 5", then: &[("= 3 }", "= 2 }")], is: Edited(&[("by = \"train", "at = { \"model.hidden\" = 2 }, by = \"train")]) },
    Row { code: "spec.figure.unfit", wrong: &[("by = \"train", "at = { \"train.learning-rate\" = 2 }, by = \"train")], says: "an axis that the figure does not draw by", then: &[("at = { \"train.learning-rate\" = 2 }", "at = { \"model.hidden\" = 2 }")], is: Edited(&[("by = \"train", "at = { \"model.hidden\" = 2 }, by = \"train")]) },
    Row { code: "spec.figure.unfit", wrong: &[("by = \"train", "seeds = 0, by = \"train")], says: "a whole number from 1", then: &[("seeds = 0", "seeds = 2")], is: Edited(&[("by = \"train", "seeds = 2, by = \"train")]) },
    Row { code: "spec.figure.unfit", wrong: &[(CURVES, "[figures.map]\nheat-map = { x = \"model.hidden\", y = \"model.hidden\" }")], says: "an axis other than that of x", then: &[("y = \"model.hidden\"", "y = \"train.learning-rate\"")], is: Edited(&[(CURVES, "[figures.map]\nheat-map = { x = \"model.hidden\", y = \"train.learning-rate\" }")]) },
    Row { code: "spec.figure.unfit", wrong: &[("\"model.hidden\" = [1, 2, 5]\n\"train.learning-rate\" = [2, 0.2, 0.02]\n", "")], says: "no axis, for nothing is swept", then: &[(", by = \"train.learning-rate\"", "")], is: Edited(&[("\"model.hidden\" = [1, 2, 5]\n\"train.learning-rate\" = [2, 0.2, 0.02]\n", ""), (", by = \"train.learning-rate\"", "")]) },
    Row { code: "spec.wrong-type", wrong: &[("seeds = 3\n\n[figures.curves]\ncurves = { metric = \"error\", by = \"train.learning-rate\" }", "seeds = 3"), ("[study]", "figures = 3\n[study]")], says: "a table for each figure",
        then: &[("figures = 3\n", "figures = { curves = { curves = { metric = \"error\", by = \"train.learning-rate\" } } }\n")], is: Good },
    Row { code: "spec.unknown-key", wrong: &[("metric = \"error\"", "metrik = \"error\"")], says: "did you mean `metric`?", then: &[("metrik", "metric")], is: Good },
];
