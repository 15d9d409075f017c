//! Reads MAT-files of level 5, as far as full matrices of numbers need it.
//!
//! A header of 128 bytes, then elements: a tag (type and size) and a body. A variable is a `MATRIX` element, plain or
//! inside a `COMPRESSED` one (zlib); its body is made of smaller elements: flags, dimensions, name, values. Source:
//! MathWorks, "MAT-File Format". The file is untrusted: every size is compared with the bytes that are present before
//! it is used, and memory grows with the bytes that were read, not with declared sizes.

use std::io::{self, Read};

use flate2::read::ZlibDecoder;

use super::super::{DataError, file::error};

const INT32: u32 = 5;
const UINT32: u32 = 6;
const MATRIX: u32 = 14;
const COMPRESSED: u32 = 15;
/// The most bytes that dimensions or a name may take.
const MOST_LABELLING: usize = 1024;

/// The most dimensions that a message names.
const MOST_SIZES: usize = 8;

/// Shortens a name to 63 characters, the most that MATLAB writes.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(63) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}

/// The kind of a variable, by its number in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class(u8);

impl Class {
    const NAMES: [&str; 18] = [
        "unknown", "cell", "struct", "object", "char", "sparse", "double", "single", "int8", "uint8", "int16",
        "uint16", "int32", "uint32", "int64", "uint64", "function", "opaque",
    ];

    fn is_opaque(self) -> bool {
        self.0 == 17
    }

    pub(super) fn is_numeric(self) -> bool {
        (6..=15).contains(&self.0)
    }

    fn name(self) -> &'static str {
        Self::NAMES.get(usize::from(self.0)).copied().unwrap_or("unknown")
    }
}

/// A variable whose values have not been read yet.
pub(super) struct Variable<'a> {
    pub name: String,
    pub class: Class,
    pub complex: bool,
    pub size: Vec<usize>,
    /// The class of an object of MATLAB: `table`, `string`, `categorical`.
    object: Option<String>,
    body: Body<'a>,
}

impl Variable<'_> {
    /// Name, size and class: `X (1000 x 2 double)`.
    pub(super) fn describe(&self) -> String {
        let mut size: Vec<String> = self.size.iter().take(MOST_SIZES).map(usize::to_string).collect();
        if self.size.len() > MOST_SIZES {
            size.push("...".into());
        }
        let name = if self.name.is_empty() { "a variable without a name" } else { &shortened(&self.name) };
        let kind = shortened(self.kind());
        format!("{name} ({}{}{kind})", size.join(" x "), if size.is_empty() { "" } else { " " })
    }

    /// The name of its class in MATLAB.
    pub(super) fn kind(&self) -> &str {
        self.object.as_deref().unwrap_or(self.class.name())
    }

    /// Whether it has no name, like the variable in which MATLAB stores its objects.
    pub(super) fn is_hidden(&self) -> bool {
        self.name.is_empty()
    }

    /// Reads the values, column by column, to the checksum of a compressed variable.
    pub(super) fn values(mut self) -> Result<Vec<f64>, DataError> {
        let count: usize = self.size.iter().product();
        let (kind, bytes) = self.body.part(8 * count)?;
        let values = self.body.order.numbers(kind, &bytes).filter(|values| values.len() == count);
        let values = values.ok_or_else(|| damaged(&format!("the values of {} do not match their size", self.name)))?;
        self.body.finish()?;
        Ok(values)
    }
}

/// The variables of a file, in its order.
pub(super) fn variables(file: &[u8]) -> Result<impl Iterator<Item = Result<Variable<'_>, DataError>>, DataError> {
    let order = header(file)?;
    let mut rest = &file[128..];
    let next = move || {
        if rest.iter().all(|&byte| byte == 0) {
            return None;
        }
        let variable = element(&mut rest, file.len(), order);
        if variable.is_err() {
            rest = &[];
        }
        Some(variable)
    };
    Ok(std::iter::from_fn(next))
}

