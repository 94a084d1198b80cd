//! Texts that are rendered one after the other give what each gives alone.

use serde_json::json;

use super::{context, values_of};
use crate::template::{Dialect, Engine, Options, Renderer};

/// Texts whose tags are alike, and mean something else by what is before, in or after them.
const TEXTS: &[&str] = &[
    "no tag",
    "${{ s }}",
    "a ${{ s }} b ${{ s }}${{ s }} c",
    "${{ a.b }} { {{ s }} $ {{ ${{ s }}",
    "x  ${{- s -}}  y  ${{ s }}  z",
    "x  ${{ s -}}  y  ${{ s }}  z",
    "${{-s}} ${{ -a.b }}",
    "${{ '}}' }}${{ '}} ${{ s }}' }}",
    "{% if s %}yes{% else %}no{% endif %}\n",
    "{% if s %}yes{% endif %}{% if s %}yes ${{ s }}{% endif %}",
    "{% if s %}  {%- if n %}1{% endif %} {% elif l %}2{% endif %}\n",
    "{% if s %}yes{% endif -%}\n  ${{ s }}",
    "{%- if s %}yes{% endif %}",
    "{% switch a.b %}{% case 1 %}one{% default %}none{% endswitch %}",
    "{% set s = 'other' %}${{ s }}",
    "${{ s }}{% if l %}{% set s = 'other' %}{% endif %}${{ s }}",
    "{% for s in l %}${{ s }}{% endfor %}${{ s }}",
    "{% macro m(s) %}${{ s }}{% endmacro %}${{ m(1) }}${{ s }}",
    "{% raw %}${{ s }}{% endraw %}${{ s }}",
    "{% if s %}{% raw %}{% endif %}{% endraw %}{% endif %}",
    "{# ${{ s }} #}${{ s }}{#- -#}  ",
    "${{ unknown }}|${{ unknown.field }}",
    "${{ s",
    "${{ s }}{% if s %}",
    "${{ s }}{% endif %}",
    "{% if s %}yes{% endif %}${{ nothing() }}",
    "${{ s | upper }}\r\n${{ s | nosuchfilter }}",
];

fn options() -> impl Iterator<Item = Options> {
    let plain = Options::default();
    [
        plain,
        Options {
            dialect: Dialect::Cookiecutter,
            ..plain
        },
        Options {
            trim_blocks: true,
            lstrip_blocks: true,
            ..plain
        },
        Options {
            refuses_unknown_names: true,
            ..plain
        },
    ]
    .into_iter()
}

#[test]
fn texts_give_what_each_gives_alone() {
    for options in options() {
        let engine = Engine::new(options);
        let values = context();
        let mut renderer = Renderer::new(&engine, &values);
        // Once in their order, once backwards, when every piece is known.
        for text in TEXTS.iter().chain(TEXTS.iter().rev()) {
            let alone = engine.render("file", text, &values);
            assert_eq!(renderer.render("file", text), alone, "{options:?}: {text}");
        }
    }
}

#[test]
fn the_place_of_an_error_is_that_in_the_text() {
    let engine = Engine::new(Options::default());
    let values = context();
    let mut renderer = Renderer::new(&engine, &values);
    for text in ["${{ s }}\n ${{ s.nothing() }}", "\n\n${{ s.nothing() }}"] {
        let alone = engine.render("file", text, &values).expect_err(text);
        assert_eq!(renderer.render("file", text), Err(alone), "{text}");
    }
}

#[test]
fn many_pieces_may_not_do_more_than_one() {
    let engine = Engine::new(Options::default());
    let values = values_of(&json!({"long": "x".repeat(1 << 20)}));
    let mut renderer = Renderer::new(&engine, &values);
    let many: Vec<String> = (0..100)
        .map(|number| format!("${{{{ (long ~ {number}).length }}}}"))
        .collect();
    let many = many.join(" ");
    let error = renderer.render("file", &many).expect_err("too much");
    assert!(error.message.contains("1,000,000 steps"), "{error}");
    let large = "${{ long }}".repeat(100);
    let error = renderer.render("file", &large).expect_err("too large");
    assert!(error.message.contains("larger than the limit"), "{error}");
}
