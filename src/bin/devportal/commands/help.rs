//! `devportal help`: the help of a command, or of a topic that no command has to itself.

use anyhow::{Context, Result, bail};
use devportal::diagnostic::did_you_mean;
use devportal::query;
use devportal::view::{Block, View};

use crate::Outcome;
use crate::help::command_line;
use crate::session::Session;

/// Options of `help`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A command, or a topic: query
    #[arg(value_name = "COMMAND|TOPIC")]
    words: Vec<String>,
}

/// What is explained, and its text in Markdown.
type Topic = (&'static str, fn() -> String);

const TOPICS: &[Topic] = &[("query", query::reference)];

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    if let [word] = args.words.as_slice()
        && let Some((_, text)) = TOPICS.iter().find(|(name, _)| name == word)
    {
        let view = View {
            blocks: vec![Block::Verbatim(text())],
        };
        session.write_view(&view, "human")?;
        return Ok(Outcome::Fine);
    }
    let mut command = command_line();
    for word in &args.words {
        let names = command.get_subcommands().map(clap::Command::get_name);
        let names: Vec<&str> = names.chain(TOPICS.iter().map(|(name, _)| *name)).collect();
        let Some(found) = command.find_subcommand(word) else {
            match did_you_mean(word, names.iter().copied()) {
                Some(meant) => bail!("there is no help for \"{word}\"; did you mean \"{meant}\"?"),
                None => bail!(
                    "there is no help for \"{word}\": there are {}",
                    names.join(", ")
                ),
            }
        };
        command = found.clone();
    }
    let name = std::iter::once("devportal").chain(args.words.iter().map(String::as_str));
    let name = name.collect::<Vec<_>>().join(" ");
    let color = crate::environment::color_choice_of_help();
    let mut command = command.bin_name(name).color(color);
    command.print_long_help().context("cannot write output")?;
    Ok(Outcome::Fine)
}
