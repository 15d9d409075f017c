//! `--help` of every command.

use std::{collections::BTreeSet, time::Instant};

use crate::workspace::Workspace;

#[test]
fn every_command_helps_and_answers_at_once() {
    let place = Workspace::swept();
    let help = place.run("--help").ends(0).out;
    let commands = place.commands();
    assert!(commands.len() > 20, "{help}");
    // Every command is in exactly one group.
    let groups = ["Write a study:", "Run a study:", "Read results:", "Verify results:", "Tools:"];
    assert!(groups.iter().all(|group| help.contains(group)), "{help}");
    assert_eq!(commands.iter().collect::<BTreeSet<_>>().len(), commands.len(), "{help}");
    for command in &commands {
        let help = place.run(&format!("{command} --help")).ends(0).out;
        assert!(help.contains("Usage: restudy") && help.contains("--results DIR"), "{help}");
        assert!(!help.contains("Number of threads"), "only the help of the program describes it");
        assert!(place.run(&format!("{command} --nonsense")).refused(2).contains("--nonsense"));
    }
    assert!(place.run("").ends(2).err.contains("Usage: restudy"));
    for words in ["--help", "plan moons.toml", "check moons.toml", "status results/moons"] {
        let fastest = (0..5).map(|_| {
            let started = Instant::now();
            place.run(words).ends(0);
            started.elapsed().as_millis()
        });
        // Twice the promised time, since other tests may run at once.
        assert!(fastest.min().unwrap() < 200, "{words}");
    }
}
