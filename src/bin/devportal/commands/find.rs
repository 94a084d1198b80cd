//! `devportal find`: entities by a query.

use anyhow::{Result, anyhow};
use clap_complete::engine::ArgValueCompleter;
use devportal::catalog::{EntityId, EntityRecord};
use devportal::fact::FactSelection;
use devportal::model::Moment;
use devportal::output::{self, Terminal};
use devportal::query::Condition;
use devportal::scan::Scan;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::Outcome;
use crate::columns::{self, Field, Listed, SortKey, Source};
use crate::completion;
use crate::entity_page::EntityPage;
use crate::fact_column::{FactColumn, facts_of_row};
use crate::listing::{ENTITY_LISTING_FORMATS, Listing};
use crate::picker::{self, Picked};
use crate::selection::{nothing_found, parse_query};
use crate::session::Session;

/// Options of `find`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Words and qualifiers such as kind:api or owner:payments; "devportal help query" explains
    #[arg(value_name = "QUERY", add = ArgValueCompleter::new(completion::query))]
    query: Vec<String>,
    /// Only entities for which an expression holds: 'spec.replicas|default(1) > 2'
    #[arg(long = "where", value_name = "EXPR")]
    condition: Option<String>,
    /// The columns of a table: name, owner, label.KEY, fact.NAME, …
    #[arg(long, value_name = "FIELD,…", add = ArgValueCompleter::new(completion::fields))]
    columns: Vec<Listed<Field>>,
    /// What to sort by; a "-" before it puts the largest first
    #[arg(long, value_name = "FIELD,…", allow_hyphen_values = true)]
    sort: Vec<Listed<SortKey>>,
    /// Show so many at most
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
    /// Pick one on the terminal, and print its reference
    #[arg(short, long, conflicts_with = "count")]
    interactive: bool,
    /// Print how many there are
    #[arg(long, conflicts_with_all = ["columns", "sort", "limit"])]
    count: bool,
}

/// An entity of the answer. Its facts are there when columns show some: by the name of the fact,
/// with dimensions as they were asked for; `null` is what is not known, or not any more.
struct Row<'a> {
    record: EntityRecord<'a>,
    facts: Option<Map<String, Value>>,
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct WithFacts<'a> {
            #[serde(flatten)]
            record: &'a EntityRecord<'a>,
            facts: &'a Map<String, Value>,
        }
        let record = &self.record;
        match &self.facts {
            None => record.serialize(serializer),
            Some(facts) => WithFacts { record, facts }.serialize(serializer),
        }
    }
}

/// What a command line asks of entities beside its query.
struct Wish {
    condition: Option<Condition>,
    fields: Vec<Field>,
    keys: Vec<SortKey>,
}

impl Wish {
    fn of(args: &Args) -> Result<Self> {
        let condition = args.condition.as_deref().map(Condition::parse).transpose();
        let fields = args.columns.iter().flat_map(|listed| &listed.0);
        let keys = args.sort.iter().flat_map(|listed| &listed.0);
        Ok(Self {
            condition: condition.map_err(|error| anyhow!("{error}"))?,
            fields: fields.cloned().collect(),
            keys: keys.cloned().collect(),
        })
    }

    /// The facts that are needed for it.
    fn facts(&self, scan: &Scan) -> Result<FactSelection> {
        let keys = self.keys.iter().map(|key| &key.field);
        let columns: Vec<&FactColumn> = self
            .fields
            .iter()
            .chain(keys)
            .filter_map(Field::fact)
            .collect();
        if columns.is_empty() && self.condition.is_none() {
            return Ok(FactSelection::none());
        }
        let register = Session::register(scan);
        for column in &columns {
            column.check(&register).map_err(|error| anyhow!(error))?;
        }
        let shown: FactSelection = columns.iter().map(|column| column.name()).collect();
        match &self.condition {
            Some(condition) => {
                let asked = condition.facts(&register);
                Ok(shown.and(asked.map_err(|error| anyhow!("{error}"))?))
            }
            None => Ok(shown),
        }
    }
}

