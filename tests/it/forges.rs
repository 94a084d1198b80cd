//! What forges are asked, against doubles that answer as their documentation says.

use std::collections::BTreeMap;

use devportal::forge_api::{
    Connection, Dispatch, Ensured, FORGES, ForgeApi, ForgeError, RemoteRepository, Visibility, api,
    default_api_url,
};
use devportal::http::{Client, Limits, Secret};
use devportal::model::ForgeKind;
use serde_json::{Value, json};

use crate::forge_double::{Answer, ForgeDouble};

const TOKEN: &str = "glpat-secret";

fn with_api<T>(double: &ForgeDouble, kind: ForgeKind, then: impl FnOnce(&dyn ForgeApi) -> T) -> T {
    let (token, client) = (Secret::new(TOKEN), Client::new(Limits::default()));
    let connection = Connection {
        api_url: double.url("/api"),
        token: &token,
        client: &client,
    };
    assert!(!format!("{connection:?}").contains("secret"));
    then(&*api(kind, connection).unwrap())
}

fn orders(owner: &str) -> RemoteRepository {
    RemoteRepository {
        host: "forge.example".to_owned(),
        owner: owner.to_owned(),
        name: "orders".to_owned(),
        description: Some("Takes orders".to_owned()),
        visibility: Visibility::Private,
        default_branch: "main".to_owned(),
        topics: vec!["Rust".to_owned()],
        homepage: None,
    }
}

fn ensure(
    double: &ForgeDouble,
    kind: ForgeKind,
    repository: &RemoteRepository,
) -> Result<Ensured, ForgeError> {
    with_api(double, kind, |api| api.ensure_repository(repository))
}

fn github_repository(visibility: &str) -> Value {
    json!({
        "clone_url": "https://forge.example/acme/orders.git",
        "html_url": "https://forge.example/acme/orders",
        "private": visibility != "public",
        "visibility": visibility,
        "default_branch": "main",
        "topics": [],
    })
}

fn not_found() -> Answer {
    Answer::json(404, &json!({ "message": "Not Found" }))
}

#[test]
fn github_makes_a_repository_of_an_organisation() {
    let double = ForgeDouble::new(vec![
        ("GET /api/repos/acme/orders", not_found()),
        (
            "GET /api/users/acme",
            Answer::json(200, &json!({ "type": "Organization" })),
        ),
        (
            "POST /api/orgs/acme/repos",
            Answer::json(201, &github_repository("private")),
        ),
        (
            "PUT /api/repos/acme/orders/topics",
            Answer::json(200, &json!({ "names": ["rust"] })),
        ),
    ]);
    let Ok(Ensured::Created(addresses)) = ensure(&double, ForgeKind::GitHub, &orders("acme"))
    else {
        panic!("{:?}", double.asked());
    };
    assert_eq!(addresses.clone_url, "https://forge.example/acme/orders.git");
    let asked = double.asked();
    assert_eq!(asked.len(), 4);
    for request in &asked {
        let authorization = format!("Bearer {TOKEN}");
        assert_eq!(
            request.header("authorization"),
            Some(authorization.as_str())
        );
        assert_eq!(
            request.header("accept"),
            Some("application/vnd.github+json")
        );
        assert_eq!(request.header("x-github-api-version"), Some("2022-11-28"));
        assert!(
            request
                .header("user-agent")
                .unwrap()
                .starts_with("devportal/")
        );
    }
    let expected = json!({
        "name": "orders",
        "private": true,
        "description": "Takes orders",
        "visibility": "private",
    });
    assert_eq!(asked[2].body, expected);
    assert_eq!(asked[2].header("content-type"), Some("application/json"));
    assert_eq!(asked[3].body, json!({ "names": ["rust"] }));
}

#[test]
fn github_makes_a_repository_of_the_user_of_the_token() {
    let routes = |login: &str| {
        ForgeDouble::new(vec![
            (
                "GET /api/users/mira",
                Answer::json(200, &json!({ "type": "User" })),
            ),
            (
                "GET /api/user",
                Answer::json(200, &json!({ "login": login })),
            ),
            (
                "POST /api/user/repos",
                Answer::json(201, &github_repository("private")),
            ),
            (
                "PUT /api/repos/mira/orders/topics",
                Answer::json(200, &json!({})),
            ),
        ])
    };
    let double = routes("Mira");
    assert!(ensure(&double, ForgeKind::GitHub, &orders("mira")).is_ok());
    assert_eq!(double.routes()[3], "POST /api/user/repos");
    let double = routes("somebody");
    let error = ensure(&double, ForgeKind::GitHub, &orders("mira")).unwrap_err();
    assert!(
        error.needs_credential && error.message.contains("somebody"),
        "{error}"
    );
    let internal = RemoteRepository {
        visibility: Visibility::Internal,
        ..orders("mira")
    };
    assert!(ensure(&routes("mira"), ForgeKind::GitHub, &internal).is_err());
}

