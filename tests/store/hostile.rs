//! Files that nobody should have made: too large, too deep, too many, of the wrong kind. Each is passed over and named,
//! and nothing waits, crashes or fills the memory.

use super::simulated::Tree;
use super::*;
use corticurve::app::Settings;
use corticurve::store::{Item, OpenFile, Storage, StoreError, sealed};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

const DATA: &str = "/data";

/// A data folder in memory with these files, and its path.
fn holding(files: &[(String, &[u8])]) -> SimulatedStorage {
    let store = br#"Store(format: 1, app: "0.1.0", store: "4d0q8zr2tk7m1v9c", unit: "Ward 4")"#.as_slice();
    let mut tree = Tree::new();
    let all = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).chain([("STORE.ron", store)]);
    for (name, bytes) in all {
        let file = Path::new(DATA).join(name);
        let folders = file.ancestors().skip(1).filter(|folder| folder.parent().is_some());
        tree.extend(folders.map(|folder| (folder.to_owned(), None)));
        tree.insert(file, Some(bytes.to_vec()));
    }
    SimulatedStorage::holding(&tree)
}

fn in_patient(name: impl std::fmt::Display) -> String {
    format!("patients/{}/{name}", patient())
}

#[test]
fn a_folder_of_100_000_names_that_do_not_belong_is_counted_and_not_listed_to_the_end() {
    let junk: Vec<(String, &[u8])> = (0..50_000)
        .flat_map(|number| [format!("patients/{number}.tmp"), in_patient(format_args!("{number}.tmp"))])
        .map(|name| (name, b"".as_slice()))
        .collect();
    let disk = Arc::new(holding(&junk));
    let mut store = Store::open_on(disk, Path::new(DATA)).unwrap();
    let findings = verified(&store);
    assert_eq!(findings.len(), 202);
    let counted = findings.iter().filter(|finding| finding.kind == FindingKind::MoreNames(49_900));
    assert_eq!(
        counted.map(|finding| finding.file.clone()).collect::<Vec<_>>(),
        [PathBuf::from("patients"), PathBuf::from(in_patient("")),]
    );
    assert!(findings.iter().any(|finding| finding.to_string().contains("49900 more names in this folder are ignored")));
    store.become_writer(Path::new("/dev/null/config")).unwrap();
    let saved = save(&mut store, dose(10));
    assert_eq!(store.read(&patient()).unwrap().entries, [saved]);
}

/// A disk that counts how often a reader waits for another program.
struct Waiting {
    under: SimulatedStorage,
    waits: AtomicUsize,
}

