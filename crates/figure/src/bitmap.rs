//! Shapes to PNG bytes: two pixels for one of the figure, or as many to the inch as the theme has.

use plotters::style::RGBColor;
use plotters_backend::{BackendColor, BackendCoord};

use super::{
    FigureError,
    canvas::{Align, Geometry, Label, Sheet, UNITS},
    coverage::Coverage,
    font,
};

/// Pixels of a picture in a unit of the canvas, and its size.
fn measure(sheet: &Sheet) -> (f32, (usize, usize)) {
    let size = [sheet.size.0, sheet.size.1].map(|units| units as f32);
    let Some((theme, width)) = sheet.theme.exported() else {
        let scale = 2.0 / UNITS as f32;
        return (scale, ((size[0] * scale) as usize, (size[1] * scale) as usize));
    };
    let across = (width / 25.4 * theme.density() + 0.5).floor();
    let scale = across as f32 / size[0];
    (scale, (across as usize, (size[1] * scale).ceil() as usize))
}

/// The drawing as PNG.
pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, FigureError> {
    let picture = paint(sheet);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.size.0 as u32, picture.size.1 as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Up);
    describe(&mut encoder, sheet)
        .and_then(|()| encoder.write_header())
        .and_then(|mut writer| writer.write_image_data(&picture.rgb))
        .map_err(|error| FigureError::Encode { message: error.to_string() })?;
    Ok(bytes)
}

fn describe(encoder: &mut png::Encoder<'_, &mut Vec<u8>>, sheet: &Sheet) -> Result<(), png::EncodingError> {
    if let Some(shape) = sheet.metadata() {
        encoder.add_text_chunk("Comment".into(), shape)?;
    }
    if let Some((theme, _)) = sheet.theme.exported() {
        let density = (theme.density() / 0.0254 + 0.5).floor() as u32;
        encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: density, yppu: density, unit: png::Unit::Meter }));
        encoder.add_itxt_chunk("Title".into(), sheet.title.clone())?;
        encoder.add_itxt_chunk("Description".into(), sheet.caption())?;
    }
    Ok(())
}

struct Picture {
    scale: f32,
    size: (usize, usize),
    rgb: Vec<u8>,
    /// Of the shape that is being drawn.
    coverage: Coverage,
}

fn paint(sheet: &Sheet) -> Picture {
    let (scale, size) = measure(sheet);
    let RGBColor(r, g, b) = sheet.theme.palette().ground;
    let mut picture = Picture { scale, size, rgb: [r, g, b].repeat(size.0 * size.1), coverage: Coverage::default() };
    for shape in &sheet.shapes {
        match &shape.geometry {
            Geometry::Fill(points) => picture.fill(shape.color, &picture.closed(points)),
            Geometry::Stroke { points, width } => picture.stroke(shape.color, points, *width as f32 * 0.5 * scale),
            Geometry::Dot { center, radius } => picture.stroke(shape.color, &[*center], *radius as f32 * scale),
            Geometry::Text(label) => picture.fill(shape.color, &picture.letters(label)),
        }
    }
    picture
}

type Pixel = (f32, f32);

impl Picture {
    fn scaled(&self, (x, y): BackendCoord) -> Pixel {
        (x as f32 * self.scale, y as f32 * self.scale)
    }

    /// The sides of a polygon.
    fn closed(&self, points: &[BackendCoord]) -> Vec<(Pixel, Pixel)> {
        let next = points.iter().cycle().skip(1);
        points.iter().zip(next).map(|(&a, &b)| (self.scaled(a), self.scaled(b))).collect()
    }

    /// The sides of the outlines of a text.
    fn letters(&self, label: &Label) -> Vec<(Pixel, Pixel)> {
        let size = label.size as f32 * self.scale;
        let before = match label.align {
            Align::Start => 0.0,
            Align::Middle => 0.5,
            Align::End => 1.0,
        } * font::width(&label.text, label.bold) as f32;
        let at = self.scaled(label.at);
        let place = |(x, y): Pixel| {
            let (x, y) = ((x - before) * size, y * size);
            if label.upwards { (at.0 + y, at.1 - x) } else { (at.0 + x, at.1 + y) }
        };
        let mut sides = Vec::new();
        font::outline(&label.text, label.bold, |a, b| sides.push((place(a), place(b))));
        sides
    }

