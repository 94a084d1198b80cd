//! What `--columns` and `--sort` can name.

use std::cmp::Ordering;
use std::str::FromStr;

use devportal::catalog::{Catalog, EntityId, EntityRecord};
use devportal::diagnostic::{Severity, did_you_mean};
use devportal::fact::Facts;
use devportal::model::Version;
use devportal::model::{EntityRef, Node};
use devportal::view::{Block, Column, Role, Table, Text, View};

use crate::fact_column::FactColumn;

/// A field of an entity that can be shown in a column.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    /// One of [`FIELDS`].
    Listed(&'static ListedField),
    Label(String),
    Annotation(String),
    Spec(String),
    Fact(FactColumn),
}

/// Fields that are separated by commas; those in braces and quotes are part of a field.
#[derive(Clone, Debug)]
pub(crate) struct Listed<T>(pub(crate) Vec<T>);

impl<T: FromStr<Err = String>> FromStr for Listed<T> {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let (mut is_quoted, mut depth) = (false, 0_usize);
        let fields = written.split(|c| {
            match c {
                '"' => is_quoted = !is_quoted,
                '{' if !is_quoted => depth += 1,
                '}' if !is_quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && !is_quoted && depth == 0
        });
        fields
            .map(str::parse)
            .collect::<Result<Vec<T>, String>>()
            .map(Self)
    }
}

/// A field with a name of its own.
#[derive(Debug)]
pub(crate) struct ListedField {
    pub(crate) name: &'static str,
    /// Whether its column may be cut on a narrow terminal.
    is_long: bool,
    value: fn(&EntityRecord<'_>) -> String,
}

const fn short(name: &'static str, value: fn(&EntityRecord<'_>) -> String) -> ListedField {
    ListedField {
        name,
        is_long: false,
        value,
    }
}

const fn long(name: &'static str, value: fn(&EntityRecord<'_>) -> String) -> ListedField {
    ListedField {
        name,
        is_long: true,
        value,
    }
}

/// The name of the column that shows whether the entity is valid, too.
const NAME: &str = "name";

/// All fields with names of their own.
pub(crate) static FIELDS: &[ListedField] = &[
    short(NAME, |record| record.reference.short()),
    short("ref", |record| record.reference.to_string()),
    short("kind", |record| record.kind.to_owned()),
    short("namespace", |record| record.namespace.to_owned()),
    short("type", |record| text(record.spec_type)),
    short("owner", |record| name(record.owner)),
    short("system", |record| name(record.system)),
    short("domain", |record| name(record.domain)),
    short("lifecycle", |record| text(record.lifecycle)),
    long("title", |record| text(record.title)),
    long("description", |record| {
        one_line(record.description.or(record.title).unwrap_or_default())
    }),
    long("tags", |record| record.tags.join(", ")),
    long("labels", |record| {
        let labels = record.labels.iter();
        let pairs = labels.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or("")));
        pairs.collect::<Vec<String>>().join(", ")
    }),
    long("repository", |record| record.repository.to_owned()),
    long("path", |record| format!("{}:{}", record.path, record.line)),
    short("valid", |record| record.valid.to_string()),
];

/// What people need most.
pub(crate) const DEFAULT_COLUMNS: [&str; 6] = [
    "name",
    "type",
    "owner",
    "system",
    "lifecycle",
    "description",
];

impl FromStr for Field {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        if let Some(field) = FIELDS.iter().find(|field| field.name == written) {
            return Ok(Self::Listed(field));
        }
        match written.split_once('.') {
            Some(("label", key)) if !key.is_empty() => Ok(Self::Label(key.to_owned())),
            Some(("annotation", key)) if !key.is_empty() => Ok(Self::Annotation(key.to_owned())),
            Some(("spec", key)) if !key.is_empty() => Ok(Self::Spec(key.to_owned())),
            Some(("fact", name)) if !name.is_empty() => FactColumn::parse(name).map(Self::Fact),
            _ => Err(unknown(written)),
        }
    }
}

fn unknown(written: &str) -> String {
    let names = FIELDS.iter().map(|field| field.name);
    match did_you_mean(written, names.clone()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => format!(
            "there are {}, label.KEY, annotation.KEY, spec.FIELD and fact.NAME",
            names.collect::<Vec<_>>().join(", ")
        ),
    }
}

impl Field {
    /// The fields of [`DEFAULT_COLUMNS`].
    pub(crate) fn defaults() -> Vec<Self> {
        let names = DEFAULT_COLUMNS.into_iter();
        names.filter_map(|name| name.parse().ok()).collect()
    }

    /// The fact that it shows.
    pub(crate) fn fact(&self) -> Option<&FactColumn> {
        match self {
            Self::Fact(fact) => Some(fact),
            _ => None,
        }
    }

    fn column(&self, facts: Option<&Facts>) -> Column {
        match self {
            Self::Listed(field) if field.is_long => Column::flexible(field.name),
            Self::Listed(field) => Column::fixed(field.name),
            Self::Label(key) => Column::flexible(format!("label.{key}")),
            Self::Annotation(key) => Column::flexible(format!("annotation.{key}")),
            Self::Spec(key) => Column::flexible(format!("spec.{key}")),
            Self::Fact(fact) => fact.column(facts),
        }
    }

