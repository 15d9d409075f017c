//! Texts that are not TOML, and values that only look right.

use super::row::{
    Is::{Edited, Good},
    Row,
};

const DATA: &str = "[data.double-moon]\ntrain = 1000\nnoise = 0.6";

#[rustfmt::skip]
pub const ROWS: [Row; 29] = [
    Row { code: "spec.syntax", wrong: &[("[model]", "[model")], says: "expected `]`", then: &[("[model\n", "[model]\n")], is: Good },
    Row { code: "spec.syntax", wrong: &[("hidden = 7", "hidden 7")], says: "expected", then: &[("hidden 7", "hidden = 7")], is: Good },
    Row { code: "spec.syntax", wrong: &[("hidden = 7", "hidden = # seven")], says: "expected a value after `=`", then: &[("= # seven", "= 7")], is: Good },
    Row { code: "spec.syntax", wrong: &[("\"normal\"", "normal # as usual")], says: "expected \"normal\"", then: &[("= normal", "= \"normal\"")], is: Good },
    Row { code: "spec.syntax", wrong: &[("\"How many", "How many"), ("need?\"", "need?")], says: "expected \"How many hidden units does the double moon need?\"",
        then: &[("How many hidden units does the double moon need?", "\"How many hidden units does the double moon need?\"")], is: Good },
    Row { code: "spec.syntax", wrong: &[(DATA, "[data.csv]\nfile = data/points.csv # mine")], says: "expected \"data/points.csv\"",
        then: &[("data/points.csv", "\"data/points.csv\"")], is: Edited(&[(DATA, "[data.csv]\nfile = \"data/points.csv\"")]) },
    Row { code: "spec.syntax", wrong: &[(DATA, "[data.csv]\nfile = ../points.csv")], says: "expected \"../points.csv\"",
        then: &[("../points.csv", "\"../points.csv\"")], is: Edited(&[(DATA, "[data.csv]\nfile = \"../points.csv\"")]) },
    Row { code: "spec.syntax", wrong: &[(DATA, "[data]\ncsv = { file = a b.csv, label = \"y\" }")], says: "expected \"a b.csv\"",
        then: &[("a b.csv", "\"a b.csv\"")], is: Edited(&[(DATA, "[data.csv]\nfile = \"a b.csv\"\nlabel = \"y\"")]) },
    Row { code: "spec.syntax", wrong: &[("every =", "metrics = [\"loss\", error]\nevery =")], says: "expected \"error\"", then: &[(", error]", ", \"error\"]")], is: Good },
    Row { code: "spec.syntax", wrong: &[(DATA, "[data.csv]\nfile = \"x.csv\"\nstandardise = True")], says: "expected true",
        then: &[("True", "true")], is: Edited(&[(DATA, "[data.csv]\nfile = \"x.csv\"\nstandardise = true")]) },
    Row { code: "spec.syntax", wrong: &[("noise = 0.6", "noise = 0.6\nvalidation = None")], says: "remove the line", then: &[("validation = None\n", "")], is: Good },
    Row { code: "spec.syntax", wrong: &[("rate = 0.02", "rate = 0,02")], says: "expected a point: 0.02", then: &[("0,02", "0.02")], is: Good },
    Row { code: "spec.syntax", wrong: &[("noise = 0.6", "noise = 2,5e-3")], says: "expected a point: 2.5e-3", then: &[("2,5e-3", "2.5e-3")], is: Edited(&[("noise = 0.6", "noise = 0.0025")]) },
    Row { code: "spec.syntax", wrong: &[("train = 1000", "train = 1,000")], says: "expected 1000, or a point: 1.000", then: &[("1,000", "1000")], is: Good },
    Row { code: "spec.syntax", wrong: &[("noise = 0.6", "noise = 1,125")], says: "or a point: 1.125", then: &[("1,125", "1.125")], is: Edited(&[("noise = 0.6", "noise = 1.125")]) },
    Row { code: "spec.syntax", wrong: &[("train = 1000", "train = 1,000,000")], says: "expected 1000000", then: &[("1,000,000", "1000000")], is: Edited(&[("train = 1000", "train = 1000000")]) },
    Row { code: "spec.syntax", wrong: &[("hidden = 7", "hidden = 7,")], says: "remove the comma", then: &[("7,", "7")], is: Good },
    Row { code: "spec.syntax", wrong: &[("rate = 0.02", "rate = .02")], says: "expected 0.02", then: &[("= .02", "= 0.02")], is: Good },
    Row { code: "spec.duplicate-key", wrong: &[("hidden = 7", "hidden = 7\nhidden = 8")], says: "keep one of the two", then: &[("hidden = 8\n", "")], is: Good },
    Row { code: "spec.duplicate-key", wrong: &[("init = \"normal\"", ""), ("[evaluate]", "[model]\ninit = \"normal\"\n\n[evaluate]")], says: "all keys of a section stand under one header",
        then: &[("[model]\ninit = \"normal\"\n", ""), ("hidden = 7\n", "hidden = 7\ninit = \"normal\"\n")], is: Good },
    Row { code: "spec.invalid-value", wrong: &[("rate = 0.02", "rate = 1e999")], says: "larger than the largest number, 1.8e308", then: &[("1e999", "1e300")], is: Good },
    Row { code: "spec.invalid-value", wrong: &[("hidden = 7", "hidden = 999999999999999999999999999999999999999")], says: "too large for a whole number",
        then: &[("999999999999999999999999999999999999999", "9")], is: Good },
    Row { code: "spec.invalid-value", wrong: &[("rate = 0.02", "rate = nan")], says: "expected a finite number", then: &[("nan", "0.02")], is: Good },
    Row { code: "spec.invalid-value", wrong: &[("need?", "need\\u0007?")], says: "a text without control characters", then: &[("\\u0007", "")], is: Good },
    Row { code: "spec.invalid-value", wrong: &[("How many hidden units does the double moon need?", " ")], says: "a question, in a sentence",
        then: &[("\" \"", "\"How many hidden units does the double moon need?\"")], is: Good },
    Row { code: "spec.wrong-type", wrong: &[("\"How many hidden units does the double moon need?\"", "2014-05-27")], says: "write it in quotes",
        then: &[("2014-05-27", "\"2014-05-27\"")], is: Edited(&[("How many hidden units does the double moon need?", "2014-05-27")]) },
    Row { code: "spec.wrong-type", wrong: &[("hidden = 7", "hidden = \"seven\"")], says: "a whole number from 1 to 1000000", then: &[("\"seven\"", "7")], is: Good },
    Row { code: "spec.syntax", wrong: &[("[1, 2, 5]", "1, 2, 5 # widths")], says: "expected a list: [1, 2, 5]", then: &[("1, 2, 5 #", "[1, 2, 5] #")], is: Good },
    Row { code: "spec.syntax", wrong: &[("[2, 0.2, 0.02]", "2,0.2,0.02")], says: "expected a list: [2,0.2,0.02]", then: &[("2,0.2,0.02", "[2,0.2,0.02]")], is: Good },
];
