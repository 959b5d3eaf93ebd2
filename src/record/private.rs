//! Free text as others may see it: what somebody wrote into a note or a reason can hold a name. At the bedside it is shown
//! as being there, and not what it says.

use super::{
    Acknowledgement, Administration, Archive, Chart, ChartCheck, Event, Fact, Graded, Infusion, Measurement, Noted,
    Plan, Recorded, Review,
};

/// What stands for a note, and for a reason.
const NOTE: &str = "note hidden";
const REASON: &str = "reason hidden";

/// What can hold free text.
trait FreeText {
    /// Puts words in its place.
    fn hide(&mut self);
}

impl FreeText for Administration {
    fn hide(&mut self) {
        self.note = self.note.take().map(|_| NOTE.to_owned());
    }
}

impl FreeText for Noted {
    fn hide(&mut self) {
        if let Event::Text(text) = &mut self.event {
            NOTE.clone_into(text);
        }
    }
}

impl FreeText for Acknowledgement {
    fn hide(&mut self) {
        REASON.clone_into(&mut self.reason);
    }
}

impl FreeText for Archive {
    fn hide(&mut self) {
        REASON.clone_into(&mut self.reason);
    }
}

/// Numbers, times and names of medicines only.
macro_rules! without_free_text {
    ($($kind:ty),+) => {$(
        impl FreeText for $kind {
            fn hide(&mut self) {}
        }
    )+};
}

without_free_text!(ChartCheck, Graded, Infusion, Measurement, Plan, Review);

fn hide_all<T: FreeText>(list: &mut [Recorded<T>]) {
    for recorded in list {
        recorded.value.hide();
        if let Some(first) = &mut recorded.first {
            first.hide();
        }
        for change in &mut recorded.changes {
            REASON.clone_into(&mut change.reason);
            if let Some(replacement) = &mut change.replacement {
                replacement.hide();
            }
        }
    }
}

impl Chart {
    /// The same chart to be shown where others see it: every note and every reason is there, and none can be read. It is for
    /// the eye only: nothing of it is written down.
    #[must_use]
    pub fn with_free_text_hidden(&self) -> Self {
        let mut chart = self.clone();
        hide_all(&mut chart.administrations);
        hide_all(&mut chart.measurements);
        hide_all(&mut chart.infusions);
        hide_all(&mut chart.grades);
        hide_all(&mut chart.events);
        hide_all(&mut chart.plans);
        hide_all(&mut chart.checks);
        hide_all(&mut chart.reviews);
        hide_all(&mut chart.acknowledgements);
        hide_all(&mut chart.archived);
        chart
    }
}

impl Fact {
    /// The same fact to be shown where others see it.
    #[must_use]
    pub fn with_free_text_hidden(mut self) -> Self {
        match &mut self {
            Self::Administered(dose) => dose.hide(),
            Self::Noted(noted) => noted.hide(),
            Self::Acknowledged(answer) => answer.hide(),
            Self::Archived(archive) => archive.hide(),
            Self::StruckOut(strike_out) => REASON.clone_into(&mut strike_out.reason),
            Self::Corrected(correction) => {
                REASON.clone_into(&mut correction.reason);
                *correction.replacement = (*correction.replacement).clone().with_free_text_hidden();
            }
            Self::PatientRegistered(_)
            | Self::PatientAmended(_)
            | Self::Measured(_)
            | Self::Infused(_)
            | Self::Graded(_)
            | Self::Planned(_)
            | Self::ChartChecked(_)
            | Self::Reviewed(_) => {}
        }
        self
    }
}
