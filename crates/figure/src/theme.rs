//! Themes: that of a study's own figures, and those of papers and of slides.
//!
//! A theme decides three things. *Size*: letters have a size on paper or on the wall, so a narrow figure has another
//! layout instead of smaller letters. *Colors*: with any common kind of color vision, every line is distinct from its
//! ground and from every other line; a test measures both. *Patterns*: in [`ThemeName::Paper`] lines also differ in
//! their dashes, for prints in gray. The heading and its notes are drawn where no caption carries them; a paper has
//! captions.

use std::{fmt, str::FromStr};

use plotters::style::RGBColor;

use super::style::viridis;

/// The themes of exported figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThemeName {
    /// A column of a printed page: letters of 7 points, no heading, lines that differ in gray too.
    Paper,
    /// A white slide: letters of 13 points, with heading and notes.
    Slides,
    /// A dark slide, or a page on a dark ground.
    Dark,
}

impl ThemeName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Paper, Self::Slides, Self::Dark];

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Slides => "slides",
            Self::Dark => "dark",
        }
    }

    /// The default width in millimeters: one of the two columns of a journal, or a slide.
    #[must_use]
    pub const fn width(self) -> f64 {
        match self {
            Self::Paper => 85.0,
            Self::Slides | Self::Dark => 254.0,
        }
    }

    /// The size of everything, relative to a screen.
    const fn scale(self) -> f64 {
        match self {
            Self::Paper => 0.72,
            Self::Slides | Self::Dark => 1.35,
        }
    }

    /// Pixels of a picture to an inch.
    pub(super) const fn density(self) -> f64 {
        match self {
            Self::Paper => 300.0,
            Self::Slides | Self::Dark => 192.0,
        }
    }
}

impl fmt::Display for ThemeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ThemeName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|theme| theme.name() == text).ok_or("one of paper, slides, dark")
    }
}

/// How a figure is drawn: that of a study's own figures, or a named theme and a width.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Theme {
    exported: Option<(ThemeName, f64)>,
}

/// A figure narrower than this, in its own pixels, is made smaller as a whole: its words would not fit.
const LEAST: f64 = 270.0;

/// Millimeters in a pixel of a screen, as CSS defines it.
const PIXEL: f64 = 25.4 / 96.0;

impl Theme {
    /// The theme of the figures in the folder of a study.
    pub const STUDY: Self = Self { exported: None };

    /// Millimeters in a tenth of a pixel of a screen.
    pub(super) const SCREEN_UNIT: f64 = PIXEL / super::canvas::UNITS;

    /// The narrowest and the widest figure, in millimeters.
    pub const WIDTHS: (f64, f64) = (40.0, 300.0);

    /// A named theme with a width in millimeters, which is clamped to [`WIDTHS`](Self::WIDTHS).
    #[must_use]
    pub fn new(theme: ThemeName, width: f64) -> Self {
        let (least, most) = Self::WIDTHS;
        let width = if width.is_nan() { theme.width() } else { width };
        Self { exported: Some((theme, width.clamp(least, most))) }
    }

    /// The name and the width in millimeters; nothing for a study's own figures.
    #[must_use]
    pub const fn exported(&self) -> Option<(ThemeName, f64)> {
        self.exported
    }

    /// Whether this is the theme of the study's own figures.
    pub(super) const fn is_own(&self) -> bool {
        self.exported.is_none()
    }

    /// The width of the drawing in its own pixels, `own` in the study's theme.
    pub(super) fn width(&self, own: f64) -> f64 {
        let Some((theme, width)) = self.exported else { return own };
        (width / PIXEL / theme.scale()).floor().max(LEAST)
    }

    /// The height of a drawing that is `own` large in the study's theme, of which `fixed` pixels are words.
    pub(super) fn height(&self, own: (f64, f64), fixed: f64) -> f64 {
        if self.is_own() { own.1 } else { fixed + ((own.1 - fixed) * self.width(own.0) / own.0).clamp(120.0, 620.0) }
    }

    /// Whether the heading and the notes are drawn.
    pub(super) const fn has_heading(&self) -> bool {
        !matches!(self.exported, Some((ThemeName::Paper, _)))
    }

    pub(super) const fn palette(&self) -> &'static Palette {
        match self.exported {
            None => &OWN,
            Some((ThemeName::Dark, _)) => &DARK,
            Some(_) => &LIGHT,
        }
    }

    /// The dash pattern of one of several lines: pixels drawn and left out by turns; empty for a solid line.
    pub(super) const fn dashes(&self, index: usize) -> &'static [f64] {
        if matches!(self.exported, Some((ThemeName::Paper, _))) { DASHES[index % DASHES.len()] } else { DASHES[0] }
    }
}

