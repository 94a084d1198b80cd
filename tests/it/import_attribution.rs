//! Which entities the results of files are about, and files that a `devportal.yaml` imports.

use std::collections::BTreeMap;

use devportal::cache::Cache;
use devportal::diagnostic::Diagnostic;
use devportal::fact::import::{AttributedResults, Attribution, combine};
use devportal::fact::{
    AskedEntities, FactRequest, FactSelection, Gathered, Observation, Register, gather,
};
use devportal::model::{EntityRef, Moment};
use devportal::repo::{Workspace, WorkspaceFile, WorkspaceRequest};
use devportal::scan::{PathSelection, Progress, Scan, ScanRequest, scan};

use crate::import_formats::{NOW, read};
use crate::sandbox::Sandbox;

struct NoProgress;

impl Progress for NoProgress {
    fn found(&self, _repositories: usize) {}
    fn read(&self) {}
}

fn descriptor(kind: &str, name: &str, annotations: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n  annotations: {{{annotations}}}\nspec:\n  type: service\n  lifecycle: production\n  owner: group:payments\n"
    )
}

/// An organisation: `hq` with its configuration, the monorepo `shop`, and `ledger`.
fn larkspur(configuration: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(
        "hq/devportal.yaml",
        &format!("organisation: Larkspur\n{configuration}"),
    );
    let pay = "pagerduty.com/service-id: \"PPAY01, PPAY02\"";
    sandbox.write(
        "shop/services/pay/catalog-info.yaml",
        &descriptor("Component", "payments-api", pay),
    );
    let web = [
        descriptor("Component", "web", ""),
        descriptor("API", "web-api", ""),
    ]
    .join("---\n");
    sandbox.write("shop/services/web/catalog-info.yaml", &web);
    sandbox.write(
        "ledger/catalog-info.yaml",
        &descriptor("Component", "ledger", ""),
    );
    for name in ["hq", "shop", "ledger"] {
        sandbox.repository(name);
        let remote = format!("git@github.com:larkspur/{name}.git");
        sandbox.git(name, &["remote", "add", "origin", &remote]);
    }
    sandbox
}

fn scanned(sandbox: &Sandbox, moment: &Moment) -> Scan {
    let request = WorkspaceRequest {
        flag: Some(sandbox.root()),
        current: sandbox.root(),
        ..WorkspaceRequest::default()
    };
    let workspace = Workspace::choose(&request, &|_| WorkspaceFile::default()).unwrap();
    scan(&ScanRequest {
        workspace: &workspace,
        moment,
        selection: &PathSelection::default(),
        all_code_owners: false,
        codes: &[],
        progress: &NoProgress,
    })
    .unwrap()
}

/// What a file that lies at a place says of whom.
fn attributed(
    scan: &Scan,
    entity: Option<&str>,
    file: Option<(&str, &str)>,
    format: &str,
    text: &str,
) -> AttributedResults {
    let homes = scan.catalog.homes();
    let attribution = Attribution {
        catalog: &scan.catalog,
        homes: &homes,
        register: &Register::default(),
        entity: entity.map(|it| EntityRef::parse(it, Some("component"), "default").unwrap()),
        file,
    };
    attribution.attribute(read(format, "file", text.as_bytes()).unwrap())
}

/// `name.fact = value` of each, where devportal's own kind of entity is left out.
fn said(results: &AttributedResults) -> Vec<String> {
    let lines = results.attributed.iter().map(|result| {
        let (entity, fact) = (result.entity.name(), &result.observation);
        let shared = if result.is_shared { " (shared)" } else { "" };
        format!(
            "{entity} {}{} = {}{shared}",
            fact.name, fact.dimensions, fact.value
        )
    });
    let lost = results
        .unattributed
        .iter()
        .map(|lost| format!("? {} ({})", lost.subject, lost.results));
    let problems = results.problems.iter().map(|problem| {
        let help = problem.help.as_deref().unwrap_or_default();
        format!("! {problem}: {help}")
    });
    lines.chain(lost).chain(problems).collect()
}

