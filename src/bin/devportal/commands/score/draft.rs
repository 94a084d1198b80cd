//! Scorecards in files that need not be in a repository.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use devportal::descriptor::{Reader, Settings, Siblings};
use devportal::diagnostic::{Diagnostic, Severity};
use devportal::maturity::{KnownNames, Scorecard};
use devportal::model::SourceFile;
use devportal::repo::read_plain;
use devportal::scan::Scan;

use super::selection::tell_mistakes;
use crate::session::Session;

/// The most bytes of a file.
const LARGEST: u64 = 4 << 20;

/// A descriptor beside which there is no other file.
struct NoSiblings;

impl Siblings for NoSiblings {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("\"{path}\" is not read for a scorecard"))
    }
}

/// The scorecards of a file; nothing when they have mistakes, which are told.
pub(super) fn read(path: &Path, scan: &Scan, session: &Session) -> Result<Option<Vec<Scorecard>>> {
    let shown = path.display();
    let bytes = read_plain(&session.base()?.join(path), LARGEST);
    let bytes = bytes.map_err(|error| anyhow!("\"{shown}\" {error}"))?;
    let name = path.to_string_lossy();
    let file = SourceFile::new(Arc::from("."), "", name.as_bytes());
    let reader = Reader::new(Settings::default())?;
    let content = reader.read(&bytes, &Arc::new(file), &NoSiblings);
    let register = Session::register(scan);
    let names =
        KnownNames::new(&scan.catalog, &register).of_single_repository(scan.is_single_repository);
    let mut mistakes: Vec<Diagnostic> = content.diagnostics;
    let mut scorecards: Vec<Scorecard> = Vec::new();
    for document in content.documents {
        mistakes.extend(document.diagnostics);
        let Some(entity) = document.entity else {
            continue;
        };
        if entity.reference().kind() == "scorecard" {
            let (scorecard, problems) = Scorecard::read(&entity, &names);
            scorecards.extend(scorecard);
            mistakes.extend(problems);
        }
    }
    mistakes.retain(|mistake| mistake.severity == Severity::Error);
    if !mistakes.is_empty() {
        tell_mistakes(&mistakes.iter().collect::<Vec<_>>(), session);
        return Ok(None);
    }
    if scorecards.is_empty() {
        bail!("\"{shown}\" has no scorecard: no document is of \"kind: Scorecard\"");
    }
    Ok(Some(scorecards))
}
