use serde_json::{Value, json};

use super::Document;

fn notebook() -> Value {
    json!({
        "nbformat": 4, "nbformat_minor": 2,
        "metadata": { "zebra": { "b": [1.5, null], "a": "ä" }, "kernelspec": { "name": "restudy", "language": "Rust" } },
        "cells": [
            { "cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "text"], "attachments": {} },
            { "cell_type": "code", "metadata": { "collapsed": true, "execution": { "started": 1 } }, "execution_count": 7,
              "outputs": [{ "output_type": "stream", "name": "stdout", "text": "1\n" }], "source": "1" },
            { "cell_type": "code", "metadata": {}, "execution_count": null, "outputs": [], "source": "1" },
        ],
    })
}

fn parsed(value: &Value) -> Result<Document, String> {
    use miette::Diagnostic;
    Document::parse(&value.to_string(), "a.ipynb")
        .map_err(|error| format!("{error}; {}", error.help().map(|help| help.to_string()).unwrap_or_default()))
}

#[test]
fn a_notebook_keeps_its_content_and_gets_format_4_5() {
    let document = parsed(&notebook()).unwrap();
    let text = document.to_text();
    assert!(text.starts_with("{\n \"cells\": [\n  {\n   \"attachments\": {},\n") && text.ends_with("}\n"), "{text}");
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["metadata"], notebook()["metadata"]);
    assert_eq!((&value["nbformat"], &value["nbformat_minor"]), (&json!(4), &json!(5)));
    let ids: Vec<_> = value["cells"].as_array().unwrap().iter().map(|cell| cell["id"].as_str().unwrap()).collect();
    assert!(
        ids[1] != ids[2] && ids.iter().all(|id| id.len() == 8),
        "cells with the same source have different ids: {ids:?}"
    );
    assert_eq!(Document::parse(&text, "a").unwrap().to_text(), text, "reading and writing changes nothing more");
    assert_eq!((document.kernel(), document.language_name().as_deref()), (Some("restudy"), Some("rust")));
}

#[test]
fn cleaning_removes_outputs_and_nothing_else() {
    let mut document = parsed(&notebook()).unwrap();
    assert_eq!(document.clean(), 1);
    let cell = &document.cells()[1];
    assert_eq!(
        (&cell["outputs"], &cell["execution_count"], &cell["metadata"]),
        (&json!([]), &Value::Null, &json!({ "collapsed": true }))
    );
    assert_eq!(document.clean(), 0);
}

#[test]
fn dropping_the_standard_error_adds_no_key() {
    let mut document = parsed(&notebook()).unwrap();
    let before = document.clone();
    document.drop_stderr();
    assert_eq!(document.to_text(), before.to_text(), "there was none");
    let stream = |name: &str| json!({ "output_type": "stream", "name": name, "text": ["a\n"] });
    document.cells_mut()[1]["outputs"] = json!([stream("stderr"), stream("stdout"), stream("stderr")]);
    document.drop_stderr();
    assert_eq!(document.cells()[1]["outputs"], json!([stream("stdout")]));
}

#[test]
fn other_files_are_refused_with_a_remedy() {
    let with = |key: &str, value: Value| {
        let mut changed = notebook();
        changed[key] = value;
        parsed(&changed).unwrap_err()
    };
    assert_eq!(
        with("nbformat", json!(3)),
        "a.ipynb has format 3; only format 4 can be read; convert it: `jupyter nbconvert --to notebook --nbformat 4 FILE`"
    );
    assert!(with("nbformat", json!(5)).starts_with("a.ipynb has format 5"));
    assert!(with("nbformat", json!("4")).contains("no integer `nbformat`"));
    assert!(with("cells", json!(null)).contains("no list `cells`"));
    assert!(
        with("cells", json!([{ "cell_type": "heading", "source": "" }]))
            .contains("cell 1 is neither code, markdown nor raw")
    );
    assert!(with("cells", json!([{ "cell_type": "code", "source": 3 }])).contains("cell 1 has no text `source`"));
    let cut = &notebook().to_string()[..100];
    let error = Document::parse(cut, "a.ipynb").unwrap_err().to_string();
    assert!(
        error.starts_with("a.ipynb is not a notebook: EOF while parsing") && error.contains("line 1 column 100"),
        "{error}"
    );
}
