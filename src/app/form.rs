//! Forms as data: every dialog of the window is a list of labelled fields, drawn by one function and submitted by one.

use super::App;
use super::unit::{Comparison, Draft};
use super::ward::Backups;
use crate::record::{
    Administration, EntryId, Expressed, Formulary, Given, Identity, PatientId, Purpose, Route, Scale, Sex, Status,
    Zone, time,
};
use std::path::Path;

/// Which form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormKind {
    /// Who records.
    Initials,
    /// A new patient.
    Register,
    /// Who the patient is, again.
    Amend,
    /// A dose.
    Dose,
    /// What a dose should have said.
    Correct(EntryId),
    /// Why a dose should not be there.
    StrikeOut(EntryId),
    /// When a running infusion was stopped, and at which rate it goes on.
    Stop(EntryId),
    /// A weight or a height.
    Measure,
    /// CAR T-cells.
    Infusion,
    /// A grade.
    Grade,
    /// Tocilizumab and other events.
    Event,
    /// Up to when the medication chart was checked.
    Checked,
    /// That the patient has left the ward.
    Archive,
    /// A staged plan.
    Plan,
    /// Another plan, to look at.
    WhatIf,
    /// A file of medication administration records.
    Import,
    /// Another data folder.
    OpenFolder,
    /// After how long this workstation locks, and a PIN.
    Workstation,
    /// Where backups go.
    Backup,
    /// The unit's settings.
    Settings,
    /// What a change of the unit's settings moves.
    ReviewSettings(Box<Draft>),
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name, also for screen readers.
    pub label: &'static str,
    /// What it holds.
    pub value: String,
    /// What it held when the form was opened.
    pub initial: String,
    /// An example, shown while it is empty.
    pub hint: &'static str,
    /// What can be chosen; empty for free text.
    pub choices: Vec<String>,
    /// Whether it is a file's or a folder's path, with a button to look for one.
    pub path: bool,
    /// Whether it holds a line as long as a plan.
    pub long: bool,
    /// Whether what is typed is not shown.
    pub secret: bool,
}

/// An open form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Which.
    pub kind: FormKind,
    /// The how manieth of this window: what is answered late is for this one, and for no other of its kind.
    pub number: u64,
    /// Whose record it writes to: the patient who was open when it was opened.
    pub patient: Option<PatientId>,
    /// Its heading.
    pub title: String,
    /// What to know before filling it in.
    pub about: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// What was wrong with the last submission.
    pub error: Option<String>,
    /// Whether it was submitted once although it asks something.
    pub confirmed: bool,
    /// What saving it would do, in words.
    pub preview: Option<Result<String, String>>,
    /// What saving it moves, patient by patient.
    pub comparison: Option<Comparison>,
    /// The word on the button.
    pub submit: &'static str,
}

/// An example of a plan.
const PLAN_HINT: &str = "dex 10 iv q6h x8 then 4 q12h for 3d then 2 daily until 2026-12-01";
/// The fields of a stopped infusion from which the amount is worked out, and which holds it.
pub(super) const STOPPED_AT: &str = "Stopped at";
pub(super) const WENT_IN: &str = "Went in, in mg";

/// The word for "not stated" in choices.
pub(super) const NONE: &str = "not stated";

pub(super) fn text(label: &'static str, value: impl Into<String>, hint: &'static str) -> Field {
    let value = value.into();
    Field { label, initial: value.clone(), value, hint, choices: Vec::new(), path: false, long: false, secret: false }
}

pub(super) fn choice<'a>(label: &'static str, value: &str, choices: impl IntoIterator<Item = &'a str>) -> Field {
    let choices = choices.into_iter().map(ToOwned::to_owned).collect();
    Field {
        label,
        initial: value.to_owned(),
        value: value.to_owned(),
        hint: "",
        choices,
        path: false,
        long: false,
        secret: false,
    }
}

impl Form {
    pub(super) fn new(kind: FormKind, title: &str, about: &str, fields: Vec<Field>, submit: &'static str) -> Self {
        let (title, about) = (title.to_owned(), about.to_owned());
        let (error, preview, comparison) = (None, None, None);
        let (number, patient, confirmed) = (0, None, false);
        Self { kind, number, patient, title, about, fields, error, confirmed, preview, comparison, submit }
    }

