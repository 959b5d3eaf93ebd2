//! A disk that is really full, and a limit on the size of files, on the machine that the tests run on.

use super::*;
use corticurve::store::StoreError;
use std::process::{Command, Output};

const FOLDER: &str = "CORTICURVE_TEST_FULL_FOLDER";
/// What keeps the small disk full until it is removed.
const BALLAST: &str = "ballast";

/// Runs one test of this binary behind a line of shell that prepares for it; `$0` and `$@` are the program.
fn run_behind(shell: &str, test: &str, folder: &Path) -> Output {
    Command::new("sh")
        .args(["-c", shell])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(FOLDER, folder)
        .output()
        .unwrap()
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The ward in the folder that a test of this binary was started for.
fn given_ward() -> Option<(Ward, Store)> {
    let folder = std::env::var_os(FOLDER)?;
    let ward = Ward { folder: TempDir::new_in(folder).unwrap() };
    let store = ward.writer();
    Some((ward, store))
}

/// Every one of these is there once, and only interrupted saves are reported.
fn nothing_is_lost(ward: &Ward, saved: &[Entry]) {
    let record = ward.read();
    let missing = saved.iter().filter(|entry| !record.entries.contains(entry)).count();
    assert_eq!(missing, 0, "of {}", saved.len());
    assert_eq!(ids(&record.entries).len(), record.entries.len());
    assert!(record.findings.iter().all(|finding| finding.kind == FindingKind::Interrupted), "{:?}", record.findings);
}

fn refused(store: &mut Store, fact: Fact) -> String {
    let error = store.save(&patient(), vec![fact], &author(), at()).unwrap_err();
    assert!(matches!(error, StoreError::NotSaved { .. }), "{error}");
    error.to_string()
}

/// Not a test of its own: started by the next one on a disk of 256 KiB.
#[test]
fn the_program_on_a_small_disk() {
    let Some((ward, mut store)) = given_ward() else { return };
    let ballast = ward.folder.path().join(BALLAST);
    fs::write(&ballast, vec![0; 64 * 1024]).unwrap();
    let mut saved = vec![save(&mut store, robin())];
    let error = loop {
        match store.save(&patient(), vec![dose_with_note(&"n".repeat(2_000))], &author(), at()) {
            Ok(entries) => saved.extend(entries),
            Err(error) => break error.to_string(),
        }
        assert!(saved.len() < 1_000, "the disk is not small");
    };
    assert!(error.starts_with("NOT saved: 1 of 1") && error.contains("No space left on device"), "{error}");
    assert!(saved.len() > 10, "only {}", saved.len());
    nothing_is_lost(&ward, &saved);
    let again = refused(&mut store, dose_with_note(&"n".repeat(9_000)));
    assert!(again.contains("No space left on device"), "{again}");
    // A program that starts now, while the disk is full, reads everything.
    nothing_is_lost(&ward, &saved);
    fs::remove_file(ballast).unwrap();
    saved.push(save(&mut store, dose(8)));
    drop(store);
    saved.push(save(&mut ward.writer(), dose(6)));
    nothing_is_lost(&ward, &saved);
    println!("{} entries on a full disk", saved.len());
}

#[test]
fn a_full_disk_refuses_with_its_cause_and_once_there_is_room_saving_goes_on() {
    let disk = TempDir::new().unwrap();
    let mount = r#"exec unshare --user --map-root-user --mount sh -c 'mount -t tmpfs -o size=256k none "$FOLDER" && exec "$0" "$@"' "$0" "$@""#;
    let mount = mount.replace("$FOLDER", &format!("${FOLDER}"));
    // Some machines let nobody mount anything; the limit on the size of files below is tried everywhere.
    let allowed = Command::new("sh").args(["-c", &mount, "true"]).env(FOLDER, disk.path()).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        println!("skipped: this machine mounts no disk for tests");
        return;
    }
    let output = run_behind(&mount, "store::full::the_program_on_a_small_disk", disk.path());
    assert!(output.status.success(), "{}", words(&output));
    assert!(words(&output).contains("entries on a full disk"), "{}", words(&output));
}

/// Not a test of its own: started by the next one where no file may be larger than a few KiB.
#[test]
fn the_program_with_small_files() {
    let Some((ward, mut store)) = given_ward() else { return };
    let mut saved: Vec<Entry> = (1..=40).map(|milligrams| save(&mut store, dose(milligrams))).collect();
    assert!(ward.segments().len() > 2, "the limit was met and a new file begun");
    let error = refused(&mut store, dose_with_note(&"n".repeat(20_000)));
    assert!(error.contains("File too large"), "{error}");
    saved.push(save(&mut store, dose(4)));
    nothing_is_lost(&ward, &saved);
    println!("{} entries in small files", saved.len());
    // Kept for the next test, which has no limit.
    let _ = ward.folder.keep();
}

#[test]
fn a_limit_on_the_size_of_files_costs_nothing_and_is_named() {
    let folder = TempDir::new().unwrap();
    // The signal that comes with the limit would end the program before it could say anything.
    let limit = r#"trap '' XFSZ; ulimit -f 8; exec "$0" "$@""#;
    let output = run_behind(limit, "store::full::the_program_with_small_files", folder.path());
    assert!(output.status.success(), "{}", words(&output));
    assert!(words(&output).contains("41 entries in small files"), "{}", words(&output));
    let left = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let mut store = Store::open(&left.join("data")).unwrap();
    let before = store.read(&patient()).unwrap().entries;
    store.become_writer(&left.join("config")).unwrap();
    let large = save(&mut store, dose_with_note(&"n".repeat(20_000)));
    let after = store.read(&patient()).unwrap().entries;
    assert!(after.len() >= 42 && after.contains(&large) && before.iter().all(|entry| after.contains(entry)));
}
