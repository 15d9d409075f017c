//! Random forgeries of notebooks: `notebook check` must report every change of stored outputs.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use restudy::notebook::{Document, differences, left_out};
use serde_json::{Value, json};

/// An executed notebook with every kind of output.
fn executed() -> Value {
    let cell = |count: u32, outputs: Value| json!({ "cell_type": "code", "id": format!("cell-{count}"), "metadata": {}, "execution_count": count, "outputs": outputs, "source": "f()" });
    let stream = json!({ "output_type": "stream", "name": "stdout", "text": ["loss 0.25\n", "error 3.1 %\n"] });
    let table = json!({
        "output_type": "display_data", "metadata": {},
        "data": { "text/plain": ["hidden  error\n", "7       3.1 %"], "text/html": ["<table><tr><td>3.1 %</td></tr></table>"] },
    });
    let figure = json!({
        "output_type": "execute_result", "metadata": {}, "execution_count": 3,
        "data": { "text/plain": ["a figure"], "image/svg+xml": ["<svg>\n", "<circle r=\"3\"/></svg>"], "image/png": "iVBORw0KGgoAAAANSUhEUg==" },
    });
    let json_data = json!({ "output_type": "display_data", "metadata": { "isolated": true }, "data": { "application/json": { "loss": 0.25, "list": [1, 2] } } });
    json!({
        "nbformat": 4, "nbformat_minor": 5, "metadata": { "kernelspec": { "name": "restudy", "display_name": "r", "language": "rust" } },
        "cells": [
            cell(1, json!([])),
            { "cell_type": "markdown", "id": "text", "metadata": {}, "source": "text" },
            cell(2, json!([stream, table, stream])),
            cell(3, json!([json_data, figure])),
        ],
    })
}

struct Forger(ChaCha8Rng);

impl Forger {
    fn below(&mut self, most: usize) -> usize {
        self.0.next_u32() as usize % most
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// Changes a value: a number, a character, a line, an entry.
    fn change(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let mut chars: Vec<char> = text.chars().collect();
                let at = self.below(chars.len() + 1);
                match self.below(3) {
                    0 if at < chars.len() => chars[at] = if chars[at] == 'x' { 'y' } else { 'x' },
                    1 if at < chars.len() => drop(chars.remove(at)),
                    _ => chars.insert(at, '9'),
                }
                *text = chars.into_iter().collect();
            }
            Value::Array(list) if !list.is_empty() => {
                let at = self.below(list.len());
                match self.below(4) {
                    0 => drop(list.remove(at)),
                    1 => list.insert(at, json!("forged\n")),
                    _ => self.change(&mut list[at]),
                }
            }
            Value::Object(entries) if !entries.is_empty() => {
                let key = entries.keys().nth(self.below(entries.len())).unwrap().clone();
                match self.below(4) {
                    0 => drop(entries.remove(&key)),
                    1 => drop(entries.insert("forged".into(), json!("forged"))),
                    _ => self.change(&mut entries[&key]),
                }
            }
            Value::Number(number) => *value = json!(number.as_f64().unwrap_or_default() + 1.0),
            Value::Bool(truth) => *value = json!(!*truth),
            other => *other = json!("forged"),
        }
    }

    fn output(&mut self) -> Value {
        let text = self.one_of(&["proven", "loss 0.05\n", "<b>0 %</b>"]);
        match self.below(6) {
            0 => json!({ "output_type": "stream", "name": self.one_of(&["stdout", "stderr"]), "text": text }),
            1 => {
                json!({ "output_type": "display_data", "name": "stderr", "metadata": {}, "data": { "text/html": text } })
            }
            2 => {
                json!({ "output_type": "display_data", "metadata": { "volatile": true }, "data": { "text/html": text } })
            }
            3 => json!({ "output_type": "error", "ename": text, "evalue": text, "traceback": [text] }),
            4 => json!({ "output_type": "stream", "name": "stdout", "text": text, "metadata": { "volatile": true } }),
            _ => {
                json!({ "output_type": "execute_result", "execution_count": 2, "metadata": {}, "data": { "text/plain": text } })
            }
        }
    }

    /// Forges something in a notebook.
    fn forge(&mut self, notebook: &mut Value) {
        let cells = notebook["cells"].as_array_mut().unwrap();
        let at = self.below(cells.len());
        let cell = &mut cells[at];
        if cell["cell_type"] != "code" {
            return match self.below(2) {
                0 => cell["attachments"] = json!({ "a.png": { "image/png": "iVBO" } }),
                _ => cell["outputs"] = json!([self.output()]),
            };
        }
        match self.below(8) {
            0 => return cell["execution_count"] = json!([json!(null), json!(7)][self.below(2)]),
            1 => return cell["metadata"]["tags"] = json!([self.one_of(&["volatile", "nbval-ignore-output"])]),
            _ => {}
        }
        let new = self.output();
        let outputs = cell["outputs"].as_array_mut().unwrap();
        let place = self.below(outputs.len() + 1);
        if place == outputs.len() {
            return outputs.push(new);
        }
        match self.below(9) {
            0 => outputs.insert(place, new),
            1 => drop(outputs.remove(place)),
            2 => outputs[place] = new,
            3 => outputs[place]["metadata"] = json!({ "volatile": true }),
            4 => outputs[place]["name"] = json!("stderr"),
            5 => {
                let again = outputs[place].clone();
                outputs.push(again);
            }
            6 => outputs.rotate_left(1),
            _ => self.change(&mut outputs[place]),
        }
    }
}

