use std::sync::Arc;

use crate::{
    digest::Digest,
    experiment::{Declaration, DeclaredKind, Promise},
    report::{Input, Picture, html, markdown},
    sweep::Study,
    table::{Summary, summary},
    tests::fixture,
};

mod data;
mod makers;

fn summed_up(study: &Study) -> Summary {
    let records = fixture::records(study, 4);
    summary(study, &fixture::rows(study, &records)).with_baseline(crate::run::baseline(study, &[]))
}

fn input<'a>(study: &'a Study, summary: &'a Summary) -> Input<'a> {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 4\"><path d=\"M0 0L8 4\"/></svg>";
    let figures =
        vec![Picture { name: "final-error", caption: "Final error by hidden units.".into(), svg, png: b"pixels" }];
    Input {
        study,
        summary,
        figures,
        kept: None,
        data: &[],
        trained: None,
        root: Digest([0xab; 32]),
        specification: Digest([0xcd; 32]),
        version: "0.1.0",
        experiment: None,
        adoptions: None,
        runs: Vec::new(),
        verdicts: &[],
        installed: &[],
        unfinished: None,
    }
}

fn hostile() -> Study {
    fixture::study_of(
        r#"
        [study]
        question = "<script>alert(1)</script> | *why* [x](javascript:1)\n# now?"
        answer = "See <img src=x onerror=alert(1)> and ![p](http://tracker.example/p.png).\n\n- **h < 5** never `<b>`\n- *yes* & no"
        [data.double-moon]
        [sweep]
        "model.init" = ["he", "normal"]
        seeds = [3, 5]
        "#,
    )
}

#[test]
fn the_table_is_aligned_and_the_best_row_is_bold() {
    let study = fixture::study(&[1, 7, 100], &[0.02], 12);
    let summary = summed_up(&study);
    let page = markdown(&input(&study, &summary));
    let table: Vec<_> = page.lines().filter(|line| line.starts_with('|')).take(5).collect();
    assert!(
        table[0].starts_with("| `model.hidden`  | `train.learning-rate` |   runs | training error, %[^error] |"),
        "{page}"
    );
    let width = |line: &&str| line.chars().count();
    assert!(table.iter().all(|line| width(line) == width(&table[0])), "{page}");
    assert_eq!(table.iter().filter(|line| line.starts_with("| **")).count(), 1);
    assert!(table[4].starts_with("| **100**"), "{page}");
}

#[test]
fn a_report_has_the_facts_for_a_proof() {
    let study = fixture::study(&[1, 7], &[0.02], 5);
    let summary = summed_up(&study);
    let input = input(&study, &summary);
    for page in [markdown(&input), html(&input)] {
        for fact in
            [&"ab".repeat(32), "cargo run -- verify results/hidden", "10 runs", "version 1", "restudy 0.1.0", "swept"]
        {
            assert!(page.contains(fact), "{fact}: {page}");
        }
    }
}

#[test]
fn a_report_without_a_promise_claims_no_proof() {
    let network = fixture::study(&[1, 7], &[0.02], 5);
    let declaration = |promise| Declaration { name: "dice".into(), promise, ..network.declaration().clone() };
    let pages = [Promise::Bits, Promise::Nothing].map(|promise| {
        let study = Study { kind: Arc::new(DeclaredKind::new(declaration(promise))), ..network.clone() };
        let summary = summed_up(&study);
        let input = input(&study, &summary);
        [markdown(&input), html(&input)]
    });
    // The page has no checklist.
    let independent = "since no number here depends on them";
    assert!(pages[0][0].contains(independent) && !pages[1][0].contains(independent));
    for word in ["Every number", "How to prove it"] {
        assert!(pages[0].iter().all(|page| page.contains(word)), "{word}");
        assert!(!pages[1].iter().any(|page| page.contains(word)), "{word}");
    }
    assert!(pages[1].iter().all(|page| page.contains("does not promise reproducible results")));
}

#[test]
fn every_metric_is_defined_and_referenced() {
    let study = fixture::study(&[7], &[0.02], 2);
    let summary = summed_up(&study);
    let page = markdown(&input(&study, &summary));
    for name in ["loss", "error"] {
        assert!(page.contains(&format!("{name}[^{name}]")) && page.contains(&format!("\n[^{name}]: ")), "{page}");
    }
    assert!(page.contains("nat") && page.contains("ln(1 + exp(-y Y))"), "{page}");
}