impl Storage for Waiting {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        self.under.list(folder)
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        self.under.read(file, from, most)
    }

    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.under.create_folder(folder)
    }

    fn create_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        self.under.create_file(file)
    }

    fn open_file(&self, file: &Path) -> io::Result<Box<dyn OpenFile>> {
        self.under.open_file(file)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.under.sync_folder(folder)
    }

    fn pause(&self, _time: std::time::Duration) {
        self.waits.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn thousands_of_damaged_segments_are_waited_for_together_and_not_one_by_one() {
    let torn: Vec<(String, &[u8])> = (1..=5_000)
        .map(|number| (in_patient(format_args!("k3f9q2ha-{number:04}.ron")), b"[\nSegm\n".as_slice()))
        .collect();
    let disk = Arc::new(Waiting { under: holding(&torn), waits: AtomicUsize::new(0) });
    let store = Store::open_on(Arc::clone(&disk) as Arc<dyn Storage>, Path::new(DATA)).unwrap();
    let record = store.read(&patient()).unwrap();
    assert_eq!((record.entries.len(), record.findings.len()), (0, 5_000));
    assert_eq!(disk.waits.load(Ordering::Relaxed), 5, "as often as for one that has no end");
}

/// As deep as a line of a record file could be.
fn deep(open: &str, close: &str) -> String {
    let levels = 60_000 / (open.len() + close.len());
    open.repeat(levels) + &close.repeat(levels)
}

#[test]
fn nesting_however_deep_is_refused_by_every_reader_of_a_file() {
    for (open, close) in
        [("[", "]"), ("(", ")"), ("Some(", ")"), ("{a:", "}"), ("Corrected((replacement:", "))"), ("/*", "*/")]
    {
        let deep = deep(open, close);
        let line = |text: &str| format!("{text}, //#0123456789abcdef\n");
        let store_file = format!("Store(format: 1, app: {deep}, store: {deep}, more: {deep})");
        let segment = format!("[\n{}{}]\n", line(&deep), line(&format!("Segment(format: 2, more: {deep})")));
        let list = format!("[\n(reason: {deep}),\n{deep},\n]\n");
        let disk = holding(&[
            (in_patient("k3f9q2ha-0001.ron"), segment.as_bytes()),
            ("unit.ron".to_owned(), list.as_bytes()),
            ("unit/k3f9q2ha-0001.ron".to_owned(), sealed(&list).as_bytes()),
        ]);
        let store = Store::open_on(Arc::new(disk), Path::new(DATA)).unwrap();
        assert_eq!(store.read(&patient()).unwrap().entries, [], "{open}");
        assert!(matches!(store.unit_record(), Err(StoreError::Unit { .. })), "{open}");
        let disk = holding(&[("other/STORE.ron".to_owned(), store_file.as_bytes())]);
        let refused = Store::open_on(Arc::new(disk), &Path::new(DATA).join("other")).err();
        assert!(matches!(refused, Some(StoreError::DamagedStoreFile { .. })), "{open}: {refused:?}");
        let config = TempDir::new().unwrap();
        fs::write(config.path().join("settings.ron"), format!("(initials: {deep}, more: {deep})")).unwrap();
        assert_eq!(Settings::load(config.path()), Settings::default(), "{open}");
    }
}

#[test]
fn files_larger_than_any_program_writes_are_not_read_to_their_end() {
    let ward = Ward::new();
    save(&mut ward.writer(), dose(10));
    let huge = |file: PathBuf| {
        let open = fs::OpenOptions::new().write(true).create(true).truncate(false).open(file).unwrap();
        // A file with a hole takes no room on the disk, and would fill the memory all the same.
        open.set_len(1 << 40).unwrap();
    };
    huge(ward.segment());
    huge(ward.data().join("unit.ron"));
    fs::create_dir_all(ward.config()).unwrap();
    huge(ward.config().join("settings.ron"));
    let record = ward.read();
    assert_eq!(record.entries.len(), 1);
    assert!(record.findings.iter().any(|finding| finding.kind == FindingKind::FileTooLarge));
    let unit = ward.reader().unit_record().unwrap_err().to_string();
    assert!(unit.contains("unit.ron: this file is larger than 1048576 bytes"), "{unit}");
    assert_eq!(Settings::load(&ward.config()), Settings::default());
    huge(ward.data().join("STORE.ron"));
    let refused = Store::open(&ward.data()).err();
    assert!(matches!(refused, Some(StoreError::DamagedStoreFile { .. })), "{refused:?}");
}

#[test]
fn behind_4_000_damaged_lines_of_a_file_nothing_is_looked_at_and_every_good_line_before_is_used() {
    let ward = Ward::new();
    let saved = save_all(&mut ward.writer(), vec![dose(10), dose(8)]);
    let file = ward.segment();
    let whole = fs::read_to_string(&file).unwrap();
    let (first, rest) = whole.split_at(whole.rfind("Entry(").unwrap());
    // As many lines as fit into what is read of a file, also of such as look like lines.
    let marked = format!("Entry(id: \"x\"), //#{}\n", "0".repeat(16));
    for (bad, lines, used) in
        [("x\n", 3_999, 2), ("x\n", 4_000, 1), ("x\n", 2_000_000, 1), ("\n", 4_000_000, 1), (&marked, 100_000, 1)]
    {
        let text = [first, &bad.repeat(lines), rest].concat();
        fs::write(&file, &text).unwrap();
        let begin = std::time::Instant::now();
        let record = ward.read();
        let left = text.len().saturating_sub(first.len() + 4_000 * bad.len());
        let told = record.findings.iter().any(|found| found.kind == FindingKind::NotLookedAt(left));
        assert_eq!((ids(&record.entries), told), (ids(&saved[..used]), lines > 3_999), "{bad:?} {lines}");
        let verified = verified(&ward.reader());
        assert!(verified.len() < 200, "{}", verified.len());
        // Every line of them took minutes.
        assert!(begin.elapsed().as_secs() < 30, "{:?}", begin.elapsed());
    }
}

#[test]
fn bytes_that_are_no_text_are_reported_in_every_file_also_under_right_digits() {
    let mut list = sealed("[\n").into_bytes();
    list.push(0xff);
    let disk = holding(&[
        (in_patient("k3f9q2ha-0001.ron"), b"[\n\xff\xfe, //#0123456789abcdef\n]\n"),
        ("unit.ron".to_owned(), b"[(reason: \"\xff\")]"),
        ("unit/k3f9q2ha-0001.ron".to_owned(), &list),
    ]);
    let store = Store::open_on(Arc::new(disk), Path::new(DATA)).unwrap();
    let findings = verified(&store);
    assert_eq!(findings.iter().map(|finding| finding.line).collect::<Vec<_>>(), [Some(2), None, Some(1)]);
    let disk = holding(&[(in_patient("k3f9q2ha-0001.ron"), &sealed_lines([b"\xc3\x28,".as_slice()]))]);
    let record = Store::open_on(Arc::new(disk), Path::new(DATA)).unwrap().read(&patient()).unwrap();
    assert_eq!(kinds(&record.findings), [(Some(2), FindingKind::NotUnderstood)]);
}

/// The limit of a format whose lines do not say whose they are: known, reported, and written down in the room's
/// documentation.
#[test]
fn another_patients_old_block_that_ends_exactly_at_the_bracket_is_reported_with_its_line() {
    let (ours, theirs) = (Ward::new(), Ward::new());
    save_all(&mut ours.writer(), vec![dose(10), dose(4)]);
    let foreign = save_all(&mut theirs.writer(), vec![dose(8), dose(6), dose(2)]);
    let (mine, old) = (fs::read(ours.segment()).unwrap(), fs::read(theirs.segment()).unwrap());
    // The power failed in the middle of the last line, and from there on stands the end of the other file.
    let torn = [&mine[..mine.len() - 150], &old[old.len() - 400..]].concat();
    fs::write(ours.segment(), torn).unwrap();
    let record = ours.read();
    assert_eq!(kinds(&record.findings), [(Some(4), FindingKind::Unreadable)]);
    assert!(record.entries.contains(&foreign[2]), "when this is mended, the documentation is too");
    assert!(record.findings[0].to_string().contains("compare the log with the medication chart"));
    // One byte more or less, and the file does not end with the bracket: nothing of the other patient's is used.
    let torn = [&mine[..mine.len() - 150], &old[old.len() - 400..old.len() - 1]].concat();
    fs::write(ours.segment(), torn).unwrap();
    let record = ours.read();
    assert_eq!(kinds(&record.findings), [(Some(4), FindingKind::Interrupted), (Some(4), FindingKind::Unvouched(1))]);
    assert_eq!(record.entries.len(), 1);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::ffi::OsStringExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::sync::mpsc;
    use std::time::Duration;

    /// Does something that must not wait for anybody; a minute without an answer is for ever.
    fn at_once<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> T {
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || send.send(what()));
        receive.recv_timeout(Duration::from_mins(1)).expect("it waits for a pipe")
    }

    fn pipe(path: &Path) {
        let _ = fs::remove_file(path);
        assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    #[test]
    fn a_pipe_in_the_place_of_any_file_is_never_waited_for() {
        let ward = Ward::new();
        let saved = save(&mut ward.writer(), dose(10));
        let data = ward.data();
        fs::create_dir(data.join("unit")).unwrap();
        fs::create_dir_all(ward.config()).unwrap();
        let own = ward.segment().with_file_name("zzzzzzzz-0001.ron");
        let config = ward.config();
        for path in [
            own,
            data.join("patients/p-000000000000"),
            data.join("unit.ron"),
            data.join("unit/k3f9q2ha-0001.ron"),
            config.join("settings.ron"),
        ] {
            pipe(&path);
        }
        let reading = data.clone();
        let (records, findings, unit) = at_once(move || {
            let store = Store::open(&reading).unwrap();
            (store.read_all().unwrap(), verified(&store), store.unit_record())
        });
        assert_eq!(records[0].entries, std::slice::from_ref(&saved));
        let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 4, "{said:?}");
        for name in ["zzzzzzzz-0001.ron", "p-000000000000", "unit.ron", "unit/k3f9q2ha-0001.ron"] {
            assert!(said.iter().any(|finding| finding.contains(name)), "{name}: {said:?}");
        }
        assert!(unit.unwrap_err().to_string().contains("it is a pipe or a device and not a file"));
        let loaded = at_once(move || Settings::load(&config));
        assert_eq!(loaded, Settings::default());
        let next = at_once(move || {
            let store = &mut ward.writer();
            let next = save(store, dose(4));
            (ward, next)
        });
        assert_eq!(ids(&next.0.read().entries), ids(&[saved, next.1]));
        pipe(&data.join("STORE.ron"));
        let refused = at_once(move || Store::open(&data).err());
        assert!(matches!(refused, Some(StoreError::Io { .. })), "{refused:?}");
    }

    #[test]
    fn links_are_not_followed_and_never_in_a_circle() {
        let ward = Ward::new();
        let saved = save(&mut ward.writer(), dose(10));
        let (data, own) = (ward.data(), ward.segment());
        let folder = own.parent().unwrap();
        symlink(&own, folder.join("zzzzzzzz-0001.ron")).unwrap();
        symlink("nowhere", folder.join("zzzzzzzz-0002.ron")).unwrap();
        symlink("zzzzzzzz-0003.ron", folder.join("zzzzzzzz-0003.ron")).unwrap();
        symlink(folder, data.join("patients/p-000000000000")).unwrap();
        symlink("..", data.join("patients/p-000000000001")).unwrap();
        symlink("p-000000000002", data.join("patients/p-000000000002")).unwrap();
        let seen = ward.reader().verify(at()).unwrap();
        assert_eq!((seen.patients, seen.segments, seen.entries), (1, 1, 1));
        let findings = verified(&ward.reader());
        assert_eq!(findings.len(), 6);
        assert!(findings.iter().all(|finding| finding.kind == FindingKind::WrongKind));
        let next = save(&mut ward.writer(), dose(4));
        assert_eq!(ids(&ward.read().entries), ids(&[saved, next]));
        for name in ["unit.ron", "unit"] {
            symlink(name, data.join(name)).unwrap();
        }
        let unit = ward.reader().unit_record().unwrap_err().to_string();
        assert!(unit.contains("cannot be read"), "{unit}");
    }

    #[test]
    fn a_name_that_is_no_text_or_hides_something_is_named_with_every_character_shown() {
        let ward = Ward::new();
        save_all(&mut ward.writer(), vec![robin(), dose(10)]);
        let names: [&[u8]; 3] = [b"no\xfftext.ron", "gpj.\u{202e}nor".as_bytes(), b"\x1b[2J\n.ron"];
        for name in names {
            fs::write(ward.data().join("patients").join(std::ffi::OsString::from_vec(name.to_vec())), "").unwrap();
        }
        let findings = verified(&ward.reader());
        let said: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 3);
        for shown in ["no\u{fffd}text.ron: ", "gpj.\\u{202e}nor: ", "\\u{1b}[2J\\u{a}.ron: "] {
            assert!(said.iter().any(|finding| finding.contains(shown)), "{shown}: {said:?}");
        }
    }

    #[test]
    fn what_a_workstation_remembers_is_for_its_owner_alone() {
        let folder = TempDir::new().unwrap();
        let config = folder.path().join("config");
        let settings = Settings { initials: Some("NK".parse().unwrap()), ..Settings::default() };
        settings.save(&config).unwrap();
        assert_eq!(Settings::load(&config), settings);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&config), mode(&config.join("settings.ron"))), (0o700, 0o600));
        let (at, zone) = (at(), chrono::FixedOffset::east_opt(0).unwrap());
        let demo = corticurve::app::ward::Ward::demo(corticurve::record::Now { at, zone: &zone }).unwrap();
        assert_eq!((mode(demo.folder()), mode(demo.folder().parent().unwrap())), (0o700, 0o700));
    }
}

#[test]
fn a_segment_of_an_absurd_number_is_not_ours_and_keeps_no_save_from_being_read() {
    for (number, is_ours) in [("4294967295", false), ("1000000", false), ("999999", true)] {
        let ward = Ward::new();
        let saved = save(&mut ward.writer(), dose(10));
        let (file, name) = (ward.segment(), ward.segment().file_name().unwrap().to_str().unwrap().to_owned());
        let copy = file.with_file_name(name.replace("0001", number));
        fs::copy(&file, copy).unwrap();
        let later = save(&mut ward.writer(), dose(8));
        let record = ward.read();
        assert_eq!(ids(&record.entries), ids(&[saved, later]), "{number}");
        let unknown = record.findings.iter().any(|found| found.kind == FindingKind::UnknownName);
        assert_eq!(unknown, !is_ours, "{number}: {:?}", record.findings);
    }
}
