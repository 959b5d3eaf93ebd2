//! Reading on where a record was left: only what was added is read, and anything else asks for all of it again.

use super::*;
use corticurve::store::Held;

fn held(store: &Store) -> Held {
    store.held(&patient()).unwrap().unwrap()
}

fn grown(store: &Store, before: &Held) -> Option<Vec<EntryId>> {
    store.grown(&patient(), before).map(|(_, added)| added.into_iter().map(|entry| entry.id).collect())
}

#[test]
fn what_was_added_since_is_told_also_in_new_files_of_other_writers() {
    let ward = Ward::new();
    let mut here = ward.writer();
    save(&mut here, dose(1));
    let before = held(&here);
    assert_eq!(grown(&here, &before), Some(vec![]));
    let own = save(&mut here, dose(2));
    let mut there = ward.writer();
    let other = save(&mut there, dose(3));
    let mut added = grown(&here, &before).unwrap();
    added.sort();
    let mut both = vec![own.id, other.id];
    both.sort();
    assert_eq!(added, both);
    let (now, _) = here.grown(&patient(), &before).unwrap();
    assert_eq!(now, held(&here), "and how the files end now");
}

#[test]
fn what_went_to_a_segment_before_the_next_one_was_begun_is_told_too() {
    let ward = Ward::new();
    let mut store = ward.writer();
    save(&mut store, dose(1));
    let mut before = held(&store);
    let mut told = Vec::new();
    // Looked at by another program in the middle of each segment, and behind its end.
    for _ in 0..8 {
        let saved = save_all(&mut store, (0..400).map(|_| dose(2)).collect());
        let (now, added) = store.grown(&patient(), &before).unwrap();
        assert_eq!(ids(&added), ids(&saved));
        assert_eq!(now, held(&store));
        told.extend(added);
        before = now;
    }
    assert!(ward.segments().len() > 2, "{:?}", ward.segments());
    assert_eq!(told.len(), 3_200);
}

#[test]
fn anything_but_a_whole_line_added_asks_for_all_of_it_again() {
    let ward = Ward::new();
    let mut store = ward.writer();
    save(&mut store, dose(1));
    let before = held(&store);
    save(&mut store, dose(2));
    let whole = fs::read(ward.segment()).unwrap();
    let start = whole.windows(3).rposition(|part| part == b"Ent").unwrap();
    // Every byte of the new line, and of the end of the file, changed or missing.
    for at in start..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(ward.segment(), &bytes).unwrap();
        assert_eq!(grown(&store, &before), None, "byte {at}");
        fs::write(ward.segment(), &whole[..at]).unwrap();
        assert_eq!(grown(&store, &before), None, "cut at {at}");
    }
    fs::write(ward.segment(), &whole).unwrap();
    assert_eq!(grown(&store, &before).map(|added| added.len()), Some(1));
    for (name, bytes) in [("Thumbs.db", b"x".as_slice()), ("k3f9q2ha-0001.ron", b"[\n]\n")] {
        let file = ward.segment().with_file_name(name);
        fs::write(&file, bytes).unwrap();
        assert_eq!(grown(&store, &before), None, "{name}");
        fs::remove_file(file).unwrap();
    }
    fs::remove_file(ward.segment()).unwrap();
    assert_eq!(grown(&store, &before), None, "gone");
}
