use super::*;

/// The light of a color, red, green, blue, from 0 to 1 (sRGB, IEC 61966-2-1).
fn light(RGBColor(r, g, b): RGBColor) -> [f64; 3] {
    [r, g, b].map(|byte| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { power((share + 0.055) / 1.055, 2.4) }
    })
}

fn power(base: f64, exponent: f64) -> f64 {
    if base <= 0.0 { 0.0 } else { restudy_core::math::exp(exponent * restudy_core::math::ln(base)) }
}

fn luminance(color: RGBColor) -> f64 {
    let [r, g, b] = light(color);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// The contrast of two colors (WCAG 2.2).
fn contrast(one: RGBColor, other: RGBColor) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

/// Light as eyes see it that lack no kind of cones, or one of three.
///
/// Source: Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency",
/// IEEE TVCG 15 (2009), severity 1.
const EYES: [[[f64; 3]; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
];

/// CIE 1976 L*a*b* of a color for an eye.
fn lab(color: RGBColor, eye: &[[f64; 3]; 3]) -> [f64; 3] {
    let light = light(color);
    let seen = eye.map(|row| (0..3).map(|i| row[i] * light[i]).sum::<f64>().clamp(0.0, 1.0));
    let rows = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
    let [x, y, z] = rows.map(|row| (0..3).map(|i| row[i] * seen[i]).sum::<f64>());
    let [x, y, z] = [x / 0.95047, y, z / 1.08883]
        .map(|t| if t > 0.008_856 { power(t, 1.0 / 3.0) } else { 7.787 * t + 16.0 / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The distance of two colors for the eye that separates them worst.
fn distance(one: RGBColor, other: RGBColor) -> f64 {
    let of = |eye| {
        let (one, other) = (lab(one, eye), lab(other, eye));
        restudy_core::math::sqrt((0..3).map(|i| (one[i] - other[i]) * (one[i] - other[i])).sum())
    };
    EYES.iter().map(of).fold(f64::INFINITY, f64::min)
}

#[test]
fn lines_are_distinct_from_their_ground_and_from_each_other() {
    for (palette, least) in [(&LIGHT, 25.0), (&DARK, 16.0), (&OWN, 15.0)] {
        let pairs = || {
            palette
                .lines
                .iter()
                .enumerate()
                .flat_map(|(i, one)| palette.lines[..i].iter().map(move |other| (*one, *other)))
        };
        let nearest = pairs().map(|(one, other)| distance(one, other)).fold(f64::INFINITY, f64::min);
        assert!(nearest >= least, "{nearest}");
        for pair in [palette.parts, palette.classes] {
            assert!(distance(pair[0], pair[1]) >= 25.0, "{pair:?}");
        }
    }
}

#[test]
fn everything_has_contrast() {
    for palette in [&LIGHT, &DARK] {
        let many = (0..20).map(|index| palette.line(index, 20));
        for color in
            palette.lines.into_iter().chain(palette.parts).chain(palette.classes).chain(many).chain([palette.frame])
        {
            assert!(contrast(color, palette.ground) >= 3.0, "{color:?}: {}", contrast(color, palette.ground));
        }
        for color in [palette.ink, palette.soft] {
            assert!(contrast(color, palette.ground) >= 7.0, "{color:?}");
        }
        // Numbers in the cells of a map, on every color of it.
        for step in 0..=100 {
            let cell = viridis(f64::from(step) / 100.0);
            assert!(contrast(super::super::style::readable_on(cell), cell) >= 4.0, "{step}: {cell:?}");
        }
        assert!(contrast(super::super::style::readable_on(palette.empty), palette.empty) >= 4.5);
    }
}

#[test]
fn patterns_are_for_paper_and_all_different() {
    let paper = Theme::new(ThemeName::Paper, 85.0);
    for index in 1..DASHES.len() {
        assert!((0..index).all(|other| paper.dashes(index) != paper.dashes(other)));
        assert!(Theme::new(ThemeName::Slides, 85.0).dashes(index).is_empty() && Theme::STUDY.dashes(index).is_empty());
    }
}

#[test]
fn many_lines_have_many_colors() {
    for (palette, count) in [OWN, LIGHT, DARK].iter().flat_map(|palette| [1, 7, 8, 40].map(|count| (palette, count))) {
        let colors: Vec<_> = (0..count).map(|i| palette.line(i, count)).map(|c| (c.0, c.1, c.2)).collect();
        assert!((1..count).all(|i| !colors[..i].contains(&colors[i])), "{count}");
    }
}

#[test]
fn themes_go_by_their_names() {
    assert!(ThemeName::ALL.iter().all(|theme| theme.to_string().parse() == Ok(*theme)));
    assert!("print".parse::<ThemeName>().is_err());
    assert_eq!(Theme::new(ThemeName::Paper, 1.0), Theme::new(ThemeName::Paper, 40.0));
}
