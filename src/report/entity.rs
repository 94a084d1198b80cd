//! Everything about single entities: a page for each.

use serde::Serialize;

use super::entity_facts::{EntityFacts, FactRecord};
use super::{ReportInput, WrittenReport, known, level_text, page};
use crate::catalog::{EntityId, EntityRecord, Relation};
use crate::fact::day;
use crate::maturity::{EntityResult, Outcome, Phase, Rule, RuleResult, Scorecard, State};
use crate::model::{Entity, EntityRef, Place, RelationType};
use crate::view::{Block, Column, Role, Table, Text, View};

/// Names of a line that are written out.
const MOST_NAMES: usize = 40;

/// What machines are told of an entity.
#[derive(Serialize)]
struct EntityRows<'a> {
    #[serde(flatten)]
    entity: EntityRecord<'a>,
    relations: Vec<RelationRow<'a>>,
    documentation: Vec<DocumentationRow>,
    scorecards: Vec<ScorecardRow<'a>>,
    campaigns: Vec<CampaignRow<'a>>,
    facts: Vec<FactRecord<'a>>,
}

#[derive(Serialize)]
struct RelationRow<'a> {
    #[serde(rename = "type")]
    relation: &'static str,
    target: &'a EntityRef,
    /// Whether the catalog does not have the target.
    dangling: bool,
}

#[derive(Serialize)]
struct DocumentationRow {
    title: String,
    /// The file in the workspace; `null` for what lies outside.
    path: Option<String>,
    /// The address of what lies outside of the workspace.
    url: Option<String>,
    #[serde(skip)]
    place: Option<Place>,
}

/// Where it stands in a scorecard.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScorecardRow<'a> {
    scorecard: &'a str,
    title: &'a str,
    level: Option<&'a str>,
    percent: Option<f64>,
    next_level: Option<&'a str>,
    /// The rules that do not hold, or are not known to, in the order of their levels.
    open: Vec<OpenRule<'a>>,
    #[serde(skip)]
    card: &'a Scorecard,
    #[serde(skip)]
    result: &'a EntityResult,
}

/// A rule that does not hold, or is not known to.
#[derive(Serialize)]
struct OpenRule<'a> {
    rule: &'a str,
    title: &'a str,
    level: &'a str,
    outcome: Outcome,
    fix: Option<&'a str>,
    link: Option<&'a str>,
    #[serde(skip)]
    place: &'a Place,
}

#[derive(Serialize)]
struct CampaignRow<'a> {
    campaign: &'a EntityRef,
    title: &'a str,
    state: State,
    deadline: &'a str,
    fix: Option<&'a str>,
}

/// Writes a page for each of some entities, in their order, and the rows of all.
///
/// # Errors
/// When the rows cannot be put into JSON.
pub fn entity_pages(
    input: &ReportInput<'_>,
    entities: &[EntityId],
) -> serde_json::Result<Vec<WrittenReport>> {
    let pages = entities.iter().map(|id| {
        let rows = EntityRows::new(input, *id);
        Ok(WrittenReport {
            view: page(input, *id),
            rows: serde_json::to_value(&rows)?,
        })
    });
    pages.collect()
}

/// The page of an entity.
pub(crate) fn page(input: &ReportInput<'_>, id: EntityId) -> View {
    EntityRows::new(input, id).view(input, id)
}

impl<'a> EntityRows<'a> {
    fn new(input: &ReportInput<'a>, id: EntityId) -> Self {
        let relations = input.catalog.relations_of(id).into_iter();
        Self {
            entity: input.catalog.record(id),
            relations: relations.map(|it| RelationRow::new(&it)).collect(),
            documentation: documentation(input, id),
            scorecards: known::standings(input, id)
                .map(|(card, result)| ScorecardRow::new(card, result))
                .collect(),
            campaigns: campaigns(input, id),
            facts: facts(input, id).records(),
        }
    }

