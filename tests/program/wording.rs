//! What is said in a few places where it was wrong: a false second error, grammar, notation, and promises that nothing keeps.

use serde_json::Value;

use crate::place::{Place, flat, with};

#[test]
fn a_slip_on_the_command_line_is_one_error() {
    let place = Place::new(&with("[sweep]", "# No section [model].\n[sweep]"));
    let said = flat(&place.run("check moons.toml --set model.hiden=3").refused(2));
    assert!(said.contains("`model` has no setting `hiden`") && said.contains("did you mean `hidden`?"), "{said}");
    assert!(!said.contains("there is no section"), "{said}");
    let said = flat(&place.run("check moons.toml --set modle.hiden=3").refused(2));
    assert!(
        said.contains("there is no section `[modle]`") && said.contains("`model` has no setting `hiden`"),
        "{said}"
    );
}

#[test]
fn a_specification_for_matlab_names_a_file_of_matlab() {
    let place = Place::new("");
    place.run("new --data mat sheet.toml").ends(0);
    let text = place.text("sheet.toml");
    assert!(text.contains("file = \"points.mat\"") && !text.contains("points.csv"), "{text}");
    assert!(text.contains("# negative = 1\n") && text.contains("# positive = 2\n"), "{text}");
    place.run("new --data csv table.toml").ends(0);
    assert!(place.text("table.toml").contains("file = \"points.csv\""));
}

#[test]
fn braces_of_another_program_are_left_alone() {
    let place = Place::swept();
    let text = "\\{{ page.title }} and `{{ x }}`: {{ hidden=3 runs }} of \\{{{{ raw }}}}.\n";
    place.write("page.md", text);
    place.run("cite page.md --of results/moons").ends(0).says("1 number filled in");
    let filled = text.replace("{{ hidden=3 runs }}", "3<!--{{ hidden=3 runs }}-->");
    assert_eq!(place.text("page.md"), filled);
    place.run("cite page.md --of results/moons --check").ends(0);
    place.run("cite --help").ends(0).says("behind a backslash: \\{{ page.title }}");
}

#[test]
fn huge_numbers_have_an_exponent() {
    let spec = with("[sweep]", "[sweep]\n\"train.learning-rate\" = [1e300, 2]");
    let place = Place::new(&spec);
    place.run("sweep moons.toml --quiet").ends(0);
    let said = place.run("compare results/moons hidden=1,learning-rate=1e300 hidden=1,learning-rate=2").ends(0).out;
    assert!(said.contains("1e300") && !said.contains("000000"), "{said}");
}

#[test]
fn the_home_of_a_user_is_no_path_of_a_specification() {
    let data =
        with("[data.double-moon]\ntrain = 40\nvalidation = 40", "[data.csv]\nfile = \"~/points.csv\"\nlabel = \"y\"");
    let place = Place::new(&data);
    let mut command = place.command(&["check", "moons.toml"]);
    let output = command.env("HOME", "/elsewhere").output().unwrap();
    let said = flat(&String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("`data.csv.file` cannot be \"~/points.csv\": `~` is not expanded"), "{said}");
    assert!(said.contains("file = \"/elsewhere/points.csv\""), "{said}");
}

#[test]
fn the_trials_with_the_best_means_are_not_called_the_best() {
    let widths: Vec<_> = (1..=41).map(|width: u32| width.to_string()).collect();
    let place = Place::new(&with("[1, 3]", &format!("[{}]", widths.join(", "))).replace("epochs = 4", "epochs = 1"));
    let said = place.run("sweep moons.toml").ends(0).out;
    assert!(!said.contains("these are the best"), "{said}");
    let line = said.lines().find(|line| line.starts_with("shown are the 40")).unwrap();
    assert!(
        line.contains("of 41 trials with the lowest mean validation error, which does not make any of them the best"),
        "{line}"
    );
}

#[test]
fn show_tells_a_program_the_verdict_that_sweep_tells() {
    let place = Place::swept();
    let last =
        |words: &str| -> Value { serde_json::from_str(place.run(words).ends(0).out.lines().last().unwrap()).unwrap() };
    let (shown, swept) = (last("show results/moons --json"), last("sweep moons.toml --json --progress none"));
    assert!(shown["verdict"]["finding"].is_string());
    assert_eq!(shown["verdict"], swept["verdict"]);
    assert_eq!(last("show results/moons --json --sort seed")["verdict"], swept["verdict"], "in whatever order");
    for words in ["--runs", "--limit 2", "--where seed<2"] {
        assert!(last(&format!("show results/moons --json {words}"))["verdict"].is_null(), "{words}");
    }
    let page = include_str!("../../docs/json.md");
    for key in swept["verdict"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("`{key}`")), "{key} is in docs/json.md");
    }
}

#[test]
fn labels_of_the_page_name_one_field_each() {
    let place = Place::swept();
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