const SHOP: &str = "github.com/larkspur/shop";

fn lcov(paths: &[&str]) -> String {
    let records = paths
        .iter()
        .map(|path| format!("SF:{path}\nLF:4\nLH:1\nend_of_record\n"));
    records.collect::<Vec<String>>().concat()
}

#[test]
fn a_path_is_about_the_deepest_home_that_holds_it() {
    let sandbox = larkspur("");
    let scan = scanned(&sandbox, &Moment::Present);
    let of = |file, paths: &[&str]| {
        said(&attributed(
            &scan,
            None,
            Some((SHOP, file)),
            "lcov",
            &lcov(paths),
        ))
    };
    // At the root, paths are those of the repository; those of no home are told together.
    assert_eq!(
        of(
            "lcov.info",
            &[
                "services/pay/a.rs",
                "./services/web/b.rs",
                "tools/x/a.rs",
                "tools/x/b.rs"
            ]
        ),
        [
            "web-api coverage.lines = 25 (shared)",
            "payments-api coverage.lines = 25",
            "web coverage.lines = 25 (shared)",
            "? path \"tools/x\" (2)",
        ]
    );
    // In a home, tools write paths relative to it.
    assert_eq!(
        of("services/pay/out/lcov.info", &["src/a.rs", "../b.rs"]),
        ["payments-api coverage.lines = 25"]
    );
    // As the machine had them where they were checked out.
    assert_eq!(
        of(
            "lcov.info",
            &[
                "/home/runner/work/shop/shop/services/pay/a.rs",
                "D:\\a\\shop\\shop\\services\\pay\\b.rs"
            ]
        ),
        ["payments-api coverage.lines = 25"]
    );
    assert_eq!(
        of("services/pay/lcov.info", &["/var/jenkins/job/a.rs"]),
        ["payments-api coverage.lines = 25"]
    );
    assert_eq!(
        of("lcov.info", &["/github/workspace/services/pay/a.rs"]),
        ["payments-api coverage.lines = 25"]
    );
    // Outside of a repository nobody knows.
    let outside = attributed(&scan, None, None, "lcov", &lcov(&["src/a.rs"]));
    assert_eq!(said(&outside), ["? path \"src/a.rs\" (1)"]);
}

#[test]
fn an_entity_that_is_named_has_what_is_about_code_and_no_more() {
    let sandbox = larkspur("");
    let scan = scanned(&sandbox, &Moment::Present);
    let named = |format, text: &str| {
        said(&attributed(
            &scan,
            Some("ledger"),
            Some((SHOP, "services/pay/x")),
            format,
            text,
        ))
    };
    assert_eq!(
        named("lcov", &lcov(&["services/web/a", "b"])),
        ["ledger coverage.lines = 25"]
    );
    assert_eq!(
        named("junit", "<testsuite tests=\"3\"/>")[0],
        "ledger test.count = 3"
    );
    let bill = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"externalReferences":[{"type":"vcs","url":"https://github.com/larkspur/shop"}]}}}"#;
    assert_eq!(named("cyclonedx", bill)[0], "ledger sbom.components = 0");
    let facts = "entity,fact,value\nweb,cost.month,7\n,cost.month,8\n";
    assert_eq!(
        named("facts", facts),
        ["ledger cost.month = 8", "web cost.month = 7"]
    );
    let services = "id,name,escalation_policy_name\nPPAY02,x,Payments\nPX,y,Other\n";
    assert_eq!(
        named("pagerduty-services", services),
        [
            "payments-api on-call.schedule = \"Payments\"",
            "? \"y\" (\"pagerduty.com/service-id: PX\") (1)"
        ]
    );
}

#[test]
fn annotations_have_several_values_and_names_stand_in_for_them() {
    let sandbox = larkspur("");
    let scan = scanned(&sandbox, &Moment::Present);
    let services = "id,name,escalation_policy_name\nPPAY01,Whatever,Payments\nPWEB,Web,Front\nPL,Payments API,no\n";
    let results = attributed(&scan, None, None, "pagerduty-services", services);
    // "PL" is nobody's: payments-api is called so, and has other ids.
    assert_eq!(
        said(&results),
        [
            "payments-api on-call.schedule = \"Payments\"",
            "web on-call.schedule = \"Front\"",
            "? \"Payments API\" (\"pagerduty.com/service-id: PL\") (1)"
        ]
    );
}

