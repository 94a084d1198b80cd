//! `ci/gitlab.yml`.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::shop::Shop;
use super::{assert_known, cargo_double, documents, file, keys, shell};
use crate::sandbox::{Run, Sandbox};

/// The keywords of a job that we use, of those that GitLab documents.
const OF_JOBS: [&str; 10] = [
    "stage",
    "extends",
    "image",
    "variables",
    "cache",
    "before_script",
    "rules",
    "script",
    "artifacts",
    "resource_group",
];

/// A pipeline: its jobs, with what they extend.
pub(super) struct Pipeline(Value);

impl Pipeline {
    /// A file as GitLab reads it.
    pub(super) fn read(text: &str) -> Self {
        let pipeline = documents(text).remove(0);
        for name in keys(&pipeline) {
            match name {
                "workflow" => assert_known(&pipeline[name], &["rules"]),
                "variables" => assert!(pipeline[name].is_object()),
                job => assert_known(&pipeline[job], &OF_JOBS),
            }
        }
        Self(pipeline)
    }

    /// A keyword of a job, or of what it extends.
    pub(super) fn keyword(&self, job: &str, keyword: &str) -> Value {
        let job = &self.0[job];
        assert!(job.is_object());
        match (&job[keyword], job["extends"].as_str()) {
            (Value::Null, Some(parent)) => self.keyword(parent, keyword),
            (value, _) => value.clone(),
        }
    }

    /// The variables of a job: those of the pipeline, of what it extends, and its own.
    fn variables(&self, job: &str) -> BTreeMap<String, String> {
        let mut variables = match self.0[job]["extends"].as_str() {
            Some(parent) => self.variables(parent),
            None => of_object(&self.0["variables"]),
        };
        variables.extend(of_object(&self.0[job]["variables"]));
        variables
    }

    /// Runs the scripts of a job in a folder.
    pub(super) fn run(
        &self,
        job: &str,
        sandbox: &Sandbox,
        folder: &str,
        predefined: &[(&str, &str)],
    ) -> Run {
        let mut script = String::new();
        for keyword in ["before_script", "script"] {
            flatten(&self.keyword(job, keyword), &mut script);
        }
        let path = sandbox.root().join("job.sh");
        fs::write(&path, script).unwrap();
        let mut command = shell(sandbox, folder);
        command
            .args(["-eo", "pipefail"])
            .arg(path)
            .envs(self.variables(job))
            .envs(predefined.iter().copied());
        Run::of(&mut command)
    }
}

/// Variables, which are texts, or have more to say.
fn of_object(variables: &Value) -> BTreeMap<String, String> {
    let variables = variables.as_object().into_iter().flatten();
    let variables = variables.map(|(name, value)| {
        let text = value.as_str().or_else(|| value["value"].as_str());
        (name.clone(), text.unwrap().to_owned())
    });
    variables.collect()
}

/// Lists in lists are one script.
fn flatten(lines: &Value, script: &mut String) {
    match lines {
        Value::Array(lines) => lines.iter().for_each(|line| flatten(line, script)),
        line => script.extend([line.as_str().unwrap(), "\n"]),
    }
}

