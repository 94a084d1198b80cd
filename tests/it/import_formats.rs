//! What files that tools write say, format by format.

use std::collections::BTreeMap;
use std::fmt::Write;

use devportal::fact::Register;
use devportal::fact::import::{FORMATS, ImportError, ImportFile, ImportFormat, Imported};

/// Every fixture with its format, and what is in the folder.
pub(crate) const FIXTURES: &[(&str, &str, &[u8])] = &[
    (
        "snyk",
        "snyk.json",
        include_bytes!("fixtures/imports/snyk.json"),
    ),
    (
        "snyk",
        "snyk-projects.json",
        include_bytes!("fixtures/imports/snyk-projects.json"),
    ),
    (
        "snyk-code",
        "snyk-code.sarif",
        include_bytes!("fixtures/imports/snyk-code.sarif"),
    ),
    (
        "sarif",
        "findings.sarif",
        include_bytes!("fixtures/imports/findings.sarif"),
    ),
    (
        "osv-scanner",
        "osv-scanner.json",
        include_bytes!("fixtures/imports/osv-scanner.json"),
    ),
    (
        "trivy",
        "trivy.json",
        include_bytes!("fixtures/imports/trivy.json"),
    ),
    (
        "cyclonedx",
        "cyclonedx.json",
        include_bytes!("fixtures/imports/cyclonedx.json"),
    ),
    (
        "cyclonedx",
        "cyclonedx.xml",
        include_bytes!("fixtures/imports/cyclonedx.xml"),
    ),
    (
        "spdx",
        "spdx.json",
        include_bytes!("fixtures/imports/spdx.json"),
    ),
    (
        "spdx",
        "sbom.spdx",
        include_bytes!("fixtures/imports/sbom.spdx"),
    ),
    (
        "junit",
        "junit.xml",
        include_bytes!("fixtures/imports/junit.xml"),
    ),
    (
        "cobertura",
        "cobertura.xml",
        include_bytes!("fixtures/imports/cobertura.xml"),
    ),
    (
        "lcov",
        "lcov.info",
        include_bytes!("fixtures/imports/lcov.info"),
    ),
    (
        "openslo",
        "openslo.yaml",
        include_bytes!("fixtures/imports/openslo.yaml"),
    ),
    (
        "pagerduty-incidents",
        "pagerduty-incidents.json",
        include_bytes!("fixtures/imports/pagerduty-incidents.json"),
    ),
    (
        "pagerduty-incidents",
        "pagerduty-incidents.csv",
        include_bytes!("fixtures/imports/pagerduty-incidents.csv"),
    ),
    (
        "pagerduty-services",
        "pagerduty-services.json",
        include_bytes!("fixtures/imports/pagerduty-services.json"),
    ),
    (
        "pagerduty-services",
        "pagerduty-services.csv",
        include_bytes!("fixtures/imports/pagerduty-services.csv"),
    ),
    (
        "deployments",
        "deployments.jsonl",
        include_bytes!("fixtures/imports/deployments.jsonl"),
    ),
    (
        "incidents",
        "incidents.jsonl",
        include_bytes!("fixtures/imports/incidents.jsonl"),
    ),
    (
        "facts",
        "facts.json",
        include_bytes!("fixtures/imports/facts.json"),
    ),
    (
        "facts",
        "facts.csv",
        include_bytes!("fixtures/imports/facts.csv"),
    ),
];

/// The moment of all tests.
pub(crate) const NOW: &str = "2026-03-31T12:00:00Z";

pub(crate) fn read(format: &str, path: &str, bytes: &[u8]) -> Result<Imported, ImportError> {
    let now = NOW.parse().unwrap();
    (ImportFormat::named(format).unwrap().read)(&ImportFile { path, bytes, now })
}

fn fixture(name: &str) -> Imported {
    let (format, path, bytes) = FIXTURES.iter().find(|(_, path, _)| *path == name).unwrap();
    read(format, path, bytes).unwrap()
}

fn of(format: &str, text: &str) -> Imported {
    read(format, "file", text.as_bytes()).unwrap()
}

