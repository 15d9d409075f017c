//! Pictures that runs keep, in the reports.

use std::fs;

use crate::place::Place;

/// A name in which every target needs another escape.
const ODD: &str = "a b #1 50% \"q\" ü <&>.SVG";

/// `ODD` in an address.
const ADDRESS: &str = "a%20b%20%231%2050%25%20%22q%22%20%C3%BC%20%3C%26%3E.SVG";

/// A study that keeps two pictures and another file for each run. The measurement is the parameter.
fn drawn(sweep: &str) -> Place {
    let script = format!(
        "echo $1$2 > '{ODD}'; mkdir out; echo $1$2 > out/z.png; echo x > model.txt; echo \"{{\\\"loss\\\": $2.$1}}\""
    );
    let spec = format!(
        "[study]\nquestion = \"What does it draw?\"\n[command]\nrun = [\"sh\", \"run.sh\", \"{{seed}}\", \"{{width}}\"]\n\
         inputs = [\"run.sh\"]\nkeep = [\"*.SVG\", \"out\", \"model.txt\"]\n[parameters]\nwidth = 1\n\
         [measurements]\nloss = {{ direction = \"lower\", objective = true }}\n[sweep]\n{sweep}\n"
    );
    Place::of(&script, &spec)
}

/// The addresses of pictures in the page, in order.
fn linked(page: &str) -> Vec<&str> {
    page.split("src=\"files/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The folder is proven, and the report current.
#[track_caller]
fn is_proven(place: &Place, folder: &str) {
    place.run(&format!("verify {folder} --progress none")).ends(0).says("every bit is the same");
}

#[test]
fn reports_link_pictures_and_need_their_names_alone() {
    let place = drawn("\"parameters.width\" = [1, 2]\nseeds = 2");
    place.run("sweep study.toml --quiet").ends(0);
    let (page, text) =
        (place.workspace.text("results/study/report.html"), place.workspace.text("results/study/report.md"));
    let found = linked(&page);
    assert_eq!(found.len(), 4, "{found:?}");
    for address in &found {
        let (run, name) = address.split_once('/').unwrap();
        let name = if name == ADDRESS { ODD } else { name };
        assert!(place.workspace.path(&format!("results/study/files/{run}/{name}")).is_file(), "{address}");
        assert!(text.contains(&format!("](files/{address})")), "{address}");
    }
    assert!(found[0].ends_with(ADDRESS) && found[1].ends_with("/out/z.png"), "{found:?}");
    assert!(
        page.contains("a b #1 50% &quot;q&quot; ü &lt;&amp;&gt;.SVG of the run with parameters.width = 1 under seed 0")
    );
    assert!(page.contains("img-src data: 'self';") && page.contains("4 of 12 kept files"));
    is_proven(&place, "results/study");
    let is_same = || {
        is_proven(&place, "results/study");
        place.run("report results/study --check").ends(0);
        assert_eq!(place.workspace.text("results/study/report.html"), page);
    };
    place.run("report results/study").ends(0).says("the report is current");
    place.run("gc results/study").ends(0);
    is_same();
    // A copy of the folder without what runs have kept: the names are those of the report.
    fs::remove_dir_all(place.workspace.path("results/study/files")).unwrap();
    is_same();
    fs::remove_file(place.workspace.path("results/study/report.html")).unwrap();
    is_proven(&place, "results/study");
    place.run("report results/study").ends(0);
    is_same();
    // Nothing has the names any more, and nothing that is there is called different.
    for name in ["report.html", "report.md"] {
        fs::remove_file(place.workspace.path("results/study").join(name)).unwrap();
    }
    is_proven(&place, "results/study");
    place.run("report results/study").ends(0);
    assert!(linked(&place.workspace.text("results/study/report.html")).is_empty());
}

#[test]
fn names_that_are_not_those_of_the_run_are_not_shown() {
    let place = drawn("seeds = 1");
    place.run("sweep study.toml --quiet").ends(0);
    let page = place.workspace.text("results/study/report.html");
    let files = place.workspace.files("results/study/files");
    let list = format!("results/study/files/{}", files.keys().find(|name| name.ends_with(".json")).unwrap());
    let forged = place.workspace.text(&list).replacen("model.txt", "forged.png", 1);
    place.workspace.write(&list, forged);
    place.run("report results/study").ends(0);
    assert_eq!(place.workspace.text("results/study/report.html"), page);
    // The report may be edited as well: what it links is no proof.
    place.workspace.write("results/study/report.html", page.replace("out/z.png", "out/y.png"));
    let said = place.run("verify results/study --progress none").ends(4).out;
    assert!(said.contains("report.html") && said.contains("it does not list the files"), "{said}");
    place.workspace.write(&list, "no list");
    place.run("report results/study").ends(0);
    assert_eq!(place.workspace.text("results/study/report.html"), page, "report.md still has the names");
}

#[test]
fn a_report_without_pictures_loads_nothing() {
    let place = Place::new("echo $1 > model.txt; echo '{\"loss\": 1}'", "keep = [\"*.txt\"]");
    place.run("sweep study.toml --quiet").ends(0);
    let page = place.workspace.text("results/study/report.html");
    assert!(page.contains("img-src data:;") && !page.contains("kept files") && !page.contains(".kept"));
    fs::remove_dir_all(place.workspace.path("results/study/files")).unwrap();
    is_proven(&place, "results/study");
}

#[test]
fn a_long_study_shows_its_best_trials_the_best_of_all_first() {
    let widths: Vec<_> = (1..=14).rev().map(|width| width.to_string()).collect();
    let place = drawn(&format!("\"parameters.width\" = [{}]\nseeds = 12", widths.join(", ")));
    place.run("sweep study.toml --quiet").ends(0);
    let page = place.workspace.text("results/study/report.html");
    assert_eq!(linked(&page).len(), 24);
    assert!(page.contains("one run of the 12 trials with the lowest mean loss, under the first seed"), "{page}");
    let shown = page.split("<figcaption><strong>parameters.width = ").skip(1);
    let shown: Vec<_> = shown.map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(shown[..6], ["1", "1", "12", "12", "11", "11"]);
    assert!(page.contains("24 of 504 kept files"));
    place.run("report results/study --check").ends(0);
    fs::remove_dir_all(place.workspace.path("results/study/files")).unwrap();
    place.run("report results/study --check").ends(0);
    is_proven(&place, "results/study");
}

#[test]
fn an_unfinished_report_shows_pictures_and_a_copy_has_their_files() {
    let place = drawn("\"parameters.width\" = [1, 2]\nseeds = 2");
    place.run("sweep study.toml --quiet --shard 1/2").ends(0);
    place.run("report results/study").ends(0);
    assert!(!linked(&place.workspace.text("results/study/report.html")).is_empty());
    place.run("report results/study --output elsewhere").ends(0);
    let page = place.workspace.text("elsewhere/report.html");
    for address in linked(&page) {
        let file = format!("elsewhere/files/{}", address.replace(ADDRESS, ODD));
        assert!(place.workspace.path(&file).is_file(), "{file}");
    }
    assert!(place.workspace.files("elsewhere/files").keys().all(|name| !name.ends_with("model.txt")));
    place.run("sweep study.toml --quiet").ends(0);
    is_proven(&place, "results/study");
}

#[test]
fn merged_folders_show_what_they_have() {
    let place = drawn("\"parameters.width\" = [1, 2]\nseeds = 2");
    place.run("sweep study.toml --quiet --shard 1/2 --results one").ends(0);
    place.run("sweep study.toml --quiet --shard 2/2 --results two").ends(0);
    fs::remove_dir_all(place.workspace.path("two/study/files")).unwrap();
    place.run("merge one/study two/study --quiet").ends(0);
    let page = place.workspace.text("one/study/report.html");
    let shown = linked(&page).len();
    assert!(shown < 4 && page.contains(&format!("{shown} of 12 kept files")) || shown == 0, "{shown}");
    is_proven(&place, "one/study");
    place.run("report one/study --check").ends(0);
}
