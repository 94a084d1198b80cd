//! `devportal man`: manual pages.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap_mangen::Man;

use crate::Outcome;
use crate::help::command_line;
use crate::session::Session;
use crate::write_file::write_atomically;

/// Options of `man`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write the pages of all commands into this folder, instead of the first one to the output
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<Outcome> {
    let mut command = command_line();
    command.build();
    let Some(folder) = &args.folder else {
        Man::new(command)
            .render(session.stdout())
            .context("cannot write output")?;
        return Ok(Outcome::Fine);
    };
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder \"{}\"", folder.display()))?;
    let mut open = vec![command];
    let mut pages = 0;
    while let Some(command) = open.pop() {
        open.extend(
            command
                .get_subcommands()
                .filter(|it| it.get_name() != "help")
                .cloned(),
        );
        let page = Man::new(command);
        let mut text = Vec::new();
        page.render(&mut text).context("cannot make a page")?;
        write_atomically(&folder.join(page.get_filename()), &text)?;
        pages += 1;
    }
    session.hint(&format!(
        "wrote {pages} pages into \"{}\"",
        folder.display()
    ));
    Ok(Outcome::Fine)
}
