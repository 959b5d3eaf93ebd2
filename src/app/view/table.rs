//! The chart as a table: every dose with its running total, and what the lanes show of each day.

use super::explanation::columns;
use crate::exchange::listing::rows_csv;
use crate::exposure::figure::{AmountUnit, Figure, LaneDay};
use crate::exposure::{self, Exact, Exposure, LogRow, Overflow, Rules};
use crate::record::{Chart, Formulary, Moment, Status, Zone, time};

/// The chart in rows and words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChartTable {
    /// The doses that are in the lanes, the earliest first.
    pub doses: Vec<[String; 6]>,
    /// The days with something in a lane, the earliest first.
    pub days: Vec<[String; 6]>,
    /// The headings of the doses.
    pub dose_headings: [String; 6],
    /// The headings of the days.
    pub day_headings: [String; 6],
}

impl ChartTable {
    /// Puts a chart into rows. Every number is that of the log or of the lanes.
    ///
    /// # Errors
    /// [`Overflow`].
    pub fn of(
        chart: &Chart,
        rules: Rules<'_>,
        exposure: &Exposure,
        figure: &Figure,
        zone: &dyn Zone,
    ) -> Result<Self, Overflow> {
        let rows = exposure::log(chart, rules, exposure)?;
        let shown = rows.iter().filter(|row| figure.spot(&row.recorded.stamp.id).is_some());
        let unit = figure.unit();
        Ok(Self {
            doses: shown.map(|row| dose(row, exposure.as_of, zone)).collect(),
            days: figure
                .days()
                .into_iter()
                .map(|day| day_cells(&day, exposure, rules.formulary, unit))
                .collect::<Result<_, _>>()?,
            dose_headings: ["Given", "Day", "Drug", "Dose", "Route", "Running total"].map(str::to_owned),
            day_headings: [
                "Date".to_owned(),
                "Day".to_owned(),
                format!("Steroid, {}", unit.word()),
                format!("Anakinra, {}", unit.word()),
                "Grades".to_owned(),
                "Events".to_owned(),
            ],
        })
    }

    /// Both tables as text.
    pub fn as_text(&self) -> String {
        let of = |headings, rows: &[[String; 6]]| columns(std::iter::once(headings).chain(rows));
        format!("Doses\n{}Days\n{}", of(&self.dose_headings, &self.doses), of(&self.day_headings, &self.days))
    }

    /// Both tables as CSV, one below the other.
    ///
    /// # Errors
    /// [`csv::Error`], which writing to memory does not give.
    pub fn as_csv(&self) -> Result<String, csv::Error> {
        // The minus of the window is a sign of its own, which no spreadsheet reads.
        let plain = |rows: &[[String; 6]]| -> Vec<[String; 6]> {
            let day = |cell: &String| if cell.starts_with('−') { cell.replacen('−', "-", 1) } else { cell.clone() };
            rows.iter().map(|row| row.each_ref().map(day)).collect()
        };
        let doses = rows_csv(&self.dose_headings, &plain(&self.doses))?;
        Ok(format!("{doses}\n{}", rows_csv(&self.day_headings, &plain(&self.days))?))
    }
}

fn dose(row: &LogRow, as_of: Moment, zone: &dyn Zone) -> [String; 6] {
    let given = &row.recorded.value;
    [
        given.given.shown(zone),
        row.day.map_or_else(String::new, |day| day.to_string()),
        row.drug.clone(),
        // Of one that is running, the whole amount is not in the running total yet.
        if given.status == Status::Running && given.given.end() > as_of {
            format!("{}, running", given.amount_shown())
        } else {
            given.amount_shown()
        },
        given.route_shown().to_owned(),
        row.running.map_or_else(|| format!("not in it: {}", row.counted), |mg| format!("{} mg", mg.brief())),
    ]
}

fn day_cells(
    day: &LaneDay,
    exposure: &Exposure,
    formulary: &Formulary,
    unit: AmountUnit,
) -> Result<[String; 6], Overflow> {
    let digits = |amount: Exact| match unit {
        AmountUnit::Mg => amount.brief(),
        AmountUnit::MgPerKg => amount.shown(2),
    };
    let sum = Exact::sum(day.steroids.iter().map(|(_, mg)| *mg))?;
    let parts: Vec<String> =
        day.steroids.iter().map(|(drug, mg)| format!("{} {}", formulary.shown(drug), digits(*mg))).collect();
    let steroid = match parts.as_slice() {
        [] => String::new(),
        [_] => digits(sum),
        _ => format!("{} ({})", digits(sum), parts.join(", ")),
    };
    let grades = day.grades.iter().map(|(scale, grade)| format!("{} {}", scale.word(), grade.number()));
    Ok([
        time::shown_date(day.date),
        exposure.day_of(day.date).map_or_else(String::new, |day| day.to_string()),
        steroid,
        day.anakinra.map_or_else(String::new, digits),
        grades.collect::<Vec<_>>().join(", "),
        day.events.join(", "),
    ])
}
