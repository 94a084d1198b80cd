//! What would never end, or take all memory, is refused with its place.

use std::time::{Duration, Instant};

use super::error;

#[test]
fn d08_other_files_are_never_read() {
    for statement in [
        "include \"../secret\"",
        "extends \"x\"",
        "import \"x\" as y",
        "from \"x\" import y",
    ] {
        let error = error(&format!("first\n  {{% {statement} %}}"));
        assert_eq!((error.line, error.column), (2, Some(3)), "{statement}");
        assert!(error.message.contains("reads another file"), "{error}");
    }
}

#[test]
fn d09_nothing_endless_or_huge_is_made() {
    let many = "{% for a in range(1000) %}";
    let end = "{% endfor %}";
    let loops = format!("{many}{many}{many}${{{{ a }}}}{end}{end}{end}");
    let doubling =
        format!("{{% set x = 'xxxxxxxxxx' %}}{many}{{% set x = x ~ x %}}{end}${{{{ x }}}}");
    let capture = format!(
        "{{% set x %}}a{{% endset %}}{many}{{% set x %}}${{{{ x }}}}${{{{ x }}}}{{% endset %}}{end}"
    );
    let block = "long text ".repeat(20_000);
    let text_in_capture = format!("{{% set x %}}{many}{many}{block}{end}{end}{{% endset %}}");
    for text in [
        loops.as_str(),
        doubling.as_str(),
        capture.as_str(),
        text_in_capture.as_str(),
        "{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}",
        "${{ 'x'.repeat(2000000000) }}",
        "${{ 'x' | center(1000000000) }}",
        "${{ 'a\nb' | indent(4000000000) }}",
        "${{ 'x'.padStart(1000000000) }}",
        "${{ 'x'.padEnd(1e9, 'ab') }}",
        "${{ range(1000000000) }}",
        "${{ range(0, 1, 0.0000000001) }}",
        "${{ [1] | batch(2000000000, 'x') }}",
        "${{ [1] | slice(2000000000) }}",
        "{% set x = 'x'.repeat(1000000) %}${{ x | replace('x', x) }}",
        "{% set x = 'x'.repeat(1000000) %}${{ x.replaceAll('x', x) }}",
        "{% set x = 'x'.repeat(1000000) %}${{ x | replace(r/x/g, x) }}",
        "{% set x = 'x'.repeat(10000000) %}${{ [x, x, x, x] | join(x) }}",
        "${{ '%1000000000d' | format(1) }}",
    ] {
        let start = Instant::now();
        let error = error(text);
        assert!(!error.message.is_empty());
        assert!(start.elapsed() < Duration::from_secs(20), "{error}");
    }
    let error = error("a\nb ${{ 'x'.repeat(2000000000) }}");
    assert_eq!((error.line, error.column), (2, Some(11)));
    assert!(error.message.contains("limit of 16 MiB"), "{error}");
}

#[test]
fn d10_long_and_deep_expressions_are_refused() {
    let chain = |operator: &str, length: usize| {
        format!("${{{{ a{} }}}}", format!("{operator}a").repeat(length))
    };
    for text in [
        chain(" + ", 1000),
        chain(" + ", 8000),
        chain(" and ", 1000),
        chain(" == ", 1000),
        chain(" in ", 1000),
        chain("|upper", 1000),
        chain(".a", 1000),
        chain("[a", 1000),
        format!("${{{{ {}a }}}}", "not ".repeat(5000)),
        format!("${{{{ {}a }}}}", "-".repeat(2000)),
        format!("${{{{ {}1{} }}}}", "(".repeat(1000), ")".repeat(1000)),
        format!("${{{{ {}1{} }}}}", "[".repeat(1000), "]".repeat(1000)),
        format!("${{{{ {}1{} }}}}", "{a:".repeat(1000), "}".repeat(1000)),
        "{% if a %}".repeat(1000),
        "{% for a in l %}".repeat(1000),
        format!("{{% if a %}}{}{{% endif %}}", "{% elif a %}".repeat(10_000)),
        format!("${{{{ a.b }}}}{}", " ".repeat(300 << 10)),
    ] {
        assert!(!error(&text).message.is_empty());
    }
    let error = error(&chain(" + ", 100_000));
    assert!(error.message.contains("256 KiB"), "{error}");
}

#[test]
fn d12_no_name_makes_values_escape() {
    let values = super::values_of(&serde_json::json!({"x": "<a: \"b\">"}));
    for name in ["a.html", "a.yaml", "a.json", "a.xml"] {
        let engine = super::Engine::new(super::Options::default());
        assert_eq!(
            engine.render(name, "${{ x }}", &values).as_deref(),
            Ok("<a: \"b\">"),
            "{name}"
        );
    }
}

#[test]
fn mistakes_are_shown_where_they_are() {
    for (text, line, column, message) in [
        ("a\n${{ $x }}", 2, 5, "unexpected character"),
        ("a\n  ${{ a.b", 2, 3, "is not closed"),
        ("{% if a %}", 1, 1, "{% endif %}"),
        ("x{% endif %}", 1, 2, "without \"if\""),
        ("{% iff a %}", 1, 1, "no statement \"iff\""),
        ("é ${{ s | uper }}", 1, 11, "no filter \"uper\""),
        ("${{ s is strin }}", 1, 10, "no test \"strin\""),
        ("\n\n${{ s.foo() }}", 3, 7, "no method \"foo\""),
        ("${{ 'x }}", 1, 5, "no closing quote"),
        ("{# x", 1, 1, "comment is not closed"),
        ("{% raw %}x", 1, 1, "\"raw\" is not closed"),
        ("${{ missing.split(',') }}", 1, 13, "undefined"),
        (
            "${{ 'github.com?owner=o' | parseRepoUrl }}",
            1,
            28,
            "has no \"repo\"",
        ),
        ("${{ 'name' | parseEntityRef }}", 1, 14, "has no kind"),
        ("${{ joiner }}", 1, 5, "function cannot be printed"),
    ] {
        let error = error(text);
        assert_eq!(
            (error.line, error.column),
            (line, Some(column)),
            "{text}: {error}"
        );
        assert!(error.message.contains(message), "{text}: {error}");
    }
    assert_eq!(
        error("{% endfr %}").help.as_deref(),
        Some("did you mean \"endfor\"?")
    );
}
