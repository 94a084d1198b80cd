//! Servers on this machine that stand for the APIs that facts are collected from, as their
//! documentation describes them.

pub(crate) mod api;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod snyk;
