//! The command line: the same program without a window.
//!
//! One file per verb, each thin: it reads its arguments, calls the rooms above, and prints. Results go to standard
//! output, everything else to standard error. Exit codes: 0 done; 1 refused or findings; 2 wrong usage or unreadable.

mod convert;
mod curve;
mod import;
mod log;
mod record;
mod register;
mod summary;
mod verify;
mod window;

use crate::app::clock::{Clock, SystemClock};
use crate::app::ward::{Patient, Ward, WardError};
use crate::app::{Places, Reference, Settings, workstation};
use crate::record::{Initials, Moment, Mrn, Now, time};
use crate::store::{Author, StoreError};
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
#[command(name = "corticurve", version, about)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// Options of every verb.
#[derive(Debug, clap::Args)]
struct Common {
    /// The data folder [default: the platform's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Who records [default: the initials last used on this workstation]
    #[arg(long, global = true, value_name = "INITIALS")]
    by: Option<Initials>,
    /// Look as of this time, like "2026-11-22 14:30" [default: now]; for `record`, what "now" means in the line
    #[arg(long, global = true, value_name = "TIME", value_parser = moment)]
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
    Record(record::Record),
    /// Import medication administration records (CSV)
    Import(import::Import),
    /// List every administration of a patient
    Log(log::Log),
    /// Print the figures of some or all patients
    Summary(summary::Summary),
    /// Print the cumulative curve of a patient as CSV
    Curve(curve::Curve),
    /// Convert an amount of one glucocorticoid into another
    Convert(convert::Convert),
    /// Check every file of the data folder
    Verify,
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

impl From<WardError> for Failure {
    fn from(error: WardError) -> Self {
        match error {
            WardError::Store(
                StoreError::NotSaved { .. }
                | StoreError::ReadOnly { .. }
                | StoreError::TooLong { .. }
                | StoreError::Unfaithful,
            ) => Self::refused(error),
            WardError::Store(_) | WardError::Demo(_) | WardError::Temporary(_) => Self::unusable(error),
            _ => Self::refused(error),
        }
    }
}

type Outcome = Result<(), Failure>;

fn moment(text: &str) -> Result<Moment, String> {
    time::parse_moment(text, SystemClock.zone()).map_err(|error| error.to_string())
}

/// Runs the program with its arguments.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is left to do when even the message cannot be printed.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let outcome = Setting::new(arguments.common).and_then(|setting| match arguments.verb {
        None => window::run(&setting),
        Some(Verb::Register(verb)) => verb.run(&setting),
        Some(Verb::Record(verb)) => verb.run(&setting),
        Some(Verb::Import(verb)) => verb.run(&setting),
        Some(Verb::Log(verb)) => verb.run(&setting),
        Some(Verb::Summary(verb)) => verb.run(&setting),
        Some(Verb::Curve(verb)) => verb.run(&setting),
        Some(Verb::Convert(verb)) => verb.run(&setting),
        Some(Verb::Verify) => verify::run(&setting),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Refused(message)) => fail(&message, 1),
        Err(Failure::Unusable(message)) => fail(&message, 2),
    }
}

fn fail(message: &str, code: u8) -> ExitCode {
    if !message.is_empty() {
        eprintln!("corticurve: {message}");
    }
    ExitCode::from(code)
}

/// What every verb works with.
struct Setting {
    common: Common,
    places: Places,
    reference: Reference,
    clock: SystemClock,
}

impl Setting {
    fn new(common: Common) -> Result<Self, Failure> {
        let mut places = Places::of_this_user()
            .ok_or_else(|| Failure::unusable("this user has no home folder; give the data folder with --data DIR"))?;
        if let Some(data) = &common.data {
            places.data.clone_from(data);
        }
        Ok(Self { common, places, reference: Reference::shipped().map_err(Failure::unusable)?, clock: SystemClock })
    }

    /// The present, or what `--as-of` says.
    fn now(&self) -> Now<'_> {
        Now { at: self.common.as_of.unwrap_or_else(|| self.clock.now()), zone: self.clock.zone() }
    }

    /// The as-of time of a patient: what was asked for, else now or the end of a record with shifted dates.
    fn as_of(&self, patient: &Patient) -> Moment {
        self.common.as_of.unwrap_or_else(|| crate::exposure::as_of(&patient.chart, self.now().at))
    }

    /// The ward, for reading.
    fn ward(&self) -> Result<Ward, Failure> {
        if self.common.demo { Ok(Ward::demo(self.now())?) } else { Ok(Ward::open(&self.places.data)?) }
    }

    /// The ward, for writing, with who writes.
    fn ward_to_write(&self) -> Result<(Ward, Author), Failure> {
        let author = self.author()?;
        Ok((Ward::open_to_write(&self.places.data, &self.places.config)?, author))
    }

    /// The ward that already exists, for writing, with who writes: nothing is created for a patient who is not there.
    fn ward_for_patients(&self) -> Result<(Ward, Author), Failure> {
        Ward::open(&self.places.data)?;
        self.ward_to_write()
    }

    /// When something is written down: always the present.
    fn recorded_at(&self) -> Moment {
        self.clock.now()
    }

    fn author(&self) -> Result<Author, Failure> {
        if self.common.demo {
            return Err(Failure::unusable(
                "--demo is for looking; leave it out to record, with --data DIR for a trial folder",
            ));
        }
        let known = || Settings::load(&self.places.config).initials;
        let by = self.common.by.clone().or_else(known).ok_or_else(|| {
            Failure::unusable("who is recording? give your initials once with --by, like --by NK; nothing was written")
        })?;
        Ok(Author { by, workstation: workstation() })
    }

    /// Keeps the initials as the default for the next time, once something was written with them.
    fn keep_initials(&self, author: &Author) {
        let mut settings = Settings::load(&self.places.config);
        if settings.initials.as_ref() != Some(&author.by) {
            settings.initials = Some(author.by.clone());
            if let Err(error) = settings.save(&self.places.config) {
                eprintln!("corticurve: the initials could not be kept in {}: {error}", self.places.config.display());
            }
        }
    }

    /// The patients of these MRNs, or all.
    fn patients<'a>(ward: &'a Ward, mrns: &[Mrn]) -> Result<Vec<&'a Patient>, Failure> {
        if mrns.is_empty() {
            return Ok(ward.patients().iter().collect());
        }
        mrns.iter().map(|mrn| Ok(ward.by_mrn(mrn)?)).collect()
    }
}

/// Prints what is wrong with the files of the patients that were shown: their figures may lack something.
fn findings(patients: &[&Patient]) -> Outcome {
    let mut any = false;
    for patient in patients {
        for finding in &patient.findings {
            eprintln!("corticurve: {finding}");
            any = true;
        }
        for unplaced in &patient.chart.unplaced {
            eprintln!("corticurve: {}: {unplaced}", patient.id);
            any = true;
        }
    }
    if any {
        Err(Failure::refused("there are findings in the files; `corticurve verify` lists them all"))
    } else {
        Ok(())
    }
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