#[test]
fn what_is_there_already_is_taken_unless_more_people_could_read_it() {
    for (is, wanted, fine) in [
        ("private", Visibility::Private, true),
        ("internal", Visibility::Private, false),
        ("public", Visibility::Private, false),
        ("public", Visibility::Internal, false),
        ("private", Visibility::Public, true),
    ] {
        let wanted = RemoteRepository {
            visibility: wanted,
            topics: Vec::new(),
            ..orders("acme")
        };
        let found = Answer::json(200, &github_repository(is));
        let double = ForgeDouble::new(vec![("GET /api/repos/acme/orders", found)]);
        let result = ensure(&double, ForgeKind::GitHub, &wanted);
        assert_eq!(
            matches!(result, Ok(Ensured::Existed(_))),
            fine,
            "{is} {result:?}"
        );
        assert_eq!(double.asked().len(), 1);
        let project = Answer::json(200, &json!({ "visibility": is }));
        let double = ForgeDouble::new(vec![("GET /api/projects/acme%2Forders", project)]);
        let result = ensure(&double, ForgeKind::GitLab, &wanted);
        assert_eq!(result.is_ok(), fine, "{is} {result:?}");
    }
}

#[test]
fn gitlab_makes_a_project_of_a_group() {
    let created = json!({
        "http_url_to_repo": "https://evil.example/x.git",
        "web_url": "https://forge.example/acme/shop/orders",
    });
    let double = ForgeDouble::new(vec![
        (
            "GET /api/namespaces/acme%2Fshop",
            Answer::json(200, &json!({ "id": 7 })),
        ),
        ("POST /api/projects", Answer::json(201, &created)),
    ]);
    let result = ensure(&double, ForgeKind::GitLab, &orders("acme/shop"));
    let Ok(Ensured::Created(addresses)) = result else {
        panic!("{result:?}");
    };
    // A forge cannot send us to another host.
    assert_eq!(
        addresses.clone_url,
        "https://forge.example/acme/shop/orders.git"
    );
    assert_eq!(addresses.web_url, "https://forge.example/acme/shop/orders");
    let asked = double.asked();
    assert_eq!(asked[0].route, "GET /api/projects/acme%2Fshop%2Forders");
    let expected = json!({
        "name": "orders",
        "path": "orders",
        "namespace_id": 7,
        "visibility": "private",
        "description": "Takes orders",
        "topics": ["Rust"],
    });
    assert_eq!(asked[2].body, expected);
    let error = ensure(
        &ForgeDouble::new(Vec::new()),
        ForgeKind::GitLab,
        &orders("nobody"),
    );
    assert!(
        error
            .unwrap_err()
            .message
            .contains("no group or user \"nobody\"")
    );
}

#[test]
fn the_default_branch_is_set_where_it_is_another() {
    for (kind, read, write) in [
        (
            ForgeKind::GitHub,
            "GET /api/repos/acme/orders",
            "PATCH /api/repos/acme/orders",
        ),
        (
            ForgeKind::GitLab,
            "GET /api/projects/acme%2Forders",
            "PUT /api/projects/acme%2Forders",
        ),
    ] {
        for (is, asked) in [("main", 1), ("master", 2)] {
            let double = ForgeDouble::new(vec![
                (read, Answer::json(200, &json!({ "default_branch": is }))),
                (write, Answer::json(200, &json!({}))),
            ]);
            with_api(&double, kind, |api| api.set_default_branch(&orders("acme"))).unwrap();
            assert_eq!(double.asked().len(), asked);
            if asked == 2 {
                assert_eq!(double.asked()[1].body, json!({ "default_branch": "main" }));
            }
        }
    }
}

