//! Which field of a form is typed in next: when it opens, and when it was refused.

use super::form::{Field, Form};

impl Form {
    /// The field that the form opens in: the first list box in which nothing is chosen yet, or field to be typed in.
    pub fn opens_in(&self) -> Option<usize> {
        self.fields.iter().position(|field| field.choices.is_empty() || field.value.is_empty())
    }

    /// The field that the last refusal is about: its name stands before the colon, or it is empty and asked for by name.
    /// None where the form only asks whether it is meant.
    pub fn at_fault(&self) -> Option<usize> {
        let error = self.error.as_ref().filter(|_| !self.confirmed)?.to_lowercase();
        let begins_with = |field: &Field| {
            let rest = error.strip_prefix(&field.label.to_lowercase());
            rest.is_some_and(|rest| rest.starts_with([':', ' ']))
        };
        let asks_for = |field: &Field| {
            let label = field.label.to_lowercase();
            field.value.trim().is_empty()
                && error.split(|letter: char| !letter.is_alphabetic()).any(|word| word == label)
        };
        let fields = || self.fields.iter();
        fields().position(begins_with).or_else(|| fields().position(asks_for))
    }
}
