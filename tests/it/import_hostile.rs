//! Files that are large, broken or made to hurt.

use std::fmt::Write;
use std::time::{Duration, Instant};

use devportal::fact::import::{FORMATS, IMPORT_LIMIT, ImportFile, ImportFormat};
use proptest::prelude::*;

use crate::import_formats::{FIXTURES, NOW, read};

/// Entries of a large file.
const MANY: usize = 50_000;

/// What no file here may take, also without optimisation on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A large file of a format, a fact that it gives, and the value of that; of several entities
/// none is looked at.
struct Large {
    format: &'static str,
    begin: &'static str,
    separator: &'static str,
    entry: fn(usize) -> String,
    end: &'static str,
    fact: &'static str,
    value: Option<usize>,
}

impl Large {
    fn text(&self) -> String {
        let entries: Vec<String> = (0..MANY).map(self.entry).collect();
        format!("{}{}{}", self.begin, entries.join(self.separator), self.end)
    }
}

const LARGE: &[Large] = &[
    Large {
        format: "snyk",
        begin: "{\"packageManager\":\"npm\",\"vulnerabilities\":[",
        separator: ",",
        entry: |n| format!("{{\"id\":\"S{n}\",\"severity\":\"high\",\"from\":[\"a\",\"b\"]}}"),
        end: "]}",
        fact: "vulnerability.high",
        value: Some(MANY),
    },
    Large {
        format: "snyk-code",
        begin: "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"SnykCode\"}},\"results\":[",
        separator: ",",
        entry: |_| "{\"level\":\"error\",\"message\":{\"text\":\"x\"}}".to_owned(),
        end: "]}]}",
        fact: "code-finding.error",
        value: Some(MANY),
    },
    Large {
        format: "sarif",
        begin: "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"x\"}},\"results\":[",
        separator: ",",
        entry: |n| format!("{{\"ruleId\":\"r/{n}\",\"message\":{{\"text\":\"x\"}}}}"),
        end: "]}]}",
        fact: "code-finding.warning",
        value: Some(MANY),
    },
    Large {
        format: "osv-scanner",
        begin: "{\"results\":[{\"packages\":[",
        separator: ",",
        entry: |n| {
            format!(
                "{{\"vulnerabilities\":[{{\"id\":\"A{n}\"}}],\"groups\":[{{\"ids\":[\"A{n}\"],\"max_severity\":\"9.8\"}}]}}"
            )
        },
        end: "]}]}",
        fact: "vulnerability.critical",
        value: Some(MANY),
    },
    Large {
        format: "trivy",
        begin: "{\"SchemaVersion\":2,\"ArtifactName\":\"i\",\"Results\":[{\"Target\":\"i\",\"Class\":\"os-pkgs\",\"Vulnerabilities\":[",
        separator: ",",
        entry: |n| {
            format!(
                "{{\"VulnerabilityID\":\"CVE-{n}\",\"PkgName\":\"p\",\"Severity\":\"LOW\",\"FixedVersion\":\"1\"}}"
            )
        },
        end: "]}]}",
        fact: "vulnerability.fixable",
        value: Some(MANY),
    },
    Large {
        format: "cyclonedx",
        begin: "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[",
        separator: ",",
        entry: |n| {
            format!("{{\"name\":\"c\",\"licenses\":[{{\"license\":{{\"name\":\"l{n}\"}}}}]}}")
        },
        end: "]}",
        fact: "sbom.components",
        value: Some(MANY),
    },
    Large {
        format: "cyclonedx",
        begin: "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"><components>",
        separator: "\n",
        entry: |n| {
            format!(
                "<component><licenses><license><name>l{n}</name></license></licenses></component>"
            )
        },
        end: "</components></bom>",
        fact: "sbom.components",
        value: Some(MANY),
    },
    Large {
        format: "spdx",
        begin: "{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[",
        separator: ",",
        entry: |n| format!("{{\"SPDXID\":\"SPDXRef-{n}\",\"name\":\"p\"}}"),
        end: "]}",
        fact: "sbom.components",
        value: Some(MANY),
    },
    Large {
        format: "junit",
        begin: "<testsuites><testsuite>",
        separator: "\n",
        entry: |n| format!("<testcase name=\"t{n}\" time=\"0.5\"><failure>x</failure></testcase>"),
        end: "</testsuite></testsuites>",
        fact: "test.failed",
        value: Some(MANY),
    },
    Large {
        format: "cobertura",
        begin: "<coverage><packages><package><classes><class filename=\"a.py\"><lines>",
        separator: "\n",
        entry: |n| format!("<line number=\"{n}\" hits=\"{}\"/>", n % 2),
        end: "</lines></class></classes></package></packages></coverage>",
        fact: "coverage.lines",
        value: Some(50),
    },
    Large {
        format: "lcov",
        begin: "SF:a.rs\n",
        separator: "\n",
        entry: |n| format!("DA:{n},{}", n % 2),
        end: "\nend_of_record\n",
        fact: "coverage.lines",
        value: Some(50),
    },
    Large {
        format: "pagerduty-incidents",
        begin: "id,service_id,service_name,created_on,resolved_on\n",
        separator: "\n",
        entry: |n| format!("Q{n},P1,Web,2026-03-30T00:00:00Z,2026-03-30T01:00:00Z"),
        end: "\n",
        fact: "incidents.30d",
        value: Some(MANY),
    },
    Large {
        format: "pagerduty-services",
        begin: "id,name,escalation_policy_name\n",
        separator: "\n",
        entry: |n| format!("P{n},Service {n},policy"),
        end: "\n",
        fact: "on-call.schedule",
        value: None,
    },
    Large {
        format: "deployments",
        begin: "",
        separator: "\n",
        entry: |_| "{\"at\":\"2026-03-30T00:00:00Z\",\"version\":\"1\"}".to_owned(),
        end: "\n",
        fact: "deployments.30d",
        value: Some(MANY),
    },
    Large {
        format: "incidents",
        begin: "",
        separator: "\n",
        entry: |n| {
            format!("{{\"id\":\"{n}\",\"service\":\"web\",\"began\":\"2026-03-30T00:00:00Z\"}}")
        },
        end: "\n",
        fact: "incident.open",
        value: Some(MANY),
    },
    Large {
        format: "facts",
        begin: "entity,fact,value\n",
        separator: "\n",
        entry: |n| format!("c{n},cost.month,{n}"),
        end: "\n",
        fact: "cost.month",
        value: None,
    },
    Large {
        format: "facts",
        begin: "[",
        separator: ",",
        entry: |n| format!("{{\"entity\":\"c{n}\",\"fact\":\"cost.month\",\"value\":{n}}}"),
        end: "]",
        fact: "cost.month",
        value: None,
    },
];

