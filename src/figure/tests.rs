use super::*;

#[test]
#[ignore = "for looking at"]
fn look() {
    let owned = fixture::trained(&[1, 2, 5, 7, 10, 100], &[2.0, 0.2, 0.02, 0.002], 12, 60, 1000);
    let tables = owned.tables();
    let metrics = [Metric::Loss, Metric::Error];
    std::fs::create_dir_all("/tmp/look").unwrap();
    let mut figures = defaults(&owned.axes, Some(2), &metrics);
    let at: At = [("train.learning-rate".to_owned(), Value::Float(0.2))].into();
    figures
        .insert("fixed-strip".into(), Figure::Strip(Strip { by: Some("model.hidden".into()), at, ..Strip::default() }));
    let whole = std::time::Instant::now();
    for (name, figure) in &figures {
        let begin = std::time::Instant::now();
        let svg = svg(figure, "How many hidden units does the double moon need?", &tables).unwrap();
        let a = begin.elapsed();
        let begin = std::time::Instant::now();
        let png = png(figure, "How many hidden units does the double moon need?", &tables).unwrap();
        println!("{name}: svg {} KB {a:?}, png {} KB {:?}", svg.len() / 1024, png.len() / 1024, begin.elapsed());
        std::fs::write(format!("/tmp/look/{name}.svg"), svg).unwrap();
        std::fs::write(format!("/tmp/look/{name}.png"), png).unwrap();
    }
    println!("{:?}", whole.elapsed());
}
