//! As much of a runner of GitHub Actions as our files need: expressions, steps, composite actions,
//! and the files in which steps leave what comes out of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use regex::Regex;
use serde_json::{Map, Value, json};

use super::{documents, file, shell};
use crate::sandbox::{Run, Sandbox};

/// A job of GitHub Actions in a folder of a workspace.
pub(super) struct Job<'a> {
    sandbox: &'a Sandbox,
    folder: &'a str,
    /// The contexts of expressions.
    contexts: BTreeMap<&'static str, Value>,
    environment: BTreeMap<String, String>,
    /// Folders that steps add to the path.
    path: Vec<String>,
    has_failed: bool,
    files: usize,
    /// What was run.
    pub(super) runs: Vec<Run>,
    /// The actions of others, with their inputs.
    pub(super) used: Vec<(String, Value)>,
    /// The summaries of the steps, one below the other.
    pub(super) summary: String,
}

impl<'a> Job<'a> {
    pub(super) fn new(sandbox: &'a Sandbox, folder: &'a str, github: Value) -> Self {
        let mut contexts = BTreeMap::new();
        contexts.insert("github", github);
        contexts.insert("secrets", json!({"PORTAL_TOKEN": "hunter-twelve"}));
        contexts.insert("vars", json!({"CODE_SCANNING": "true"}));
        for folder in ["temp", "tools", "step-files"] {
            fs::create_dir_all(sandbox.root().join("../runner").join(folder)).unwrap();
        }
        let runner = |name: &str| {
            Self::runner_folder(sandbox)
                .join(name)
                .display()
                .to_string()
        };
        let environment = BTreeMap::from([
            ("RUNNER_TEMP".to_owned(), runner("temp")),
            ("RUNNER_TOOL_CACHE".to_owned(), runner("tools")),
            ("RUNNER_OS".to_owned(), "Linux".to_owned()),
            ("RUNNER_ARCH".to_owned(), "X64".to_owned()),
            ("GITHUB_BASE_REF".to_owned(), "main".to_owned()),
            ("GITHUB_ACTIONS".to_owned(), "true".to_owned()),
        ]);
        Self {
            sandbox,
            folder,
            contexts,
            environment,
            path: Vec::new(),
            has_failed: false,
            files: 0,
            runs: Vec::new(),
            used: Vec::new(),
            summary: String::new(),
        }
    }

    /// The exit code of the step that failed first; 0 when none did.
    pub(super) fn code(&self) -> i32 {
        let mut codes = self.runs.iter().map(|run| run.code);
        codes.find(|code| *code != 0).unwrap_or(0)
    }

    /// What all steps wrote.
    pub(super) fn stdout(&self) -> String {
        self.runs.iter().map(|run| run.stdout.as_str()).collect()
    }

    pub(super) fn stderr(&self) -> String {
        self.runs.iter().map(|run| run.stderr.as_str()).collect()
    }

    /// Runs our action, and returns its outputs.
    pub(super) fn action(&mut self, inputs: &[(&str, &str)]) -> Value {
        let action = documents(&file("action.yml")).remove(0);
        let mut values = Map::new();
        for (name, input) in action["inputs"].as_object().unwrap() {
            values.insert(name.clone(), input["default"].clone());
        }
        for (name, value) in inputs {
            assert!(values.contains_key(*name), "there is no input \"{name}\"");
            values.insert((*name).to_owned(), json!(value));
        }
        let outer = self.contexts.remove("steps");
        self.contexts.insert("inputs", Value::Object(values));
        self.environment.insert(
            "GITHUB_ACTION_PATH".to_owned(),
            env!("CARGO_MANIFEST_DIR").to_owned(),
        );
        self.steps(&action["runs"]["steps"]);
        let outputs = action["outputs"].as_object().unwrap().iter();
        let outputs =
            outputs.map(|(name, output)| (name.clone(), json!(self.filled(&output["value"]))));
        let outputs = Value::Object(outputs.collect());
        self.contexts.remove("inputs");
        self.contexts.remove("steps");
        self.contexts.extend(outer.map(|outer| ("steps", outer)));
        outputs
    }

    /// Runs a job as a workflow describes it.
    pub(super) fn run(&mut self, job: &Value) {
        for (name, value) in job["env"].as_object().into_iter().flatten() {
            let value = self.filled(value);
            self.environment.insert(name.clone(), value);
        }
        self.steps(&job["steps"]);
    }

    pub(super) fn steps(&mut self, steps: &Value) {
        for step in steps.as_array().unwrap() {
            if self.is_wanted(&step["if"]) {
                self.step(step);
            }
        }
    }

