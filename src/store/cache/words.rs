//! Entries as bytes, for the cache only: nothing else reads them, and another version of the program does not either.
//!
//! Numbers take as many bytes as they need, lists and texts begin with their length. A reader is handed only what was
//! sealed by this program, and still believes no length: nothing is made larger than what is left of the bytes.

use crate::record::{
    Acknowledgement, Administration, Amount, Archive, ChartCheck, Correction, Counted, DrugId, Entry, EntryId, Event,
    Expressed, Fact, Given, Grade, Graded, Height, Identity, Infusion, Initials, Interval, Measure, Measurement,
    Moment, Mrn, Name, Noted, PerKg, Plan, Purpose, Quantity, Review, Route, Scale, Score, Sex, Stage, StageEnd,
    Status, StrikeOut, Weight,
};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, Timelike};
use smol_str::SmolStr;
use std::str::FromStr;

/// How deep a fact may stand in another. A correction of a correction is made of its target, so two are enough.
const DEEPEST: u32 = 8;

/// Entries as bytes.
#[doc(hidden)]
pub fn cached_bytes(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(entries.len().saturating_mul(128));
    put_length(entries.len(), &mut bytes);
    for entry in entries {
        entry.put(&mut bytes);
    }
    bytes
}

/// The entries that bytes are; `None` where they are none, or more.
#[doc(hidden)]
pub fn from_cached_bytes(bytes: &[u8]) -> Option<Vec<Entry>> {
    let mut left = Left { bytes, depth: 0 };
    let entries = Vec::take(&mut left)?;
    left.bytes.is_empty().then_some(entries)
}

/// What is left to be read.
struct Left<'a> {
    bytes: &'a [u8],
    depth: u32,
}

impl<'a> Left<'a> {
    fn some(&mut self, length: usize) -> Option<&'a [u8]> {
        let (some, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(some)
    }

    fn length(&mut self) -> Option<usize> {
        let length = usize::try_from(u64::take(self)?).ok()?;
        (length <= self.bytes.len()).then_some(length)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.length()?;
        std::str::from_utf8(self.some(length)?).ok()
    }
}

/// What can be kept.
trait Kept: Sized {
    fn put(&self, bytes: &mut Vec<u8>);
    fn take(left: &mut Left<'_>) -> Option<Self>;
}

fn put_length(length: usize, bytes: &mut Vec<u8>) {
    u64::try_from(length).unwrap_or(u64::MAX).put(bytes);
}

fn put_text(text: &str, bytes: &mut Vec<u8>) {
    put_length(text.len(), bytes);
    bytes.extend_from_slice(text.as_bytes());
}

impl Kept for u8 {
    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(*self);
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        left.some(1)?.first().copied()
    }
}

/// Seven bits in each byte, the lowest first; the highest bit says that more follow.
impl Kept for u64 {
    fn put(&self, bytes: &mut Vec<u8>) {
        let mut rest = *self;
        while rest > 0x7f {
            bytes.push(0x80 | u8::try_from(rest & 0x7f).unwrap_or_default());
            rest >>= 7;
        }
        bytes.push(u8::try_from(rest).unwrap_or_default());
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        let mut number = 0;
        for place in 0..10 {
            let byte = u8::take(left)?;
            let bits = Self::from(byte & 0x7f);
            number |= bits.checked_shl(7 * place).filter(|shifted| shifted >> (7 * place) == bits)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
}

/// The sign becomes the lowest bit.
impl Kept for i64 {
    fn put(&self, bytes: &mut Vec<u8>) {
        ((*self << 1) ^ (*self >> 63)).cast_unsigned().put(bytes);
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        let number = u64::take(left)?;
        Some((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }
}

impl Kept for u32 {
    fn put(&self, bytes: &mut Vec<u8>) {
        u64::from(*self).put(bytes);
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        u64::take(left)?.try_into().ok()
    }
}

impl Kept for bool {
    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        match u8::take(left)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl<T: Kept> Kept for Option<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.is_some().put(bytes);
        if let Some(value) = self {
            value.put(bytes);
        }
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        if bool::take(left)? { T::take(left).map(Some) } else { Some(None) }
    }
}

impl<T: Kept> Kept for Vec<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_length(self.len(), bytes);
        for value in self {
            value.put(bytes);
        }
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        let length = left.length()?;
        // Most values take more than this, so that room is made once, and never much more than what was handed over.
        let mut values = Self::with_capacity(length.min(left.bytes.len() / 16));
        for _ in 0..length {
            values.push(T::take(left)?);
        }
        Some(values)
    }
}

impl<T: Kept> Kept for Box<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.as_ref().put(bytes);
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        left.depth += 1;
        let value = (left.depth <= DEEPEST).then(|| T::take(left))?;
        left.depth -= 1;
        value.map(Self::new)
    }
}

