//! What `--columns` and `--sort` can name.

use std::cmp::Ordering;
use std::str::FromStr;

use devportal::catalog::{Catalog, EntityId, EntityRecord};
use devportal::diagnostic::{Severity, did_you_mean};
use devportal::model::{EntityRef, Node};
use devportal::view::{Block, Column, Role, Table, Text, View};

/// A field of an entity that can be shown in a column.
#[derive(Clone, Debug)]
pub(crate) enum Field {
    /// One of [`FIELDS`].
    Listed(&'static ListedField),
    Label(String),
    Annotation(String),
    Spec(String),
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
            _ => Err(unknown(written)),
        }
    }
}

fn unknown(written: &str) -> String {
    let names = FIELDS.iter().map(|field| field.name);
    match did_you_mean(written, names.clone()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => format!(
            "there are {}, label.KEY, annotation.KEY and spec.FIELD",
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

    fn column(&self) -> Column {
        match self {
            Self::Listed(field) if field.is_long => Column::flexible(field.name),
            Self::Listed(field) => Column::fixed(field.name),
            Self::Label(key) => Column::flexible(format!("label.{key}")),
            Self::Annotation(key) => Column::flexible(format!("annotation.{key}")),
            Self::Spec(key) => Column::flexible(format!("spec.{key}")),
        }
    }

    fn value(&self, catalog: &Catalog, record: &EntityRecord<'_>) -> String {
        let entity = || catalog.get(record.reference);
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
        }
    }
}

/// The entities as a table.
pub(crate) fn table(catalog: &Catalog, entities: &[EntityId], fields: &[Field]) -> View {
    let rows = entities.iter().map(|id| {
        let record = catalog.record(*id);
        fields
            .iter()
            .map(|field| cell(catalog, &record, field))
            .collect()
    });
    let table = Table {
        columns: fields.iter().map(Field::column).collect(),
        rows: rows.collect(),
    };
    View {
        blocks: vec![Block::Table(table)],
    }
}

fn cell(catalog: &Catalog, record: &EntityRecord<'_>, field: &Field) -> Text {
    let value = field.value(catalog, record);
    match field {
        Field::Listed(field) if field.name == NAME => {
            let name = Text::new(value, Role::Name);
            if record.valid {
                name
            } else {
                name.then(" invalid", Role::Bad(Severity::Error))
            }
        }
        _ => Text::plain(value),
    }
}

/// A field to sort by, and whether the largest stand first.
#[derive(Clone, Debug)]
pub(crate) struct SortKey {
    field: Field,
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
pub(crate) fn sort(catalog: &Catalog, entities: &mut [EntityId], keys: &[SortKey]) {
    if keys.is_empty() {
        return;
    }
    entities.sort_by_cached_key(|id| {
        let record = catalog.record(*id);
        let values = keys.iter().map(|key| SortValue {
            text: key.field.value(catalog, &record).to_lowercase(),
            descending: key.descending,
        });
        values.collect::<Vec<SortValue>>()
    });
}

#[derive(PartialEq, Eq)]
struct SortValue {
    text: String,
    descending: bool,
}

impl Ord for SortValue {
    fn cmp(&self, other: &Self) -> Ordering {
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let order = match (number(&self.text), number(&other.text)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.text.cmp(&other.text),
        };
        let order = if self.descending {
            order.reverse()
        } else {
            order
        };
        (self.text.is_empty().cmp(&other.text.is_empty())).then(order)
    }
}

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