    fn step(&mut self, step: &Value) {
        if let Some(uses) = step["uses"].as_str() {
            let with = step["with"].as_object().cloned().unwrap_or_default();
            let with: Map<String, Value> = with
                .iter()
                .map(|(name, value)| (name.clone(), json!(self.filled(value))))
                .collect();
            if uses.starts_with("devportal/devportal@") {
                let inputs: Vec<(&str, &str)> = with
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
                    .collect();
                self.action(&inputs);
            } else {
                self.used.push((uses.to_owned(), Value::Object(with)));
            }
            return;
        }
        let script = step["run"].as_str().unwrap();
        // An action must name its shell, and that of a workflow is called in another way.
        let options = match step["shell"].as_str() {
            Some("bash") => &["--noprofile", "--norc", "-eo", "pipefail"][..],
            None => &["-e"],
            other => panic!("{other:?} is not known here"),
        };
        let folder = match &step["working-directory"] {
            Value::Null => self.folder.to_owned(),
            folder => format!("{}/{}", self.folder, self.filled(folder)),
        };
        let mut command = shell(self.sandbox, &folder);
        command.args(options).arg(self.step_file("script", script));
        self.set_environment(&mut command);
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            command.env(name, self.filled(value));
        }
        let [output, path, summary] =
            ["output", "path", "summary"].map(|name| self.step_file(name, ""));
        command
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_PATH", &path)
            .env("GITHUB_STEP_SUMMARY", &summary);
        let run = Run::of(&mut command);
        self.has_failed |= run.code != 0;
        self.runs.push(run);
        self.path.extend(lines(&path));
        self.summary += &fs::read_to_string(summary).unwrap();
        if let Some(id) = step["id"].as_str() {
            let pairs = lines(&output).into_iter();
            let outputs: Map<String, Value> = pairs
                .map(|line| {
                    let (name, value) = line.split_once('=').unwrap();
                    (name.to_owned(), json!(value))
                })
                .collect();
            let steps = self.contexts.entry("steps").or_insert_with(|| json!({}));
            steps[id] = json!({"outputs": outputs});
        }
    }

    fn set_environment(&self, command: &mut Command) {
        command.envs(&self.environment);
        let path = command.get_envs().find(|(name, _)| *name == "PATH");
        let before = path.unwrap().1.unwrap().to_str().unwrap().to_owned();
        let path = self.path.iter().rev().map(String::as_str);
        let path: Vec<&str> = path.chain([before.as_str()]).collect();
        command.env("PATH", path.join(":"));
    }

    fn runner_folder(sandbox: &Sandbox) -> PathBuf {
        sandbox.root().parent().unwrap().join("runner")
    }

    fn step_file(&mut self, name: &str, text: &str) -> PathBuf {
        self.files += 1;
        let folder = Self::runner_folder(self.sandbox).join("step-files");
        let path = folder.join(format!("{}-{name}", self.files));
        fs::write(&path, text).unwrap();
        path
    }

    /// Whether a step runs: where no status is asked for, only when nothing has failed.
    fn is_wanted(&self, condition: &Value) -> bool {
        let Some(condition) = condition.as_str() else {
            return !self.has_failed;
        };
        let condition = condition.trim_start_matches("${{").trim_end_matches("}}");
        let asks = ["always()", "cancelled()", "failure()", "success()"];
        let is_asked = asks.iter().any(|asks| condition.contains(asks));
        (is_asked || !self.has_failed) && self.value(condition) == json!(true)
    }

    /// A text with the values of its expressions.
    fn filled(&self, value: &Value) -> String {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let expression = Regex::new(r"\$\{\{(.*?)\}\}").unwrap();
        let fill = |found: &regex::Captures<'_>| match self.value(&found[1]) {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        };
        expression.replace_all(&text, fill).into_owned()
    }

    /// The value of an expression, whose language is close to that of templates.
    fn value(&self, expression: &str) -> Value {
        let dashed = Regex::new(r"\b(inputs|outputs)\.([a-z][a-z-]*)").unwrap();
        let expression = dashed.replace_all(expression.trim(), "$1[\"$2\"]");
        let not = Regex::new(r"!([^=])").unwrap();
        let expression = not.replace_all(&expression, "not $1");
        let expression = expression.replace("&&", "and").replace("||", "or");
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        let has_failed = self.has_failed;
        environment.add_function("cancelled", || false);
        environment.add_function("always", || true);
        environment.add_function("failure", move || has_failed);
        let compiled = environment.compile_expression(&expression).unwrap();
        let contexts = minijinja::Value::from(Serde(&self.contexts));
        serde_json::to_value(compiled.eval(contexts).unwrap()).unwrap()
    }
}

fn lines(path: &PathBuf) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(str::to_owned).collect()
}
