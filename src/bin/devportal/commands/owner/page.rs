//! One answer: a small page.

use devportal::catalog::Catalog;
use devportal::diagnostic::Severity;
use devportal::model::EntityRef;
use devportal::view::{Block, Role, Text, View};

use super::answer::{Answer, DeclaredAt, Source};

pub(super) fn view(answer: &Answer<'_>, catalog: &Catalog) -> View {
    let mut view = View::new();
    let name = match (&answer.path, answer.reference) {
        (Some(path), _) => path.clone(),
        (None, reference) => reference.map(EntityRef::short).unwrap_or_default(),
    };
    let repository = answer.repository.map(|it| format!("  {it}"));
    view.push(Block::Heading(
        Text::new(name, Role::Name).then(repository.unwrap_or_default(), Role::Faint),
    ));
    let mut rows = vec![("owner".to_owned(), owner(answer, catalog))];
    if answer.reference.is_none() {
        rows.push(("entity".to_owned(), Text::plain(entities(answer))));
    }
    let rules = answer.rules.iter();
    rows.extend(rules.enumerate().map(|(number, rule)| {
        let name = if number == 0 { "CODEOWNERS" } else { "" };
        let text = Text::new(rule.pattern, Role::Code)
            .then(format!(" {} (", rule.reviewers()), Role::Plain)
            .then(format!("{}:{}", rule.path, rule.line), Role::File)
            .then(")", Role::Plain);
        (name.to_owned(), text)
    }));
    if answer.rules.is_empty() && answer.repository.is_some() {
        rows.push((
            "CODEOWNERS".to_owned(),
            Text::new(no_rule(answer, catalog), Role::Faint),
        ));
    }
    view.push(Block::KeyValues(rows));
    if answer.agree == Some(false) {
        let message = "CODEOWNERS does not name the owner of the catalog, nor anybody in it";
        view.push(Block::Paragraph(Text::new(
            message,
            Role::Bad(Severity::Warning),
        )));
    }
    view
}

/// The owner, how to reach it, and who says so.
fn owner(answer: &Answer<'_>, catalog: &Catalog) -> Text {
    let Some(owner) = &answer.owner else {
        return Text::new("nobody", Role::Bad(Severity::Warning));
    };
    let contact = answer.contact.map(|contact| format!(" <{contact}>"));
    let missing = if catalog.get(owner).is_none() {
        " (not in the catalog)"
    } else {
        ""
    };
    let text = Text::plain(owner.short())
        .then(contact.unwrap_or_default(), Role::Plain)
        .then(missing, Role::Bad(Severity::Warning));
    let text = match answer.source {
        Some(Source::Codeowners) => text.then(", from CODEOWNERS", Role::Plain),
        Some(Source::Itself) => text.then(", itself", Role::Plain),
        _ => text,
    };
    match answer.declared {
        Some(DeclaredAt { path, line }) => text
            .then(" (", Role::Plain)
            .then(format!("{path}:{line}"), Role::File)
            .then(")", Role::Plain),
        None => text,
    }
}

fn entities(answer: &Answer<'_>) -> String {
    let names: Vec<String> = answer.entities.iter().map(|it| it.short()).collect();
    match (names.is_empty(), answer.repository) {
        (false, _) => names.join(", "),
        (true, Some(_)) => "none has its home here".to_owned(),
        (true, None) => "none: it is in no repository of the workspace".to_owned(),
    }
}

fn no_rule(answer: &Answer<'_>, catalog: &Catalog) -> &'static str {
    let file = answer.repository.and_then(|it| catalog.code_owners(it));
    if file.is_some() {
        "no rule matches"
    } else {
        "there is none"
    }
}
