//! The input of a step as a struct, and what does not fit in words.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{StepError, TargetPath};
use crate::diagnostic::did_you_mean;

/// The input as a struct.
pub(super) fn typed<T: DeserializeOwned>(input: &Map<String, Value>) -> Result<T, StepError> {
    serde_path_to_error::deserialize(Value::Object(input.clone())).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        mistake(&path, &error.inner().to_string())
    })
}

/// A file or a folder that an input names, which cannot be the root.
pub(super) fn path_below_root(path: &str) -> Result<TargetPath, StepError> {
    TargetPath::of_input(path)?.ok_or_else(|| {
        StepError::new(format!("path \"{path}\" is the root"))
            .help("name a file or a folder below it")
    })
}

/// What serde says about what lies at a path, in our words.
fn mistake(path: &str, said: &str) -> StepError {
    let holder = if path.is_empty() {
        "the input".to_owned()
    } else {
        format!("input \"{path}\"")
    };
    if let Some(name) = said.strip_prefix("missing field ") {
        return StepError::new(format!("{holder} has no {}", quoted(name)));
    }
    if let Some((name, known)) = said
        .strip_prefix("unknown field ")
        .and_then(|rest| rest.split_once(", "))
    {
        let name = name.trim_matches('`');
        // serde names the field at the end of the path, too.
        let above = path.strip_suffix(name).unwrap_or(path);
        let above = above.trim_end_matches('.');
        let error = StepError::new(if above.is_empty() {
            format!("the input has an unknown \"{name}\"")
        } else {
            format!("input \"{above}\" has an unknown \"{name}\"")
        });
        return error.help(near_or_all(name, known));
    }
    if let Some((name, known)) = said
        .strip_prefix("unknown variant ")
        .and_then(|rest| rest.split_once(", "))
    {
        let name = name.trim_matches('`');
        let error = StepError::new(format!("{holder} cannot be \"{name}\""));
        return error.help(near_or_all(name, known));
    }
    if let Some((found, expected)) = said
        .strip_prefix("invalid type: ")
        .or_else(|| said.strip_prefix("invalid value: "))
        .and_then(|rest| rest.split_once(", expected "))
    {
        return StepError::new(format!(
            "{holder} must be {}, and is {}",
            wanted(expected),
            kind_of(found)
        ));
    }
    StepError::new(format!("{holder} {said}"))
}

fn quoted(name: &str) -> String {
    name.replace('`', "\"")
}

/// The name that was probably meant, else all that there are: `known` is serde's list.
fn near_or_all(name: &str, known: &str) -> String {
    let names: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    match did_you_mean(name, names.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None if names.is_empty() => "it takes nothing".to_owned(),
        None => format!("it takes \"{}\"", names.join("\", \"")),
    }
}

/// What serde expects, in the words of our messages.
fn wanted(expected: &str) -> &str {
    match expected.split(' ').next().unwrap_or(expected) {
        "struct" | "map" => "a mapping",
        "f64" | "u64" | "i64" | "u32" | "usize" | "u8" => "a number",
        _ => match expected {
            "a string" | "string" => "a text",
            "a sequence" | "tuple" => "a list",
            "a map" => "a mapping",
            other => other,
        },
    }
}

/// What serde found, without the value: it may be a secret.
fn kind_of(found: &str) -> &'static str {
    match found.split([' ', '`']).next().unwrap_or(found) {
        "null" | "unit" | "Option" => "nothing",
        "boolean" => "a boolean",
        "integer" | "floating" => "a number",
        "string" | "character" => "a text",
        "sequence" => "a list",
        "map" => "a mapping",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::typed;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[expect(dead_code, reason = "only what does not fit is looked at")]
    struct Input {
        target_path: String,
        #[serde(default)]
        files: Vec<File>,
        parser: Option<Parser>,
        amount: Option<f64>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    #[expect(dead_code, reason = "only what does not fit is looked at")]
    struct File {
        from: String,
        overwrite: Option<bool>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Parser {
        Yaml,
    }

    fn mistake(input: Value) -> (String, Option<String>) {
        let Value::Object(input) = input else {
            panic!("inputs are mappings")
        };
        let error = typed::<Input>(&input).expect_err("a mistake");
        (error.message, error.help)
    }

    #[test]
    fn mistakes_name_the_field_and_what_it_must_be() {
        for (input, message, help) in [
            (json!({}), "the input has no \"targetPath\"", None),
            (
                json!({"targetPath": 3}),
                "input \"targetPath\" must be a text, and is a number",
                None,
            ),
            (
                json!({"targetPath": "x", "files": {}}),
                "input \"files\" must be a list, and is a mapping",
                None,
            ),
            (
                json!({"targetPath": "x", "files": [{"from": "a"}, {"from": "b", "overwrite": "secret"}]}),
                "input \"files[1].overwrite\" must be a boolean, and is a text",
                None,
            ),
            (
                json!({"targetPath": "x", "files": [{}]}),
                "input \"files[0]\" has no \"from\"",
                None,
            ),
            (
                json!({"targetPath": "x", "files": [1]}),
                "input \"files[0]\" must be a mapping, and is a number",
                None,
            ),
            (
                json!({"targetPath": "x", "files": [{"from": "a", "overwrit": true}]}),
                "input \"files[0]\" has an unknown \"overwrit\"",
                Some("did you mean \"overwrite\"?"),
            ),
            (
                json!({"target": "x", "targetPath": "x"}),
                "the input has an unknown \"target\"",
                Some("it takes \"targetPath\", \"files\", \"parser\", \"amount\""),
            ),
            (
                json!({"targetPath": "x", "parser": "toml"}),
                "input \"parser\" cannot be \"toml\"",
                Some("it takes \"yaml\""),
            ),
            (
                json!({"targetPath": "x", "amount": "1"}),
                "input \"amount\" must be a number, and is a text",
                None,
            ),
        ] {
            assert_eq!(
                mistake(input),
                (message.to_owned(), help.map(str::to_owned))
            );
        }
    }
}
