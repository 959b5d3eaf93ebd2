//! The quick entry: what is typed, and what it would do.

use super::{App, Draft};
use crate::exposure::{Exact, Exposure, Reason, Window, as_of, left_out};
use crate::record::{
    Administration, Chart, Class, EntryId, Given, Moment, Now, PatientId, PerKg, Stamp, Status, Weight, counted, quick,
    time,
};
use crate::safety::{near_doses, near_question};
use chrono::TimeDelta;

/// The line and what it means.
#[derive(Debug, Clone, Default)]
pub struct QuickEntry {
    /// What is typed.
    pub line: String,
    /// What it would do; `None` while nothing is typed.
    pub echo: Option<Result<Echo, String>>,
    /// The words that the last word of it may become.
    pub completions: Vec<String>,
    /// Whether Enter was pressed on a line that asks something.
    pub confirmed: bool,
    /// When it was changed last.
    pub typed_at: Option<Moment>,
    /// The line as it was when it was left, where it was typed before a lock, another patient or a restart.
    pub kept: Option<Draft>,
    /// A line that is kept of the patient and not shown while names are hidden: it may hold one.
    pub held: Option<Draft>,
    /// The dose that is being saved, in words.
    pub saving: Option<String>,
    /// What was typed while a line was being saved that then asked something: it comes back after that line.
    pub next: Option<Draft>,
}

/// What was saved just now, and can be taken back at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoable {
    /// Whose.
    pub patient: PatientId,
    /// The entries.
    pub ids: Vec<EntryId>,
    /// What they are, in words.
    pub words: String,
    /// When they were saved.
    pub at: Moment,
}

/// How long a save can be taken back at once: later it is struck out in the log, with a reason of its own.
const UNDONE_WITHIN: TimeDelta = TimeDelta::minutes(1);

impl Undoable {
    /// Whether it can be taken back at this time.
    pub(super) fn is_recent(&self, now: Moment) -> bool {
        (now - self.at).abs() <= UNDONE_WITHIN
    }
}

/// One of several doses, before it is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Each {
    /// In words.
    pub words: String,
    /// What is recorded of the same drug within half an hour, in words.
    pub near: Vec<String>,
}

/// What a line would record, in words, and what it would do to the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Echo {
    /// The doses: one, or as many as the line says.
    pub doses: Vec<Administration>,
    /// In words.
    pub words: String,
    /// Each in words, where they are several.
    pub each: Vec<Each>,
    /// `total 118 → 122.5 mg, last 24 h 9 → 13.5 mg`; where a dose does not count, first why.
    pub effect: String,
    /// Why it does not count, where it does not: `not counted: not systemic`.
    pub why_not: Option<String>,
    /// Whether it was given and is not counted, or left undecided.
    pub is_left_out: bool,
    /// What should be looked at before saving.
    pub questions: Vec<String>,
}

impl App {
    /// Reads a line for the open patient, as if it were another time.
    pub(super) fn read_line(&self, line: &str, now: Now<'_>) -> Result<Vec<quick::Typed>, String> {
        let chart = &self.patient().ok_or("open a patient first")?.chart;
        let (formulary, frequencies) = (&self.reference.formulary, &self.reference.frequencies);
        quick::parse_each(line, formulary, frequencies, now, chart).map_err(|error| error.to_string())
    }

    /// What a line would do.
    pub(super) fn echo(&self, line: &str) -> Result<Echo, String> {
        let read = self.read_line(line, self.now_here())?;
        self.time_still_holds(line, &read)?;
        self.echo_each(&read, None)
    }

    /// What a dose would do; `corrects` is the entry that it would replace.
    pub(super) fn echo_of(&self, typed: quick::Typed, corrects: Option<&EntryId>) -> Result<Echo, String> {
        self.echo_each(&[typed], corrects)
    }

    /// Of several doses, that those from this one on are not given yet, and how to write the others.
    fn still_to_come(&self, doses: usize, given: usize, next: &Administration) -> Option<String> {
        let (now, next) = (self.now_here().at, next.given.start());
        (given > 0 && next > now).then(|| {
            let (next, at) = (time::shown_near(next, now), now.format("%H:%M"));
            format!(
                "{next} is in the future (it is {at}): only {given} of these {doses} doses can have been given. Write \
                 x{given}, or leave out the later times"
            )
        })
    }

