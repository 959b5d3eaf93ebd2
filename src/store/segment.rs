//! Reading one segment, line by line, whatever has become of it.

use super::finding::{Finding, FindingKind};
use super::format::{self, CLOSING, FORMAT, HEADER_MOST, LINE_MOST, Line, OPENING, Place, SEGMENT_MOST, TRAILER};
use super::protocol::Protocol;
use crate::record::{Entry, EntryId};
use std::path::Path;

/// How many digits are remembered across damaged lines, and how many lost line ends are looked for in one line.
const TRIES: usize = 8;
/// How many findings of one file are listed; a file of nothing but damage would fill the memory with them.
const LISTED: usize = 100;
/// How many damaged lines of a file are looked at, which is more than all lines of any that this program writes. Four million
/// bytes may be as many lines.
const DAMAGED_MOST: usize = 4_000;
/// How many bytes are hashed at most, for all bad lines of a file, to find out whether the digits that they show are theirs.
const SEARCHED: usize = 128 * 1024 * 1024;

/// How many reads alike of a segment without its end are taken for an interrupted save.
const ALIKE: usize = 6;

/// What a segment holds.
#[derive(Debug, Default)]
pub(super) struct Segment {
    /// The entries with their line numbers, in the file's order.
    pub entries: Vec<(usize, Entry)>,
    pub findings: Vec<Finding>,
    /// The format, where it is newer than this program.
    pub newer: Option<u32>,
    /// Whether its own header says that the entries are this patient's.
    pub is_vouched: bool,
    /// Where the next line goes; `None` when anything at all is not as it was written.
    pub end: Option<End>,
}

impl Segment {
    /// Whether looking again would tell nothing: nothing is wrong with it, or it holds nothing yet.
    pub fn is_settled(&self) -> bool {
        self.findings.iter().all(|finding| finding.kind == FindingKind::Leftover)
    }

    /// How many reads alike, 5 ms apart, are taken for what the file holds. Without its end another program may be writing
    /// it just now, and on a slow share or a busy machine the rest takes its time.
    pub fn alike(&self) -> usize {
        let is_unfinished = self.findings.iter().any(|finding| finding.kind == FindingKind::Interrupted);
        if is_unfinished { ALIKE } else { 2 }
    }
}

/// The end of a spotless segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    /// The length of the file, closing bracket included.
    pub length: u64,
    /// The last line's digits.
    pub digits: String,
    /// The last line's entry, where it is one.
    pub last: Option<EntryId>,
}

impl End {
    /// The end of a segment that is known to be spotless.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let line = bytes.strip_suffix(CLOSING.as_bytes())?.strip_suffix(b"\n")?;
        let (length, digits) = (u64::try_from(bytes.len()).ok()?, format::last_digits(line)?.to_owned());
        let last = line.rsplit(|byte| *byte == b'\n').next().and_then(format::id_of);
        Some(Self { length, digits, last })
    }

    /// Whether a segment that ended here once has gone on from it, or ends here still.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let before = usize::try_from(self.length).ok().and_then(|length| length.checked_sub(CLOSING.len()));
        let lines = before.and_then(|before| bytes.get(..before)).and_then(|lines| lines.strip_suffix(b"\n"));
        lines.and_then(format::last_digits) == Some(self.digits.as_str())
    }
}

/// Whether a file holds no more than a part of its header, as the first save into it leaves it that was interrupted or
/// refused. Nothing in it was ever called saved.
pub(super) fn is_leftover(bytes: &[u8]) -> bool {
    let begins = |whole: &str| whole.as_bytes().starts_with(bytes) || bytes.starts_with(whole.as_bytes());
    // The line end after the bracket is the only one.
    let is_cut = !bytes.iter().skip(OPENING.len()).any(|byte| *byte == b'\n');
    bytes.len() <= HEADER_MOST && begins("[\nSegment(") && is_cut && !holds_entry(bytes)
}