#[test]
fn large_files_are_read() {
    for format in FORMATS.iter().filter(|format| format.name != "openslo") {
        assert!(
            LARGE.iter().any(|large| large.format == format.name),
            "{}",
            format.name
        );
    }
    for large in LARGE {
        let (format, text) = (large.format, large.text());
        let begin = Instant::now();
        let imported = read(format, "file", text.as_bytes()).unwrap();
        let results = imported.results.iter().filter(|it| it.name == large.fact);
        if let Some(value) = large.value {
            let values: Vec<_> = results.filter_map(|it| it.amount.to_value()).collect();
            assert_eq!(values, [value], "{format}");
        } else {
            assert_eq!(results.count(), MANY, "{format}");
        }
        assert!(
            begin.elapsed() < PATIENCE,
            "{format} took {:?}",
            begin.elapsed()
        );
    }
}

#[test]
fn a_large_openslo_file_is_read() {
    let mut text = String::new();
    for n in 0..5_000 {
        write!(text, "---\napiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: s{n}}}\nspec: {{service: web, objectives: [{{target: 0.99}}]}}\n").unwrap();
    }
    let imported = read("openslo", "file", text.as_bytes()).unwrap();
    let values: Vec<_> = imported
        .results
        .iter()
        .map(|it| it.amount.to_value().unwrap())
        .collect();
    assert_eq!(values, [5_000, 99]);
}

#[test]
fn a_file_over_the_limit_is_an_error_with_the_limit() {
    let bytes = vec![b' '; usize::try_from(IMPORT_LIMIT).unwrap() + 1];
    for format in FORMATS {
        let error = read(format.name, "file", &bytes).unwrap_err();
        assert!(
            error
                .message
                .ends_with("more than the 64 MiB that are read"),
            "{error}"
        );
    }
}

#[test]
fn truncated_files_never_panic_and_a_cut_document_is_no_smaller_result() {
    for (format, path, bytes) in FIXTURES {
        for length in (0..bytes.len())
            .step_by(7)
            .chain(bytes.len() - 8..bytes.len())
        {
            let cut = &bytes[..length];
            let result = read(format, path, cut);
            let is_whole = ["{", "[", "<"]
                .iter()
                .any(|begin| bytes.starts_with(begin.as_bytes()))
                && !path.ends_with(".jsonl");
            let is_only_space_missing = bytes[length..].trim_ascii().is_empty();
            if is_whole && !is_only_space_missing {
                assert!(result.is_err(), "{path} cut at {length}");
            }
        }
    }
}

#[test]
fn every_byte_may_be_wrong() {
    for (format, path, bytes) in FIXTURES {
        for at in (0..bytes.len()).step_by(11) {
            for wrong in [0, b'"', b'<', b'&', b'{', b'-', 0xFF] {
                let mut bytes = bytes.to_vec();
                bytes[at] = wrong;
                let _ = read(format, path, &bytes);
            }
        }
    }
}

