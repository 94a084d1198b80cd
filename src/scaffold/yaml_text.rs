//! YAML that a template writes: values as readable documents.

use serde::Deserialize;
use serde_json::{Map, Value};
use serde_saphyr::SerializerOptions;

use super::{StepError, json_text};

/// What a level is indented by, where nothing else is said.
pub(super) const INDENT: usize = 2;
/// The widest indentation that can be asked for.
const WIDEST_INDENT: usize = 16;

/// `options` of steps that write YAML, of which only the indentation is obeyed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct YamlOptions {
    indent: Option<f64>,
    #[serde(flatten)]
    ignored: Map<String, Value>,
}

impl YamlOptions {
    /// What a level is indented by.
    ///
    /// # Errors
    /// When that is no number of spaces.
    pub(super) fn indent(&self) -> Result<usize, StepError> {
        let Some(indent) = self.indent else {
            return Ok(INDENT);
        };
        let width = (1..=WIDEST_INDENT).find(|&width| {
            let width = u32::try_from(width).map_or(f64::NAN, f64::from);
            width.total_cmp(&indent).is_eq()
        });
        width.ok_or_else(|| {
            StepError::new(format!(
                "YAML cannot be indented by {indent}: 1 to {WIDEST_INDENT} spaces are possible"
            ))
        })
    }

    /// Tells which options have no effect.
    pub(super) fn tell_ignored(&self, log: &mut Vec<String>) {
        let ignored = self.ignored.keys();
        log.extend(ignored.map(|name| format!("option \"{name}\" of YAML has no effect")));
    }
}

/// A value as one document, in the order of its keys, with lists indented and lines never folded.
///
/// # Errors
/// When the value cannot be written.
pub(super) fn to_yaml(value: &Value, indent: usize) -> Result<String, StepError> {
    let mut options = SerializerOptions::default();
    options.indent_step = indent;
    options.compact_list_indent = false;
    options.folded_wrap_chars = usize::MAX;
    serde_saphyr::to_string_with_options(&json_text::with_plain_numbers(value), options)
        .map_err(|_| StepError::new("the value cannot be written as YAML"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::to_yaml;

    #[test]
    fn documents_are_readable_and_keep_their_order() {
        let value = json!({
            "kind": "Component",
            "apiVersion": "backstage.io/v1alpha1",
            "metadata": {"tags": ["a", "b"], "count": 1.0, "none": [], "text": "a\nb\n"},
        });
        assert_eq!(
            to_yaml(&value, 2).expect("text"),
            "kind: Component\napiVersion: backstage.io/v1alpha1\nmetadata:\n  tags:\n    - a\n    - b\n  count: 1\n  none: []\n  text: |\n    a\n    b\n"
        );
    }

    #[test]
    fn every_text_is_read_as_it_was_written() {
        let texts = [
            "",
            " ",
            "\n",
            "\n\n",
            " a",
            "a ",
            "a\n b",
            "\ta",
            "a: b",
            "a #b",
            "- a",
            "? a",
            "yes",
            "NO",
            "null",
            "~",
            "1",
            "0x1",
            "1e3",
            ".inf",
            "2020-01-01",
            "1:20",
            "<<",
            "=",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "'a",
            "\"a",
            "{a",
            "[a",
            "a]",
            "${{ x }}",
            "---",
            "...",
            "a\\b",
            "a\u{7}b",
            "\u{7f}",
            "\u{85}",
            "\u{9b}",
            "\u{2028}",
            "\u{feff}",
            "\u{202e}",
            "a\r\nb",
            "\r",
            "é",
            "\u{1f600}",
            "a\n\n\n",
            "  a\nb",
            "|",
            ">",
            ">-",
            "a,b",
            "#",
        ];
        for text in texts {
            for value in [
                json!({ "key": text }),
                json!({ text: 1 }),
                json!([[text], text]),
            ] {
                let written = to_yaml(&value, 2).expect("text");
                let documents = crate::yaml::parse(&written);
                let read: Vec<Option<Value>> = documents
                    .iter()
                    .map(|document| Some(document.tree.as_ref()?.root()?.to_json()))
                    .collect();
                assert_eq!(read, [Some(value)], "{written:?}");
                assert!(documents[0].is_valid(), "{written:?}");
            }
        }
    }
}