/// Whether any entry begins here. A file that lost all its line ends looks like a cut header, and may have held doses.
fn holds_entry(bytes: &[u8]) -> bool {
    const BEGINNING: &[u8] = b"Entry(";
    bytes.windows(BEGINNING.len()).any(|window| window == BEGINNING)
}

/// Reads the bytes of a segment. `file` is only for the findings.
pub(super) fn read(bytes: &[u8], place: &Place, file: &Path, protocol: Protocol) -> Segment {
    let mut reader = Reader {
        protocol,
        place,
        file,
        before: vec![String::new()],
        shown: Vec::new(),
        sound: String::new(),
        bad: Vec::new(),
        bad_from: 0,
        doubts: Vec::new(),
        suspects: Vec::new(),
        unlisted: 0,
        damaged: 0,
        header: false,
        closed: None,
        foreign: false,
        segment: Segment::default(),
    };
    reader.all(bytes);
    reader.segment
}

struct Reader<'a> {
    protocol: Protocol,
    place: &'a Place,
    file: &'a Path,
    /// The digits that the line before may have had. One, unless it was damaged: then also what they should have been.
    before: Vec<String>,
    /// Digits that it may have had as well, for which only a bad line vouches.
    shown: Vec<String>,
    /// The digits of the last good line.
    sound: String,
    /// The first bad lines since then, [`TRIES`] and one at most, and the number of the first.
    bad: Vec<&'a [u8]>,
    bad_from: usize,
    /// Where good lines follow only from what bad ones show, in the file's order.
    doubts: Vec<Doubt<'a>>,
    /// Bad lines since the last good one: damage if another good one or the end follows, else an interrupted save.
    suspects: Vec<(usize, FindingKind)>,
    /// Bad lines beyond those listed.
    unlisted: usize,
    /// How many lines were bad.
    damaged: usize,
    header: bool,
    /// The line of the closing bracket.
    closed: Option<usize>,
    /// The rest is not to be used: another patient's, or of a newer format.
    foreign: bool,
    segment: Segment,
}

/// Bad lines behind which a good one follows only from the digits that they show.
struct Doubt<'a> {
    /// The number of the first.
    line: usize,
    /// The digits before it.
    before: String,
    /// All of them, or the first few and one more.
    bad: Vec<&'a [u8]>,
}

impl Doubt<'_> {
    /// Whether what follows is of this file all the same: what stood here is one byte off and had the digits that are shown.
    /// Those of an old block of another file are not the digits of anything near.
    fn is_dispelled(&self, budget: &mut usize) -> bool {
        let lines = self.bad.as_slice();
        if lines.len() > TRIES {
            return false;
        }
        let mut off_by_one = |before: &str, line: &[u8]| {
            // The byte may be one of the mark between the two.
            let text = line.len().checked_sub(TRAILER).and_then(|end| line.get(..end));
            let sealed = text.zip(format::last_digits(line));
            sealed.is_some_and(|(text, digits)| format::is_one_byte_off(before, text, digits, budget))
        };
        // A byte that became a line end makes two lines of one.
        if off_by_one(&self.before, &lines.join(&b'\n')) {
            return true;
        }
        let mut before = self.before.as_str();
        lines.len() > 1
            && lines.iter().all(|line| {
                let is_own = off_by_one(before, line);
                before = format::last_digits(line).unwrap_or_default();
                is_own
            })
    }
}

