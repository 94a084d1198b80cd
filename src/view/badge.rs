//! A few words on a coloured ground, for the README of what they are about.

use super::Rgb;

/// A badge. Texts are raw, as everywhere in views.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Badge {
    /// What is told.
    pub label: String,
    /// What is told of it.
    pub message: String,
    /// The ground of the message.
    pub color: Rgb,
}