/// The jobs, with these inputs.
fn included(inputs: &[(&str, &str)]) -> Pipeline {
    let text = file("ci/gitlab.yml");
    let (head, jobs) = text.split_once("\n---\n").unwrap();
    let head = documents(head).remove(0);
    assert_eq!(keys(&head), ["spec"]);
    assert_eq!(keys(&head["spec"]), ["inputs"]);
    let declared = &head["spec"]["inputs"];
    let mut jobs = jobs.to_owned();
    for name in keys(declared) {
        let input = &declared[name];
        assert_known(input, &["description", "default", "type"]);
        let given = inputs.iter().find(|(given, _)| *given == name);
        let default = match &input["default"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let value = given.map_or(default, |(_, value)| (*value).to_owned());
        jobs = jobs.replace(&format!("$[[ inputs.{name} ]]"), &value);
    }
    assert!(!jobs.contains("$[["), "{jobs}");
    Pipeline::read(&jobs)
}

#[test]
fn inputs_are_no_part_of_scripts() {
    let text = file("ci/gitlab.yml");
    let pipeline = documents(&text).remove(1);
    for job in keys(&pipeline) {
        for keyword in ["before_script", "script"] {
            let mut script = String::new();
            if !pipeline[job][keyword].is_null() {
                flatten(&pipeline[job][keyword], &mut script);
            }
            assert!(!script.contains("$[["), "{script}");
        }
    }
}

#[test]
fn the_check_fails_for_a_bad_merge_request_and_leaves_its_reports() {
    let good = Shop::with_good_branch();
    cargo_double(&good.sandbox);
    let run = included(&[]).run("devportal-check", &good.sandbox, "shop", &[]);
    assert_eq!(run.code, 0, "{run:?}");

    let bad = Shop::with_bad_branch();
    cargo_double(&bad.sandbox);
    let pipeline = included(&[]);
    let run = pipeline.run("devportal-check", &bad.sandbox, "shop", &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("broken/catalog-info.yaml:"), "{run:?}");
    let artifacts = pipeline.keyword("devportal-check", "artifacts");
    assert_eq!(artifacts["when"], "always");
    let read = |name: &Value| {
        let path = bad.sandbox.root().join("shop").join(name.as_str().unwrap());
        fs::read_to_string(path).unwrap()
    };
    let junit = read(&artifacts["reports"]["junit"]);
    let junit = roxmltree::Document::parse(&junit).unwrap();
    assert_eq!(junit.root_element().attribute("errors"), Some("0"));
    assert_ne!(junit.root_element().attribute("failures"), Some("0"));
    let sarif: Value = serde_json::from_str(&read(&artifacts["paths"][0])).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn inputs_decide_what_is_built_and_what_fails() {
    let shop = Shop::with_good_branch();
    cargo_double(&shop.sandbox);
    let text = "apiVersion: v1\nkind: Component\nmetadata: {name: other, extra: 1}\n\
                spec: {type: service, lifecycle: experimental, owner: nobody, onwer: x}\n";
    let text = text.replace("apiVersion: v1", "apiVersion: backstage.io/v1alpha1");
    shop.sandbox.write("shop/other/catalog-info.yaml", &text);
    for (strict, code) in [("false", 0), ("true", 1)] {
        let pipeline = included(&[("strict", strict), ("commit", "0123abc;touch pwned")]);
        let run = pipeline.run("devportal-check", &shop.sandbox, "shop", &[]);
        assert_eq!(run.code, code, "{strict}: {run:?}");
    }
    let log = fs::read_to_string(shop.sandbox.root().join("cargo.log")).unwrap();
    let call = "install --locked --root .devportal-program \
                --git https://github.com/devportal/devportal --rev 0123abc;touch pwned";
    assert_eq!(log.lines().next().unwrap(), call);
    assert!(!shop.sandbox.root().join("shop/pwned").exists());
}

#[test]
fn rules_that_begin_to_fail_fail_a_merge_request() {
    for (shop, code, failures) in [
        (Shop::with_good_branch(), 0, "0"),
        (Shop::with_bad_branch(), 1, "1"),
    ] {
        cargo_double(&shop.sandbox);
        let pipeline = included(&[("level", "bronze")]);
        let base = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", shop.base.as_str())];
        let run = pipeline.run("devportal-score", &shop.sandbox, "shop", &base);
        assert_eq!(run.code, code, "{run:?}");
        let junit = fs::read_to_string(shop.sandbox.root().join("shop/devportal-score.xml"));
        let junit = junit.unwrap();
        let junit = roxmltree::Document::parse(&junit).unwrap();
        assert_eq!(junit.root_element().attribute("failures"), Some(failures));
    }
    let rules = |level: &str| included(&[("level", level)]).keyword("devportal-score", "rules");
    let condition = "$CI_PIPELINE_SOURCE == \"merge_request_event\" && \"\" != \"\"";
    assert_eq!(rules(""), json!([{"if": condition}]));
}
