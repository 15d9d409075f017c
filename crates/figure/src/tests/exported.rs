//! Figures for papers and slides.

use proptest::prelude::*;

use super::{super::rows::RowsDigest, *};

fn themes() -> [Theme; 3] {
    ThemeName::ALL.map(|theme| Theme::new(theme, theme.width()))
}

#[test]
fn every_file_carries_its_digest() {
    let owned = study();
    for theme in themes().into_iter().chain([Theme::STUDY, Theme::new(ThemeName::Paper, 85.09)]) {
        for figure in figures(&owned).values() {
            let drawing = figure.draw("?", &owned.tables(), theme).unwrap();
            let expected = Some(RowsDigest { rows: drawing.rows().unwrap(), theme });
            for bytes in [drawing.svg().into_bytes(), drawing.png().unwrap(), drawing.pdf()] {
                assert_eq!(RowsDigest::read(&bytes), expected);
            }
        }
    }
    for none in [&b""[..], b"restudy rows=", b"restudy rows=12 theme=paper;", b"\xff\x00restudy row"] {
        assert_eq!(RowsDigest::read(none), None);
    }
}

#[test]
fn no_font_is_asked_for_and_captions_say_what_is_drawn() {
    let owned = study();
    for theme in themes() {
        for figure in figures(&owned).values() {
            let drawing = figure.draw("Is 1 < 2?", &owned.tables(), theme).unwrap();
            let svg = drawing.svg();
            assert!(!svg.contains("<text") && !svg.contains("font"), "letters are outlines");
            assert!(svg.contains("<title>Is 1 &lt; 2?</title>") && svg.contains("<desc>"));
            let pdf = drawing.pdf();
            assert!(pdf.starts_with(b"%PDF-1.4\n") && pdf.ends_with(b"%%EOF\n"));
            assert!(!String::from_utf8_lossy(&pdf).contains("/Font"));
            let caption = drawing.caption();
            let (runs, seed) = (caption.contains(" runs"), caption.contains("Seed 0."));
            assert!(runs || seed, "{caption}");
            assert!(!caption.contains("model.hidden"), "{caption}");
            for (what, explained) in [("95 %", "Johnson"), ("Median over", "quartile"), ("Seed 0", "probability")] {
                assert!(!caption.contains(what) || caption.contains(explained), "{caption}");
            }
        }
    }
}

#[test]
fn lines_of_a_paper_differ_without_colours() {
    let owned = study();
    let curves = Figure::Curves(Curves { by: Some("model.hidden".into()), ..Curves::default() });
    let strokes = |theme: Theme| {
        let sheet = curves.draw("?", &owned.tables(), theme).unwrap().0;
        let wide = |shape: &&canvas::Shape| matches!(shape.geometry, canvas::Geometry::Stroke { width: 22, .. });
        sheet.shapes.iter().filter(wide).map(|shape| shape.color.rgb).collect::<Vec<_>>()
    };
    let [paper, slides, _] = themes().map(strokes);
    let first = paper[0];
    // One line is drawn through in each panel, the other one is in pieces.
    assert_eq!((slides.len(), paper.iter().filter(|color| **color == first).count()), (4, 2));
    assert!(paper.iter().filter(|color| **color != first).count() > 20);
}

/// How much wider a page had to be made, and whether everything is on it.
fn fits(figure: &Figure, owned: &Owned, theme: Theme) -> Result<f64, String> {
    let title = "How many hidden units does a moon need, and what is an incomprehensibility?";
    let sheet = figure.draw(title, &owned.tables(), theme).map_err(|error| error.to_string())?.0;
    let (width, height) = (sheet.size.0 as i32, sheet.size.1 as i32);
    for shape in &sheet.shapes {
        let [left, top, right, bottom] = bounds::of(shape);
        if left < 0 || top < 0 || right > width || bottom > height {
            return Err(format!("{:?} is beyond {width} x {height}", shape.geometry));
        }
    }
    Ok(f64::from(sheet.size.0) / canvas::UNITS / theme.width(0.0))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, ..ProptestConfig::default() })]

    #[test]
    fn any_study_fits_on_its_page_at_any_width(
        hidden in proptest::collection::btree_set(1_u32..200, 1..10),
        rates in proptest::collection::btree_set(0_i32..18, 1..5),
        seeds in 1_u64..4,
        points in 2_u32..30,
        widths in proptest::collection::vec(40.0..300.0_f64, 1),
    ) {
        // Up to rates at which everything diverges.
        let rates: Vec<f64> = rates.into_iter().map(|tenths| style::ten_to(tenths * 12 - 6)).collect();
        let owned = fixture::trained(&hidden.into_iter().collect::<Vec<_>>(), &rates, seeds, 2, points);
        for figure in figures(&owned).values() {
            let drawing = figure.draw("?", &owned.tables(), Theme::new(ThemeName::Dark, widths[0])).unwrap();
            prop_assert!(drawing.png().is_ok() && !drawing.pdf().is_empty() && !drawing.svg().contains("NaN"));
        }
        for width in widths.into_iter().chain([40.0, 85.0]) {
            let figures: Vec<Figure> = figures(&owned).into_values().collect();
            let pairs = ThemeName::ALL.iter().flat_map(|name| figures.iter().map(move |figure| (*name, figure)));
            for (name, figure) in pairs {
                let theme = Theme::new(name, width);
                let wider = fits(figure, &owned, theme);
                // Words that reach beyond a column make everything smaller, but not by much.
                let most = if width < 60.0 { 1.6 } else { 1.2 };
                prop_assert!(wider.as_ref().is_ok_and(|wider| *wider <= most), "{figure:?} {theme:?}: {wider:?}");
            }
        }
    }
}
