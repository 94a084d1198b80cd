//! The relative links of a page, and whether they lead anywhere.
//!
//! Only what is surely broken counts: what a site generator, a template or a forge may make of a
//! link (absolute paths, `../../issues`, names without an ending) is given the benefit of doubt.

use std::collections::HashSet;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use crate::repo::{FileKind, Snapshot};

use super::folder::has_page_name;
use super::text::{Lines, options};

/// The most links of a page that are looked at.
const MOST_LINKS: usize = 10_000;

/// A relative link that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenLink {
    /// The page, by its path in the repository.
    pub page: Box<[u8]>,
    /// The line of the page.
    pub line: u32,
    /// Where the link is meant to lead, as it is written.
    pub target: String,
}

/// What of a page other pages may point at, and where it points itself.
#[derive(Debug, Default)]
pub(super) struct PageLinks {
    /// The targets of links and images with their lines, in order.
    links: Vec<(String, u32)>,
    /// The names of its headings and other targets, without anything but letters and digits.
    anchors: HashSet<String>,
}

impl PageLinks {
    /// The links of a text in Markdown.
    pub(super) fn of(text: &str) -> Self {
        let mut page = Self::default();
        let mut lines = Lines::new(text);
        let mut heading: Option<String> = None;
        for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
            match event {
                Event::Start(Tag::Link {
                    link_type: LinkType::Autolink | LinkType::Email,
                    ..
                }) => {}
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.add_link(&dest_url, lines.at(range.start));
                }
                Event::Start(Tag::Heading { id, .. }) => {
                    page.anchors.extend(id.map(|id| plain(&id)));
                    heading = Some(String::new());
                }
                Event::End(TagEnd::Heading(_)) => {
                    page.anchors.extend(heading.take().map(|text| plain(&text)));
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    let line = lines.at(range.start);
                    for target in attributes(&html, &["src", "href"]) {
                        page.add_link(target, line);
                    }
                    let names = attributes(&html, &["id", "name"]);
                    page.anchors.extend(names.map(plain));
                }
                Event::Text(words) | Event::Code(words) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&words);
                    }
                }
                _ => {}
            }
        }
        page
    }

    fn add_link(&mut self, target: &str, line: u32) {
        if self.links.len() < MOST_LINKS && is_relative(target) {
            self.links.push((target.to_owned(), line));
        }
    }

    /// The links that lead nowhere. `page_at` gives the links of another page of the same set.
    pub(super) fn broken(
        &self,
        page: &[u8],
        snapshot: &Snapshot,
        page_at: &dyn Fn(&str) -> Option<std::rc::Rc<Self>>,
    ) -> Vec<BrokenLink> {
        let Ok(path) = std::str::from_utf8(page) else {
            return Vec::new();
        };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let leads_nowhere = |target: &str| {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = file.split('?').next().unwrap_or(file);
            if file.is_empty() {
                return !self.has(anchor);
            }
            let file = percent_decoded(file);
            // What leads out of the repository leads into the forge, which is not in sight.
            let Some(path) = super::source::join(folder, &file) else {
                return false;
            };
            if !exists(snapshot, &path) {
                return true;
            }
            has_page_name(path.as_bytes()) && page_at(&path).is_some_and(|other| !other.has(anchor))
        };
        let links = self.links.iter();
        let broken = links.filter(|(target, _)| leads_nowhere(target));
        broken
            .map(|(target, line)| BrokenLink {
                page: page.into(),
                line: *line,
                target: target.clone(),
            })
            .collect()
    }

    /// Whether a page has something of that name. Every renderer makes names of headings in a
    /// way of its own, so only letters and digits are compared, and numbers at the end may be
    /// those of a second heading of the same words.
    fn has(&self, anchor: &str) -> bool {
        let name = plain(&percent_decoded(anchor));
        let without_number = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let ascii = |text: &str| text.chars().filter(char::is_ascii).collect::<String>();
        name.is_empty()
            || matches!(&*name, "top" | "readme")
            || self.anchors.contains(&name)
            || self.anchors.contains(without_number)
            || self.anchors.iter().any(|known| ascii(known) == name)
    }
}

