//! Whether the default branch is protected: by its own protection, or by rulesets.

use serde_json::Value;

use super::{HEADERS, Repository};
use crate::fact::Observation;
use crate::fact::collect::listing::{self};
use crate::fact::collect::{Answer, CollectError, CollectErrorKind, encoded};

/// What protects a branch.
struct Protection {
    is_protected: bool,
    required_reviews: u64,
}

/// What GitHub says to those who may see that there is none; to others it says "Not Found".
const NOT_PROTECTED: &str = "Branch not protected";

pub(super) fn ask(repository: &Repository<'_>, answer: &mut Answer) {
    let Some(branch) = &repository.branch else {
        return;
    };
    let branch = encoded(branch);
    let own = own_protection(repository, &branch);
    let rules = rules(repository, &branch);
    let is_protected = [&own, &rules].iter().any(|protection| {
        let known = protection.as_ref();
        known.is_ok_and(|protection| protection.is_protected)
    });
    let evidence = repository.page_of("/settings/branches");
    let say = |name: &'static str, value: Value| Observation {
        evidence: evidence.clone(),
        ..Observation::new(name, value)
    };
    match (own, rules) {
        (Ok(own), Ok(rules)) => {
            let reviews = own.required_reviews.max(rules.required_reviews);
            answer.say(vec![
                say("branch.protected", is_protected.into()),
                say("branch.required-reviews", reviews.into()),
            ]);
        }
        (own, rules) => {
            if is_protected {
                answer.say(vec![say("branch.protected", true.into())]);
            }
            answer
                .errors
                .extend([own.err(), rules.err()].into_iter().flatten());
        }
    }
}

/// `GET /repos/{owner}/{repo}/branches/{branch}/protection`.
fn own_protection(repository: &Repository<'_>, branch: &str) -> Result<Protection, CollectError> {
    let path = format!("{}/branches/{branch}/protection", repository.path);
    match repository.connection.get_with(&path, &HEADERS) {
        Ok(page) => {
            let reviews = &page.body["required_pull_request_reviews"];
            let required = reviews["required_approving_review_count"].as_u64();
            Ok(Protection {
                is_protected: true,
                required_reviews: required.unwrap_or_default(),
            })
        }
        Err(error)
            if error.kind == CollectErrorKind::NotFound
                && error.message.contains(NOT_PROTECTED) =>
        {
            Ok(Protection {
                is_protected: false,
                required_reviews: 0,
            })
        }
        Err(error) => Err(listing::about("branch protection", &error)),
    }
}

/// `GET /repos/{owner}/{repo}/rules/branches/{branch}`: the rules of all active rulesets.
fn rules(repository: &Repository<'_>, branch: &str) -> Result<Protection, CollectError> {
    let query = format!("/rules/branches/{branch}?per_page=100");
    let rules = repository.list("rules of the branch", &query, None);
    let rules = rules.all(repository.connection).complete()?;
    let reviews = rules
        .iter()
        .filter(|rule| rule["type"] == "pull_request")
        .filter_map(|rule| rule["parameters"]["required_approving_review_count"].as_u64());
    Ok(Protection {
        is_protected: !rules.is_empty(),
        required_reviews: reviews.max().unwrap_or_default(),
    })
}
