//! Open pull and merge requests.

use jiff::Timestamp;
use serde_json::Value;

use super::window::moment;
use crate::fact::Observation;

/// What the open requests say. When none is open, there is no oldest one any more.
pub(in crate::fact::collect) fn open_requests(
    open: &[Value],
    evidence: Option<&str>,
) -> Vec<Observation> {
    let oldest: Option<Timestamp> = open.iter().filter_map(|it| moment(&it["created_at"])).min();
    let mut said = vec![Observation::new("pull-request.open", open.len())];
    match oldest {
        Some(oldest) => said.push(Observation::new("pull-request.oldest", oldest.to_string())),
        None if open.is_empty() => said.push(Observation::new("pull-request.oldest", Value::Null)),
        None => {}
    }
    let said = said.into_iter();
    said.map(|observation| Observation {
        evidence: evidence.map(str::to_owned),
        ..observation
    })
    .collect()
}
