//! Prints the points of the course's double moon as CSV, for programs in other languages that train on the same ones.
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
    let split = DoubleMoon::default().load(Seed(2014)).expect("a generator does not fail");
    println!("part,x1,x2,label");
    for (part, data) in [("training", &split.train), ("validation", &split.validation)] {
        for i in 0..data.len() {
            println!("{part},{},{},{}", data.point(i)[0], data.point(i)[1], data.y[i]);
        }
    }
}