impl Kept for Moment {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.timestamp().put(bytes);
        self.timestamp_subsec_nanos().put(bytes);
        i64::from(self.offset().local_minus_utc()).put(bytes);
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        let instant = DateTime::from_timestamp(i64::take(left)?, u32::take(left)?)?;
        let offset = FixedOffset::east_opt(i64::take(left)?.try_into().ok()?)?;
        // Beyond the calendar there is no wall clock.
        instant.naive_utc().checked_add_offset(offset)?;
        Some(instant.with_timezone(&offset))
    }
}

impl Kept for NaiveDate {
    fn put(&self, bytes: &mut Vec<u8>) {
        i64::from(self.num_days_from_ce()).put(bytes);
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        Self::from_num_days_from_ce_opt(i64::take(left)?.try_into().ok()?)
    }
}

impl Kept for NaiveTime {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.num_seconds_from_midnight().put(bytes);
        self.nanosecond().put(bytes);
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        Self::from_num_seconds_from_midnight_opt(u32::take(left)?, u32::take(left)?)
    }
}

macro_rules! micrograms {
    ($($type:ty),+) => {$(
        impl Kept for $type {
            fn put(&self, bytes: &mut Vec<u8>) {
                self.micrograms().put(bytes);
            }

            fn take(left: &mut Left<'_>) -> Option<Self> {
                u64::take(left).map(Self::from_micrograms)
            }
        }
    )+};
}

micrograms!(Amount, PerKg);

impl Kept for Grade {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.number().put(bytes);
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        u8::take(left).and_then(Self::new)
    }
}

impl Kept for Name {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_text(self.as_written(), bytes);
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        String::take(left).map(Self::from_record)
    }
}

/// Always as long, so without its length.
impl Kept for EntryId {
    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.as_str().as_bytes());
    }

    fn take(left: &mut Left<'_>) -> Option<Self> {
        left.some(16)?.try_into().ok().and_then(Self::from_letters)
    }
}

/// Texts as they are.
macro_rules! plain_text {
    ($($type:ty),+) => {$(
        impl Kept for $type {
            fn put(&self, bytes: &mut Vec<u8>) {
                put_text(self.as_str(), bytes);
            }

            fn take(left: &mut Left<'_>) -> Option<Self> {
                left.text().map(Self::from)
            }
        }
    )+};
}

plain_text!(DrugId, SmolStr, String);

/// Types that check the text that they are made of.
macro_rules! as_text {
    ($($type:ty: $text:ident),+) => {$(
        impl Kept for $type {
            fn put(&self, bytes: &mut Vec<u8>) {
                put_text(self.$text().as_ref(), bytes);
            }

            fn take(left: &mut Left<'_>) -> Option<Self> {
                Self::from_str(left.text()?).ok()
            }
        }
    )+};
}

as_text!(Height: to_string, Initials: as_str, Mrn: to_string, Weight: to_string);

