//! `devportal template answers`: asks a template's questions, and prints the answers.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use clap_complete::engine::ArgValueCompleter;
use devportal::model::{Node, Tree};
use devportal::repo;
use devportal::scaffold::answers::{EntityFilter, Given};
use devportal::scan::Scan;
use devportal::yaml;
use serde_json::Value;

use crate::Outcome;
use crate::completion;
use crate::prompt;
use crate::session::Session;

/// Options of `template answers`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The template: a name, or the path of a folder or of its template.yaml
    #[arg(value_name = "NAME|PATH", add = ArgValueCompleter::new(completion::template))]
    template: String,
    #[command(flatten)]
    given: GivenArgs,
}

/// Answers on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct GivenArgs {
    /// Answer a parameter; "a.b=c" answers a field, and a list grows with every use
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Take answers from a file in YAML or JSON; "--set" goes before them
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Take the default of every parameter that has one, without asking
    #[arg(long)]
    defaults: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let format = session.format(&["yaml", "json"])?;
    let given = args.given.given(session)?;
    let source = session.template(&args.template)?;
    let manifest = source.manifest()?;
    let scan = session.scan()?;
    let answered = prompt::ask(session, manifest, &given, &|filter| {
        references(&scan, filter)
    })?;
    let answers = answered.without_secrets();
    match format {
        "json" => session.write_json(&answers)?,
        _ => session.write_yaml(&answers)?,
    }
    Ok(Outcome::Fine)
}

impl GivenArgs {
    /// What was given, with the file read.
    ///
    /// # Errors
    /// When an answer has no `=`, or the file cannot be read.
    pub(crate) fn given(&self, session: &Session) -> Result<Given> {
        let mut set = Vec::new();
        for pair in &self.set {
            let Some((name, value)) = pair.split_once('=') else {
                bail!("--set takes NAME=VALUE, but is \"{pair}\"");
            };
            set.push((name.trim().to_owned(), value.to_owned()));
        }
        let file = self.answers.as_ref();
        Ok(Given {
            set,
            file: file.map(|file| read(session, file)).transpose()?,
            use_defaults: self.defaults,
        })
    }
}

fn read(session: &Session, file: &PathBuf) -> Result<Value> {
    let path = session.base()?.join(file);
    let shown = file.display();
    let bytes = repo::read_plain(&path, repo::FILE_LIMIT)
        .map_err(|reason| anyhow!("the file of answers \"{shown}\" {reason}"))?;
    let mut documents = yaml::parse(&yaml::decode(&bytes).0);
    let document = documents
        .pop()
        .filter(|_| documents.is_empty())
        .with_context(|| format!("\"{shown}\" is not one document"))?;
    if let Some(problem) = document.problems.iter().find(|_| !document.is_valid()) {
        let line = problem.span.line;
        bail!("{shown}:{line}: {}", problem.message);
    }
    let root = document.tree.as_ref().and_then(Tree::root);
    Ok(root.map_or(Value::Null, Node::to_json))
}

/// The references of the entities that a filter takes, in the order of the catalog.
pub(crate) fn references(scan: &Scan, filter: &EntityFilter) -> Vec<String> {
    let entities = scan.catalog.entities().iter();
    let taken = entities.filter(|entity| {
        filter.takes(&|field| {
            if field == "kind" {
                return vec![entity.kind().to_owned()];
            }
            entity
                .tree()
                .root()
                .map_or_else(Vec::new, |root| values(root, field))
        })
    });
    taken.map(|it| it.reference().to_string()).collect()
}

/// The values at a path of names; one name may have `.` in it, as those of annotations do.
fn values(node: Node<'_>, path: &str) -> Vec<String> {
    if let Some(found) = node.get(path) {
        let items = found.items().map(|item| item.text().to_owned());
        let items: Vec<String> = items.collect();
        return if found.items().next().is_none() && !found.is_mapping() {
            vec![found.text().to_owned()]
        } else {
            items
        };
    }
    let ends = path.match_indices('.').map(|(at, _)| at);
    let mut below = ends.filter_map(|at| Some((node.get(&path[..at])?, &path[at + 1..])));
    below
        .next()
        .map_or_else(Vec::new, |(node, rest)| values(node, rest))
}
