//! The lanes day by day, as numbers: the chart for whoever does not see it.

use super::Figure;
use crate::exposure::Exact;
use crate::record::{DrugId, Grade, Scale};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// What the lanes show of one date, in the unit of the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneDay {
    /// The wall-clock date.
    pub date: NaiveDate,
    /// Dexamethasone-equivalent by drug, in the order in which they are stacked.
    pub steroids: Vec<(DrugId, Exact)>,
    /// Anakinra.
    pub anakinra: Option<Exact>,
    /// The highest grade in force on each scale that was above 0.
    pub grades: Vec<(Scale, Grade)>,
    /// What happened.
    pub events: Vec<String>,
}

impl LaneDay {
    fn on(date: NaiveDate) -> Self {
        Self { date, steroids: Vec::new(), anakinra: None, grades: Vec::new(), events: Vec::new() }
    }
}

impl Figure {
    /// Every date with something in a lane, the earliest first. Source: design, section 7: the same data as a table.
    ///
    /// ```
    /// use corticurve::exposure::{Exposure, Window, examples, figure::Figure};
    /// let (rules, now) = (examples::rules().unwrap(), examples::now().unwrap());
    /// let lines = ["dex 10 iv 2026-11-14T06:00Z", "dex 10 iv 2026-11-14T18:00Z", "ana 100 sc 2026-11-15T12:00Z"];
    /// let chart = examples::treated(&lines).unwrap();
    /// let exposure = Exposure::of(&chart, rules, Window::Day0, now).unwrap();
    /// let days = Figure::of(&chart, rules, &exposure).unwrap().days();
    /// assert_eq!((days.len(), days[0].steroids[0].1.decimal(), days[0].anakinra), (2, "20".to_owned(), None));
    /// assert_eq!(days[1].anakinra.unwrap().decimal(), "100");
    /// ```
    pub fn days(&self) -> Vec<LaneDay> {
        let mut days: BTreeMap<NaiveDate, LaneDay> = BTreeMap::new();
        let amounts = &self.amounts.daily;
        for (date, parts) in &amounts.steroids {
            let stacked = self.drugs.iter().filter_map(|drug| Some((drug.clone(), *parts.get(drug)?)));
            days.entry(*date).or_insert_with(|| LaneDay::on(*date)).steroids = stacked.collect();
        }
        for (date, mg) in &amounts.anakinra {
            days.entry(*date).or_insert_with(|| LaneDay::on(*date)).anakinra = Some(*mg);
        }
        for cell in &self.grades {
            let (Some(from), Some(to)) = (self.axis.wall(cell.from), self.axis.wall(cell.to)) else { continue };
            for date in from.date().iter_days().take_while(|date| *date <= to.date()) {
                // A grade that ends with midnight is of the day before.
                if date > from.date() && date.and_time(chrono::NaiveTime::MIN) == to {
                    continue;
                }
                let grades = &mut days.entry(date).or_insert_with(|| LaneDay::on(date)).grades;
                match grades.iter_mut().find(|(scale, _)| *scale == cell.scale) {
                    Some((_, grade)) => *grade = (*grade).max(cell.grade),
                    None => grades.push((cell.scale, cell.grade)),
                }
            }
        }
        for mark in &self.marks {
            if let Some(wall) = self.axis.wall(mark.x) {
                let day = days.entry(wall.date()).or_insert_with(|| LaneDay::on(wall.date()));
                day.events.push(mark.words.clone());
            }
        }
        days.into_values().collect()
    }
}