#[test]
fn work_of_ci_is_started() {
    let inputs = BTreeMap::from([("stage".to_owned(), "test".to_owned())]);
    let workflow = |name: &str| Dispatch::Workflow {
        owner: "acme".to_owned(),
        name: name.to_owned(),
        workflow: "provision.yml".to_owned(),
        reference: "main".to_owned(),
        inputs: inputs.clone(),
    };
    let pipeline = Dispatch::Pipeline {
        project: "acme/infra".to_owned(),
        reference: "main".to_owned(),
        variables: inputs.clone(),
    };
    let route = "POST /api/repos/acme/infra/actions/workflows/provision.yml/dispatches";
    let double = ForgeDouble::new(vec![(route, Answer::with(204, &[], ""))]);
    let start = |double: &ForgeDouble, kind, work: &Dispatch| {
        with_api(double, kind, |api| api.dispatch(work))
    };
    start(&double, ForgeKind::GitHub, &workflow("infra")).unwrap();
    let expected = json!({ "ref": "main", "inputs": { "stage": "test" } });
    assert_eq!(double.asked()[0].body, expected);
    let error = start(&double, ForgeKind::GitHub, &workflow("absent")).unwrap_err();
    assert!(
        error
            .help
            .unwrap()
            .contains("no workflow \"provision.yml\"")
    );
    for name in ["..", "a/../../x", ""] {
        assert!(
            start(&double, ForgeKind::GitHub, &workflow(name)).is_err(),
            "{name}"
        );
    }
    assert!(start(&double, ForgeKind::GitHub, &pipeline).is_err());
    assert_eq!(double.asked().len(), 2);
    let route = "POST /api/projects/acme%2Finfra/pipeline";
    let double = ForgeDouble::new(vec![(route, Answer::json(201, &json!({ "id": 1 })))]);
    start(&double, ForgeKind::GitLab, &pipeline).unwrap();
    let variables = json!([{ "key": "stage", "value": "test" }]);
    assert_eq!(
        double.asked()[0].body,
        json!({ "ref": "main", "variables": variables })
    );
    assert!(start(&double, ForgeKind::GitLab, &workflow("infra")).is_err());
}

/// F02: each refusal has words of its own, and says when it is the token.
#[test]
fn f02_refusals_say_what_the_token_needs() {
    for (kind, route) in [
        (ForgeKind::GitHub, "GET /api/repos/acme/orders"),
        (ForgeKind::GitLab, "GET /api/projects/acme%2Forders"),
    ] {
        for (status, needs_credential) in [(401, true), (403, true), (500, false), (418, false)] {
            let said = json!({ "message": { "path": ["is odd"] }, "error": "why" });
            let double = ForgeDouble::new(vec![(route, Answer::json(status, &said))]);
            let error = ensure(&double, kind, &orders("acme")).unwrap_err();
            assert_eq!(error.needs_credential, needs_credential, "{error}");
            let start = format!(
                "host \"{}\" answered {status} to {}",
                double.host(),
                "GET /"
            );
            assert!(error.message.starts_with(&start), "{error}");
            assert!(
                error.message.ends_with(": {\"path\":[\"is odd\"]}: why"),
                "{error}"
            );
            let help = error.help.unwrap_or_default();
            assert_eq!(
                help.contains("it needs the scope"),
                needs_credential,
                "{help}"
            );
        }
    }
    let limited = json!({ "message": "API rate limit exceeded for user ID 1." });
    let route = "GET /api/repos/acme/orders";
    let double = ForgeDouble::new(vec![(route, Answer::json(403, &limited))]);
    let error = ensure(&double, ForgeKind::GitHub, &orders("acme")).unwrap_err();
    assert!(!error.needs_credential, "{error}");
    // GitHub does not find what a token may not do.
    let double = ForgeDouble::new(vec![(
        "GET /api/users/acme",
        Answer::json(200, &json!({ "type": "Organization" })),
    )]);
    let error = ensure(&double, ForgeKind::GitHub, &orders("acme")).unwrap_err();
    assert!(error.needs_credential, "{error}");
}

/// F05: what a forge says is passed on without the token, wherever it is cut.
#[test]
fn f05_a_forge_that_repeats_the_token_is_not_repeated() {
    for padding in [0, 390, 395, 399] {
        let said = format!("{}{TOKEN}", "x".repeat(padding));
        let answer = Answer::json(403, &json!({ "message": said }));
        let double = ForgeDouble::new(vec![("GET /api/repos/acme/orders", answer)]);
        let error = ensure(&double, ForgeKind::GitHub, &orders("acme")).unwrap_err();
        assert!(!format!("{error:?}").contains("glpat"), "{error}");
    }
}

#[test]
fn forges_that_cannot_be_asked_are_not_guessed() {
    let (token, client) = (Secret::new(TOKEN), Client::new(Limits::default()));
    for (_, kind) in ForgeKind::NAMES {
        let connection = Connection {
            api_url: "https://forge.example".to_owned(),
            token: &token,
            client: &client,
        };
        let is_listed = FORGES.iter().any(|(listed, _)| *listed == kind);
        assert_eq!(api(kind, connection).is_some(), is_listed);
        assert_eq!(default_api_url(kind, "forge.example").is_some(), is_listed);
    }
    let url = |kind, host| default_api_url(kind, host).unwrap();
    assert_eq!(
        url(ForgeKind::GitHub, "github.com"),
        "https://api.github.com"
    );
    assert_eq!(
        url(ForgeKind::GitHub, "ghe.example"),
        "https://ghe.example/api/v3"
    );
    assert_eq!(
        url(ForgeKind::GitLab, "gitlab.com"),
        "https://gitlab.com/api/v4"
    );
}
