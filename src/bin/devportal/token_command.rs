//! Token commands: programs of the user's own configuration that print a token.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use devportal::repo;

use crate::environment;

/// The token that a program prints. It may ask its user for something on the terminal.
///
/// # Errors
/// When it cannot be run, fails, or prints no text.
pub(crate) fn token(words: &[String]) -> Result<String> {
    let Some((name, arguments)) = words.split_first() else {
        bail!("it names no program");
    };
    let program = if name.contains('/') {
        name.into()
    } else {
        repo::find_program(&environment::search_path(), name)
            .with_context(|| format!("there is no program \"{name}\""))?
    };
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("it cannot be started")?;
    if !output.status.success() {
        bail!("it ends with {}", output.status);
    }
    let token = String::from_utf8(output.stdout).map_err(|_| anyhow!("it printed no text"))?;
    Ok(token.trim().to_owned())
}