#[test]
fn deep_nesting_ends_with_an_error() {
    let deep = 200_000;
    for text in [
        "[".repeat(deep),
        "{\"a\":".repeat(deep),
        format!("{{\"vulnerabilities\":{}", "[".repeat(deep)),
        format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{}",
            "{\"components\":[".repeat(deep)
        ),
        "<testsuite>".repeat(deep),
        "<coverage>".repeat(deep),
        "<bom>".repeat(deep),
        "- ".repeat(deep),
    ] {
        for format in FORMATS {
            let result = read(format.name, "file", text.as_bytes());
            let is_said = result.as_ref().map_or(true, |it| it.results.is_empty());
            assert!(is_said, "{}", format.name);
        }
    }
}

#[test]
fn entities_of_xml_are_never_expanded() {
    let mut laughs =
        String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE testsuites [\n<!ENTITY l0 \"lol\">\n");
    for n in 1..20 {
        let before = format!("&l{};", n - 1).repeat(10);
        writeln!(laughs, "<!ENTITY l{n} \"{before}\">").unwrap();
    }
    laughs.push_str("<!ENTITY file SYSTEM \"file:///etc/passwd\">\n]>\n");
    for (format, body) in [
        (
            "junit",
            "<testsuites name=\"&l19;\"><testsuite name=\"&file;\"><testcase name=\"&l19;\"><failure>&l19;&file;</failure></testcase></testsuite></testsuites>",
        ),
        (
            "cobertura",
            "<coverage line-rate=\"&l19;\"><sources><source>&l19;</source></sources></coverage>",
        ),
        (
            "cyclonedx",
            "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.5\"><components><component><licenses><license><name>&file;&amp;&#65;</name></license></licenses></component></components></bom>",
        ),
    ] {
        let imported = read(format, "file", format!("{laughs}{body}").as_bytes()).unwrap();
        let text = format!("{imported:?}");
        assert!(
            !text.contains("root:") && text.len() < 10_000,
            "{format}: {text}"
        );
        if format == "cyclonedx" {
            assert!(text.contains("&file;&A"), "{text}");
        }
    }
}

#[test]
fn many_attributes_take_no_longer_than_they_are_long() {
    let begin = Instant::now();
    let attributes: Vec<String> = (0..200_000).map(|n| format!(" a{n}=\"1\"")).collect();
    let attributes = attributes.concat();
    let text = format!("<testsuites{attributes}><testsuite{attributes} tests=\"1\"/></testsuites>");
    let imported = read("junit", "file", text.as_bytes()).unwrap();
    assert_eq!(imported.results[0].amount.to_value().unwrap(), 1);
    assert!(begin.elapsed() < PATIENCE);
}

#[test]
fn odd_numbers_become_no_fact() {
    let junit = r#"<testsuite tests="-5" failures="99999999999999999999999" time="NaN"><testcase time="-3"/><testcase time="1e999"/></testsuite>"#;
    let imported = read("junit", "file", junit.as_bytes()).unwrap();
    let values: Vec<_> = imported
        .results
        .iter()
        .map(|it| it.amount.to_value().unwrap())
        .collect();
    assert_eq!(values, [2, 0, 0, 0]);
    assert_eq!(imported.problems[0].message, "3 durations are no time");

    let rate = r#"<coverage line-rate="7.5"/>"#;
    assert!(
        read("cobertura", "file", rate.as_bytes())
            .unwrap()
            .results
            .is_empty()
    );
    let sums =
        "SF:a\nLF:3\nLH:99999999999999999999\nend_of_record\nSF:b\nLF:1\nLH:9\nend_of_record\n";
    let imported = read("lcov", "file", sums.as_bytes()).unwrap();
    assert!(
        imported.results.is_empty() && imported.problems.len() == 3,
        "{imported:?}"
    );

    let slo = "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: a}\nspec: {service: b, objectives: [{target: .nan}, {target: 1e400}]}\n";
    assert!(
        read("openslo", "file", slo.as_bytes())
            .unwrap()
            .results
            .is_empty()
    );
    let osv = r#"{"results":[{"packages":[{"vulnerabilities":[],"groups":[{"ids":[],"max_severity":"1e30"}]}]}]}"#;
    let imported = read("osv-scanner", "file", osv.as_bytes()).unwrap();
    let unrated = imported
        .results
        .iter()
        .find(|it| it.name == "vulnerability.unrated")
        .unwrap();
    assert_eq!(unrated.amount.to_value().unwrap(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let file = ImportFile { path: "file", bytes: &bytes, now: NOW.parse().unwrap() };
        let _ = ImportFormat::of(&file);
        for format in FORMATS {
            let _ = (format.read)(&file);
        }
    }

    #[test]
    fn any_pieces_of_fixtures_are_read_or_refused(
        pieces in proptest::collection::vec((0..FIXTURES.len(), 0.0..1.0_f64, 0.0..1.0_f64), 1..6)
    ) {
        let mut bytes = Vec::new();
        for (fixture, from, to) in pieces {
            let source = FIXTURES[fixture].2;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small file")]
            let at = |part: f64| (part * source.len() as f64) as usize;
            bytes.extend_from_slice(&source[at(from.min(to))..at(from.max(to))]);
        }
        for format in FORMATS {
            let _ = read(format.name, "file", &bytes);
        }
    }
}
