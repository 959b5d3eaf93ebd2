//! The cache: whatever becomes of it, what is read is what the record says.

use super::*;
use corticurve::record::Correction;
use corticurve::store::{Loss, cached_bytes, from_cached_bytes};
use proptest::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// A data folder with the patient that has every kind of fact, and a cache beside it.
pub struct Cached {
    pub folder: TempDir,
}

impl Cached {
    pub fn new() -> Self {
        let cached = Self { folder: TempDir::new().unwrap() };
        let released = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/fixtures/format-1");
        writers::copy_folder(&released, &cached.data());
        cached
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("cache/corticurve")
    }

    pub fn store(&self) -> Store {
        Store::open(&self.data()).unwrap()
    }

    pub fn with_cache(&self) -> Vec<PatientRecord> {
        self.store().with_cache(Some(&self.cache())).read_all().unwrap()
    }

    pub fn writer(&self) -> Store {
        let mut store = self.store();
        store.become_writer(&self.folder.path().join("config")).unwrap();
        store
    }

    /// The files of the cache, sorted.
    pub fn kept(&self) -> Vec<PathBuf> {
        files(&self.cache().join(self.store().id().as_str()))
    }

    pub fn kept_file(&self) -> PathBuf {
        self.kept().into_iter().find(|file| file.ends_with(patient().as_str())).unwrap()
    }

    pub fn segment(&self, at: usize) -> PathBuf {
        files(&self.data().join("patients").join(patient().as_str())).remove(at)
    }

