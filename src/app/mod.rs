//! The running app: state, actions, update. Knows no widget.
//!
//! A view takes the [`App`] and returns [`Action`]s; [`App::update`] is the only place where anything changes. Views that
//! are costly are worked out after a change and kept ([`view`]), never on a frame. The command line uses [`ward`], so that
//! both write records by the same few functions.
//!
//! Start at [`App`] and [`Action`].

mod action;
mod ask;
mod chart;
pub mod clock;
mod commands;
mod dose_form;
mod drafts;
mod files;
pub mod form;
mod form_draft;
mod form_focus;
pub mod guard;
mod kept;
pub mod known;
mod list;
mod local;
pub mod lock;
pub mod names;
pub mod page;
pub mod page_file;
mod pending;
mod plan;
mod quick;
mod reference;
mod rows;
mod settings;
mod sizes;
mod system;
pub mod unit;
mod update;
pub mod view;
pub mod ward;
pub mod worker;
mod working;
mod writer;

pub use action::{Action, Answer};
pub use ask::{Freshness, Marks};
pub use chart::{ChartAction, ChartState, Crosshair};
pub use commands::Commands;
pub use drafts::{Draft, Drafts};
pub use files::FilesView;
pub use kept::DamagedFile;
pub use list::{Order, WardList};
pub use pending::Pending;
pub use plan::WhatIf;
pub use quick::{Each, Echo, QuickEntry, Undoable};
pub use reference::{Reference, ReferenceError};
pub use settings::{Places, Settings, Theme, WindowSize};
pub use sizes::{Border, Sizes};
pub use system::{Browse, Viewer};

use crate::exposure::Window;
use crate::record::{EntryId, Initials, Moment, PatientId};
use crate::store::{Author, OsStorage};
use clock::Clock;
use form::{Form, FormKind};
use guard::Guard;
use lock::Lock;
use std::sync::Arc;
use system::Printing;
use view::{Asks, ChartTable, ExplanationView, PatientView, ReviewView, WardRow};
use worker::{Seen, Worker};

/// Something to tell the user, at the bottom of the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub text: String,
    /// Whether something went wrong; it then stays until it is dismissed.
    pub is_error: bool,
    /// Whether it is about an entry that is kept here and not in the ward's folder yet.
    pub is_kept_here: bool,
}

/// What can be shown over the window, besides a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overlay {
    /// The list of keys.
    Keys,
    /// What the program is and is not.
    About,
    /// Weights, infusions, grades, events, plans and chart checks.
    Entries,
    /// What the last import did.
    Report,
    /// Whether to close the window although something waits.
    Quit,
    /// The doses that make a figure.
    Explanation,
    /// The chart as a table.
    ChartTable,
    /// The command palette.
    Commands,
    /// What a look at every file found.
    Files,
    /// What is damaged of what waits here.
    Damaged,
    /// What changed since the last signed review.
    Review,
}

/// How the window looks where others see it too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bedside {
    /// Whether the open patient is shown alone, in large type, to be read only.
    pub is_on: bool,
    /// Whether a mark stands for each name.
    pub names_hidden: bool,
}

/// Whether the window is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Open,
    Closing,
}

