//! Files that are older states of themselves, cut, or restored from a copy: what this workstation has read of them is missed.

use super::remembered::{shortened, told};
use super::*;
use corticurve::store::{FindingKind, Loss};
use sha2::{Digest, Sha256};

/// A data folder that was read on this workstation with two doses in one file, and its backup, of which the second dose
/// stands in a file of the backup's own.
struct BackedUp {
    ward: Ward,
    entries: [Entry; 2],
}

impl BackedUp {
    fn new() -> Self {
        let ward = Ward::new();
        let (backup, copies) = (ward.folder.path().join("backup"), ward.folder.path().join("copies"));
        let entries = [10, 8].map(|milligrams| {
            let entry = save(&mut ward.writer(), dose(milligrams));
            ward.reader().copy_into(&backup, &copies).unwrap();
            entry
        });
        let new = Self { ward, entries };
        new.open().read_all().unwrap();
        new
    }

    fn backup(&self) -> PathBuf {
        self.ward.folder.path().join("backup")
    }

    fn open(&self) -> Store {
        self.ward.reader().with_cache(Some(&self.ward.folder.path().join("cache")))
    }

    /// The data folder is lost, and restored from the backup.
    fn restore(&self) {
        fs::remove_dir_all(self.ward.data()).unwrap();
        let copies = self.ward.folder.path().join("copies");
        Store::open(&self.backup()).unwrap().copy_into(&self.ward.data(), &copies).unwrap();
    }
}

#[test]
fn a_ward_that_is_restored_from_its_backup_lacks_nothing_though_its_files_are_shorter() {
    let backed_up = BackedUp::new();
    backed_up.restore();
    assert_eq!(backed_up.ward.segments().len(), 2, "the second dose is in a file of the backup's writer");
    for _ in 0..2 {
        let [record] = &backed_up.open().read_all().unwrap()[..] else { panic!("one patient") };
        assert_eq!((ids(&record.entries), &record.findings), (ids(&backed_up.entries), &vec![]), "also from the cache");
    }
    assert_eq!(told(&backed_up.open()), vec![]);
    assert!(!verified(&backed_up.open()).iter().any(Finding::is_remembered));
    // It is a loss as soon as that is not there any more.
    let files = backed_up.ward.segments();
    let is_first = |file: &PathBuf| fs::read_to_string(file).unwrap().contains(&backed_up.entries[0].id.to_string());
    let (first, second): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(is_first);
    let away = backed_up.ward.folder.path().join("away");
    fs::rename(&second[0], &away).unwrap();
    let name = |file: &PathBuf| file.file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(told(&backed_up.open()), [(name(&second[0]), false)]);
    fs::rename(&away, &second[0]).unwrap();
    // Nobody goes on in the shorter file: the longer one may be put back.
    let mut writer = backed_up.open();
    writer.become_writer(&backed_up.ward.config()).unwrap();
    let before = fs::read(&first[0]).unwrap();
    save(&mut writer, dose(4));
    assert_eq!(fs::read(&first[0]).unwrap(), before);
    assert_eq!(backed_up.open().read_all().unwrap()[0].entries.len(), 3);
}

#[test]
fn a_file_cut_inside_a_line_is_known_to_have_been_longer_and_a_damaged_one_is_not() {
    let ward = Ward::new();
    let cache = ward.folder.path().join("cache");
    save_all(&mut ward.writer(), vec![dose(10), dose(8), dose(4)]);
    let open = || ward.reader().with_cache(Some(&cache));
    open().read_all().unwrap();
    let (file, whole) = (ward.segment(), fs::read(ward.segment()).unwrap());
    let kinds = || -> Vec<FindingKind> {
        open().read(&patient()).unwrap().findings.into_iter().map(|found| found.kind).collect()
    };
    // Any cut, also one that looks like an interrupted save.
    for cut in [whole.len() - 4, whole.len() / 2, whole.len() / 3] {
        fs::write(&file, &whole[..cut]).unwrap();
        assert!(kinds().contains(&FindingKind::Lost(Loss::Shorter)), "{cut}: {:?}", kinds());
    }
    let mut damaged = whole.clone();
    damaged[whole.len() - 5] ^= 1;
    fs::write(&file, damaged).unwrap();
    assert!(!kinds().is_empty() && !kinds().contains(&FindingKind::Lost(Loss::Shorter)), "{:?}", kinds());
    fs::write(&file, whole).unwrap();
    assert_eq!(kinds(), []);
}