#[test]
fn untrusted_texts_are_escaped() {
    let study = hostile();
    let summary = summed_up(&study);
    let mut input = input(&study, &summary);
    input.figures[0].caption = "\"><script>1</script>\n](http://evil) |".into();
    input.figures[0].name = "a b\"/../c";
    let page = html(&input);
    assert!(!page.contains("<script>") && !page.contains("<img src=x"), "{page}");
    assert_eq!(page.matches("<script").count(), 1, "the page's own");
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    assert!(page.contains("<li><strong>h &lt; 5</strong> never <code>&lt;b&gt;</code></li>"), "{page}");
    assert!(page.contains("<li><em>yes</em> &amp; no</li>"), "{page}");
    let page = markdown(&input);
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains(" ![p]"), "{page}");
    let title = page.lines().next().unwrap();
    assert_eq!(title, "# &lt;script&gt;alert(1)&lt;/script&gt; \\| \\*why\\* \\[x\\](javascript:1) \\# now?");
    assert!(page.contains("](figures/a%20b%22%2F..%2Fc.svg)"), "{page}");
}

#[test]
fn a_page_loads_nothing() {
    let study = fixture::study(&[7, 10], &[0.02, 2.0], 5);
    let summary = summed_up(&study);
    let page = html(&input(&study, &summary));
    for loading in
        ["src=\"http", "href=\"http", "url(", "@import", "<script src", "rel=\"stylesheet", "fetch(", "import("]
    {
        assert!(!page.contains(loading), "{loading}");
    }
    assert!(page.contains("src=\"data:image/svg+xml;base64,PHN2ZyB4bWxucz0i"));
    assert!(page.contains("<th scope=\"col\">diverged</th>") && !page.contains(">failed<"));
}

#[test]
fn absent_numbers_are_dashes_and_a_single_run_has_no_interval() {
    let study = fixture::study(&[1, 7], &[0.02], 1);
    let records = fixture::records(&study, 4);
    let summary = summary(&study, &fixture::rows(&study, &records)[..1]);
    let page = markdown(&input(&study, &summary));
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| 1 ") || line.starts_with("| 7 ")).collect();
    assert!(rows[0].contains(" 8.30 ") && !rows[0].contains('['), "{page}");
    assert!(rows[1].contains(" – ") && !page.contains("NaN"), "{page}");
    let page = html(&input(&study, &summary));
    assert!(!page.split("<script").next().unwrap_or_default().contains("NaN"), "{page}");
}

#[test]
fn long_numbers_are_shortened_but_stay_distinct() {
    let study = fixture::study(&[7], &[0.0632455532, 0.1, 2e-7, 0.123456789, 0.123456781], 1);
    let summary = summed_up(&study);
    let page = markdown(&input(&study, &summary));
    for value in ["0.063245553 ", " 0.1 ", "2e-7", "0.12345679 ", "0.12345678 "] {
        assert!(page.contains(value), "{value}: {page}");
    }
}

