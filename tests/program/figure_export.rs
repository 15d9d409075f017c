//! Figures for papers and slides: their files, their digests, and refusals.

use std::{fs, process::Command};

use insta::assert_snapshot;

use crate::workspace::{Workspace, assert_same, flat, with};

#[test]
fn figures_for_a_paper_are_the_same_bytes_every_time() {
    let place = Workspace::swept();
    let before = place.answers("results/moons");
    fs::remove_dir_all(place.path("results/moons/segments")).unwrap();
    assert_snapshot!(place.run("figures results/moons").ends(0).out, @"drew 2 figure files: 0 changed");
    assert_snapshot!(
        place.run("figures results/moons --format svg,pdf,png,pdf --width 8.5cm").ends(0).out,
        @"3 pictures for paper, 85 mm wide, in moons-paper; captions in captions.md and captions.tex"
    );
    let paper = place.files("moons-paper");
    let names: Vec<_> = paper.keys().map(String::as_str).collect();
    assert_eq!(names, ["captions.md", "captions.tex", "seeds.pdf", "seeds.png", "seeds.svg"]);
    place.run("figures results/moons --theme paper --output again --threads 1 --quiet").ends(0);
    assert_same(&place.files("again"), &paper, "drawn again");
    let captions = [place.text("moons-paper/captions.md"), place.text("moons-paper/captions.tex")];
    assert_snapshot!(captions.join("\n---\n"));
    let dark = place.run("figures results/moons --theme dark --format svg --json").ends(0).out;
    let dark: serde_json::Value = serde_json::from_str(&dark).unwrap();
    assert_eq!(
        dark,
        serde_json::json!({"folder": "moons-dark", "files": ["captions.md", "captions.tex", "seeds.svg"]})
    );
    let mut after = place.answers("results/moons");
    after.extend(
        before
            .iter()
            .filter(|(path, _)| path.starts_with("segments/"))
            .map(|(path, bytes)| (path.clone(), bytes.clone())),
    );
    assert_same(&after, &before, "the study is as it was");
}

#[test]
fn a_picture_names_the_rows_that_it_was_drawn_from() {
    let place = Workspace::swept();
    place.run("figures results/moons --width 120mm").ends(0);
    let check = |files: &str| place.run(&format!("figures results/moons --check {files}"));
    let all = "moons-paper/seeds.svg moons-paper/seeds.png moons-paper/seeds.pdf results/moons/figures/seeds.svg results/moons/figures/seeds.png";
    let message = check(all).ends(0).out;
    assert_eq!(message.lines().filter(|line| line.ends_with(" is seeds, byte for byte")).count(), 5, "{message}");
    // A changed drawing, as by an edit or another program.
    place.write("edited.svg", place.text("moons-paper/seeds.svg").replacen("<path", "<path ", 1));
    place.write("none.pdf", "%PDF-1.4\n");
    let message = check("edited.svg none.pdf").ends(4).out;
    assert_snapshot!(message, @"
    edited.svg contains the digest of seeds, but differs from what this program draws
    none.pdf contains no digest of rows: restudy did not draw it, or another program rewrote it
    ");
    // A picture of another study, under the same name.
    let other = Workspace::new(&with("epochs = 4", "epochs = 5"));
    other.run("sweep moons.toml").ends(0);
    other.run("figures results/moons --format png").ends(0);
    place.write("other.png", other.read("moons-paper/seeds.png"));
    let message = check("other.png moons-paper/seeds.png").ends(4).out;
    assert!(message.contains("but no figure of moons is") && message.contains("is seeds, byte for byte"), "{message}");
    check("nowhere.png").ends(1);
}

#[test]
fn invalid_arguments_are_refused() {
    let place = Workspace::swept();
    let refused = |words: &str| flat(&place.run(&format!("figures results/moons {words}")).refused(2));
    assert!(refused("--width 10mm").contains("the width must be from 40 mm to 300 mm"));
    assert!(refused("--width 85").contains("write a number and its unit"));
    assert!(refused("--format eps").contains("svg, png, pdf"));
    assert!(refused("--theme print").contains("invalid value 'print'"));
    assert!(refused("picture.png").contains("--check"));
    assert!(refused("--check --format pdf").contains("cannot be used with"));
    for inside in ["results/moons", "results/moons/figures", "results/moons/elsewhere"] {
        assert!(refused(&format!("--output {inside}")).contains("inside the results folder"));
    }
    assert!(!place.path("results/moons/elsewhere").exists(), "a refused command leaves no files");
    place.run("verify results/moons").ends(0);
}

#[test]
fn other_programs_can_read_them() {
    let place = Workspace::swept();
    for theme in ["paper", "slides", "dark"] {
        place.run(&format!("figures results/moons --theme {theme}")).ends(0);
        let file = place.path(&format!("moons-{theme}/seeds.pdf"));
        let Ok(checked) = Command::new("qpdf").arg("--check").arg(&file).output() else {
            eprintln!("SKIPPED: there is no qpdf");
            return;
        };
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        let Ok(drawn) = Command::new("pdftoppm").args(["-r", "300", "-png"]).arg(&file).arg(place.path(theme)).output()
        else {
            eprintln!("SKIPPED: there is no pdftoppm");
            return;
        };
        assert!(drawn.status.success() && drawn.stderr.is_empty(), "{}", String::from_utf8_lossy(&drawn.stderr));
        assert!(!place.read(&format!("{theme}-1.png")).is_empty());
    }
}
