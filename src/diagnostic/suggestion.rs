//! "Did you mean": the candidate that somebody probably wanted to write.

/// The candidate nearest to what was written, if one is near enough to be worth saying.
#[must_use]
pub fn did_you_mean<'candidate>(
    written: &str,
    candidates: impl IntoIterator<Item = &'candidate str>,
) -> Option<&'candidate str> {
    let written = written.to_lowercase();
    let allowed = (written.chars().count() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(written.len()) <= allowed)
        .map(|candidate| {
            (
                strsim::osa_distance(&written, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn finds_the_nearest_and_nothing_far() {
        let fields = ["consumesApis", "providesApis", "dependsOn"];
        assert_eq!(did_you_mean("consumesApi", fields), Some("consumesApis"));
        assert_eq!(did_you_mean("dependson", fields), Some("dependsOn"));
        assert_eq!(did_you_mean("owner", fields), None);
    }
}
