//! One folder is spelled in many ways: from where the program was started, with `..`, with a slash at its end as a shell
//! completes it, and through links. What is remembered of a folder must be found under each of them.

use std::path::{Component, Path, PathBuf};

/// The whole path of a folder: absolute, without `.` and `..`, and without a slash at its end. It has the links that it was
/// given, but for one before a `..`, which leads out of where the link leads to.
pub fn whole(folder: &Path) -> PathBuf {
    let path = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if let Some(real) = whole.is_symlink().then(|| whole.canonicalize().ok()).flatten() {
                    whole = real;
                }
                whole.pop();
            }
            _ => whole.push(part),
        }
    }
    whole
}

/// The same without any link, also where the last parts do not exist yet.
pub(super) fn resolved(path: &Path) -> PathBuf {
    let path = whole(path);
    for above in path.ancestors() {
        if let (Ok(real), Ok(rest)) = (above.canonicalize(), path.strip_prefix(above)) {
            return real.components().chain(rest.components()).collect();
        }
    }
    path
}

/// The two spellings under which a folder is remembered: without links, so that every way to it is one; and with them, as a
/// link may be away with its share, or lead to an older copy since.
pub fn spellings(folder: &Path) -> [PathBuf; 2] {
    [resolved(folder), whole(folder)]
}

/// Those under which older versions remembered it.
pub(super) fn older_spellings(folder: &Path) -> [PathBuf; 2] {
    [std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()), whole(folder).join("")]
}
