//! The image of a container in which a program runs: `container = "python@sha256:..."`.

use serde_json::{Value as Json, json};

use crate::engine_spec::{
    Code, Problem,
    tree::{Node, Value},
};

const PATH: &str = "command.container";

/// The image of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// The name of the image, with its registry and its tag, as far as they are written.
    pub image: String,
    /// The digest of the image, which alone is part of the identity of a run: `sha256:` and 64 hexadecimal digits.
    pub digest: String,
}

impl Container {
    /// The path of the part that is not hashed.
    pub const ASIDE: &str = "command.container.image";

    /// Reads `image@sha256:...`, or the table of both in the specification of a results folder.
    ///
    /// # Errors
    /// It is no image with a digest.
    pub fn read(node: &Node) -> Result<Self, Problem> {
        let expected = "an image with its digest: \"IMAGE@sha256:...\"";
        let (image, digest) = match &node.value {
            Value::String(text) => match text.split_once('@') {
                Some((image, digest)) => (image.to_owned(), digest.to_owned()),
                None if is_image(text) => return Err(without_digest(text, node)),
                None => return Err(Problem::value(Code::InvalidValue, PATH, node, expected)),
            },
            Value::Table(_) => {
                let part = |key: &str| node.get(key).and_then(Node::text).unwrap_or_default().to_owned();
                (part("image"), part("digest"))
            }
            _ => return Err(Problem::value(Code::WrongType, PATH, node, expected)),
        };
        if is_image(&image) && is_digest(&digest) {
            Ok(Self { image, digest })
        } else {
            Err(Problem::value(Code::InvalidValue, PATH, node, expected))
        }
    }

    /// Returns the setting as it is stored.
    #[must_use]
    pub fn json(&self) -> Json {
        json!({ "image": self.image, "digest": self.digest })
    }

    /// Returns the image by its digest, without a tag: it would say nothing more, and some programs refuse both.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}@{}", without_tag(&self.image), self.digest)
    }
}

fn without_digest(image: &str, node: &Node) -> Problem {
    let name = without_tag(image);
    Problem::new(Code::InvalidValue, format!("`{PATH}` cannot be {node}: it has no digest"))
        .at(node.span, "a tag may name another image later")
        .help(format!(
            "write container = \"{name}@sha256:...\"; `podman pull {image}` and then `podman image inspect --format \
             '{{{{.Digest}}}}' {image}` print the digest"
        ))
}

/// The name of an image without its tag: a colon in the last part; one before it is that of a port.
fn without_tag(image: &str) -> &str {
    let last = image.rfind('/').map_or(0, |slash| slash + 1);
    image[last..].find(':').map_or(image, |colon| &image[..last + colon])
}

fn is_image(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte);
    text.len() <= 255 && text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) && text.bytes().all(is_part)
}

fn is_digest(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64 && digits.bytes().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine_spec::tree;

    fn read(value: &str) -> Result<Container, String> {
        let root = tree::document(&format!("container = {value}"), 0).unwrap();
        Container::read(root.get("container").unwrap()).map_err(|problem| format!("{problem:?}"))
    }

    #[test]
    fn an_image_needs_its_digest() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let container = read(&format!("\"localhost:5000/a/python:3.12@{digest}\"")).unwrap();
        assert_eq!(container.reference(), format!("localhost:5000/a/python@{digest}"));
        assert_eq!(read(&container.json().to_string().replace("\":", "\"=")).unwrap(), container);
        let help = read("\"localhost:5000/a/python:3.12\"").unwrap_err();
        assert!(help.contains("write container = \\\"localhost:5000/a/python@sha256:...\\\""), "{help}");
        assert!(help.contains("podman pull localhost:5000/a/python:3.12` and then"), "{help}");
        for wrong in [
            "3",
            "\"\"",
            "\"--privileged\"",
            "\"a b\"",
            "\"python@sha256:0a\"",
            "\"python@3.12\"",
            "\"@sha256:0a\"",
            "{ image = \"python\" }",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(read(&format!("\"python@{}\"", digest.to_uppercase())).is_err());
    }
}