fn header(file: &[u8]) -> Result<Order, DataError> {
    let save_it = "Save it in MATLAB with: save('file.mat', 'X', 'Y', '-v7');";
    if file.is_empty() {
        return Err(error("data.mat.empty-file", "is empty", save_it));
    }
    if is_hdf5(file) {
        let again = "Save it again, in a new session of MATLAB: load('file.mat'); save('file.mat', '-v7')";
        return Err(error("data.mat.version", "is a MAT-file of version 7.3 (HDF5), which is not read", again));
    }
    let order = match file.get(124..128) {
        Some([0, 1, b'I', b'M']) => Order::Little,
        Some([1, 0, b'M', b'I']) => Order::Big,
        None if file.starts_with(b"MATLAB") => return Err(cut_off("its header has 128 bytes")),
        _ => return Err(error("data.mat.other-kind", "is not a MAT-file of level 5 (versions 5 to 7)", save_it)),
    };
    Ok(order)
}

/// Whether a file is HDF5, by its header, its version, or the signature at an offset that HDF5 allows.
fn is_hdf5(file: &[u8]) -> bool {
    let has_signature = |place: usize| file.get(place..).is_some_and(|rest| rest.starts_with(b"\x89HDF\r\n\x1a\n"));
    let places = std::iter::successors(Some(512_usize), |place| place.checked_mul(2)).take_while(|place| *place < file.len());
    let is_second = matches!(file.get(124..128), Some([0, 2, b'I', b'M'] | [2, 0, b'M', b'I']));
    file.starts_with(b"MATLAB 7.3") || file.starts_with(b"\x89HDF") || is_second || places.take(12).any(has_signature) && !is_level5(file)
}

fn is_level5(file: &[u8]) -> bool {
    matches!(file.get(124..128), Some([0, 1, b'I', b'M'] | [1, 0, b'M', b'I']))
}

/// Splits the next variable off the file.
fn element<'a>(rest: &mut &'a [u8], length: usize, order: Order) -> Result<Variable<'a>, DataError> {
    let start = length - rest.len();
    let (tag, content) =
        rest.split_at_checked(8).ok_or_else(|| cut_off(&format!("at byte {start} a variable begins")))?;
    let (kind, size) = (order.word(tag, 0), order.word(tag, 4) as usize);
    if kind != MATRIX && kind != COMPRESSED {
        return Err(damaged(&format!("the element at byte {start} has type {kind} and is not a variable")));
    }
    let body = content.get(..size).ok_or_else(|| {
        cut_off(&format!("the variable at byte {start} has {size} bytes, of which {} are present", content.len()))
    })?;
    let padding = if kind == MATRIX { size.next_multiple_of(8) - size } else { 0 };
    *rest = content.get(size + padding..).unwrap_or_default();
    if kind == MATRIX {
        return variable(Body { bytes: Box::new(body), order });
    }
    let mut inflated = Body { bytes: Box::new(ZlibDecoder::new(body)), order };
    let tag = inflated.take(8)?;
    if order.word(&tag, 0) != MATRIX {
        return Err(damaged(&format!("the compressed element at byte {start} does not contain a variable")));
    }
    variable(inflated)
}

/// Reads a variable up to its values.
fn variable(mut body: Body<'_>) -> Result<Variable<'_>, DataError> {
    let (kind, flags) = body.part(8)?;
    // Other readers accept either sign, and some writers use the other one.
    let is_whole = |kind: u32| kind == INT32 || kind == UINT32;
    if !is_whole(kind) || flags.len() != 8 {
        return Err(damaged("a variable does not begin with its flags"));
    }
    let word = body.order.word(&flags, 0);
    let class = Class(word as u8);
    let (complex, mut size, mut name) = (word & 0x0800 != 0, Vec::new(), String::new());
    if (1..=16).contains(&class.0) {
        let (kind, dimensions) = body.part(MOST_LABELLING)?;
        if !is_whole(kind) || dimensions.len() < 8 || dimensions.len() % 4 != 0 {
            return Err(damaged("a variable has no dimensions"));
        }
        for place in (0..dimensions.len()).step_by(4) {
            let dimension = body.order.word(&dimensions, place);
            if dimension > i32::MAX as u32 {
                return Err(damaged(if kind == INT32 { "a dimension is negative" } else { "a dimension is too large" }));
            }
            size.push(dimension as usize);
        }
        name = String::from_utf8_lossy(&body.part(MOST_LABELLING)?.1).into_owned();
    }
    let mut object = None;
    if class.is_opaque() {
        // Its name, the word MCOS, and the name of its class in MATLAB; the rest is undocumented.
        let mut text = || Some(String::from_utf8_lossy(&body.part(MOST_LABELLING).ok()?.1).into_owned());
        name = text().unwrap_or_default();
        object = text().and_then(|_| text());
    }
    Ok(Variable { name, class, complex, size, object, body })
}

/// The unread bytes of a variable.
struct Body<'a> {
    bytes: Box<dyn Read + 'a>,
    order: Order,
}

