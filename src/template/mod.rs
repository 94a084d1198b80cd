//! stub
#![allow(missing_docs, clippy::all, clippy::pedantic)]
use serde_json::{Map, Value};
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    #[default]
    Backstage,
    Cookiecutter,
}
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub dialect: Dialect,
    pub trim_blocks: bool,
    pub lstrip_blocks: bool,
    pub refuses_unknown_names: bool,
}
pub struct Values;
impl Values {
    pub fn new(_: &Map<String, Value>) -> Self {
        Self
    }
}
pub struct Engine;
impl Engine {
    pub fn new(_: Options) -> Self {
        Self
    }
    pub fn set_failed(&mut self, _: bool) {}
    pub fn render(&self, _name: &str, text: &str, _: &Values) -> Result<String, TemplateError> {
        Ok(text.to_owned())
    }
    pub fn evaluate(&self, text: &str, _: &Values) -> Result<Option<Value>, TemplateError> {
        Ok(Some(text.into()))
    }
    pub fn evaluate_json(&self, value: &Value, _: &Values) -> Result<Option<Value>, TemplateError> {
        Ok(Some(value.clone()))
    }
}
#[derive(Debug, Clone)]
pub struct TemplateError {
    pub template: String,
    pub line: u32,
    pub column: Option<u32>,
    pub message: String,
    pub help: Option<String>,
}
impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
pub fn inspect(_: &str, _: Dialect) -> Inspection {
    Inspection {
        names: vec![],
        differences: vec![],
        error: None,
    }
}
pub struct Inspection {
    pub names: Vec<UsedName>,
    pub differences: Vec<Difference>,
    pub error: Option<TemplateError>,
}
pub struct UsedName {
    pub path: Vec<String>,
    pub line: u32,
    pub column: u32,
    pub is_printed: bool,
}
pub struct Difference {
    pub line: u32,
    pub column: u32,
    pub message: String,
    pub help: Option<String>,
}
