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

/// What is said of facts, after everything else.
const FACTS: &str = "
A fact is compared by its type; \"devportal facts list\" has the names, types and units of all.

| type | written | fits |
|---|---|---|
| boolean | `fact.readme.present:true` | `true` or `false` |
| number | `fact.commits.90d:>=10` | numbers in the unit of the fact; of times also `90d`, `36h`, `15m` |
| text, list | `fact.ci.systems:github*` | a text, or one item of a list, as labels are |
| version | `fact.dependency.log4j-core:<2.17` | versions, not decimals: 2.9 is less than 2.17, 2.17.0-rc1 less than 2.17 |
| time | `fact.commit.last:<2026-01-01` | times and dates; a date alone is all of that day, UTC |
| any | `fact.incident.open:unknown`, `:known` | what is not known, or not any more; what is |

What is not known fits neither a comparison nor its opposite: `-fact.readme.present:true` finds what is known to have
no README. `fact.deployment.age{environment=staging}:<30` asks for another environment than the first of
`environments:` (production). A name with a colon stands in quotes: `fact.\"dependency.org.apache:core\":<2`.
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
        "\n`has:` takes {fields}, a relation, `label.KEY`, `annotation.KEY`, `spec.FIELD` or \
         `fact.NAME`.\n\n\
         | state | meaning |\n|---|---|\n",
    );
    for state in STATES {
        let _ = writeln!(text, "| `is:{}` | {} |", state.name, state.about);
    }
    text.push_str(FACTS);
    text
}
