//! What is outside of tags is kept, byte for byte.

use proptest::prelude::*;

use super::super::{Dialect, Options};
use super::{context, on_large_stack, render, render_with};

#[test]
fn text_without_tags_is_kept() {
    for text in [
        "",
        "\n",
        "no line break",
        "\u{feff}a: 1\r\nb: 2\r\n",
        "{{ jinja }} {{{ handlebars }}} $ {x} ${x} ${ {x} }",
        "if (a === b || c !== d && !e) { x = `${y}` }",
        "#} %} }}",
    ] {
        assert_eq!(render(text).as_deref(), Ok(text));
    }
}

#[test]
fn text_around_tags_is_kept() {
    for (text, expected) in [
        ("\u{feff}${{ a.b }}\r\n", "\u{feff}1\r\n"),
        ("{% if true %}\r\nx\r\n{% endif %}\r\n", "\r\nx\r\n\r\n"),
        ("${{ a.b }}{", "1{"),
        ("{${{ a.b }}}", "{1}"),
        ("{{ x }}${{ a.b }}{{ y }}", "{{ x }}1{{ y }}"),
        ("a === b ${{ a.b === 1 }} c !== d", "a === b true c !== d"),
        (
            "{% raw %}${{ x }}{% y %}{# z #}{{{% endraw %}",
            "${{ x }}{% y %}{# z #}{{",
        ),
        ("\\n\\\"\t${{ a.b }}", "\\n\\\"\t1"),
        ("${{ a.b }}\n\n\n", "1\n\n\n"),
    ] {
        assert_eq!(render(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn blocks_may_take_their_line() {
    let trimmed = Options {
        trim_blocks: true,
        ..Options::default()
    };
    let text = "a\n  {% if true %}\r\n  b\n  {% endif %}\nc ${{ n }}\n";
    assert_eq!(
        render_with(trimmed, text, &context()).as_deref(),
        Ok("a\n    b\n  c \n")
    );
    let stripped = Options {
        lstrip_blocks: true,
        ..trimmed
    };
    assert_eq!(
        render_with(stripped, text, &context()).as_deref(),
        Ok("a\n  b\nc \n")
    );
}

#[test]
fn cookiecutter_has_its_delimiters_and_names() {
    let options = Options {
        dialect: Dialect::Cookiecutter,
        ..Options::default()
    };
    for (text, expected) in [
        ("{{ a.b }} ${{ a.b }}", "1 $1"),
        ("{{ True }}{{ False }}{{ None }}", "truefalse"),
        ("{{ a | jsonify }}", "{\"b\":1}"),
        (
            "{% for k, v in a.items() %}{{ k }}={{ v }}{% endfor %}",
            "b=1",
        ),
        ("{{ a.get('x', 2) }}", "2"),
    ] {
        let rendered = render_with(options, text, &context());
        assert_eq!(rendered.as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn d14_what_values_hold_is_never_read() {
    let values = super::values_of(&serde_json::json!({
        "name": "${{ 7 * 7 }} {% raw %} {{ 7 * 7 }} $(id) `id` \" \n",
        "list": ["${{ a }}"],
    }));
    let text = "${{ name }}|${{ list }}|{% set x = name %}${{ x | trim }}|${{ list | dump }}";
    let rendered = render_with(Options::default(), text, &values).expect("data");
    let name = "${{ 7 * 7 }} {% raw %} {{ 7 * 7 }} $(id) `id` \"";
    assert_eq!(
        rendered,
        format!("{name} \n|${{{{ a }}}}|{name}|[\"${{{{ a }}}}\"]")
    );
}

/// Pieces of templates, in no sensible order.
fn soup() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "${{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "-",
        " if ",
        " else ",
        " for ",
        " x in l ",
        " endfor ",
        " endif ",
        " set y = ",
        " macro m(a) ",
        " endmacro ",
        " raw ",
        " endraw ",
        " switch a.b ",
        " case 1 ",
        " endswitch ",
        " call m(1) ",
        " endcall ",
        " filter upper ",
        "a.b",
        "l",
        "s",
        "n",
        "m(2)",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        ":",
        ",",
        "|",
        "join",
        "dump",
        "sort",
        "replace(",
        "'x'",
        "\"",
        "r/o/g",
        " not ",
        " and ",
        " or ",
        " is ",
        " in ",
        "defined",
        "+",
        "~",
        "**",
        "//",
        "1",
        "2.5",
        ".length",
        ".split",
        "text",
        "\n",
        "é",
        "=",
        "==",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_without_tags_is_kept(text in "[^{]{0,200}") {
        prop_assert_eq!(render(&text), Ok(text));
    }

    #[test]
    fn nothing_panics(text in soup()) {
        let rendered = on_large_stack(|| render(&text));
        prop_assert!(rendered.is_ok() || rendered.is_err());
        let _ = super::super::inspect(&text, Dialect::Cookiecutter);
    }
}
