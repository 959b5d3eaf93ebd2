//! The longer words of the interface, in one place.

/// What the program is and is not.
pub const ABOUT: &str = "Corticurve records every dexamethasone and anakinra administration of a patient on a CAR T-cell \
    unit and shows the cumulative steroid exposure as a curve. It adds up what was recorded, under a conversion table that \
    it names. It is not a certified medical device and gives no advice. Check every figure against the medication chart \
    before you act on it.";

/// The first-run screen.
pub const WELCOME: &str = "Cumulative steroid exposure after CAR T-cell therapy, with anakinra beside it.";

/// What starting a ward does.
pub const START: &str = "Records are kept on this computer, in the folder named below. Nothing is sent anywhere.";

/// What importing does.
pub const IMPORT: &str = "Medication administration records as a CSV file. The same file never counts twice.";

/// What the demo is.
pub const DEMO: &str = "Invented patients in a temporary folder that is removed when the window closes.";

/// How often the folder is looked at.
pub const FRESHNESS: &str = "The open patient's files are read again every 2 s, those of the ward at least every 10 s. What \
    others record appears by itself.";

/// What closing the window means for what waits.
pub const QUIT: &str = "Nobody else sees these entries before they are delivered. They are kept on this workstation and \
    delivered when Corticurve is opened here again and the ward's folder can be written to.";

/// What to do about a damaged file of the outbox.
pub const DAMAGED: &str = "These lines were kept here because the ward's folder did not take them, and were damaged since. They \
    are not in the ward's folder and are not counted. Compare them with the medication chart, record them again, and then \
    say so here. The file stays where it is.";

/// The same where nothing is.
pub const NOTHING_DAMAGED: &str = "Nothing of it is damaged.";

/// What it means to say that a loss is known.
pub const KNOWN: &str = "Say so only where they were moved away or put back to an older state on purpose. This workstation then \
    misses them no longer; others go on telling what they miss, and nothing is written into the record. A file that comes back is \
    remembered again.";

/// The same while the window holds what is lost.
pub const KNOWN_AND_HELD: &str = "Entries of this patient are in this window only and go when it is closed. To keep them, go back \
    and save again what is missing (Ctrl+Shift+M).";

/// The banner over the demo.
pub const DEMO_BANNER: &str = "DEMO · every patient here is invented · the folder is removed when the window closes";

/// The same where there is less room.
pub const DEMO_SHORT: &str = "DEMO · every patient here is invented";

/// The lock screen.
pub const LOCKED: &str = "Nothing that was typed is lost. Whoever unlocks records under their own initials.";

/// In the place of what names patients.
pub const NAMES_IN_LINES: &str =
    "Damaged lines may name patients. Names are hidden: show them with Ctrl+H to read them.";

/// The same, of an import.
pub const NAMES_IN_REPORT: &str = "The report names patients. Names are hidden: show them with Ctrl+H to read it.";

/// In the place of a line of the quick entry that is kept.
pub const LINE_HELD: &str =
    "A line is kept of this patient. It may hold a name: show the names with Ctrl+H to go on with it.";

/// What to do about a PIN that nobody remembers.
pub const FORGOTTEN: &str = "PIN forgotten? A colleague can unlock with their own initials. Or close the program, start it \
    again, and set a new PIN with Ctrl+Shift+U; a line in the quick entry is kept. The lock hides the window; the files are \
    protected by this computer's account.";

/// The quick entry while it is empty.
pub const QUICK_HINT: &str = "dex 10 iv 14:30 icans";

/// How the quick entry is written.
pub const QUICK_HELP: &str = "drug, amount, route, time, purpose in any order after the drug: ana 100 sc -2h   ·   \
    dex 0.2mg/kg iv   ·   hydro 10mg/h 14:00-18:00   ·   hold dex 14:00 refused; patient off ward";

/// What "new" counts in a row of the ward list; the review counts otherwise.
pub const NEW: &str = "new: from other workstations, and not looked at here yet";

/// What is counted since a review.
pub const SINCE_REVIEW: &str = "what changed since, from here and elsewhere, that you have not signed (Ctrl+Shift+V)";