#[test]
fn a_repository_is_known_by_its_identity_however_it_is_spelt() {
    let sandbox = larkspur("");
    let scan = scanned(&sandbox, &Moment::Present);
    for (url, file, expected) in [
        (
            "git@github.com:larkspur/shop.git",
            "services/pay/pom.xml",
            "payments-api",
        ),
        (
            "https://GitHub.com/Larkspur/Shop",
            "services/pay/pom.xml",
            "payments-api",
        ),
        ("https://github.com/larkspur/ledger", "pom.xml", "ledger"),
    ] {
        let text = format!(
            r#"{{"vulnerabilities":[],"remoteRepoUrl":"{url}","displayTargetFile":"{file}"}}"#
        );
        let results = attributed(&scan, None, None, "snyk", &text);
        assert_eq!(results.attributed[0].entity.name(), expected, "{url}");
    }
    // A bill that says of which repository it is, in the home of one of its components.
    let bill = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"externalReferences":[{"type":"vcs","url":"https://github.com/larkspur/shop"}]}}}"#;
    let file = Some((SHOP, "services/pay/bom.json"));
    let results = attributed(&scan, None, file, "cyclonedx", bill);
    assert_eq!(results.attributed[0].entity.name(), "payments-api");
    let other = r#"{"vulnerabilities":[],"remoteRepoUrl":"https://github.com/larkspur/other","displayTargetFile":"pom.xml"}"#;
    let results = attributed(&scan, None, None, "snyk", other);
    assert_eq!(
        said(&results),
        ["? \"pom.xml\" in repository \"github.com/larkspur/other\" (6)"]
    );
}

#[test]
fn what_does_not_fit_a_declaration_is_a_problem_and_never_kept() {
    let sandbox = larkspur("");
    let scan = scanned(&sandbox, &Moment::Present);
    let rows = "entity,fact,value,at,environment\n\
        component:web,test.count,many,,\n\
        web,test.count,NaN,,\n\
        web,test.count,inf,,\n\
        web,test.cuont,3,,\n\
        web,test.cuont,4,,\n\
        web,quality-gate.passed,yes,,\n\
        web,release.at,last week,,\n\
        web,release.age,3,,\n\
        web,on-call.people,a@example.com,,\n\
        web,test.count,3,,staging\n\
        web,test.count,3,2036-01-01T00:00:00Z,\n\
        web,test.count,3,soon,\n\
        nobody,test.count,3,,\n\
        web,test.failed,2,2026-03-01,\n";
    assert_eq!(
        said(&attributed(&scan, None, None, "facts", rows)),
        [
            "web test.failed = 2",
            "? \"nobody\" (1)",
            "! \"2036-01-01T00:00:00Z\" is in the future: ",
            "! \"soon\" is no date and time: write it as 2026-01-15T12:00:00Z",
            "! \"many\" cannot be the value of fact \"test.count\": write a number, in tests",
            "! \"NaN\" cannot be the value of fact \"test.count\": write a number, in tests",
            "! \"inf\" cannot be the value of fact \"test.count\": write a number, in tests",
            "! there is no fact \"test.cuont\" (2 times): did you mean \"test.count\"?",
            "! \"yes\" cannot be the value of fact \"quality-gate.passed\": write true or false",
            "! \"last week\" cannot be the value of fact \"release.at\": write a time as 2026-01-15T12:00:00Z",
            "! fact \"release.age\" is counted, not given: give \"release.at\", the time",
            "! fact \"on-call.people\" is never kept: leave it out",
            "! fact \"test.count\" has no dimension \"environment\": it has none",
        ]
    );
    let json = r#"[{"entity":"web","fact":"test.count","value":"3"},{"entity":"web","fact":"sbom.licenses","value":["MIT",1]},
        {"entity":"web","fact":"release.version","value":{"a":1}},{"entity":"web","fact":"quality-gate.passed","value":1},
        {"entity":"web","fact":"release.at","value":"2026-01-15T12:00:00+01:00"},{"entity":"web","fact":"cost.month","value":null},{"entity":"web","fact":"test.failed"}]"#;
    assert_eq!(
        said(&attributed(&scan, None, None, "facts", json)),
        [
            "web cost.month = null",
            "web release.at = \"2026-01-15T11:00:00Z\"",
            "! fact \"test.failed\" has no value: ",
            "! \"3\" cannot be the value of fact \"test.count\": write a number, in tests",
            "! a list cannot be the value of fact \"sbom.licenses\": write a list of texts",
            "! a mapping cannot be the value of fact \"release.version\": write a text of at most 2000 characters",
            "! 1 cannot be the value of fact \"quality-gate.passed\": write true or false",
        ]
    );
}

