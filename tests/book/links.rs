//! Links of a page to other files of the repository, and to headings in them.

use std::{fs, path::Path};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Where the links and pictures of a text lead.
pub fn targets(text: &str) -> Vec<String> {
    let links = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

/// The anchors that a page gets where it is shown: of every heading its words in lower case, with hyphens between them.
fn anchors(text: &str) -> Vec<String> {
    let (mut found, mut heading): (Vec<String>, Option<String>) = (Vec::new(), None);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::End(TagEnd::Heading(_)) => found.extend(heading.take().map(|heading| anchor(&heading))),
            _ => {}
        }
    }
    found
}

fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Links of a page that lead nowhere.
pub fn broken(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let name = path.strip_prefix(super::top()).unwrap().display();
    let inside = targets(&text).into_iter().filter(|target| !target.contains("://") && !target.starts_with("mailto:"));
    inside.filter_map(|target| fault(path, &text, &target).map(|fault| format!("{name}: {target}: {fault}"))).collect()
}

fn fault(path: &Path, text: &str, target: &str) -> Option<&'static str> {
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let to = path.parent().unwrap().join(file);
    if !to.exists() {
        return Some("there is no such file");
    }
    if heading.is_empty() {
        return None;
    }
    let other = if file.is_empty() { text.to_owned() } else { fs::read_to_string(to).unwrap_or_default() };
    (!anchors(&other).iter().any(|anchor| anchor == heading)).then_some("there is no such heading")
}

#[test]
fn links_and_headings_are_read_as_they_are_shown() {
    let text = "# A page: `restudy`, again\n\n[![p](a.svg)](b.md#c)\n\n`[no](x)` [self](#a-page-restudy-again)\n";
    assert_eq!(targets(text), ["b.md#c", "a.svg", "#a-page-restudy-again"]);
    assert_eq!(anchors(text), ["a-page-restudy-again"]);
    let page = super::top().join("README.md");
    assert_eq!(fault(&page, text, "#a-page-restudy-again"), None);
    assert_eq!(fault(&page, text, "#a-page"), Some("there is no such heading"));
    assert_eq!(fault(&page, text, "docs/none.md"), Some("there is no such file"));
}
