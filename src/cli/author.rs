//! Who writes, and what follows once something was written.

use super::{Failure, Setting, tell};
use crate::app::ward::Ward;
use crate::app::{Settings, workstation};
use crate::store::Author;

impl Setting {
    pub(super) fn author(&self) -> Result<Author, Failure> {
        if self.common.demo {
            return Err(Failure::unusable(
                "--demo is for looking; leave it out to record, with --data DIR for a trial folder",
            ));
        }
        let known = || Settings::load(&self.places.config).initials;
        let by = self.common.by.clone().or_else(known).ok_or_else(|| {
            Failure::refused("who is recording? give your initials once with --by, like --by NK; nothing was written")
        })?;
        Ok(Author { by, workstation: workstation() })
    }

    /// Once something was written: keeps the initials as the default for the next time, and says what was wrong with the
    /// backup that followed.
    pub(super) fn after_writing(&self, ward: &mut Ward, author: &Author) {
        if let Some(problem) = ward.take_backup_problem() {
            tell(format!("{problem}. What was recorded is saved"));
        }
        self.remember("the initials", |settings| settings.initials = Some(author.by.clone()));
    }

    /// Keeps something for the next time on this workstation, where it is not kept yet.
    pub(super) fn remember(&self, what: &str, change: impl FnOnce(&mut Settings)) {
        let before = Settings::load(&self.places.config);
        let mut settings = before.clone();
        change(&mut settings);
        if settings != before
            && let Err(error) = settings.save(&self.places.config)
        {
            tell(format!("{what} could not be kept in {}: {error}", self.places.config.display()));
        }
    }
}