#[test]
fn many_wrong_rows_are_few_problems() {
    let sandbox = larkspur("");
    let scan = scanned(&sandbox, &Moment::Present);
    let rows: Vec<String> = (0..10_000).map(|n| format!("web,fact-{n},1\n")).collect();
    let rows = rows.concat();
    let results = attributed(
        &scan,
        None,
        None,
        "facts",
        &format!("entity,fact,value\n{rows}"),
    );
    assert_eq!(results.problems.len(), 101);
    assert_eq!(
        results.problems[100].message,
        "9900 further problems are not told"
    );
}

#[test]
fn several_files_of_a_run_are_one_fact() {
    let sandbox = larkspur("");
    let scan = scanned(&sandbox, &Moment::Present);
    let of = |format, texts: &[&str]| -> BTreeMap<String, String> {
        let files = texts.iter().flat_map(|text| {
            attributed(&scan, None, Some((SHOP, "services/pay/x")), format, text).attributed
        });
        let combined = combine(files).into_iter();
        combined
            .map(|it| {
                let Observation { name, value, .. } = it.observation;
                (name.into_owned(), value.to_string())
            })
            .collect()
    };
    let junit = of(
        "junit",
        &[
            "<testsuite tests=\"3\" failures=\"1\" time=\"1.5\" timestamp=\"2026-03-30T00:00:00Z\"/>",
            "<testsuite tests=\"4\" skipped=\"2\" time=\"2\"/>",
        ],
    );
    assert_eq!(
        (
            &*junit["test.count"],
            &*junit["test.failed"],
            &*junit["test.skipped"],
            &*junit["test.duration"]
        ),
        ("7", "1", "2", "3.5")
    );

    let covered = of(
        "lcov",
        &[
            "SF:a\nLF:10\nLH:10\nend_of_record\n",
            "SF:b\nLF:30\nLH:0\nend_of_record\n",
        ],
    );
    assert_eq!(covered["coverage.lines"], "25", "not the mean of 100 and 0");

    let vulnerable = r#"{"vulnerabilities":[{"id":"A","severity":"critical","publicationTime":"2026-01-02T00:00:00Z"}]}"#;
    let also = r#"{"vulnerabilities":[{"id":"B","severity":"critical","publicationTime":"2026-01-01T00:00:00Z"}]}"#;
    let snyk = of("snyk", &[vulnerable, also]);
    assert_eq!(
        (
            &*snyk["vulnerability.critical"],
            &*snyk["vulnerability.critical.since"]
        ),
        ("2", "\"2026-01-01T00:00:00Z\"")
    );

    let failed = r#"{"ok":false,"error":"no lock file"}"#;
    assert!(
        of("snyk", &[vulnerable, failed]).is_empty(),
        "a sum without a part is not known"
    );
    assert!(of("snyk", &[failed, vulnerable]).is_empty());

    let bills = of(
        "cyclonedx",
        &[
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"licenses":[{"license":{"id":"MIT"}}]}]}"#,
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"licenses":[{"license":{"id":"ISC"}}]}]}"#,
        ],
    );
    assert_eq!(
        (&*bills["sbom.components"], &*bills["sbom.licenses"]),
        ("2", "[\"ISC\",\"MIT\"]")
    );

    let newer = "fact,value,at\ncost.month,2,2026-03-02\n";
    let older = "fact,value,at\ncost.month,1,2026-03-01\n";
    assert_eq!(of("facts", &[newer, older])["cost.month"], "2");
    assert_eq!(of("facts", &[older, newer])["cost.month"], "2");
}

