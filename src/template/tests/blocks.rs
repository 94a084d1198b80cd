//! Statements, comments and white space.

use super::render;

/// Templates and what they render to, with `a: {b: 1}`, `l: [1, 2, 3]`, `s: "Hello World"` and
/// `n: null`.
#[rustfmt::skip]
const CASES: &[(&str, &str)] = &[
    ("{% for x in [] %}x{% else %}none{% endfor %}", "none"),
    ("{% for x in a %}x{% else %}none{% endfor %}", "none"),
    ("{% for x in missing %}x{% else %}none{% endfor %}", "none"),
    (r#"{% for x in "abc" %}[${{ x }}]{% endfor %}"#, "[a][b][c]"),
    ("{% for x, y in [[1,2],[3,4]] %}${{ x }}-${{ y }};{% endfor %}", "1-2;3-4;"),
    ("{% for x, y, z in [[1,2],[3,4,5]] %}${{ x }}-${{ y }}-${{ z }};{% endfor %}", "1-2-;3-4-5;"),
    ("{% for k, v in {a:1,b:2} %}${{ loop.index }}${{ loop.first }}${{ loop.last }}${{ loop.length }}${{ loop.revindex }}${{ loop.revindex0 }} {% endfor %}", "1truefalse221 2falsetrue210 "),
    ("{% set t = 0 %}{% for i in l %}{% set t = t + i %}{% endfor %}${{ t }}", "6"),
    ("{% for i in l %}{% set u = i %}{% endfor %}[${{ u }}]", "[]"),
    ("{% for i in l %}${{ u }}{% set u = i %}{% endfor %}", "12"),
    (r#"{% set t = "" %}{% for i in l %}{% for j in l %}{% set t = t + j %}{% endfor %}{% endfor %}${{ t }}"#, "123123123"),
    ("{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}${{ x }}", "2"),
    ("{% set x, y = 5 %}${{ x }}${{ y }}", "55"),
    ("{% set i = 9 %}{% for i in l %}${{ i }}{% endfor %}${{ i }}", "1239"),
    ("{% set i = 9 %}{% for i in l %}{% set i = 7 %}${{ i }}{% endfor %}${{ i }}", "7779"),
    ("{% macro m(a, b=2) %}${{ a }}-${{ b }}{% endmacro %}${{ m(1) }} ${{ m(1, 3) }} ${{ m(b=4, a=0) }} ${{ m() }}", "1-2 1-3 0-4 -2"),
    ("{% macro m(x) %}<${{ x }}:${{ caller() }}>{% endmacro %}{% call m(1) %}in{% endcall %}", "<1:in>"),
    ("{% macro m() %}${{ caller(5) }}{% endmacro %}{% call(v) m() %}got ${{ v }}{% endcall %}", "got 5"),
    ("{% set g = 1 %}{% macro m() %}${{ g }}{% set g = 2 %}${{ g }}{% endmacro %}${{ m() }}${{ g }}", "121"),
    ("{% set g = 1 %}{% macro m() %}{% for q in l %}{% set g = q %}{% endfor %}${{ g }}{% endmacro %}${{ m() }}${{ g }}", "11"),
    ("{% switch 3 %}{% case 1 %}a{% case 2 %}b{% endswitch %}|", "|"),
    ("{% switch 9 %}{% case 1 %}{% default %}d{% endswitch %}", "d"),
    (r#"{% switch "1" %}{% case 1 %}a{% default %}d{% endswitch %}"#, "d"),
    ("{% raw %}{% raw %}x{% endraw %}${{ y }}{% endraw %}", "{% raw %}x{% endraw %}${{ y }}"),
    ("a {#- c -#} b", "ab"),
    ("a {#- c #} b", "a b"),
    ("{% if true -%}   x   {%- else -%} y {%- endif %}", "x"),
    (r#"{% set c = cycler("a","b") %}${{ c.next() }}${{ c.next() }}${{ c.next() }}${{ c.current }}"#, "abaa"),
    (r#"{% set j = joiner("-") %}{% for i in l %}${{ j() }}${{ i }}{% endfor %}"#, "1-2-3"),
    (r#"{% filter replace("a", "b") %}banana{% endfilter %}"#, "bbnbnb"),
    ("{% set x = {} %}${{ x.y }}", ""),
    ("{% set x = l.sort() %}${{ x }}", "1,2,3"),
    ("{% for i in range(3) %}${{ loop.previtem }}{% endfor %}", ""),
    ("{%- if true %} a {% endif -%} b", " a b"),
    ("{% if true %}{# c #}x{% endif %}", "x"),
    ("{% set x %}a{% endset %}{% set x %}${{ x }}b{% endset %}${{ x }}", "ab"),
    ("{% macro f(x) %}${{ x }}{% endmacro %}${{ f(f(1)) }}|${{ f(1,2,3) }}", "1|1"),
    ("{% macro f(n) %}{% if n > 0 %}${{ n }}${{ f(n - 1) }}{% endif %}{% endmacro %}${{ f(3) }}", "321"),
    ("{% for i in l %}{% for j in l %}${{ loop.index }}{% endfor %}${{ loop.index }}{% endfor %}", "123112321233"),
    ("{% for i in [3,1,2] | sort %}${{ i }}{% endfor %}", "123"),
    ("{% for i in {a:1} %}${{ i }}{% else %}e{% endfor %}", "e"),
    ("{% for i in l | reverse %}${{ i }}{% if not loop.last %}, {% endif %}{% endfor %}", "3, 2, 1"),
];

#[test]
fn renders_as_backstage_does() {
    for (template, expected) in CASES {
        assert_eq!(render(template).as_deref(), Ok(*expected), "{template}");
    }
}
