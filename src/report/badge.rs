//! What badges tell: the level of an entity, and its owner.

use super::{level_text, page};
use crate::catalog::{Catalog, EntityId};
use crate::maturity::{Scorecard, Standing};
use crate::view::{Badge, Rgb};

/// The ground where there is no level, and no owner.
const GREY: Rgb = rgb(0x6e, 0x77, 0x81);
/// The ground of levels that have no colour, and of owners.
const BLUE: Rgb = rgb(0x05, 0x50, 0xae);

const fn rgb(red: u8, green: u8, blue: u8) -> Rgb {
    Rgb { red, green, blue }
}

/// The level of an entity in a scorecard that is about it.
#[must_use]
pub fn of_level(scorecard: &Scorecard, standing: Standing) -> Badge {
    let level = level_text::reached(scorecard, standing);
    let color = level.map_or(GREY, |level| {
        level.color.as_deref().and_then(Rgb::parse).unwrap_or(BLUE)
    });
    Badge {
        label: scorecard.title.clone(),
        message: level.map_or("no level", |level| level.shown()).to_owned(),
        color,
    }
}

/// Where a scorecard is not about an entity.
#[must_use]
pub fn not_about(scorecard: &Scorecard) -> Badge {
    Badge {
        label: scorecard.title.clone(),
        message: "not asked".to_owned(),
        color: GREY,
    }
}

/// The owner of an entity.
#[must_use]
pub fn of_owner(catalog: &Catalog, id: EntityId) -> Badge {
    let owner = catalog.owner(id).map(|owner| page::short(owner.reference));
    Badge {
        label: "owner".to_owned(),
        color: if owner.is_some() { BLUE } else { GREY },
        message: owner.unwrap_or_else(|| "nobody".to_owned()),
    }
}
