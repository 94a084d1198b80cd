//! The header `Link` (RFC 8288).

use url::Url;

/// The URL with `rel="next"`, as it is seen from the page that names it.
pub(super) fn next_of(header: &str, page: &Url) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, after) = after.split_once('>')?;
        // Targets with a comma are whole in their brackets; parameters end with the next bracket.
        let parameters = after.split_once('<').map_or(after, |(before, _)| before);
        if parameters.split([';', ',']).any(is_next) {
            let url = page.join(target.trim()).ok();
            return Some(url.map_or_else(|| target.to_owned(), String::from));
        }
        rest = after;
    }
    None
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    let value = value.trim().trim_matches('"');
    name.trim().eq_ignore_ascii_case("rel")
        && value
            .split_ascii_whitespace()
            .any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::next_of;

    #[test]
    fn the_next_page_is_found_among_others() {
        let page = Url::parse("https://api.example/a/b?page=1").expect("a URL");
        for (header, next) in [
            (
                "<https://api.example/a/b?page=1>; rel=\"prev\", <https://api.example/a,b?page=2>; rel=\"next\"",
                Some("https://api.example/a,b?page=2"),
            ),
            (
                "</c?x=1>; title=\"a\"; rel=next",
                Some("https://api.example/c?x=1"),
            ),
            (
                "<?page=2>; rel=\"last next\"",
                Some("https://api.example/a/b?page=2"),
            ),
            (
                "<https://evil.example/>; rel=\"next\"",
                Some("https://evil.example/"),
            ),
            ("<https://api.example/>; rel=\"first\"", None),
            ("<https://api.example/", None),
            ("", None),
        ] {
            assert_eq!(next_of(header, &page).as_deref(), next, "{header}");
        }
    }
}