/// The answer to `--count`.
#[derive(Serialize)]
struct Counted {
    schema: &'static str,
    complete: bool,
    count: usize,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let formats: &[&str] = if args.count {
        &["table", "json", "yaml"]
    } else {
        ENTITY_LISTING_FORMATS
    };
    let format = if args.interactive && !session.has_format() {
        "name"
    } else {
        session.format(formats)?
    };
    let query = parse_query(&args.query)?;
    let wish = Wish::of(args)?;
    let scan = session.scan()?;
    let catalog = &scan.catalog;
    let selected = session.select_with(&scan, &query, wish.facts(&scan)?)?;
    let mut found = selected.entities;
    let facts = selected.gathered.as_ref().map(|gathered| &gathered.facts);
    let source = Source { catalog, facts };
    if let Some(condition) = &wish.condition {
        let selected = condition.select(catalog, found, facts);
        found = selected.map_err(|error| anyhow!("{error}"))?;
    }
    if args.count {
        write_count(found.len(), &scan, format, session)?;
    } else {
        columns::sort(&source, &mut found, &wish.keys);
        if args.interactive && !found.is_empty() {
            match pick_one(&scan, &found)? {
                Ok(picked) => found = vec![picked],
                Err(outcome) => return Ok(outcome),
            }
        }
        let shown = args.limit.unwrap_or(found.len()).min(found.len());
        let complete = session.is_complete(&scan);
        write_entities(
            &found[..shown],
            wish.fields,
            &source,
            complete,
            format,
            session,
        )?;
        if shown < found.len() {
            session.finish()?;
            session.hint(&format!("and {} more", found.len() - shown));
        }
    }
    let outcome = session.outcome_of_answer(&scan);
    if !found.is_empty() {
        return Ok(outcome);
    }
    let is_present = session.moment() == Moment::Present;
    match (&outcome, catalog.entities()) {
        // What is out of sight was said, and may be all there is.
        (Outcome::Incomplete, []) => {}
        (_, []) if !is_present => session.hint("there were no entities here then"),
        _ => session.hint(&nothing_found(&query, catalog)),
    }
    Ok(if outcome == Outcome::Fine {
        Outcome::Findings
    } else {
        outcome
    })
}

/// Lets people pick one of the entities; how the run ends when they do not.
fn pick_one(scan: &Scan, found: &[EntityId]) -> Result<Result<EntityId, Outcome>> {
    let catalog = &scan.catalog;
    let line = |id: &EntityId| {
        let entity = catalog.entity(*id);
        let title = entity.title().map(|title| format!("  {title}"));
        format!(
            "{}{}",
            entity.reference().short(),
            title.unwrap_or_default()
        )
    };
    let lines: Vec<String> = found.iter().map(line).collect();
    let preview = |number: usize, width: usize| {
        let Some(id) = found.get(number) else {
            return Vec::new();
        };
        let terminal = Terminal {
            width,
            ..Terminal::default()
        };
        output::lines(&EntityPage::glance(scan, *id).view(), &terminal)
    };
    Ok(match picker::pick(&lines, &preview)? {
        Picked::Item(number) => found.get(number).copied().ok_or(Outcome::Failure),
        Picked::Nothing => Err(Outcome::Findings),
        Picked::Interrupted => Err(Outcome::Interrupted),
    })
}

fn write_entities(
    found: &[EntityId],
    asked: Vec<Field>,
    source: &Source<'_>,
    complete: bool,
    format: &str,
    session: &mut Session,
) -> Result<()> {
    let catalog = source.catalog;
    let fields = if asked.is_empty() {
        Field::defaults()
    } else {
        asked
    };
    let columns: Vec<&FactColumn> = fields.iter().filter_map(Field::fact).collect();
    let row = |id: &EntityId| {
        let record = catalog.record(*id);
        let facts = source.facts.filter(|_| !columns.is_empty());
        let facts =
            facts.map(|facts| facts_of_row(columns.iter().copied(), facts, record.reference));
        Row { record, facts }
    };
    let listing = Listing {
        schema: "devportal.find/v1",
        name: "entities",
        complete,
        rows: found.iter().map(row),
        view: || columns::table(source, found, &fields, format != "csv"),
    };
    if found.is_empty() && !matches!(format, "json" | "yaml") {
        return Ok(());
    }
    session.write_listing(format, listing)
}

fn write_count(count: usize, scan: &Scan, format: &str, session: &mut Session) -> Result<()> {
    let answer = Counted {
        schema: "devportal.find/v1",
        complete: session.is_complete(scan),
        count,
    };
    match format {
        "json" => session.write_json(&answer),
        "yaml" => session.write_yaml(&answer),
        _ => Ok(writeln!(session.stdout(), "{count}")?),
    }
}
