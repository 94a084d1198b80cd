//! `devportal template show`: what a template asks, what it does, and what it leaves behind.

use anyhow::Result;
use clap_complete::engine::ArgValueCompleter;
use devportal::diagnostic::Severity;
use devportal::scaffold::answers::{DeclaredParameter, QuestionKind, declared};
use devportal::scaffold::{Manifest, Step, StepSupport, TemplateSupport};
use devportal::view::{Block, Column, Role, Table, Text, View};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Outcome;
use crate::completion;
use crate::session::Session;
use crate::template_source::{Origin, TemplateSource};

use super::list::{HasProgram, from, place, shown_support};

/// Choices that are shown beside the description of a parameter.
const MOST_CHOICES: usize = 12;

/// Options of `template show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The template: a name, or the path of a folder or of its template.yaml
    #[arg(value_name = "NAME|PATH", add = ArgValueCompleter::new(completion::template))]
    template: String,
}

/// The answer in one object.
#[derive(Serialize)]
struct Shown<'a> {
    schema: &'static str,
    template: Described<'a>,
    parameters: Vec<ParameterRecord<'a>>,
    steps: Vec<StepRecord<'a>>,
    output: &'a Map<String, Value>,
    warnings: Vec<&'a str>,
}

#[derive(Serialize)]
struct Described<'a> {
    #[serde(rename = "ref")]
    reference: String,
    name: &'a str,
    title: Option<&'a str>,
    description: Option<&'a str>,
    owner: Option<&'a str>,
    #[serde(rename = "type")]
    component_type: Option<&'a str>,
    tags: &'a [String],
    from: String,
    runs: &'static str,
}

#[derive(Serialize)]
struct ParameterRecord<'a> {
    name: &'a str,
    page: usize,
    #[serde(rename = "type")]
    kind: String,
    required: bool,
    conditional: bool,
    default: Option<&'a Value>,
    choices: Vec<&'a Value>,
    pattern: Option<&'a str>,
    title: Option<&'a str>,
    description: Option<&'a str>,
}

#[derive(Serialize)]
struct StepRecord<'a> {
    id: &'a str,
    name: &'a str,
    action: &'a str,
    #[serde(rename = "if")]
    condition: Option<&'a Value>,
    each: Option<&'a Value>,
    status: &'static str,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["human", "json", "yaml", "markdown"])?;
    let source = session.template(&args.template, None, false)?;
    let manifest = source.manifest()?;
    let settings = session.user_settings();
    let has_program: HasProgram<'_> = &|action| settings.actions.contains_key(action);
    let parameters = declared(manifest);
    for warning in &manifest.warnings {
        session.hint(&devportal::output::diagnostic_line(warning));
    }
    match format {
        "json" => session.write_json(&shown(&source, manifest, &parameters, has_program))?,
        "yaml" => session.write_yaml(&shown(&source, manifest, &parameters, has_program))?,
        format => session.write_view(&view(&source, manifest, &parameters, has_program), format)?,
    }
    Ok(Outcome::Fine)
}

fn shown<'a>(
    source: &TemplateSource,
    manifest: &'a Manifest,
    parameters: &'a [DeclaredParameter],
    has_program: HasProgram<'_>,
) -> Shown<'a> {
    Shown {
        schema: "devportal.template-show/v1",
        template: Described {
            reference: manifest.reference().to_string(),
            name: &manifest.name,
            title: manifest.title.as_deref(),
            description: manifest.description.as_deref(),
            owner: manifest.owner.as_deref(),
            component_type: manifest.component_type.as_deref(),
            tags: &manifest.tags,
            from: place(&source.file),
            runs: TemplateSupport::of(manifest, has_program).name(),
        },
        parameters: parameters.iter().map(parameter_record).collect(),
        steps: manifest
            .steps
            .iter()
            .map(|step| step_record(step, has_program))
            .collect(),
        output: &manifest.output,
        warnings: manifest
            .warnings
            .iter()
            .map(|it| it.message.as_str())
            .collect(),
    }
}

fn parameter_record(declared: &DeclaredParameter) -> ParameterRecord<'_> {
    let question = &declared.question;
    ParameterRecord {
        name: &question.name,
        page: question.page + 1,
        kind: question.kind.name(),
        required: question.is_required,
        conditional: declared.is_conditional,
        default: question.default.as_ref(),
        choices: choices(&question.kind).collect(),
        pattern: question.pattern.as_deref(),
        title: question.title.as_deref(),
        description: question.description.as_deref(),
    }
}

fn choices(kind: &QuestionKind) -> impl Iterator<Item = &Value> {
    let options = match kind {
        QuestionKind::Choice { options, .. } => options.as_slice(),
        _ => &[],
    };
    options.iter().map(|option| &option.value)
}

fn step_record<'a>(step: &'a Step, has_program: HasProgram<'_>) -> StepRecord<'a> {
    StepRecord {
        id: &step.id,
        name: &step.name,
        action: &step.action,
        condition: step.condition.as_ref(),
        each: step.each.as_ref(),
        status: StepSupport::of(&step.action, has_program(&step.action)).name(),
    }
}

fn view(
    source: &TemplateSource,
    manifest: &Manifest,
    parameters: &[DeclaredParameter],
    has_program: HasProgram<'_>,
) -> View {
    let mut view = View::new();
    view.push(Block::Heading(Text::new(
        manifest.title.as_deref().unwrap_or(&manifest.name),
        Role::Name,
    )));
    if let Some(description) = &manifest.description {
        view.push(Block::Paragraph(Text::plain(description.trim_end())));
    }
    view.push(Block::KeyValues(facts(source, manifest, has_program)));
    view.push(Block::Heading("Parameters".into()));
    if parameters.is_empty() {
        view.push(Block::Paragraph("It asks nothing.".into()));
    } else {
        view.push(Block::Table(parameter_table(manifest, parameters)));
    }
    view.push(Block::Heading("Steps".into()));
    view.push(Block::Table(step_table(manifest, has_program)));
    let outputs = outputs(manifest);
    if !outputs.is_empty() {
        view.push(Block::Heading("Outputs".into()));
        view.push(Block::List(outputs));
    }
    view
}

