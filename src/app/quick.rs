//! The quick entry: what is typed, and what it would do.

use super::{App, Draft};
use crate::exposure::{Exact, Exposure, as_of};
use crate::record::{Administration, Class, EntryId, Given, Moment, Now, PerKg, Stamp, Status, Weight, quick, time};

/// The line and what it means.
#[derive(Debug, Clone, Default)]
pub struct QuickEntry {
    /// What is typed.
    pub line: String,
    /// What it would do; `None` while nothing is typed.
    pub echo: Option<Result<Echo, String>>,
    /// Whether Enter was pressed on a line that asks something.
    pub confirmed: bool,
    /// When it was changed last.
    pub typed_at: Option<Moment>,
    /// The line as it was when it was left, where it was typed before a lock, another patient or a restart.
    pub kept: Option<Draft>,
    /// The dose that is being saved, in words.
    pub saving: Option<String>,
    /// What was typed while a line was being saved that then asked something: it comes back after that line.
    pub next: String,
}

/// What a line would record, in words, and what it would do to the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    /// The dose.
    pub dose: Administration,
    /// In words.
    pub words: String,
    /// `118 → 122.5 mg`.
    pub effect: String,
    /// What should be looked at before saving.
    pub questions: Vec<String>,
}

impl App {
    /// Reads a line for the open patient.
    pub(super) fn echo(&self, line: &str) -> Result<Echo, String> {
        let patient = self.patient().ok_or("open a patient first")?;
        let read = quick::parse_for(line, &self.reference.formulary, self.now_here(), &patient.chart);
        let read = read.map_err(|error| error.to_string())?;
        self.time_still_holds(line, read.dose.given)?;
        self.echo_of(read, None)
    }

    /// What a dose would do; `corrects` is the entry that it would replace.
    pub(super) fn echo_of(&self, typed: quick::Typed, corrects: Option<&EntryId>) -> Result<Echo, String> {
        let words = self.in_words(&typed);
        let dose = typed.dose;
        let patient = self.patient().ok_or("open a patient first")?;
        let concerns = patient.concerns(&dose, corrects, self.now).map_err(|error| error.to_string())?;
        let vials = crate::safety::check_vials(&dose, &self.reference.formulary);
        Ok(Echo {
            words,
            effect: self.effect(&dose, corrects).unwrap_or_default(),
            questions: concerns.iter().chain(&vials).map(crate::safety::Concern::words).collect(),
            dose,
        })
    }

    /// The present of the open patient: the end of the record where the source shifted its dates.
    pub(super) fn now_here(&self) -> Now<'_> {
        let at = self.patient().map_or(self.now, |patient| as_of(&patient.chart, self.now));
        Now { at, zone: self.clock.zone() }
    }

    /// `dexAMETHasone 4.5 mg, intravenous, today 14:30, for ICANS`.
    pub(super) fn in_words(&self, typed: &quick::Typed) -> String {
        let dose = &typed.dose;
        let Now { at: now, zone } = self.now_here();
        let status = match dose.status {
            Status::Given => String::new(),
            status => format!("{}: ", status.word().to_uppercase()),
        };
        let amount = match (&dose.amount, &dose.due) {
            (None, None) => String::new(),
            _ => format!(" {}", dose.amount_shown()),
        };
        let mut words = format!("{status}{}{amount}", self.reference.formulary.shown(&dose.drug));
        if let Some(rate) = quick::rate_words(dose).filter(|_| typed.by_rate) {
            words += &format!(" ({rate})");
        }
        if let (Some(ordered), Some(weight)) = (dose.ordered, typed.weight) {
            words += &per_kg_words(ordered, weight);
        }
        words += &format!(", {}", dose.route.map_or("route not stated", crate::record::Route::word));
        words += &match dose.given {
            Given::At(at) => format!(", {}", time::shown_near(at, now)),
            Given::Over(from, until) => {
                let is_now = if from == now { " (now)" } else { "" };
                let until = time::shown_beside(until, from, zone);
                format!(", from {}{is_now} until {until}", time::shown_near(from, now))
            }
        };
        if dose.given == Given::At(now) {
            words += " (now)";
        }
        if let Some(purpose) = dose.purpose {
            words += &format!(", for {}", purpose.word());
        }
        if let Some(note) = &dose.note {
            words += &format!("; {note}");
        }
        words
    }

    /// What a dose would do to the total of its kind.
    fn effect(&self, dose: &Administration, corrects: Option<&EntryId>) -> Option<String> {
        let (patient, rules) = (self.patient()?, self.reference.rules());
        let id = EntryId::from_random([0; 16]);
        let stamp = Stamp {
            id,
            at: self.now,
            by: self.initials().cloned().or_else(|| "X".parse().ok())?,
            workstation: String::new(),
        };
        let chart = patient.chart.supposing(dose, stamp, corrects);
        let total_at = |chart, at| -> Option<(Exact, Exact)> {
            let exposure = Exposure::of(chart, rules, self.window, at).ok()?;
            Some(match rules.formulary.class(&dose.drug) {
                Some(Class::Anakinra) => (exposure.anakinra.mg, Exact::ZERO),
                _ => (exposure.total, exposure.undecided.mg),
            })
        };
        let now = self.now_here().at;
        let ((before, _), (after, undecided)) = (total_at(&patient.chart, now)?, total_at(&chart, now)?);
        let name = match rules.formulary.class(&dose.drug) {
            Some(Class::Anakinra) => rules.formulary.shown(&dose.drug),
            _ => "total",
        };
        let beside = match dose.status {
            Status::Unknown if undecided.is_positive() => format!(", {} mg undecided", undecided.brief()),
            Status::Running => {
                let (in_the_end, _) = total_at(&chart, dose.given.end().max(now))?;
                format!(" so far, {} mg when it has run", in_the_end.brief())
            }
            _ => String::new(),
        };
        Some(format!("{name} {} → {} mg{beside}", before.brief(), after.brief()))
    }
}

fn per_kg_words(ordered: PerKg, weight: Weight) -> String {
    format!(" ({ordered} × {weight})")
}
