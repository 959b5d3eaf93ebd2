//! The window opens in the first way that works, and where none does the program says what to do.

use super::{Done, Station, has};
use corticurve::cli::start::{WAYS, first_that_opens, not_opened};
use eframe::egui_wgpu::WgpuError;
use eframe::{Error, Renderer};
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

fn no_wgpu() -> Error {
    Error::Wgpu(WgpuError::NoSurfaceFormatsAvailable)
}

#[allow(clippy::default_trait_access, reason = "the library of that type is not ours to name")]
fn no_opengl() -> Error {
    Error::NoGlutinConfigs(Default::default(), "failed to create EGLDisplay".into())
}

/// The ways that were tried, with what came of it, where each fails in its own way or opens.
fn tried(mut fails: impl FnMut(Renderer) -> Option<Error>) -> (Vec<Renderer>, Result<(), Vec<Error>>) {
    let mut ways = Vec::new();
    let came_of_it = first_that_opens(|way| {
        ways.push(way);
        fails(way).map_or(Ok(()), Err)
    });
    (ways, came_of_it)
}

#[test]
fn wgpu_is_tried_first_and_where_it_opens_nothing_else_is() {
    assert_eq!(WAYS, [Renderer::Wgpu, Renderer::Glow]);
    let (ways, came_of_it) = tried(|_| None);
    assert!(ways == [Renderer::Wgpu] && came_of_it.is_ok());
}

#[test]
fn where_wgpu_fails_glow_is_tried_and_opens() {
    let (ways, came_of_it) = tried(|way| (way == Renderer::Wgpu).then(no_wgpu));
    assert!(ways == WAYS && came_of_it.is_ok());
}

#[test]
fn where_both_fail_the_message_tells_both_and_what_to_do() {
    let (ways, came_of_it) = tried(|way| Some(if way == Renderer::Wgpu { no_wgpu() } else { no_opengl() }));
    assert_eq!(ways, WAYS);
    let errors = came_of_it.unwrap_err();
    assert!(matches!(errors[..], [Error::Wgpu(_), Error::NoGlutinConfigs(..)]), "{errors:?}");
    let told = not_opened(&errors, &[]);
    has(&told, &["no valid format", "; then: OpenGL has no format for a window: failed to create EGLDisplay"]);
    has(&told, &["apt-get install libgl1-mesa-dri mesa-vulkan-drivers", "corticurve --help"]);
    assert!(!told.contains("ConfigTemplate"), "{told}");
}

#[test]
fn another_renderer_is_not_tried_where_the_program_itself_failed() {
    let (ways, came_of_it) = tried(|_| Some(Error::AppCreation("no thread could be started".into())));
    assert_eq!(ways, [Renderer::Wgpu]);
    has(&not_opened(&came_of_it.unwrap_err(), &[]), &["no thread could be started"]);
}

/// A display without OpenGL that goes when the test ends.
struct Display(Child, String);

impl Display {
    fn without_opengl() -> Option<Self> {
        let mut server = std::process::Command::new("Xvfb");
        server.args(["-displayfd", "1", "-extension", "GLX", "-screen", "0", "800x600x24"]);
        let mut server = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Some(Self(server, format!(":{}", number.trim())))
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn on_a_display_that_serves_neither_the_program_tries_both_and_ends_with_the_message() {
    let Some(display) = Display::without_opengl() else {
        println!("skipped: Xvfb is not there");
        return;
    };
    let station = Station::new();
    let mut command = station.bare();
    // Nothing of Windows is on this display, and OpenGL has no driver.
    command.env("DISPLAY", &display.1).env("WGPU_BACKEND", "dx12");
    command.env("__EGL_VENDOR_LIBRARY_FILENAMES", station.path("no-driver"));
    let done = Done::of(command.arg("--demo").timeout(Duration::from_mins(1)));
    assert_eq!((done.code, done.out.as_str()), (2, ""), "{}", done.err);
    has(&done.err, &["the window could not be opened", "; then: ", "OpenGL", "apt-get install", "--help"]);
    assert_eq!(station.snapshot(), None);
}
