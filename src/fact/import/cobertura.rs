//! Coverage as Cobertura XML.
//!
//! The lines of classes count, so that each entity of a repository has its own; where a report
//! lists none, the sums of its root.

use jiff::Timestamp;

use super::coverage::{self, Coverage};
use super::document::{begins_with, looks_like, text};
use super::xml::{Element, Xml};
use super::{Amount, ImportError, ImportFile, ImportFormat, Imported, Subject};

/// The format.
pub(super) const FORMAT: ImportFormat = ImportFormat {
    name: "cobertura",
    source: "cobertura",
    about: "coverage: Cobertura XML, coverage-04.dtd \
            (cobertura.sourceforge.net/xml/coverage-04.dtd), as coverage.py, gcovr and others \
            write it",
    gives: coverage::GIVES,
    recognises: |file| begins_with(file, &['<']) && looks_like(file, &["<coverage", "line-rate"]),
    read,
};

fn read(file: &ImportFile<'_>) -> Result<Imported, ImportError> {
    let text = text(file)?;
    let mut xml = Xml::new(&text);
    let mut coverage = Coverage::default();
    let mut root: Option<Element> = None;
    let (mut sources, mut path) = (Vec::new(), String::new());
    while let Some(element) = xml.next()? {
        if !element.is_opened {
            if element.name == "source" {
                sources.push(xml.text().to_owned());
            }
            continue;
        }
        match element.name.as_str() {
            "coverage" if xml.depth() == 1 => root = Some(element),
            name if xml.depth() == 1 => {
                let message = format!("<{name}> is not Cobertura");
                return Err(ImportError::new(message));
            }
            "class" => path = place(&sources, element.attribute("filename")),
            "line" if !path.is_empty() => {
                add_line(&element, coverage.file(&path));
            }
            _ => {}
        }
    }
    let root = root.ok_or_else(|| ImportError::new("there is no <coverage>"))?;
    let at = moment(root.attribute("timestamp"));
    if !coverage.is_empty() {
        return Ok(coverage.say(file, at));
    }
    let whole = coverage.file("");
    let sums = |part, whole| Some((root.count(part)?, root.count(whole)?));
    whole.said_lines = sums("lines-covered", "lines-valid");
    whole.said_branches = sums("branches-covered", "branches-valid");
    let mut imported = coverage.say(file, at);
    if imported.results.is_empty() {
        // Only a rate is left, and nothing says of how many lines.
        let rate: Option<f64> = root.attribute("line-rate").trim().parse().ok();
        let is_said = root.count("lines-valid").is_none();
        if let Some(part) = rate.filter(|rate| is_said && (0.0..=1.0).contains(rate)) {
            imported.problems.clear();
            let share = Amount::Share { part, whole: 1.0 };
            imported.add(&Subject::File, "coverage.lines", share);
        }
    }
    Ok(imported)
}

/// A line of a class; those of its methods are the same ones.
fn add_line(line: &Element, file: &mut coverage::CoveredFile) {
    let Ok(number) = line.attribute("number").trim().parse() else {
        return;
    };
    let hits: f64 = line.attribute("hits").trim().parse().unwrap_or_default();
    file.line(number, hits > 0.0);
    // "50% (1/2)"
    let condition = line.attribute("condition-coverage");
    let ratio = condition
        .split_once('(')
        .and_then(|(_, it)| it.split_once(')'));
    let ratio = ratio.and_then(|(ratio, _)| ratio.split_once('/'));
    let ratio = ratio.and_then(|(reached, of)| Some((reached.parse().ok()?, of.parse().ok()?)));
    if let Some((reached, of)) = ratio {
        file.branch(number, reached, of);
    }
}

/// The path of a file, which is relative to the source folder where there is one.
fn place(sources: &[String], path: &str) -> String {
    match sources {
        [source] if !source.is_empty() && source != "." && !path.starts_with('/') => {
            format!("{}/{path}", source.trim_end_matches(['/', '\\']))
        }
        _ => path.to_owned(),
    }
}

/// Seconds or milliseconds since 1970.
fn moment(text: &str) -> Option<Timestamp> {
    const MILLISECONDS: i64 = 100_000_000_000;
    let text = text.trim().split('.').next()?;
    let number: i64 = text.parse().ok()?;
    if number > MILLISECONDS {
        return Timestamp::from_millisecond(number).ok();
    }
    Timestamp::from_second(number).ok()
}