    /// Whether the open patient's name belongs above it.
    pub const fn is_about_a_patient(&self) -> bool {
        !matches!(self.kind, FormKind::Initials | FormKind::Register | FormKind::Workstation)
            && !App::is_of_the_files(&self.kind)
            && !App::is_of_the_unit(&self.kind)
    }

    /// What a field holds, trimmed; nothing for a field that the form does not have.
    pub fn value(&self, label: &str) -> &str {
        self.fields.iter().find(|field| field.label == label).map_or("", |field| field.value.trim())
    }

    /// Whether a field was changed since the form was opened.
    pub fn is_changed(&self, label: &str) -> bool {
        self.fields.iter().any(|field| field.label == label && field.value.trim() != field.initial)
    }

    /// Asks who records.
    pub fn initials(current: &str) -> Self {
        let about = "Every entry carries the initials of who recorded it. They stay visible at the top right.";
        let fields = vec![text("Your initials", current, "NK")];
        Self::new(FormKind::Initials, "Who is recording?", about, fields, "Use these")
    }

    /// Registers a patient, or amends one.
    pub fn identity(known: Option<&Identity>) -> Self {
        let value = |of: fn(&Identity) -> String| known.map(of).unwrap_or_default();
        let sex = known.map_or(Sex::Unknown, |identity| identity.sex);
        let mut fields = vec![
            text("MRN", value(|identity| identity.mrn.to_string()), "40 017"),
            text("Family name", value(|identity| identity.family.shown()), "Example"),
            text("Given name", value(|identity| identity.given.shown()), "Robin"),
            text(
                "Date of birth",
                value(|identity| identity.born.map(|date| date.to_string()).unwrap_or_default()),
                "2009-03-04",
            ),
            choice("Sex", sex.word(), Sex::ALL.iter().map(|sex| sex.word())),
        ];
        if known.is_some() {
            return Self::new(FormKind::Amend, "Amend the patient", "The earlier details are kept.", fields, "Save");
        }
        fields.extend([
            text("Weight in kg", "", "52.3"),
            text("CAR T-cell product", "", "tisagenlecleucel"),
            text("Infusion time", "", "2026-11-13 10:40, planned or given"),
        ]);
        let about = "Weight and infusion can be added later.";
        Self::new(FormKind::Register, "Register a patient", about, fields, "Register")
    }

    /// Records a dose, with the fields of the quick entry.
    pub fn dose(formulary: &Formulary) -> Self {
        let fields = dose_fields(formulary, None, "now".to_owned());
        Self::new(FormKind::Dose, "Record a dose", "The same as the quick entry, in fields.", fields, "Save")
    }

    /// Corrects a dose, whose times are read in a zone.
    pub fn correct(formulary: &Formulary, id: &EntryId, dose: &Administration, words: &str, zone: &dyn Zone) -> Self {
        let mut fields = dose_fields(formulary, Some(dose), time::written(dose.given.start(), zone));
        // Beside the amount, which is what is wrong most often: two Tabs away, not nine.
        let beside_the_amount = fields.iter().position(|field| field.label == "Unit").map_or(fields.len(), |at| at + 1);
        fields.insert(beside_the_amount, text("Reason", "", "why the entry was wrong"));
        let due = dose.due.as_ref().map(|due| format!(" {} were due.", due.shown())).unwrap_or_default();
        let charted = match &dose.amount {
            Some(amount) if amount.mass().is_none() => format!(" Charted: {}.", amount.shown()),
            _ => String::new(),
        };
        let about = format!("The earlier entry stays in the log, struck through.{due}{charted}");
        Self::new(FormKind::Correct(id.clone()), &format!("Correct: {words}"), &about, fields, "Save the correction")
    }

    /// Strikes an entry out.
    pub fn strike_out(id: &EntryId, words: &str) -> Self {
        let fields = vec![text("Reason", "", "recorded for the wrong patient")];
        let title = format!("Strike out: {words}");
        let about = "It leaves the total and stays in the log.";
        Self::new(FormKind::StrikeOut(id.clone()), &title, about, fields, "Strike out")
    }

