//! Sections and settings that are missing, unknown, or of another kind.

use super::row::{
    Is::{Edited, Good, Runs},
    Row,
};

const DATA: &str = "[data.double-moon]\ntrain = 1000\nnoise = 0.6\n";
const QUESTION: &str = "[study]\nquestion = \"How many hidden units does the double moon need?\"\n";
const FIGURE: &str = "curves = { metric = \"error\", by = \"train.learning-rate\" }";

#[rustfmt::skip]
pub const ROWS: [Row; 43] = [
    Row { code: "spec.missing-section", wrong: &[(super::row::GOOD, "")], says: "begin with what has no default:\n[study]\nquestion = \"How many hidden units does it need?\"\n[data.double-moon]",
        then: &[("", "[study]\nquestion = \"How many hidden units does it need?\"\n[data.double-moon]")], is: Runs(1, 1) },
    Row { code: "spec.missing-section", wrong: &[(QUESTION, "")], says: "begin with:\n[study]\nquestion = \"How many hidden units does it need?\"",
        then: &[("\n[data", "[study]\nquestion = \"How many hidden units does it need?\"\n[data")], is: Edited(&[("How many hidden units does the double moon need?", "How many hidden units does it need?")]) },
    Row { code: "spec.missing-section", wrong: &[(DATA, "")], says: "name the data set, for example with all defaults:\n[data.double-moon]", then: &[("\n[model]", "[data.double-moon]\n[model]")], is: Good },
    Row { code: "spec.unknown-section", wrong: &[("[model]", "[modle]")], says: "did you mean `model`?", then: &[("[modle]", "[model]")], is: Good },
    Row { code: "spec.unknown-section", wrong: &[("[model]", "[xyz]")], says: "sections are: `study`, `data`, `model`", then: &[("[xyz]", "[model]")], is: Good },
    Row { code: "spec.missing-key", wrong: &[("question = \"How many hidden units does the double moon need?\"", "")], says: "add `question = ...`",
        then: &[("[study]\n", "[study]\nquestion = \"How many hidden units does the double moon need?\"")], is: Good },
    Row { code: "spec.missing-key", wrong: &[(DATA, "[data.csv]\nlabel = \"class\"\n")], says: "add `file = ...`", then: &[("label =", "file = \"x.csv\"\nlabel =")], is: Edited(&[(DATA, "[data.csv]\nfile = \"x.csv\"\nlabel = \"class\"\n")]) },
    Row { code: "spec.unknown-key", wrong: &[("hidden = 7", "hiden = 7")], says: "did you mean `hidden`?", then: &[("hiden", "hidden")], is: Good },
    Row { code: "spec.unknown-key", wrong: &[("learning-rate = 0.02", "learning_rate = 0.02")], says: "did you mean `learning-rate`?", then: &[("learning_rate", "learning-rate")], is: Good },
    Row { code: "spec.unknown-key", wrong: &[("epochs = 100", "batch = 100")], says: "settings of `train` are: `epochs`", then: &[("batch", "epochs")], is: Good },
    Row { code: "spec.unknown-key", wrong: &[("[data.double-moon]", "[data]\nseed = 3\n\n[data.double-moon]")], says: "move it under [data.double-moon], or remove it",
        then: &[("[data]\nseed = 3\n\n[data.double-moon]", "[data.double-moon]\nseed = 3")], is: Edited(&[("noise = 0.6", "noise = 0.6\nseed = 3")]) },
    Row { code: "spec.unknown-key", wrong: &[("[data.double-moon]", "[data]\nseed = 3\n\n[data.double-moon]")], says: "or remove it", then: &[("seed = 3\n", "")], is: Good },
    Row { code: "spec.unknown-key", wrong: &[("{ epochs = 1 }", "{ epochs = 1, from = 2 }")], says: "remove it", then: &[(", from = 2", "")], is: Good },
    Row { code: "spec.unknown-key", wrong: &[(FIGURE, "metric = \"error\"\ncurves = { by = \"train.learning-rate\" }")], says: "remove it", then: &[("metric = \"error\"\n", "")], is: Good },
    Row { code: "spec.unknown-name", wrong: &[("\"normal\"", "\"Normal\"")], says: "did you mean `normal`?", then: &[("Normal", "normal")], is: Good },
    Row { code: "spec.unknown-name", wrong: &[("\"normal\"", "\"gaussian\"")], says: "choose from: `uniform`, `normal`", then: &[("gaussian", "normal")], is: Good },
    Row { code: "spec.unknown-name", wrong: &[("double-moon]", "duoble-moon]")], says: "did you mean `double-moon`?", then: &[("duoble", "double")], is: Good },
    Row { code: "spec.unknown-name", wrong: &[("[data.double-moon]", "[data.mnist]")], says: "choose from: `double-moon`", then: &[("mnist", "double-moon")], is: Good },
    Row { code: "spec.unknown-name", wrong: &[("every =", "metrics = [\"loss\", \"eror\"]\nevery =")], says: "did you mean `error`?", then: &[("eror", "error")], is: Good },
    Row { code: "spec.unknown-name", wrong: &[("curves = {", "curve = {")], says: "did you mean `curves`?", then: &[("curve = {", "curves = {")], is: Good },
    Row { code: "spec.no-choice", wrong: &[("[data.double-moon]", "[data]")], says: "for example [data.double-moon]", then: &[("[data]", "[data.double-moon]")], is: Good },
    Row { code: "spec.no-choice", wrong: &[(DATA, "[data]\ntrain = 1000\n")], says: "for example [data.double-moon]", then: &[("[data]", "[data.double-moon]")], is: Good },
    Row { code: "spec.no-choice", wrong: &[(DATA, "[data]\n")], says: "for example [data.double-moon]", then: &[("[data]", "[data.double-moon]")], is: Good },
    Row { code: "spec.no-choice", wrong: &[("{ epochs = 1 }", "{}")], says: "for example every = { epochs = 1 }", then: &[("every = {}", "every = { epochs = 1 }")], is: Good },
    Row { code: "spec.no-choice", wrong: &[(FIGURE, "")], says: "for example [figures.curves.curves]", then: &[("[figures.curves]", "[figures.curves.curves]")], is: Edited(&[(FIGURE, "curves = {}")]) },
    Row { code: "spec.several-choices", wrong: &[("[model]", "[data.circles]\ntrain = 100\n\n[model]")], says: "keep one of them", then: &[("[data.circles]\ntrain = 100\n\n", "")], is: Good },
    Row { code: "spec.several-choices", wrong: &[("{ epochs = 1 }", "{ epochs = 1, steps = 10 }")], says: "keep one of them", then: &[(", steps = 10", "")], is: Good },
    Row { code: "spec.several-choices", wrong: &[("curves = {", "strip = {}\ncurves = {")], says: "a section of its own, such as [figures.other]",
        then: &[("strip = {}\n", ""), ("[figures.curves]", "[figures.other]\nstrip = {}\n\n[figures.curves]")], is: Edited(&[("[figures.curves]", "[figures.other]\nstrip = {}\n\n[figures.curves]")]) },
    Row { code: "spec.wrong-type", wrong: &[("[study]", "stop = 5\n[study]")], says: "expected a table", then: &[("stop = 5", "stop = {}")], is: Good },
    Row { code: "spec.wrong-type", wrong: &[("\"normal\"", "{ normal = 1 }")], says: "expected the text \"normal\"", then: &[("{ normal = 1 }", "\"normal\"")], is: Good },
    Row { code: "spec.wrong-type", wrong: &[("{ epochs = 1 }", "10")], says: "expected one of { epochs = ... }, { steps = ... }", then: &[("every = 10", "every = { epochs = 10 }")], is: Edited(&[("{ epochs = 1 }", "{ epochs = 10 }")]) },
    Row { code: "spec.wrong-type", wrong: &[("{ epochs = 1 }", "\"epochs\"")], says: "expected a table: { epochs = ... }", then: &[("every = \"epochs\"", "every = { epochs = 1 }")], is: Good },
    Row { code: "spec.wrong-type", wrong: &[("noise = 0.6", "offset = [1.0, 2.0, 3.0]")], says: "expected a list of 2 values", then: &[(", 3.0]", "]")], is: Edited(&[("noise = 0.6", "offset = [1.0, 2.0]")]) },
    Row { code: "spec.wrong-type", wrong: &[("epochs = 100", "epochs = [10, 20]")], says: "to sweep it, move it to [sweep]: \"train.epochs\" = [10, 20]",
        then: &[("epochs = [10, 20]\n", ""), ("[sweep]\n", "[sweep]\n\"train.epochs\" = [10, 20]\n")], is: Edited(&[("[sweep]\n", "[sweep]\n\"train.epochs\" = [10, 20]\n")]) },
    Row { code: "spec.wrong-type", wrong: &[("\"normal\"", "[\"normal\", \"he\"]")], says: "to sweep it, move it to [sweep]: \"model.init\" = [\"normal\", \"he\"]",
        then: &[("init = [\"normal\", \"he\"]\n", ""), ("[sweep]\n", "[sweep]\n\"model.init\" = [\"normal\", \"he\"]\n")], is: Edited(&[("[sweep]\n", "[sweep]\n\"model.init\" = [\"normal\", \"he\"]\n")]) },
    Row { code: "spec.wrong-type", wrong: &[("learning-rate = 0.02", "learning-rate = [2, 0.2]")], says: "`train.learning-rate` is swept already: remove it here", then: &[("learning-rate = [2, 0.2]\n", "")], is: Good },
    Row { code: "spec.invalid-value", wrong: &[("noise = 0.6", "noise = -0.6")], says: "expected a number from 0", then: &[("-0.6", "0.6")], is: Good },
    Row { code: "spec.invalid-value", wrong: &[("train = 1000", "train = -10")], says: "expected a whole number from 2 to 10000000", then: &[("-10", "1000")], is: Good },
    Row { code: "spec.invalid-value", wrong: &[("every =", "metrics = [\"loss\"]\nevery =")], says: "a list that begins with \"loss\", \"error\"", then: &[("[\"loss\"]", "[\"loss\", \"error\"]")], is: Good },
    Row { code: "spec.invalid-value", wrong: &[(DATA, "[data.circles]\ninner = 50\n")], says: "expected a number greater than \"inner\"", then: &[("inner = 50\n", "inner = 50\nouter = 60\n")], is: Edited(&[(DATA, "[data.circles]\ninner = 50\nouter = 60\n")]) },
    Row { code: "spec.unknown-key", wrong: &[("hidden = 7", "hidden = 7\nhiden = 8")], says: "It is there already: remove one of the two", then: &[("hiden = 8\n", "")], is: Good },
    Row { code: "spec.unknown-section", wrong: &[("[model]", "[modle]\n\n[model]")], says: "It is there already: remove one of the two", then: &[("[modle]\n", "")], is: Good },
    Row { code: "spec.unknown-section", wrong: &[("[data.double-moon]", "[double-moon]")], says: "did you mean [data.double-moon]?", then: &[("[double-moon]", "[data.double-moon]")], is: Good },
];