/// The state of the window.
pub struct App {
    /// The shipped data.
    pub reference: Reference,
    /// The platform's folders, or those of the command line.
    pub places: Places,
    /// What this workstation remembers.
    pub settings: Settings,
    /// The same as they were last kept: the demo ward changes nothing of them.
    kept_settings: Settings,
    /// The ward as it was last read; without one, the first-run screen is shown.
    pub ward: Option<Seen>,
    /// The ward list.
    pub rows: Vec<Arc<WardRow>>,
    rows_from: rows::Rows,
    /// What is searched for in it.
    pub search: String,
    /// Which rows are shown, and in which order.
    pub list: WardList,
    /// The open patient.
    pub selected: Option<PatientId>,
    /// What is shown of them; an error when amounts cannot be added up.
    pub view: Option<Result<PatientView, String>>,
    /// Where the figure comes from that is being looked at.
    pub explanation: Option<ExplanationView>,
    /// What changed since the last signed review, while that is looked at.
    pub review: Option<ReviewView>,
    /// The quick entry.
    pub quick: QuickEntry,
    /// How many lines were taken from it to be saved.
    lines_taken: u64,
    /// Lines of the quick entry that are not saved yet, of each patient.
    drafts: Drafts,
    /// What writes them, and the settings.
    writer: Option<writer::Writer>,
    /// The open form.
    pub form: Option<Form>,
    /// How many were opened.
    forms: u64,
    /// Another plan for the open patient, drawn beside what is recorded and never stored.
    pub what_if: Option<WhatIf>,
    /// The chosen entry of the log.
    pub chosen: Option<EntryId>,
    /// Whether the lists are to be scrolled to what is chosen in them.
    pub scroll: bool,
    /// The window that figures are over.
    pub window: Window,
    /// The chart's crosshair and stretch.
    pub chart: ChartState,
    /// The border that keys move.
    pub held: Option<Border>,
    /// The chart as a table, while it is looked at.
    pub chart_table: Option<ChartTable>,
    /// Whether the log shows struck-out and corrected entries.
    pub show_struck_out: bool,
    /// Something to tell.
    pub notice: Option<Notice>,
    /// When something was last saved here.
    pub saved_at: Option<Moment>,
    /// What is shown over the window, besides a form.
    pub overlay: Option<Overlay>,
    /// What came while one patient was shown alone: it is shown when that view is left.
    late: Option<Overlay>,
    /// What is typed into the command palette.
    pub commands: Commands,
    /// What the last import did, row by row in the sum.
    pub report: String,
    /// What the last look at every file found.
    pub files: Option<FilesView>,
    /// Text for the clipboard, taken by the window.
    pub clipboard: Option<String>,
    /// The present, as of the last action.
    pub now: Moment,
    /// Whether nothing of any patient may be shown.
    pub lock: Lock,
    /// What keeps a dose from the wrong patient.
    pub guard: Guard,
    /// How the window looks where others see it too.
    pub bedside: Bedside,
    clock: Arc<dyn Clock>,
    browse: Arc<dyn Browse>,
    /// Whether the user is looking for a file or a folder.
    is_browsing: bool,
    printing: Printing,
    /// The only way to the records.
    worker: Worker,
    /// What it was asked for last, until it is done.
    pending: Option<Pending>,
    /// The form for which a file is being read.
    reading: Option<u64>,
    /// What others have written and nobody has looked at here.
    marks: Marks,
    /// Since when the folder cannot be read.
    unreachable_since: Option<Moment>,
    life: Life,
    /// Grows with each view that is worked out.
    view_number: u64,
    /// How far that is.
    working: working::Working,
    /// What was saved last, one after the other.
    undoable: Vec<Undoable>,
    /// What is to be done once the initials are known.
    after_initials: Option<Action>,
    /// The question that stood on the screen in the frame before.
    asked: Option<Asks>,
}

impl App {
    /// The windows that can be chosen in the window; the command line also takes FROM..TO. Of a patient with several
    /// infusions each opened an episode.
    pub fn windows(&self) -> Vec<Window> {
        let hours = [24, 72, 168].map(Window::LastHours);
        let mut windows = vec![Window::Day0, Window::Day30];
        windows.extend(hours);
        windows.push(Window::All);
        let episodes = self.shown().map_or(0, |view| view.exposure.episodes.len());
        windows.extend((1..=episodes).filter(|_| episodes > 1).map(Window::Episode));
        windows
    }

    /// The window after the chosen one.
    pub fn next_window(&self) -> Window {
        let windows = self.windows();
        let mut all = windows.iter().cycle().skip_while(|window| **window != self.window).take(windows.len() + 2);
        all.nth(1).copied().unwrap_or(Window::Day0)
    }

    /// The window's state over a worker that does everything at once. A data folder that already holds a ward is opened.
    pub fn new(reference: Reference, places: Places, clock: Box<dyn Clock>, browse: Box<dyn Browse>) -> Self {
        let mut app = Self::unopened(reference, places, clock, browse, Worker::inline(Arc::new(OsStorage)));
        app.open_what_is_there();
        app
    }

