//! Tests that files are read once for all divisions.

use super::*;

#[test]
fn a_file_is_read_once_for_all_seeds_and_folds() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("d.csv");
    let rows: String = (0..40).map(|i| format!("{i}.5,{},{}\n", i * i % 7, i % 2)).collect();
    let write = || std::fs::write(&file, format!("a,b,label\n{rows}")).unwrap();
    let study = |settings: &str| {
        let text = format!(
            "[study]\nquestion = \"?\"\n[data.csv]\nfile = {file:?}\nstratified = true\n{settings}\n[sweep]\nseeds = 3\n"
        );
        crate::tests::fixture::parse("d", Path::new("d.toml"), &text, &[]).unwrap()
    };
    for settings in
        ["seed = \"per-run\"", "validation = { folds = 4 }", "seed = \"per-run\"\nvalidation = { folds = 4 }"]
    {
        write();
        let study = study(settings);
        let network = NetworkExperiment::new(&study, Simd::best()).unwrap();
        let expected = |trial: usize, seed: Seed| {
            let data = study.trials[trial].data();
            data.load(data.seeding().of(seed)).unwrap()
        };
        let places = || (0..study.trials.len()).flat_map(|trial| study.seeds.iter().map(move |seed| (trial, *seed)));
        let wanted: Vec<_> = places().map(|(trial, seed)| expected(trial, seed)).collect();
        // A removed file cannot be read again.
        std::fs::remove_file(&file).unwrap();
        for ((trial, seed), wanted) in places().zip(wanted) {
            assert_eq!(*network.split(trial, seed).unwrap(), wanted, "{settings}, trial {trial}, seed {}", seed.0);
        }
    }
}

#[test]
fn files_that_change_after_they_were_read_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("d.csv");
    let rows: String = (0..20).map(|i| format!("{i}.5,{}\n", i % 2)).collect();
    std::fs::write(&file, format!("a,label\n{rows}")).unwrap();
    let text = format!("[study]\nquestion = \"?\"\n[data.csv]\nfile = {file:?}\nstratified = true\n");
    let study = crate::tests::fixture::parse("d", Path::new("d.toml"), &text, &[]).unwrap();
    let mut network = NetworkExperiment::new(&study, Simd::best()).unwrap();
    // As if the data were too large to be kept.
    network.forget();
    network.split(0, Seed(0)).unwrap();
    std::fs::write(&file, format!("a,label\n7.5,1\n{rows}")).unwrap();
    let fault = network.split(0, Seed(0)).unwrap_err();
    assert!(fault.to_string().contains("was changed while its runs were being trained"), "{fault}");
}
