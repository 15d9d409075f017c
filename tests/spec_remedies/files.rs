//! Mistakes in the file of a specification, its name, and `--set`.

use std::{fs, path::Path};

use restudy::{
    experiments::network,
    spec::Code,
    sweep::{self, Study},
};

use super::row::{GOOD, edited, expect_error, meets, parse};

pub fn follow() -> Vec<Code> {
    [files(), names(), sets(), home()].concat()
}

fn refused(path: &Path, code: &str, says: &str) -> Code {
    expect_error(&sweep::load(path, &[]).unwrap_err(), code, says)
}

fn is_good(study: &Study) {
    let good = parse(GOOD, &[]).unwrap();
    assert!((&study.axes, &study.trials, &study.seeds) == (&good.axes, &good.trials, &good.seeds));
}

fn files() -> Vec<Code> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut codes = vec![refused(&path("none.toml"), "spec.unreadable", "`restudy new FILE` writes a specification")];
    fs::write(path("none.toml"), network::template("double-moon").unwrap()).unwrap();
    sweep::load(&path("none.toml"), &[]).unwrap();
    // The remedy for the copy in a results folder is another one.
    let kept = sweep::read_kept(&path("study.toml")).unwrap_err();
    codes.push(expect_error(
        &kept,
        "spec.unreadable",
        "restore the file, or run `restudy sweep` on your specification",
    ));
    fs::write(path("study.toml"), GOOD).unwrap();
    assert_eq!(sweep::read_kept(&path("study.toml")).unwrap(), GOOD);
    codes.push(refused(&path("study.toml/hidden.toml"), "spec.unreadable", "check the path and the permissions"));
    fs::write(path("hidden.toml"), GOOD).unwrap();
    codes.push(refused(folder.path(), "spec.unreadable", "name the specification in it: FOLDER/NAME.toml"));
    is_good(&sweep::load(&path("hidden.toml"), &[]).unwrap());
    fs::write(path("latin.toml"), b"[study]\nquestion = \"f\xfcr\"\n[data.double-moon]").unwrap();
    codes.push(refused(&path("latin.toml"), "spec.not-utf8", "save the file as UTF-8"));
    fs::write(path("latin.toml"), "[study]\nquestion = \"f\u{fc}r\"\n[data.double-moon]").unwrap();
    assert_eq!(sweep::load(&path("latin.toml"), &[]).unwrap().spec.study.question, "f\u{fc}r");
    fs::write(path("large.toml"), vec![b'#'; 17 << 20]).unwrap();
    codes.push(refused(
        &path("large.toml"),
        "spec.too-large",
        "a specification is a page of text; is this another file?",
    ));
    codes
}

fn names() -> Vec<Code> {
    let folder = tempfile::tempdir().unwrap();
    let mut codes = Vec::new();
    for name in ["-quick.toml", "a\u{202e}b.toml", ".toml"] {
        let path = folder.path().join(name);
        fs::write(&path, GOOD).unwrap();
        codes.push(refused(&path, "spec.study-name", "rename the file; its name is that of the study"));
        let renamed = folder.path().join("quick.toml");
        fs::rename(&path, &renamed).unwrap();
        let study = sweep::load(&renamed, &[]).unwrap();
        assert_eq!(study.name, "quick");
        is_good(&study);
    }
    codes
}

fn sets() -> Vec<Code> {
    let example = "such as --set sweep.seeds=5";
    // The mistake, the remedy, the corrected `--set`, and the same edit of the file.
    let rows = [
        ("sweep.seeds", example, "sweep.seeds=5", ("seeds = 3", "seeds = 5")),
        ("sweep.seeds=", "expected a value after `=`", "sweep.seeds=5", ("seeds = 3", "seeds = 5")),
        ("=5", "expected the path of a setting before `=`", "sweep.seeds=5", ("seeds = 3", "seeds = 5")),
        ("sweep.seeds=[1, 2", "expected a TOML value after `=`", "sweep.seeds=[1, 2]", ("seeds = 3", "seeds = [1, 2]")),
        (
            "train.epochs.count=9",
            "set it as a whole: --set train.epochs=...",
            "train.epochs=9",
            ("epochs = 100", "epochs = 9"),
        ),
    ];
    let mut codes = Vec::new();
    for (wrong, says, then, (from, to)) in rows {
        codes.push(meets(GOOD, &[wrong], "spec.set", says));
        assert!(parse(GOOD, &[then]).unwrap() == parse(&GOOD.replace(from, to), &[]).unwrap(), "{says}");
    }
    // Remedies that are not in the table.
    codes.push(meets(GOOD, &["model.hiden=9"], "spec.unknown-key", "did you mean `hidden`?"));
    assert!(parse(GOOD, &["model.hidden=9"]).unwrap() == parse(&GOOD.replace("[1, 2, 5]", "[9]"), &[]).unwrap());
    codes.push(meets(GOOD, &["data.circles.noise=0.1"], "spec.several-choices", "keep one of them"));
    assert!(parse(GOOD, &[]).is_ok());
    codes.push(meets(GOOD, &["study.question=2014-05-27"], "spec.wrong-type", "write it in quotes"));
    assert_eq!(parse(GOOD, &["study.question=\"2014-05-27\""]).unwrap().spec.study.question, "2014-05-27");
    codes
}

/// The message has the path that replaces `~`.
fn home() -> Vec<Code> {
    const WRONG: &str = "[data.csv]\nfile = \"~/points.csv\"\n";
    let wrong = edited(GOOD, &[("[data.double-moon]\ntrain = 1000\nnoise = 0.6\n", WRONG)]);
    let error = parse(&wrong, &[]).unwrap_err();
    let code = expect_error(&error, "spec.home-folder", "write file = \"");
    let help = miette::Diagnostic::help(&error).unwrap().to_string();
    let line = help.split("write ").nth(1).unwrap().split(", or a path").next().unwrap().to_owned();
    let study = parse(&wrong.replace("file = \"~/points.csv\"", &line), &[]).unwrap();
    let file = study.files(&study.trials[0]).remove(0).1;
    assert!(Path::new(&file).is_absolute() && file.ends_with("points.csv"), "{file}");
    vec![code]
}
