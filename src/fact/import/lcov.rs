//! Coverage as `lcov` writes it.
//!
//! A file that several tests reach is there several times; its lines count once. Where lines are
//! not listed (`DA`), the sums count (`LF`, `LH`).

use std::collections::HashMap;

use super::coverage::{self, Coverage};
use super::document::{counted, is_named, looks_like, text};
use super::{ImportError, ImportFile, ImportFormat, ImportProblem, Imported};

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "lcov",
    source: "lcov",
    about: "coverage: lcov.info, the tracefile of lcov 2.0 (geninfo(1), \
            github.com/linux-test-project/lcov)",
    gives: coverage::GIVES,
    recognises: |file| {
        looks_like(file, &["SF:", "end_of_record"])
            || (is_named(file, &["lcov.info"]) && looks_like(file, &["SF:"]))
    },
    read,
};

/// A file of the trace while it is read.
#[derive(Default)]
struct Record {
    path: String,
    /// Branches of each line: how many are reached, and how many there are.
    branches: HashMap<u32, (u64, u64)>,
    lines: (Option<u64>, Option<u64>),
    branch_sums: (Option<u64>, Option<u64>),
}

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let mut coverage = Coverage::default();
    let mut record: Option<Record> = None;
    let mut odd = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.trim();
        if let Some(path) = line.strip_prefix("SF:") {
            record = Some(Record {
                path: path.to_owned(),
                ..Record::default()
            });
            continue;
        }
        let Some(open) = record.as_mut() else {
            continue;
        };
        if line == "end_of_record" {
            open.finish(&mut coverage);
            record = None;
        } else if open.add(line, &mut coverage).is_none() {
            odd.push(number);
        }
    }
    if record.is_some() {
        return Err(ImportError::new("the file ends within a record"));
    }
    if coverage.is_empty() {
        return Err(ImportError::new("there is no record: this is not lcov"));
    }
    let mut imported = coverage.say(file, None);
    if let Some(first) = odd.first() {
        let message = counted(odd.len(), "line cannot be read", "lines cannot be read");
        let problem = ImportProblem::new(message).on_line(*first);
        imported.problems.push(problem);
    }
    Ok(imported)
}

impl Record {
    /// Adds a line of it; nothing when it is not as it should be.
    fn add(&mut self, line: &str, coverage: &mut Coverage) -> Option<()> {
        let Some((key, value)) = line.split_once(':') else {
            return line.is_empty().then_some(());
        };
        match key {
            "DA" => {
                let (line, rest) = value.split_once(',')?;
                let count = rest.split(',').next()?;
                let file = coverage.file(&self.path);
                file.line(line.parse().ok()?, is_reached(count)?);
            }
            "BRDA" => {
                let mut parts = value.split(',');
                let line = parts.next()?.parse().ok()?;
                let taken = parts.next_back()?;
                let known = self.branches.entry(line).or_default();
                known.0 += u64::from(taken != "-" && is_reached(taken)?);
                known.1 += 1;
            }
            "LF" => self.lines.1 = Some(value.parse().ok()?),
            "LH" => self.lines.0 = Some(value.parse().ok()?),
            "BRF" => self.branch_sums.1 = Some(value.parse().ok()?),
            "BRH" => self.branch_sums.0 = Some(value.parse().ok()?),
            _ => {}
        }
        Some(())
    }

    fn finish(&mut self, coverage: &mut Coverage) {
        let file = coverage.file(&self.path);
        for (line, (reached, of)) in self.branches.drain() {
            file.branch(line, reached, of);
        }
        if let (Some(reached), Some(of)) = self.lines {
            file.said_lines = Some((reached, of));
        }
        if let (Some(reached), Some(of)) = self.branch_sums {
            file.said_branches = Some((reached, of));
        }
    }
}

/// Whether a count is more than zero; some tools write negative ones, which are none.
fn is_reached(count: &str) -> Option<bool> {
    let count: f64 = count.trim().parse().ok()?;
    Some(count > 0.0)
}
