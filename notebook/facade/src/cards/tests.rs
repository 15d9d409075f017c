use restudy::{
    data::Source,
    model::{Init, literal},
    stats::{Interval, Paired},
    table::Spread,
};

use super::*;
use crate::asking::{study, study_from};

fn all(value: &dyn Show) -> String {
    let data =
        |bundle: &Bundle| bundle.data().iter().map(|(mime, text)| format!("{mime}\n{text}\n\n")).collect::<String>();
    value.bundle().single_ones().into_iter().map(data).collect()
}

fn text(value: &dyn Show) -> String {
    value.bundle().data()["text/plain"].clone()
}

#[test]
fn a_study_is_a_card() {
    insta::assert_snapshot!(all(&study("experiments/grid.toml").unwrap()));
    let many = "[study]\nquestion = \"?\"\n[data.xor]\n[sweep]\n\"model.hidden\" = { from = 1, to = 40, step = 1 }\nseeds = 1\n";
    let many = study_from("many", many).or_else(|_| study("experiments/restarts.toml")).unwrap();
    insta::assert_snapshot!("many_values", text(&many));
}

#[test]
fn data_is_counted_by_class() {
    let split = DoubleMoon { train: 40, validation: 20, ..Default::default() }.load(Seed(0)).unwrap();
    insta::assert_snapshot!([text(&split), text(&split.train)].join("\n\n"));
    let wide = Dataset { d: 9, x: vec![0.5; 9], y: vec![1.0] };
    insta::assert_snapshot!("many_inputs", text(&wide));
}

#[test]
fn settings_are_named_as_in_a_specification() {
    insta::assert_snapshot!([text(&Setting::default()), text(&DoubleMoon::default())].join("\n\n"));
}

#[test]
fn checks_and_passes_are_shown() {
    let check = Check { cases: 20, ..Check::default() };
    let params = Model { hidden: 2, init: Init::Glorot }.initial(2, Seed(1));
    let pass = restudy::model::forward(&params, &[1.0, -0.5]);
    insta::assert_snapshot!([all(&check), all(&check.run()), all(&pass)].join("\n"));
    let chain = literal::chain(&params, &[1.0, -0.5], 1.0);
    assert_eq!(chain.bundle().single_ones().len(), 6);
    insta::assert_snapshot!("chain", all(&chain));
}

#[test]
fn numbers_have_their_interval() {
    let spread = Spread {
        mean: 0.1,
        sd: 0.01,
        median: f64::INFINITY,
        iqm: f64::NAN,
        interval: Interval { low: 0.05, high: 0.2 },
        range: [0.0, 0.3],
    };
    let paired = Paired { n: 5, difference: -0.1, interval: spread.interval, wins: 3, losses: 1, ties: 1 };
    insta::assert_snapshot!([text(&spread), text(&paired), text(&spread.interval)].join("\n\n"));
}
