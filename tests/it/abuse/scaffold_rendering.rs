//! Templates that read what is not theirs, never end, or take answers for more than data.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use super::golden_path::{GoldenPath, RENDER};
use super::workspace::Answer;

/// Renders one file of a skeleton.
fn render(text: &str) -> (GoldenPath, Answer) {
    let template = GoldenPath::new();
    template.file("file.txt", text);
    let answer = template.make(&[]);
    (template, answer)
}

#[test]
fn d08_no_template_reads_another_file() {
    for tag in [
        "{% include \"../secret\" %}",
        "{% include \"other.txt\" %}",
        "{% include \"/etc/passwd\" %}",
        "{% include values.value %}",
        "{% import \"other.txt\" as other %}",
        "{% from \"other.txt\" import x %}",
        "{% extends \"file.txt\" %}",
        "{% extends \"../../../outside/catalog-info.yaml\" %}",
        "{% import \"file.txt\" as self %}",
    ] {
        let template = GoldenPath::new();
        template
            .file("file.txt", format!("one\n{tag}\n"))
            .file("other.txt", "x");
        let answer = template.make(&[]);
        template.assert_refused(&answer, &["file.txt:2"]);
    }
}

#[test]
fn d09_templates_that_never_end_are_ended() {
    let doubling = "{% set a = a ~ a %}".repeat(40);
    let lists = "{% set a = a.concat(a) %}".repeat(40);
    for bomb in [
        "{% for i in range(100000000) %}x{% endfor %}",
        "{% for i in range(3000) %}{% for j in range(3000) %}x{% endfor %}{% endfor %}",
        "{% for i in range(0, 1e300) %}x{% endfor %}",
        "{% macro m() %}${{ m() }}{% endmacro %}${{ m() }}",
        "{% macro m(n) %}${{ m(n + 1) }}${{ m(n + 1) }}{% endmacro %}${{ m(1) }}",
        "{% macro a() %}${{ b() }}{% endmacro %}{% macro b() %}${{ a() }}{% endmacro %}${{ a() }}",
        &format!("{{% set a = 'xxxxxxxxxxxxxxxx' %}}{doubling}${{{{ a }}}}"),
        &format!("{{% set a = [1, 2, 3, 4] %}}{lists}${{{{ a.length }}}}"),
        &format!(
            "{{% set a = 'xxxxxxxxxxxxxxxx' %}}{}${{{{ a }}}}",
            "{% set a = a | replace('x', 'xxxxxxxxxxxxxxxx') %}".repeat(20)
        ),
        "${{ 'x' | indent(4000000000) | length }}",
        "${{ 'a\nb' | indent(4000000000, true) }}",
        "${{ 'x' | center(4000000000) }}",
        "${{ 'x'.repeat(2000000000) }}",
        "${{ range(1000000000) | join('x') }}",
        "${{ range(1000000000) | length }}",
        "{% set s = range(100000) %}{% for i in s %}{% for j in s | batch(1) %}x{% endfor %}{% endfor %}",
    ] {
        let started = Instant::now();
        let (template, answer) = render(bomb);
        assert!(started.elapsed() < Duration::from_secs(10), "{bomb}");
        template.assert_refused(&answer, &["file.txt:"]);
    }
}

#[test]
fn d09_what_backstage_makes_small_is_small() {
    for harmless in [
        "${{ 'x' * 2000000000 }}",
        "${{ '%1000000000d' | format }}",
        "${{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | replace(r/(a+)+$/, 'x') }}",
        "${{ 1e308 * 10 }}",
        "${{ 2 ** 99999999 }}",
        "${{ 9007199254740993 * 9007199254740993 }}",
        "${{ 1 // 0 }} ${{ 1 % 0 }} ${{ 1 / 0 }}",
    ] {
        let started = Instant::now();
        let (template, answer) = render(harmless);
        assert!(started.elapsed() < Duration::from_secs(10), "{harmless}");
        match answer.code {
            Some(0) => assert!(template.text("file.txt").len() < 200),
            _ => template.assert_refused(&answer, &["file.txt:1"]),
        }
    }
}

#[test]
fn d09_steps_that_never_end_are_ended() {
    let template = GoldenPath::with_steps(
        "    - id: bomb
      action: fetch:template
      each: '${{ range(20000) }}'
      input: {url: ./skeleton, targetPath: '${{ each.key }}'}
",
    );
    template.file("a", "x");
    let answer = template.make(&[]);
    template.assert_refused(&answer, &["\"each\"", "10000"]);
    // What cannot be evaluated ends the run, or stays as it is written, as in Backstage.
    template.steps(
        "    - id: bomb
      action: fetch:template
      input: {url: ./skeleton, values: {x: '${{ range(100000000) | join }}'}}
",
    );
    template.file("a", "${{ values.x }}");
    let started = Instant::now();
    template.assert_refused(
        &template.make(&[]),
        &["cannot be evaluated", "template.yaml:"],
    );
    template.make(&["--allow-undefined"]).assert_code(0);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(template.text("a"), "${{ range(100000000) | join }}");
}

