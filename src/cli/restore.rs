//! `corticurve restore`

use super::{Failure, Outcome, Setting, backup, say};
use crate::store::Store;
use std::path::PathBuf;

/// What a backup holds and a data folder has not. Nothing that is there is overwritten, and the backup is only read.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The backup
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The data folder, or an empty one
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// Do it; without this it is only shown
    #[arg(long)]
    yes: bool,
}

impl Restore {
    pub fn run(self, setting: &Setting) -> Outcome {
        if setting.common.demo || setting.common.data.is_some() {
            return Err(Failure::unusable(
                "restore takes its folders with --from and --into; leave out --data and --demo",
            ));
        }
        let store = Store::open(&self.from).map_err(Failure::unusable)?;
        let refused = |error: crate::store::StoreError| {
            if error.is_refusal() { Failure::refused(error) } else { Failure::unusable(error) }
        };
        let copied = if self.yes {
            store.copy_into(&self.into, &setting.places.config).map_err(refused)?
        } else {
            store.preview_copy(&self.into).map_err(refused)?
        };
        backup::print(&copied, &self.into, self.yes, setting)?;
        if !self.yes && !setting.common.json && !copied.is_nothing() {
            say("nothing is written yet; add --yes to restore this\n")?;
        }
        backup::findings_in_source(copied, self.yes)
    }
}
