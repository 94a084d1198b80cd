//! Views and findings in the formats that people and machines read.
//!
//! One file a format. This is the only place where the text of others is made safe to show:
//! [`safe`] on a terminal, and each format's own quoting elsewhere. Nothing here prints, reads
//! the environment or knows a command: everything writes to the [`Write`] it is given.
//!
//! A new format is a new file and one line in [`FINDINGS_FORMATS`] or [`VIEW_FORMATS`]; commands
//! derive what `--format` accepts from those lists.

mod safe_text;
mod prose;
mod terminal;
mod human;
mod hyperlink;
mod markdown_text;
mod markdown_prose;
mod markdown;
mod html;
mod badge;
pub mod csv;
pub mod json;
pub mod yaml;
mod findings;
mod graph;
mod chart;

use std::io::{self, Write};

use crate::view::View;

pub use badge::{BADGE_FORMATS, BadgeFormat};
pub use findings::json::base64;
pub use findings::{Checked, Findings, diagnostic_line};
pub use graph::{GRAPH_FORMATS, GraphFormat};
pub use html::write_page;
pub use human::fitted;
pub use safe_text::{is_hidden, safe, safe_lines};
pub use terminal::{LinkTargets, Terminal};

/// A format of findings.
#[derive(Debug)]
pub struct FindingsFormat {
    /// What `--format` calls it.
    pub name: &'static str,
    /// Writes the findings.
    pub write: fn(&Findings<'_>, &Terminal, &mut dyn Write) -> io::Result<()>,
}

/// A format of views.
#[derive(Debug)]
pub struct ViewFormat {
    /// What `--format` calls it.
    pub name: &'static str,
    /// Writes the view.
    pub write: fn(&View, &Terminal, &mut dyn Write) -> io::Result<()>,
}

/// All formats of findings; the first is the one for people.
pub static FINDINGS_FORMATS: &[FindingsFormat] = &[
    FindingsFormat {
        name: "human",
        write: findings::human::write,
    },
    FindingsFormat {
        name: "concise",
        write: findings::concise::write,
    },
    FindingsFormat {
        name: "json",
        write: findings::json::write,
    },
    FindingsFormat {
        name: "sarif",
        write: findings::sarif::write,
    },
    FindingsFormat {
        name: "github",
        write: findings::github::write,
    },
    FindingsFormat {
        name: "junit",
        write: findings::junit::write,
    },
    FindingsFormat {
        name: "markdown",
        write: findings::markdown::write,
    },
];

/// All formats of views; the first is the one for people.
pub static VIEW_FORMATS: &[ViewFormat] = &[
    ViewFormat {
        name: "human",
        write: human::write,
    },
    ViewFormat {
        name: "markdown",
        write: markdown::write,
    },
    ViewFormat {
        name: "html",
        write: html::write,
    },
    ViewFormat {
        name: "csv",
        write: |view, _, out| csv::write(view, false, out),
    },
];

/// The lines of a view as people see it on a terminal.
#[must_use]
pub fn lines(view: &View, terminal: &Terminal) -> Vec<String> {
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = human::write(view, terminal, &mut text);
    let text = String::from_utf8_lossy(&text);
    text.lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::FINDINGS_FORMATS;

    #[test]
    fn the_list_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/output/findings");
        let files = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let names = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned());
        let files: BTreeSet<String> = names.filter(|name| name != "mod").collect();
        let listed: BTreeSet<String> = FINDINGS_FORMATS
            .iter()
            .map(|format| format.name.to_owned())
            .collect();
        assert_eq!(files, listed);
    }
}
