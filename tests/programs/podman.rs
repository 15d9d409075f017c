//! Programs in containers of podman itself, run by name: `.ci/programs` installs what this needs.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::{containers::answer, place::Place};

/// Writes a `podman` into `folder`, which is podman itself with an image of BusyBox alone, and returns that image; the
/// reason, if it cannot be run here.
fn podman(folder: &Path) -> Result<String, String> {
    let text = |command: &mut Command| -> Result<String, String> {
        let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim()))
    };
    let busybox = ["/bin/busybox", "/usr/bin/busybox"].into_iter().find(|path| Path::new(path).exists());
    let busybox = busybox.ok_or("there is no busybox (package busybox-static)")?;
    let root = tempfile::tempdir().unwrap();
    let bin = root.path().join("bin");
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir(root.path().join("tmp")).unwrap();
    fs::copy(busybox, bin.join("busybox")).unwrap();
    for name in ["sh", "echo", "env", "id", "ls", "mkdir", "seq", "setsid", "sleep", "sort", "touch", "true"] {
        std::os::unix::fs::symlink("busybox", bin.join(name)).unwrap();
    }
    let tar = folder.join("image.tar");
    text(Command::new("tar").args(["-C", &root.path().to_string_lossy(), "-cf", &tar.to_string_lossy(), "."]))?;
    let real = text(Command::new("sh").args(["-c", "command -v podman"]))?;
    // Images and containers of its own: others may use podman here, too.
    let (folder, wrapped) = (folder.display(), folder.join("podman"));
    let own = format!(
        "exec {real} --storage-driver=vfs --root={folder}/root --runroot={folder}/run --tmpdir={folder}/tmp \"$@\""
    );
    // Some sandboxes refuse what a container gets by default.
    fs::write(
        format!("{folder}/containers.conf"),
        "[containers]\ndefault_ulimits = [\"nofile=1024:4096\", \"nproc=4000:4000\"]\ncgroups = \"disabled\"\n",
    )
    .unwrap();
    let conf = format!("export CONTAINERS_CONF={folder}/containers.conf");
    let poorer =
        format!("{conf}\nexec unshare -m sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null; {own}' podman \"$@\"");
    let mut reasons = Vec::new();
    for script in [own, poorer] {
        fs::write(&wrapped, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&wrapped, fs::Permissions::from_mode(0o755)).unwrap();
        let run = |words: &[&str]| text(Command::new(&wrapped).args(words));
        let image = "localhost/restudy-test:1";
        run(&["import", &tar.to_string_lossy(), image])?;
        let digest = run(&["image", "inspect", "--format", "{{.Digest}}", image])?;
        let by_digest = format!("localhost/restudy-test@{digest}");
        match run(&["run", "--rm", "--init", "--network=none", &by_digest, "true"]) {
            Ok(_) => return Ok(format!("{image}@{digest}")),
            Err(reason) => reasons.push(reason),
        }
    }
    Err(reasons.join("\n"))
}

/// The command lines of processes that have a text in theirs.
fn mentioned(text: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines.filter(|line| line.contains(text)).collect()
}

/// All containers that podman knows, running or not.
fn known(bin: &Path) -> String {
    let output = Command::new(bin.join("podman")).args(["ps", "--all", "--format", "{{.Names}}"]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).lines().filter(|name| name.starts_with("restudy-")).collect()
}

#[test]
#[ignore = "needs podman: run by .ci/programs"]
fn containers_are_ended_with_their_runs() {
    let bin = tempfile::tempdir().unwrap();
    let bin = bin.path();
    let image = match podman(bin) {
        Ok(found) => found,
        Err(reason) => {
            eprintln!("NOT CHECKED: programs in containers: podman cannot run one here: {reason}");
            return;
        }
    };
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let study = |script: &str, command: &str| Place::new(script, &format!("container = \"{image}\"\n{command}"));
    let command = |place: &Place, words: &str| {
        let mut command = place.command(&words.split_whitespace().collect::<Vec<_>>());
        command.env("PATH", &path);
        command
    };
    let run = |place: &Place, words: &str| answer(command(place, words));
    let is_clean = |place: &Place| {
        place.ends_every_process(Duration::from_secs(30));
        // A container that was created and never started has nothing of the run in its environment.
        let scratch = place.workspace.path("scratch").display().to_string();
        let until = Instant::now() + Duration::from_secs(10);
        while !mentioned(&scratch).is_empty() {
            assert!(Instant::now() < until, "still running: {:?}", mentioned(&scratch));
            thread::sleep(Duration::from_millis(50));
        }
        place.leaves_nothing(Duration::from_secs(10));
        assert_eq!(known(bin), "");
    };

    let script = "env | sort >&2; touch /file && exit 5; mkdir -p a/b; echo $1 > a/b/model.txt; touch /tmp/here || exit 6\n\
                  ls / /tmp >&2; [ -e ../../../study.toml ] && exit 7; setsid sleep 100 & echo \"{\\\"loss\\\": $1}\"";
    let place = study(script, "keep = [\"a\"]\nversions = [{ run = [\"echo\", \"box 1\"], identity = true }]");
    run(&place, "sweep study.toml --quiet").ends(0);
    run(&place, "verify results/study --progress none").ends(0).says("every bit is the same");
    let log = run(&place, "show results/study --log seed=1").ends(0).out;
    assert!(log.contains("HOSTNAME=restudy") && log.contains("HOME=/tmp") && !log.contains("USER="), "{log}");
    let vary = run(&place, "verify results/study --vary").ends(0).out;
    assert!(vary.contains("no varied condition changes a bit"), "{vary}");
    is_clean(&place);

    // A time limit ends what ignores the request, with its children.
    let stubborn =
        "trap '' TERM; (trap '' TERM; setsid sleep 100; sleep 100) & (sleep 100; sleep 100) & sleep 100; sleep 100";
    let place = study(stubborn, "time-limit = \"2 s\"");
    let began = Instant::now();
    let said = run(&place, "sweep study.toml --progress none").ends(3).err;
    assert!(said.contains("time limit") && began.elapsed() < Duration::from_secs(30), "{:?} {said}", began.elapsed());
    is_clean(&place);

    // An interrupt, and a kill of restudy itself, at any moment of the start.
    for pause in [0, 60, 100, 130, 160, 200, 250, 300, 500, 1500] {
        for signal in ["INT", "KILL"] {
            let place = study(stubborn, "");
            let mut child = command(&place, "sweep study.toml --quiet").spawn().unwrap();
            thread::sleep(Duration::from_millis(pause));
            Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
            child.wait().unwrap();
            is_clean(&place);
        }
    }

    // What cannot start is no result.
    let place = study("true", "");
    let spec = place.workspace.text("study.toml");
    for (from, to, expected) in
        [("\"sh\"", "\"no-such-program\"", "has no program `no-such-program`"), ("@sha256:", "@sha256:00000000", "")]
    {
        let text = spec.replace(from, to);
        // The digest keeps its length.
        let text = if expected.is_empty() { shortened(&text) } else { text };
        place.workspace.write("study.toml", text);
        let answer = run(&place, "sweep study.toml --progress none");
        assert!(answer.code == Some(2) && crate::workspace::flat(&answer.err).contains(expected), "{}", answer.err);
    }
    eprintln!("checked with podman");
}

/// The text with a digest that lost as many digits at its end as it got.
fn shortened(text: &str) -> String {
    let at = text.find("@sha256:").unwrap() + "@sha256:".len() + 64;
    format!("{}{}", &text[..at], &text[at + 8..])
}
