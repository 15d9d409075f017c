//! One function for each reader, which takes untrusted bytes and returns nothing. The fuzzers look for panics, hangs,
//! unbounded memory and violated invariants: a specification that was read and written is the same specification, and a
//! proof, manifest or stored run that is accepted under the root of a study trained here agrees with the training.
//!
//! Two users: the fuzzers of this folder, and `tests/robustness`, which runs the corpus and its mutations in `cargo
//! test`.

use std::{
    cell::OnceCell,
    fs,
    path::{Path, PathBuf},
};

pub mod trained;

use miette::{GraphicalReportHandler, GraphicalTheme};
use restudy::{
    data::{Csv, Encode, Features, Mat, Missing, Source, Validation},
    digest::Digest,
    proof::RunProof,
    results::Manifest,
    seed::Seed,
    spec::SpecError,
    store::{index::Briefs, journal, segment},
    sweep, table,
};

/// The name and the function of a reader; its fuzzer and its corpus have the same name.
pub type Reader = (&'static str, fn(&[u8]));

/// All readers of untrusted input.
pub const READERS: [Reader; 9] = [
    ("specification", specification),
    ("csv", csv),
    ("mat", mat),
    ("segment", segment),
    ("manifest", manifest),
    ("table", table),
    ("index", index),
    ("journal", journal),
    ("proof", proof),
];

/// The largest input of the readers here; `tests/robustness/hostile.rs` tests large inputs.
const MAX_INPUT: usize = 1 << 16;

/// A specification, then the value of a `--set` after each byte 1.
pub fn specification(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if input.len() > MAX_INPUT || is_large(text) {
        return;
    }
    let mut parts = text.split('\u{1}').map(str::to_owned);
    let text = parts.next().unwrap_or_default();
    let sets: Vec<_> = parts.collect();
    let file = Path::new("folder/study.toml");
    match sweep::parse("study", file, &text, &sets) {
        Ok(study) if study.trials.len() <= 1000 => {
            let written = study.to_toml(Path::new("folder"));
            match sweep::parse("study", file, &written, &[]) {
                Ok(reread) => assert_eq!(reread, study, "written as\n{written}"),
                Err(error) => panic!("the written specification cannot be read: {}\n{written}", shown(error)),
            }
        }
        Ok(_) => {}
        Err(error) => drop(shown(error)),
    }
}

/// Renders the message, with the quoted places in the text.
fn shown(error: SpecError) -> String {
    let mut text = String::new();
    let theme = GraphicalTheme::unicode_nocolor();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_context_lines(1);
    handler.render_report(&mut text, &error).expect("a string takes everything");
    text
}

/// Whether the text contains numbers that may give a valid study of a million runs: reading one takes a second, which
/// is not an error.
fn is_large(text: &str) -> bool {
    let sweep = text.find("[sweep").map_or("", |place| &text[place..]);
    let sets = text.find('\u{1}').map_or("", |place| &text[place..]);
    let part = format!("{sweep}{sets}");
    let mut run = 0;
    part.bytes().any(|byte| {
        run = if byte.is_ascii_hexdigit() && (run > 0 || byte.is_ascii_digit()) || byte == b'_' && run > 0 {
            run + 1
        } else {
            0
        };
        run > 4
    })
}

/// A byte of settings, then a CSV file.
pub fn csv(input: &[u8]) {
    let Some((settings, content)) = input.split_first() else { return };
    let has = |bit: u8| settings & bit != 0;
    let source = |file: String| Csv {
        label: if has(1) { "class" } else { "label" }.into(),
        negative: has(2).then(|| "a".into()),
        positive: has(2).then(|| "b".into()),
        labels: None,
        features: has(4).then(|| Features::Only(vec!["x".into(), "y".into()])),
        header: !has(32),
        missing: if has(64) { Missing::Indicator } else { Missing::Refuse },
        encode: if has(128) { Encode::OneHot } else { Encode::None },
        stratified: false,
        fold: None,
        standardise: has(8),
        validation: if has(16) { Validation::File(file.clone()) } else { Validation::Share(0.25) },
        seed: Default::default(),
        file,
    };
    in_file("csv", content, |file| load(&source(file)));
}

/// A byte of settings, then a MAT file; with bit 4 its variables are compressed here, since mutations cannot do that.
pub fn mat(input: &[u8]) {
    let Some((settings, content)) = input.split_first() else { return };
    let has = |bit: u8| settings & bit != 0;
    let packed = (has(4) && content.len() > 128).then(|| {
        let (header, variable) = content.split_at(128);
        let body = zlib(variable);
        [header, &15_u32.to_le_bytes(), &(body.len() as u32).to_le_bytes(), &body].concat()
    });
    let source = |file: String| Mat {
        x: "X".into(),
        y: "Y".into(),
        negative: has(8).then_some(1.0),
        positive: has(8).then_some(2.0),
        labels: None,
        validation_x: None,
        validation_y: has(16).then(|| "Z".into()),
        standardise: has(1),
        stratified: false,
        fold: None,
        validation: if has(2) { Validation::File(file.clone()) } else { Validation::Share(0.25) },
        seed: Default::default(),
        file,
    };
    in_file("mat", packed.as_deref().unwrap_or(content), |file| load(&source(file)));
}

/// A segment; and the same bytes as the payload of a frame with a valid digest, which mutations cannot compute.
pub fn segment(input: &[u8]) {
    decode(input);
    let payload = &input[..input.len().min(MAX_INPUT)];
    let length = (payload.len() as u32).to_le_bytes();
    let version = restudy::store::FORMAT.to_le_bytes();
    decode(&[&b"RESTUDY\n"[..], &version, &length, &Digest::of(payload).0, payload].concat());
}

fn decode(bytes: &[u8]) {
    if let Ok((records, _)) = segment::decode(Path::new("x.seg"), bytes) {
        records.iter().for_each(|record| trained::TRAINED.check_record(record));
        let written = segment::encode(&records);
        let (reread, damage) = segment::decode(Path::new("x.seg"), &written).expect("a written segment can be read");
        assert!(damage.is_none() && reread.len() == records.len(), "a written segment has all records");
    }
}

/// `manifest.json`.
pub fn manifest(input: &[u8]) {
    let folder = scratch("manifest");
    if fs::create_dir_all(&folder).is_err() || fs::write(folder.join("manifest.json"), input).is_err() {
        return;
    }
    match Manifest::read(&folder) {
        Ok(manifest) => {
            trained::TRAINED.check_manifest(&manifest);
            let text = manifest.to_text();
            fs::write(folder.join("manifest.json"), &text).expect("the file was written before");
            let reread = Manifest::read(&folder).expect("a written manifest can be read");
            assert_eq!(reread, manifest);
            assert_eq!(reread.to_text(), text);
        }
        Err(error) => drop(error.to_string()),
    }
}

/// A Parquet file.
pub fn table(input: &[u8]) {
    if let Ok(table) = table::read(input) {
        let digest = table::logical_digest(&table);
        let reread = table::read(&table::write(&table)).expect("a written table can be read");
        assert_eq!(table::logical_digest(&reread), digest);
    }
}

/// `segments/index`; and the same bytes after a header with a valid digest, which mutations cannot compute.
pub fn index(input: &[u8]) {
    let folder = scratch("index");
    let segments = folder.join("segments");
    if input.len() > MAX_INPUT || fs::create_dir_all(&segments).is_err() {
        return;
    }
    // The corpus refers to this segment.
    let _ = fs::write(segments.join("0.seg"), b"");
    let with_header = [&b"RESTUDY INDEX\n"[..], &1_u32.to_le_bytes(), &Digest::of(input).0, input].concat();
    for bytes in [input, &with_header] {
        if fs::write(segments.join("index"), bytes).is_ok()
            && let Ok(briefs) = Briefs::load(&folder)
        {
            let runs = briefs.runs();
            assert!(runs.is_sorted_by(|one, next| one.id <= next.id), "runs are found by their identity");
            assert!(runs.iter().all(|run| briefs.get(&run.id).is_some()));
        }
    }
}

/// Two files of a journal, separated by a byte 1: of one process, and of several.
pub fn journal(input: &[u8]) {
    let folder = scratch("journal");
    let place = folder.join("journal");
    if input.len() > MAX_INPUT || fs::create_dir_all(&place).is_err() {
        return;
    }
    let end = input.iter().position(|byte| *byte == 1).unwrap_or(input.len());
    let (one, many) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    if fs::write(place.join("1-2-3.jsonl"), one).is_err() || fs::write(place.join("gathered-4.jsonl"), many).is_err() {
        return;
    }
    let entries = journal::read(&folder);
    entries.iter().for_each(|entry| drop((entry.who(), journal::utc(entry.started))));
    let _ = journal::replications(&folder, [(Digest::of(one), Digest::of(many))]);
    // A copy takes many system calls, so only some inputs are copied.
    if Digest::of(input).0[0] >= 32 {
        return;
    }
    let copied = scratch("copied");
    let _ = fs::remove_dir_all(&copied);
    // A copy does not create the folder of the study.
    fs::create_dir(&copied).expect("the scratch folder can be written to");
    journal::copy(&folder, &copied).expect("the scratch folder can be written to");
    let shown = |entries: &[journal::Entry]| format!("{entries:?}");
    assert_eq!(shown(&journal::read(&copied)), shown(&entries), "a copy has the same entries");
}

/// The proof of a run; and the same proof with a valid seal.
pub fn proof(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if input.len() > MAX_INPUT {
        return;
    }
    let Ok(proof) = RunProof::parse(text) else { return };
    let reread = RunProof::parse(&proof.to_text()).expect("a written proof can be read");
    assert_eq!(reread.to_text(), proof.to_text());
    assert_eq!(reread.validate(), proof.validate());
    trained::TRAINED.check_proof(&proof);
    // A forger computes the seal again, which mutations cannot do.
    trained::TRAINED.check_proof(&proof.clone().sealed());
    if let Ok(text) = proof.specification(&[(Digest::of(b""), "points.csv".into())])
        && !is_large(&text)
    {
        let _ = sweep::parse("proof", Path::new("proof.toml"), &text, &[]).map_err(shown);
    }
}

fn load(source: &dyn Source) {
    if source.validate().is_empty() {
        match source.load(Seed(7)) {
            Ok(split) => {
                for data in [&split.train, &split.validation] {
                    assert_eq!(data.x.len(), data.d * data.y.len());
                    assert!(data.x.iter().all(|value| value.is_finite()), "points are finite");
                    assert!(data.y.iter().all(|&label| label == 1.0 || label == -1.0), "labels are signs");
                }
            }
            Err(error) => drop(error.to_string()),
        }
    }
}

fn in_file(name: &str, content: &[u8], read: impl FnOnce(String)) {
    let file = scratch(name);
    if content.len() <= MAX_INPUT && fs::write(&file, content).is_ok() {
        read(file.to_string_lossy().into_owned());
    }
}

/// A path for this thread only, in memory if possible.
fn scratch(name: &str) -> PathBuf {
    thread_local!(static PLACE: OnceCell<PathBuf> = const { OnceCell::new() });
    PLACE.with(|place| {
        place
            .get_or_init(|| {
                let memory = Path::new("/dev/shm");
                let root = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
                let thread = format!("{:?}", std::thread::current().id());
                let digits: String = thread.chars().filter(char::is_ascii_digit).collect();
                let folder = root.join(format!("restudy-fuzz-{}-{digits}", std::process::id()));
                fs::create_dir_all(&folder).expect("the folder for temporary files can be written to");
                folder
            })
            .join(name)
    })
}

/// Encodes bytes as zlib, in stored blocks.
fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packed = vec![0x78, 0x01];
    let mut chunks = bytes.chunks(0xffff).peekable();
    while let Some(chunk) = chunks.next() {
        let length = chunk.len() as u16;
        packed.push(u8::from(chunks.peek().is_none()));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(chunk);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for &byte in bytes {
        a = (a + u32::from(byte)) % 65521;
        b = (b + a) % 65521;
    }
    packed.extend((b << 16 | a).to_be_bytes());
    packed
}
