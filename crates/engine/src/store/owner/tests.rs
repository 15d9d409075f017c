use super::*;

fn plain(version: u32) -> Owner {
    Owner::Experiment(format!("plain {version}"))
}

#[test]
fn a_folder_has_one_owner_from_the_start() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(owner(folder.path()).unwrap(), None);
    let store = Store::open_for(folder.path(), &plain(1)).unwrap();
    let text = fs::read_to_string(folder.path().join(OWNER)).unwrap();
    assert_eq!(text, "{\"format\":1,\"experiment\":\"plain 1\"}\n");
    for other in [Owner::Network, Owner::Experiment("plain-2 1".into()), Owner::Experiment("plai 1".into())] {
        let refused = Store::open_for(folder.path(), &other).unwrap_err();
        assert!(matches!(refused, StoreError::Owner(OwnerError::Other { .. })), "{refused}");
        assert!(
            refused.to_string().ends_with(&format!("belongs to the experiment `plain`, version 1, not to {other}"))
        );
    }
    assert_eq!(fs::read_to_string(folder.path().join(OWNER)).unwrap(), text);
    drop(store);
    drop(Store::open_for(folder.path(), &plain(2)).unwrap());
    assert_eq!(owner(folder.path()).unwrap(), Some(plain(2)));
}

#[test]
fn concurrent_processes_agree_on_one_owner() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let owners = [Owner::Network, plain(1), Owner::Experiment("other 1".into()), plain(1)];
        let opened = std::thread::scope(|scope| {
            let open = |own| scope.spawn(move || Store::open_for(path, own));
            let threads: Vec<_> = owners.iter().map(open).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        let found = owner(folder.path()).unwrap().unwrap();
        for (own, opened) in owners.iter().zip(opened) {
            assert_eq!(opened.is_ok(), *own == found, "{own} in a folder of {found}");
        }
    }
}

#[test]
fn a_changed_owner_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open_for(folder.path(), &plain(1)).unwrap());
    let path = folder.path().join(OWNER);
    let whole = fs::read_to_string(&path).unwrap();
    let refused = |text: &str| {
        fs::write(&path, text).unwrap();
        let refused = [&plain(1), &Owner::Network].map(|own| Store::open_for(folder.path(), own).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "the file is not overwritten");
        refused == [true, true]
    };
    for length in 0..whole.len() {
        assert!(refused(&whole[..length]), "{length}");
    }
    for text in [
        "{\"format\":1,\"format\":1,\"experiment\":\"plain 1\"}\n",
        "{\"format\":1,\"experiment\":\"plain 1\",\"experiment\":null}\n",
        "{\"experiment\":\"plain 1\",\"format\":1}\n",
        "{\"format\":0,\"experiment\":\"plain 1\"}\n",
        "{\"format\":2,\"experiment\":\"plain 1\"}\n",
        "{\"format\":1,\"experiment\":\"\"}\n",
        "{\"format\":1,\"experiment\":\"plain\\n1\"}\n",
        "{\"format\":1}\n",
        "null\n",
    ] {
        assert!(refused(text), "{text}");
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(matches!(owner(folder.path()), Err(StoreError::Owner(OwnerError::Malformed { .. }))));
}

#[test]
fn a_title_is_one_printable_line() {
    let folder = tempfile::tempdir().unwrap();
    for title in ["", " plain 1", "plain 1\n", "pl\u{202e}ain 1", "\u{1b}[2J 1", &"x".repeat(MOST_TITLE + 1)] {
        let refused = Store::open_for(folder.path(), &Owner::Experiment(title.into())).map(|_| ()).unwrap_err();
        assert!(matches!(refused, StoreError::Owner(OwnerError::Title { .. })), "{title:?}: {refused}");
    }
    assert!(!folder.path().join("segments").exists(), "nothing was touched");
}
