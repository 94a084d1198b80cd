//! The language of queries is what its reference says.

use devportal::query::{HAS_FIELDS, QUALIFIERS, STATES, reference};

use crate::sandbox::Sandbox;

/// The sample organisation, looked at by one of its people.
fn sample() -> Sandbox {
    let sandbox = Sandbox::new();
    let run = sandbox.devportal("", &["demo", "larkspur"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    sandbox.write(
        "../home/.config/devportal/config.yaml",
        "user: mira.okafor@larkspur.example\n",
    );
    sandbox
}

fn count(sandbox: &Sandbox, query: &str) -> usize {
    let run = sandbox.devportal("larkspur", &["find", query, "--count"]);
    let count = run.stdout.trim().parse();
    count.unwrap_or_else(|_| panic!("{query}: {}", run.stderr))
}

#[test]
fn every_example_of_the_reference_finds_something() {
    let sandbox = sample();
    let all = count(&sandbox, "");
    let examples = QUALIFIERS.iter().map(|qualifier| qualifier.example);
    for example in examples.chain(["dependsOn:payments-database", "label.tier:<=1"]) {
        let found = count(&sandbox, example);
        assert!(found > 0 && found < all, "{example} finds {found} of {all}");
    }
    for field in HAS_FIELDS {
        assert!(count(&sandbox, &format!("has:{field}")) > 0, "has:{field}");
    }
    for state in STATES {
        count(&sandbox, &format!("is:{}", state.name));
    }
}

#[test]
fn at_me_is_who_asks_and_their_teams() {
    let sandbox = sample();
    assert_eq!(
        count(&sandbox, "owner:@me"),
        count(&sandbox, "owner:payments")
    );
    assert_eq!(
        count(&sandbox, "under:@my-teams"),
        count(&sandbox, "under:payments")
    );
    sandbox.write("../home/.config/devportal/config.yaml", "user: nobody\n");
    let run = sandbox.devportal("larkspur", &["find", "owner:@me"]);
    assert!(
        run.code == 2 && run.stderr.contains("no User of the catalog"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_not_and_what_is_are_everything() {
    let sandbox = sample();
    let all = count(&sandbox, "");
    for query in [
        "pay",
        "kind:api",
        "label.tier:<=1",
        "is:unowned",
        "under:commerce",
        "in:checkout",
    ] {
        let (fits, others) = (
            count(&sandbox, query),
            count(&sandbox, &format!("not {query}")),
        );
        assert_eq!(fits + others, all, "{query}");
    }
}

#[test]
fn readme_has_the_reference_and_help_prints_it() {
    let printed = Sandbox::new().devportal("", &["help", "query"]).stdout;
    assert_eq!(printed, reference());
    let readme = include_str!("../../README.md");
    assert!(
        readme.contains(&reference()),
        "README.md has another reference of queries than this:\n{}",
        reference()
    );
}
