//! Looking at every file: everything that is not as it was made is found, and nothing is changed by looking.

use super::share::Share;
use super::*;
use corticurve::exposure::{UnitChange, UnitSettings};
use corticurve::record::{Acknowledgement, Review, StrikeOut};
use corticurve::store::{Item, Loss, OpenFile, OsStorage, Storage, StoreError, UnitRecord};
use std::io;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

/// Two patients, a change of the settings, and files as this program makes them.
fn ward() -> (Ward, PatientId) {
    let ward = Ward::new();
    let mut store = ward.writer();
    save_all(&mut store, vec![robin(), dose(10)]);
    let other = store.new_patient_id().unwrap();
    store.save(&other, vec![of_mrn("40 018"), dose(4)], &author(), at()).unwrap();
    let settings = UnitSettings { table: "bnf".to_owned(), ..UnitSettings::default() };
    let change = UnitChange { at: at(), by: "NK".parse().unwrap(), reason: String::new(), settings };
    store.change_unit(&UnitRecord::default(), &change).unwrap();
    (ward, other)
}

/// Each finding as it is told, for a look at this time.
fn told(ward: &Ward, now: Moment) -> Vec<String> {
    ward.reader().verify(now).unwrap().findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_ward_as_it_was_made_is_all_well() {
    let (ward, _) = ward();
    // The second run makes another file in `writers`.
    save(&mut ward.writer(), dose(2));
    assert_eq!(ward.reader().verify(at()).unwrap().to_string(), "all well: 2 patients, 5 entries, 2 files");
}

#[test]
fn names_that_nobody_made_are_found_in_every_folder() {
    let (ward, other) = ward();
    save(&mut ward.writer(), dose(2));
    let folders = [String::new(), "writers/".to_owned(), "unit/".to_owned(), "patients/".to_owned()];
    let folders = folders.into_iter().chain([format!("patients/{other}/")]);
    for folder in folders {
        let name = format!("{folder}Thumbs.db");
        fs::write(ward.data().join(&name), "").unwrap();
        let findings = verified(&ward.reader());
        let [found] = findings.as_slice() else { panic!("{name}: {findings:?}") };
        assert_eq!((found.file.to_str(), &found.kind), (Some(name.as_str()), &FindingKind::UnknownName));
        fs::remove_file(ward.data().join(&name)).unwrap();
    }
    fs::create_dir(ward.data().join("unit.ron")).unwrap();
    let findings = verified(&ward.reader());
    let [found] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(found.file.to_str(), Some("unit.ron"));
}

#[test]
fn two_charts_of_one_number_are_told_by_their_ids_until_one_is_amended() {
    let (ward, other) = ward();
    let mut store = ward.writer();
    let third = store.new_patient_id().unwrap();
    store.save(&third, vec![of_mrn("40017"), dose(4)], &author(), at()).unwrap();
    let told = told(&ward, at());
    let [line] = told.as_slice() else { panic!("{told:?}") };
    let (first, second) = if third < patient() { (third.clone(), patient()) } else { (patient(), third.clone()) };
    let says = format!("patients/{second}: this patient has the same MRN as {first}: two charts of one patient");
    assert!(line.starts_with(&says) && !line.contains(other.as_str()), "{line}");
    assert!(
        !line.contains("Robin") && !line.contains("Example") && !line.contains("40"),
        "no name and no number: {line}"
    );
    let Fact::PatientRegistered(amended) = of_mrn("40 019") else { unreachable!() };
    store.save(&third, vec![Fact::PatientAmended(amended)], &author(), at()).unwrap();
    assert_eq!(ward.reader().verify(at()).unwrap().findings, vec![]);
}

#[test]
fn an_entry_from_the_future_is_found_with_its_line_and_a_minute_of_skew_is_not() {
    let (ward, _) = ward();
    let late = |seconds: i64| {
        let now = at() - chrono::TimeDelta::seconds(seconds);
        ward.reader().verify(now).unwrap().findings
    };
    assert_eq!((late(0), late(60)), (vec![], vec![]));
    let findings = late(61);
    let found: Vec<_> = findings.iter().map(|found| (found.line, found.kind.clone())).collect();
    let future = FindingKind::InTheFuture(at());
    assert_eq!(found.len(), 4, "{findings:?}");
    for line in [Some(3), Some(4)] {
        assert!(found.contains(&(line, future.clone())), "{findings:?}");
    }
    assert!(findings[0].to_string().contains("recorded at 29-Mar-2026 08:02, which is still to come"), "{findings:?}");
    assert_eq!(ward.read().findings, vec![], "a wrong clock of the reader keeps nobody from reading");
}

#[test]
fn one_id_with_two_contents_and_one_id_of_two_patients_are_found() {
    let (ward, other) = ward();
    let mut store = ward.writer_with(&ward.folder.path().join("other config"));
    let mut entry = ward.read().entries.into_iter().find(|entry| matches!(entry.fact, Fact::Administered(_))).unwrap();
    store.append(&other, std::slice::from_ref(&entry)).unwrap();
    let findings = verified(&ward.reader());
    let [found] = findings.as_slice() else { panic!("{findings:?}") };
    assert!(matches!(&found.kind, FindingKind::OfTwoPatients(id, _) if *id == entry.id), "{found}");
    assert_eq!(found.line.map(|line| line > 2), Some(true));
    entry.fact = dose(40);
    store.append(&patient(), std::slice::from_ref(&entry)).unwrap();
    let two = |found: &Finding| found.kind == FindingKind::TwoOfOneId(entry.id.clone());
    assert_eq!(verified(&ward.reader()).iter().filter(|found| two(found)).count(), 1);
}

#[test]
fn a_store_file_that_was_lost_or_damaged_since_the_ward_was_opened_is_found() {
    let (ward, _) = ward();
    let (file, open) = (ward.data().join("STORE.ron"), ward.reader());
    let text = fs::read_to_string(&file).unwrap();
    for (now, says) in [
        (Some(text.replace(open.id().as_str(), "0000000000000000")), "it names the store 0000000000000000"),
        (Some(text[..text.len() / 2].to_owned()), "it is damaged"),
        (None, "it is missing"),
    ] {
        match now {
            Some(text) => fs::write(&file, text).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        let findings = verified(&open);
        assert!(findings[0].to_string().starts_with(&format!("STORE.ron: {says}")), "{findings:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_mode_looser_than_0600_or_0700_is_found_and_a_few_of_many_are_listed() {
    use std::os::unix::fs::PermissionsExt;
    let (ward, other) = ward();
    let mode = |path: &str, mode: u32| {
        fs::set_permissions(ward.data().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    let segment = ward.segment().strip_prefix(ward.data()).unwrap().display().to_string();
    for (path, loose, tight) in [
        ("", 0o755, 0o700),
        ("STORE.ron", 0o644, 0o600),
        ("patients", 0o710, 0o700),
        (&format!("patients/{other}"), 0o701, 0o700),
        (&segment, 0o660, 0o400),
    ] {
        mode(path, loose);
        let told = told(&ward, at());
        let shown = if path.is_empty() { "." } else { path };
        let says = format!("{shown}: others on this computer may read or change this (mode {loose:o})");
        assert!(told.len() == 1 && told[0].starts_with(&says), "{told:?}");
        mode(path, tight);
        assert_eq!(ward.reader().verify(at()).unwrap().findings, vec![], "{path}");
    }
    // People make unit.ron with an editor, and it holds no patient.
    fs::write(ward.data().join("unit.ron"), "[]").unwrap();
    mode("unit.ron", 0o644);
    assert_eq!(told(&ward, at()), Vec::<String>::new());
    mode("unit.ron", 0o666);
    assert_eq!(told(&ward, at()).len(), 1);
    fs::remove_file(ward.data().join("unit.ron")).unwrap();
    let mut store = ward.writer();
    for number in 0..30 {
        let new = store.new_patient_id().unwrap();
        store.save(&new, vec![of_mrn(&format!("5{number}")), dose(4)], &author(), at()).unwrap();
        mode(&format!("patients/{new}"), 0o755);
    }
    let told = told(&ward, at());
    assert_eq!(told.len(), 21);
    assert!(told[0].starts_with(".: 10 more files and folders may be read"), "{}", told[0]);
}

/// Everything below a folder: bytes, when it was changed, and its mode.
pub fn photograph(folder: &Path, all: &mut Vec<(PathBuf, Vec<u8>, SystemTime, fs::Permissions)>) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        let about = fs::symlink_metadata(&path).unwrap();
        let bytes = if about.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        if about.is_dir() {
            photograph(&path, all);
        }
        all.push((path, bytes, about.modified().unwrap(), about.permissions()));
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
}

#[test]
fn looking_changes_no_byte_no_time_and_no_mode_whatever_is_found() {
    let (ward, _) = ward();
    let file = ward.segment();
    let text = fs::read_to_string(&file).unwrap();
    let nothing: &dyn Fn() = &|| ();
    for damage in [
        nothing,
        &|| fs::write(ward.data().join("notes.txt"), "x").unwrap(),
        &|| fs::write(&file, &text[..text.len() - 9]).unwrap(),
        &|| fs::write(ward.data().join("unit.ron"), "[(").unwrap(),
    ] {
        damage();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        photograph(ward.folder.path(), &mut before);
        let _ = ward.reader().verify(at()).unwrap();
        photograph(ward.folder.path(), &mut after);
        assert!(before == after && before.len() > 8);
    }
}

fn lost(ward: &Ward) -> Vec<(String, Loss)> {
    let loss = |found: Finding| match found.kind.clone() {
        FindingKind::Lost(loss) => (found.place(), loss),
        other => panic!("{}: {other:?}", found.file.display()),
    };
    verified(&ward.reader()).into_iter().map(loss).collect()
}

#[test]
fn a_file_that_a_later_one_of_its_writer_follows_is_missed() {
    let (ward, _) = ward();
    let file = ward.segment();
    let (mut store, name) = (ward.writer(), file.strip_prefix(ward.data()).unwrap().display().to_string());
    // Enough for a second and a third file.
    let note = "x".repeat(30_000);
    for _ in 0..20 {
        save(&mut store, dose_with_note(&note));
    }
    assert_eq!((ward.segments().len(), lost(&ward)), (3, vec![]));
    fs::remove_file(&ward.segments()[1]).unwrap();
    let second = name.replace("-0001", "-0002");
    assert_eq!(lost(&ward), [(second.clone(), Loss::File)]);
    fs::remove_file(file).unwrap();
    let folder = format!("patients/{}", patient());
    assert_eq!(lost(&ward), [(folder, Loss::Identity), (second, Loss::File)]);
}

#[test]
fn a_patient_s_folder_without_an_entry_or_without_who_it_is_is_reported() {
    let (ward, other) = ward();
    let folder = format!("patients/{other}");
    assert_eq!(lost(&ward), [], "both are whole");
    for file in fs::read_dir(ward.data().join(&folder)).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    assert_eq!(lost(&ward), [(folder, Loss::Entries)]);
    assert_eq!(ward.reader().read_all().unwrap().len(), 1, "an interrupted registration leaves such a folder, too");
}

#[test]
fn an_entry_about_another_that_no_file_holds_is_reported_with_its_line() {
    let (ward, _) = ward();
    let mut other = ward.writer_with(&ward.folder.path().join("other config"));
    let first = save(&mut other, dose(6));
    let file = ward.segments().into_iter().find(|file| fs::read_to_string(file).unwrap().contains(first.id.as_str()));
    let mut store = ward.writer();
    let change = StrikeOut { target: first.id.clone(), reason: "twice".to_owned(), seen: Vec::new() };
    let struck = save(&mut store, Fact::StruckOut(change));
    let rule = format!("twice {} {}", first.id, struck.id);
    save(&mut store, Fact::Acknowledged(Acknowledgement { rule, reason: "both".to_owned(), until: None }));
    save(
        &mut store,
        Fact::Reviewed(Review { up_to: struck.id.clone(), seen: vec![first.id.clone(), struck.id.clone()] }),
    );
    assert_eq!(lost(&ward), []);
    fs::remove_file(file.unwrap()).unwrap();
    let mut findings = lost(&ward);
    assert_eq!(findings.pop().unwrap().1, Loss::FilesOfWriter, "{findings:?}");
    assert!(findings.iter().all(|(_, loss)| *loss == Loss::Named(first.id.clone())), "{findings:?}");
    let lines: Vec<&str> = findings.iter().map(|(place, _)| place.rsplit(':').next().unwrap()).collect();
    assert_eq!(lines, ["5", "6", "7"], "each at its line: {findings:?}");
}

#[test]
fn a_writer_that_saved_here_and_of_whom_no_file_is_left_is_reported_also_after_its_first_run() {
    for runs in [1, 2] {
        let (ward, other) = ward();
        for _ in 1..runs {
            save(&mut ward.writer(), dose(2));
        }
        assert_eq!(lost(&ward), []);
        for id in [patient(), other.clone()] {
            for file in fs::read_dir(ward.data().join("patients").join(id.as_str())).unwrap() {
                fs::remove_file(file.unwrap().path()).unwrap();
            }
        }
        let losses: Vec<Loss> = lost(&ward).into_iter().map(|(_, loss)| loss).collect();
        assert_eq!(losses, [Loss::Entries, Loss::Entries, Loss::FilesOfWriter], "{runs}");
    }
}

#[test]
fn where_a_colleague_s_files_of_a_first_run_are_all_removed_any_workstation_is_told_whose() {
    let (ward, _) = ward();
    let mut colleague = ward.writer_with(&ward.folder.path().join("other config"));
    save(&mut colleague, dose(6));
    let id = colleague.writer_id().unwrap().clone();
    drop(colleague);
    let own: Vec<PathBuf> =
        ward.segments().into_iter().filter(|file| file.to_str().unwrap().contains(id.as_str())).collect();
    let [file] = own.as_slice() else { panic!("{own:?}") };
    fs::remove_file(file).unwrap();
    assert_eq!(ward.read().findings, [], "the files that are left are whole");
    assert_eq!(lost(&ward), [(format!("writers/{id}-0001"), Loss::FilesOfWriter)]);
}

#[test]
fn a_missing_folder_of_patients_is_a_loss_where_programs_have_saved_and_nothing_in_a_new_ward() {
    let ward = Ward::new();
    assert_eq!(ward.writer().verify(at()).unwrap().to_string(), "all well: 0 patients, 0 entries, 0 files");
    fs::remove_dir(ward.data().join("patients")).unwrap();
    assert!(ward.reader().verify(at()).is_ok(), "nobody was registered");
    save_all(&mut ward.writer(), vec![robin(), dose(10)]);
    let open = ward.reader();
    assert_eq!(open.read_all().unwrap().len(), 1);
    fs::rename(ward.data().join("patients"), ward.folder.path().join("away")).unwrap();
    // Both whoever has seen the patients, and whoever opens the folder now.
    for store in [open, ward.reader()] {
        for error in [store.verify(at()).unwrap_err(), store.read_all().unwrap_err(), store.patient_ids().unwrap_err()]
        {
            assert!(matches!(error, StoreError::NoPatients { .. }), "{error}");
            assert!(error.to_string().contains("the folder `patients` is missing") && error.may_pass());
        }
    }
    fs::create_dir(ward.data().join("patients")).unwrap();
    assert_eq!(lost(&ward).len(), 1, "as the message says, an empty one is taken; its writer is missed all the same");
}

#[test]
fn a_first_save_that_came_to_nothing_is_told_here_and_nowhere_else() {
    let (ward, _) = ward();
    let whole = fs::read(ward.segment()).unwrap();
    let header = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0;
    let file = ward.segment().with_file_name("zzzzzzzz-0001.ron");
    for length in [0, 1, 2, 5, 40, header] {
        fs::write(&file, &whole[..length]).unwrap();
        assert_eq!(ward.read().findings, [], "{length}");
        let found: Vec<FindingKind> = verified(&ward.reader()).into_iter().map(|found| found.kind).collect();
        assert_eq!(found, [FindingKind::Leftover], "{length}");
    }
    for rest in [&whole[..=header], &whole[..header + 9], b"[\nnotes", b"Segment(", &[0; 300]] {
        fs::write(&file, rest).unwrap();
        assert_ne!(ward.read().findings, [], "a save that is not known to have been the first, or no save at all");
    }
}

/// A disk on which another program does something, once: while a look waits, or as a folder is listed.
struct Meanwhile {
    at: Option<PathBuf>,
    step: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Meanwhile {
    fn of(at: Option<PathBuf>, step: impl FnOnce() + Send + 'static) -> Arc<Self> {
        Arc::new(Self { at, step: Mutex::new(Some(Box::new(step))) })
    }

    fn happens(&self) {
        let step = self.step.lock().unwrap().take();
        if let Some(step) = step {
            step();
        }
    }
}

impl Storage for Meanwhile {
    fn list(&self, folder: &Path) -> io::Result<Vec<Item>> {
        if self.at.as_deref() == Some(folder) {
            self.happens();
        }
        OsStorage.list(folder)
    }

    fn read(&self, file: &Path, from: u64, most: usize) -> io::Result<Vec<u8>> {
        OsStorage.read(file, from, most)
    }

    fn create_folder(&self, _: &Path) -> io::Result<()> {
        unreachable!("a look makes nothing")
    }

    fn create_file(&self, _: &Path) -> io::Result<Box<dyn OpenFile>> {
        unreachable!("a look makes nothing")
    }

    fn open_file(&self, _: &Path) -> io::Result<Box<dyn OpenFile>> {
        unreachable!("a look writes nothing")
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        unreachable!("a look writes nothing")
    }

    fn pause(&self, time: Duration) {
        // Shorter ones are for a write under way.
        if self.at.is_none() && time >= Duration::from_millis(100) {
            self.happens();
        }
    }
}

/// Takes of a file, and of its folder, what a save has not done yet.
type Half = fn(&Path, &Path);

#[test]
fn a_save_that_is_half_done_while_the_files_are_looked_at_is_no_loss_and_counts_once_it_is_there() {
    let half_done: [(&str, Half); 4] = [
        ("a folder without a file", |_, file| fs::remove_file(file).unwrap()),
        ("a file without a byte", |_, file| fs::write(file, "").unwrap()),
        ("a file whose end is to come", |_, file| {
            let whole = fs::read(file).unwrap();
            fs::write(file, &whole[..whole.len() - 40]).unwrap();
        }),
        ("a writer without a folder", |folder, _| fs::remove_dir_all(folder).unwrap()),
    ];
    for (what, to_half) in half_done {
        for registers in [true, false] {
            // A patient who was registered before has a folder.
            if !registers && what == "a writer without a folder" {
                continue;
            }
            let (ward, _) = ward();
            let mut colleague = ward.writer_with(&ward.folder.path().join("other config"));
            let id = if registers { colleague.new_patient_id().unwrap() } else { patient() };
            let facts = if registers { vec![of_mrn("40 019"), dose(6)] } else { vec![dose(6)] };
            colleague.save(&id, facts, &author(), at()).unwrap();
            let writer = colleague.writer_id().unwrap().to_string();
            let folder = ward.data().join("patients").join(id.as_str());
            let file = folder.join(format!("{writer}-0001.ron"));
            let whole = fs::read(&file).unwrap();
            to_half(&folder, &file);
            let disk = Meanwhile::of(None, move || {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&file, whole).unwrap();
            });
            let told = verified(&Store::open_on(disk, &ward.data()).unwrap());
            assert_eq!(told, [], "{what}, registers: {registers}");
        }
    }
}

#[test]
fn a_workstation_that_begins_while_the_files_are_looked_at_has_lost_none() {
    let (ward, other) = ward();
    let colleague = Mutex::new(ward.writer_with(&ward.folder.path().join("other config")));
    let begins = move || {
        let mut colleague = colleague.lock().unwrap();
        let new = colleague.new_patient_id().unwrap();
        colleague.save(&new, vec![of_mrn("40 019"), dose(6)], &author(), at()).unwrap();
    };
    let at_the_first = other.min(patient());
    let disk = Meanwhile::of(Some(ward.data().join("patients").join(at_the_first.as_str())), begins);
    let verified = Store::open_on(disk, &ward.data()).unwrap().verify(at()).unwrap();
    assert_eq!(verified.findings, []);
    assert_eq!(ward.reader().verify(at()).unwrap().patients, 3, "it has begun");
}

#[test]
fn a_folder_that_cannot_be_listed_may_hold_the_files_of_a_writer_that_has_no_others() {
    let (ward, _) = ward();
    let mut colleague = ward.writer_with(&ward.folder.path().join("other config"));
    let new = colleague.new_patient_id().unwrap();
    colleague.save(&new, vec![of_mrn("40 019"), dose(6)], &author(), at()).unwrap();
    let share = Share::new();
    let store = Store::open_on(Arc::new(share.clone()), &ward.data()).unwrap();
    share.cannot_read(Some(new.to_string()));
    let found = verified(&store);
    assert!(matches!(found.as_slice(), [found] if matches!(found.kind, FindingKind::CannotRead(_))), "{found:?}");
}
