//! The command line: the same program without a window.
//!
//! One file per verb, each thin: it reads its arguments, calls the rooms above, and prints. Results go to standard
//! output, everything else to standard error. Exit codes: 0 done; 1 refused or findings; 2 wrong usage or unreadable.

mod author;
mod backup;
mod convert;
mod curve;
mod findings;
mod import;
mod log;
mod open;
mod plan;
mod project;
mod record;
mod register;
mod report;
mod restore;
mod settings;
pub mod start;
mod summary;
mod verify;
mod waiting;
mod window;

use self::findings::{findings, tell_findings, tell_gaps};
use crate::app::clock::{Clock, SystemClock};
use crate::app::ward::{Patient, Ward, WardError};
use crate::app::{Places, Reference};
use crate::exposure::{Exposure, Window};
use crate::record::{Initials, Moment, Mrn, Now, TimeError, quick, time, visible};
use crate::store::{StoreError, UnitRecord};
use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::fmt::Display;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Cumulative steroid exposure after CAR T-cell therapy, with anakinra beside it. Without a verb it opens the window.
///
/// Not a certified medical device; gives no advice.
#[derive(Debug, Parser)]
#[command(name = "corticurve", version, about, after_help = AFTER_HELP)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Option<Verb>,
}

const AFTER_HELP: &str = "\
Examples:
  corticurve --demo summary
  corticurve register --by NK --mrn 40017 --family Example --given Robin --born 2009-03-04 --sex female \\
      --weight \"52.3 kg\" --infused \"2026-11-13 10:00\" --product tisagenlecleucel
  corticurve record --patient 40017 \"dex 10 iv 14:30 icans\"
  corticurve summary 40017 --json

Times without an offset are this computer's local time.
Exit codes: 0 done; 1 refused, or findings in the files; 2 wrong usage, or something cannot be read.";

/// Options of every verb.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Common options")]
struct Common {
    /// The data folder [default: the platform's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Who records [default: the initials last used on this workstation]
    #[arg(long, global = true, value_name = "INITIALS")]
    by: Option<Initials>,
    /// Look as of this time, like "2026-11-22 14:30", 14:30 or -2h [default: now]; for `record`, what "now" means in the
    /// line
    #[arg(long, global = true, value_name = "TIME", value_parser = moment, allow_hyphen_values = true)]
    as_of: Option<Moment>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
    /// Use an invented ward in a temporary folder, for the window and for every verb that reads
    #[arg(long, global = true)]
    demo: bool,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Register a patient
    Register(register::Register),
    /// Record a dose, written as in the quick entry: "dex 10 iv 14:30 icans"
    ///
    /// DRUG AMOUNT [ROUTE] [TIME] [over 4h] [PURPOSE] [held|refused|missed] [; note]. Milligrams and now are the
    /// defaults. Prints "saved" and the entry's id once the dose is on the disk and read back. One dose at a time: several
    /// in one line hold in the window only.
    Record(record::Record),
    /// Import medication administration records (CSV). A file is taken whole or not at all, and never twice
    Import(import::Import),
    /// List every administration of a patient
    Log(log::Log),
    /// Print the figures of some or all patients
    Summary(summary::Summary),
    /// Print the cumulative curve of a patient as CSV
    Curve(curve::Curve),
    /// Write one page of a patient as PDF, to be printed: who it is, the curve, the figures, the latest doses
    Report(report::Report),
    /// Record a plan in stages: "dex 10 iv q6h x8 then 4 q12h for 3d then 2 daily until 2026-12-01"
    ///
    /// Each stage: DRUG AMOUNT [ROUTE] FREQUENCY or at 08:00,20:00, [from TIME], and x8, for 3d or until TIME. A later stage
    /// begins one interval after the one before it, with its drug and route. Planned doses are in no total.
    Plan(plan::Plan),
    /// Print where a patient's plans lead: planned against given, the expected totals, and other plans beside them
    Project(project::Project),
    /// Convert an amount of one glucocorticoid into another
    Convert(convert::Convert),
    /// Print the unit's settings and their history, or change them with before and after for every patient
    Settings(settings::UnitVerb),
    /// Check every file of the data folder
    Verify(verify::Verify),
    /// Copy what is new to a second folder
    Backup(backup::Backup),
    /// Put back what a backup holds and a data folder has not; shows it first, and does it with --yes
    Restore(restore::Restore),
}