    /// The page; what is empty is not there.
    fn view(&self, input: &ReportInput<'_>, id: EntityId) -> View {
        let entity = input.catalog.entity(id);
        let mut view = View::new();
        let name = entity.title().unwrap_or_else(|| entity.name());
        view.push(Block::Heading(Text::new(name, Role::Name)));
        let about = Text::new(entity.reference().as_str(), Role::Code);
        let about = about.then(format!(" as of {}.", known::today(input)), Role::Plain);
        view.push(Block::Paragraph(about));
        if let Some(description) = entity.description() {
            view.push(Block::Paragraph(Text::plain(description.trim())));
        }
        view.push(Block::KeyValues(self.declared(input, entity, id)));
        let sections = [
            ("Relations", key_values(self.related(input))),
            ("Documentation", list(self.documents(input))),
            ("Links", list(self.links(entity))),
            ("Maturity", self.maturity(input)),
            ("Campaigns", self.in_campaigns(input)),
            ("Facts", key_values(facts(input, id).rows())),
        ];
        for (title, blocks) in sections {
            if !blocks.is_empty() {
                view.push(Block::Heading(title.into()));
                view.blocks.extend(blocks);
            }
        }
        view
    }

    fn declared(
        &self,
        input: &ReportInput<'_>,
        entity: &Entity,
        id: EntityId,
    ) -> Vec<(String, Text)> {
        let record = &self.entity;
        let plain = |text: Option<&str>| text.map(Text::plain);
        let named =
            |reference: Option<&EntityRef>| reference.map(|it| page::whose(input, Some(it)));
        let kind = match record.spec_type {
            Some(spec_type) => format!("{}, {spec_type}", record.kind),
            None => record.kind.to_owned(),
        };
        let people = input.catalog.related(id, RelationType::HasMember);
        let tags = (!record.tags.is_empty()).then(|| Text::plain(record.tags.join(", ")));
        let home = input.catalog.home(entity).map(|home| match &*home.folder {
            "" => home.repository.to_string(),
            folder => format!("{} {folder}", home.repository),
        });
        let rows = [
            ("kind", Some(Text::plain(kind))),
            ("lifecycle", plain(record.lifecycle)),
            ("owner", self.owner(input, id)),
            ("system", named(record.system)),
            ("domain", named(record.domain)),
            ("tags", tags),
            (
                "people",
                (!people.is_empty()).then(|| page::names(input, people)),
            ),
            ("declared in", Some(page::place(input, &entity.place()))),
            ("code in", home.map(Text::plain)),
        ];
        let rows = rows.into_iter();
        rows.filter_map(|(name, text)| Some((name.to_owned(), text?)))
            .collect()
    }

    /// The owner with the way to reach it.
    fn owner(&self, input: &ReportInput<'_>, id: EntityId) -> Option<Text> {
        let Some(owner) = input.catalog.owner(id) else {
            let is_owned = crate::catalog::Catalog::is_owned_kind(self.entity.reference);
            return is_owned.then(|| page::whose(input, None));
        };
        let group = input.catalog.get(owner.reference);
        let email = group.and_then(|group| group.spec_field("profile.email")?.as_str());
        let mut text = page::whose(input, Some(owner.reference));
        if let Some(email) = email {
            text = text.then(format!(", {email}"), Role::Plain);
        }
        if owner.derived {
            text = text.then(" (from CODEOWNERS)", Role::Faint);
        }
        if group.is_none() {
            text = text.then(" (not in the catalog)", Role::Faint);
        }
        Some(text)
    }

    /// The relations both ways, but those that are told above.
    fn related(&self, input: &ReportInput<'_>) -> Vec<(String, Text)> {
        let is_told = |relation: RelationType, kind: &str| match relation {
            RelationType::OwnedBy => true,
            RelationType::HasMember => self.entity.reference.kind() == "group",
            RelationType::PartOf => matches!(kind, "system" | "domain"),
            _ => false,
        };
        let rows = RelationType::ALL.into_iter().filter_map(|relation| {
            let of_type = self.relations.iter().filter(|row| {
                row.relation == relation.name() && !is_told(relation, row.target.kind())
            });
            let targets: Vec<&RelationRow<'_>> = of_type.collect();
            let mut text = Text::default();
            for row in targets.iter().take(MOST_NAMES) {
                if !text.pieces.is_empty() {
                    text = text.then(", ", Role::Plain);
                }
                text = text.joined(page::whose(input, Some(row.target)));
                if row.dangling {
                    text = text.then(" (not in the catalog)", Role::Faint);
                }
            }
            if targets.len() > MOST_NAMES {
                let more = format!(" and {} more", targets.len() - MOST_NAMES);
                text = text.then(more, Role::Faint);
            }
            (!targets.is_empty()).then(|| (relation.words().to_owned(), text))
        });
        rows.collect()
    }