impl<'a> Reader<'a> {
    fn all(&mut self, bytes: &'a [u8]) {
        let whole = bytes.len() <= SEGMENT_MOST;
        let looked_at = bytes.get(..SEGMENT_MOST).unwrap_or(bytes);
        let (mut count, mut left) = (0, looked_at.len());
        for line in looked_at.split_inclusive(|byte| *byte == b'\n') {
            count += 1;
            left -= line.len();
            self.line(count, line);
            if self.foreign {
                self.segment.findings.sort();
                return;
            }
            if self.damaged == DAMAGED_MOST && left > 0 {
                self.found(None, FindingKind::NotLookedAt(left));
                self.closed = looked_at.ends_with(b"\n]\n").then_some(count);
                break;
            }
        }
        if !whole {
            self.suspects.retain(|(line, _)| *line != count);
            self.found(None, FindingKind::FileTooLarge);
            self.closed = Some(count);
        }
        if self.closed.is_none() && is_leftover(bytes) {
            self.segment.findings = vec![Finding::new(self.file, None, FindingKind::Leftover)];
            return;
        }
        if self.closed.is_none() {
            let line = self.suspects.first().map_or(count + 1, |(line, _)| *line);
            // What stands behind an interrupted save may be an old block of another patient's file, whose lines follow from
            // each other as well.
            let mut budget = SEARCHED;
            let doubtful = self.doubts.iter().find(|doubt| !doubt.is_dispelled(&mut budget)).map(|doubt| doubt.line);
            let line = doubtful.unwrap_or(line);
            let unused = self.segment.entries.iter().filter(|(number, _)| *number >= line).count();
            self.segment.entries.retain(|(number, _)| *number < line);
            self.segment.findings.retain(|finding| finding.line.is_none_or(|number| number < line));
            self.suspects = vec![(line, FindingKind::Interrupted)];
            if unused > 0 {
                self.suspects.push((line, FindingKind::Unvouched(unused)));
            }
        }
        self.settle_suspects();
        if self.unlisted > 0 {
            self.found(None, FindingKind::More(self.unlisted));
        }
        self.segment.findings.sort();
        self.segment.findings.dedup();
        if let ([digits], true, true) = (self.before.as_slice(), self.segment.findings.is_empty(), self.header) {
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let last = self.segment.entries.last().map(|(_, entry)| entry.id.clone());
            self.segment.end = Some(End { length, digits: digits.clone(), last });
        }
    }