    fn fill(&mut self, color: BackendColor, sides: &[(Pixel, Pixel)]) {
        let (low, high) = corners(sides.iter().map(|side| side.0), 0.0);
        self.coverage.begin(low, high, self.size);
        sides.iter().for_each(|&(from, to)| self.coverage.side(from, to));
        self.blend(color, Coverage::filled);
    }

    fn stroke(&mut self, color: BackendColor, points: &[BackendCoord], half_width: f32) {
        let (low, high) = corners(points.iter().map(|&point| self.scaled(point)), half_width + 1.0);
        self.coverage.begin(low, high, self.size);
        let pairs: &mut dyn Iterator<Item = _> = match points {
            [only] => &mut std::iter::once((*only, *only)),
            points => &mut points.windows(2).map(|pair| (pair[0], pair[1])),
        };
        for (from, to) in pairs {
            let (from, to) = (self.scaled(from), self.scaled(to));
            self.coverage.segment(from, to, half_width);
        }
        self.blend(color, Coverage::row);
    }

    /// Blends a color over the pixels by their coverage. `shares` gives the coverage of a row from a column on.
    fn blend<'a, S: Iterator<Item = f32> + 'a>(
        &'a mut self,
        color: BackendColor,
        shares: impl Fn(&'a Coverage, usize) -> (usize, S),
    ) {
        let Self { size, rgb, coverage, .. } = self;
        let (r, g, b) = color.rgb;
        let ink = [f32::from(r), f32::from(g), f32::from(b), 0.0];
        let alpha = color.alpha as f32;
        for row in 0..coverage.size.1 {
            let (start, shares) = shares(coverage, row);
            let start = 3 * ((coverage.origin.1 + row) * size.0 + coverage.origin.0 + start);
            let (pixels, _) = rgb[start..].as_chunks_mut::<3>();
            for (pixel, share) in pixels.iter_mut().zip(shares) {
                let share = share * alpha;
                if share >= 1.0 {
                    // The same bytes as below, and most pixels of a filled area.
                    *pixel = [r, g, b];
                } else if share > 0.0 {
                    *pixel = mixed(*pixel, ink, share);
                }
            }
        }
    }
}

/// A share of ink over a pixel, rounded. The fourth channel is unused: with it, the compiler computes all channels at
/// once.
fn mixed([r, g, b]: [u8; 3], ink: [f32; 4], share: f32) -> [u8; 3] {
    /// Added to a smaller number, it leaves no bits for fractions: the lowest bits are the nearest whole number.
    const WHOLES: f32 = 8_388_608.0;
    let under = [f32::from(r), f32::from(g), f32::from(b), 0.0];
    let mut bytes = [0; 4];
    for channel in 0..4 {
        let value = under[channel] + (ink[channel] - under[channel]) * share + 0.5;
        let near = value + WHOLES;
        // The whole number below, as a conversion gives it.
        bytes[channel] = (near.to_bits() - u32::from(near - WHOLES > value)) as u8;
    }
    [bytes[0], bytes[1], bytes[2]]
}

/// The upper left and lower right corner of all points, widened on each side.
fn corners(points: impl Iterator<Item = Pixel>, margin: f32) -> (Pixel, Pixel) {
    let far = (Pixel::from((f32::MAX, f32::MAX)), Pixel::from((f32::MIN, f32::MIN)));
    let (low, high) =
        points.fold(far, |(low, high), (x, y)| ((low.0.min(x), low.1.min(y)), (high.0.max(x), high.1.max(y))));
    ((low.0 - margin, low.1 - margin), (high.0 + margin, high.1 + margin))
}

#[cfg(test)]
mod tests {
    use super::mixed;

    #[test]
    fn ink_is_mixed_as_a_conversion_would_round_it() {
        for under in 0..=255 {
            for ink in 0..=255_u8 {
                for share in [1e-7, 0.003, 0.25, 0.333_333, 0.5, 0.55, 0.75, 0.999_999_9] {
                    let value = f32::from(under) + (f32::from(ink) - f32::from(under)) * share + 0.5;
                    assert_eq!(
                        mixed([under; 3], [f32::from(ink); 4], share),
                        [value as u8; 3],
                        "{under} {ink} {share}"
                    );
                }
            }
        }
    }
}
