//! The part of a section that shows why it is an answer.

use std::collections::HashSet;
use std::ops::Range;

use super::occurrence::Occurrences;
use crate::documentation::text::Section;

/// Bytes of a snippet, about two lines of a terminal.
const LENGTH: usize = 180;
/// Bytes before the first word that was looked for.
const BEFORE: usize = 50;

/// The line and the pieces of the best part of a section: where most of the words stand together.
pub(super) fn best(section: &Section, occurrences: &Occurrences) -> (u32, Vec<(String, bool)>) {
    let Some(first) = densest(occurrences) else {
        // Only the heading has the words.
        let end = section.text.floor_char_boundary(LENGTH);
        return (section.line, pieces(&section.text, 0..end, &[]));
    };
    let place = &occurrences.places[first].0;
    let start = beginning_of_word(&section.text, place.start);
    let end = end_of_word(&section.text, (start + LENGTH).max(place.end));
    let marks: Vec<Range<usize>> = occurrences.places[first..]
        .iter()
        .chain(&occurrences.places[..first])
        .map(|(place, _)| place.clone())
        .filter(|place| place.start >= start && place.end <= end)
        .collect();
    let line = section.line_of(place.start);
    (line, pieces(&section.text, start..end, &marks))
}

/// The place from which the most different terms are near.
fn densest(occurrences: &Occurrences) -> Option<usize> {
    let places = &occurrences.places;
    let near = |first: usize| {
        let start = places[first].0.start;
        let window = places[first..]
            .iter()
            .take_while(|(place, _)| place.end <= start + LENGTH - BEFORE);
        let terms: HashSet<usize> = window.map(|(_, term)| *term).collect();
        terms.len()
    };
    // The first of the best.
    (0..places.len()).rev().max_by_key(|first| near(*first))
}

/// A stretch of a text on one line, with what was looked for apart.
fn pieces(text: &str, stretch: Range<usize>, marks: &[Range<usize>]) -> Vec<(String, bool)> {
    let mut marks = marks.to_vec();
    marks.sort_by_key(|mark| (mark.start, std::cmp::Reverse(mark.end)));
    let mut pieces = Vec::new();
    let mut copied = stretch.start;
    for mark in marks.into_iter().filter(|mark| mark.start < mark.end) {
        // Terms may overlap; the longer one came first.
        if mark.start < copied {
            continue;
        }
        pieces.push((on_one_line(&text[copied..mark.start]), false));
        pieces.push((on_one_line(&text[mark.clone()]), true));
        copied = mark.end;
    }
    let rest = on_one_line(&text[copied..stretch.end]);
    pieces.push((rest.trim_end().to_owned(), false));
    if let Some((first, _)) = pieces.first_mut() {
        *first = first.trim_start().to_owned();
        if stretch.start > 0 {
            first.insert_str(0, "… ");
        }
    }
    if !text[stretch.end..].trim().is_empty() {
        pieces.push((" …".to_owned(), false));
    }
    pieces.retain(|(piece, _)| !piece.is_empty());
    pieces
}

/// Runs of white space as one space.
fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_whitespace() {
            line.push(c);
        } else if !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line
}

/// The beginning of a word a little before a place.
fn beginning_of_word(text: &str, place: usize) -> usize {
    let at = text.floor_char_boundary(place.saturating_sub(BEFORE));
    if at == 0 {
        return 0;
    }
    let space = text[at..place].find(char::is_whitespace);
    // White space is cut off when the snippet is put together.
    space.map_or(at, |space| at + space)
}

fn end_of_word(text: &str, at: usize) -> usize {
    let at = text.ceil_char_boundary(at.min(text.len()));
    let rest = text[at..].char_indices();
    let mut spaces = rest.filter(|(_, c)| c.is_whitespace());
    spaces
        .next()
        .filter(|(space, _)| *space < BEFORE)
        .map_or(at, |(space, _)| at + space)
}