    fn line(&mut self, number: usize, line: &'a [u8]) {
        if number == 1 && line == OPENING.as_bytes() {
            return;
        }
        if let Some(closing) = self.closed.take() {
            self.suspect(closing, FindingKind::Unreadable);
        }
        let mut rest = line.strip_suffix(b"\n").unwrap_or(line);
        if let Some(before) = rest.strip_suffix(b"\r") {
            self.found(None, FindingKind::LineEnds);
            rest = before;
            if (number == 1 && rest == b"[") || rest.is_empty() {
                return;
            }
        }
        while !rest.is_empty() || line == b"\n" {
            if rest == b"]" && line.len() >= CLOSING.len() && line.ends_with(b"\n") {
                self.closed = Some(number);
                return;
            }
            if self.sealed(number, rest) {
                return;
            }
            // A damaged line end joins two lines. It is found by the digits before it, so that it costs neither.
            let Some(end) = self.lost_line_end(rest) else {
                self.damaged(number, rest);
                return;
            };
            self.sealed(number, rest.get(..end).unwrap_or_default());
            self.found(Some(number), FindingKind::LineEnds);
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }

    /// Takes a line that is as it was written; false for any other.
    fn sealed(&mut self, number: usize, line: &[u8]) -> bool {
        let Some(digits) = self.verified(line) else { return false };
        let text = line.get(..line.len() - TRAILER).unwrap_or_default();
        if !self.shown.is_empty() && !self.before.iter().any(|before| format::digest(before, text) == digits) {
            // In a file that is full of them the last stays in doubt.
            let bad = if self.doubts.len() < LISTED { std::mem::take(&mut self.bad) } else { Vec::new() };
            self.doubts.truncate(LISTED);
            self.doubts.push(Doubt { line: self.bad_from, before: self.sound.clone(), bad });
        }
        self.bad.clear();
        self.sound.clone_from(&digits);
        self.before = vec![digits];
        self.shown.clear();
        self.settle_suspects();
        let newer = if self.header { None } else { format::format_of(text).filter(|format| *format > FORMAT) };
        if let Some(format) = newer {
            self.found(Some(number), FindingKind::Newer(format));
            self.segment.newer = Some(format);
            self.foreign = true;
            return true;
        }
        match format::parse(text) {
            Some(line @ Line::Segment { .. }) if !self.header => self.check_header(number, &line),
            line => match line.and_then(Line::into_entry) {
                Some(entry) => {
                    if !self.header && self.segment.findings.is_empty() {
                        self.found(Some(number), FindingKind::NoHeader);
                    }
                    self.segment.entries.push((number, entry));
                }
                None => self.found(Some(number), FindingKind::NotUnderstood),
            },
        }
        true
    }

    /// The digits of a line, when they follow from the line and from any of the digits before.
    fn verified(&self, line: &[u8]) -> Option<String> {
        let (text, digits) = format::split_sealed(line).filter(|_| line.len() <= LINE_MOST)?;
        let follows = |before: &String| format::digest(before, text) == digits;
        (!self.protocol.digits_checked || self.before.iter().chain(&self.shown).any(follows)).then(|| digits.to_owned())
    }

    fn lost_line_end(&self, line: &[u8]) -> Option<usize> {
        let joined = |end: &usize| line.get(..*end).is_some_and(|part| self.verified(part).is_some());
        format::seals(line.get(..LINE_MOST).unwrap_or(line)).take(TRIES).find(joined)
    }

    fn damaged(&mut self, number: usize, line: &'a [u8]) {
        let kind = if line.len() > LINE_MOST {
            FindingKind::LineTooLong
        } else if format::split_sealed(line).is_some_and(|(text, _)| format::parse(text).is_some()) {
            FindingKind::Changed
        } else {
            FindingKind::Unreadable
        };
        self.suspect(number, kind);
        self.damaged += 1;
        if self.bad.is_empty() {
            self.bad_from = number;
        }
        if self.bad.len() <= TRIES {
            self.bad.push(line);
        }
        // The next line follows from the digits that stand here, or, if they are the damage, from those that should.
        let texts = [format::before_mark(line), line.len().checked_sub(TRAILER).and_then(|end| line.get(..end))];
        let texts: Vec<&[u8]> = texts.into_iter().flatten().filter(|_| line.len() <= LINE_MOST).collect();
        for digits in [&mut self.before, &mut self.shown] {
            let should = |text: &&[u8]| digits.iter().map(|before| format::digest(before, text)).collect::<Vec<_>>();
            let mut all: Vec<String> = texts.iter().flat_map(should).collect();
            all.append(digits);
            all.dedup();
            all.truncate(TRIES);
            *digits = all;
        }
        self.shown.splice(0..0, format::last_digits(line).map(str::to_owned));
        self.shown.truncate(TRIES);
    }

    fn check_header(&mut self, number: usize, line: &Line) {
        let Line::Segment { store, patient, writer, segment, .. } = line else { return };
        self.header = true;
        self.segment.is_vouched = *patient == self.place.patient;
        if *patient != self.place.patient {
            self.found(Some(number), FindingKind::OtherPatient);
            self.foreign = true;
            return;
        }
        if *store != self.place.store {
            self.found(Some(number), FindingKind::OtherStore);
        }
        if *writer != self.place.writer || *segment != self.place.segment {
            self.found(Some(number), FindingKind::Renamed);
        }
    }

    fn suspect(&mut self, line: usize, kind: FindingKind) {
        if self.suspects.len() + self.segment.findings.len() < LISTED {
            self.suspects.push((line, kind));
        } else {
            self.unlisted += 1;
        }
    }

    fn settle_suspects(&mut self) {
        for (line, kind) in std::mem::take(&mut self.suspects) {
            self.found(Some(line), kind);
        }
    }

    fn found(&mut self, line: Option<usize>, kind: FindingKind) {
        self.segment.findings.push(Finding::new(self.file, line, kind));
    }
}
