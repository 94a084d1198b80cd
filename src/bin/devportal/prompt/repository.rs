//! Where a repository is, asked part by part.

use anyhow::Result;
use devportal::scaffold::answers::{
    ChoiceOption, Question, QuestionKind, RepositoryParts, RepositoryUrlRule, repository_url,
};
use serde_json::{Map, Value};

use super::Asking;

impl Asking<'_> {
    /// Asks for host, owner and name. A whole URL in place of the host is taken, too.
    pub(super) fn repository(
        &self,
        question: &Question,
        rule: &RepositoryUrlRule,
        values: &Map<String, Value>,
    ) -> Result<Option<Value>> {
        loop {
            let Some(url) = self.url(question, rule, values)? else {
                return Ok(None);
            };
            let value = Value::String(url);
            match question.check(&value) {
                Ok(()) => return Ok(Some(value)),
                Err(problem) => Self::complain(&problem.message),
            }
        }
    }

    fn url(
        &self,
        question: &Question,
        rule: &RepositoryUrlRule,
        values: &Map<String, Value>,
    ) -> Result<Option<String>> {
        let part = |label: &str, allowed: &[String], default: Option<&str>| {
            self.part(question, label, allowed, default)
        };
        let default = (rule.hosts.is_empty() && question.is_required).then_some("github.com");
        let host = part("host, or a whole URL", &rule.hosts, default)?;
        if host.is_empty() {
            return Ok(None);
        }
        if host.contains('/') {
            return Ok(Some(repository_url(&host)));
        }
        let mut parts = RepositoryParts {
            host,
            ..RepositoryParts::default()
        };
        if parts.host == "dev.azure.com" {
            parts.organization = part("organisation", &rule.organizations, None)?;
            parts.owner = part("project", &rule.projects, None)?;
        } else if parts.host == "bitbucket.org" {
            parts.workspace = part("workspace", &rule.owners, None)?;
            parts.project = part("project", &rule.projects, None)?;
        } else {
            parts.owner = part("owner", &rule.owners, None)?;
        }
        let name = values.get("name").and_then(Value::as_str);
        parts.name = part("name of the repository", &rule.repositories, name)?;
        Ok(Some(parts.to_string()))
    }

    /// Asks for a part; one that can only be one thing is not asked.
    fn part(
        &self,
        question: &Question,
        label: &str,
        allowed: &[String],
        default: Option<&str>,
    ) -> Result<String> {
        // An expression of the template stands for what only a run would know.
        let is_open = allowed.is_empty() || allowed.iter().any(|it| it.contains("${{"));
        if let ([only], false, true) = (allowed, is_open, question.is_required) {
            return Ok(only.clone());
        }
        let title = question.title.as_ref().unwrap_or(&question.name);
        let mut part = question.clone();
        part.title = Some(format!("{title}: {label}"));
        part.default = default.map(Value::from);
        part.schema = serde_json::json!({"type": "string"});
        let answer = if is_open {
            part.kind = QuestionKind::Text {
                multiline: false,
                secret: false,
            };
            self.text(&part, &[])?
        } else {
            let options = allowed.iter().map(|value| ChoiceOption {
                label: value.clone(),
                value: Value::from(value.as_str()),
            });
            self.choice(&part, &options.collect::<Vec<_>>())?
        };
        let answer = answer.as_ref().and_then(Value::as_str);
        Ok(answer.unwrap_or_default().to_owned())
    }
}
