//! The settings that a workstation last saw in force. Nothing else can tell that a file of them was removed: in the folder it
//! looks as if the unit had never changed any.

use crate::app::Settings;
use crate::exposure::{UnitChange, UnitHistory};
use crate::store::UnitRecord;

impl Settings {
    /// The settings of a data folder that were last in force on this workstation, where no file holds them any more and nobody
    /// has put others into force since.
    pub fn gone_settings(&self, store: &str, unit: &UnitRecord) -> Option<UnitChange> {
        let seen = UnitHistory::parse(&format!("[{}]", self.unit_seen.get(store)?)).ok()?.last()?.clone();
        // One that was edited in its place, or that a later one follows, is a change and no loss.
        let is_gone = unit.history.last().is_none_or(|last| last.at < seen.at);
        is_gone.then_some(seen)
    }
}
