//! Mutations of bytes: small accidents and deliberate edits.

use crate::random::Random;

/// Tokens of the formats that the readers parse.
const WORDS: &[&[u8]] = &[
    b"[",
    b"]",
    b"{",
    b"}",
    b"\"",
    b"'",
    b"\"\"\"",
    b"=",
    b".",
    b",",
    b"\n",
    b"\r\n",
    b"\0",
    b"\x1b[2J",
    b"#",
    b"_",
    b"-",
    b"1e308",
    b"1e999",
    b"-0.0",
    b"nan",
    b"inf",
    b"0x7fffffff",
    b"18446744073709551615",
    b"18446744073709551616",
    b"-9223372036854775808",
    b"null",
    b"true",
    b"[sweep]\n",
    b"[figures.x]\n",
    b"seeds = ",
    b"from = ",
    b"steps = ",
    b"zip = ",
    b"exclude = ",
    b"random = ",
    b"uniform = ",
    b"\x01model.hidden=",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x80",
    b"\0\0\0\0\0\0\0\0",
    b"PAR1",
    b"RESTUDY\n",
    b"\x78\x9c",
    b"\xef\xbb\xbf",
    b"\xc2\x9b",
    b"\xe2\x80\xae",
    b"\\n",
    b"\\u0061",
    b"\"seed\": 1,",
    b"\"loss\": 0.05,",
    b"=u2\\nmodel.hidden",
    b"=s5:error\\nmodel.hidden",
    b"../",
    b"/dev/zero",
];

/// Makes one to eight small changes of `bytes`; `other` is a second input to copy from.
pub fn mutated(bytes: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + random.below(8) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(17)).min(bytes.len());
        match random.below(13) {
            _ if bytes.is_empty() => insert(&mut bytes, 0, WORDS[random.below(WORDS.len())]),
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => bytes[at] = random.next() as u8,
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => insert(&mut bytes, at, WORDS[random.below(WORDS.len())]),
            5 => {
                let piece = bytes[at..end].to_vec();
                let times = 1 + random.below(4);
                insert(&mut bytes, at, &piece.repeat(times));
            }
            6 => {
                let from = random.below(other.len() + 1);
                let to = (from + random.below(65)).min(other.len());
                insert(&mut bytes, at, &other[from..to]);
            }
            7 => {
                // Change one digit of a number.
                if let Some(digit) = bytes[at..].iter_mut().find(|byte| byte.is_ascii_digit()) {
                    *digit = b'0' + random.below(10) as u8;
                }
            }
            8 => {
                let words = random.next().to_le_bytes();
                bytes.iter_mut().skip(at).zip(words).take(1 + random.below(8)).for_each(|(byte, new)| *byte = new);
            }
            // In formats of lines, such as JSON: repeat, remove or exchange lines.
            9..=11 => {
                let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let (from, to) = (random.below(lines.len()), random.below(lines.len()));
                match random.below(3) {
                    0 => {
                        let line = lines[from];
                        lines.insert(to, line);
                    }
                    1 if lines.len() > 1 => drop(lines.remove(from)),
                    _ => lines.swap(from, to),
                }
                bytes = lines.concat();
            }
            _ => bytes[at..end].reverse(),
        }
    }
    bytes
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}
