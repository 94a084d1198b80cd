//! The reference of the language, for `devportal help query` and the README.

use std::fmt::Write as _;

use super::qualifier::{HAS_FIELDS, QUALIFIERS, STATES};

/// What is said before the qualifiers.
const BEGINNING: &str = "\
A query is words and qualifiers. An entity must fit all of them.

| written | fits |
|---|---|
| `pay` | what has the word in its name, title, description or a tag; with a capital letter, written so |
| `\"credit card\"` | the same for words that belong together; quotes also take the meaning from `*`, `or`, `>` |
| `kind:api` | a qualifier with a value; capital letters make no difference |
| `kind:api,resource` | one of several values |
| `name:pay*` | `*` stands for any text, in words and in values |
| `label.tier:<=1` | `>` `>=` `<` `<=` compare numbers and dates (`2026-03-31`) |
| `-tag:rust`, `not rust` | what does not fit |
| `refunds or ledger` | one or the other; \"and\" binds more tightly |
| `kind:api (refunds or ledger)` | parentheses group |

A reference (REF) is a name, or `kind:namespace/name`, of which kind and namespace may be left out.

";

/// The reference, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut text = BEGINNING.to_owned();
    text.push_str("| qualifier | entities | for example |\n|---|---|---|\n");
    for qualifier in QUALIFIERS {
        let key = qualifier
            .key
            .map(|key| format!(".{key}"))
            .unwrap_or_default();
        let (name, value) = (qualifier.name, qualifier.value);
        let (about, example) = (qualifier.about, qualifier.example);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{name}{key}:{value}` | {about} | `{example}` |");
    }
    text.push_str(
        "| `RELATION:REF` | related so to that entity: `ownedBy` `partOf` `hasPart` `dependsOn` `dependencyOf` \
         `providesApi` `apiProvidedBy` `consumesApi` `apiConsumedBy` `memberOf` `hasMember` `childOf` `parentOf` \
         `ownerOf` | `dependsOn:payments-database` |\n",
    );
    let fields = HAS_FIELDS.map(|field| format!("`{field}`")).join(" ");
    let _ = write!(
        text,
        "\n`has:` takes {fields}, a relation, `label.KEY`, `annotation.KEY` or `spec.FIELD`.\n\n\
         | state | meaning |\n|---|---|\n",
    );
    for state in STATES {
        let _ = writeln!(text, "| `is:{}` | {} |", state.name, state.about);
    }
    text
}