impl Body<'_> {
    /// Reads the next subelement: its type, and its content of at most `most` bytes.
    fn part(&mut self, most: usize) -> Result<(u32, Vec<u8>), DataError> {
        let tag = self.take(4)?;
        let word = self.order.word(&tag, 0);
        let (kind, size, padding) = match word >> 16 {
            0 => {
                let tag = self.take(4)?;
                let size = self.order.word(&tag, 0) as usize;
                (word, size, size.next_multiple_of(8) - size)
            }
            size @ 1..=4 => (word & 0xffff, size as usize, 4 - size as usize),
            _ => return Err(damaged("an element of a variable has an impossible size")),
        };
        if size > most {
            return Err(damaged("an element of a variable is larger than its kind allows"));
        }
        let content = self.take(size)?;
        self.take(padding)?;
        Ok((kind, content))
    }

    fn take(&mut self, size: usize) -> Result<Vec<u8>, DataError> {
        let mut bytes = Vec::new();
        self.bytes.by_ref().take(size as u64).read_to_end(&mut bytes).map_err(|fault| broken(&fault))?;
        if bytes.len() < size {
            return Err(cut_off("a variable ends before its values do"));
        }
        Ok(bytes)
    }

    /// Reads to the end, which verifies the checksum of compressed bytes.
    fn finish(mut self) -> Result<(), DataError> {
        let mut left = Vec::new();
        self.bytes.by_ref().take(16).read_to_end(&mut left).map_err(|fault| broken(&fault))?;
        if left.len() < 16 { Ok(()) } else { Err(damaged("a variable is longer than its values")) }
    }
}

/// Byte order.
#[derive(Debug, Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    /// The 32-bit word at `place`. Panics if it is out of bounds.
    fn word(self, bytes: &[u8], place: usize) -> u32 {
        u32::from_le_bytes(self.array(&bytes[place..place + 4]))
    }

    /// The bytes of one number in little-endian order.
    fn array<const N: usize>(self, bytes: &[u8]) -> [u8; N] {
        core::array::from_fn(|i| match self {
            Self::Little => bytes[i],
            Self::Big => bytes[N - 1 - i],
        })
    }

    /// The numbers of an element of type `kind`; `None` if the type is not numeric or the last number is incomplete.
    fn numbers(self, kind: u32, bytes: &[u8]) -> Option<Vec<f64>> {
        fn each<const N: usize>(order: Order, bytes: &[u8], number: impl Fn([u8; N]) -> f64) -> Option<Vec<f64>> {
            let whole = bytes.chunks_exact(N);
            whole.remainder().is_empty().then(|| whole.map(|chunk| number(order.array(chunk))).collect())
        }
        match kind {
            1 => each(self, bytes, |bytes| i8::from_le_bytes(bytes).into()),
            2 => each(self, bytes, |bytes| u8::from_le_bytes(bytes).into()),
            3 => each(self, bytes, |bytes| i16::from_le_bytes(bytes).into()),
            4 => each(self, bytes, |bytes| u16::from_le_bytes(bytes).into()),
            5 => each(self, bytes, |bytes| i32::from_le_bytes(bytes).into()),
            6 => each(self, bytes, |bytes| u32::from_le_bytes(bytes).into()),
            7 => each(self, bytes, |bytes| f32::from_le_bytes(bytes).into()),
            9 => each(self, bytes, f64::from_le_bytes),
            12 => each(self, bytes, |bytes| i64::from_le_bytes(bytes) as f64),
            13 => each(self, bytes, |bytes| u64::from_le_bytes(bytes) as f64),
            _ => None,
        }
    }
}

fn cut_off(what: &str) -> DataError {
    error("data.mat.cut-off", format!("is cut off: {what}"), "Copy or save the file again.")
}

fn damaged(what: &str) -> DataError {
    error("data.mat.damaged", format!("is damaged: {what}"), "Copy or save the file again.")
}

fn broken(fault: &io::Error) -> DataError {
    damaged(&format!("a compressed variable cannot be unpacked ({fault})"))
}