#[test]
fn a_file_that_is_known_to_be_gone_is_not_told_of_by_the_number_of_the_next_one_either() {
    let ward = Ward::new();
    let cache = ward.folder.path().join("cache");
    save(&mut ward.writer(), dose(10));
    let first = ward.segment();
    // A later file of the same writer, as when the first was full.
    let header = format!("{}-0002.ron", first.file_name().unwrap().to_str().unwrap().split('-').next().unwrap());
    let text = fs::read_to_string(&first).unwrap().replace("segment: 1", "segment: 2");
    fs::write(first.with_file_name(header), rechained(&text)).unwrap();
    let open = || ward.reader().with_cache(Some(&cache));
    let is_told = || verified(&open()).iter().any(|found| found.file.file_name() == first.file_name());
    open().read_all().unwrap();
    assert!(!is_told());
    fs::remove_file(&first).unwrap();
    assert!(is_told());
    let told: Vec<PathBuf> = open().read(&patient()).unwrap().findings.into_iter().map(|found| found.file).collect();
    assert_eq!(open().acknowledge_missing(&patient(), &told, &author().by, at()).unwrap().len(), 1);
    assert!(!is_told());
}

/// A segment whose lines were changed, with the digits that they would have then.
fn rechained(text: &str) -> String {
    let (mut digits, mut sealed) = (String::new(), "[\n".to_owned());
    for line in text.lines().filter_map(|line| Some(line.split_once(" //#")?.0)) {
        let sha = Sha256::digest(format!("{digits}{line}"));
        digits = format!("{:016x}", u64::from_be_bytes(sha[..8].try_into().unwrap()));
        sealed += &format!("{line} //#{digits}\n");
    }
    sealed + "]\n"
}

#[test]
fn what_older_versions_remember_is_read_and_still_tells_an_older_state() {
    let backed_up = BackedUp::new();
    let cache = backed_up.ward.folder.path().join("cache");
    let names =
        super::cache::files(&cache).into_iter().find(|file| file.extension() == Some("names".as_ref())).unwrap();
    let whole = fs::read_to_string(&names).unwrap();
    let without = |line: &str| line.split(' ').take(3).collect::<Vec<_>>().join(" ") + "\n";
    let old: String = whole.lines().map(without).collect();
    assert_eq!(whole.trim_end(), format!("{} {}", old.trim_end(), backed_up.entries[1].id), "one file, one line");
    fs::write(&names, &old).unwrap();
    backed_up.open().read_all().unwrap();
    assert_eq!(fs::read_to_string(&names).unwrap(), whole, "the last entry is taken in by the next reading");
    fs::write(&names, &old).unwrap();
    backed_up.restore();
    assert_eq!(told(&backed_up.open()).len(), 1, "of which entry it was nothing is known");
}

#[test]
fn the_last_entry_in_a_file_that_was_known_before_does_not_excuse_an_older_state() {
    // A share that failed: the lines are in the first file after all, and were saved once more in the next. Or two programs
    // delivered what waited.
    let ward = Ward::new();
    let cache = ward.folder.path().join("cache");
    let mut store = ward.writer();
    let [_, _, last] = &save_all(&mut store, vec![dose(10), dose(8), dose(4)])[..] else { panic!("three") };
    let first = ward.segment();
    let next = |writer: &str| first.with_file_name(format!("{writer}-0002.ron"));
    let text = fs::read_to_string(&first).unwrap();
    let writer = store.writer_id().unwrap().as_str().to_owned();
    for other in [writer.as_str(), "zzzzzzzz"] {
        // The header and the last line, chained anew.
        let lines: Vec<&str> = text.lines().collect();
        let header = lines[1].replace("segment: 1", "segment: 2").replace(&writer, other);
        fs::write(next(other), rechained(&format!("{header}\n{}\n", lines[4]))).unwrap();
        let open = || ward.reader().with_cache(Some(&cache));
        assert_eq!((open().read_all().unwrap()[0].findings.len(), ward.read().entries.len()), (0, 3), "{other}");
        fs::write(&first, shortened(&shortened(text.as_bytes()))).unwrap();
        assert!(ids(&ward.read().entries).contains(&last.id));
        assert_eq!(told(&open()).len(), 1, "{other}");
        fs::write(&first, &text).unwrap();
        fs::remove_file(next(other)).unwrap();
        fs::remove_dir_all(&cache).unwrap();
    }
}

