//! Answers that are lists: the same rows in every format.

use std::cell::Cell;

use anyhow::{Context, Result};
use devportal::view::View;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use crate::session::Session;

/// What `--format` takes where things without a reference are listed; the first is for people.
pub(crate) const LISTING_FORMATS: &[&str] = &["table", "json", "jsonl", "yaml", "csv", "markdown"];

/// What `--format` takes where entities are listed; `name` prints their references alone.
pub(crate) const ENTITY_LISTING_FORMATS: &[&str] =
    &["table", "json", "jsonl", "yaml", "csv", "markdown", "name"];

/// A list, as rows for machines and as a view for people. Neither is made before it is wanted.
pub(crate) struct Listing<Rows, ForPeople> {
    /// `devportal.COMMAND/v1`.
    pub(crate) schema: &'static str,
    /// The field that holds the rows.
    pub(crate) name: &'static str,
    /// Whether nothing that could change the list is out of sight.
    pub(crate) complete: bool,
    /// The rows; those of entities have a field `ref`.
    pub(crate) rows: Rows,
    /// The same for people.
    pub(crate) view: ForPeople,
}

impl Session {
    /// Writes a list in one of [`LISTING_FORMATS`] or [`ENTITY_LISTING_FORMATS`].
    pub(crate) fn write_listing<R: Serialize>(
        &mut self,
        format: &str,
        listing: Listing<impl Iterator<Item = R>, impl FnOnce() -> View>,
    ) -> Result<()> {
        match format {
            "jsonl" => {
                let mut rows = listing.rows;
                rows.try_for_each(|row| self.write_json_line(&row))
            }
            "name" => {
                let mut rows = listing.rows;
                rows.try_for_each(|row| self.write_reference(&row))
            }
            "json" => self.write_json(&Whole::of(listing)),
            "yaml" => {
                // By way of a value, because it is read whole before anything is written.
                let value = serde_json::to_value(Whole::of(listing))?;
                self.write_yaml(&value)
            }
            format => self.write_view(&(listing.view)(), format),
        }
    }

    fn write_reference<R: Serialize>(&mut self, row: &R) -> Result<()> {
        let row = serde_json::to_value(row)?;
        let reference = row.get("ref").and_then(Value::as_str).unwrap_or_default();
        let shown = devportal::output::safe(reference);
        writeln!(self.stdout(), "{shown}").context("cannot write output")
    }
}

/// The one object of JSON and YAML.
struct Whole<Rows> {
    schema: &'static str,
    name: &'static str,
    complete: bool,
    /// Taken when it is written.
    rows: Cell<Option<Rows>>,
}

impl<Rows> Whole<Rows> {
    fn of<ForPeople>(listing: Listing<Rows, ForPeople>) -> Self {
        Self {
            schema: listing.schema,
            name: listing.name,
            complete: listing.complete,
            rows: Cell::new(Some(listing.rows)),
        }
    }
}

impl<R: Serialize, Rows: Iterator<Item = R>> Serialize for Whole<Rows> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("schema", self.schema)?;
        map.serialize_entry("complete", &self.complete)?;
        map.serialize_entry(self.name, &Rest(Cell::new(self.rows.take())))?;
        map.end()
    }
}

struct Rest<Rows>(Cell<Option<Rows>>);

impl<R: Serialize, Rows: Iterator<Item = R>> Serialize for Rest<Rows> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}