/// What is said, one line a result: subject, name, dimensions, value.
fn said(imported: &Imported) -> String {
    let mut text = String::new();
    if let Some(at) = imported.observed_at {
        writeln!(text, "at {at}").unwrap();
    }
    for result in &imported.results {
        let value = result.amount.to_value();
        let value = value.map_or_else(|| "unknown".to_owned(), |value| value.to_string());
        let (subject, name, dimensions) = (&result.subject, &result.name, &result.dimensions);
        writeln!(text, "{subject}: {name}{dimensions} = {value}").unwrap();
    }
    for problem in &imported.problems {
        let line = problem
            .line
            .map_or_else(String::new, |line| format!(" (line {line})"));
        writeln!(text, "problem: {problem}{line}").unwrap();
    }
    text
}

/// The values of all subjects, by name.
fn values(imported: &Imported) -> BTreeMap<String, serde_json::Value> {
    let results = imported.results.iter();
    results
        .map(|result| {
            (
                result.name.to_string(),
                result.amount.to_value().unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn formats_say_what_fixtures_have() {
    let mut text = String::new();
    for (format, path, _) in FIXTURES {
        write!(text, "## {format}: {path}\n{}\n", said(&fixture(path))).unwrap();
    }
    snapbox::Assert::new()
        .action_env("SNAPSHOTS")
        .eq(text, snapbox::file!["fixtures/imports/said.txt"]);
}

#[test]
fn every_format_has_a_fixture_and_is_recognised() {
    for format in FORMATS {
        assert!(
            FIXTURES.iter().any(|(name, ..)| *name == format.name),
            "{}",
            format.name
        );
    }
    for (format, path, bytes) in FIXTURES {
        // A name must not be needed, because files are often called "report.json".
        let file = ImportFile {
            path: "report",
            bytes,
            now: NOW.parse().unwrap(),
        };
        let found = ImportFormat::of(&file).map(|format| format.name);
        assert_eq!(found, Some(*format), "{path}");
    }
}

#[test]
fn formats_give_what_they_declare_and_the_register_knows_them() {
    let register = Register::default();
    for format in FORMATS.iter().filter(|format| format.name != "facts") {
        for name in format.gives {
            let declaration = register.declaration(name).expect(name);
            assert!(
                declaration
                    .sources
                    .iter()
                    .any(|source| source == format.source),
                "the declaration of {name} does not know the source {}",
                format.source
            );
        }
        let fixtures = FIXTURES.iter().filter(|(name, ..)| *name == format.name);
        for (_, path, _) in fixtures {
            for result in fixture(path).results {
                assert!(
                    format.gives.contains(&&*result.name),
                    "{} of {path}",
                    result.name
                );
            }
        }
    }
}

#[test]
fn formats_are_as_many_as_files() {
    let about: Vec<&str> = FORMATS.iter().map(|format| format.about).collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fact/import");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let is_format = text.contains("const FORMAT: ImportFormat");
        let name = path
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap()
            .replace('_', "-");
        assert_eq!(ImportFormat::named(&name).is_some(), is_format, "{name}");
    }
    assert!(
        about
            .iter()
            .all(|about| about.contains('(') || about.contains("own"))
    );
}

#[test]
fn a_scan_that_found_nothing_says_zero() {
    for (format, text, name) in [
        (
            "snyk",
            r#"{"vulnerabilities":[],"ok":true,"packageManager":"npm"}"#,
            "vulnerability.critical",
        ),
        (
            "sarif",
            r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[]}]}"#,
            "code-finding.error",
        ),
        ("osv-scanner", r#"{"results":[]}"#, "vulnerability.critical"),
        (
            "trivy",
            r#"{"SchemaVersion":2,"ArtifactName":"alpine:3","ArtifactType":"container_image"}"#,
            "vulnerability.critical",
        ),
        ("junit", "<testsuites/>", "test.failed"),
        (
            "cyclonedx",
            r#"{"bomFormat":"CycloneDX","specVersion":"1.4"}"#,
            "sbom.components",
        ),
    ] {
        assert_eq!(values(&of(format, text))[name], 0, "{format}");
    }
}

#[test]
fn a_scan_that_failed_says_nothing_and_has_a_problem() {
    for (format, text) in [
        (
            "snyk",
            r#"{"ok":false,"error":"Missing node_modules folder","path":"/x"}"#,
        ),
        (
            "sarif",
            r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"invocations":[{"executionSuccessful":false}],"results":[]}]}"#,
        ),
        (
            "sarif",
            r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}}}]}"#,
        ),
        ("sarif", r#"{"version":"2.1.0","runs":[]}"#),
        (
            "trivy",
            r#"{"SchemaVersion":2,"ArtifactName":".","Results":[{"Target":"Dockerfile","Class":"config"}]}"#,
        ),
        (
            "cobertura",
            r#"<coverage line-rate="1" lines-valid="0" lines-covered="0"/>"#,
        ),
    ] {
        let imported = of(format, text);
        assert!(
            values(&imported).values().all(serde_json::Value::is_null),
            "{format}"
        );
        assert!(!imported.problems.is_empty(), "{format}: {text}");
    }
}

