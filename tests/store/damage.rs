//! What is left when bytes are not what they were.

use super::crash::came_to_nothing;
use super::*;
use proptest::prelude::*;
use std::sync::OnceLock;

/// A small segment with its lines' entries, and a way to read changed copies of it.
struct Damaged {
    ward: Ward,
    file: PathBuf,
    bytes: Vec<u8>,
    saved: Vec<Entry>,
}

impl Damaged {
    fn new() -> Self {
        let ward = Ward::new();
        let facts = vec![robin(), dose(10), dose_with_note("at 14:30 //#0123456789abcdef"), dose(4)];
        let saved = save_all(&mut ward.writer(), facts);
        let file = ward.segment();
        let bytes = fs::read(&file).unwrap();
        Self { ward, file, bytes, saved }
    }

    fn read(&self, bytes: &[u8]) -> PatientRecord {
        fs::write(&self.file, bytes).unwrap();
        self.ward.read()
    }

    /// The bytes with one text replaced by another.
    fn edited(&self, from: &str, to: &str) -> Vec<u8> {
        let text = String::from_utf8(self.bytes.clone()).unwrap();
        assert!(text.contains(from));
        text.replacen(from, to, 1).into_bytes()
    }

    /// Which line a byte belongs to, from 1.
    fn line(&self, at: usize) -> usize {
        self.bytes[..at].split(|byte| *byte == b'\n').count()
    }

    /// Nothing that was not saved is read, and only the entry of one line may be missing.
    fn costs_at_most_its_line(&self, record: &PatientRecord, at: usize) {
        let line = self.line(at);
        let left: Vec<&Entry> = self.saved.iter().filter(|entry| !record.entries.contains(entry)).collect();
        assert!(record.entries.iter().all(|entry| self.saved.contains(entry)), "byte {at}");
        let own = line.checked_sub(3).and_then(|entry| self.saved.get(entry));
        assert!(left.iter().all(|entry| Some(*entry) == own), "byte {at} of line {line} costs {left:?}");
        assert!(!record.findings.is_empty(), "byte {at} of line {line} is not reported");
    }
}

#[test]
fn a_changed_byte_is_reported_and_costs_at_most_its_own_line() {
    // A damaged file is read twice with a pause, so the bytes are shared out.
    const THREADS: usize = 16;
    let change_each = |first: usize| {
        let damaged = Damaged::new();
        for at in (first..damaged.bytes.len()).step_by(THREADS) {
            for with in [b'\n', b'\r', b'0', b'a', b' ', b'"', 0, 0xff, damaged.bytes[at] ^ 1] {
                if damaged.bytes[at] != with {
                    let mut bytes = damaged.bytes.clone();
                    bytes[at] = with;
                    damaged.costs_at_most_its_line(&damaged.read(&bytes), at);
                }
            }
        }
    };
    std::thread::scope(|scope| (0..THREADS).for_each(|first| drop(scope.spawn(move || change_each(first)))));
}

#[test]
fn each_byte_of_a_small_segment_may_become_any_other_byte() {
    let ward = Ward::new();
    let saved = save_all(&mut ward.writer(), vec![dose(10), dose(4)]);
    let (file, bytes) = (ward.segment(), fs::read(ward.segment()).unwrap());
    let damaged = Damaged { ward, file, bytes, saved };
    let change_each = |first: usize| {
        let (disk, store) = in_memory(&damaged.ward, &damaged.file);
        for at in (first..damaged.bytes.len()).step_by(2) {
            for with in (0..=255).filter(|with| *with != damaged.bytes[at]) {
                let mut bytes = damaged.bytes.clone();
                bytes[at] = with;
                disk.damage(&damaged.file, bytes);
                damaged.costs_at_most_its_line(&store.read(&patient()).unwrap(), at);
            }
        }
    };
    std::thread::scope(|scope| [0, 1].map(|first| scope.spawn(move || change_each(first))).map(drop));
}

