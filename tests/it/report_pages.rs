//! Pages of reports: where names lead, what hostile names do, what counts, and templates of one's
//! own.

use serde_json::{Value, json};

use devportal::report::REPORTS;

use crate::sandbox::{Run, Sandbox};

const FORGE: &str = "git@github.com:acme/shop.git";

/// A component, with what its metadata and its spec have beside name, type and lifecycle.
fn component(name: &str, metadata: &str, spec: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\n\
         metadata:\n  name: {name}\n{metadata}\
         spec:\n  type: service\n  lifecycle: production\n{spec}"
    )
}

fn team(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{name: {name}}}\n\
         spec: {{type: team, children: []}}\n"
    )
}

fn scorecard(name: &str, title: &str, rules: &str) -> String {
    format!(
        "apiVersion: devportal.dev/v1\nkind: Scorecard\nmetadata:\n  name: {name}\n  title: {title}\n\
         spec:\n  filter: kind:component\n  levels:\n    - {{name: low, color: \"#cd7f32\"}}\n    \
         - {{name: high, color: \"#d4af37\"}}\n  rules:\n{rules}"
    )
}

/// A workspace of one team with three components and a scorecard of its own.
fn workspace(documents: &[String]) -> Sandbox {
    let sandbox = Sandbox::new();
    let text = documents.join("---\n");
    let picked = if text.contains("kind: Scorecard") {
        "own"
    } else {
        ""
    };
    let settings = format!("organisation: Example\nscorecards: [{picked}]\n");
    sandbox.write("shop/devportal.yaml", &settings);
    sandbox.write("shop/catalog-info.yaml", &text);
    sandbox.repository("shop");
    sandbox
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let run = sandbox.devportal("shop", &[&["report"], arguments].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

#[test]
fn names_lead_to_the_commit_that_was_looked_at() {
    let documents = [team("tills"), component("till", "", "  owner: tills\n")];
    let sandbox = workspace(&documents);
    let page = |at: &[&str]| {
        let arguments = ["entity", "till", "--format", "markdown"];
        run(&sandbox, &[&arguments, at].concat()).stdout
    };
    assert!(!page(&[]).contains("https://"), "a link without a remote");
    sandbox.git("shop", &["config", "remote.origin.url", FORGE]);
    let commit = sandbox.git("shop", &["rev-parse", "HEAD"]);
    let of = |revision: &str| {
        format!("https://github.com/acme/shop/blob/{revision}/catalog-info.yaml#L")
    };
    let present = page(&[]);
    assert!(present.contains(&of("HEAD")), "{present}");
    let past = page(&["--at", "2026-02-01"]);
    assert!(past.contains(&of(commit.trim())), "{past}");
}

#[test]
fn hostile_names_do_nothing_in_markdown() {
    const HOSTILE: &str = "\"<script>alert(1)</script> [x](javascript:alert(1)) | `a` **b**\"";
    let rule = format!(
        "    - {{id: r, title: {HOSTILE}, level: low, require: 'entity.tags|length > 3', fix: {HOSTILE}}}\n"
    );
    let metadata = format!(
        "  title: {HOSTILE}\n  description: {HOSTILE}\n  links: [{{url: 'javascript:alert(3)', title: {HOSTILE}}}]\n"
    );
    let campaign = format!(
        "apiVersion: devportal.dev/v1\nkind: Campaign\nmetadata:\n  name: move\n  title: {HOSTILE}\n\
         spec:\n  owner: tills\n  query: kind:component\n  require: 'entity.tags|length > 3'\n  start: 2026-01-01\n  \
         deadline: 2026-01-20\n  fix: {HOSTILE}\n  why: {HOSTILE}\n"
    );
    let documents = [
        team("tills"),
        component(
            "a",
            &metadata,
            "  owner: tills\n  dependsOn: [component:a]\n",
        ),
        component("b", &metadata, "  owner: tills\n"),
        component("c", &metadata, "  owner: tills\n"),
        scorecard("own", HOSTILE, &rule),
        campaign,
    ];
    let sandbox = workspace(&documents);
    let names = REPORTS.iter().map(|report| report.name);
    for name in names.chain(["entity"]) {
        let arguments = [name, "--at", "2026-02-01", "--format", "markdown"];
        let page = run(&sandbox, &arguments).stdout;
        for bad in [
            "<script",
            "[x](javascript:",
            "](javascript:alert(3",
            " **b**",
            " | `a`",
        ] {
            assert!(!page.contains(bad), "{name}: {bad}\n{page}");
        }
    }
}

#[test]
fn support_counts_what_teams_can_do_something_about() {
    let rules = "    - {id: tagged, title: Has tags, level: low, require: 'entity.tags|length > 0'}\n    \
                 - {id: quick, title: Is quick, level: high, require: \"facts('latency.p95') < 100\"}\n";
    let campaign = "apiVersion: devportal.dev/v1\nkind: Campaign\nmetadata: {name: move}\n\
                    spec:\n  owner: tills\n  query: name:untagged\n  require: 'entity.tags|length > 0'\n  \
                    start: 2026-01-01\n  deadline: 2026-01-20\n";
    let tags = "  tags: [x]\n";
    let documents = [
        team("tills"),
        component("a", tags, "  owner: tills\n"),
        component("b", tags, "  owner: tills\n"),
        component("untagged", "", "  owner: tills\n"),
        scorecard("own", "Own", rules),
        campaign.to_owned(),
    ];
    let sandbox = workspace(&documents);
    let answer = run(&sandbox, &["support", "--at", "2026-02-01", "--json"]).json();
    // Nobody measures whether something is quick, which is no fault of "a" and "b".
    let addend = |reason: &str, of: &str, since: Value, count: u64, weight: u64| {
        json!({
            "ref": "component:default/untagged",
            "reason": reason,
            "of": of,
            "since": since,
            "count": count,
            "weight": weight,
            "points": count * weight,
        })
    };
    let addends = json!([
        addend("levels-missing", "own", Value::Null, 2, 3),
        addend("overdue-campaign", "move", json!("2026-01-20"), 1, 2),
    ]);
    assert_eq!(answer["teams"][0]["addends"], addends);
    assert_eq!(answer["teams"][0]["points"], 8);
}

#[test]
fn maturity_says_once_what_is_not_measured_and_how_to_measure_it() {
    let rules = "    - {id: tagged, title: Has tags, level: low, require: 'entity.tags|length > 0'}\n    \
                 - {id: critical, title: Nothing critical, level: high, require: \"facts('vulnerability.critical') == 0\"}\n    \
                 - {id: high, title: Nothing high, level: high, require: \"facts('vulnerability.high') == 0\"}\n";
    let documents = [
        team("tills"),
        component("a", "", "  owner: tills\n"),
        scorecard("own", "Own", rules),
    ];
    let sandbox = workspace(&documents);
    let answer = run(&sandbox, &["maturity", "--at", "2026-02-01", "--json"]).json();
    let sources = answer["notMeasured"].as_array().unwrap();
    assert_eq!(sources.len(), 1, "{sources:?}");
    assert_eq!(sources[0]["rules"].as_array().unwrap().len(), 2);
    let command = sources[0]["setUp"].as_str().unwrap();
    assert!(command.starts_with("devportal facts "), "{command}");
    let levels = json!([
        {"level": "high", "entities": 0},
        {"level": "low", "entities": 0},
        {"level": null, "entities": 1},
    ]);
    assert_eq!(answer["scorecards"][0]["levels"], levels);
    let page = run(
        &sandbox,
        &["maturity", "--at", "2026-02-01", "--format", "markdown"],
    )
    .stdout;
    assert_eq!(page.matches(command).count(), 1, "{page}");
}

#[test]
fn several_pages_go_into_a_folder_and_one_into_a_file() {
    let documents = [
        team("tills"),
        component("a", "", "  owner: tills\n"),
        component("b", "", "  owner: tills\n"),
    ];
    let sandbox = workspace(&documents);
    let file = |path: &str| std::fs::read_to_string(sandbox.root().join("shop").join(path));
    run(&sandbox, &["entity", "--output", "pages"]);
    for name in ["a", "b"] {
        let page = file(&format!("pages/component-default-{name}.md")).unwrap();
        assert!(page.starts_with(&format!("# {name}\n")), "{page}");
    }
    run(&sandbox, &["entity", "a", "--output", "a.md"]);
    assert_eq!(
        file("a.md").unwrap(),
        file("pages/component-default-a.md").unwrap()
    );
    let nothing = sandbox.devportal("shop", &["report", "entity", "kind:api"]);
    assert_eq!(
        (nothing.code, nothing.stdout.as_str()),
        (1, ""),
        "{}",
        nothing.stderr
    );
}

#[test]
fn only_a_report_of_entities_takes_a_query_and_only_one_with_a_trend_its_options() {
    let sandbox = workspace(&[team("tills")]);
    for (arguments, said) in [
        (
            ["ownership", "till"].as_slice(),
            "only \"entity\" takes a query",
        ),
        (&["ownership", "--since", "2026-01-01"], "has no trend"),
        (&["entity", "--every", "week"], "has no trend"),
        (&["maturity", "--since", "yesterday"], "is no date"),
    ] {
        let run = sandbox.devportal("shop", &[&["report"], arguments].concat());
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
}

#[test]
fn a_template_of_ones_own_sees_what_machines_get() {
    let documents = [team("tills"), component("a", "", "  owner: tills\n")];
    let sandbox = workspace(&documents);
    sandbox.write(
        "shop/page.txt.j2",
        "{{ schema }} {{ at }}\n{% for row in teams %}\n- {{ row.owner }} <{{ row.components }}>\n{% endfor %}\n",
    );
    let arguments = [
        "ownership",
        "--template",
        "page.txt.j2",
        "--at",
        "2026-02-01",
    ];
    let page = run(&sandbox, &arguments).stdout;
    assert_eq!(
        page,
        "devportal.report-ownership/v1 2026-02-01T23:59:59.999999999Z\n- group:default/tills <1>\n"
    );
}

#[test]
fn a_template_that_cannot_be_rendered_says_where_and_what_to_do() {
    let sandbox = workspace(&[team("tills")]);
    let refused = |text: &str, more: &[&str]| {
        sandbox.write("shop/page.md", text);
        let arguments = [&["report", "ownership", "--template", "page.md"], more].concat();
        let run = sandbox.devportal("shop", &arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        run.stderr
    };
    let unknown = refused("x\n{{ unownd }}", &[]);
    assert!(unknown.contains("page.md:2:"), "{unknown}");
    assert!(unknown.contains("did you mean \"unowned\"?"), "{unknown}");
    refused(
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        &[],
    );
    refused("{% include '/etc/passwd' %}", &[]);
    let both = refused("x", &["--json"]);
    assert!(both.contains("exclude each other"), "{both}");
}
