//! What commands under `versions` printed on the machines that computed runs, and how the report shows it.

use std::fs;

use restudy::results::Manifest;

use crate::place::Place;

/// A study that records the text of a file outside of it.
fn place() -> Place {
    let place = Place::new("echo '{\"loss\": 1}'", "");
    let file = place.workspace.path("installed");
    let spec = place.workspace.text("study.toml");
    let versions = format!("versions = [[\"cat\", \"{}\"], [\"true\"]]\n\n[measurements]", file.display());
    place.workspace.write("study.toml", spec.replacen("[measurements]", &versions, 1));
    place.workspace.write("installed", "tool 1 | <b>\nmore\nand more\n");
    place
}

fn listed(place: &Place) -> Vec<String> {
    let manifest = Manifest::read(&place.workspace.path("results/study")).unwrap();
    manifest.files.into_keys().filter(|path| path.starts_with("versions/")).collect()
}

#[test]
fn the_report_shows_the_first_lines_and_verify_renders_them_elsewhere() {
    let place = place();
    place.run("sweep study.toml --quiet").ends(0);
    assert_eq!(listed(&place).len(), 1);
    let report = place.workspace.text("results/study/report.md");
    let line = report.lines().find(|line| line.starts_with("- **Installed.** ")).unwrap_or_else(|| panic!("{report}"));
    assert!(line.ends_with("installed`: tool 1 \\| &lt;b&gt; (and 2 more lines); `true`: prints nothing."), "{line}");
    let page = place.workspace.text("results/study/report.html");
    assert!(
        page.contains("tool 1 | &lt;b&gt; (and 2 more lines)")
            && page.contains("from the files beside them that the manifest lists")
    );
    // On another machine, something else is installed; the report is still that of these results.
    place.workspace.write("installed", "tool 2\n");
    place.run("verify results/study --progress none").ends(0).says("proven");
    place.run("sweep study.toml --progress none").ends(0).says("nothing to do");
    // Further runs there are computed with it.
    place.run("sweep study.toml --set sweep.seeds=3 --quiet").ends(0);
    assert_eq!(listed(&place).len(), 2);
    let report = place.workspace.text("results/study/report.md");
    for words in
        ["- **Installed (1 of 2).** ", "- **Installed (2 of 2).** ", "tool 2", "Which runs had this is not recorded."]
    {
        assert!(report.contains(words), "{words}: {report}");
    }
    place.run("verify results/study --progress none").ends(0).says("proven");
}

#[test]
fn a_changed_or_missing_file_is_named_and_older_reports_stay_valid() {
    let place = place();
    place.run("sweep study.toml --quiet").ends(0);
    let file = format!("results/study/{}", listed(&place)[0]);
    let text = place.workspace.text(&file);
    place.workspace.write(&file, text.replace("tool 1", "tool 9"));
    let said = place.run("verify results/study --progress none").ends(4).out;
    assert!(
        said.contains("its bytes do not match the manifest\nNOT proven") && said.contains("1 difference"),
        "{said}"
    );
    fs::remove_file(place.workspace.path(&file)).unwrap();
    let said = place.run("verify results/study --progress none").ends(4).out;
    assert!(
        said.contains("it is missing, and the report shows what it says") && said.contains("1 difference"),
        "{said}"
    );
    place.run("status results/study").ends(0).says("versions/");
    // A report that was made before it showed such files does not list them.
    place.run("report results/study").ends(0);
    assert!(listed(&place).is_empty() && !place.workspace.text("results/study/report.md").contains("Installed"));
    place.workspace.write(&file, &text);
    place.run("verify results/study --progress none").ends(0).says("proven");
    place
        .run("report results/study --check")
        .ends(4)
        .says("manifest.json does not list the files in verdicts/ and versions/");
    place.run("sweep study.toml --quiet").ends(0);
    assert_eq!(listed(&place).len(), 1);
    // What is no such list is not shown.
    place.workspace.write("results/study/versions/own.json", "{\"mine\": 1}");
    let answer = place.run("report results/study").ends(0).says("the report is current");
    assert!(
        answer.err.contains("own.json: the report does not show it: it is not a list of commands"),
        "{}",
        answer.err
    );
}