    /// What is read with the cache is what is read without it, twice, to the last offset of a time.
    #[track_caller]
    pub fn is_as_read(&self) {
        let read = format!("{:?}", self.store().read_all().unwrap());
        for _ in 0..2 {
            let mut records = self.with_cache();
            // What is remembered of files is another matter, with tests of its own.
            let is_seen = |found: &Finding| matches!(found.kind, FindingKind::Lost(Loss::SeenFile | Loss::Shorter));
            for record in &mut records {
                record.findings.retain(|found| !is_seen(found));
            }
            records.retain(|record| !record.entries.is_empty() || !record.findings.is_empty());
            assert_eq!(format!("{records:?}"), read);
        }
    }
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(items) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = items.map(|item| item.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn what_comes_out_of_the_cache_is_what_is_read() {
    let ward = Cached::new();
    ward.is_as_read();
    let sealed = fs::read(ward.kept_file()).unwrap();
    // Whoever finds only the cache finds nothing of a patient in it.
    for word in ["Example", "40 017", "dexamethasone", "Robin"] {
        assert!(!sealed.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
    }
    fs::remove_dir_all(ward.cache()).unwrap();
    ward.is_as_read();
    assert_eq!(fs::read(ward.kept_file()).unwrap(), sealed);
}

/// Without this the others would pass with no cache at all.
#[cfg(unix)]
#[test]
fn what_is_kept_is_used_and_not_made_again() {
    use std::os::unix::fs::MetadataExt;
    let ward = Cached::new();
    ward.with_cache();
    let number = || fs::metadata(ward.kept_file()).unwrap().ino();
    let made = number();
    ward.is_as_read();
    assert_eq!(number(), made, "the same file");
    save(&mut ward.writer(), dose(4));
    ward.is_as_read();
    assert_ne!(number(), made, "made anew for the record that has grown");
}

#[test]
fn no_changed_byte_and_no_cut_of_the_cache_changes_what_is_read() {
    let ward = Cached::new();
    let read = format!("{:?}", ward.with_cache());
    let (file, sealed) = (ward.kept_file(), fs::read(ward.kept_file()).unwrap());
    assert!(sealed.len() > 1_000);
    let changed = (0..sealed.len()).map(|at| {
        let mut bytes = sealed.clone();
        bytes[at] ^= 1 << (at % 8);
        bytes
    });
    let cut = (0..sealed.len()).map(|length| sealed[..length].to_vec());
    let longer = [1, 100_000].map(|more| [sealed.clone(), vec![0; more]].concat());
    for bytes in changed.chain(cut).chain(longer) {
        fs::write(&file, bytes).unwrap();
        assert_eq!(format!("{:?}", ward.with_cache()), read);
        assert_eq!(fs::read(&file).unwrap(), sealed, "made anew");
    }
}

#[test]
fn a_cache_of_anything_else_is_not_used() {
    type Change = fn(&Cached);
    let changes: [(&str, Change); 7] = [
        ("a segment grew", |ward| drop(save(&mut ward.writer(), dose(4)))),
        ("a segment is gone", |ward| fs::remove_file(ward.segment(1)).unwrap()),
        ("an earlier state of a segment is back", |ward| {
            let mut writer = ward.writer();
            save(&mut writer, dose(4));
            let before = (0..3).map(|at| fs::read(ward.segment(at)).unwrap()).collect::<Vec<_>>();
            save(&mut writer, dose(6));
            ward.is_as_read();
            for (at, bytes) in before.iter().enumerate() {
                fs::write(ward.segment(at), bytes).unwrap();
            }
        }),
        ("a byte of a segment is damaged", |ward| {
            let mut bytes = fs::read(ward.segment(0)).unwrap();
            let at = bytes.windows(5).position(|window| window == b"10 mg").unwrap();
            bytes[at] = b'9';
            fs::write(ward.segment(0), bytes).unwrap();
        }),
        ("a stranger lies beside it", |ward| fs::write(ward.segment(0).with_file_name("notes.txt"), "").unwrap()),
        ("the patient's folder has another patient's name", |ward| {
            let folder = ward.segment(0).parent().unwrap().to_owned();
            let other = folder.with_file_name("p-000000000000");
            fs::rename(folder, other).unwrap();
            fs::copy(ward.kept_file(), ward.kept_file().with_file_name("p-000000000000")).unwrap();
        }),
        ("the store has another id", |ward| {
            let id = ward.store().id().to_string();
            let file = ward.data().join("STORE.ron");
            fs::write(&file, fs::read_to_string(&file).unwrap().replace(&id, "0000000000000000")).unwrap();
            fs::rename(ward.cache().join(id), ward.cache().join("0000000000000000")).unwrap();
        }),
    ];
    for (what, change) in changes {
        let ward = Cached::new();
        let before = format!("{:?}", ward.with_cache());
        change(&ward);
        ward.is_as_read();
        assert_ne!(format!("{:?}", ward.with_cache()), before, "{what}");
    }
}

#[test]
fn a_cache_of_another_version_of_the_program_is_not_used() {
    let ward = Cached::new();
    let read_by = |version| {
        let store = ward.store().with_cache_of(Some(&ward.cache()), version);
        let record = format!("{:?}", store.read_all().unwrap());
        (record, fs::read(ward.kept_file()).unwrap())
    };
    let (old, new, old_again) = (read_by("0.0.9"), read_by("0.1.0"), read_by("0.0.9"));
    assert_eq!((&old.0, &old), (&new.0, &old_again));
    assert_ne!(old.1, new.1, "each makes its own in the other's place");
}

#[test]
fn a_patient_with_findings_is_never_kept() {
    let ward = Cached::new();
    let segment = ward.segment(0);
    let text = fs::read_to_string(&segment).unwrap();
    fs::write(&segment, text.replace("10 mg", "90 mg")).unwrap();
    ward.is_as_read();
    assert!(!ward.with_cache()[0].findings.is_empty());
    assert_eq!(ward.kept(), Vec::<PathBuf>::new());
}

#[test]
fn what_is_no_longer_in_the_store_is_not_kept_either() {
    let ward = Cached::new();
    ward.with_cache();
    let folder = ward.kept_file().parent().unwrap().to_owned();
    for stranger in ["p-000000000000", ".tmpA1b2C3", "notes"] {
        fs::write(folder.join(stranger), "x").unwrap();
    }
    ward.with_cache();
    assert_eq!(ward.kept(), [folder.join(patient().as_str())]);
}

#[cfg(unix)]
#[test]
fn only_the_user_may_look_into_the_cache() {
    use std::os::unix::fs::PermissionsExt;
    let ward = Cached::new();
    ward.with_cache();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&ward.kept_file()), mode(ward.kept_file().parent().unwrap())), (0o600, 0o700));
    assert_eq!(mode(&ward.cache()), 0o700);
}

