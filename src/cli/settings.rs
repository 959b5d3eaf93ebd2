//! `corticurve settings`, and the unit's settings for every other verb.

use super::{Common, Failure, Outcome, Setting, print_json, say, tell};
use crate::app::unit::{Comparison, compare, differences, gone, in_words, overtaken, reason, standing};
use crate::app::ward::{Patient, Ward, WardError};
use crate::app::{Places, Reference, Settings};
use crate::exposure::{UnitChange, UnitSettings, purpose_word};
use crate::record::{Moment, time};
use crate::store::{Store, UNIT_MOST, UnitRecord};
use serde::Serialize;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The unit's settings.
#[derive(Debug, clap::Args)]
pub struct UnitVerb {
    /// Put the settings of this file into force: one block of unit.ron without author, time and reason, like
    /// `(table: "bnf", course_gap_hours: 72)`. What it leaves out is as designed
    #[arg(long, value_name = "FILE.ron")]
    change: Option<PathBuf>,
    /// Why; kept with the change
    #[arg(long, value_name = "TEXT", requires = "change")]
    reason: Option<String>,
    /// Print before and after for every patient, and change nothing
    #[arg(long, requires = "change")]
    dry_run: bool,
}

/// The settings in force for every verb, and the data that interprets facts under them.
pub fn in_force(common: &Common, places: &Places) -> Result<(Result<UnitRecord, String>, Reference), Failure> {
    let shipped = Reference::shipped().map_err(Failure::unusable)?;
    if common.demo {
        return Ok((Ok(UnitRecord::default()), shipped));
    }
    let unit = UnitRecord::read(&places.data).map_err(|error| error.to_string());
    let settings = unit.as_ref().map(|unit| unit.history.in_force()).unwrap_or_default();
    let reference = shipped.under(&settings).map_err(Failure::unusable)?;
    Ok((unit, reference))
}

impl Setting {
    /// The unit's settings, on which every figure rests.
    pub(super) fn unit(&self) -> Result<&UnitRecord, Failure> {
        self.unit.as_ref().map_err(|error| {
            Failure::Unusable(format!(
                "{error}. No figure is printed under settings that cannot be read; doses can still be recorded"
            ))
        })
    }

    /// The outcome of a verb that prints figures: after them comes what cannot be used of the settings, and what stands.
    pub(super) fn figures(&self, outcome: Outcome) -> Outcome {
        let Ok(unit) = &self.unit else { return outcome };
        // Perhaps a change that was interrupted, and perhaps one that was in force and was cut.
        unit.leftovers.iter().for_each(tell);
        let stands = standing(unit, &self.reference.rules().table.named());
        if stands.is_some() {
            unit.findings.iter().for_each(tell);
        }
        let said: Vec<String> = stands.into_iter().chain(self.gone_settings()).collect();
        if said.is_empty() {
            return outcome;
        }
        said.iter().for_each(tell);
        outcome.and(Err(Failure::Refused(String::new())))
    }

    /// What is to be said where settings that were in force on this workstation are in no file any more.
    pub(super) fn gone_settings(&self) -> Option<String> {
        let unit = self.unit.as_ref().ok().filter(|_| !self.common.demo)?;
        let store = Store::open(&self.places.data).ok()?;
        let seen = Settings::load(&self.places.config).gone_settings(store.id().as_str(), unit)?;
        Some(gone(&seen, unit, &self.reference.rules().table.named()))
    }
}

impl UnitVerb {
    pub fn run(self, setting: &Setting) -> Outcome {
        let seen = setting.unit()?;
        let has_ward = self.change.is_some() || setting.has_ward()?;
        match &self.change {
            Some(file) => self.change(file, seen, setting),
            None if setting.common.json => setting.figures(print_json(&HistoryJson::new(seen, &setting.reference)?)),
            None => setting.figures(say(history_text(seen, has_ward, setting))),
        }
    }

