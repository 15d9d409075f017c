use super::fixture;

#[test]
fn settings_name_one_trial_or_give_an_error() {
    let study = fixture::study(&[1, 7], &[0.02, 0.2], 2);
    let named = |words: &[&str]| study.trial_named(words.iter().copied());
    assert_eq!(named(&["hidden=7", "learning-rate=2e-1"]), Ok(3));
    assert_eq!(named(&["model.hidden = 1", "train.learning-rate=0.02"]), Ok(0));
    let fault = |words: &[&str]| named(words).unwrap_err();
    assert_eq!(fault(&["hidden=7"]).message, "2 trials of hidden are `hidden=7`");
    assert_eq!(fault(&["hidden=8"]).help, "the axes are model.hidden = 1, 7; train.learning-rate = 0.02, 0.2");
    assert_eq!(fault(&["hiden=8"]).message, "hidden has no setting `hiden`");
    assert!(fault(&["hidden"]).message.contains("not a setting"));
    assert_eq!(fault(&[]).message, "hidden has 4 trials");
    assert_eq!(fixture::study(&[7], &[0.02], 2).trial_named([]), Ok(0));
}