fn facts(
    source: &TemplateSource,
    manifest: &Manifest,
    has_program: HasProgram<'_>,
) -> Vec<(String, Text)> {
    let runs = TemplateSupport::of(manifest, has_program).name();
    let text = |text: &Option<String>| text.as_deref().map(Text::plain);
    let tags = (!manifest.tags.is_empty()).then(|| manifest.tags.join(", ").into());
    let facts = [
        ("name", Some(Text::plain(&manifest.name))),
        ("owner", text(&manifest.owner)),
        ("type", text(&manifest.component_type)),
        ("tags", tags),
        ("from", Some(from(&place(&source.file)))),
        ("files", files(&source.origin).map(Text::plain)),
        ("runs", Some(shown_support(runs))),
    ];
    let facts = facts.into_iter();
    facts
        .filter_map(|(name, text)| Some((name.to_owned(), text?)))
        .collect()
}

/// The repository and commit that the files of a template are read from, where it has them.
fn files(origin: &Origin) -> Option<String> {
    match origin {
        Origin::Folder {
            identity: Some(identity),
            commit,
            ..
        } => Some(match commit {
            Some(commit) => format!("{identity} at {commit}"),
            None => identity.clone(),
        }),
        Origin::Shipped(_) | Origin::Folder { .. } => None,
    }
}

fn parameter_table(manifest: &Manifest, parameters: &[DeclaredParameter]) -> Table {
    let has_pages = manifest.pages.len() > 1;
    let rows = parameters.iter().map(|declared| {
        let question = &declared.question;
        let needed = match (question.is_required, declared.is_conditional) {
            (true, false) => "yes",
            (true, true) => "if asked",
            (false, _) => "",
        };
        let default = question.default.as_ref().map(shown_value);
        let mut row = vec![
            Text::new(&question.name, Role::Name),
            Text::plain(question.kind.name()),
            Text::plain(needed),
            Text::plain(default.unwrap_or_default()),
            Text::plain(about(declared)),
        ];
        if has_pages {
            row.insert(0, Text::plain((question.page + 1).to_string()));
        }
        row
    });
    let mut columns = vec![
        Column::fixed("parameter"),
        Column::fixed("type"),
        Column::fixed("required"),
        Column::flexible("default"),
        Column::flexible("description"),
    ];
    if has_pages {
        columns.insert(0, Column::numeric("page"));
    }
    Table {
        columns,
        rows: rows.collect(),
    }
}

/// What a parameter is for, and what may be chosen.
fn about(declared: &DeclaredParameter) -> String {
    let question = &declared.question;
    let description = question.description.as_ref().or(question.title.as_ref());
    let mut about = description.map_or_else(String::new, |it| one_line(it));
    let choices: Vec<String> = choices(&question.kind).map(shown_value).collect();
    if !choices.is_empty() {
        let shown = choices.len().min(MOST_CHOICES);
        if !about.is_empty() {
            about = format!("{}: ", about.trim_end_matches(['.', ':']));
        }
        about.push_str(&choices[..shown].join(", "));
        if shown < choices.len() {
            about.push_str(", …");
        }
    }
    if declared.is_conditional {
        about.push_str(" (asked for some answers only)");
    }
    about.trim_start().to_owned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown_value(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn step_table(manifest: &Manifest, has_program: HasProgram<'_>) -> Table {
    let rows = manifest.steps.iter().map(|step| {
        let condition = step.condition.as_ref().map(shown_value);
        let each = step
            .each
            .as_ref()
            .map(|each| format!("for each of {}", shown_value(each)));
        let when: Vec<String> = condition.into_iter().chain(each).collect();
        vec![
            Text::new(&step.id, Role::Name),
            Text::plain(&step.action),
            status(StepSupport::of(&step.action, has_program(&step.action))),
            Text::plain(one_line(&when.join(", "))),
        ]
    });
    Table {
        columns: vec![
            Column::fixed("step"),
            Column::fixed("action"),
            Column::fixed("status"),
            Column::flexible("condition"),
        ],
        rows: rows.collect(),
    }
}

fn status(support: StepSupport) -> Text {
    match support {
        StepSupport::Runs => Text::new("runs", Role::Good),
        StepSupport::NeedsPush => Text::plain("runs here, the rest with --push"),
        StepSupport::NeedsTrust => Text::plain("runs with --trust"),
        StepSupport::Unsupported => Text::new(
            "refused, or --skip-unsupported",
            Role::Bad(Severity::Warning),
        ),
    }
}

/// What a run tells in the end: links, texts, and values by name.
fn outputs(manifest: &Manifest) -> Vec<Text> {
    let mut lines = Vec::new();
    for (name, value) in &manifest.output {
        let Some(items) = value.as_array() else {
            lines.push(Text::plain(format!("{name}: ")).then(shown_value(value), Role::Faint));
            continue;
        };
        for item in items {
            let field = |name: &str| item.get(name).and_then(Value::as_str).map(one_line);
            let title = field("title").unwrap_or_default();
            let target = field("url").or_else(|| field("entityRef"));
            let what = name.trim_end_matches('s');
            let line = Text::plain(format!("{what}: {title} "));
            lines.push(line.then(target.unwrap_or_default(), Role::Faint));
        }
    }
    lines
}
