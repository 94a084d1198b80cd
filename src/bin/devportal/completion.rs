//! What shells offer while a command line is written: names of the catalog, and words of queries.
//!
//! A shell waits for this at every key, and shows whatever is printed: so it says nothing but
//! candidates, whatever is wrong with the catalog, and gives up on it after a moment.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use clap_complete::engine::CompletionCandidate;
use devportal::check::all_codes;
use devportal::fact::{Register, ValueType};
use devportal::model::{KINDS, RelationType};
use devportal::query::{HAS_FIELDS, QUALIFIERS, STATES};
use devportal::scan::Scan;

use crate::columns::FIELDS;
use crate::golden_paths::golden_paths;
use crate::session::{Globals, Session};
use crate::template_source::templates;

/// The variable with which a shell asks for candidates.
pub(crate) const VARIABLE: &str = "COMPLETE";

/// How long a shell waits for the names of the catalog.
const PATIENCE: Duration = Duration::from_millis(500);
/// What begins a fact in a query and among columns.
const FACT: &str = "fact.";
/// More candidates than that nobody reads.
const MOST: usize = 500;

/// Entities by their names, or with their kinds once a kind is written.
pub(crate) fn entity(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(text) = current.to_str() else {
        return Vec::new();
    };
    let names = with_catalog(|scan| {
        let references = scan
            .catalog
            .entities()
            .iter()
            .map(devportal::model::Entity::reference);
        let names = references.flat_map(|it| [it.name().to_owned(), it.short()]);
        names.collect::<BTreeSet<String>>()
    });
    let names = names.unwrap_or_default().into_iter();
    // Names come first; that of a kind only once it is begun.
    let wanted = names.filter(|name| text.contains(':') || !name.contains(':'));
    candidates("", text, wanted)
}

/// Templates by their names: the workspace's and devportal's own.
pub(crate) fn template(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(text) = current.to_str() else {
        return Vec::new();
    };
    let names = with_catalog(|scan| {
        let names = templates(scan).map(|template| template.name().to_owned());
        names.collect::<BTreeSet<String>>()
    });
    let mut names = names.unwrap_or_default();
    names.extend(golden_paths().into_iter().map(|it| it.name().to_owned()));
    candidates("", text, names)
}

/// Campaigns by their names.
pub(crate) fn campaign(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(text) = current.to_str() else {
        return Vec::new();
    };
    let names = with_catalog(|scan| {
        let references = scan
            .catalog
            .entities()
            .iter()
            .map(devportal::model::Entity::reference);
        let campaigns = references.filter(|it| it.kind() == "campaign");
        campaigns
            .map(|it| it.name().to_owned())
            .collect::<BTreeSet<String>>()
    });
    candidates("", text, names.unwrap_or_default())
}

/// The words of a query: qualifiers, and their values after the `:`.
pub(crate) fn query(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(text) = current.to_str() else {
        return Vec::new();
    };
    let Some((qualifier, written)) = text.split_once(':') else {
        let listed = QUALIFIERS.iter().filter(|it| it.key.is_none());
        let qualifiers = listed.map(|it| format!("{}:", it.name));
        let mut found = candidates("", text, qualifiers);
        if text.starts_with(FACT) {
            let names = names_of_facts().into_iter();
            found.extend(candidates(
                "",
                text,
                names.map(|name| format!("{FACT}{name}:")),
            ));
        } else if FACT.starts_with(text) {
            found.push(CompletionCandidate::new(FACT));
        }
        if !text.is_empty() {
            found.extend(entity(current));
        }
        return found;
    };
    let (before, last) = match written.rsplit_once(',') {
        Some((before, last)) => (format!("{qualifier}:{before},"), last),
        None => (format!("{qualifier}:"), written),
    };
    candidates(&before, last, values(qualifier))
}

/// Fields of entities, of which several may be written.
pub(crate) fn fields(current: &OsStr) -> Vec<CompletionCandidate> {
    let own = FIELDS.iter().map(|field| field.name.to_owned());
    let is_begun = current
        .to_str()
        .is_some_and(|text| text.rsplit(',').next().unwrap_or(text).starts_with(FACT));
    if is_begun {
        let facts = names_of_facts().into_iter();
        return listed(current, facts.map(|name| format!("{FACT}{name}")));
    }
    listed(current, own.chain([FACT.to_owned()]))
}

/// The names of facts: those of devportal, and those that the workspace declares. A family has
/// too many to be offered.
fn names_of_facts() -> BTreeSet<String> {
    let names = |register: &Register| {
        let declarations = register.declarations();
        let single = declarations.filter(|it| !it.name.ends_with('*'));
        single.map(|it| it.name.to_string()).collect()
    };
    with_catalog(move |scan| names(&Session::register(scan)))
        .unwrap_or_else(|| names(&Register::default()))
}