/// The outputs of a notebook in a form that does not depend on how their texts are split.
fn shown(notebook: &Value) -> Value {
    let text = |value: &Value| match value.as_array() {
        Some(lines) if lines.iter().all(Value::is_string) => {
            json!(lines.iter().filter_map(Value::as_str).collect::<String>())
        }
        _ => value.clone(),
    };
    let mut notebook = notebook.clone();
    for output in
        notebook["cells"].as_array_mut().unwrap().iter_mut().flat_map(|cell| cell["outputs"].as_array_mut()).flatten()
    {
        if output["output_type"] == "stream" {
            output["text"] = text(&output["text"]);
        }
        if output["metadata"] == json!({}) || output["metadata"].is_null() {
            output.as_object_mut().unwrap().remove("metadata");
        }
        for data in output.get_mut("data").and_then(Value::as_object_mut).into_iter().flat_map(|data| data.values_mut())
        {
            *data = text(data);
        }
    }
    notebook
}

#[test]
fn every_forgery_is_reported() {
    let truth = executed();
    let read = |value: &Value| Document::parse(&value.to_string(), "a.ipynb").unwrap();
    let computed = read(&truth);
    assert_eq!((differences(&computed, &computed).len(), left_out(&computed).len()), (0, 0));
    let mut forger = Forger(ChaCha8Rng::seed_from_u64(14));
    let mut object = 0;
    while object < 2000 {
        let mut forged = truth.clone();
        forger.forge(&mut forged);
        if shown(&forged) == shown(&truth) {
            continue;
        }
        let stored = read(&forged);
        let found = !differences(&stored, &computed).is_empty() || !left_out(&stored).is_empty();
        assert!(found, "not reported: {}", serde_json::to_string_pretty(&forged["cells"]).unwrap());
        object += 1;
    }
}

#[test]
fn forgeries_of_the_shipped_notebooks_are_reported() {
    let mut forger = Forger(ChaCha8Rng::seed_from_u64(41));
    for name in ["derivation", "study", "training", "your-own"] {
        let path = crate::place::project().join(format!("notebooks/{name}.ipynb"));
        let text = std::fs::read_to_string(path).unwrap();
        let (truth, computed): (Value, _) =
            (serde_json::from_str(&text).unwrap(), Document::parse(&text, name).unwrap());
        assert_eq!(left_out(&computed), Vec::<String>::new(), "{name}");
        for _ in 0..50 {
            let mut forged = truth.clone();
            forger.forge(&mut forged);
            let stored = Document::parse(&forged.to_string(), name).unwrap();
            let found = !differences(&stored, &computed).is_empty() || !left_out(&stored).is_empty();
            assert!(found || shown(&forged) == shown(&truth), "{name}");
        }
    }
}
