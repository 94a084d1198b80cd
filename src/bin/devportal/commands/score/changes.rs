//! What has changed since another moment.

use std::collections::HashMap;

use anyhow::Result;
use devportal::catalog::EntityId;
use devportal::diagnostic::Severity;
use devportal::maturity::{Scorecard, Standing};
use devportal::model::{EntityRef, Moment};
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;

use super::{Scored, level_text};
use crate::session::Session;

/// What has changed, by the scorecards of today.
pub(super) struct Changes<'a> {
    since: String,
    /// Entities that have another level now.
    moved: Vec<Moved<'a>>,
    /// Entities that were not there then.
    new: Vec<&'a EntityRef>,
}

struct Moved<'a> {
    entity: &'a EntityRef,
    scorecard: &'a Scorecard,
    then: Standing,
    now: Standing,
}

/// The same for machines.
#[derive(Serialize)]
pub(super) struct ChangeRecord<'a> {
    since: &'a str,
    moved: Vec<MovedRecord<'a>>,
    new: &'a [&'a EntityRef],
}

#[derive(Serialize)]
struct MovedRecord<'a> {
    #[serde(rename = "ref")]
    reference: &'a EntityRef,
    scorecard: &'a str,
    from: Option<&'a str>,
    to: Option<&'a str>,
    direction: &'static str,
}

impl<'a> Changes<'a> {
    /// Scans the workspace as it was then, and evaluates the same scorecards on what was known.
    pub(super) fn since(
        since: &str,
        scorecards: &[Scorecard],
        scored: &Scored<'a>,
        session: &mut Session,
    ) -> Result<Self> {
        let state = session.state_at(Moment::parse(since), scorecards)?;
        let catalog = &state.scan.catalog;
        let all: Vec<EntityId> = catalog.ids().collect();
        let results = Session::evaluate_state(&state, scorecards, &all);
        let mut then: HashMap<(&EntityRef, &EntityRef), Standing> = HashMap::new();
        for card in &results {
            for result in &card.entities {
                let key = (
                    catalog.entity(result.entity).reference(),
                    &card.scorecard.reference,
                );
                then.insert(key, result.standing);
            }
        }
        let (mut moved, mut new) = (Vec::new(), Vec::new());
        for id in &scored.entities {
            let entity = scored.scan.catalog.entity(*id).reference();
            let is_scored = scored.of(*id).next().is_some();
            if is_scored && catalog.id(entity).is_none() {
                new.push(entity);
            }
            for (scorecard, result) in scored.of(*id) {
                let Some(before) = then.get(&(entity, &scorecard.reference)) else {
                    continue;
                };
                if before.level != result.standing.level {
                    moved.push(Moved {
                        entity,
                        scorecard,
                        then: *before,
                        now: result.standing,
                    });
                }
            }
        }
        Ok(Self {
            since: since.to_owned(),
            moved,
            new,
        })
    }

    /// For machines.
    pub(super) fn record(&self) -> ChangeRecord<'_> {
        let moved = self.moved.iter().map(|moved| MovedRecord {
            reference: moved.entity,
            scorecard: moved.scorecard.reference.name(),
            from: level_text::name(moved.scorecard, moved.then),
            to: level_text::name(moved.scorecard, moved.now),
            direction: if moved.is_up() { "up" } else { "down" },
        });
        ChangeRecord {
            since: &self.since,
            moved: moved.collect(),
            new: &self.new,
        }
    }

    /// For people.
    pub(super) fn push(&self, view: &mut View) {
        view.push(Block::Heading(Text::plain(format!("Since {}", self.since))));
        let (mut up, mut down) = (0, 0);
        for moved in &self.moved {
            if moved.is_up() {
                up += 1;
            } else {
                down += 1;
            }
        }
        let new = match self.new.len() {
            0 => String::new(),
            1 => ", 1 entity is new".to_owned(),
            new => format!(", {new} entities are new"),
        };
        view.push(Block::Paragraph(Text::plain(format!(
            "{up} up, {down} down{new}"
        ))));
        if self.moved.is_empty() {
            return;
        }
        let rows = self.moved.iter().map(|moved| {
            let way = if moved.is_up() {
                Text::new("up", Role::Good)
            } else {
                Text::new("down", Role::Bad(Severity::Warning))
            };
            vec![
                way,
                Text::new(moved.entity.short(), Role::Name),
                Text::plain(&moved.scorecard.title),
                level_text::level(level_text::reached(moved.scorecard, moved.then)),
                level_text::level(level_text::reached(moved.scorecard, moved.now)),
            ]
        });
        view.push(Block::Table(Table {
            columns: vec![
                Column::fixed(""),
                Column::fixed("entity"),
                Column::flexible("scorecard"),
                Column::fixed("then"),
                Column::fixed("now"),
            ],
            rows: rows.collect(),
        }));
    }
}

impl Moved<'_> {
    fn is_up(&self) -> bool {
        self.now.level > self.then.level
    }
}