    /// Stops a running infusion at a time, with what has gone in by then, or lets it go on at another rate.
    pub fn stop(id: &EntryId, words: &str, at: String, went_in: &str) -> Self {
        let fields = vec![
            text(STOPPED_AT, at, "now, 14:30, -10m"),
            text(WENT_IN, went_in, "what the pump says"),
            text("New rate", "", "50 mg/h, or leave empty if it was stopped"),
            text("For how long", "", "4h, with a new rate"),
            text("Reason", "", "stopped, or rate changed"),
        ];
        let title = format!("Stop or change rate: {words}");
        let about = "What went in is worked out from the time; write what the pump says if that is another amount.";
        Self::new(FormKind::Stop(id.clone()), &title, about, fields, "Save")
    }

    /// A weight or a height.
    pub fn measure() -> Self {
        let fields =
            vec![text("Weight in kg", "", "52.3"), text("Height in cm", "", "160"), text("Time", "now", "now")];
        Self::new(FormKind::Measure, "Weight or height", "Fill in one or both.", fields, "Save")
    }

    /// A CAR T-cell infusion.
    pub fn infusion() -> Self {
        let fields =
            vec![text("CAR T-cell product", "", "tisagenlecleucel"), text("Infusion time", "", "2026-11-13 10:40")];
        let about = "The date of the infusion is Day 0. A planned time is taken too.";
        Self::new(FormKind::Infusion, "CAR T-cell infusion", about, fields, "Save")
    }

    /// A grade.
    pub fn grade() -> Self {
        let fields = vec![
            choice("Scale", "", Scale::ALL.iter().map(|scale| scale.word())),
            choice("Grade", "", ["0", "1", "2", "3", "4", "5"]),
            text("ICE or CAPD score", "", "ICE 7, or leave empty"),
            text("Time", "now", "now, -2h, yesterday 22:00"),
        ];
        Self::new(FormKind::Grade, "Grade", "It holds until the next grade on that scale.", fields, "Save")
    }

    /// Tocilizumab and other events.
    pub fn event() -> Self {
        let kinds = ["tocilizumab", "other agent", "into intensive care", "out of intensive care", "response", "note"];
        let fields = vec![
            choice("Event", "", kinds),
            text("What", "", "name of the agent, response, or note"),
            text("Amount", "", "400 mg, or leave empty"),
            text("Time", "now", "now, -2h, yesterday 22:00"),
        ];
        Self::new(FormKind::Event, "Event", "A mark on the chart. It is never counted.", fields, "Save")
    }

    /// Up to when the medication chart was checked.
    pub fn checked() -> Self {
        let fields = vec![text("Checked up to", "now", "now, or 14:00")];
        let about = "Every dose that was given up to this time is recorded here. Later time stays hatched.";
        Self::new(FormKind::Checked, "Chart checked to", about, fields, "Save")
    }

    /// Takes the patient off the ward list.
    pub fn archive() -> Self {
        let fields = vec![text("Reason", "", "discharged home")];
        let about =
            "Nothing is removed: the patient leaves the ward list, and comes back when this is struck out (Ctrl+B).";
        Self::new(FormKind::Archive, "Archive the patient", about, fields, "Archive")
    }

    /// A staged plan, as a line.
    pub fn plan() -> Self {
        let mut line = text("Plan", "", PLAN_HINT);
        line.long = true;
        let about = "DRUG AMOUNT [ROUTE] how often, [from TIME], x8 or for 3d or until a date; then the next stage, with the \
            same drug and route. How often: q6h, bid, daily, every 2 days, at 08:00,20:00. Planned is never counted as given.";
        Self::new(FormKind::Plan, "Record a plan", about, vec![line], "Save")
    }

    /// Another plan, to look at beside what is recorded.
    pub fn what_if(line: &str, reach: &str) -> Self {
        let mut plan = text("What if", line, PLAN_HINT);
        plan.long = true;
        let about = "Drawn on the chart beside the recorded plan and never stored. Written as a plan; leave it empty to ask \
            about the recorded one. Escape takes it off the chart.";
        let fields = vec![plan, text("Reach, in mg", reach, "186, or leave empty")];
        Self::new(FormKind::WhatIf, "What if", about, fields, "Keep it on the chart")
    }