#[test]
fn d10_deep_expressions_do_not_overflow_the_stack() {
    for length in [16 << 10, 200 << 10, 1 << 20] {
        let repeated = |unit: &str| unit.repeat(length / unit.len());
        for expression in [
            format!("${{{{ 1{} }}}}", repeated("+1")),
            format!("${{{{ 1{} }}}}", repeated("**1")),
            format!("${{{{ 1{} }}}}", repeated(" and 1")),
            format!("${{{{ {}1 }}}}", repeated("not ")),
            format!("${{{{ {}1 }}}}", repeated("-")),
            format!("${{{{ {}1 }}}}", repeated("(")),
            format!("${{{{ {}1{} }}}}", repeated("("), repeated(")")),
            format!("${{{{ {}1{} }}}}", repeated("["), repeated("]")),
            format!("${{{{ {} }}}}", repeated("[")),
            format!("${{{{ {}1{} }}}}", repeated("{a:"), repeated("}")),
            format!("${{{{ values{} }}}}", repeated(".a")),
            format!("${{{{ values{} }}}}", repeated("[0]")),
            format!("${{{{ values{} }}}}", repeated("()")),
            format!("${{{{ 'x'{} }}}}", repeated("|upper")),
            format!("${{{{ {}1 }}}}", repeated("1 if 1 else ")),
            format!("${{{{ 'x'{} }}}}", repeated(" ~ 'x'")),
            repeated("{% if true %}"),
            repeated("{% for i in [1] %}"),
            format!("{{% if 0 %}}{}{{% endif %}}", repeated("{% elif 0 %}")),
            repeated("{% macro m() %}"),
            repeated("${{"),
            repeated("{# "),
            repeated("{% raw %}"),
        ] {
            let started = Instant::now();
            let (template, answer) = render(&expression);
            let shown = &expression[..30];
            assert!(started.elapsed() < Duration::from_secs(10), "{shown}");
            match answer.code {
                Some(0) => assert!(template.made("file.txt").exists()),
                _ => template.assert_refused(&answer, &["file.txt:1"]),
            }
        }
    }
}

#[test]
fn d11_names_that_nobody_knows_are_refused() {
    let template = GoldenPath::new();
    template
        .file("good.txt", "x")
        .file("folder/file.txt", "one\ntwo ${{ values.nmae }}\n");
    let answer = template.make(&[]);
    template.assert_refused(
        &answer,
        &["folder/file.txt:2", "values.nmae", "\"values.name\""],
    );
    template.make(&["--allow-undefined"]).assert_code(0);
    assert_eq!(template.text("folder/file.txt"), "one\ntwo \n");
    for text in [
        "${{ valeus.name }}",
        "${{ values.nmae.x.y }}",
        "${{ nothing }}",
    ] {
        let (template, answer) = render(text);
        template.assert_refused(&answer, &["file.txt:1"]);
    }
    let template = GoldenPath::new();
    template.file("${{ values.nmae }}.txt", "x");
    let answer = template.make(&[]);
    template.assert_refused(&answer, &["values.nmae", "\"values.name\""]);
}

#[test]
fn d12_nothing_is_escaped_whatever_a_file_is_called() {
    let template = GoldenPath::new();
    let names = ["a.html", "a.yaml", "a.json", "a.xml", "a.js", "a.htm", "a"];
    for name in names {
        template.file(name, "<p title=\"x\">${{ values.value }}</p>\n");
    }
    let value = "a: \"b\" <c> & 'd' \\ # {e} `f` \u{e9}\u{1f600}";
    template.make_with(value).assert_code(0);
    for name in names {
        let expected = format!("<p title=\"x\">{value}</p>\n");
        assert_eq!(template.text(name), expected, "{name}");
    }
}

