//! What the window asks of the system it runs on.

use super::page_file::Page;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Lets the user look for a file or a folder. The window uses the system's dialogs; tests answer themselves. It returns when
/// the user has answered and is called on a thread of its own, so that the window goes on meanwhile, and locks.
pub trait Browse: Send + Sync {
    /// A file to read.
    fn file(&self) -> Option<PathBuf>;
    /// A folder.
    fn folder(&self) -> Option<PathBuf>;
}

/// Opens a file with the program that this computer has for it. The window uses the system's; tests look at what would be opened.
pub trait Viewer: Send + Sync {
    /// Returns once it is open, or it is plain that it will not be.
    ///
    /// # Errors
    /// [`std::io::Error`] where no program opens it.
    fn show(&self, file: &Path) -> std::io::Result<()>;
}

/// A computer without a program that shows files.
struct NoViewer;

impl Viewer for NoViewer {
    fn show(&self, _file: &Path) -> std::io::Result<()> {
        Err(std::io::Error::new(std::io::ErrorKind::NotFound, "no viewer is there"))
    }
}

/// The pages that are printed.
pub(super) struct Printing {
    pub viewer: Arc<dyn Viewer>,
    /// Whether a page is being made or opened.
    pub is_busy: bool,
    /// The pages that were made; they go with the window.
    pub pages: Vec<Page>,
}

impl Default for Printing {
    fn default() -> Self {
        Self { viewer: Arc::new(NoViewer), is_busy: false, pages: Vec::new() }
    }
}
