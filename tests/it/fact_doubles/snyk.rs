//! Snyk.
