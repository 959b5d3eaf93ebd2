//! The form of this workstation: after how long it locks, and the PIN of who is recording.

use super::{IdleLock, Pin};
use crate::app::App;
use crate::app::form::{Form, FormKind, text};

const MINUTES: &str = "Lock after, in minutes";
const NEW_PIN: &str = "New PIN";
const AGAIN: &str = "New PIN again";

impl App {
    /// The form with the settings as they are.
    pub(in crate::app) fn workstation_form(&self) -> Form {
        let mut fields = vec![text(MINUTES, self.settings.lock.shown(), "1 to 60, or never")];
        for (label, hint) in [(NEW_PIN, "4 to 12 digits, or empty to keep it"), (AGAIN, "the same again")] {
            let mut field = text(label, "", hint);
            field.secret = true;
            fields.push(field);
        }
        let by = self.initials().map_or_else(|| "nobody yet".to_owned(), ToString::to_string);
        let about = format!(
            "After this time without input the window hides everything until somebody unlocks it; what is typed is kept. The \
             PIN is that of {by}."
        );
        Form::new(FormKind::Workstation, "This workstation", &about, fields, "Save")
    }

    pub(in crate::app) fn submit_workstation(&mut self, form: &Form) -> Result<(), String> {
        let lock = IdleLock::parse(form.value(MINUTES)).map_err(|error| format!("{MINUTES}: {error}"))?;
        let (new, again) = (form.value(NEW_PIN), form.value(AGAIN));
        let pin = match (new, again) {
            ("", "") => None,
            _ if new != again => return Err(format!("{AGAIN}: the two are not the same")),
            _ => Some(Pin::parse(new).map_err(|error| format!("{NEW_PIN}: {error}"))?),
        };
        let pin = match (pin, self.initials().cloned()) {
            (Some(_), None) => return Err("who is recording? give your initials at the top right first".to_owned()),
            (pin, initials) => initials.zip(pin),
        };
        self.settings.lock = lock;
        self.form = None;
        self.tell("The settings of this workstation are kept.");
        self.keep_settings();
        if let Some((initials, pin)) = pin {
            self.set_pin(initials, pin);
        }
        Ok(())
    }
}
