//! A small workspace with problems, and every format applied to it.

#![expect(clippy::unwrap_used, reason = "a test that fails shall fail there")]

use std::sync::Arc;

use devportal::diagnostic::{Code, Diagnostic, Severity};
use devportal::model::{EntityRef, Place, SourceFile, Span};
use devportal::output::{Checked, FINDINGS_FORMATS, Findings, Terminal, VIEW_FORMATS};
use devportal::view::{Block, Column, Role, Table, Text, TreeItem, View};

pub(crate) static DANGLING: Code = Code::new(
    "dangling-reference",
    &[("0.1", Severity::Warning)],
    "A reference leads to no entity.\n\nDeclare the entity or correct the reference.",
);
pub(crate) static INVALID: Code = Code::new(
    "invalid-field",
    &[("0.1", Severity::Error)],
    "A field has a value that is not allowed.",
);
pub(crate) static DUPLICATE: Code = Code::new(
    "duplicate",
    &[("0.1", Severity::Error)],
    "Two documents declare one entity.",
);
pub(crate) static MISSING: Code = Code::new(
    "no-groups",
    &[("0.1", Severity::Note)],
    "The workspace has no groups.",
);

pub(crate) const PAYMENTS: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments
  tags: [Java]
spec:
  type: service
\towner: platform
";

pub(crate) fn file(path: &str) -> Arc<SourceFile> {
    let (folder, inside) = path.split_once('/').unwrap_or(("", path));
    Arc::new(SourceFile::new(
        format!("github.com/acme/{folder}").into(),
        folder,
        inside.as_bytes(),
    ))
}

pub(crate) fn at(path: &str, line: u32, column: u32, width: u32) -> Place {
    Place::span(file(path), Span::on_line(line, column, width))
}

/// Two files, four codes, related places, no place, and a message that attacks the terminal.
pub(crate) fn sample() -> Vec<Diagnostic> {
    let payments = EntityRef::new("component", "default", "payments");
    let dangling = |path, line, column| {
        Diagnostic::new(
            &DANGLING,
            "spec.owner \"group:default/platform\" does not exist",
        )
        .help("declare it, or correct it to \"group:default/platforms\"")
        .at(at(path, line, column, 8))
        .subject("group:default/platform")
    };
    vec![
        Diagnostic::new(&MISSING, "there is no Group here; 44 owners are unchecked"),
        dangling("orders/catalog-info.yaml", 8, 9),
        dangling("orders/catalog-info.yaml", 30, 10),
        Diagnostic::new(
            &DUPLICATE,
            "\"component:default/payments\" is declared twice",
        )
        .at(at("payments/catalog-info.yaml", 4, 9, 8))
        .entity(&payments)
        .related(
            at("orders/docs/my catalog.yaml", 4, 9, 8),
            "declared here, too",
        ),
        Diagnostic::new(&INVALID, "\"Java\u{1b}[2J\n::error::\" is no tag")
            .help("tags are lower case: 100% of them")
            .at(at("payments/catalog-info.yaml", 5, 10, 4))
            .entity(&payments)
            .subject("metadata.tags"),
        dangling("payments/catalog-info.yaml", 8, 9).entity(&payments),
    ]
}

pub(crate) fn findings(diagnostics: &[Diagnostic]) -> Findings<'_> {
    Findings {
        checked: Checked::Catalog,
        diagnostics,
        complete: true,
        repositories: 2,
        documents: 4,
        entities: 3,
        accepted: 0,
        all: false,
        source: &|file| {
            (file.path_in_repository() == "catalog-info.yaml").then(|| PAYMENTS.to_owned())
        },
    }
}

pub(crate) const NARROW: Terminal = Terminal {
    width: 80,
    color: false,
    links: None,
};

pub(crate) fn written(format: &str, findings: &Findings<'_>, terminal: &Terminal) -> String {
    let format = FINDINGS_FORMATS
        .iter()
        .find(|known| known.name == format)
        .unwrap();
    let mut out = Vec::new();
    (format.write)(findings, terminal, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(crate) fn written_view(format: &str, view: &View, terminal: &Terminal) -> String {
    let format = VIEW_FORMATS
        .iter()
        .find(|known| known.name == format)
        .unwrap();
    let mut out = Vec::new();
    (format.write)(view, terminal, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

pub(crate) fn sample_view() -> View {
    let mut view = View::new();
    view.push(Block::Heading("payments".into()));
    view.push(Block::Paragraph(
        Text::plain(
            "Takes money from customers and gives it to merchants, in every currency; owned by ",
        )
        .then("group:platform", Role::Name)
        .then(".\nAsk @acme/platform, see #12.", Role::Plain),
    ));
    view.push(Block::KeyValues(vec![
        ("owner".into(), Text::new("group:platform", Role::Name)),
        ("lifecycle".into(), Text::new("production", Role::Good)),
        (
            "next".into(),
            Text::new("devportal graph impact payments", Role::Code),
        ),
    ]));
    view.push(Block::Heading("what it needs".into()));
    view.push(Block::Table(Table {
        columns: vec![
            Column::fixed("name"),
            Column::numeric("incidents"),
            Column::flexible("description"),
        ],
        rows: vec![
            vec![
                Text::new("orders", Role::Name),
                "7".into(),
                "a | b <b>c</b> and much more that does not fit the narrow terminal".into(),
            ],
            vec![
                Text::new("支払い", Role::Name),
                "-12".into(),
                "=HYPERLINK(\"http://evil\")".into(),
            ],
        ],
    }));
    let leaf = |text: &str| TreeItem {
        text: text.into(),
        children: Vec::new(),
    };
    view.push(Block::Tree(vec![
        TreeItem {
            text: Text::new("domain:commerce", Role::Name),
            children: vec![
                TreeItem {
                    text: "system:shop".into(),
                    children: vec![leaf("component:payments")],
                },
                leaf("system:warehouse"),
            ],
        },
        leaf("domain:platform"),
    ]));
    view.push(Block::List(vec!["first".into(), "- second".into()]));
    view.push(Block::Verbatim("```yaml\nkind: Component\n```\n".into()));
    view
}
