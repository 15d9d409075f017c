//! The compact protocol of Thrift, in which Parquet encodes its headers: the part that checking them needs.
//!
//! Memory grows with the bytes that are there, whatever sizes they declare.

/// A value; kinds that are not needed are [`Self::Other`].
pub(super) enum Value {
    Number(i64),
    List(Vec<Self>),
    Struct(Fields),
    Other,
}

/// The fields of a structure, by their numbers.
pub(super) struct Fields(Vec<(i64, Value)>);

impl Fields {
    /// The structure at the beginning of the bytes, and its length.
    pub fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut reader = Reader { rest: bytes };
        let fields = reader.fields(0)?;
        Some((fields, bytes.len() - reader.rest.len()))
    }

    fn get(&self, id: i64) -> Option<&Value> {
        self.0.iter().find(|(other, _)| *other == id).map(|(_, value)| value)
    }

    pub fn has(&self, id: i64) -> bool {
        self.get(id).is_some()
    }

    /// A number that is not negative.
    pub fn size(&self, id: i64) -> Option<usize> {
        if let Some(Value::Number(number)) = self.get(id) { usize::try_from(*number).ok() } else { None }
    }

    pub fn list(&self, id: i64) -> Option<&[Value]> {
        if let Some(Value::List(items)) = self.get(id) { Some(items) } else { None }
    }

    pub fn fields(&self, id: i64) -> Option<&Self> {
        self.get(id).and_then(Value::fields)
    }
}

impl Value {
    pub fn fields(&self) -> Option<&Fields> {
        if let Self::Struct(fields) = self { Some(fields) } else { None }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

/// The maximum nesting depth, twice that of the headers of Parquet.
const DEEPEST: usize = 16;

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(byte)
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.rest = self.rest.get(bytes..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn number(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    fn fields(&mut self, depth: usize) -> Option<Fields> {
        let (mut fields, mut last) = (Vec::new(), 0_i64);
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(Fields(fields));
            }
            last = if head >> 4 == 0 { self.number()? } else { last.checked_add(i64::from(head >> 4))? };
            let value = match head & 15 {
                // The value of a boolean is in the head itself.
                1 | 2 => Value::Other,
                kind => self.value(kind, depth + 1)?,
            };
            fields.push((last, value));
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        match kind {
            1..=3 => self.skip(1).map(|()| Value::Other),
            4..=6 => self.number().map(Value::Number),
            7 => self.skip(8).map(|()| Value::Other),
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.skip(length).map(|()| Value::Other)
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                // Every item takes at least a byte, so the list ends with the bytes.
                let mut items = Vec::new();
                for _ in 0..count {
                    items.push(self.value(head & 15, depth + 1)?);
                }
                Some(Value::List(items))
            }
            12 => self.fields(depth + 1).map(Value::Struct),
            _ => None,
        }
    }
}
