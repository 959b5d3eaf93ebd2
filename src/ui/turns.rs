//! What was typed and clicked, in its turn. A frame that comes late brings everything at once that was done meanwhile, and a
//! window sees the shortcuts in it before the letters, and one Tab of two: a dose would be saved for the patient who was
//! opened after it was typed. So each key and each click that does something has a frame of its own, in the order in which
//! they were made, and what is typed next waits until the window shows what came of it.

use egui::{Context, Event, Key, Modifiers, Plugin, RawInput};
use std::collections::{BTreeSet, VecDeque};

/// In which frame after a key or click that does something the next may be typed: what it opens is drawn in the first, and
/// has the keyboard in the second.
const FRAMES: u8 = 3;

/// Gives a window its input in turns.
#[derive(Default)]
pub struct Turns {
    waiting: VecDeque<(Event, Kind)>,
    /// The keys that are down once everything that waits has had its turn.
    down: BTreeSet<Key>,
    /// The frames that what is typed waits for.
    frames: u8,
}

/// What an event has to do with those before and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Goes with any other.
    Passive,
    /// Where the pointer is.
    Pointer,
    /// Text and what edits it.
    Typed,
    /// A key that goes from line to line.
    Step,
    /// A key that does something.
    Key,
    /// A button that goes down.
    Press,
    /// A button that is let go, and what else clicks.
    Click,
}

impl Kind {
    fn of(event: &Event) -> Self {
        match event {
            Event::Text(_) | Event::Paste(_) | Event::Copy | Event::Cut | Event::Ime(_) => Self::Typed,
            Event::Key { key, pressed: true, modifiers, .. } => Self::of_key(*key, *modifiers),
            Event::PointerMoved(_) => Self::Pointer,
            Event::PointerButton { pressed: true, .. } => Self::Press,
            Event::PointerButton { .. } | Event::MiddleClickPaste { .. } | Event::AccessKitActionRequest(_) => {
                Self::Click
            }
            _ => Self::Passive,
        }
    }

    fn of_key(key: Key, modifiers: Modifiers) -> Self {
        let is_function = key.name().len() > 1 && key.name().starts_with('F');
        match key {
            _ if is_function || modifiers.ctrl || modifiers.alt || modifiers.command => Self::Key,
            Key::Tab | Key::Enter | Key::Escape | Key::Delete | Key::Insert => Self::Key,
            Key::ArrowUp
            | Key::ArrowDown
            | Key::ArrowLeft
            | Key::ArrowRight
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown => Self::Step,
            _ => Self::Typed,
        }
    }
}

impl Turns {
    /// Whether a key is held, and so pressed again by the system.
    fn is_repeated(&mut self, event: &Event) -> bool {
        match event {
            Event::Key { key, pressed: true, .. } => !self.down.insert(*key),
            Event::Key { key, .. } => {
                self.down.remove(key);
                false
            }
            Event::WindowFocused(false) => {
                self.down.clear();
                false
            }
            _ => false,
        }
    }

    fn add(&mut self, event: Event) {
        let kind = Kind::of(&event);
        // A key that is held does not go on after it was let go.
        if self.is_repeated(&event) && matches!(kind, Kind::Step | Kind::Key) && !self.waiting.is_empty() {
            return;
        }
        self.waiting.push_back((event, kind));
    }

    /// What has its turn now.
    fn turn(&mut self) -> Vec<Event> {
        let mut turn = Vec::new();
        let (mut moves, mut types, mut clicks) = (false, false, false);
        self.frames = self.frames.saturating_sub(1);
        while let Some((event, kind)) = self.waiting.pop_front() {
            let is_early = match kind {
                Kind::Passive => false,
                // A button goes down where the pointer is then, and not where it goes.
                Kind::Pointer => clicks,
                Kind::Typed => self.frames > 0 || clicks,
                Kind::Step | Kind::Key => self.frames > 0 || types || clicks,
                // A double click may be in one frame.
                Kind::Press => types,
                // Where a drag ends is seen after where it went.
                Kind::Click => types || moves,
            };
            if is_early {
                self.waiting.push_front((event, kind));
                break;
            }
            turn.push(event);
            match kind {
                Kind::Passive => {}
                Kind::Pointer => moves = true,
                Kind::Typed => types = true,
                Kind::Press => clicks = true,
                Kind::Click => (clicks, self.frames) = (true, FRAMES),
                Kind::Step => break,
                Kind::Key => {
                    self.frames = FRAMES;
                    break;
                }
            }
        }
        turn
    }
}

impl Plugin for Turns {
    fn debug_name(&self) -> &'static str {
        "turns"
    }

    fn input_hook(&mut self, context: &Context, input: &mut RawInput) {
        for event in std::mem::take(&mut input.events) {
            self.add(event);
        }
        input.events = self.turn();
        if !self.waiting.is_empty() {
            context.request_repaint();
        }
    }
}
