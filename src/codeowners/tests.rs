//! Files of each dialect, and who owns what by them.

use super::*;

fn parse(text: &str, dialect: Dialect) -> CodeOwners {
    let file = Arc::new(SourceFile::new(Arc::from("shop"), "", b"CODEOWNERS"));
    CodeOwners::parse(text, file, dialect)
}

/// `section/approvals: owners` of each rule, joined.
fn owners(text: &str, path: &str, dialect: Dialect) -> String {
    let code_owners = parse(text, dialect);
    let rules = code_owners.rules_for(path).into_iter();
    let shown = rules.map(|rule| {
        let section = code_owners.section_of(rule).map_or(String::new(), |it| {
            let optional = if it.is_optional { "^" } else { "" };
            let approvals = rule.approvals.map(|it| format!("/{it}"));
            format!("{optional}{}{}: ", it.name, approvals.unwrap_or_default())
        });
        format!("{section}{}", rule.owners.join(" "))
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn mistakes(text: &str, dialect: Dialect) -> Vec<(u32, u32)> {
    let code_owners = parse(text, dialect);
    let spans = code_owners.mistakes().iter().map(|mistake| mistake.span);
    spans.map(|span| (span.line, span.column)).collect()
}

#[test]
fn on_github_the_last_rule_that_matches_counts() {
    let text = "* @acme/everyone\n/services/ @acme/backend # comment\n*.md docs@acme.io\n\
                /services/legacy\n";
    for (path, expected) in [
        ("web/index.ts", "@acme/everyone"),
        ("services/pay/main.rs", "@acme/backend"),
        ("services/pay/README.md", "docs@acme.io"),
        ("services/legacy/a.rs", ""),
    ] {
        assert_eq!(owners(text, path, Dialect::GitHub), expected, "{path}");
    }
    let code_owners = parse(text, Dialect::GitHub);
    assert_eq!(code_owners.rules_for("services/legacy/a").len(), 1);
    assert_eq!(
        &*code_owners.rules_for_folder("services")[0].text,
        "/services/"
    );
    assert_eq!(&*code_owners.rules_for_folder("")[0].text, "*");
}

#[test]
fn github_ignores_lines_that_it_cannot_read() {
    let text = "* @a\n!*.md @b\n[a]*.rs @b\n\\#x @b\n  /x nobody\n/ @b\n";
    let expected = [(2, 1), (3, 1), (4, 1), (5, 6), (6, 1)];
    assert_eq!(mistakes(text, Dialect::GitHub), expected);
    for path in ["x", "a.md", "a.rs", "#x"] {
        assert_eq!(owners(text, path, Dialect::GitHub), "@a", "{path}");
    }
}

#[test]
fn github_reads_nothing_of_a_file_over_3_mb() {
    let text = "* @a\n".repeat(700_000);
    let code_owners = parse(&text, Dialect::GitHub);
    assert!(code_owners.rules_for("x").is_empty());
    assert_eq!(code_owners.mistakes().len(), 1);
}

#[test]
fn each_section_of_gitlab_has_its_own_last_match() {
    let text = "* @all\n[Docs][2] @writers\ndocs/\n*.md @mira\n^[Data] @data\ndb/\n\
                [DOCS]\n/docs/api/ @api\n";
    for (path, expected) in [
        ("src/x", "@all"),
        ("docs/x", "@all; Docs/2: @writers"),
        ("docs/x.md", "@all; Docs/2: @mira"),
        ("docs/api/x.md", "@all; Docs: @api"),
        ("a/db/x", "@all; ^Data: @data"),
    ] {
        assert_eq!(owners(text, path, Dialect::GitLab), expected, "{path}");
    }
}

#[test]
fn what_gitlab_excludes_stays_excluded_in_its_section() {
    let text = "* @all\n!*.lock\n*.lock @later\n[Ruby]\n*.rb @ruby\n*.lock @ruby\n";
    assert_eq!(owners(text, "a/x.lock", Dialect::GitLab), "Ruby: @ruby");
    assert_eq!(owners(text, "a/x.rb", Dialect::GitLab), "@all; Ruby: @ruby");
}

#[test]
fn gitlab_takes_what_it_cannot_read_for_something() {
    let text = "[Open @a\n[] @b\n[Few][0] @c\nx y @d # no @comment\n^[Few]\nz @e\n/empty/\n";
    let expected = [(1, 1), (2, 1), (3, 1), (4, 3), (7, 1)];
    assert_eq!(mistakes(text, Dialect::GitLab), expected);
    assert_eq!(owners(text, "x", Dialect::GitLab), "Few/1: @d @comment");
    // One of the headings of its name does not say that it is optional.
    assert_eq!(owners(text, "z", Dialect::GitLab), "Few: @e");
}

#[test]
fn bitbucket_has_settings_and_groups_between_rules() {
    let text = "CODEOWNERS.toplevel.assignment_routing random 2\n@@@Devs @ada @grace\n\
                * @acme/all:random(1) # said\n/web/ @@Devs @\"Ada L\"\nCheck(@@Devs >= 1)\n";
    assert_eq!(owners(text, "a", Dialect::Bitbucket), "@acme/all:random(1)");
    assert_eq!(owners(text, "web/a", Dialect::Bitbucket), "@@Devs @Ada L");
    assert_eq!(mistakes(text, Dialect::Bitbucket), []);
}

#[test]
fn all_expressions_of_gitea_count() {
    let text = ".*\\\\.go @ada @grace # said\n!frontend/.* @acme/core\nweb/\\#x @web\n(( @x\n";
    for (path, expected) in [
        ("a/b.go", "@ada @grace; @acme/core"),
        ("frontend/x", ""),
        ("frontend/x.go", "@ada @grace"),
        ("web/#x", "@acme/core; @web"),
    ] {
        assert_eq!(owners(text, path, Dialect::Gitea), expected, "{path}");
    }
    assert_eq!(mistakes(text, Dialect::Gitea), [(4, 1)]);
}

#[test]
fn every_forge_looks_in_its_own_places() {
    use crate::model::ForgeKind;
    let first = |forge| Location::all(forge).next().map(|it| it.path);
    assert_eq!(first(Some(ForgeKind::GitHub)), Some(".github/CODEOWNERS"));
    assert_eq!(first(Some(ForgeKind::GitLab)), Some("CODEOWNERS"));
    let bitbucket = first(Some(ForgeKind::BitbucketServer));
    assert_eq!(bitbucket, Some(".bitbucket/CODEOWNERS"));
    assert_eq!(Location::all(None).count(), 7);
    assert_eq!(Dialect::guess("* @a\n ^[Docs]\n"), Dialect::GitLab);
    assert_eq!(Dialect::guess("# [x]\n*.rs @a\n"), Dialect::GitHub);
}
