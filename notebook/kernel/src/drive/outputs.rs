//! Collects the outputs of a cell in the form of a notebook.

use serde_json::{Map, Value, json};

use crate::text::lines;

#[derive(Debug, Default)]
pub struct Outputs {
    list: Vec<Output>,
    /// Whether the next output replaces all earlier ones.
    clear: bool,
}

#[derive(Debug)]
enum Output {
    /// The text of one of the two streams, the number of bytes left out, and the digest of the whole text.
    Stream { name: String, text: String, left_out: usize, digest: Box<blake3::Hasher> },
    /// Any other output, with the identifier by which it can be replaced.
    Other { id: Option<String>, value: Value },
}

/// At most this much text of one stream is kept.
const MOST_BYTES: usize = 1_000_000;

impl Outputs {
    /// Adds a message; messages that are no outputs are ignored.
    pub fn take(&mut self, kind: &str, content: &Value) {
        if kind == "clear_output" {
            self.clear = true;
            if content["wait"] != true {
                self.clear_now();
            }
            return;
        }
        let id = content["transient"]["display_id"].as_str().map(str::to_owned);
        let value = match kind {
            "stream" => {
                self.clear_now();
                let text = |key: &str| content[key].as_str().unwrap_or_default();
                return self.stream(text("name"), text("text"));
            }
            "update_display_data" => {
                for output in &mut self.list {
                    if let Output::Other { id: own, value } = output
                        && own.is_some()
                        && *own == id
                    {
                        (value["data"], value["metadata"]) = (stored(&content["data"]), content["metadata"].clone());
                    }
                }
                return;
            }
            "display_data" => {
                json!({ "output_type": kind, "data": stored(&content["data"]), "metadata": object(&content["metadata"]) })
            }
            "execute_result" => json!({
                "output_type": kind, "data": stored(&content["data"]), "metadata": object(&content["metadata"]),
                "execution_count": content["execution_count"],
            }),
            "error" => {
                let (ename, evalue) = (&content["ename"], &content["evalue"]);
                json!({ "output_type": kind, "ename": ename, "evalue": evalue, "traceback": content["traceback"] })
            }
            _ => return,
        };
        self.clear_now();
        self.list.push(Output::Other { id, value });
    }

    /// Returns the outputs in the form of nbformat 4, without emptied displays.
    pub fn stored(&self) -> Vec<Value> {
        let stored = self.list.iter().map(|output| match output {
            Output::Stream { name, text, left_out: 0, .. } => {
                json!({ "output_type": "stream", "name": name, "text": lines(text) })
            }
            Output::Stream { name, text, left_out, digest } => {
                // `src/notebook/compare.rs` shortens the text of other front ends in the same way.
                let digest = digest.finalize();
                let text = format!("{text}\n... {left_out} bytes left out; BLAKE3 of all of it: {digest}\n");
                json!({ "output_type": "stream", "name": name, "text": lines(&text) })
            }
            Output::Other { value, .. } => value.clone(),
        });
        stored.filter(|output| output["data"] != json!({})).collect()
    }

    pub fn stderr(&self) -> String {
        let texts = self.list.iter().filter_map(|output| match output {
            Output::Stream { name, text, .. } if name == "stderr" => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    fn clear_now(&mut self) {
        if std::mem::take(&mut self.clear) {
            self.list.clear();
        }
    }

    fn stream(&mut self, name: &str, more: &str) {
        let same = matches!(self.list.last(), Some(Output::Stream { name: last, .. }) if last == name);
        if !same {
            self.list.push(Output::Stream {
                name: name.into(),
                text: String::new(),
                left_out: 0,
                digest: Box::default(),
            });
        }
        if let Some(Output::Stream { text, left_out, digest, .. }) = self.list.last_mut() {
            digest.update(more.as_bytes());
            let room = MOST_BYTES.saturating_sub(text.len());
            let end = if *left_out > 0 { 0 } else { more.floor_char_boundary(room) };
            text.push_str(&more[..end]);
            *left_out += more.len() - end;
        }
    }
}

/// A bundle of representations: text as a list of lines, other values unchanged.
fn stored(data: &Value) -> Value {
    let entries = data.as_object().into_iter().flatten();
    let entry = |(mime, content): (&String, &Value)| {
        let text = mime.starts_with("text/") || ["application/javascript", "image/svg+xml"].contains(&mime.as_str());
        let content = content.as_str().filter(|_| text).map_or_else(|| content.clone(), lines);
        (mime.clone(), content)
    };
    Value::Object(entries.map(entry).collect::<Map<_, _>>())
}

fn object(value: &Value) -> Value {
    if value.is_object() { value.clone() } else { json!({}) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(messages: &[(&str, Value)]) -> Value {
        let mut outputs = Outputs::default();
        messages.iter().for_each(|(kind, content)| outputs.take(kind, content));
        json!(outputs.stored())
    }

    #[test]
    fn streams_are_joined_and_displays_replaced() {
        let text = |name: &str, text: &str| ("stream", json!({ "name": name, "text": text }));
        let show = |kind, text: &str| {
            (kind, json!({ "data": { "text/plain": text }, "metadata": {}, "transient": { "display_id": "a" } }))
        };
        let out = taken(&[
            text("stdout", "1\n"),
            text("stdout", "2"),
            show("display_data", "0 %"),
            text("stderr", "x"),
            show("update_display_data", "b\nc"),
        ]);
        assert_eq!(out[0], json!({ "output_type": "stream", "name": "stdout", "text": ["1\n", "2"] }));
        assert_eq!(out[1]["data"]["text/plain"], json!(["b\n", "c"]));
        assert_eq!(out[2]["text"], json!(["x"]));
        let empty = ("update_display_data", json!({ "data": {}, "metadata": {}, "transient": { "display_id": "a" } }));
        assert_eq!(taken(&[show("display_data", "0 %"), empty]), json!([]));
    }

    #[test]
    fn pictures_stay_whole_and_clearing_waits() {
        let data = json!({ "data": { "image/png": "iV\nBO", "image/svg+xml": "<svg>\n</svg>", "application/json": { "a": 1 } } });
        let out = taken(&[("display_data", data)]);
        assert_eq!(out[0]["data"]["image/png"], "iV\nBO");
        assert_eq!(out[0]["data"]["image/svg+xml"], json!(["<svg>\n", "</svg>"]));
        assert_eq!((&out[0]["metadata"], &out[0]["data"]["application/json"]), (&json!({}), &json!({ "a": 1 })));
        let text = |text: &str| ("stream", json!({ "name": "stdout", "text": text }));
        let clear = ("clear_output", json!({ "wait": true }));
        assert_eq!(taken(&[text("a"), clear.clone()]).as_array().unwrap().len(), 1);
        assert_eq!(taken(&[text("a"), clear, text("b")])[0]["text"], json!(["b"]));
    }

    #[test]
    fn megabytes_are_cut_off_between_characters() {
        let cut = |text: &str| {
            let out = taken(&[("stream", json!({ "name": "stdout", "text": text }))]);
            out[0]["text"].as_array().unwrap().last().unwrap().as_str().unwrap().to_owned()
        };
        let text = "ä".repeat(MOST_BYTES);
        let digest = blake3::hash(text.as_bytes());
        assert_eq!(cut(&text), format!("... 1000000 bytes left out; BLAKE3 of all of it: {digest}\n"));
        assert_ne!(cut(&(text.clone() + "a")), cut(&(text + "b")), "the digest covers the bytes left out");
    }
}
