use std::rc::Rc;

use proptest::prelude::*;

use crate::{
    report::cite::{Keep, Reason, Sheet, check, fill},
    table::{Summary, summary},
    tests::fixture,
};

fn summed_up() -> (Summary, Rc<Sheet>) {
    let study = fixture::study(&[1, 7], &[0.02, 2.0], 5);
    let records = fixture::records(&study, 4);
    let summary = summary(&study, &fixture::rows(&study, &records));
    let sheet = Sheet::new(study, &summary.to_csv()).unwrap();
    (summary, Rc::new(sheet))
}

fn filled(text: &str, keep: Keep) -> Result<String, String> {
    let (_, sheet) = summed_up();
    let find = |name: Option<&str>| match name {
        None | Some("hidden") => Ok(sheet.clone()),
        Some(other) => Err(format!("no study {other}")),
    };
    fill(text, &find, keep).map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn checked(text: &str) -> (usize, Vec<String>) {
    let (_, sheet) = summed_up();
    let (valid, faults) = check(text, &|_| Ok(sheet.clone()));
    (valid, faults.iter().map(ToString::to_string).collect())
}

const TRIAL: &str = "hidden=7 learning-rate=0.02";

#[test]
fn every_kind_of_number_equals_that_of_the_summary() {
    let (summary, _) = summed_up();
    let trial = &summary.trials[2];
    let spread = trial.finals[2];
    let value = |query: &str| filled(&format!("{{{{ {TRIAL} {query} }}}}"), Keep::Nothing).unwrap();
    assert_eq!(value("validation.loss"), spread.mean.to_string());
    assert_eq!(value("val.loss mean .3"), format!("{:.3}", spread.mean));
    assert_eq!(value("val.loss sd .3"), format!("{:.3}", spread.sd));
    assert_eq!(value("val.loss interval .2"), format!("[{:.2}, {:.2}]", spread.interval.low, spread.interval.high));
    assert_eq!(value("train.error iqm .1%"), format!("{:.1} %", 100.0 * trial.finals[1].iqm));
    assert_eq!(value("runs"), "5");
    assert_eq!(value("zero-share .0%"), format!("{:.0} %", 100.0 * trial.success_share));
    assert_eq!(filled("{{ hidden: hidden=7,learning-rate=2 train.loss }}", Keep::Nothing).unwrap(), "∞");
    assert_eq!(filled("{{ hidden=1 learning-rate=0.02 zero-epoch-median }}", Keep::Nothing).unwrap(), "–");
}

#[test]
fn filled_citations_pass_the_check_until_a_digit_changes() {
    let text = format!(
        "It is {{{{ {TRIAL} val.loss .3 }}}} (**{{{{{TRIAL} val.error interval .1%}}}}**), of `{{{{ code }}}}`.\n```\n{{{{ code }}}}\n```\n"
    );
    assert_eq!(checked(&text).0, 0);
    let once = filled(&text, Keep::Comment).unwrap();
    assert_eq!(checked(&once), (2, vec![]), "{once}");
    assert_eq!(filled(&once, Keep::Comment).unwrap(), once);
    let place = once.find("0.").unwrap();
    let digit = if &once[place + 2..place + 3] == "9" { "8" } else { "9" };
    let mut wrong = once.clone();
    wrong.replace_range(place + 2..place + 3, digit);
    let (valid, faults) = checked(&wrong);
    let (written, stored) = (&wrong[place..place + 5], &once[place..place + 5]);
    assert_eq!(
        (valid, faults),
        (1, vec![format!("line 1: {written} differs from the stored number {stored}: {{{{ {TRIAL} val.loss .3 }}}}")])
    );
    assert_eq!(filled(&wrong, Keep::Comment).unwrap(), once, "the wrong number is corrected");
    // Another rounding is also a difference.
    assert_eq!(checked(&once.replacen("val.loss .3", "val.loss .2", 1)).1.len(), 1);
}

#[test]
fn the_text_before_a_citation_is_found_in_every_form() {
    let written = |before: &str| {
        let (_, sheet) = summed_up();
        let (_, faults) = check(&format!("{before}<!--{{{{ {TRIAL} runs .9 }}}}-->"), &|_| Ok(sheet.clone()));
        match faults.into_iter().next().map(|fault| fault.reason) {
            Some(Reason::Differs { written, .. }) => written,
            other => panic!("{before}: {other:?}"),
        }
    };
    for (before, number) in [
        ("is 12.5", "12.5"),
        ("is 12.5 %", "12.5 %"),
        ("(-3", "-3"),
        ("2-3", "3"),
        ("at 1e-5", "1e-5"),
        ("the5", "5"),
        ("∞", "∞"),
        ("of −∞", "−∞"),
        ("is –", "–"),
        ("is [1, 2]", "[1, 2]"),
        ("is [1, 2] %", "[1, 2] %"),
        ("is five", "five"),
        ("ended. ", ""),
        ("", ""),
        ("2\u{2013}3", "3"),
    ] {
        assert_eq!(written(before), number, "{before}");
    }
}

#[test]
fn a_citation_without_a_number_gives_the_reason() {
    let fault = |query: &str| filled(&format!("one\n{{{{ {query} }}}}"), Keep::Comment).unwrap_err();
    for (query, reason) in [
        ("hidden=7 val.error", "2 trials of hidden are `hidden=7`"),
        ("hidden=8 val.error", "no trial of hidden is `hidden=8`; the axes are model.hidden = 1, 7"),
        ("other: hidden=7 val.error", "no study other"),
        ("hidden=7", "it has no measurement"),
        ("hidden=7 test.error", "there is no split `test` of the data"),
        ("hidden=7 val.eror", "there is no metric `eror`"),
        ("hidden=7 val.error menan", "`menan` is unknown"),
        ("hidden=7 val.error mean sd", "`sd` is the second word of its kind"),
        ("hidden=7 runs mean", "a single number of a trial"),
        ("hidden=7 runs .x", "`.x` is not a valid rounding"),
        ("hidden=7 runs .99", "with at most 17 digits"),
        ("hidden=7 learning-rate=2 val.brier", "the summary of hidden has no column validation_brier_mean"),
    ] {
        let message = fault(query);
        assert!(message.starts_with("line 2: {{ ") && message.contains(reason), "{query}: {message}");
    }
    assert!(filled("{{ hidden=7", Keep::Comment).unwrap_err().contains("not closed"));
}

#[test]
fn a_summary_of_another_study_is_refused() {
    let (summary, _) = summed_up();
    let other = fixture::study(&[1, 7, 9], &[0.02, 2.0], 5);
    assert!(Sheet::new(other, &summary.to_csv()).unwrap_err().contains("4 rows for 6 trials"));
    assert!(Sheet::new(fixture::study(&[1], &[0.02], 1), "").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_around_citations_stays_and_nothing_panics(front in "[a-z{}`<>!0-9 .%é–-]{0,30}", back in "[a-z{}`<>!0-9 \n.%é–-]{0,30}") {
        let text = format!("{front} {{{{ {TRIAL} val.loss .3 }}}}{back}");
        if let Ok(once) = filled(&text, Keep::Comment) {
            prop_assert!(once.ends_with(&back));
            prop_assert_eq!(filled(&once, Keep::Comment).unwrap(), once.clone());
            prop_assert_eq!(checked(&once).1, Vec::<String>::new());
        }
    }
}

#[test]
fn escaped_braces_are_not_citations() {
    let text = format!(
        "\\{{{{ page.title }}}}, \\{{{{{{{{ raw }}}}}}}} and {{{{ {TRIAL} runs }}}}; a \\\\{{{{ {TRIAL} runs }}}} is cited."
    );
    let kept = filled(&text, Keep::Comment).unwrap();
    assert!(kept.starts_with("\\{{ page.title }}, \\{{{{ raw }}}} and 5<!--{{ "), "{kept}");
    assert_eq!(checked(&kept), (2, vec![]), "{kept}");
    assert_eq!(filled(&text, Keep::Nothing).unwrap(), "{{ page.title }}, {{{{ raw }}}} and 5; a \\\\5 is cited.");
}
