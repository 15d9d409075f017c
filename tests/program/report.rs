//! `report`: writes and checks the pages.

use crate::workspace::{Workspace, with};

#[test]
fn a_report_is_checked_with_the_texts_that_cite_it() {
    let place = Workspace::swept();
    place.run("report results/moons --check").ends(0);
    place.write("paper.md", "It is {{ hidden=3 validation.error mean .1% }}, {{ moons: hidden=1 runs }} runs.\n");
    // A citation that is not filled in is a difference, too.
    place.run("report results/moons --check paper.md").ends(4).says("is not filled in");
    place.run("cite paper.md --of results/moons").ends(0);
    place.run("report results/moons --check paper.md").ends(0).says("paper.md: 2 of 2 citations match");
    let filled = place.text("paper.md");
    place.write("paper.md", filled.replace("3<!--", "4<!--"));
    place.run("report results/moons --check paper.md").ends(4).says("4 differs from the stored number 3");
    place.write("paper.md", filled.replace("runs }}", "rnus }}"));
    place.run("report results/moons --check paper.md").ends(4).says("`rnus` is unknown");
    place.run("report results/moons paper.md").ends(2);
    // An answer that cites a number that does not exist.
    let question = "question = \"How many hidden units do forty points need?\"";
    for (citation, reason) in
        [("hidden=9 val.error", "no trial"), ("moons: hidden=3 runs", "its own study only, not moons")]
    {
        place.write("wrong.toml", with(question, &format!("{question}\nanswer = \"{{{{ {citation} }}}}\"")));
        place.run("sweep wrong.toml --quiet").ends(0);
        let message = place.run("report results/wrong --check").ends(4).out;
        assert!(
            message.contains(&format!("study.answer: line 1: {{{{ {citation} }}}}: ")) && message.contains(reason),
            "{message}"
        );
    }
}

#[test]
fn labels_of_the_page_name_one_field_each() {
    let place = Workspace::swept();
    let page = place.text("results/moons/report.html");
    let body = page.split("<script").next().unwrap();
    let (mut open, mut fields, mut labels) = (false, 0, 0);
    for tag in body.split('<').skip(1).map(|tag| tag.split(['>', ' ', '\n']).next().unwrap()) {
        match tag {
            "label" => {
                assert!(!open, "a label in a label");
                (open, fields, labels) = (true, 0, labels + 1);
            }
            "/label" => {
                assert!(open && fields <= 1, "a label of {fields} fields");
                open = false;
            }
            "input" | "output" | "select" | "textarea" | "button" | "meter" | "progress" => fields += 1,
            "div" | "p" | "ul" | "table" | "fieldset" => assert!(!open, "<{tag}> in a label"),
            _ => {}
        }
    }
    assert!(labels > 5 && !open, "{labels}");
    for target in body.split(" for=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(body.contains(&format!(" id=\"{target}\"")), "for={target}");
    }
}