/// Why a verb ends without doing what was asked.
#[derive(Debug)]
enum Failure {
    /// The command was understood, and what it asked for is refused, or there are findings: 1.
    Refused(String),
    /// Wrong usage, or something cannot be read: 2.
    Unusable(String),
}

impl Failure {
    fn refused(error: impl Display) -> Self {
        Self::Refused(error.to_string())
    }

    fn unusable(error: impl Display) -> Self {
        Self::Unusable(error.to_string())
    }
}

impl Failure {
    /// Why nothing, or not all, of what was to be saved is. A folder that may be back later is no wrong usage: whoever sees
    /// the code must know that the same is to be tried again.
    fn not_saved(error: WardError) -> Self {
        match error {
            WardError::WardGone { .. } => Self::Refused(format!("NOT saved: {error}")),
            WardError::Store(StoreError::NoStore { .. }) => error.into(),
            WardError::Store(error) if !error.is_refusal() && error.may_pass() => {
                Self::Refused(format!("NOT saved: {error}"))
            }
            other => other.into(),
        }
    }
}

impl From<WardError> for Failure {
    fn from(error: WardError) -> Self {
        match error {
            WardError::Store(error) if !error.is_refusal() => Self::unusable(error),
            WardError::Demo(_) | WardError::Temporary(_) | WardError::WardGone { .. } => Self::unusable(error),
            _ => Self::refused(error),
        }
    }
}

type Outcome = Result<(), Failure>;

/// A time as an option: a whole moment, or one of the short forms of the quick entry.
fn moment(text: &str) -> Result<Moment, String> {
    let whole = time::parse_moment(text, SystemClock.zone());
    whole.or_else(|error| match error {
        TimeError::Form(_) => quick::parse_time(text, SystemClock.present()).map_err(|error| error.to_string()),
        other => Err(other.to_string()),
    })
}

/// Runs the program with its arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let outcome = Setting::new(arguments.common).and_then(|setting| match arguments.verb {
        None => window::run(&setting),
        Some(Verb::Register(verb)) => setting.telling_what_waits(|| verb.run(&setting)),
        Some(Verb::Record(verb)) => setting.telling_what_waits(|| verb.run(&setting)),
        Some(Verb::Import(verb)) => setting.telling_what_waits(|| verb.run(&setting)),
        Some(Verb::Log(verb)) => setting.complete(setting.figures(verb.run(&setting))),
        Some(Verb::Summary(verb)) => setting.complete(setting.figures(verb.run(&setting))),
        Some(Verb::Curve(verb)) => setting.complete(setting.figures(verb.run(&setting))),
        Some(Verb::Report(verb)) => setting.complete(setting.figures(verb.run(&setting))),
        Some(Verb::Plan(verb)) => setting.telling_what_waits(|| verb.run(&setting)),
        Some(Verb::Project(verb)) => setting.complete(setting.figures(verb.run(&setting))),
        Some(Verb::Convert(verb)) => setting.figures(verb.run(&setting)),
        Some(Verb::Settings(verb)) => setting.telling_what_waits(|| verb.run(&setting)),
        Some(Verb::Verify(verb)) => setting.complete(verb.run(&setting)),
        Some(Verb::Backup(verb)) => setting.complete(verb.run(&setting)),
        Some(Verb::Restore(verb)) => verb.run(&setting),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Refused(message)) => fail(&message, 1),
        Err(Failure::Unusable(message)) => fail(&message, 2),
    }
}

/// How much is printed of the beginning, and of the end, of one line of a usage error. The line repeats the argument,
/// which may be a whole file pasted by mistake, and ends with what is wrong with it.
const PART_OF_LINE: usize = 250;

