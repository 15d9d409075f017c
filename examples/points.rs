//! Prints the points of the double moon of the course as CSV, for programs in other languages.
//!
//! ```text
//! cargo run --example points > points.csv
//! ```
#![allow(clippy::print_stdout, reason = "an example is a program")]

use restudy::{
    data::{DoubleMoon, Source},
    seed::Seed,
};

fn main() {
    let moons = DoubleMoon::default().load(Seed(2014)).expect("a generator does not fail");
    println!("part,x1,x2,label");
    for (split, data) in [("training", &moons.train), ("validation", &moons.validation)] {
        for i in 0..data.len() {
            println!("{split},{},{},{}", data.point(i)[0], data.point(i)[1], data.y[i]);
        }
    }
}