#[test]
fn a_segment_cut_off_anywhere_keeps_all_complete_lines_and_is_reported() {
    let damaged = Damaged::new();
    for length in 0..damaged.bytes.len() {
        let record = damaged.read(&damaged.bytes[..length]);
        let complete = damaged.saved.iter().enumerate().filter(|(at, _)| {
            let mut ends = damaged.bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
            ends.nth(at + 2).unwrap() <= length
        });
        let complete: BTreeSet<EntryId> = complete.map(|(_, entry)| entry.id.clone()).collect();
        assert_eq!(ids(&record.entries), complete, "{length}");
        // Of a file that holds no more than a part of its header only a look at every file speaks.
        let expected = if came_to_nothing(&damaged.bytes[..length]) { vec![] } else { vec![FindingKind::Interrupted] };
        let found: Vec<FindingKind> = record.findings.into_iter().map(|found| found.kind).collect();
        assert_eq!(found, expected, "{length}");
    }
}

#[test]
fn a_file_that_lost_its_line_ends_and_its_end_is_damage_and_no_header_that_was_cut() {
    let damaged = Damaged::new();
    let text = String::from_utf8(damaged.bytes.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // What splicing came upon: parts of lines without a line end between them, behind the beginning of a header. Then whole
    // lines in this way, of which nobody knows whether they are this file's, and a first dose cut within its first word.
    let parts: String = lines[2..6].iter().map(|line| &line[..80]).collect();
    let interrupted = (Some(2), FindingKind::Interrupted);
    for (rest, expected) in [
        (format!("{}{parts}", &lines[1][..90]), vec![interrupted.clone()]),
        (lines[1..4].join(" ") + &lines[4][..40], vec![interrupted.clone(), (Some(2), FindingKind::Unvouched(2))]),
        (format!("{} {}", lines[1], &lines[2][..6]), vec![interrupted.clone()]),
    ] {
        let record = damaged.read(format!("[\n{rest}").as_bytes());
        assert_eq!((kinds(&record.findings), record.entries), (expected, vec![]), "{rest}");
    }
}

#[test]
fn an_edited_dose_is_not_used_and_its_line_is_named() {
    let damaged = Damaged::new();
    let record = damaged.read(&damaged.edited("10 mg", "90 mg"));
    assert_eq!(kinds(&record.findings), [(Some(4), FindingKind::Changed)]);
    assert_eq!(record.entries.len(), 3);
    let said = record.findings[0].to_string();
    assert!(said.contains("-0001.ron:4: "), "{said}");
    assert!(!said.contains("Robin") && !said.contains("40 017"));
}

#[test]
fn an_edit_of_the_last_line_is_not_taken_for_an_interrupted_save() {
    let damaged = Damaged::new();
    assert_eq!(kinds(&damaged.read(&damaged.edited("\"4 mg", "\"8 mg")).findings), [(Some(6), FindingKind::Changed)]);
}

#[test]
fn a_line_taken_out_is_noticed() {
    let damaged = Damaged::new();
    let mut lines: Vec<&[u8]> = damaged.bytes.split_inclusive(|byte| *byte == b'\n').collect();
    lines.remove(3);
    assert_eq!(kinds(&damaged.read(&lines.concat()).findings), [(Some(4), FindingKind::Changed)]);
}

#[test]
fn windows_line_ends_cost_nothing_and_are_reported() {
    let damaged = Damaged::new();
    let bytes = String::from_utf8(damaged.bytes.clone()).unwrap().replace('\n', "\r\n").into_bytes();
    let record = damaged.read(&bytes);
    assert_eq!(kinds(&record.findings), [(None, FindingKind::LineEnds)]);
    assert_eq!(record.entries.len(), 4);
}

#[test]
fn an_interrupted_save_is_reported_and_kept_and_the_next_save_goes_to_a_new_segment() {
    let damaged = Damaged::new();
    let torn = &damaged.bytes[..damaged.bytes.len() - 30];
    let record = damaged.read(torn);
    assert_eq!(kinds(&record.findings), [(Some(6), FindingKind::Interrupted)]);
    let next = save(&mut damaged.ward.writer(), dose(8));
    assert_eq!(fs::read(&damaged.file).unwrap(), torn);
    assert_eq!(damaged.ward.segments().len(), 2);
    let record = damaged.ward.read();
    assert_eq!(record.entries.len(), 4);
    assert!(record.entries.contains(&next));
}

#[test]
fn an_old_block_of_another_patients_file_behind_an_interrupted_save_is_not_read() {
    let damaged = Damaged::new();
    let other = Damaged::new();
    let lines: Vec<&[u8]> = other.bytes.split_inclusive(|byte| *byte == b'\n').collect();
    // The power failed in the middle of line 6, and where the rest should be stood this before.
    let half = damaged.bytes.len() - 60;
    for old in [&lines[3..6], &lines[4..6], &lines[2..5]] {
        let record = damaged.read(&[&damaged.bytes[..half], &old.concat(), b"\0\0"].concat());
        assert_eq!(ids(&record.entries), ids(&damaged.saved[..3]));
        let unused = old.len() - 1;
        let expected = [(Some(6), FindingKind::Interrupted), (Some(6), FindingKind::Unvouched(unused))];
        assert_eq!(kinds(&record.findings), &expected[..expected.len().min(1 + unused)]);
    }
}

#[test]
fn a_changed_byte_and_an_interrupted_save_cost_no_line_but_their_own() {
    const THREADS: usize = 2;
    let ward = Ward::new();
    let saved = save_all(&mut ward.writer(), vec![dose(10), dose(10), dose(10), dose(10)]);
    let (file, bytes) = (ward.segment(), fs::read(ward.segment()).unwrap());
    let lines: Vec<usize> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::len).collect();
    // From the header to the line of the first dose; the last dose's line is the one that is torn, if any is.
    let damaged = Damaged { ward, file, bytes, saved };
    let change_each = |first: usize| {
        let (disk, store) = in_memory(&damaged.ward, &damaged.file);
        for at in (2 + first..lines[..3].iter().sum()).step_by(THREADS) {
            // A turned bit is soon found; of the others every 16th, and those of the mark and the digits.
            let is_one = at % 16 < THREADS || (damaged.line(at) == 2 && damaged.line(at + 20) == 3);
            let others = [b'\n', 0].into_iter().filter(|_| is_one);
            for with in others.chain([damaged.bytes[at] ^ 1]).filter(|with| *with != damaged.bytes[at]) {
                for (cut, torn) in [(2, 0), (lines[5] + 1, 1)] {
                    let mut bytes = damaged.bytes[..damaged.bytes.len() - cut].to_vec();
                    bytes[at] = with;
                    disk.damage(&damaged.file, bytes);
                    let record = store.read(&patient()).unwrap();
                    let own = usize::from(damaged.line(at) == 3);
                    let least = damaged.saved.len() - own - torn;
                    let what = format!("byte {at} becomes {with}, {cut} cut off: {:?}", record.findings);
                    assert!(record.entries.len() >= least, "{} of {least}, {what}", record.entries.len());
                    assert!(record.entries.iter().all(|entry| damaged.saved.contains(entry)), "{what}");
                    assert!(record.findings.len() >= 2, "{what}");
                }
            }
        }
    };
    std::thread::scope(|scope| (0..THREADS).for_each(|first| drop(scope.spawn(move || change_each(first)))));
}

