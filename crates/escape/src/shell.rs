//! Words of commands for a POSIX shell, which a terminal or a page shows and a user pastes.

use std::{ffi::OsStr, path::Path};

use super::hidden::is_hidden;

/// Quotes a word for a shell where necessary. Hidden characters are written in octal digits, which `printf` of every
/// shell reads.
#[must_use]
pub fn shell_word(word: &str) -> String {
    quoted(word.as_bytes())
}

/// Quotes the path of a file or a folder for a shell. A path that begins with `-` does not become an option, and bytes
/// that are not UTF-8 are written in octal digits.
#[must_use]
pub fn shell_path(path: &Path) -> String {
    let bytes = bytes(path.as_os_str());
    if bytes.starts_with(b"-") { quoted(&[b"./", &bytes[..]].concat()) } else { quoted(&bytes) }
}

/// Quotes an argument that was typed, also an option.
#[must_use]
pub fn shell_typed(word: &OsStr) -> String {
    quoted(&bytes(word))
}

fn bytes(text: &OsStr) -> Vec<u8> {
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(text).to_vec();
    #[cfg(not(unix))]
    let bytes = text.to_string_lossy().into_owned().into_bytes();
    bytes
}

fn quoted(word: &[u8]) -> String {
    let text = str::from_utf8(word).ok().filter(|text| !text.contains(is_hidden));
    let Some(text) = text else { return octal(word) };
    // `~` and `=` are special at the beginning, and `~` after `=` or `:`.
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+@%".contains(c);
    if !text.is_empty() && !text.starts_with('=') && text.chars().all(plain) {
        text.into()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A call of `printf`. The substitution removes line feeds at the end, so these follow in quotes.
fn octal(word: &[u8]) -> String {
    let ends = word.iter().rev().take_while(|byte| **byte == b'\n').count();
    let mut command = String::from("\"$(printf '");
    for chunk in word[..word.len() - ends].utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '%' => command.push_str("%%"),
                c if is_hidden(c) || "\\'\"`$!".contains(c) => {
                    c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| command.push_str(&format!("\\{byte:03o}")));
                }
                c => command.push(c),
            }
        }
        chunk.invalid().iter().for_each(|byte| command.push_str(&format!("\\{byte:03o}")));
    }
    command.push_str("')\"");
    if ends > 0 {
        command.push_str(&format!("'{}'", "\n".repeat(ends)));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_shell() {
        assert_eq!(["sweep", "a b", "", "it's"].map(shell_word), ["sweep", "'a b'", "''", r"'it'\''s'"]);
        assert_eq!(
            ["$(x)", "`x`", "a;b", "~", "=ls", "--set", "!x"].map(shell_word),
            ["'$(x)'", "'`x`'", "'a;b'", "'~'", "'=ls'", "--set", "'!x'"]
        );
        assert_eq!(shell_word("a\u{1b}%'\n☾\u{202e}"), r#""$(printf 'a\033%%\047\012☾\342\200\256')""#);
        assert_eq!(["-x", "a/-x", "-x y"].map(|text| shell_path(Path::new(text))), ["./-x", "a/-x", "'./-x y'"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_what_was_written() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt, process::Command};
        let words: [&[u8]; 17] = [
            b"plain",
            b"",
            b" ",
            b"a'b",
            b"$(touch owned)",
            b"`touch owned`",
            b"a\nb",
            b"a\n",
            b"\n",
            b"\x1b[2J%s%%",
            b"\\n\\",
            b"\"$HOME\"",
            b"~",
            b"*",
            b"d\xff'\xfe",
            "\u{202e}☾".as_bytes(),
            b"!!#;|&<>(){}[]?",
        ];
        let line: Vec<_> = words.iter().map(|word| shell_path(Path::new(OsStr::from_bytes(word)))).collect();
        let output = Command::new("sh").args(["-c", &format!("printf '%s\\0' {}", line.join(" "))]).output().unwrap();
        let read: Vec<_> = output.stdout.split(|byte| *byte == 0).collect();
        assert_eq!(read[..words.len()], words, "{line:?}");
        let text: Vec<_> = words.iter().filter_map(|word| str::from_utf8(word).ok()).collect();
        let line: Vec<_> = text.iter().map(|word| shell_word(word)).collect();
        let output = Command::new("sh").args(["-c", &format!("printf '%s\\0' {}", line.join(" "))]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap().split_terminator('\0').collect::<Vec<_>>(), text);
    }
}
