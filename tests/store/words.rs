//! Every kind of fact, every field and every word of the format stands in a file that was kept, so that it is read for ever.
//!
//! What the format has is read from the source, as `rustfmt` leaves it; what the kept files have is what they serialize.
//! Whoever adds a fact, a field or a word adds a new file to `fixtures`, saved by the program, and never changes an old one.

use super::*;
use corticurve::store::Line;
use serde::Serialize;
use serde::de::value::Error;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};
use std::collections::BTreeMap;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/fixtures")
}

/// The data folders that were kept.
fn kept() -> Vec<PathBuf> {
    inside(&fixtures()).into_iter().filter(|path| path.is_dir()).collect()
}

fn inside(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|item| item.unwrap().path()).collect()
}

/// A type of the source that is written out: its fields and words with the types that stand in them.
type Definitions = BTreeMap<String, Vec<(String, String)>>;

/// The types of some source that serde writes as structs and enums. Those that are written as one text are left out.
fn definitions(source: &str, found: &mut Definitions) {
    let (mut own, mut variant, mut as_text, mut renamed) = (None, None, false, None);
    for line in source.lines() {
        let words = line.trim_end_matches([',', '{', ' ']);
        let depth = line.len() - line.trim_start().len();
        let opening =
            ["pub enum ", "pub struct ", "pub(super) struct "].iter().find_map(|text| words.strip_prefix(text));
        // A vocabulary: `    Route, "a route":`.
        let vocabulary = line.ends_with("\":").then(|| words.trim().split_once(", \"")).flatten().map(|(name, _)| name);
        // A private type that is written for another one has the name of that.
        let opening = opening.or_else(|| words.strip_prefix("enum ").and(renamed));
        if line.starts_with("#[serde(") {
            as_text = line.contains("into = ") || line.contains("transparent");
            renamed = line.split_once("rename = \"").and_then(|(_, name)| name.split('"').next());
        } else if let Some(name) = opening.filter(|_| line.ends_with(" {") && !as_text).or(vocabulary) {
            own = Some(name.to_owned());
            found.entry(name.to_owned()).or_default();
        } else if line == "}" {
            (own, variant, as_text, renamed) = (None, None, false, None);
        } else if let Some(own) = own.clone().filter(|_| !words.trim().starts_with(['/', '#', '}', ')'])) {
            let words = words.trim().trim_start_matches("pub ");
            let (name, types) = match words.find([':', '(', '=']) {
                Some(at) => (words[..at].trim(), &words[at..]),
                None => (words, ""),
            };
            if depth == 4 {
                let is_variant = name.starts_with(char::is_uppercase);
                variant = is_variant.then(|| name.to_owned());
                let shown = if is_variant { format!("{own}::{name}") } else { format!("{own}.{name}") };
                found.get_mut(&own).unwrap().push((shown, types.to_owned()));
            } else if let (8, Some(variant)) = (depth, &variant) {
                found.get_mut(&own).unwrap().push((format!("{own}::{variant}.{name}"), types.to_owned()));
            }
        }
    }
}

/// Every field and word that a line of a segment can have.
fn words_of_the_format() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources: Vec<PathBuf> = fs::read_dir(root.join("record"))
        .unwrap()
        .map(|item| item.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    sources.push(root.join("store/format.rs"));
    let mut found = Definitions::new();
    for source in sources {
        definitions(&fs::read_to_string(source).unwrap(), &mut found);
    }
    let (mut words, mut next) = (BTreeSet::new(), vec!["Line".to_owned()]);
    while let Some(name) = next.pop() {
        for (word, types) in found.get(&name).into_iter().flatten() {
            if words.insert(word.clone()) {
                let named = types.split(|c: char| !c.is_alphanumeric()).filter(|name| found.contains_key(*name));
                next.extend(named.map(str::to_owned));
            }
        }
    }
    words
}

/// What was written: `Administration.note`, `Status::Given`, `Line::Entry.id`.
#[derive(Default)]
struct Written(BTreeSet<String>);

/// Inside a struct, a variant or a list.
struct Inside<'a> {
    written: &'a mut Written,
    of: String,
}

impl Inside<'_> {
    fn value(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        value.serialize(&mut *self.written)
    }

    fn field(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
        self.written.0.insert(format!("{}.{name}", self.of));
        self.value(value)
    }
}

macro_rules! plain {
    ($($name:ident: $kind:ty),+) => {$(
        fn $name(self, _: $kind) -> Result<(), Error> {
            Ok(())
        }
    )+};
}

macro_rules! inside {
    ($($name:ident($($kind:ty),*) -> $result:ident;)+) => {$(
        fn $name(self, $(_: $kind),*) -> Result<Inside<'a>, Error> {
            Ok(Inside { written: self, of: String::new() })
        }
    )+};
}

impl<'a> Serializer for &'a mut Written {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Inside<'a>;
    type SerializeTuple = Inside<'a>;
    type SerializeTupleStruct = Inside<'a>;
    type SerializeTupleVariant = Inside<'a>;
    type SerializeMap = Inside<'a>;
    type SerializeStruct = Inside<'a>;
    type SerializeStructVariant = Inside<'a>;

