//! Names that are not among the values, and what a template is said to use.

use serde_json::json;

use super::super::{Dialect, Options, UsedName, inspect};
use super::{render_with, values_of};

fn strict(text: &str) -> Result<String, String> {
    let options = Options {
        refuses_unknown_names: true,
        ..Options::default()
    };
    let values = values_of(&json!({"values": {"name": "orders", "owner": null, "o": {"a": 1}}}));
    render_with(options, text, &values).map_err(|error| {
        let help = error.help.clone().unwrap_or_default();
        format!("{error} ({help})")
    })
}

#[test]
fn d11_an_unknown_name_is_refused_where_it_is_printed() {
    for (text, expected) in [
        (
            "a\n ${{ valeus.name }}",
            "file:2:6: \"valeus.name\" is not among the values (did you mean \"values\"?)",
        ),
        (
            "${{ values.nmae }}",
            "file:1:5: \"values.nmae\" is not among the values (did you mean \"values.name\"?)",
        ),
        (
            "${{ values.nmae | upper }}",
            "did you mean \"values.name\"?",
        ),
        ("${{ secrets.TOKEN }}", "{% raw %}"),
        ("${{ github.ref }}", "{% raw %}"),
        ("${{ steps.build.outputs.x }}", "{% raw %}"),
        ("${{ something }}", "|default"),
    ] {
        let error = strict(text).expect_err(text);
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn d11_what_is_known_or_asked_for_is_not_refused() {
    for (text, expected) in [
        (
            "${{ values.name }}${{ values.owner }}${{ values.o.zone }}",
            "orders",
        ),
        ("${{ valeus.name | default('x') }}", "x"),
        ("{% if values.nmae %}${{ values.nmae }}{% endif %}", ""),
        (
            "{% set x = missing %}${{ x }}{% for y in [n] %}${{ y }}${{ loop.nothing }}{% endfor %}",
            "",
        ),
        ("{% macro m(a) %}${{ a }}{% endmacro %}${{ m() }}", ""),
        ("{% raw %}${{ secrets.X }}{% endraw %}", "${{ secrets.X }}"),
        ("${{ 'x' if valeus }}", ""),
    ] {
        assert_eq!(strict(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_a_template_uses_is_listed() {
    let text = "${{ values.name }}\n{% if parameters.x.y == values[\"a-b\"] %}${{ secrets.X | upper }}\
                {% endif %}{% for i in values.list %}${{ i }}${{ f(values.z) }}{% endfor %}";
    let used: Vec<String> = inspect(text, Dialect::Backstage)
        .names
        .iter()
        .map(
            |UsedName {
                 path,
                 line,
                 column,
                 is_printed,
                 is_conditional,
             }| {
                let path = path.join(".");
                format!("{path}:{line}:{column}:{is_printed}:{is_conditional}")
            },
        )
        .collect();
    assert_eq!(
        used,
        [
            "values.name:1:5:true:false",
            "parameters.x.y:2:7:false:false",
            "values.a-b:2:25:false:false",
            "secrets.X:2:45:true:true",
            "values.list:2:88:false:false",
            "f:2:114:false:true",
            "values.z:2:116:false:true",
        ]
    );
}

#[test]
fn what_differs_from_backstage_is_found() {
    let differences = |text: &str| -> Vec<String> {
        let inspection = inspect(text, Dialect::Backstage);
        let found = inspection.differences.iter();
        found
            .map(|it| format!("{}:{}: {}", it.line, it.column, it.message))
            .collect()
    };
    let text = "${{ a && !b || c }}\n{% set x = list.push(1) %}${{ s.replaceAll('a', 'b') }}\
                ${{ l | random }}${{ l.0 }}${{ s | replace(r/(?=x)/, '') }}${{ l | join(d=',') }}";
    let found = differences(text);
    for (number, expected) in [
        "1:7: Backstage does not read \"&&\"",
        "1:10: Backstage does not read \"!\"",
        "1:13: Backstage does not read \"||\"",
        "2:17: \"push\" changes an array",
        "2:33: Backstage has no method \"replaceAll\"",
        "\"random\" takes the first item",
        "a number behind a dot",
        "regular expression cannot be read",
        "does not know \"d=\"",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(found[number].contains(expected), "{expected}: {found:?}");
    }
    let same = "${{ a and not b or c }}{% for x in l %}${{ s.replace('a', 'b') }}{% endfor %}";
    assert!(differences(same).is_empty());
    let broken = inspect("a\n${{ a.b | uper }}", Dialect::Backstage);
    assert_eq!(
        broken.error.map(|it| (it.line, it.column)),
        Some((2, Some(11)))
    );
}
