//! Links that a terminal can follow: OSC 8, as "Hyperlinks in Terminal Emulators" describes it.

use std::borrow::Cow;

use super::{LinkTargets, safe};
use crate::view::Role;

/// Longer targets are refused by some terminals (VTE takes 2083 bytes).
const LONGEST_TARGET: usize = 2083;

/// The address that a text leads to: a web page that it names itself, or a file of the
/// workspace. Nothing else is ever a link.
pub(super) fn target(text: &str, role: Role, targets: &LinkTargets) -> Option<String> {
    let target = match role {
        Role::Url => web_page(text)?,
        Role::File if !targets.folder.is_empty() => file(text, targets)?,
        _ => return None,
    };
    (target.len() <= LONGEST_TARGET && target.is_ascii()).then_some(target)
}

/// A text as a link; the text itself is shown, and what it shows is where it leads.
pub(super) fn linked(text: &str, target: &str) -> String {
    format!("\u{1b}]8;;{target}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}

/// Where a link of a page leads: a web page, or a page beside this one. Nothing else is ever a
/// link.
pub(super) fn page_target(target: &str) -> Option<String> {
    let is_near = |c: char| c.is_ascii_alphanumeric() || "-_./#?=&%".contains(c);
    if !target.is_empty() && !target.starts_with('/') && target.chars().all(is_near) {
        return Some(target.to_owned());
    }
    web_page(target)
}

/// The address of a web page, without the name and the password that a URL may hold.
pub(super) fn web_page(text: &str) -> Option<String> {
    // A backslash may stand for something that is not shown as it is written.
    if text.contains('\\') {
        return None;
    }
    let mut url = url::Url::parse(text).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url.into())
}

/// The address of `path`, `path:line` or `path:line:column` below the workspace. Terminals take
/// no line, so it is left out.
fn file(text: &str, targets: &LinkTargets) -> Option<String> {
    let mut path = text;
    while let Some((before, number)) = path.rsplit_once(':')
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        path = before;
    }
    let leaves = path.starts_with('/') || path.split('/').any(|part| part == "..");
    if leaves || matches!(safe(text), Cow::Owned(_)) {
        return None;
    }
    let path = format!("{}/{path}", targets.folder.trim_end_matches('/'));
    let mut url = url::Url::from_file_path(path).ok()?;
    if !targets.host.is_empty() {
        url.set_host(Some(&targets.host)).ok()?;
    }
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::{LinkTargets, target};
    use crate::view::Role;

    #[test]
    fn only_web_pages_and_files_of_the_workspace_are_links() {
        let targets = LinkTargets {
            host: "box".to_owned(),
            folder: "/work space".to_owned(),
        };
        let url = |text| target(text, Role::Url, &targets);
        assert_eq!(
            url("https://a.example/b").as_deref(),
            Some("https://a.example/b")
        );
        assert_eq!(
            url("https://me:secret@a.example/").as_deref(),
            Some("https://a.example/")
        );
        assert_eq!(url("javascript:alert(1)"), None);
        assert_eq!(url("file:///etc/passwd"), None);
        assert_eq!(
            url(&format!("https://a.example/{}", "x".repeat(4000))),
            None
        );
        let file = |text| target(text, Role::File, &targets);
        assert_eq!(
            file("a/b c.yaml:12:3").as_deref(),
            Some("file://box/work%20space/a/b%20c.yaml")
        );
        assert_eq!(file("../etc/passwd"), None);
        assert_eq!(file("/etc/passwd"), None);
        assert_eq!(file("a\u{1b}b"), None);
    }
}