    /// Imports a file.
    pub fn import() -> Self {
        let mut file = text("File", "", "path of a CSV file");
        file.path = true;
        let fields = vec![file, text("Profile", "generic", "generic, mimic-iv-demo, or a path ending in .ron")];
        let about = "Medication administration records as CSV. Importing a file again adds nothing twice.";
        Self::new(FormKind::Import, "Import", about, fields, "Import")
    }

    /// Opens or creates a ward in another folder.
    pub fn open_folder(current: &str) -> Self {
        let mut folder = text("Data folder", current, "path of a folder");
        folder.path = true;
        let about = "A folder with a ward is opened; in an empty or new one a ward is begun, after a question.";
        Self::new(FormKind::OpenFolder, "Data folder", about, vec![folder], "Open")
    }

    /// The field of the form for backups.
    pub(super) const BACKUP_FOLDER: &str = "Backup folder";

    /// Where backups go, with what is offered while none is chosen.
    pub(super) fn backup(backups: &Backups, offered: Option<&Path>) -> Self {
        let (chosen, stands) = match backups {
            Backups::On { folder, last, problem } => {
                let last = last.map_or_else(|| "not yet".to_owned(), time::shown);
                let problem = problem.as_ref().map(|problem| format!(" Then: {problem}.")).unwrap_or_default();
                (Some(folder.as_path()), format!("Last backup: {last}.{problem}"))
            }
            _ => (offered, "There are no backups yet.".to_owned()),
        };
        let path = chosen.map(|folder| folder.display().to_string()).unwrap_or_default();
        let mut folder = text(Self::BACKUP_FOLDER, path, "path of a folder, or empty for no backups");
        folder.path = true;
        let about = format!(
            "What is new is copied there now, and after each day's first save on this workstation. Choose another disk or \
             share if there is one: a copy beside the data folder is lost with its disk. {stands}"
        );
        Self::new(FormKind::Backup, "Backups", &about, vec![folder], "Back up")
    }
}

fn dose_fields(formulary: &Formulary, dose: Option<&Administration>, given: String) -> Vec<Field> {
    // Names with their tall-man letters, as everywhere else; the quick entry reads them in any case.
    let first = formulary.drugs().first().map_or("", |drug| &drug.shown);
    let drug = dose.map_or(first, |dose| formulary.shown(&dose.drug));
    let known = formulary.drugs().iter().map(|drug| drug.shown.as_str());
    let (amount, unit) = dose.map_or((String::new(), "mg"), amount_of);
    let status = dose.map_or(Status::Given, |dose| dose.status);
    let over = match dose.map(|dose| dose.given) {
        Some(Given::Over(start, end)) => time::shown_duration(end - start),
        _ => String::new(),
    };
    let words = |known: Option<&'static str>| known.unwrap_or(NONE);
    vec![
        choice("Drug", drug, known),
        text("Amount", amount, "10"),
        choice("Unit", unit, ["mg", "mcg", "g", "mg/kg", "mcg/kg", "mg/h", "mcg/h", "mg/kg/h", "mcg/kg/h"]),
        choice(
            "Expressed as",
            dose.map_or(Expressed::AsLabelled, |dose| dose.expressed).word(),
            Expressed::ALL.iter().map(|form| form.word()),
        ),
        choice(
            "Route",
            words(dose.and_then(|dose| dose.route).map(Route::word)),
            std::iter::once(NONE).chain(Route::ALL.iter().map(|route| route.word())),
        ),
        text("Given at", given, "now, 14:30, -2h, yesterday 22:00"),
        text("Infused over", over, "4h, or leave empty"),
        choice(
            "For",
            words(dose.and_then(|dose| dose.purpose).map(Purpose::word)),
            std::iter::once(NONE).chain(Purpose::ALL.iter().map(|purpose| purpose.word())),
        ),
        choice("Status", status.word(), Status::ALL.iter().map(|status| status.word())),
        text("Note", dose.and_then(|dose| dose.note.clone()).unwrap_or_default(), "anything worth keeping"),
    ]
}

/// The amount as it was given: a dose ordered per kilogram is not worked out again with a later weight, and what was due
/// is never taken for what was given.
fn amount_of(dose: &Administration) -> (String, &'static str) {
    let amount = dose.amount.as_ref().and_then(crate::record::Quantity::mass);
    (amount.map(crate::record::Amount::milligrams).unwrap_or_default(), "mg")
}
