//! Cards of numbers with intervals.

use restudy::{
    stats::{Interval, Paired},
    table::Spread,
};

use super::{Bundle, Card, Show, digits};

impl Show for Spread {
    fn bundle(&self) -> Bundle {
        let number = |value: f64| digits(value, 4);
        Card::new(format!("mean {}{}", number(self.mean), brackets(self.interval)))
            .line("median", number(self.median))
            .line("inter-quartile mean", number(self.iqm))
            .line("standard deviation", number(self.sd))
            .bundle()
    }
}

impl Show for Paired {
    fn bundle(&self) -> Bundle {
        let number = |value: f64| digits(value, 4);
        Card::new(format!("mean difference {}{}", number(self.difference), brackets(self.interval)))
            .line("pairs", self.n)
            .line("first better", self.wins)
            .line("second better", self.losses)
            .line("equal", self.ties)
            .bundle()
    }
}

impl Show for Interval {
    fn bundle(&self) -> Bundle {
        Bundle::text(match self.is_none() {
            true => "no interval".to_owned(),
            false => brackets(*self).trim_start().to_owned(),
        })
    }
}

/// An interval in brackets, to follow a number; empty if there is no interval.
fn brackets(interval: Interval) -> String {
    let Interval { low, high } = interval;
    if interval.is_none() { String::new() } else { format!(" [{}, {}]", digits(low, 4), digits(high, 4)) }
}
