//! The help of the program: commands in groups, and examples for each.

use std::fmt::Write as _;

use clap::CommandFactory;
use clap::builder::StyledStr;

use crate::Cli;

/// Commands that are looked for together.
pub(crate) struct Group {
    title: &'static str,
    commands: &'static [Listed],
}

/// A command, and lines that show how it is used.
pub(crate) struct Listed {
    name: &'static str,
    examples: &'static [&'static str],
}

const fn listed(name: &'static str, examples: &'static [&'static str]) -> Listed {
    Listed { name, examples }
}

/// All commands, in the order in which help lists them.
pub(crate) static GROUPS: &[Group] = &[
    Group {
        title: "Find",
        commands: &[
            listed(
                "find",
                &[
                    "devportal find payments",
                    "devportal find 'kind:api owner:@me -lifecycle:deprecated'",
                    "devportal find is:unowned --format name",
                ],
            ),
            listed(
                "show",
                &[
                    "devportal show payments",
                    "devportal show api:orders-api --at 2026-03-31",
                ],
            ),
            listed(
                "owner",
                &[
                    "devportal owner src/main.rs",
                    "git diff --name-only main | devportal owner -",
                ],
            ),
            listed(
                "graph",
                &[
                    "devportal graph payments --direction in",
                    "devportal graph system:checkout --format svg",
                    "devportal graph path storefront payments-database",
                ],
            ),
            listed(
                "impact",
                &[
                    "devportal impact payments-database",
                    "devportal impact src/main.rs --format markdown",
                ],
            ),
            listed(
                "tree",
                &[
                    "devportal tree",
                    "devportal tree --by lifecycle kind:component",
                ],
            ),
            listed(
                "docs",
                &[
                    "devportal docs payments",
                    "devportal docs payments runbook",
                    "devportal docs search restore \"point in time\"",
                ],
            ),
            listed(
                "api",
                &[
                    "devportal api orders-api",
                    "devportal api orders-api refund",
                ],
            ),
        ],
    },
    Group {
        title: "Create",
        commands: &[
            listed(
                "new",
                &[
                    "devportal new rust-service",
                    "devportal new rust-service orders --defaults --set name=orders --set owner=payments",
                    "devportal new ./templates/service --dry-run",
                ],
            ),
            listed(
                "template",
                &[
                    "devportal template list",
                    "devportal template show rust-service",
                    "devportal template lint templates/service",
                    "devportal template render --values values.yaml skeleton/README.md",
                    "devportal template test templates/service",
                    "devportal template update orders --dry-run",
                ],
            ),
        ],
    },
    Group {
        title: "Improve",
        commands: &[
            listed(
                "check",
                &[
                    "devportal check",
                    "devportal check --format github --strict",
                ],
            ),
            listed(
                "score",
                &[
                    "devportal score",
                    "devportal score payments",
                    "devportal score --by owner --since 2026-06-30",
                    "devportal score trend --by owner",
                    "devportal score --scorecard security --fail-under silver --format sarif",
                ],
            ),
            listed(
                "campaign",
                &[
                    "devportal campaign list",
                    "devportal campaign show update-bots",
                    "devportal campaign status --format markdown",
                ],
            ),
            listed(
                "report",
                &[
                    "devportal report support",
                    "devportal report maturity --output maturity.md",
                    "devportal report portal --output public",
                ],
            ),
            listed(
                "badge",
                &["devportal badge payments --scorecard security --output security.svg"],
            ),
        ],
    },
    Group {
        title: "Administer",
        commands: &[
            listed(
                "facts",
                &[
                    "devportal facts list vulnerability",
                    "devportal facts show payments",
                    "devportal facts show payments --fact vulnerability.high --history",
                    "devportal facts import --format trivy report.json --entity payments",
                    "devportal facts compact",
                    "devportal facts collect --dry-run",
                    "devportal facts collect --source pagerduty owner:payments",
                ],
            ),
            listed("export", &["devportal export entities --format csv"]),
            listed("config", &["devportal config show --origin"]),
            listed(
                "cache",
                &["devportal cache status", "devportal cache clean"],
            ),
            listed("schema", &["devportal schema"]),
            listed("explain", &["devportal explain missing-owner"]),
            listed("demo", &["devportal demo"]),
            listed("completions", &["devportal completions bash"]),
            listed("man", &["devportal man", "devportal man share/man/man1"]),
            listed("help", &["devportal help find", "devportal help query"]),
        ],
    },
];

/// The command line of the program, with its help.
pub(crate) fn command_line() -> clap::Command {
    let mut command = Cli::command();
    for listed in GROUPS.iter().flat_map(|group| group.commands) {
        let examples = examples(&command, listed.examples);
        command = command.mut_subcommand(listed.name, |it| it.after_help(examples));
    }
    let template = template(&command);
    command.help_template(template)
}

/// Lines that show how a command is used, below its options.
fn examples(command: &clap::Command, lines: &[&str]) -> StyledStr {
    let header = command.get_styles().get_header();
    let mut text = format!("{header}Examples:{header:#}\n");
    for line in lines {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {line}");
    }
    text.trim_end().to_owned().into()
}

fn template(command: &clap::Command) -> StyledStr {
    let (header, literal) = (
        command.get_styles().get_header(),
        command.get_styles().get_literal(),
    );
    let names = GROUPS
        .iter()
        .flat_map(|group| group.commands)
        .map(|listed| listed.name.len());
    let width = names.max().unwrap_or(0);
    let mut text = "{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for group in GROUPS {
        let _ = writeln!(text, "\n{header}{}:{header:#}", group.title);
        for listed in group.commands {
            let about = command
                .find_subcommand(listed.name)
                .and_then(clap::Command::get_about)
                .map(ToString::to_string)
                .unwrap_or_default();
            let name = listed.name;
            let _ = writeln!(text, "  {literal}{name:width$}{literal:#}  {about}");
        }
    }
    let _ = write!(
        text,
        "\n{header}Options:{header:#}\n{{options}}{{after-help}}"
    );
    text.into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{GROUPS, command_line};

    /// Words between spaces, or between two `'`.
    fn words(line: &str) -> Vec<String> {
        let parts = line.split('\'').enumerate();
        let words = parts.flat_map(|(number, part)| match number % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        });
        words.collect()
    }

    #[test]
    fn every_command_is_in_one_group() {
        let command = command_line();
        let commands: BTreeSet<&str> = command
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        let listed: Vec<&str> = GROUPS
            .iter()
            .flat_map(|group| group.commands)
            .map(|listed| listed.name)
            .collect();
        assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), commands);
        assert_eq!(listed.len(), commands.len(), "none is listed twice");
    }

    #[test]
    fn every_example_is_understood() {
        for listed in GROUPS.iter().flat_map(|group| group.commands) {
            assert!(
                !listed.examples.is_empty(),
                "{} has no example",
                listed.name
            );
            for example in listed.examples {
                let own = example.rsplit(" | ").next().unwrap_or(example);
                let parsed = command_line().try_get_matches_from(words(own));
                assert!(parsed.is_ok(), "{example}: {}", parsed.unwrap_err());
            }
        }
    }
}