#[test]
fn d13_bytes_are_kept() {
    let template = GoldenPath::new();
    let kept: [(&str, &[u8]); 12] = [
        ("newline", b"a ${{ 1 }}\n"),
        ("newlines", b"\n\n${{ 1 }}\n\n\n"),
        ("none", b"${{ 1 }}"),
        ("empty", b""),
        ("crlf", b"a\r\n${{ 1 }}\r\n\r\n"),
        ("cr", b"a\r${{ 1 }}\rb"),
        ("bom", b"\xef\xbb\xbf${{ 1 }}\n"),
        ("binary", b"\x00\x01${{ 1 }}\xff\xfe"),
        ("latin", b"caf\xe9 ${{ 1 }}\n"),
        ("null", b"${{ 1 }}\x00"),
        (".dotfile", b"${{ 1 }}\n"),
        ("jinja", b"{{ 1 }} {{{{ x }}}} $ {{ {# kept? #}\n"),
    ];
    for (name, bytes) in kept {
        template.file(name, bytes);
    }
    template
        .file("raw", "{% raw %}${{ secrets.X }}{% endraw %}\n")
        .file("run.sh", "#!/bin/sh\n")
        .file(".config/.hidden", "x");
    let folder = template.workspace.path("template/skeleton/folder/empty");
    fs::create_dir_all(folder).unwrap();
    let program = template.workspace.path("template/skeleton/run.sh");
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    template.make(&[]).assert_code(0);
    for (name, bytes) in kept {
        let is_text = !matches!(name, "binary" | "latin" | "null" | "jinja");
        let mut expected = bytes.to_vec();
        if is_text && !bytes.is_empty() {
            let text = String::from_utf8(expected).unwrap();
            expected = text.replace("${{ 1 }}", "1").into_bytes();
        }
        if name == "jinja" {
            expected = b"{{ 1 }} {{{{ x }}}} $ {{ \n".to_vec();
        }
        let made = fs::read(template.made(name)).unwrap();
        assert_eq!(made, expected, "{name}");
    }
    assert_eq!(template.text("raw"), "${{ secrets.X }}\n");
    assert!(template.made("folder/empty").is_dir());
    assert!(template.made(".config/.hidden").exists());
    let mode = |path| {
        fs::metadata(template.made(path))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!((mode("run.sh") & 0o111, mode("raw") & 0o111), (0o111, 0));
}

#[test]
fn d13_expressions_of_workflows_are_told_from_those_of_templates() {
    let template = GoldenPath::new();
    let workflow = "env: {A: '${{ secrets.X }}', B: '${{ github.ref }}'}\n";
    template.file(".github/workflows/ci.yml", workflow);
    let answer = template.make(&[]);
    template.assert_refused(&answer, &[".github/workflows/ci.yml:1", "secrets"]);
    assert!(answer.stderr.contains("raw"), "{}", answer.stderr);
    // As Backstage does.
    template.make(&["--allow-undefined"]).assert_code(0);
    assert_eq!(
        template.text(".github/workflows/ci.yml"),
        "env: {A: '', B: ''}\n"
    );
    let template = GoldenPath::with_steps(
        "    - id: render
      action: fetch:template
      input: {url: ./skeleton, copyWithoutTemplating: ['.github/workflows/**']}
",
    );
    template.file(".github/workflows/ci.yml", workflow);
    template.make(&[]).assert_code(0);
    assert_eq!(template.text(".github/workflows/ci.yml"), workflow);
}

const HOSTILE: &str = "{{ 7*7 }} ${{ 7*7 }} {% raw %} {# x #} $(touch PWNED) `touch PWNED` \
    \"; touch PWNED; ' \\ \n- a: &b !c *d\n%0a \u{202e} $HOME ${HOME} -rf --x | tee PWNED";

#[test]
fn d14_answers_are_data() {
    let template = GoldenPath::with_steps(&format!(
        "{RENDER}    - id: again
      action: fetch:template
      input:
        url: ./skeleton
        targetPath: again
        values: {{value: 'x ${{{{ parameters.value }}}}', name: '${{{{ parameters.name }}}}'}}
    - id: run
      action: run:command
      input:
        command: cp
        args: [file.txt, 'copy', '${{{{ parameters.value }}}}.txt']
      if: false
"
    ));
    template.file("file.txt", "${{ values.value }}");
    let large = format!("{HOSTILE}{}", "x".repeat(1 << 20));
    for value in [HOSTILE, &large] {
        let answer = template.make_with(value);
        answer.assert_code(0);
        assert_eq!(template.text("file.txt"), value);
        assert_eq!(template.text("again/file.txt"), format!("x {value}"));
        // The lock has it, and is read again as the same.
        let lock = template.text(".devportal/template.lock.yaml");
        let status = template
            .workspace
            .run(&["template", "status", "--format", "json"]);
        assert!(!status.stderr.contains("line "), "{}", status.stderr);
        let json = fs::read_to_string(template.workspace.path("answers.json")).unwrap();
        assert!(lock.len() > value.len() && !json.is_empty());
        fs::remove_dir_all(template.made("")).unwrap();
    }
}

#[test]
fn d14_no_shell_sees_an_answer() {
    let template = GoldenPath::with_steps(&format!(
        "{RENDER}    - id: run
      action: run:command
      input:
        command: cp
        args: [--, file.txt, '${{{{ parameters.value }}}}']
"
    ));
    template.file("file.txt", "content");
    for value in [
        "$(touch PWNED)",
        "`touch PWNED`",
        "a; touch PWNED",
        "a b  c",
        "--help",
        "$HOME",
    ] {
        let answers = serde_json::json!({ "value": value });
        template
            .workspace
            .write("answers.json", answers.to_string());
        let answer = template.make(&["--answers", "answers.json", "--trust"]);
        answer.assert_code(0);
        assert_eq!(template.text(value), "content");
        assert!(!template.made("PWNED").exists());
        fs::remove_dir_all(template.made("")).unwrap();
    }
}