    fn value(&self, source: &Source<'_>, record: &EntityRecord<'_>) -> String {
        let entity = || source.catalog.get(record.reference);
        match self {
            Self::Listed(field) => (field.value)(record),
            Self::Label(key) => {
                let label = record.labels.get(key);
                text(label.and_then(serde_json::Value::as_str))
            }
            Self::Annotation(key) => text(entity().and_then(|entity| entity.annotation(key))),
            Self::Spec(key) => {
                let field = entity().and_then(|entity| entity.spec_field(key));
                field.map(spec_text).unwrap_or_default()
            }
            Self::Fact(fact) => {
                let facts = source.facts;
                facts.map_or_else(String::new, |facts| fact.plain(facts, record.reference))
            }
        }
    }

    fn order(&self, source: &Source<'_>, record: &EntityRecord<'_>) -> Order {
        match (self, source.facts) {
            (Self::Fact(fact), Some(facts)) => fact.order(facts, record.reference),
            _ => Order::of_text(&self.value(source, record)),
        }
    }
}

/// Where values of columns come from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) catalog: &'a Catalog,
    /// What was gathered, where a column or a key needs it.
    pub(crate) facts: Option<&'a Facts>,
}

/// The entities as a table. For machines, what is not known is empty.
pub(crate) fn table(
    source: &Source<'_>,
    entities: &[EntityId],
    fields: &[Field],
    is_for_people: bool,
) -> View {
    let rows = entities.iter().map(|id| {
        let record = source.catalog.record(*id);
        let cells = fields.iter();
        cells
            .map(|field| cell(source, &record, field, is_for_people))
            .collect()
    });
    let columns = fields.iter().map(|field| field.column(source.facts));
    let table = Table {
        columns: columns.collect(),
        rows: rows.collect(),
    };
    View {
        blocks: vec![Block::Table(table)],
    }
}

fn cell(
    source: &Source<'_>,
    record: &EntityRecord<'_>,
    field: &Field,
    is_for_people: bool,
) -> Text {
    match (field, source.facts) {
        (Field::Fact(fact), Some(facts)) if is_for_people => fact.cell(facts, record.reference),
        (Field::Listed(listed), _) if listed.name == NAME => {
            let name = Text::new(field.value(source, record), Role::Name);
            if record.valid {
                name
            } else {
                name.then(" invalid", Role::Bad(Severity::Error))
            }
        }
        _ => Text::plain(field.value(source, record)),
    }
}

/// A field to sort by, and whether the largest stand first.
#[derive(Clone, Debug)]
pub(crate) struct SortKey {
    pub(crate) field: Field,
    descending: bool,
}

impl FromStr for SortKey {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let (name, descending) = match written.strip_prefix('-') {
            Some(name) => (name, true),
            None => (written, false),
        };
        Ok(Self {
            field: name.parse()?,
            descending,
        })
    }
}

/// Sorts entities; those that are alike stay in the order of the catalog, and those without a
/// value stand last.
pub(crate) fn sort(source: &Source<'_>, entities: &mut [EntityId], keys: &[SortKey]) {
    if keys.is_empty() {
        return;
    }
    entities.sort_by_cached_key(|id| {
        let record = source.catalog.record(*id);
        let values = keys.iter().map(|key| SortValue {
            value: key.field.order(source, &record),
            descending: key.descending,
        });
        values.collect::<Vec<SortValue>>()
    });
}

/// What is compared: numbers stand before versions, and these before texts.
#[derive(Debug, PartialEq)]
pub(crate) enum Order {
    Number(f64),
    Version(Version),
    Text(String),
    Missing,
}

impl Order {
    /// The order of a text, which may be a number.
    pub(crate) fn of_text(text: &str) -> Self {
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        match number {
            Some(number) => Self::Number(number),
            None if text.is_empty() => Self::Missing,
            None => Self::Text(text.to_lowercase()),
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Version(_) => 1,
            Self::Text(_) => 2,
            Self::Missing => 3,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Version(a), Self::Version(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

struct SortValue {
    value: Order,
    descending: bool,
}

impl Ord for SortValue {
    fn cmp(&self, other: &Self) -> Ordering {
        let is_missing = |it: &Self| it.value == Order::Missing;
        let order = self.value.compare(&other.value);
        let order = if self.descending {
            order.reverse()
        } else {
            order
        };
        is_missing(self).cmp(&is_missing(other)).then(order)
    }
}

impl PartialEq for SortValue {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for SortValue {}

impl PartialOrd for SortValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn text(field: Option<&str>) -> String {
    field.unwrap_or_default().to_owned()
}

fn name(reference: Option<&EntityRef>) -> String {
    text(reference.map(EntityRef::name))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A scalar as it is, a list joined, anything else as JSON.
fn spec_text(node: Node<'_>) -> String {
    let items: Vec<&str> = node.items().map(Node::text).collect();
    if !items.is_empty() {
        items.join(", ")
    } else if node.is_mapping() {
        node.to_json().to_string()
    } else {
        node.text().to_owned()
    }
}
