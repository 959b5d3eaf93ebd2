//! Plans: recording one, and looking at another that is never stored.

use crate::app::form::{Form, FormKind};
use crate::app::{App, WhatIf};
use crate::record::Fact;

impl App {
    /// What the open form's plan comes to. A supposed one is drawn as it is typed.
    pub(super) fn preview_plan(&mut self) {
        let Some(form) = self.form.clone() else { return };
        let supposes = form.kind == FormKind::WhatIf;
        let preview = if supposes { self.what_if_echo(&form) } else { self.plan_echo(&form) };
        if supposes {
            self.suppose(&form);
        }
        if let Some(form) = &mut self.form {
            form.preview = Some(preview);
        }
    }

    /// Draws the plan of a form, where its line is one.
    fn suppose(&mut self, form: &Form) {
        let (line, reach) = (form.value("What if").to_owned(), form.value("Reach, in mg").to_owned());
        let what_if = self.read_plan(&line).ok().map(|plan| WhatIf { line, reach, plan });
        if self.what_if != what_if {
            self.what_if = what_if;
            self.refresh_view();
        }
    }

    /// Takes what is only supposed off the chart.
    pub(super) fn close_what_if(&mut self) {
        self.what_if = None;
        self.refresh_view();
    }

    /// The plan of a form as a fact.
    pub(super) fn plan(&self, form: &Form) -> Result<Fact, String> {
        Ok(Fact::Planned(self.read_plan(form.value("Plan"))?))
    }

    /// Closes the form and leaves its plan on the chart. Nothing is written. Without a plan of its own the form stays open
    /// over its answer.
    pub(super) fn submit_what_if(&mut self, form: &Form) -> Result<(), String> {
        self.what_if_echo(form)?;
        self.suppose(form);
        if self.what_if.is_some() {
            self.form = None;
        }
        Ok(())
    }
}
