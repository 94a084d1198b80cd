//! A pager for pages that are longer than the terminal.
//!
//! The program is the user's: `DEVPORTAL_PAGER`, else `PAGER`, else `less`. It is started without
//! a shell, so that nothing in the text of the variable acts, and it is looked for in absolute
//! folders of `PATH` alone: the current folder may be a scanned repository.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::environment;

/// A pager that was started.
pub(crate) struct Pager(Child);

impl Pager {
    /// Starts the pager of the user; `None` when there is none, or none is wanted (`cat`, or an
    /// empty variable).
    pub(crate) fn start() -> Option<Self> {
        let path = environment::search_path();
        let mut command = environment::pager()
            .and_then(|pager| command(&pager, &path))
            .filter(|command| {
                Path::new(command.get_program()).file_name() != Some("cat".as_ref())
            })?;
        for (variable, value) in environment::pager_defaults() {
            command.env(variable, value);
        }
        command.stdin(Stdio::piped()).spawn().ok().map(Self)
    }

    /// Shows a page and waits until the reader has seen enough. Closing it early is fine.
    pub(crate) fn show(mut self, page: &[u8]) -> io::Result<()> {
        if let Some(mut stdin) = self.0.stdin.take()
            && let Err(error) = stdin.write_all(page)
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            return Err(error);
        }
        self.0.wait().map(|_| ())
    }
}

/// The command that a variable names, with its words taken apart as a shell would.
fn command(pager: &str, path: &OsStr) -> Option<Command> {
    let words = shell_words::split(pager).ok()?;
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(find(program, path)?);
    command.args(arguments);
    Some(command)
}

/// The program of that name, when it is an absolute path or lies in an absolute folder of `PATH`.
fn find(program: &str, path: &OsStr) -> Option<PathBuf> {
    if program.is_empty() {
        return None;
    }
    if program.contains(std::path::is_separator) {
        let program = PathBuf::from(program);
        return (program.is_absolute() && program.is_file()).then_some(program);
    }
    let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
    let extension = std::env::consts::EXE_SUFFIX;
    folders
        .map(|folder| folder.join(format!("{program}{extension}")))
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::fs::PermissionsExt;

    use super::{command, find};

    /// A folder with a program `less` in it.
    fn folder_with_less() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let less = folder.path().join("less");
        std::fs::write(&less, "#!/bin/sh\n").unwrap();
        std::fs::set_permissions(less, PermissionsExt::from_mode(0o755)).unwrap();
        folder
    }

    #[test]
    fn no_shell_takes_the_words_apart() {
        let folder = folder_with_less();
        let path = folder.path().as_os_str();
        let started = command("less -F 'a b' -X", path).unwrap();
        let arguments: Vec<&OsStr> = started.get_args().collect();
        assert_eq!(arguments, ["-F", "a b", "-X"]);
        // "less;" is no program, and neither is what a quote is never closed in.
        assert!(command("less; rm -rf /", path).is_none());
        assert!(command("'less", path).is_none());
        assert!(command("", path).is_none());
    }

    #[test]
    fn only_absolute_folders_are_searched() {
        let folder = folder_with_less();
        let found = folder.path().join("less");
        let here = folder.path().display();
        assert_eq!(find("less", format!(".::bin:{here}").as_ref()), Some(found));
        for path in ["", ".", "::", "bin"] {
            assert_eq!(find("less", path.as_ref()), None);
        }
        assert_eq!(find("./less", folder.path().as_os_str()), None);
        assert_eq!(find("missing", folder.path().as_os_str()), None);
    }
}