#[test]
fn an_edit_and_an_interrupted_save_cost_no_other_line_and_a_larger_damage_says_how_many_it_costs() {
    let damaged = Damaged::new();
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() - 2].to_vec();
    for (from, to) in [("10 mg", "1 mg"), ("10 mg", "100 mg"), ("10 mg", "90 mg")] {
        let record = damaged.read(&cut(damaged.edited(from, to)));
        assert_eq!(record.entries.len(), 3, "{to}");
        assert_eq!(kinds(&record.findings)[0], (Some(4), FindingKind::Changed), "{to}");
        assert_eq!(kinds(&record.findings)[1..], [(Some(7), FindingKind::Interrupted)], "{to}");
    }
    let record = damaged.read(&cut(damaged.edited("\"10 mg\"", "\"9.25 mg\"")));
    assert_eq!(record.entries.len(), 1);
    let expected = [(Some(4), FindingKind::Interrupted), (Some(4), FindingKind::Unvouched(2))];
    assert_eq!(kinds(&record.findings), expected);
    assert!(record.findings[1].to_string().contains("2 lines behind this damaged one"));
}

#[test]
fn a_tail_of_zeros_is_an_interrupted_save() {
    let damaged = Damaged::new();
    let mut bytes = damaged.bytes.clone();
    let end = bytes.len();
    bytes[end - 2..].fill(0);
    bytes.extend([0; 4096]);
    let record = damaged.read(&bytes);
    assert_eq!(kinds(&record.findings), [(Some(7), FindingKind::Interrupted)]);
    assert_eq!(record.entries.len(), 4);
}

