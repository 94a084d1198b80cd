//! `devportal template render`: one file of a template, with values.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use devportal::model::{Node, Tree};
use devportal::repo::{ReadError, read_plain};
use devportal::template::{Engine, Options, TemplateError, Values};
use devportal::yaml;

use crate::Outcome;
use crate::scaffolding::stack::on_large_stack;
use crate::session::Session;

/// The largest file that is read, in bytes.
const MOST_BYTES: u64 = 64 << 20;

/// Options of `template render`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file to render, or "-" for standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// The values, in YAML or JSON; its keys are the names that the file uses
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    values: PathBuf,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let values = read_values(&args.values)?;
    let bytes = if args.file.as_os_str() == "-" {
        read_stdin()?
    } else {
        read(&args.file)?
    };
    let name = match args.file.as_os_str().to_str() {
        Some("-") => "<stdin>".to_owned(),
        _ => args.file.display().to_string(),
    };
    let rendered = match std::str::from_utf8(&bytes) {
        Ok(text) => render(&name, text, &values)?.into_bytes(),
        // What is no text is copied, as Backstage does.
        Err(_) => bytes,
    };
    let written = session.stdout().write_all(&rendered);
    written.context("cannot write output")?;
    Ok(Outcome::Fine)
}

fn render(name: &str, text: &str, values: &Values) -> Result<String> {
    let rendered = on_large_stack(|| Engine::new(Options::default()).render(name, text, values));
    rendered.map_err(|error| described(&error))
}

fn described(error: &TemplateError) -> anyhow::Error {
    match &error.help {
        Some(help) => anyhow!("{error}\n  help: {help}"),
        None => anyhow!("{error}"),
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display();
    match read_plain(path, MOST_BYTES) {
        Ok(bytes) => Ok(bytes),
        Err(ReadError::Missing) => bail!("there is no file \"{shown}\""),
        Err(error) => bail!("\"{shown}\" {error}"),
    }
}

fn read_stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut stdin = std::io::stdin().lock().take(MOST_BYTES + 1);
    let read = stdin.read_to_end(&mut bytes);
    read.context("cannot read standard input")?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("standard input is larger than {} MiB", MOST_BYTES >> 20);
    }
    Ok(bytes)
}

/// Reads values: one document, a mapping.
fn read_values(path: &Path) -> Result<Values> {
    let shown = path.display();
    let bytes = read(path)?;
    let Ok(text) = std::str::from_utf8(&bytes) else {
        bail!("the values \"{shown}\" are not UTF-8");
    };
    let documents = yaml::parse(text);
    for document in &documents {
        if let Some(problem) = document.problems.iter().find(|_| !document.is_valid()) {
            let (line, message) = (problem.span.line, &problem.message);
            bail!("{shown}:{line}: {message}");
        }
    }
    let [document] = documents.as_slice() else {
        bail!("the values \"{shown}\" must be one document");
    };
    let root = document.tree.as_ref().and_then(Tree::root);
    let json = root.map(Node::to_json);
    match json {
        Some(serde_json::Value::Object(values)) => Ok(Values::new(&values)),
        _ => bail!("the values \"{shown}\" must be a mapping of names"),
    }
}