    plain! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32,
        serialize_f64: f64, serialize_char: char, serialize_str: &str, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str
    }

    inside! {
        serialize_seq(Option<usize>) -> SerializeSeq;
        serialize_tuple(usize) -> SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
        serialize_map(Option<usize>) -> SerializeMap;
    }

    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, name: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.0.insert(format!("{name}::{variant}"));
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.0.insert(format!("{name}::{variant}"));
        value.serialize(self)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Inside<'a>, Error> {
        self.serialize_struct_variant(name, 0, variant, 0)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Inside<'a>, Error> {
        Ok(Inside { written: self, of: name.to_owned() })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Inside<'a>, Error> {
        let of = format!("{name}::{variant}");
        self.0.insert(of.clone());
        Ok(Inside { written: self, of })
    }
}

macro_rules! elements {
    ($($name:ident::$method:ident),+) => {$(
        impl $name for Inside<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.value(value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        }
    )+};
}

macro_rules! fields {
    ($($name:ident),+) => {$(
        impl $name for Inside<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.field(name, value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        }
    )+};
}

elements!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);
fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Inside<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.value(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

/// Their segments.
fn kept_segments() -> Vec<PathBuf> {
    let patients = kept().into_iter().flat_map(|folder| inside(&folder.join("patients")));
    patients.flat_map(|patient| inside(&patient)).collect()
}

#[test]
fn every_fact_field_and_word_of_the_format_is_in_a_file_that_is_kept_for_ever() {
    let format = words_of_the_format();
    for known in ["Line::Entry.fact", "Fact::Noted", "Administration.note", "Route::Joint", "Interval::OverDays.days"] {
        assert!(format.contains(known), "the source is written in another way now: {known} is not found");
    }
    let mut written = Written::default();
    for segment in kept_segments() {
        let lines: Vec<Line> = ron::from_str(&fs::read_to_string(segment).unwrap()).unwrap();
        lines.serialize(&mut written).unwrap();
    }
    // Never written, because it is what stands where nothing is said.
    written.0.insert("Expressed::AsLabelled".to_owned());
    let missing: Vec<&String> = format.difference(&written.0).collect();
    assert!(missing.is_empty(), "in no file below tests/store/fixtures: {missing:#?}");
    let unknown: Vec<&String> = written.0.difference(&format).collect();
    assert!(unknown.is_empty(), "not found in the source: {unknown:?}");
}

#[test]
fn every_kept_data_folder_loads_without_a_finding() {
    for folder in kept() {
        let store = Store::open(&folder).unwrap();
        assert_eq!(verified(&store), vec![], "{}", folder.display());
        assert!(store.verify(at()).unwrap().entries > 20, "{}", folder.display());
        assert_eq!(store.unit_record().unwrap().findings, vec![]);
        for patient in store.read_all().unwrap() {
            assert_eq!(corticurve::record::Chart::fold(&patient.entries).unplaced, vec![]);
        }
    }
}

#[test]
fn the_kept_reviews_name_what_they_saw_and_one_of_them_saw_nothing_new() {
    let store = Store::open(&fixtures().join("format-1-reviews")).unwrap();
    let [patient] = store.read_all().unwrap().try_into().unwrap();
    let chart = corticurve::record::Chart::fold(&patient.entries);
    let mut named: Vec<usize> = chart.reviews.iter().map(|review| review.value.seen.len()).collect();
    named.sort_unstable();
    assert_eq!(named, [0, 20]);
    let reviewed = chart.reviewed_by(&"MB".parse().unwrap()).unwrap();
    assert_eq!((reviewed.seen.len(), chart.unseen(&reviewed.seen)), (20, vec![]));
}

#[test]
fn the_kept_settings_hold_every_field_and_word_and_are_read_as_they_were_meant() {
    use corticurve::exposure::{SurfaceFormula, WeightBy};
    use corticurve::record::Purpose;
    let store = Store::open(&fixtures().join("format-1-words")).unwrap();
    let history = store.unit_record().unwrap().history;
    let readings: Vec<_> = history.changes().iter().map(|change| &change.settings.reading).collect();
    assert_eq!(readings.len(), 6);
    let surfaces: BTreeSet<&str> = readings.iter().map(|reading| reading.surface_by.word()).collect();
    assert_eq!(surfaces.len(), SurfaceFormula::ALL.len());
    assert!(readings.iter().any(|reading| reading.weight_by == WeightBy::EachDose));
    let out: Vec<usize> = readings.iter().map(|reading| reading.purposes_out.len()).collect();
    assert_eq!(out, [0, 0, 0, Purpose::ALL.len() + 1, 0, 0]);
    let last = history.last().unwrap();
    assert_eq!((last.by.as_str(), last.reason.as_str()), ("MB", "as agreed"));
    assert_eq!((last.settings.table.as_str(), last.settings.reading.course_gap_hours), ("ward-4", 24));
    assert_eq!(last.settings.tables[0].named(), "ward-4 version 1");
}
