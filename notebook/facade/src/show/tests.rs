use super::*;

fn text(value: &dyn Show) -> String {
    value.bundle().data().get("text/plain").cloned().unwrap_or_default()
}

/// Two lines, so that it is not a word.
struct Tall;

impl Show for Tall {
    fn bundle(&self) -> Bundle {
        Bundle::text("a\nb").svg("<svg/>")
    }
}

#[test]
fn words_are_on_one_line() {
    assert_eq!(text(&(0.1, "x", true)), "(0.1, x, true)");
    assert_eq!(text(&vec![Some(1), None]), "[1, None]");
    assert_eq!(text(&[[1.0, -0.0], [1e-9, f64::NAN]]), "[[1.0, -0.0], [1e-9, NaN]]");
    assert_eq!(text(&Err::<u8, _>("no")), "Error: no");
    assert!(().bundle().single_ones().is_empty());
}

#[test]
fn many_words_are_cut_in_the_middle() {
    let text = text(&(0..1000).collect::<Vec<u32>>());
    assert!(text.starts_with("[0, 1, 2,") && text.ends_with(", 96, …, 997, 998, 999] (1000 values)"), "{text}");
}

#[test]
fn larger_values_are_one_below_the_other() {
    let bundle = (1, [Tall, Tall]).bundle();
    assert_eq!(bundle.single_ones().len(), 3);
    assert!(bundle.data().is_empty());
    assert_eq!(bundle.single_ones()[2], &Tall.bundle());
}
