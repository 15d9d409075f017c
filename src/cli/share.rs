//! A number of runs, or a percentage of all: what `--sample` and `--adopt` take.

/// How many runs of a study.
#[derive(Debug, Clone, Copy)]
pub(super) enum Share {
    Runs(usize),
    Percent(f64),
}

impl std::str::FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected a number of runs from 1, or a percentage above 0% up to 100%".to_owned();
        if let Some(percent) = text.strip_suffix('%') {
            let percent: f64 = percent.trim().parse().map_err(|_| expected())?;
            return if percent > 0.0 && percent <= 100.0 { Ok(Self::Percent(percent)) } else { Err(expected()) };
        }
        text.parse().ok().filter(|&runs| runs > 0).map(Self::Runs).ok_or_else(expected)
    }
}

impl Share {
    /// The number of runs that the share is of `runs`.
    pub(super) fn size(self, runs: usize) -> usize {
        match self {
            Self::Runs(n) => n.min(runs),
            Self::Percent(percent) => ((runs as f64 * percent / 100.0).ceil() as usize).clamp(1, runs),
        }
    }
}