/// A file of five entries that was read, and put back to its first two, as from a server's snapshot.
fn put_back() -> (Ward, PathBuf, Vec<Entry>) {
    let ward = Ward::new();
    let cache = ward.folder.path().join("cache");
    let mut store = ward.writer();
    save_all(&mut store, vec![robin(), dose(1)]);
    let (file, snapshot) = (ward.segment(), fs::read(ward.segment()).unwrap());
    let more = save_all(&mut store, vec![dose(10), dose(8), dose(4)]);
    assert_eq!(ward.reader().with_cache(Some(&cache)).read_all().unwrap()[0].entries.len(), 5);
    fs::write(&file, snapshot).unwrap();
    (ward, cache, more)
}

#[test]
fn one_entry_that_is_saved_again_does_not_hide_that_others_are_lost() {
    for is_damaged in [false, true] {
        let (ward, cache, more) = put_back();
        let first = ward.segment();
        let open = || ward.reader().with_cache(Some(&cache));
        // Its sync had failed, so the last one waited, and is delivered now.
        let mut other = ward.writer_with(&ward.folder.path().join("other"));
        other.append(&patient(), &more[2..]).unwrap();
        drop(other);
        if is_damaged {
            let second = ward.segments().into_iter().find(|file| *file != first).unwrap();
            let text = fs::read_to_string(&second).unwrap();
            fs::write(&second, text.replacen("4 mg", "7 mg", 1)).unwrap();
        }
        for _ in 0..2 {
            open().read_all().unwrap();
            let lost = told(&open()).into_iter().filter(|(_, is_shorter)| *is_shorter).count();
            assert_eq!(lost, 1, "damaged: {is_damaged}");
        }
    }
}

#[test]
fn after_two_backups_and_a_snapshot_that_was_put_back_a_restore_leaves_no_loss_to_be_told() {
    for put_back in 0..2 {
        let ward = Ward::new();
        let (backup, copies) = (ward.folder.path().join("backup"), ward.folder.path().join("copies"));
        let open = || ward.reader().with_cache(Some(&ward.folder.path().join("cache")));
        let mut states = Vec::new();
        for (day, milligrams) in [10, 8, 4].into_iter().enumerate() {
            save(&mut ward.writer(), dose(milligrams));
            states.push(fs::read(ward.segment()).unwrap());
            if day != 1 {
                ward.reader().copy_into(&backup, &copies).unwrap();
            }
        }
        open().read_all().unwrap();
        fs::write(ward.segment(), &states[put_back]).unwrap();
        assert_eq!(told(&open()).len(), 1);
        Store::open(&backup).unwrap().copy_into(&ward.data(), &copies).unwrap();
        assert_eq!((open().read_all().unwrap()[0].entries.len(), told(&open())), (3, vec![]), "{put_back}");
    }
}

#[test]
fn a_writer_whose_window_is_open_does_not_go_on_with_files_that_were_copied_meanwhile() {
    let ward = Ward::new();
    let mut open = ward.writer();
    save(&mut open, dose(10));
    let (first, before) = (ward.segment(), fs::read(ward.segment()).unwrap());
    let end = format!("{}-0000", open.writer_id().unwrap().as_str());
    fs::write(ward.data().join("writers").join(end), "").unwrap();
    save(&mut open, dose(8));
    assert_eq!((fs::read(&first).unwrap(), ward.segments().len()), (before, 2));
    save(&mut open, dose(4));
    assert_eq!((ward.segments().len(), ward.read().entries.len()), (2, 3), "it goes on with its own");
}

#[test]
fn what_is_restored_into_a_folder_with_the_cut_file_is_there_and_no_loss_is_told() {
    let ward = Ward::new();
    let (backup, copies) = (ward.folder.path().join("backup"), ward.folder.path().join("copies"));
    let open = || ward.reader().with_cache(Some(&ward.folder.path().join("cache")));
    let mut store = ward.writer();
    save_all(&mut store, vec![robin(), dose(1)]);
    let (file, snapshot) = (ward.segment(), fs::read(ward.segment()).unwrap());
    save_all(&mut store, vec![dose(10), dose(8), dose(4)]);
    drop(store);
    open().read_all().unwrap();
    ward.reader().copy_into(&backup, &copies).unwrap();
    fs::write(&file, snapshot).unwrap();
    assert_eq!(told(&open()).len(), 1);
    Store::open(&backup).unwrap().copy_into(&ward.data(), &copies).unwrap();
    assert_eq!((open().read_all().unwrap()[0].entries.len(), told(&open())), (5, vec![]));
}