    fn documents(&self, input: &ReportInput<'_>) -> Vec<Text> {
        let rows = self.documentation.iter().map(|row| {
            let target = row
                .place
                .as_ref()
                .and_then(|place| (input.links.place)(place));
            Text::plain(row.title.as_str())
                .leading_to(target.or_else(|| row.url.clone()).as_deref())
        });
        rows.collect()
    }

    /// The links that do not stand among the documentation.
    fn links(&self, entity: &Entity) -> Vec<Text> {
        let documents = || self.documentation.iter().map(|row| row.url.as_deref());
        let links = entity
            .links()
            .filter_map(|link| Some((link.str_at("title"), link.str_at("url")?)));
        links
            .filter(|(_, url)| documents().all(|document| document != Some(url)))
            .map(|(title, url)| match title {
                Some(title) => Text::plain(title).leading_to(Some(url)),
                None => Text::new(url, Role::Url),
            })
            .collect()
    }

    fn maturity(&self, input: &ReportInput<'_>) -> Vec<Block> {
        if self.scorecards.is_empty() {
            return Vec::new();
        }
        let levels = self.scorecards.iter().map(|row| {
            let target = (input.links.place)(&row.card.place);
            let next = row.card.next_level(row.result.standing);
            let steps = row.card.steps(row.result).len();
            let next = next.map(|level| {
                let steps = page::counted(steps, "step", "steps");
                level_text::level(Some(level)).then(format!(", {steps}"), Role::Plain)
            });
            vec![
                Text::new(row.title, Role::Name).leading_to(target.as_deref()),
                level_text::standing(row.card, row.result.standing),
                next.unwrap_or_default(),
            ]
        });
        let mut blocks = vec![Block::Table(Table {
            columns: ["scorecard", "level", "next"].map(Column::fixed).into(),
            rows: levels.collect(),
        })];
        let open = self.scorecards.iter();
        let open = open.flat_map(|row| row.open.iter().map(move |rule| (row, rule)));
        let rows = open.map(|(row, rule)| {
            let place = (input.links.place)(rule.place);
            let result = match rule.outcome {
                Outcome::Unknown => Text::new("not known", Role::Faint),
                _ => Text::plain("failed"),
            };
            let fix = Text::plain(rule.fix.unwrap_or_default().trim());
            let level = row
                .card
                .levels
                .iter()
                .find(|level| level.name == rule.level);
            vec![
                Text::plain(row.title),
                level_text::level(level),
                Text::plain(rule.title).leading_to(place.as_deref()),
                result,
                fix.joined(more(rule.link)),
            ]
        });
        let rows: Vec<Vec<Text>> = rows.collect();
        if rows.is_empty() {
            return blocks;
        }
        blocks.push(Block::Subheading("What to do".into()));
        blocks.push(Block::Table(Table {
            columns: vec![
                Column::fixed("scorecard"),
                Column::fixed("level"),
                Column::flexible("rule"),
                Column::fixed("is"),
                Column::flexible("how to fix"),
            ],
            rows,
        }));
        blocks
    }

