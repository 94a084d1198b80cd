use std::collections::BTreeSet;
use std::sync::Arc;

use super::{LintRequest, RULES, lint};
use crate::diagnostic::{Diagnostic, register};
use crate::model::SourceFile;
use crate::scaffold::{Entry, Manifest, SourceEntry, Sources, StepError};

/// The files of `./skeleton`; nothing else is there.
struct Skeleton(Vec<(&'static str, Entry)>);

impl Sources for Skeleton {
    fn folder(&self, url: &str) -> Result<Vec<SourceEntry>, StepError> {
        if url != "./skeleton" {
            return Err(StepError::new(format!("\"{url}\" is not there")));
        }
        let entries = self.0.iter().map(|(path, content)| SourceEntry {
            path: (*path).to_owned(),
            content: content.clone(),
        });
        Ok(entries.collect())
    }

    fn file(&self, url: &str) -> Result<SourceEntry, StepError> {
        Err(StepError::new(format!("\"{url}\" is not there")))
    }
}

fn text(text: &str) -> Entry {
    Entry::File {
        bytes: text.as_bytes().to_vec(),
        executable: false,
    }
}

fn linted(steps: &str, files: Vec<(&'static str, Entry)>) -> Vec<Diagnostic> {
    let template = format!(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: t}}\n\
         spec:\n  type: service\n  parameters:\n    properties:\n      name: {{type: string}}\n  \
         steps:\n{steps}\n    - action: publish:github\n      input: {{description: \"${{{{ parameters.name }}}}\"}}\n"
    );
    let file = Arc::new(SourceFile::new("r".into(), "", b"template.yaml"));
    let include = |path: &str| Err(format!("{path} is not there"));
    let manifest = Manifest::read(&template, &file, &include).expect("a template");
    lint(&LintRequest {
        manifest: &manifest,
        sources: &Skeleton(files),
        programs: &[("acme:own".to_owned(), Vec::new())],
    })
}

/// `code path:line:column message` of what is found.
fn told(steps: &str, files: Vec<(&'static str, Entry)>) -> Vec<String> {
    let findings = linted(steps, files).into_iter().map(|finding| {
        let place = finding.place.expect("a place");
        let at = place.span.map_or_else(String::new, |span| {
            format!(":{}:{}", span.line, span.column)
        });
        let (code, path) = (finding.code.name, place.file.path());
        let code = code.trim_start_matches("template-");
        format!("{code} {path}{at} {}", finding.message)
    });
    findings.collect()
}

/// A step that renders the skeleton.
const FETCH: &str = "    - id: fetch\n      action: fetch:template\n      input:\n        \
                     url: ./skeleton\n        values: {name: \"${{ parameters.name }}\"}";

fn in_files(files: Vec<(&'static str, Entry)>) -> Vec<String> {
    told(FETCH, files)
}

fn step(action: &str, input: &str) -> String {
    format!("    - id: own\n      action: {action}\n      input: {{{input}}}")
}

#[test]
fn what_is_right_is_not_reported() {
    let files = vec![
        (
            "README.md",
            text("# ${{ values.name | upper }}\n{# a note #}"),
        ),
        (
            "${{ values.name }}/x",
            text("{% raw %}${{ github.ref }}{% endraw %}"),
        ),
        ("${{ 'LICENSE' if values.name == 'x' }}", text("")),
        ("chart.yaml", text("name: {{ .Values.name }}")),
        ("logo.png", text("\0${{ oops")),
        (
            "docs/link",
            Entry::Link {
                target: "../README.md".to_owned(),
            },
        ),
    ];
    assert_eq!(in_files(files), [""; 0]);
    let own = step(
        "acme:own",
        "a: \"${{ steps['fetch'].output.x or user.ref }}\"",
    );
    let values = vec![("a", text("${{ values.name }}"))];
    let found = told(&format!("{FETCH}\n{own}"), values.clone());
    assert_eq!(
        found,
        ["unknown-output template.yaml:17:18 \"fetch:template\" leaves no output \"x\""]
    );
    let whole = "    - action: fetch:template\n      input:\n        url: ./skeleton\n        \
                 values: \"${{ parameters }}\"";
    assert_eq!(told(whole, values), [""; 0]);
}

#[test]
fn names_are_looked_up_where_they_stand() {
    let found = |input: &str| told(&step("acme:own", input), Vec::new());
    assert_eq!(
        found("a: \"${{ parameters.nmae }}\""),
        ["unknown-parameter template.yaml:12:18 no page asks for \"nmae\""]
    );
    assert_eq!(
        found("a: \"${{ name }}\""),
        ["unknown-name template.yaml:12:18 there is no name \"name\" here"]
    );
    assert_eq!(
        found("a: \"${{ steps['step-2'].output.x }}\""),
        ["unknown-output template.yaml:12:18 step \"step-2\" runs later"]
    );
    assert_eq!(
        found("a: \"${{ steps.own.output.x }}\""),
        ["unknown-output template.yaml:12:18 step \"own\" is this one"]
    );
    assert_eq!(
        found("a: \"${{ steps.nobody.output.x }}\""),
        ["unknown-output template.yaml:12:18 there is no step \"nobody\""]
    );
    assert_eq!(
        found("a: \"${{ parameters.name + }}\"")[0]
            .split(' ')
            .next(),
        Some("syntax")
    );
}

#[test]
fn files_are_looked_into() {
    let name = || ("README.md", text("${{ values.name }}"));
    assert_eq!(
        in_files(vec![("a", text("\n  ${{ values.nmae }}"))]),
        [
            "unknown-value skeleton/a:2:7 step \"fetch\" gives no value \"nmae\"",
            "unused-value template.yaml:14:18 no file uses the value \"name\"",
        ]
    );
    assert_eq!(
        in_files(vec![name(), ("a", text("${{ parameters.name }}"))]),
        ["unknown-name skeleton/a:1:5 there is no name \"parameters\" in files"]
    );
    assert_eq!(
        in_files(vec![
            name(),
            ("ci.yml", text("a\n${{ github.ref }} ${{ matrix.os }}"))
        ]),
        [
            "foreign-expression skeleton/ci.yml:2:5 \"github.ref\", and one more like it, would be replaced by nothing"
        ]
    );
    assert_eq!(
        in_files(vec![name(), ("a", text("{% if values.name %}"))])[0]
            .split(':')
            .next(),
        Some("syntax skeleton/a")
    );
    assert_eq!(
        in_files(vec![name(), ("a", text("${{ [1, 2] | random }}"))])[0]
            .split(':')
            .next(),
        Some("differs skeleton/a")
    );
    let large = format!("{}${{{{ values.name }}}}", "x".repeat(256 << 10));
    assert_eq!(
        in_files(vec![name(), ("a", text(&large))])[0],
        "file-too-large skeleton/a 256 KiB with expressions are copied without rendering"
    );
}

#[test]
fn a_condition_makes_a_value_that_is_not_given_a_note() {
    let severity = |content: &str| {
        let files = vec![("a", text(&format!("${{{{ values.name }}}}{content}")))];
        linted(FETCH, files).first().map(|it| it.severity.name())
    };
    assert_eq!(severity("${{ values.other }}"), Some("warning"));
    assert_eq!(severity("{% if values.other %}x{% endif %}"), Some("note"));
    assert_eq!(
        severity("{% if values.name %}${{ values.other }}{% endif %}"),
        Some("note")
    );
    assert_eq!(severity("${{ values.other | default('x') }}"), Some("note"));
}

#[test]
fn paths_that_cannot_be_are_found() {
    let name = || ("README.md", text("${{ values.name }}"));
    let link = |target: &str| Entry::Link {
        target: target.to_owned(),
    };
    assert_eq!(
        in_files(vec![name(), ("nul.txt", text(""))]),
        [
            "path-refused skeleton/nul.txt the path \"nul.txt\" has the name of a device on other systems"
        ]
    );
    assert_eq!(
        in_files(vec![name(), ("readme.MD", text(""))]),
        [
            "path-clash skeleton/readme.MD \"README.md\" and \"readme.MD\" are one on systems that ignore case"
        ]
    );
    let twice = vec![
        name(),
        ("${{values.name}}", text("")),
        ("${{ values.name }}", text("")),
    ];
    assert_eq!(
        in_files(twice),
        [
            "path-clash skeleton/${{ values.name }} \"${{values.name}}\" and \"${{ values.name }}\" become one file"
        ]
    );
    assert!(in_files(vec![name(), ("a", link("b"))]).is_empty());
    let found = in_files(vec![name(), ("a", link("../../etc/passwd"))]);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("link-outside skeleton/a "),
        "{found:?}"
    );
    let found = |action: &str, input: &str| told(&step(action, input), Vec::new());
    assert_eq!(
        found(
            "fetch:template",
            "url: ./skeleton, targetPath: \"../${{ parameters.name }}\""
        ),
        [
            "path-refused template.yaml:12:44 targetPath \"../${{ parameters.name }}\" leads out of its folder"
        ]
    );
    assert_eq!(
        found("fetch:template", "url: ../x"),
        ["path-refused template.yaml:12:20 url \"../x\" leads out of the template's repository"]
    );
    assert_eq!(
        found("fetch:template", "url: ./x"),
        ["missing-source template.yaml:12:20 \"./x\" is not there"]
    );
    assert_eq!(
        found("fetch:template", "url: \"https://github.com/a/b\""),
        ["source-unread template.yaml:12:20 \"https://github.com/a/b\" was not looked at"]
    );
    assert_eq!(
        found("fetch:template", "url: ./skeleton, copyWithoutRender: [x]"),
        ["copy-without-render template.yaml:12:32 \"copyWithoutRender\" does nothing"]
    );
}

#[test]
fn an_action_that_is_misspelt_is_worse_than_one_of_ones_own() {
    let severity = |action: &str| {
        let found = linted(&step(action, ""), Vec::new());
        found.first().map(|it| it.severity.name())
    };
    assert_eq!(severity("fetch:templat"), Some("warning"));
    assert_eq!(severity("somebody:else"), Some("note"));
    assert_eq!(severity("acme:own"), None);
}

#[test]
fn every_code_of_templates_has_a_rule() {
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.code.name).collect();
    let codes = register::CODES.iter().map(|code| code.name);
    let codes: BTreeSet<&str> = codes.filter(|it| it.starts_with("template-")).collect();
    assert_eq!(rules, codes);
    assert_eq!(rules.len(), RULES.len());
}