fn gathered(sandbox: &Sandbox, moment: &Moment) -> (Scan, Gathered) {
    let scan = scanned(sandbox, moment);
    let gathered = gather(FactRequest {
        catalog: &scan.catalog,
        repositories: &scan.repositories,
        config: &scan.config,
        moment,
        now: NOW.parse().unwrap(),
        selection: FactSelection::All,
        entities: AskedEntities::All,
        cache: &Cache::disabled(),
    });
    (scan, gathered)
}

/// The facts of imports: entity, name, value, when, until when, source, evidence.
fn imported(scan: &Scan, gathered: &Gathered) -> Vec<String> {
    let entities = scan.catalog.entities().iter();
    let facts = entities.flat_map(|entity| gathered.facts.of(entity.reference()));
    let imported = facts.filter(|fact| &*fact.source != "repository");
    let lines = imported.map(|fact| {
        let until = fact
            .valid_until
            .map_or_else(String::new, |until| until.to_string());
        let evidence = fact.evidence.as_deref().unwrap_or_default();
        format!(
            "{} {} = {}, {} to {until}, {} {evidence}",
            fact.entity.name(),
            fact.name,
            fact.value,
            fact.observed_at,
            fact.source
        )
    });
    lines.collect()
}

fn messages(problems: &[Diagnostic]) -> Vec<String> {
    let imports = problems
        .iter()
        .filter(|it| ["import-unread", "configuration"].contains(&it.code.name));
    imports
        .map(|problem| {
            let place = problem.place.as_ref().unwrap();
            let line = place
                .span
                .map_or_else(String::new, |span| format!(":{}", span.line));
            format!(
                "{}{line}: {}: {}",
                place.file.path(),
                problem.message,
                problem.help.as_deref().unwrap_or_default()
            )
        })
        .collect()
}

#[test]
fn files_that_a_configuration_names_are_facts_of_the_commit() {
    let sandbox = larkspur("");
    sandbox.write("shop/devportal.yaml", "imports:\n  - {files: \"services/*/coverage/*.info\", format: lcov}\n  - {files: \"**/junit-*.xml\", format: junit}\n");
    sandbox.write("shop/services/pay/coverage/lcov.info", &lcov(&["src/a.rs"]));
    sandbox.write(
        "shop/services/pay/junit-1.xml",
        "<testsuite tests=\"3\" timestamp=\"2026-01-20T00:00:00Z\"/>",
    );
    sandbox.write("shop/services/pay/junit-2.xml", "<testsuite tests=\"4\"/>");
    sandbox.commit_on("2026-02-01", "shop");
    let (scan, facts) = gathered(&sandbox, &Moment::Present);
    assert_eq!(
        imported(&scan, &facts),
        [
            "payments-api coverage.lines = 25, 2026-02-01T12:00:00Z to 2026-03-03T12:00:00Z, lcov shop/services/pay/coverage/lcov.info",
            "payments-api test.count = 7, 2026-01-20T00:00:00Z to 2026-02-19T00:00:00Z, junit shop/services/pay/junit-1.xml",
            "payments-api test.duration = 0, 2026-01-20T00:00:00Z to 2026-02-19T00:00:00Z, junit shop/services/pay/junit-1.xml",
            "payments-api test.failed = 0, 2026-01-20T00:00:00Z to 2026-02-19T00:00:00Z, junit shop/services/pay/junit-1.xml",
            "payments-api test.skipped = 0, 2026-01-20T00:00:00Z to 2026-02-19T00:00:00Z, junit shop/services/pay/junit-1.xml",
        ]
    );
    assert!(messages(&facts.problems).is_empty(), "{:?}", facts.problems);
    // Before that commit there was nothing.
    let (scan, facts) = gathered(&sandbox, &Moment::parse("2026-01-20"));
    assert!(imported(&scan, &facts).is_empty());
}