/// The table of what entries consist of. Its own text is a part of the key, so that a table that was changed opens nothing
/// that was kept under another.
macro_rules! table {
    ($(struct $struct:ident { $($field:ident),+ })+ ; $(enum $enum:ident {
        $($number:literal $variant:ident $(($($part:ident),+))? $({ $($named:ident),+ })?),+
    })+) => {
        pub(super) const SHAPE: &str = stringify!($($struct $($field)+)+ ; $($enum
            $($number $variant $(($($part)+))? $({ $($named)+ })?)+)+);

        $(impl Kept for $struct {
            fn put(&self, bytes: &mut Vec<u8>) {
                let Self { $($field),+ } = self;
                $($field.put(bytes);)+
            }

            fn take(left: &mut Left<'_>) -> Option<Self> {
                $(let $field = Kept::take(left)?;)+
                Some(Self { $($field),+ })
            }
        })+

        $(impl Kept for $enum {
            fn put(&self, bytes: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($($part),+))? $({ $($named),+ })? => {
                        bytes.push($number);
                        $($($part.put(bytes);)+)?
                        $($($named.put(bytes);)+)?
                    })+
                }
            }

            fn take(left: &mut Left<'_>) -> Option<Self> {
                match u8::take(left)? {
                    $($number => {
                        $($(let $part = Kept::take(left)?;)+)?
                        $($(let $named = Kept::take(left)?;)+)?
                        Some(Self::$variant $(($($part),+))? $({ $($named),+ })?)
                    })+
                    _ => None,
                }
            }
        })+
    };
}

table! {
    struct Entry { id, recorded_at, recorded_by, workstation, fact }
    struct Identity { mrn, family, given, born, sex, dates_shifted }
    struct Measurement { what, at }
    struct Infusion { product, at }
    struct Administration {
        drug, amount, due, expressed, route, given, status, purpose, note, ordered, charted_at, source_id
    }
    struct Graded { scale, grade, at, score }
    struct Noted { event, at }
    struct Plan { stages }
    struct Stage { drug, amount, route, ordered, every, from, until }
    struct Correction { target, replacement, reason, seen }
    struct StrikeOut { target, reason, seen }
    struct ChartCheck { up_to }
    struct Review { up_to, seen }
    struct Acknowledgement { rule, reason, until }
    struct Archive { reason }
    struct Counted { number, unit }
    ;
    enum Fact {
        0 PatientRegistered(identity), 1 PatientAmended(identity), 2 Measured(measurement), 3 Infused(infusion),
        4 Administered(dose), 5 Graded(graded), 6 Noted(noted), 7 Planned(plan), 8 Corrected(correction),
        9 StruckOut(strike_out), 10 ChartChecked(check), 11 Reviewed(review), 12 Acknowledged(answer), 13 Archived(archive)
    }
    enum Sex { 0 Female, 1 Male, 2 Other, 3 Unknown }
    enum Measure { 0 Weight(weight), 1 Height(height) }
    enum Quantity { 0 Mass(amount), 1 Other(counted) }
    enum Expressed { 0 AsLabelled, 1 Base, 2 Phosphate }
    enum Route {
        0 Oral, 1 Tube, 2 Intravenous, 3 Intramuscular, 4 Subcutaneous, 5 Intrathecal, 6 Eye, 7 Ear, 8 Nose, 9 Skin,
        10 Inhaled, 11 Rectal, 12 Joint
    }
    enum Given { 0 At(at), 1 Over(start, end) }
    enum Status { 0 Given, 1 Running, 2 Stopped, 3 Held, 4 Refused, 5 Missed, 6 NotGiven, 7 Unknown }
    enum Purpose { 0 Crs, 1 Icans, 2 IecHs, 3 Prophylaxis, 4 Premedication, 5 Antiemetic, 6 Replacement, 7 Other }
    enum Scale { 0 Crs, 1 Icans, 2 IecHs }
    enum Score { 0 Ice(score), 1 Capd(score) }
    enum Event { 0 Agent { name, amount }, 1 IntensiveCareIn, 2 IntensiveCareOut, 3 Response(text), 4 Text(text) }
    enum Interval { 0 Minutes(minutes), 1 PerDay(doses), 2 OverDays { doses, days }, 3 TimesOfDay(times), 4 Once }
    enum StageEnd { 0 At(at), 1 On(date), 2 For(minutes), 3 Doses(doses) }
}
