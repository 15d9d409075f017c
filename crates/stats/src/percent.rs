/// Formats a share in percent, with at most two decimals: `95`, `99.9`. For levels of confidence.
#[must_use]
pub fn percent(share: f64) -> String {
    let text = format!("{:.2}", 100.0 * share);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn trailing_zeros_are_omitted() {
        assert_eq!([0.95, 0.999, 0.9999, 0.5, 1.0].map(percent), ["95", "99.9", "99.99", "50", "100"]);
    }
}