#[test]
fn a_line_longer_than_any_entry_is_passed_over() {
    let damaged = Damaged::new();
    let mut lines: Vec<Vec<u8>> = damaged.bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    lines.insert(3, [vec![b'x'; 70_000], vec![b'\n']].concat());
    let record = damaged.read(&lines.concat());
    assert_eq!(kinds(&record.findings), [(Some(4), FindingKind::LineTooLong)]);
    assert_eq!(record.entries.len(), 4);
}

#[test]
fn a_file_larger_than_any_segment_is_read_as_far_as_the_limit() {
    let damaged = Damaged::new();
    let mut bytes = damaged.bytes.clone();
    bytes.resize(5 * 1024 * 1024, b'\n');
    let record = damaged.read(&bytes);
    assert_eq!(record.entries.len(), 4);
    assert!(record.findings.iter().any(|finding| finding.kind == FindingKind::FileTooLarge));
    assert!(record.findings.len() < 110, "a file of nothing but damage does not fill the memory");
}

#[test]
fn deep_nesting_is_damage_and_not_a_crash() {
    let damaged = Damaged::new();
    let deep = format!("[\n{}, //#0123456789abcdef\n]\n", "Entry(fact: Corrected(replacement: ".repeat(1_500));
    assert!(damaged.read(deep.as_bytes()).entries.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_single_byte_may_become_any_other(at in any::<prop::sample::Index>(), with in 1_u8..) {
        let damaged = Damaged::new();
        let at = at.index(damaged.bytes.len());
        let mut bytes = damaged.bytes.clone();
        bytes[at] ^= with;
        damaged.costs_at_most_its_line(&damaged.read(&bytes), at);
    }

    #[test]
    fn whatever_is_spliced_in_only_saved_entries_are_read(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..200, prop::collection::vec(any::<u8>(), 0..40)), 1..6),
    ) {
        static DAMAGED: OnceLock<Damaged> = OnceLock::new();
        let damaged = DAMAGED.get_or_init(Damaged::new);
        let mut bytes = damaged.bytes.clone();
        for (at, taken, put) in cuts {
            let at = at.index(bytes.len() + 1);
            let end = bytes.len().min(at + taken);
            bytes.splice(at..end, put);
        }
        let (disk, store) = in_memory(&damaged.ward, &damaged.file);
        disk.damage(&damaged.file, bytes.clone());
        let record = store.read(&patient()).unwrap();
        prop_assert!(record.entries.iter().all(|entry| damaged.saved.contains(entry)));
        // Of a file that holds no more than a part of its header only a look at every file speaks.
        prop_assert!(bytes == damaged.bytes || came_to_nothing(&bytes) || !record.findings.is_empty());
    }
}