    /// The same, with no ward opened, over a worker.
    pub fn unopened(
        reference: Reference,
        places: Places,
        clock: Box<dyn Clock>,
        browse: Box<dyn Browse>,
        worker: Worker,
    ) -> Self {
        let settings = Settings::load(&places.config);
        let now = clock.now();
        Self {
            reference,
            places,
            kept_settings: settings.clone(),
            settings,
            ward: None,
            rows: Vec::new(),
            rows_from: rows::Rows::default(),
            search: String::new(),
            list: WardList::default(),
            selected: None,
            view: None,
            explanation: None,
            review: None,
            quick: QuickEntry::default(),
            lines_taken: 0,
            drafts: Drafts::default(),
            writer: None,
            form: None,
            forms: 0,
            what_if: None,
            chosen: None,
            scroll: false,
            window: Window::Day0,
            chart: ChartState::default(),
            held: None,
            chart_table: None,
            show_struck_out: false,
            notice: None,
            saved_at: None,
            overlay: None,
            late: None,
            commands: Commands::default(),
            report: String::new(),
            files: None,
            clipboard: None,
            now,
            lock: Lock::default(),
            guard: Guard::default(),
            bedside: Bedside::default(),
            clock: Arc::from(clock),
            browse: Arc::from(browse),
            is_browsing: false,
            printing: Printing::default(),
            worker,
            pending: None,
            reading: None,
            marks: Marks::new(),
            unreachable_since: None,
            life: Life::Open,
            view_number: 0,
            working: working::Working::default(),
            undoable: Vec::new(),
            after_initials: None,
            asked: None,
        }
    }

    /// Who is recording.
    pub fn initials(&self) -> Option<&Initials> {
        self.settings.initials.as_ref()
    }

    /// Records under these initials from now on.
    pub fn record_as(&mut self, initials: Initials) {
        if self.initials() != Some(&initials) {
            self.undoable.clear();
        }
        self.settings.initials = Some(initials);
        self.form = self.form.take().filter(|form| form.kind != FormKind::Initials);
        // Whose last review it is depends on who looks.
        self.refresh_view();
        self.keep_settings();
    }

    /// Keeps how large the window is, for the next time.
    pub fn remember_window(&mut self, size: WindowSize) {
        if self.settings.window != Some(size) {
            self.settings.window = Some(size);
            self.keep_settings();
        }
    }

    /// The open patient as read.
    pub fn patient(&self) -> Option<&ward::Patient> {
        self.ward.as_ref()?.patient(self.selected.as_ref()?).map(Arc::as_ref)
    }

    /// The open patient's figures, where they can be shown.
    pub fn shown(&self) -> Option<&PatientView> {
        self.view.as_ref()?.as_ref().ok()
    }

    /// A number of the view of the open patient: the same as long as that says the same.
    pub const fn view_number(&self) -> u64 {
        self.view_number
    }

    /// How many lines of the quick entry were taken to be saved.
    pub const fn lines_taken(&self) -> u64 {
        self.lines_taken
    }

    /// Whether the invented ward is open.
    pub fn is_demo(&self) -> bool {
        self.ward.as_ref().is_some_and(Seen::is_demo)
    }

    /// Whether what is shown relative to now is from another minute.
    pub fn minute_has_changed(&self) -> bool {
        self.clock.now().timestamp() / 60 != self.now.timestamp() / 60
    }

    /// How long what is shown stays right; `None` while nothing is shown.
    pub fn seconds_to_next_minute(&self) -> Option<u64> {
        let gone = u64::try_from(self.clock.now().timestamp().rem_euclid(60)).ok()?;
        self.ward.is_some().then_some(60 - gone)
    }

    fn author(&self) -> Option<Author> {
        self.initials().map(|by| Author { by: by.clone(), workstation: workstation() })
    }
}

/// This computer's name.
pub fn workstation() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}
