//! Tests the sentences on the program and sources of a report, and on the processes that computed its runs.

use super::{hostile, input, summed_up};
use crate::{
    report::{History, Process, SILENT, SOURCE, SOURCES, TOLD, html, markdown, with_history},
    seed::Seed,
    tests::fixture,
};

#[test]
fn a_page_says_what_it_was_made_from_and_whether_sources_were_changed() {
    let study = fixture::study(&[1, 7], &[0.02], 5);
    let summary = summed_up(&study);
    let mut input = input(&study, &summary);
    for page in [markdown(&input), html(&input)] {
        for fact in
            [&"cd".repeat(32), "its version marks no change of the sources", "restudy report results/hidden --journal"]
        {
            assert!(page.contains(fact), "{fact}: {page}");
        }
    }
    assert!(html(&input).contains("<pre><code>[study]\nquestion"), "the specification itself");
    input.version = "0.1.0+dirty.abababababab";
    for page in [markdown(&input), html(&input)] {
        assert!(page.contains("a patch whose digest begins with abababababab"), "{page}");
    }
    input.version = "0.1.0+unknown";
    for page in [markdown(&input), html(&input)] {
        assert!(page.contains("the program of some runs is unknown: no journal has them"), "{page}");
    }
}

#[test]
fn history_is_a_section_that_only_the_copy_has() {
    let study = hostile();
    let summary = summed_up(&study);
    let page = html(&input(&study, &summary));
    let process = Process { who: "process 7 on <b>".into(), means: "rustc".into(), computed: 3, seconds: 0.25 };
    let replicated = vec![("init = he".to_owned(), vec![Seed(3), Seed(4)])];
    let copy = with_history(&page, &History { processes: vec![process], replicated, runs: 4 });
    let start = copy.find("<section id=\"history\"").unwrap();
    let end = start + copy[start..].find("</section>\n").unwrap() + "</section>\n".len();
    let section = &copy[start..end];
    for fact in
        ["2 of 4 runs were computed by more than one process", "init = he: seeds 3 to 4", "on &lt;b&gt;", "<td>3</td>"]
    {
        assert!(section.contains(fact), "{fact}: {section}");
    }
    let rest = [&copy[..start], &copy[end..]].concat();
    assert!(!rest.contains(SILENT) && !rest.contains(SOURCE), "it says that it has one");
    assert_eq!(rest.replace(TOLD, SILENT).replace(SOURCES, SOURCE), page);
}