    fn in_campaigns(&self, input: &ReportInput<'_>) -> Vec<Block> {
        let rows = self.campaigns.iter().map(|row| {
            let target = (input.links.entity)(row.campaign);
            let to_do = match row.state {
                State::Done | State::Exempt => "",
                _ => row.fix.unwrap_or_default().trim(),
            };
            vec![
                Text::new(row.title, Role::Name).leading_to(target.as_deref()),
                level_text::state(row.state),
                Text::plain(row.deadline),
                Text::plain(to_do),
            ]
        });
        let rows: Vec<Vec<Text>> = rows.collect();
        if rows.is_empty() {
            return Vec::new();
        }
        vec![Block::Table(Table {
            columns: vec![
                Column::fixed("campaign"),
                Column::fixed("is"),
                Column::fixed("deadline"),
                Column::flexible("what to do"),
            ],
            rows,
        })]
    }
}

fn facts<'a>(input: &ReportInput<'a>, id: EntityId) -> EntityFacts<'a> {
    EntityFacts::new(input.catalog, id, input.facts, |time, _| day(time))
}

fn key_values(rows: Vec<(String, Text)>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    vec![Block::KeyValues(rows)]
}

fn list(items: Vec<Text>) -> Vec<Block> {
    if items.is_empty() {
        return Vec::new();
    }
    vec![Block::List(items)]
}

/// Where more is to read.
pub(super) fn more(link: Option<&str>) -> Text {
    link.map_or_else(Text::default, |link| {
        Text::plain(" ").joined(Text::plain("More").leading_to(Some(link)))
    })
}

fn documentation(input: &ReportInput<'_>, id: EntityId) -> Vec<DocumentationRow> {
    let documentation = input.documentation.of(id);
    let pages = documentation
        .pages
        .into_iter()
        .map(|page| DocumentationRow {
            title: page.title,
            path: Some(page.file.path().to_owned()),
            url: None,
            place: Some(Place::file(page.file)),
        });
    let outside = documentation.outside.into_iter();
    let outside = outside.map(|link| DocumentationRow {
        title: link.title,
        path: None,
        url: Some(link.url),
        place: None,
    });
    pages.chain(outside).collect()
}

fn campaigns<'a>(input: &ReportInput<'a>, id: EntityId) -> Vec<CampaignRow<'a>> {
    let rows = input.campaigns.iter().filter_map(|result| {
        let place = result.entities.binary_search_by_key(&id, |it| it.0).ok()?;
        let is_ahead = matches!(result.phase(), Phase::Draft | Phase::NotBegun);
        let (_, state, _) = result.entities.get(place).filter(|_| !is_ahead)?;
        Some(CampaignRow {
            campaign: &result.campaign.reference,
            title: &result.campaign.title,
            state: *state,
            deadline: &result.campaign.deadline,
            fix: result.campaign.rule().and_then(|rule| rule.fix.as_deref()),
        })
    });
    rows.collect()
}

impl<'a> RelationRow<'a> {
    fn new(relation: &Relation<'a>) -> Self {
        Self {
            relation: relation.relation.name(),
            target: relation.target,
            dangling: relation.dangling,
        }
    }
}

impl<'a> ScorecardRow<'a> {
    fn new(card: &'a Scorecard, result: &'a EntityResult) -> Self {
        let rules = card.rules.iter().zip(&result.rules);
        let open = rules.filter_map(|(rule, result)| OpenRule::new(card, rule, result));
        let mut open: Vec<OpenRule<'a>> = open.collect();
        open.sort_by_key(|open| {
            card.levels
                .iter()
                .position(|level| level.name == open.level)
        });
        let next = card.next_level(result.standing);
        Self {
            scorecard: card.reference.name(),
            title: &card.title,
            level: level_text::name(card, result.standing),
            percent: result.standing.percent.map(level_text::exact_percent),
            next_level: next.map(|level| level.name.as_str()),
            open,
            card,
            result,
        }
    }
}

impl<'a> OpenRule<'a> {
    fn new(card: &'a Scorecard, rule: &'a Rule, result: &RuleResult) -> Option<Self> {
        let is_open = matches!(result.outcome, Outcome::Failed | Outcome::Unknown);
        is_open.then(|| Self {
            rule: &rule.id,
            title: &rule.title,
            level: card.levels.get(rule.level).map_or("", |level| &level.name),
            outcome: result.outcome,
            fix: rule.fix.as_deref(),
            link: rule.link.as_deref(),
            place: &rule.place,
        })
    }
}