    fn change(&self, file: &Path, seen: &UnitRecord, setting: &Setting) -> Outcome {
        let settings = UnitSettings::parse(&text_of(file)?)
            .map_err(|error| Failure::unusable(format!("{}, {error}", file.display())))?;
        let now = seen.history.in_force();
        let mut words = differences(&now, &settings, &setting.reference);
        // Where a change is gone, saving what is in force says that it is known.
        if settings == now && setting.gone_settings().is_none() {
            return Err(Failure::refused("these settings are in force already; nothing was changed"));
        }
        if words.is_empty() {
            words.push("no change".to_owned());
        }
        let at = setting.recorded_at();
        let refused = |fault| Failure::refused(format!("{}: {fault}; nothing was changed", file.display()));
        seen.history.check(&settings, at).map_err(refused)?;
        let after = setting.reference.under(&settings).map_err(Failure::unusable)?;
        if self.dry_run {
            let ward = setting.ward()?;
            return setting.figures(print_change(&words, &compared(&ward, setting, &after), None, setting));
        }
        let reason = reason(self.reason.as_deref().unwrap_or_default());
        let reason =
            reason.map_err(|error| Failure::refused(format!("{error}, with --reason; nothing was changed")))?;
        let (mut ward, author) = setting.ward_for_patients()?;
        let comparison = compared(&ward, setting, &after);
        let change = UnitChange { at, by: author.by.clone(), reason, settings };
        ward.change_unit(seen, &change).map_err(|error| match error {
            WardError::Store(error) if !error.is_refusal() => {
                Failure::refused(format!("NOT saved: {error}; nothing was changed"))
            }
            other => other.into(),
        })?;
        setting.after_writing(&mut ward, &author);
        let last = ward.unit().ok().and_then(|unit| unit.history.last()).filter(|last| last.at >= change.at);
        if let Some(last) = last.filter(|last| **last != change) {
            tell(overtaken(last));
        }
        // As the window does, so that whoever reads figures here misses them when their file is removed.
        let (store, seen) = (ward.store().id().to_string(), last.unwrap_or(&change).text());
        setting.remember("the settings seen here", |settings| drop(settings.unit_seen.insert(store, seen)));
        print_change(&words, &comparison, Some(&change), setting)
    }
}

fn compared(ward: &Ward, setting: &Setting, after: &Reference) -> Comparison {
    let at = |patient: &Patient| setting.as_of(patient);
    compare(ward.patients(), setting.reference.rules(), after.rules(), &setting.reference.published, at)
}

fn text_of(file: &Path) -> Result<String, Failure> {
    let most = u64::try_from(UNIT_MOST).unwrap_or(u64::MAX);
    let mut text = String::new();
    let read = File::open(file).and_then(|open| open.take(most).read_to_string(&mut text));
    read.map_err(|error| Failure::unusable(format!("{} cannot be read: {error}", file.display())))?;
    Ok(text)
}

fn history_text(unit: &UnitRecord, has_ward: bool, setting: &Setting) -> String {
    let since = match unit.history.last() {
        Some(last) => format!("in force since {}, changed by {}", time::shown(last.at), last.by),
        None if !has_ward => "as shipped".to_owned(),
        None if setting.gone_settings().is_some() => "as designed; what was changed is in no file any more".to_owned(),
        None => "as designed; the unit has changed nothing".to_owned(),
    };
    let mut text = format!("The unit's settings, {since}\n");
    for (label, value) in in_words(&unit.history.in_force(), &setting.reference) {
        text += &format!("  {label:<27}{value}\n");
    }
    if unit.history.last().is_some() {
        text += "History\n";
    }
    let mut before = UnitSettings::default();
    for change in unit.history.changes() {
        let words = differences(&before, &change.settings, &setting.reference);
        let words = if words.is_empty() { "no change".to_owned() } else { words.join("; ") };
        let why = if change.reason.is_empty() { "no reason given" } else { &change.reason };
        text += &format!("  {}  {}  {words} ({why})\n", time::shown(change.at), change.by);
        before.clone_from(&change.settings);
    }
    text
}