/// Prints help, the version, or what is wrong with the arguments.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let hides = |line: &str| shortened(line).is_some() || line.contains(visible::invisible);
    if error.use_stderr() && text.lines().any(hides) {
        text.lines().for_each(|line| say_aside(shortened(line).as_deref().unwrap_or(line)));
    } else {
        // Nothing is left to do when even the message cannot be printed.
        let _ = error.print();
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// A long line without its middle.
fn shortened(line: &str) -> Option<String> {
    let (start, _) = line.char_indices().nth(PART_OF_LINE)?;
    let (end, _) = line.char_indices().nth_back(PART_OF_LINE).filter(|(end, _)| *end > start)?;
    Some(format!("{} [and more] {}", line.get(..start)?, line.get(end..)?))
}

fn fail(message: &str, code: u8) -> ExitCode {
    if !message.is_empty() {
        tell(message);
    }
    ExitCode::from(code)
}

/// Says something beside the result, on standard error.
fn tell(message: impl Display) {
    say_aside(&format!("corticurve: {message}"));
}

/// A standard error that is closed or full must not end the program in the middle of a verb, as `eprintln!` would. What a
/// message quotes may come from anywhere, and a terminal obeys some characters.
fn say_aside(text: &str) {
    for line in text.split('\n') {
        let _ = writeln!(std::io::stderr(), "{}", visible::shown(line));
    }
}

/// What every verb works with.
struct Setting {
    common: Common,
    places: Places,
    /// The unit's settings; the message where they cannot be used.
    unit: Result<UnitRecord, String>,
    /// What ships, under the unit's settings.
    reference: Reference,
    clock: SystemClock,
}

impl Setting {
    fn new(common: Common) -> Result<Self, Failure> {
        let mut places = Places::of_this_user().ok_or_else(|| {
            Failure::unusable(
                "this user has no home folder, where initials and settings are kept; set HOME to a folder",
            )
        })?;
        if let Some(data) = &common.data {
            if common.demo {
                return Err(Failure::unusable("--demo has a folder of its own; leave out --data, or --demo"));
            }
            if data.is_file() {
                let shown = data.display();
                return Err(Failure::unusable(format!("{shown} is a file; --data takes the folder of a ward")));
            }
            places.data.clone_from(data);
        }
        let (unit, reference) = settings::in_force(&common, &places)?;
        Ok(Self { common, places, unit, reference, clock: SystemClock })
    }

    /// The present, or what `--as-of` says.
    fn now(&self) -> Now<'_> {
        Now { at: self.common.as_of.unwrap_or_else(|| self.clock.now()), zone: self.clock.zone() }
    }

    /// The as-of time of a patient: what was asked for, else now or the end of a record with shifted dates.
    fn as_of(&self, patient: &Patient) -> Moment {
        self.common.as_of.unwrap_or_else(|| crate::exposure::as_of(&patient.chart, self.now().at))
    }

    /// A patient's figures over the default window, under the default table.
    fn exposure(&self, patient: &Patient) -> Result<Exposure, Failure> {
        let rules = self.reference.rules();
        Exposure::of(&patient.chart, rules, Window::Day0, self.as_of(patient)).map_err(Failure::refused)
    }

    /// The present for a line about a patient: what `--as-of` says, else the as-of time that the figures have.
    ///
    /// A time to come is refused whole, or an infusion could be saved as complete that is not.
    fn now_for(&self, patient: &Patient) -> Result<Now<'_>, Failure> {
        let (at, present) = (self.as_of(patient), self.clock.now());
        let shifted = patient.identity().is_some_and(|identity| identity.dates_shifted);
        if at > present && !shifted {
            return Err(Failure::refused(to_come(at, present)));
        }
        Ok(Now { at, zone: self.clock.zone() })
    }

    /// When something is written down: always the present.
    fn recorded_at(&self) -> Moment {
        self.clock.now()
    }

    /// The patients of these MRNs, each once, or all.
    fn patients<'a>(ward: &'a Ward, mrns: &[Mrn]) -> Result<Vec<&'a Patient>, Failure> {
        if mrns.is_empty() {
            return Ok(ward.patients().iter().map(AsRef::as_ref).collect());
        }
        let mut patients: Vec<&Patient> = Vec::with_capacity(mrns.len());
        for mrn in mrns {
            let patient = ward.by_mrn(mrn)?;
            if !patients.iter().any(|shown| shown.id == patient.id) {
                patients.push(patient);
            }
        }
        Ok(patients)
    }
}

fn to_come(at: Moment, present: Moment) -> String {
    let (at, present) = (time::shown(at), time::shown(present));
    format!("--as-of {at} is in the future (it is {present}); what is recorded has happened, so give an earlier time")
}

/// Refuses two formats at once, wherever in the line `--json` stands.
fn csv_or_json(csv: bool, setting: &Setting) -> Outcome {
    if csv && setting.common.json {
        return Err(Failure::unusable("--csv and --json are two formats; give one of them"));
    }
    Ok(())
}

/// Prints a value as one line of JSON.
fn print_json(value: &impl serde::Serialize) -> Outcome {
    say(serde_json::to_string(value).map_err(Failure::unusable)? + "\n")
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no failure; a full disk is one.
fn say(text: impl AsRef<str>) -> Outcome {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_ref().as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::unusable(format!("the result could not be printed: {error}")))
        }
        _ => Ok(()),
    }
}
