//! The command line from outside: the real program, in a folder of its own.

mod backup;
mod bad_input;
mod convert;
mod explain;
pub mod hostile;
mod import;
mod log;
mod many;
mod plan;
mod ready;
mod record;
mod register;
mod report;
mod settings;
mod spelling;
mod start;
mod summary;
mod verify;
mod waiting;

use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A workstation with a data folder, a config folder and a home that go when the test ends. Its clock is in UTC.
struct Station {
    folder: TempDir,
}

/// What a command came to.
struct Done {
    code: i32,
    out: String,
    err: String,
}

impl Station {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// With a patient, recorded by NK, infused on 13 November 2026; the present is always later.
    fn with_robin() -> Self {
        let station = Self::new();
        station.run(&robin("40 017")).saved();
        station
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.path("data")
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    /// The program, with nothing of the user who runs the test.
    fn bare(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_corticurve"));
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "own-data"),
        ] {
            command.env(name, self.path(folder));
        }
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
            command.env_remove(name);
        }
        command.env("TZ", "UTC").current_dir(self.folder.path());
        command
    }

    fn command(&self, arguments: &[impl AsRef<OsStr>]) -> Command {
        let mut command = self.bare();
        command.arg("--data").arg(self.data()).args(arguments);
        command
    }

    /// The same in a folder that is spelled in any way.
    fn run_in(&self, data: &str, arguments: &[impl AsRef<OsStr>]) -> Done {
        Done::of(self.bare().arg("--data").arg(data).args(arguments))
    }

    fn run(&self, arguments: &[impl AsRef<OsStr>]) -> Done {
        Done::of(&mut self.command(arguments))
    }

    fn demo(&self, arguments: &[&str]) -> Done {
        Done::of(self.bare().arg("--demo").args(arguments))
    }

    fn record(&self, line: &str) -> Done {
        self.run(&["record", "--patient", "40 017", line])
    }

    /// The figures of one patient.
    fn figures(&self, mrn: &str) -> Value {
        self.run(&["summary", "--json", mrn]).json()["patients"][0].clone()
    }

    /// Everything in the data folder, byte for byte; `None` where there is no folder.
    fn snapshot(&self) -> Option<BTreeMap<PathBuf, Vec<u8>>> {
        self.data().exists().then(|| {
            let mut files = BTreeMap::new();
            gather(&self.data(), &mut files);
            files
        })
    }

    fn segments(&self) -> Vec<PathBuf> {
        let files = self.snapshot().unwrap_or_default().into_keys();
        files
            .filter(|file| file.parent().is_some_and(|folder| folder.parent().unwrap().ends_with("patients")))
            .collect()
    }

    /// A command that must be refused: the message, with nothing on standard output and the data folder as it was.
    fn refused(&self, code: i32, arguments: &[impl AsRef<OsStr> + std::fmt::Debug]) -> String {
        let before = self.snapshot();
        let done = self.run(arguments);
        assert_eq!((done.code, done.out.as_str()), (code, ""), "{arguments:?}: {}", done.err);
        assert!(!done.err.is_empty() && done.err.len() < 4_000, "{arguments:?}: {}", done.err);
        assert!(self.snapshot() == before, "{arguments:?} changed the data folder");
        done.err
    }
}

fn gather(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            files.insert(path.clone(), Vec::new());
            gather(&path, files);
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
}

impl Done {
    fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Standard output of a command that must do what was asked and have nothing to say beside it.
    fn ok(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    fn json(self) -> Value {
        let out = self.ok();
        assert!(out.ends_with("}\n") || out.ends_with("]\n"), "{out}");
        serde_json::from_str(&out).unwrap()
    }

    /// The id that a writing command prints as the last word of its only line.
    fn saved(self) -> String {
        let out = self.ok();
        assert_eq!(out.lines().count(), 1, "{out}");
        out.trim().rsplit(' ').next().unwrap().to_owned()
    }
}

/// The words that register a patient of this MRN.
fn robin(mrn: &str) -> Vec<&str> {
    vec![
        "register",
        "--by",
        "nk",
        "--mrn",
        mrn,
        "--family",
        "Example",
        "--given",
        "Robin",
        "--born",
        "2009-03-04",
        "--sex",
        "female",
        "--weight",
        "52.3 kg",
        "--height",
        "160 cm",
        "--infused",
        "2025-11-13 10:00",
        "--product",
        "tisa-cel",
    ]
}

/// A file of the shared data; `None`, and said so, where it is absent.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

/// The names of an object's fields, sorted.
fn names(value: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "'{part}' is not in: {text}");
    }
}
