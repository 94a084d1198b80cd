//! What a finding is recognised by from one run to the next.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::Diagnostic;

/// 32 hexadecimal digits that stay the same for as long as a problem is not cured, wherever in
/// its file it moves and however its message is worded. Problems that differ in nothing else
/// share them.
#[must_use]
pub fn fingerprint(diagnostic: &Diagnostic) -> String {
    let file = diagnostic.place.as_ref().map(|place| &place.file);
    let parts = [
        diagnostic.code.name,
        file.map_or("", |file| file.repository()),
        file.map_or("", |file| file.path_in_repository()),
        diagnostic
            .entity
            .as_ref()
            .map_or("", |entity| entity.as_str()),
        &diagnostic.subject,
    ];
    let digest = Sha256::digest(parts.join("\0"));
    let mut hexadecimal = String::with_capacity(32);
    for byte in digest.iter().take(16) {
        // Writing to a String cannot fail.
        let _ = write!(hexadecimal, "{byte:02x}");
    }
    hexadecimal
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::fingerprint;
    use crate::diagnostic::{Code, Diagnostic, Severity};
    use crate::model::{Place, SourceFile, Span};

    static CODE: Code = Code::new(
        "no-owner",
        &[("0.1", Severity::Warning)],
        "There is no owner.",
    );

    fn finding(folder: &str, line: u32, message: &str, subject: &str) -> Diagnostic {
        let file = Arc::new(SourceFile::new(
            "example.com/acme/payments".into(),
            folder,
            b"catalog-info.yaml",
        ));
        Diagnostic::new(&CODE, message)
            .at(Place::span(file, Span::on_line(line, 1, 3)))
            .subject(subject)
    }

    #[test]
    fn stays_when_the_problem_moves() {
        let before = fingerprint(&finding("payments", 3, "no owner", "spec.owner"));
        assert_eq!(before.len(), 32);
        assert_eq!(
            before,
            fingerprint(&finding("", 90, "nobody owns it", "spec.owner"))
        );
        assert_ne!(
            before,
            fingerprint(&finding("payments", 3, "no owner", "spec.system"))
        );
    }
}
