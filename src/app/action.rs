//! Everything that can be done in the window. Views return actions; `update` is the only place that carries them out.

use super::form::{Form, FormKind};
use super::guard::Guarding;
use super::lock::Unlocking;
use super::view::Asks;
use super::{Border, ChartAction, Order, Overlay};
use crate::exposure::{FigureName, Window};
use crate::record::{EntryId, PatientId};
use std::path::PathBuf;

/// Which of its answers is given to the question that is asked: they are other ones for each kind of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Of two entries, that both were given; of an infusion, that it ran to its end.
    First,
    /// Of two entries, that the one recorded first is struck out; of an infusion, that it was stopped before.
    Second,
    /// Of two entries, that the one recorded after it is struck out; of an infusion, that it still runs.
    Third,
}

/// One thing that the user did.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Begin with the platform's data folder.
    StartWard,
    /// Open the invented ward.
    TryDemo,
    /// Read the data folder again.
    Reload,
    /// The minute has changed.
    Tick,
    /// Open a form.
    Open(FormKind),
    /// A field of the open form was changed.
    Field(usize, String),
    /// Look for a file or folder for a field.
    Browse(usize),
    /// Submit a form that was filled in before the initials were asked for.
    SubmitFilled(Box<Form>),
    /// Submit the open form.
    Submit,
    /// Close the open form, or the message.
    Cancel,
    /// Stop what takes long.
    Stop,
    /// Search the ward.
    Search(String),
    /// Sort the ward list.
    SortBy(Order),
    /// Show or hide the patients who left the ward list.
    ShowArchived(bool),
    /// Show or hide the ward list, where the window has no room for it beside the patient.
    ShowList(bool),
    /// Open the patient.
    Select(PatientId),
    /// Open the patient that is so many further down the list.
    SelectBy(i32),
    /// The quick entry was changed.
    Quick(String),
    /// Save the quick entry.
    SaveQuick,
    /// Strike out what was saved just now.
    Undo,
    /// Put the first of the words that are offered in the place of the one that is being typed.
    Complete,
    /// Repeat the last dose: of the drug that is being typed, else of any.
    SameAgain,
    /// Close the message.
    Dismiss,
    /// Choose the entry that is so many further down the log.
    ChooseBy(i32),
    /// Correct the chosen entry.
    CorrectChosen,
    /// Strike out the chosen entry.
    StrikeOutChosen,
    /// Stop the chosen infusion, or change its rate.
    StopChosen,
    /// Choose an entry of the log.
    Choose(Option<EntryId>),
    /// Show the figures over another window.
    Window(Window),
    /// Label the axis with days, or with dates.
    ByDay(bool),
    /// Take hold of the next border, for the keys that move it.
    HoldNextBorder,
    /// Move the held border so many steps down or to the right.
    StepBorder(i16),
    /// Move a border, which is still being dragged.
    MoveBorder(Border, i16),
    /// Let go of a border that was dragged.
    LetGo,
    /// Lanes, log and ward list as high and wide as usual.
    UsualSizes,
    /// Do something with the chart.
    Chart(ChartAction),
    /// Show or hide struck-out and corrected entries.
    ShowStruckOut(bool),
    /// Light, dark, or as the system has it.
    NextTheme,
    /// Everything larger or smaller, in percent of now; 0 for the usual size.
    Zoom(i16),
    /// Put the figures on the clipboard.
    CopyText,
    /// Make one page of the open patient, and open it to be printed.
    Print,
    /// Take what is only supposed off the chart.
    CloseWhatIf,
    /// Show the doses that make a figure.
    Explain(FigureName),
    /// Show those of the figure that is so many further down the panel.
    ExplainBy(i32),
    /// What is searched for in the command palette was changed.
    Command(String),
    /// Choose the command that is so many further down, of as many as are found.
    CommandBy(isize, usize),
    /// Choose the change that is so many further down the list to be reviewed.
    ReviewBy(isize),
    /// Sign the review of what is shown.
    SignReview,
    /// Look at every file of the data folder.
    CheckFiles,
    /// Put on the clipboard what that found.
    CopyFiles,
    /// Answer the question that stood on the screen when the key was pressed.
    Answer(Answer),
    /// Answer this question, and no other.
    AnswerTo(Asks, Answer),
    /// Save again what this window alone still holds, of every patient.
    SaveAgain,
    /// Say that it is known why files of the open patient are missing; it is asked about first.
    MissingIsKnown,
    /// Close the window; where something would be left behind, ask whether to.
    Close,
    /// What cannot be read in this file of the outbox was recorded again.
    RecordedAgain(PathBuf),
    /// Answer what is asked about the patient.
    Guard(Guarding),
    /// Show marks in the place of names, or names again.
    HideNames,
    /// Show the open patient alone, in large type, or the whole window again.
    Bedside,
    /// Hide everything until somebody unlocks.
    Lock,
    /// What is done on the lock screen.
    Unlock(Unlocking),
    /// Close the window, after the question whether to.
    Quit,
    /// Show the list of keys or About; again, to close it.
    Overlay(Overlay),
}