#[test]
fn base64_follows_the_standard() {
    let encode = |text: &str| super::base64(text.as_bytes());
    assert_eq!(["", "f", "fo", "foo", "foob"].map(encode), ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
}

#[test]
fn a_page_of_many_trials_shows_the_best_and_says_so() {
    let hidden: Vec<u32> = (1..=230).collect();
    let study = fixture::study(&hidden, &[0.02], 1);
    let summary = summed_up(&study);
    let input = input(&study, &summary);
    let (page, text) = (html(&input), markdown(&input));
    assert_eq!(
        page.matches("<tr data-trial=\"").count() + page.matches("<tr class=\"best\" data-trial=\"").count(),
        200
    );
    assert_eq!(
        text.lines()
            .filter(|line| line.starts_with("| ")
                && line.contains("0.02")
                && !line.contains('`')
                && !line.starts_with("| Ranges"))
            .count(),
        200
    );
    for page in [&page, &text] {
        assert!(page.contains(
            "Shown are the 200 of 230 trials with the lowest mean validation error; summary.csv has all of them"
        ));
    }
}

#[test]
fn a_drawing_that_is_too_large_is_shown_as_png() {
    let study = fixture::study(&[1, 7], &[0.02], 2);
    let summary = summed_up(&study);
    let large = " ".repeat(3_000_000);
    let mut input = input(&study, &summary);
    assert!(html(&input).contains("data:image/svg+xml;base64,"));
    input.figures[0].svg = &large;
    let page = html(&input);
    assert!(page.contains("data:image/png;base64,cGl4ZWxz\"") && page.len() < 300_000);
}

#[test]
fn the_checklist_has_the_facts_and_the_weaknesses() {
    let study = fixture::study(&[1, 7, 100], &[0.02, 2.0], 5);
    let summary = summed_up(&study);
    let page = markdown(&input(&study, &summary));
    for fact in [
        "## Checklist",
        "model.hidden: 1, 7, 100; train.learning-rate: 0.02, 2.",
        "6 trials, all of them",
        "15 possible comparisons",
        "30 of 30 runs, 5 runs a trial; 3 diverged",
        "0 to 4, the same for every trial",
        "Mean with a 95 % interval over runs",
        "At most 3000 epochs in all",
    ] {
        assert!(page.contains(fact), "{fact}: {page}");
    }
    // Large numbers are written with exponents.
    let wide = fixture::study(&[1, 7], &[1e200, 1e-7], 5);
    let page = markdown(&input(&wide, &summed_up(&wide)));
    assert!(page.contains("train.learning-rate: 1e200, 1e-7. All") && !page.contains("0000000000"), "{page}");
    let many = fixture::study(&[7, 10], &[0.02], 30);
    let summary = summed_up(&many);
    let page = markdown(&input(&many, &summary));
    assert!(!page.contains("too few for an interval") && page.contains("none diverged, none failed"), "{page}");
}

#[test]
fn an_answer_may_cite_its_own_study() {
    let text = |query: &str| {
        let study = fixture::study_of(&format!(
            "[study]\nquestion = \"q\"\nanswer = \"It is {{{{ {query} }}}} so.\"\n[data.double-moon]\n[sweep]\n\"model.hidden\" = [1, 7]\nseeds = 5\n"
        ));
        let summary = summed_up(&study);
        let input = input(&study, &summary);
        (markdown(&input), html(&input), summary.trials[1].finals[0].mean)
    };
    let (page, in_html, mean) = text("hidden=7 train.loss .3");
    assert!(
        page.contains(&format!("It is {mean:.3} so.")) && in_html.contains(&format!("It is {mean:.3} so.")),
        "{page}"
    );
    // A citation without a number stays visible.
    for query in ["hidden=8 train.loss", "other: hidden=7 train.loss"] {
        assert!(text(query).0.contains(&format!("It is {{{{ {query} }}}} so.")));
    }
}

#[test]
fn too_few_runs_are_marked_next_to_their_intervals() {
    let pages = |seeds: u64| {
        let study = fixture::study(&[1, 7], &[0.02], seeds);
        let summary = summed_up(&study);
        let input = input(&study, &summary);
        [markdown(&input), html(&input)]
    };
    for (seeds, words) in [
        (1, &["Every trial has a single run: the effect of the seed is not known"][..]),
        (
            3,
            &[
                "Every trial has 3 runs: too few for an interval of the mean",
                "up to 87 % of further seeds may be outside",
                "with fewer than 6 seeds",
            ],
        ),
        (
            4,
            &[
                "Every trial has 4 runs: too few for an interval of the mean",
                "up to 76 % of further seeds may be outside",
            ],
        ),
    ] {
        for page in pages(seeds) {
            let marks = [format!("{seeds} †"), format!("<td>{seeds}<sup title=\"too few runs\">†</sup></td>")];
            assert!(words.iter().all(|words| page.contains(words)), "{seeds}: {page}");
            assert!(marks.iter().any(|mark| page.matches(mark).count() == 2), "{seeds}: {page}");
        }
    }
    for page in [pages(5), pages(30)].concat() {
        assert!(!page.contains("too few") && !page.contains("0 †") && !page.contains("<sup"), "{page}");
    }
}
