//! The ways in which the window can be opened, one after the other, and what to do where none of them works.

use eframe::{Error, Renderer};

/// The ways in their order. Virtual machines and remote sessions may lack either; wgpu first, because Windows serves it
/// everywhere.
pub const WAYS: [Renderer; 2] = [Renderer::Wgpu, Renderer::Glow];

/// What can be done where no window opens.
const INSTEAD: &str = "Start it in a desktop session, or use the command line: corticurve register, record, import, log, summary, curve, \
    report, plan, project, convert, settings, verify, backup, restore; `corticurve --help` explains each, and `corticurve --demo summary` shows an invented ward";

/// What tells a program under Linux where its display is.
const DISPLAYS: [&str; 2] = ["WAYLAND_DISPLAY", "DISPLAY"];

/// Opens the window on the display of this session, in the first way that works, and returns when it is closed.
///
/// # Errors
/// Why it was not opened, by each way that was tried, and what to do.
pub fn open_window(open: impl FnMut(Renderer) -> eframe::Result) -> Result<(), String> {
    let displays = displays();
    if cfg!(target_os = "linux") && displays.is_empty() {
        let names = DISPLAYS.join(" and ");
        return Err(format!("there is no display to open a window on: {names} are not set. {INSTEAD}"));
    }
    first_that_opens(open).map_err(|errors| not_opened(&errors, &displays))
}

/// Tries the ways until one opens the window; another is tried only where the renderer was at fault.
///
/// # Errors
/// What each way that was tried came to.
pub fn first_that_opens(mut open: impl FnMut(Renderer) -> eframe::Result) -> Result<(), Vec<Error>> {
    let mut errors = Vec::new();
    for way in WAYS {
        let Err(error) = open(way) else { return Ok(()) };
        let goes_on = is_of_the_renderer(&error);
        errors.push(error);
        if !goes_on {
            break;
        }
    }
    Err(errors)
}

/// Whether another renderer may open the window all the same: not where there is no display, or the program itself failed.
const fn is_of_the_renderer(error: &Error) -> bool {
    matches!(error, Error::Wgpu(_) | Error::Glutin(_) | Error::NoGlutinConfigs(..) | Error::OpenGL(_))
}

/// Where the environment says that a display is.
fn displays() -> Vec<String> {
    let said = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    DISPLAYS.iter().filter_map(|name| Some(format!("{name} is '{}'", said(name)?))).collect()
}

/// Why no window was opened, by each way that was tried, and what to do.
pub fn not_opened(errors: &[Error], displays: &[String]) -> String {
    let why: Vec<String> = errors.iter().map(in_words).collect();
    let why = why.join("; then: ");
    if errors.iter().any(|error| matches!(error, Error::WinitEventLoop(_))) {
        let displays = displays.join(" and ");
        return format!(
            "there is no display to open a window on: {displays}, and nothing answers there ({why}). {INSTEAD}"
        );
    }
    format!(
        "the window could not be opened ({why}); install a graphics driver, on Debian: apt-get install \
         libgl1-mesa-dri mesa-vulkan-drivers libxkbcommon-x11-0; or use the command line, see `corticurve --help`"
    )
}

/// An error as who reads it can use it: without what was asked of the library, and the file and line that it failed in.
fn in_words(error: &Error) -> String {
    if let Error::NoGlutinConfigs(_, why) = error {
        return format!("OpenGL has no format for a window: {why}");
    }
    let error = error.to_string();
    let Some((before, after)) = error.split_once(".rs:") else { return error };
    let what = before.rsplit_once(" at ").map_or("", |(what, _)| what);
    format!("{what}: {}", after.split_once(": ").map_or(after, |(_, why)| why))
}