/// Types of relations, of which several may be written.
pub(crate) fn relations(current: &OsStr) -> Vec<CompletionCandidate> {
    let relations = RelationType::ALL.into_iter();
    listed(current, relations.map(|it| it.name().to_owned()))
}

/// Codes of findings, of which several may be written.
pub(crate) fn codes(current: &OsStr) -> Vec<CompletionCandidate> {
    listed(
        current,
        all_codes().into_iter().map(|it| it.name.to_owned()),
    )
}

fn listed(current: &OsStr, words: impl Iterator<Item = String>) -> Vec<CompletionCandidate> {
    let Some(text) = current.to_str() else {
        return Vec::new();
    };
    let last = text.rfind(',').map_or(0, |comma| comma + 1);
    candidates(&text[..last], &text[last..], words)
}

/// The values that a qualifier can have.
fn values(qualifier: &str) -> BTreeSet<String> {
    let names = |kinds: &'static [&'static str]| {
        with_catalog(move |scan| {
            let references = scan
                .catalog
                .entities()
                .iter()
                .map(devportal::model::Entity::reference);
            let wanted = references.filter(|it| kinds.is_empty() || kinds.contains(&it.kind()));
            wanted
                .map(|it| it.name().to_owned())
                .collect::<BTreeSet<String>>()
        })
        .unwrap_or_default()
    };
    let field = |of: fn(&devportal::model::Entity) -> Vec<&str>| {
        with_catalog(move |scan| {
            let values = scan.catalog.entities().iter().flat_map(of);
            values.map(str::to_owned).collect::<BTreeSet<String>>()
        })
        .unwrap_or_default()
    };
    if let Some(fact) = qualifier.strip_prefix(FACT) {
        let register = Register::default();
        let declaration = register.declaration(fact.split('{').next().unwrap_or(fact));
        let is_boolean = declaration.is_some_and(|it| it.value_type == ValueType::Boolean);
        let own: &[&str] = if is_boolean { &["true", "false"] } else { &[] };
        let words = own.iter().chain(&["known", "unknown"]);
        return words.map(|word| (*word).to_owned()).collect();
    }
    match qualifier {
        "kind" => KINDS.iter().map(|kind| kind.name.to_lowercase()).collect(),
        "is" => STATES.iter().map(|state| state.name.to_owned()).collect(),
        "has" => HAS_FIELDS.iter().map(|field| (*field).to_owned()).collect(),
        "owner" => names(&["group", "user"]),
        "under" => names(&["group"]),
        "system" => names(&["system"]),
        "domain" => names(&["domain"]),
        "in" => names(&["domain", "system"]),
        "type" => field(|entity| entity.spec_str("type").into_iter().collect()),
        "lifecycle" => field(|entity| entity.spec_str("lifecycle").into_iter().collect()),
        "tag" => field(|entity| entity.tags().collect()),
        "namespace" => field(|entity| vec![entity.namespace()]),
        "repo" => field(|entity| vec![entity.source().file.repository()]),
        _ => names(&[]),
    }
}

/// Those that continue what is written. Only what needs no quoting in any shell is offered: a
/// name of a scanned repository must not become a part of somebody's command.
fn candidates(
    before: &str,
    written: &str,
    words: impl IntoIterator<Item = String>,
) -> Vec<CompletionCandidate> {
    let is_plain = |word: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
        !word.starts_with('-') && word.chars().all(plain)
    };
    let wanted = words
        .into_iter()
        .filter(|word| word.starts_with(written) && is_plain(word));
    wanted
        .take(MOST)
        .map(|word| CompletionCandidate::new(format!("{before}{word}")))
        .collect()
}

/// What a catalog says, if it is read in time.
fn with_catalog<T: Send + 'static>(ask: impl Fn(&Scan) -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let globals = Globals::quiet(workspace_of_command_line());
        if let Ok(scan) = Session::new(globals).scan() {
            // Nobody waits any longer when this fails.
            let _ = sender.send(ask(&scan));
        }
    });
    receiver.recv_timeout(PATIENCE).ok()
}

/// What stands after `-C` or `--workspace` on the command line that is written.
fn workspace_of_command_line() -> Option<PathBuf> {
    let mut words = std::env::args_os().skip_while(|word| word != "--").skip(1);
    while let Some(word) = words.next() {
        let text = word.to_string_lossy();
        if text == "-C" || text == "--workspace" {
            return words.next().map(PathBuf::from);
        }
        if let Some(folder) = text.strip_prefix("--workspace=") {
            return Some(PathBuf::from(folder));
        }
    }
    None
}