#[test]
fn where_nothing_can_be_kept_everything_is_still_read() {
    let ward = Cached::new();
    let obstacles: [fn(&Cached); 3] = [
        |ward| fs::write(ward.folder.path().join("cache"), "a file").unwrap(),
        |ward| {
            fs::create_dir_all(ward.cache()).unwrap();
            fs::write(ward.cache().join(ward.store().id().as_str()), "a file").unwrap();
        },
        |ward| fs::create_dir_all(ward.cache().join(ward.store().id().as_str()).join(patient().as_str())).unwrap(),
    ];
    for obstacle in obstacles {
        obstacle(&ward);
        ward.is_as_read();
        let cache = ward.folder.path().join("cache");
        let _ = fs::remove_file(&cache).or_else(|_| fs::remove_dir_all(&cache));
    }
}

const FULL: &str = "CORTICURVE_TEST_CACHE_FULL";

/// Not a test of its own: started by the next one where no file can be written.
#[test]
fn the_program_on_a_full_disk() {
    let Some(folder) = std::env::var_os(FULL).map(PathBuf::from) else { return };
    let store = Store::open(&folder.join("data")).unwrap();
    let read = store.read_all().unwrap();
    for _ in 0..2 {
        let store = Store::open(&folder.join("data")).unwrap().with_cache(Some(&folder.join("cache/corticurve")));
        assert_eq!(store.read_all().unwrap(), read);
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_cache_and_no_part_of_one() {
    let ward = Cached::new();
    // The signal that comes with the limit would end the program before it could go on.
    let output = std::process::Command::new("sh")
        .args(["-c", r#"trap '' XFSZ; ulimit -f 0; exec "$0" "$@""#])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "store::cache::the_program_on_a_full_disk"])
        .env(FULL, ward.folder.path())
        .stdout(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(ward.cache().exists(), "it was tried");
    assert_eq!(ward.kept(), Vec::<PathBuf>::new());
}

#[test]
fn programs_that_read_and_write_at_once_see_every_saved_entry() {
    let ward = Cached::new();
    let mut writer = ward.writer();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let before = ids(&ward.store().read(&patient()).unwrap().entries);
                    let read = ids(&ward.with_cache()[0].entries);
                    assert!(before.is_subset(&read), "something that was there is not read any more");
                }
            });
        }
        for milligrams in 1..=30 {
            let saved = save(&mut writer, dose(milligrams)).id;
            assert!(ids(&ward.with_cache()[0].entries).contains(&saved));
        }
        done.store(true, Ordering::Relaxed);
    });
    ward.is_as_read();
}

fn entries() -> Vec<Entry> {
    Cached::new().store().read_all().unwrap().remove(0).entries
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Behind the seal, too, no length is believed, and what can be read means one thing.
    #[test]
    fn bytes_that_were_changed_are_refused_or_are_entries(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        thread_local!(static BYTES: Vec<u8> = cached_bytes(&entries()));
        let mut bytes = BYTES.with(Clone::clone);
        for (at, byte) in changes {
            *at.get_mut(&mut bytes) = byte;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Some(entries) = from_cached_bytes(&bytes) {
            let again = from_cached_bytes(&cached_bytes(&entries));
            prop_assert_eq!(format!("{again:?}"), format!("{:?}", Some(entries)));
        }
    }
}

#[test]
fn a_fact_deeper_in_facts_than_any_is_read_and_not_kept() {
    let nested = |depth: usize| {
        let deeper = |fact: Fact, _| {
            let (target, reason, seen) = (entries()[0].id.clone(), "charted twice".to_owned(), Vec::new());
            Fact::Corrected(Correction { target, replacement: Box::new(fact), reason, seen })
        };
        (0..depth).fold(dose(10), deeper)
    };
    for (depth, kept) in [(1, true), (2, true), (9, false), (20, false)] {
        let entry = Entry { fact: nested(depth), ..entries().remove(0) };
        let read = from_cached_bytes(&cached_bytes(std::slice::from_ref(&entry)));
        assert_eq!(read, kept.then(|| vec![entry]), "{depth}");
        let ward = Cached::new();
        save(&mut ward.writer(), nested(depth));
        ward.is_as_read();
        assert_eq!(ward.kept().len(), usize::from(kept), "{depth}");
    }
}
