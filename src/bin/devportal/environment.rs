//! What the environment says: the only place that reads it.

use std::env;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::{Context, Result};
use devportal::http::{Client, Limits};
use devportal::model::ForgeKind;
use devportal::output::{LinkTargets, Terminal};
use etcetera::BaseStrategy;

/// When output has colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The terminal behind standard output. The flag beats `NO_COLOR`, which beats `CLICOLOR_FORCE`,
/// which beats `CLICOLOR` and whether it is a terminal at all.
pub(crate) fn terminal(flag: ColorChoice) -> Terminal {
    let is_terminal = std::io::stdout().is_terminal();
    Terminal {
        width: width(is_terminal),
        color: has_color(flag, is_terminal),
        links: has_links(is_terminal).then(link_targets),
    }
}

/// Whether the terminal is known to follow links. `FORCE_HYPERLINK` decides where it is set.
fn has_links(is_terminal: bool) -> bool {
    let is_forced = env::var_os("FORCE_HYPERLINK").is_some();
    (is_terminal || is_forced) && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout)
}

/// Links to files need the folder of the workspace, which is known later.
fn link_targets() -> LinkTargets {
    LinkTargets {
        host: gethostname::gethostname().to_string_lossy().into_owned(),
        folder: String::new(),
    }
}

fn has_color(flag: ColorChoice, is_terminal: bool) -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_forced =
        env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
    let is_off = env::var_os("CLICOLOR").is_some_and(|value| value == "0");
    let is_dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
    match flag {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if is_set("NO_COLOR") => false,
        ColorChoice::Auto if is_forced => true,
        ColorChoice::Auto => is_terminal && !is_off && !is_dumb,
    }
}

/// The columns of the terminal; a file or pipe has as many as it takes.
fn width(is_terminal: bool) -> usize {
    let asked = env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok())
        .filter(|columns| *columns > 0);
    let measured = || {
        terminal_size::terminal_size()
            .map(|(width, _)| usize::from(width.0))
            .filter(|width| *width > 0)
    };
    match (is_terminal, asked) {
        (_, Some(columns)) => columns,
        (true, None) => measured().unwrap_or(80),
        (false, None) => 0,
    }
}

/// Help is printed before any flag is known.
pub(crate) fn color_choice_of_help() -> clap::ColorChoice {
    if has_color(ColorChoice::Auto, std::io::stdout().is_terminal()) {
        clap::ColorChoice::Always
    } else {
        clap::ColorChoice::Never
    }
}

/// Whether progress can be shown.
pub(crate) fn shows_progress() -> bool {
    std::io::stderr().is_terminal() && env::var_os("TERM").is_none_or(|value| value != "dumb")
}

/// The pager that the user wants, with its arguments; `None` when none is wanted. Standard output
/// that is no terminal needs none.
pub(crate) fn pager() -> Option<String> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    let asked = env::var("DEVPORTAL_PAGER").or_else(|_| env::var("PAGER"));
    let pager = asked.unwrap_or_else(|_| "less".to_owned());
    (!pager.trim().is_empty()).then_some(pager)
}

/// What pagers are told unless the user told them already, as Git does: end at once when a page
/// fits, pass colours through, leave the text on the screen.
pub(crate) fn pager_defaults() -> impl Iterator<Item = (&'static str, &'static str)> {
    let defaults = [("LESS", "FRX"), ("LV", "-c")];
    defaults
        .into_iter()
        .filter(|(name, _)| env::var_os(name).is_none())
}

/// `PATH`.
pub(crate) fn search_path() -> OsString {
    env::var_os("PATH").unwrap_or_default()
}

/// The folder one stands in.
pub(crate) fn current_folder() -> Result<PathBuf> {
    env::current_dir().context("the current folder is gone")
}

/// Whether `SOURCE_DATE_EPOCH` says what is now.
pub(crate) fn has_fixed_now() -> bool {
    fixed_now().is_some()
}

/// Now, in seconds since 1970: `SOURCE_DATE_EPOCH`, else the clock.
pub(crate) fn now() -> i64 {
    fixed_now().unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        })
    })
}

fn fixed_now() -> Option<i64> {
    env::var("SOURCE_DATE_EPOCH").ok()?.trim().parse().ok()
}

/// `GIT_AUTHOR_NAME` and `GIT_AUTHOR_EMAIL`.
pub(crate) fn git_author() -> (Option<String>, Option<String>) {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
    (set("GIT_AUTHOR_NAME"), set("GIT_AUTHOR_EMAIL"))
}

/// The variables that hold a token for a forge, the first that is set.
pub(crate) const fn token_names(kind: ForgeKind) -> &'static [&'static str] {
    match kind {
        ForgeKind::GitLab => &["GITLAB_TOKEN"],
        _ => &["GITHUB_TOKEN", "GH_TOKEN"],
    }
}

/// A token of the environment.
pub(crate) fn token(name: &str) -> Option<String> {
    let token = env::var(name).ok()?;
    let token = token.trim();
    (!token.is_empty()).then(|| token.to_owned())
}

/// A variable that is set to something.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// The client of HTTP, through the proxy of the environment.
pub(crate) fn client() -> Result<Client> {
    let client = Client::new(Limits::default());
    match proxy() {
        Some((proxy, except)) => client
            .through_proxy(&proxy, except.as_deref())
            .context("the proxy of the environment cannot be used"),
        None => Ok(client),
    }
}

/// `HTTPS_PROXY` and `NO_PROXY`, in capitals or small letters.
fn proxy() -> Option<(String, Option<String>)> {
    let set = |name: &str| {
        let value = env::var(name).or_else(|_| env::var(name.to_lowercase()));
        value.ok().filter(|value| !value.is_empty())
    };
    Some((set("HTTPS_PROXY")?, set("NO_PROXY")))
}

/// Where clones of templates are kept: `$XDG_CACHE_HOME/devportal/templates`.
pub(crate) fn template_cache() -> Option<PathBuf> {
    Some(cache_folder()?.join("templates"))
}

/// `DEVPORTAL_WORKSPACE`.
pub(crate) fn workspace() -> Option<PathBuf> {
    env::var_os("DEVPORTAL_WORKSPACE")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

/// `DEVPORTAL_WRITER`: who writes to the ledger.
pub(crate) fn writer() -> Option<String> {
    env::var("DEVPORTAL_WRITER")
        .ok()
        .filter(|writer| !writer.is_empty())
}

/// `GITHUB_STEP_SUMMARY`: the file in which a step of GitHub Actions says what it did.
pub(crate) fn step_summary() -> Option<PathBuf> {
    variable("GITHUB_STEP_SUMMARY").map(PathBuf::from)
}

/// The user's configuration: `$XDG_CONFIG_HOME/devportal/config.yaml`, on every system.
pub(crate) fn user_configuration() -> Option<PathBuf> {
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    Some(base.config_dir().join("devportal").join("config.yaml"))
}

/// Where results are kept that take long to find out: `$XDG_CACHE_HOME/devportal/results`.
pub(crate) fn result_cache() -> Option<PathBuf> {
    Some(cache_folder()?.join("results"))
}

/// What is ours below `XDG_CACHE_HOME`, on macOS too.
fn cache_folder() -> Option<PathBuf> {
    let base = etcetera::base_strategy::Xdg::new().ok()?;
    Some(base.cache_dir().join("devportal"))
}
