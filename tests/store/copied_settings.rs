//! The unit's settings in a backup, also those that people changed by hand.

use super::backup::ward;
use super::*;
use corticurve::store::Copied;

#[test]
fn unit_settings_by_hand_are_copied_and_later_versions_of_them_are_added_change_by_change() {
    let ward = ward();
    let by_hand = |table: &str, minute: &str| {
        format!(
            "(changed_at: \"2026-11-22T14:{minute}:00+00:00\", changed_by: \"NK\", reason: \"by hand\", table: \"{table}\"),\n"
        )
    };
    let file = ward.data().join("unit.ron");
    fs::write(&file, format!("[{}]", by_hand("bnf", "01"))).unwrap();
    assert_eq!(ward.back_up().settings, 3);
    let old = fs::read(ward.backup().join("unit.ron")).unwrap();
    fs::write(&file, format!("[{}{}]", by_hand("bnf", "01"), by_hand("katzung", "02"))).unwrap();
    let copied = ward.back_up();
    assert_eq!((copied.settings, copied.findings), (1, vec![]));
    assert_eq!(fs::read(ward.backup().join("unit.ron")).unwrap(), old);
    let tables = |folder: &Path| {
        let record = Store::open(folder).unwrap().unit_record().unwrap();
        record.history.changes().iter().map(|change| change.settings.table.clone()).collect::<Vec<_>>()
    };
    assert_eq!(tables(&ward.backup()), tables(&ward.data()));
    assert_eq!(ward.back_up().settings, 0);
}

/// A block of settings, as people write it.
fn block(table: &str, minute: &str, more: &str) -> String {
    format!("(changed_at: \"2026-11-22T14:{minute}:00+00:00\", changed_by: \"NK\", table: \"{table}\"{more}),\n")
}

/// The files of settings that programs made.
fn made(folder: &Path) -> usize {
    fs::read_dir(folder.join("unit")).unwrap().count()
}

fn kinds(copied: &Copied) -> Vec<FindingKind> {
    copied.findings.iter().map(|finding| finding.kind.clone()).collect()
}

#[test]
fn a_change_that_people_took_out_again_stays_in_the_backup_and_every_backup_says_so_until_the_same_is_in_force() {
    let ward = ward();
    let file = ward.data().join("unit.ron");
    let write = |blocks: &[String]| fs::write(&file, format!("[{}]", blocks.concat())).unwrap();
    let [first, withdrawn, again] = [("bnf", "01"), ("potency-25", "02"), ("bnf", "03")].map(|(a, b)| block(a, b, ""));
    write(std::slice::from_ref(&first));
    ward.back_up();
    write(&[first.clone(), withdrawn]);
    assert_eq!((ward.back_up().settings, ward.back_up().findings), (1, vec![]));
    write(std::slice::from_ref(&first));
    for _ in 0..2 {
        let copied = ward.back_up();
        assert_eq!((copied.is_nothing(), kinds(&copied)), (true, vec![FindingKind::OtherSettings]));
    }
    let in_force = |folder: &Path| Store::open(folder).unwrap().unit_record().unwrap().history.in_force().table;
    ward.restore(&ward.restored());
    assert_eq!((in_force(&ward.data()), in_force(&ward.restored())), ("bnf".to_owned(), "potency-25".to_owned()));
    // What the finding says is to be done.
    write(&[first, again]);
    assert_eq!((ward.back_up().findings, in_force(&ward.backup())), (vec![], "bnf".to_owned()));
    fs::write(&file, "[(").unwrap();
    fs::remove_dir_all(ward.data().join("unit")).unwrap();
    let told = kinds(&ward.back_up());
    assert!(matches!(told.as_slice(), [FindingKind::Settings(_)]), "what cannot be read says nothing else: {told:?}");
}

#[test]
fn a_table_that_was_corrected_under_its_version_is_added_to_the_backup_once_and_told_at_every_backup() {
    let ward = ward();
    let file = ward.data().join("unit.ron");
    let own = |version: &str, prednisone: &str, minute: &str| {
        let tables = format!(
            ", tables: [(id: \"ward-4\", version: \"{version}\", source: \"ours\", confirmed: true, equivalents: \
             [(\"dexamethasone\", \"0.75\"), (\"prednisone\", \"{prednisone}\")])]"
        );
        block("ward-4", minute, &tables)
    };
    fs::write(&file, format!("[{}]", own("1", "50", "01"))).unwrap();
    assert_eq!(ward.back_up().findings, vec![]);
    fs::write(&file, format!("[{}]", own("1", "5", "01"))).unwrap();
    let preview = Store::open(&ward.data()).unwrap().preview_copy(&ward.backup()).unwrap();
    assert_eq!((preview.settings, kinds(&preview)), (1, vec![FindingKind::OtherSettings]));
    assert_eq!((ward.back_up(), made(&ward.backup())), (preview, made(&ward.data()) + 1));
    for _ in 0..2 {
        let copied = ward.back_up();
        assert_eq!((copied.is_nothing(), kinds(&copied)), (true, vec![FindingKind::OtherSettings]));
        assert_eq!(made(&ward.backup()), made(&ward.data()) + 1);
    }
    fs::write(&file, format!("[{}]", own("2", "5", "02"))).unwrap();
    assert_eq!((ward.back_up().settings, ward.back_up().findings), (1, vec![]));
}

#[test]
fn a_change_that_came_to_nothing_is_no_change_in_a_copy_either() {
    let ward = ward();
    fs::write(ward.data().join("unit/00000000-0001.ron"), "").unwrap();
    let copied = ward.back_up();
    assert_eq!((copied.settings, copied.findings, made(&ward.backup())), (2, vec![], 3));
    assert!(ward.back_up().is_nothing());
}