/// Whether a target is a path or a place in a page, and not an address or something that is
/// filled in later.
fn is_relative(target: &str) -> bool {
    let scheme = target.split(['/', '?', '#']).next().unwrap_or(target);
    !target.is_empty()
        && !target.starts_with(['/', '\\', '?', '<', '@'])
        && !scheme.contains(':')
        && !["{{", "{%", "${", "<%", "]("]
            .iter()
            .any(|mark| target.contains(mark))
}

/// Whether something is at a path, a page whose ending was left out among it.
fn exists(snapshot: &Snapshot, path: &str) -> bool {
    let is_file = |path: &str| {
        let file = snapshot.file(path.as_bytes());
        file.is_some_and(|file| snapshot.is_there(file))
    };
    let is_folder = |path: &str| {
        let start = format!("{path}/");
        let files = snapshot.files();
        let at = files.partition_point(|file| *file.path < *start.as_bytes());
        let next = files.get(at);
        next.is_some_and(|file| file.path.starts_with(start.as_bytes()))
    };
    // What lies behind a link to a folder has another path.
    let is_behind_link = || {
        let ends = path.match_indices('/').map(|(at, _)| at);
        ends.chain([path.len()]).any(|end| {
            let file = snapshot.file(&path.as_bytes()[..end]);
            file.is_some_and(|file| file.kind == FileKind::Link && snapshot.is_there(file))
        })
    };
    let is_page = || {
        let path = path.strip_suffix(".html").unwrap_or(path);
        [".md", ".mdx", ".markdown", ".rst"]
            .iter()
            .any(|ending| is_file(&format!("{path}{ending}")))
    };
    path.is_empty() || is_file(path) || is_folder(path) || is_page() || is_behind_link()
}

/// The values of attributes of HTML.
fn attributes<'html>(
    html: &'html str,
    names: &'static [&'static str],
) -> impl Iterator<Item = &'html str> {
    let mut parts = html.split(['"', '\'']);
    let mut before = parts.next().unwrap_or_default();
    std::iter::from_fn(move || {
        loop {
            let value = parts.next()?;
            let name = before.trim_end().strip_suffix('=').map(str::trim_end);
            let is_wanted = name.is_some_and(|name| {
                names.iter().any(|wanted| {
                    let rest = name.strip_suffix(wanted);
                    rest.is_some_and(|rest| rest.ends_with(char::is_whitespace))
                })
            });
            before = parts.next().unwrap_or_default();
            if is_wanted {
                return Some(value);
            }
        }
    })
}

/// The letters and digits of a text, in lower case.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|_| *first == b'%');
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::PageLinks;

    #[test]
    fn relative_links_and_images_are_found_with_their_lines() {
        let page = PageLinks::of(
            "# A `b`, c!\n\n[x](a.md) ![i](img/a%20b.png)\n[y][ref] <https://x.y> <a@b.c>\n\n\
             [ref]: ../b.md#part\n\n```\n[no](code.md)\n```\n\n<img alt=\"\" src=\"logo.svg\">\n\
             [t](${URL}) [u](mailto:a@b.c) [v](/root.md) [w]({{ base }}/x)\n<a id=\"Here\"></a>\n",
        );
        let links: Vec<(&str, u32)> = page
            .links
            .iter()
            .map(|(target, line)| (target.as_str(), *line))
            .collect();
        assert_eq!(
            links,
            [
                ("a.md", 3),
                ("img/a%20b.png", 3),
                ("../b.md#part", 4),
                ("logo.svg", 12)
            ]
        );
        for anchor in ["", "a-b-c", "A_b_c", "a-b-c-1", "here"] {
            assert!(page.has(anchor), "{anchor}");
        }
        assert!(!page.has("nowhere"));
    }
}