fn print_change(words: &[String], comparison: &Comparison, saved: Option<&UnitChange>, setting: &Setting) -> Outcome {
    if setting.common.json {
        return print_json(&ChangeJson::new(words, comparison, saved));
    }
    let mut text = words.join("\n") + "\n";
    for patient in &comparison.moved {
        let mrn = if patient.mrn.is_empty() { String::new() } else { format!(", MRN {}", patient.mrn) };
        text += &format!("\n{}{mrn}\n", patient.name);
        for figure in &patient.figures {
            text += &format!("  {}: {}\n", figure.label, figure.shown());
        }
    }
    let still = comparison.still_in_words();
    if !still.is_empty() {
        text += &format!("\n{still}\n");
    }
    text += &match saved {
        Some(change) => format!("\nsaved: in force since {}, changed by {}\n", time::shown(change.at), change.by),
        None => "\ndry run: nothing was changed\n".to_owned(),
    };
    say(text)
}

#[derive(Serialize)]
struct HistoryJson {
    in_force: SettingsJson,
    history: Vec<UnitChangeJson>,
}

#[derive(Serialize)]
struct UnitChangeJson {
    changed_at: Moment,
    changed_by: String,
    reason: String,
    settings: SettingsJson,
}

#[derive(Serialize)]
struct SettingsJson {
    table: String,
    table_version: String,
    table_confirmed: bool,
    tables: Vec<TableJson>,
    purposes_out: Vec<&'static str>,
    course_gap_hours: u32,
    weight: &'static str,
    surface: &'static str,
}

#[derive(Serialize)]
struct TableJson {
    id: String,
    version: String,
    source: String,
    confirmed: bool,
    equivalents: Vec<(String, String)>,
}

impl HistoryJson {
    fn new(unit: &UnitRecord, reference: &Reference) -> Result<Self, Failure> {
        let change = |change: &UnitChange| {
            Ok(UnitChangeJson {
                changed_at: change.at,
                changed_by: change.by.to_string(),
                reason: change.reason.clone(),
                settings: SettingsJson::new(&change.settings, reference)?,
            })
        };
        let history = unit.history.changes().iter().map(change).collect::<Result<_, Failure>>()?;
        Ok(Self { in_force: SettingsJson::new(&unit.history.in_force(), reference)?, history })
    }
}

impl SettingsJson {
    fn new(settings: &UnitSettings, reference: &Reference) -> Result<Self, Failure> {
        let reference = reference.under(settings).map_err(Failure::unusable)?;
        let (reading, in_use) = (&settings.reading, reference.rules().table);
        let table = |table: &crate::exposure::Table| TableJson {
            id: table.id.clone(),
            version: table.version.clone(),
            source: table.source.clone(),
            confirmed: table.confirmed,
            equivalents: table.written().map(|(drug, value)| (drug.to_string(), value.to_owned())).collect(),
        };
        Ok(Self {
            table: in_use.id.clone(),
            table_version: in_use.version.clone(),
            table_confirmed: in_use.confirmed,
            tables: settings.tables.iter().map(table).collect(),
            purposes_out: reading.purposes_out.iter().map(|purpose| purpose_word(*purpose)).collect(),
            course_gap_hours: reading.course_gap_hours,
            weight: reading.weight_by.word(),
            surface: reading.surface_by.word(),
        })
    }
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    saved: bool,
    changed_at: Option<Moment>,
    settings: &'a [String],
    moved: Vec<MovedJson<'a>>,
    patients_without_change: usize,
}

#[derive(Serialize)]
struct MovedJson<'a> {
    patient: &'a str,
    mrn: &'a str,
    figures: Vec<FigureJson<'a>>,
}

#[derive(Serialize)]
struct FigureJson<'a> {
    figure: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

impl<'a> ChangeJson<'a> {
    fn new(settings: &'a [String], comparison: &'a Comparison, saved: Option<&UnitChange>) -> Self {
        let moved = comparison.moved.iter().map(|patient| MovedJson {
            patient: &patient.name,
            mrn: &patient.mrn,
            figures: patient
                .figures
                .iter()
                .map(|figure| FigureJson {
                    figure: &figure.label,
                    before: figure.before.as_deref(),
                    after: figure.after.as_deref(),
                })
                .collect(),
        });
        Self {
            saved: saved.is_some(),
            changed_at: saved.map(|change| change.at),
            settings,
            moved: moved.collect(),
            patients_without_change: comparison.still,
        }
    }
}