#[test]
fn what_is_of_another_format_or_version_is_an_error() {
    for (format, text, message) in [
        (
            "trivy",
            r#"{"SchemaVersion":1,"ArtifactName":"x"}"#,
            "schema 1 of Trivy",
        ),
        (
            "sarif",
            r#"{"version":"2.0.0","runs":[]}"#,
            "SARIF 2.0.0 is not read",
        ),
        (
            "cyclonedx",
            r#"{"bomFormat":"CycloneDX","specVersion":"2.0"}"#,
            "CycloneDX 2.0",
        ),
        ("cyclonedx", "<svg/>", "there is no <bom>"),
        (
            "spdx",
            r#"{"spdxVersion":"SPDX-3.0"}"#,
            "\"SPDX-3.0\" is not read",
        ),
        ("spdx", "hello: world", "there is no \"SPDXVersion\""),
        ("junit", "<coverage/>", "<coverage> is not JUnit"),
        ("cobertura", "<testsuite/>", "<testsuite> is not Cobertura"),
        ("lcov", "hello", "there is no record"),
        ("openslo", "a: 1", "there is no document"),
        ("osv-scanner", "{}", "there is no \"results\""),
        ("facts", "a,b\n1,2\n", "the table has no column \"fact\""),
        (
            "pagerduty-incidents",
            "a,b\n",
            "the table has no column \"created_on\"",
        ),
        ("snyk", "", "the file is empty"),
    ] {
        let error = read(format, "file", text.as_bytes()).unwrap_err();
        assert!(error.message.starts_with(message), "{format}: {error}");
    }
    let error = read("snyk", "file", b"{\n\"ok\": ,\n}").unwrap_err();
    assert_eq!(error.line, Some(2), "{error}");
}

#[test]
fn junit_believes_attributes_where_a_tool_leaves_out_what_passed() {
    let text = r#"<testsuite tests="10" failures="1" skipped="2"><testcase name="a"><failure/></testcase></testsuite>"#;
    let values = values(&of("junit", text));
    assert_eq!(
        (
            &values["test.count"],
            &values["test.failed"],
            &values["test.skipped"]
        ),
        (&10.into(), &1.into(), &2.into())
    );
}

#[test]
fn severities_of_osv_follow_the_specification_of_cvss() {
    // Vectors and scores of FIRST's examples for CVSS 3.1, 4.0 and 2.
    for (vector, name) in [
        (
            "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N",
            "vulnerability.medium",
        ),
        (
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
            "vulnerability.critical",
        ),
        (
            "CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N",
            "vulnerability.low",
        ),
        (
            "CVSS:3.0/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H",
            "vulnerability.high",
        ),
        (
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            "vulnerability.critical",
        ),
        ("nonsense", "vulnerability.unrated"),
    ] {
        let text = format!(
            r#"{{"results":[{{"packages":[{{"vulnerabilities":[{{"id":"A","severity":[{{"type":"CVSS_V3","score":"{vector}"}}]}}],"groups":[{{"ids":["A"]}}]}}]}}]}}"#
        );
        assert_eq!(values(&of("osv-scanner", &text))[name], 1, "{vector}");
    }
}

#[test]
fn byte_order_marks_and_utf_16_are_read() {
    for (format, path, bytes) in FIXTURES {
        let text = std::str::from_utf8(bytes).unwrap();
        let expected = said(&fixture(path));
        let with_mark = [b"\xEF\xBB\xBF", *bytes].concat();
        assert_eq!(
            said(&read(format, path, &with_mark).unwrap()),
            expected,
            "{path}"
        );
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(
            said(&read(format, path, &wide).unwrap()),
            expected,
            "{path}"
        );
    }
}