#[test]
fn a_repository_speaks_for_itself_and_the_organisation_for_all() {
    let sandbox = larkspur("imports:\n  - {files: costs.csv, format: facts}\n");
    let costs =
        "entity,fact,value,at\nledger,cost.month,10,2026-03-30\nweb,cost.month,20,2026-03-30\n";
    sandbox.write("hq/costs.csv", costs);
    sandbox.commit_on("2026-02-01", "hq");
    sandbox.write(
        "ledger/devportal.yaml",
        "imports:\n  - {files: costs.csv, format: facts}\n",
    );
    sandbox.write(
        "ledger/costs.csv",
        "entity,fact,value,at\nledger,cost.month,11,2026-03-29\nweb,cost.month,0,2026-03-31\n",
    );
    sandbox.commit_on("2026-02-01", "ledger");
    let (scan, facts) = gathered(&sandbox, &Moment::Present);
    assert_eq!(
        imported(&scan, &facts),
        [
            "ledger cost.month = 10, 2026-03-30T00:00:00Z to 2026-04-30T00:00:00Z, facts hq/costs.csv",
            "ledger cost.month = 11, 2026-03-29T00:00:00Z to 2026-04-29T00:00:00Z, facts ledger/costs.csv",
            "web cost.month = 20, 2026-03-30T00:00:00Z to 2026-04-30T00:00:00Z, facts hq/costs.csv",
        ]
    );
    assert_eq!(
        messages(&facts.problems),
        [
            "ledger/costs.csv: \"component:default/web\" belongs to another repository; 1 fact is left out: let the organisation's devportal.yaml import the file"
        ]
    );
}

#[test]
fn what_is_wrong_with_imports_is_said_at_its_place() {
    let sandbox = larkspur("");
    sandbox.write(
        "ledger/devportal.yaml",
        "imports:\n  - {files: x, format: junitt}\n  - {files: \"[\", format: junit}\n  - {files: none/*.xml, format: junit}\n  - {files: x, format: junit, entity: nobody}\n  - {files: broken.xml, format: junit}\n  - {files: x.jsonl, format: incidents}\n  - {files: link.xml, format: junit}\n",
    );
    sandbox.write("ledger/broken.xml", "<testsuite>\n<testcase>\n");
    sandbox.write(
        "ledger/x.jsonl",
        "{\"id\":\"1\",\"service\":\"nobody\",\"began\":\"2026-03-01T00:00:00Z\"}\n{}\n",
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", sandbox.root().join("ledger/link.xml")).unwrap();
    sandbox.commit_on("2026-02-01", "ledger");
    let (scan, facts) = gathered(&sandbox, &Moment::Present);
    assert!(imported(&scan, &facts).is_empty());
    let place = "ledger/devportal.yaml:2";
    assert_eq!(
        messages(&facts.problems),
        [
            format!("{place}: there is no format \"junitt\" of files: did you mean \"junit\"?"),
            format!("{place}: \"[\" is no pattern of paths: write it as reports/**/*.xml"),
            format!("{place}: \"nobody\" is no entity of the catalog: write a reference, as component:payments-api"),
            format!("{place}: \"none/*.xml\" names no file of the repository: patterns are relative to the root of the repository; commit the files"),
            "ledger/broken.xml:3: this is not junit: the file ends within an element: ".to_owned(),
            format!("{place}: \"link.xml\" names no file of the repository: patterns are relative to the root of the repository; commit the files"),
            "ledger/x.jsonl:2: missing field `id`: ".to_owned(),
            "ledger/x.jsonl: what is said of \"nobody\" is about no entity: annotate the entity, or name it with \"entity\" beside the pattern".to_owned(),
        ]
    );
}