    fn echo_each(&self, typed: &[quick::Typed], corrects: Option<&EntryId>) -> Result<Echo, String> {
        let patient = self.patient().ok_or("open a patient first")?;
        let mut questions: Vec<String> = Vec::new();
        for (at, dose) in typed.iter().map(|typed| &typed.dose).enumerate() {
            let concerns = patient.concerns(dose, corrects, self.now);
            let concerns =
                concerns.map_err(|error| self.still_to_come(typed.len(), at, dose).unwrap_or(error.to_string()))?;
            let vials = crate::safety::check_vials(dose, &self.reference.formulary);
            let asked = concerns.iter().chain(&vials).map(crate::safety::Concern::words);
            // What is asked of the strength of all of them is asked once.
            let new: Vec<String> = asked.filter(|words| !questions.contains(words)).collect();
            questions.extend(new);
        }
        let doses: Vec<Administration> = typed.iter().map(|typed| typed.dose.clone()).collect();
        if doses.len() > 1 {
            questions.extend(near_question(&doses, &patient.chart));
        }
        let each: Vec<Each> = typed.iter().map(|typed| self.each(typed, &patient.chart)).collect();
        let rules = self.reference.rules();
        let left_out = doses.iter().find_map(|dose| left_out(dose, rules));
        let effect = self.effect(&doses, corrects).unwrap_or_default();
        let why_not = left_out.map(why_not);
        let effect = why_not.as_ref().map_or_else(String::new, |why| format!("{why}, ")) + &effect;
        let is_left_out = left_out.is_some_and(|reason| reason != Reason::NotGiven);
        let (words, each) = match (each.as_slice(), doses.first()) {
            ([one], _) => (one.words.clone(), Vec::new()),
            (several, Some(dose)) => {
                let drug = self.reference.formulary.shown(&dose.drug);
                let now = self.now_here().at;
                let at = |dose: Option<&Administration>| {
                    dose.map_or_else(String::new, |dose| time::shown_near(dose.given.start(), now))
                };
                let (from, to) = (at(doses.first()), at(doses.last()));
                let doses = counted(several.len(), "dose");
                (format!("{doses} of {drug} {}, from {from} to {to}", dose.amount_shown()), each)
            }
            (_, None) => return Err("type a dose first".to_owned()),
        };
        Ok(Echo { doses, words, each, effect, why_not, is_left_out, questions })
    }

    /// One of several doses, with what is recorded near it.
    fn each(&self, typed: &quick::Typed, chart: &Chart) -> Each {
        let now = self.now_here().at;
        let near = near_doses(&typed.dose, chart).map(|other| {
            let (dose, at) = (&other.value, time::shown_near(other.value.given.start(), now));
            let drug = self.reference.formulary.shown(&dose.drug);
            format!("near {drug} {}, {at}, recorded by {}", dose.amount_shown(), other.stamp.by)
        });
        Each { words: self.in_words(typed), near: near.collect() }
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

    /// What doses of one drug would do to the total of its kind, and to that of the last 24 hours.
    fn effect(&self, doses: &[Administration], corrects: Option<&EntryId>) -> Option<String> {
        let (patient, rules) = (self.patient()?, self.reference.rules());
        let (first, last) = (doses.first()?, doses.last()?);
        let stamp = |at: usize| {
            let mut id = [0; 16];
            *id.first_mut()? = u8::try_from(at).ok()?;
            let by = self.initials().cloned().or_else(|| "X".parse().ok())?;
            Some(Stamp { id: EntryId::from_random(id), by, ..Stamp::supposed(self.now) })
        };
        let mut chart = patient.chart.supposing(first, stamp(0)?, corrects);
        for (at, dose) in doses.iter().enumerate().skip(1) {
            chart = chart.supposing(dose, stamp(at)?, corrects);
        }
        let is_anakinra = rules.formulary.class(&first.drug) == Some(Class::Anakinra);
        let total_at = |chart, at| -> Option<[Exact; 4]> {
            let exposure = Exposure::of(chart, rules, self.window, at).ok()?;
            Some(if is_anakinra {
                [exposure.anakinra.mg, Exact::ZERO, Exact::ZERO, exposure.anakinra_before_day0]
            } else {
                [exposure.total, exposure.undecided.mg, exposure.last_24h, exposure.before_day0]
            })
        };
        let now = self.now_here().at;
        let ([before, _, lately, early], [after, undecided, then, earlier]) =
            (total_at(&patient.chart, now)?, total_at(&chart, now)?);
        let name = if is_anakinra { rules.formulary.shown(&first.drug) } else { "total" };
        let beside = match last.status {
            Status::Unknown if undecided.is_positive() => format!(", {} mg undecided", undecided.brief()),
            Status::Running => {
                let [in_the_end, ..] = total_at(&chart, last.given.end().max(now))?;
                format!(" so far, {} mg when it has run", in_the_end.brief())
            }
            _ => String::new(),
        };
        let lately = format!(", last 24 h {} → {} mg", lately.brief(), then.brief());
        let lately = if is_anakinra { "" } else { &lately };
        // A window from Day 0 on leaves it out, and "0 → 0 mg" alone would deny it.
        let is_outside = self.window != Window::All && after.minus(before) != earlier.minus(early);
        let day0 = if early != earlier && is_outside {
            format!(", before Day 0 {} → {} mg (outside the window)", early.brief(), earlier.brief())
        } else {
            String::new()
        };
        Some(format!("{name} {} → {} mg{beside}{day0}{lately}", before.brief(), after.brief()))
    }
}

impl Echo {
    /// What was saved, with why it does not count, where it does not.
    pub(super) fn told(&self, what: &str) -> String {
        self.why_not.as_ref().map_or_else(|| what.to_owned(), |why| format!("{what}, {why}"))
    }
}

/// Why a dose will not be in the total, before what it does to it.
fn why_not(reason: Reason) -> String {
    let what = if reason.is_undecided() { "undecided" } else { "not counted" };
    format!("{what}: {}", reason.words())
}

fn per_kg_words(ordered: PerKg, weight: Weight) -> String {
    format!(" ({ordered} × {weight})")
}
