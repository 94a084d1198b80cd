//! Answers on the command line.

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use devportal::model::{Node, Tree};
use devportal::repo;
use devportal::scaffold::answers::Given;
use devportal::yaml;
use serde_json::Value;

use super::assignments;
use crate::session::Session;

/// Answers on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct GivenArgs {
    /// Answer a parameter; "a.b=c" answers a field, and a list grows with every use
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Take answers from a file in YAML or JSON, or from standard input ("-"); "--set" goes before them
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Take the default of every parameter that has one, without asking
    #[arg(long)]
    pub(crate) defaults: bool,
}

impl GivenArgs {
    /// What was given, with the file read.
    ///
    /// # Errors
    /// When an answer has no `=`, or the file cannot be read.
    pub(crate) fn given(&self, session: &Session) -> Result<Given> {
        let file = self.answers.as_ref();
        Ok(Given {
            set: assignments(&self.set)?,
            file: file.map(|file| read(session, file)).transpose()?,
            use_defaults: self.defaults,
        })
    }
}

fn read(session: &Session, file: &PathBuf) -> Result<Value> {
    let shown = file.display();
    let bytes = if file.as_os_str() == "-" {
        read_stdin()?
    } else {
        repo::read_plain(&session.base()?.join(file), repo::FILE_LIMIT)
            .map_err(|reason| anyhow!("the file of answers \"{shown}\" {reason}"))?
    };
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

/// Answers from standard input, so that secrets need no file.
fn read_stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut stdin = std::io::stdin().lock().take(repo::FILE_LIMIT + 1);
    stdin
        .read_to_end(&mut bytes)
        .context("cannot read answers from standard input")?;
    if bytes.len() as u64 > repo::FILE_LIMIT {
        bail!("the answers on standard input are larger than 4 MiB");
    }
    Ok(bytes)
}
