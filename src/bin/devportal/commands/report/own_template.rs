//! A template of the user's own, rendered over what machines get.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use devportal::template::{Dialect, Engine, Options, Values};
use serde::Serialize;
use serde_json::Value;

use crate::session::Session;

/// A template of the user's own. It sees the values that it is given and nothing else, escapes
/// nothing, and is held to the limits of all templates.
pub(super) struct OwnTemplate {
    name: String,
    text: String,
    extension: String,
}

impl OwnTemplate {
    pub(super) fn read(path: &Path, session: &Session) -> Result<Self> {
        let text = std::fs::read_to_string(session.base()?.join(path));
        let text = text.with_context(|| format!("cannot read \"{}\"", path.display()))?;
        Ok(Self {
            name: path.display().to_string(),
            text,
            extension: extension(path),
        })
    }

    /// How files are called behind the point that it makes: `page.html.j2` makes `html`.
    pub(super) fn extension(&self) -> &str {
        &self.extension
    }

    /// # Errors
    /// When it is no template, or asks for what is not there or is too much.
    pub(super) fn render<T: Serialize>(&self, answer: &T) -> Result<String> {
        let Value::Object(values) = serde_json::to_value(answer)? else {
            bail!("the answer is no object");
        };
        let engine = Engine::new(Options {
            dialect: Dialect::Cookiecutter,
            trim_blocks: true,
            lstrip_blocks: true,
            refuses_unknown_names: true,
        });
        let rendered = engine.render(&self.name, &self.text, &Values::new(&values));
        rendered.map_err(|error| {
            let help = error.help.as_ref();
            let help = help.map(|help| format!("\n  {help}")).unwrap_or_default();
            anyhow!("{error}{help}")
        })
    }
}

fn extension(path: &Path) -> String {
    const OF_TEMPLATES: [&str; 3] = ["j2", "jinja", "jinja2"];
    let of = |path: &Path| {
        let extension = path.extension()?.to_str()?;
        Some(extension.to_owned())
    };
    let own = of(path);
    let is_template = own.as_deref().is_none_or(|own| OF_TEMPLATES.contains(&own));
    let inner = path.file_stem().map(Path::new).and_then(of);
    let extension = if is_template { inner } else { own };
    extension.unwrap_or_else(|| "md".to_owned())
}