/// Lines have round ends, which shorten the gaps by the width of the line.
const DASHES: [&[f64]; 7] =
    [&[], &[7.0, 5.0], &[0.1, 4.4], &[9.0, 4.6, 0.1, 4.6], &[16.0, 6.0], &[3.0, 4.6], &[11.0, 4.6, 0.1, 4.6, 0.1, 4.6]];

/// The colors of a theme.
#[derive(Debug)]
pub(super) struct Palette {
    pub ground: RGBColor,
    pub ink: RGBColor,
    pub soft: RGBColor,
    pub frame: RGBColor,
    pub grid: RGBColor,
    /// Of a cell without a value.
    pub empty: RGBColor,
    /// Used while there are at most as many lines.
    lines: [RGBColor; 7],
    /// The part of viridis that is visible on the ground, for more lines.
    ramp: (f64, f64),
    /// Training, then validation.
    pub parts: [RGBColor; 2],
    /// Class +1, then class -1.
    pub classes: [RGBColor; 2],
    /// The opacity of a band.
    pub band: f64,
}

impl Palette {
    /// The color of one of `count` lines.
    pub(super) fn line(&self, index: usize, count: usize) -> RGBColor {
        if count <= self.lines.len() {
            return self.lines[index % self.lines.len()];
        }
        let (low, high) = self.ramp;
        viridis(low + (high - low) * index as f64 / (count - 1) as f64)
    }
}

const fn rgb(hex: u32) -> RGBColor {
    RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// On white, in the study's own figures: the eight colors of Okabe and Ito without the yellow.
///
/// Source: Okabe and Ito, "Color universal design" (2008).
const OWN: Palette = Palette {
    ground: rgb(0xff_ffff),
    ink: rgb(0x1a_1a1a),
    soft: rgb(0x55_5555),
    frame: rgb(0x8c_8c8c),
    grid: rgb(0xe6_e6e6),
    empty: rgb(0xdd_dddd),
    lines: [
        rgb(0x00_72b2),
        rgb(0xd5_5e00),
        rgb(0x00_9e73),
        rgb(0xcc_79a7),
        rgb(0xe6_9f00),
        rgb(0x56_b4e9),
        rgb(0x44_4444),
    ],
    // The yellow end is too pale for a line.
    ramp: (0.0, 0.9),
    parts: [rgb(0xe6_9f00), rgb(0x00_72b2)],
    classes: [rgb(0x00_72b2), rgb(0xd5_5e00)],
    band: 0.16,
};

/// On white, where a thin line must be seen from the last row: of the colors of four schemes that have a contrast of
/// 3 to 1 with white, the seven that are farthest apart for the kind of color vision that separates them worst.
///
/// Sources: Tol, "Colour schemes" (SRON/EPS/TN/09-002, 2021), muted: indigo, green, wine, olive; IBM Design Language:
/// ultramarine; Okabe and Ito (2008): purple, black, and the colors of classes and splits. Contrast: WCAG 2.2, 1.4.11.
const LIGHT: Palette = Palette {
    soft: rgb(0x44_4444),
    frame: rgb(0x70_7070),
    lines: [
        rgb(0x33_2288),
        rgb(0x64_8fff),
        rgb(0x88_2255),
        rgb(0x11_7733),
        rgb(0x99_9933),
        rgb(0xcc_79a7),
        rgb(0x00_0000),
    ],
    ramp: (0.0, 0.55),
    parts: [rgb(0xd5_5e00), rgb(0x00_72b2)],
    ..OWN
};

/// On a dark ground: Okabe and Ito without the blue, with the yellow.
const DARK: Palette = Palette {
    ground: rgb(0x16_191d),
    ink: rgb(0xf2_f2f2),
    soft: rgb(0xc4_c8cc),
    frame: rgb(0x8a_9097),
    grid: rgb(0x32_373d),
    empty: rgb(0x4a_5057),
    lines: [
        rgb(0x56_b4e9),
        rgb(0xe6_9f00),
        rgb(0x00_9e73),
        rgb(0xd5_5e00),
        rgb(0xcc_79a7),
        rgb(0xf0_e442),
        rgb(0xd0_d0d0),
    ],
    ramp: (0.4, 1.0),
    parts: [rgb(0xe6_9f00), rgb(0x56_b4e9)],
    classes: [rgb(0x56_b4e9), rgb(0xd5_5e00)],
    band: 0.24,
};

#[cfg(test)]
mod tests;
