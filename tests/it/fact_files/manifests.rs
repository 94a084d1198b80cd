//! Language, version and dependencies, by ecosystem.

use serde_json::{Value, json};

use super::{Known, component, repository};
use crate::sandbox::Sandbox;

/// The value and evidence of facts of the component "app".
fn assert_known(known: &Known, expected: &[(&str, Value, &str)]) {
    for (fact, value, evidence) in expected {
        assert_eq!(known.value("app", fact), *value, "{fact} in {known:#?}");
        let evidence = (!evidence.is_empty()).then_some(*evidence);
        assert_eq!(known.evidence("app", fact), evidence, "{fact}");
    }
}

#[test]
fn cargo_inherits_from_the_workspace_and_prefers_what_is_locked() {
    let sandbox = Sandbox::new();
    sandbox.write("code/services/app/catalog-info.yaml", &component("app"));
    sandbox.write(
        "code/Cargo.toml",
        "[workspace]\nmembers = [\"services/*\"]\n[workspace.package]\nversion = \"3.1.4\"\n\
         [workspace.dependencies]\nserde = { version = \"1.0\", features = [\"derive\"] }\n\
         aliased = { package = \"real-name\", version = \"2\" }\n",
    );
    sandbox.write(
        "code/Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.219\"\n",
    );
    sandbox.write(
        "code/services/app/Cargo.toml",
        "[package]\nname = \"app\"\nversion.workspace = true\n\n[dependencies]\n\
         serde.workspace = true\naliased = { workspace = true }\nlocal = { path = \"../x\" }\n\
         [target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n[dev-dependencies]\nany = \"*\"\n",
    );
    sandbox.repository("code");
    let known = Known::of(&sandbox);
    let manifest = "code/services/app/Cargo.toml";
    assert_known(
        &known,
        &[
            ("language", json!("rust"), manifest),
            ("manifest.version", json!("3.1.4"), &format!("{manifest}:3")),
            (
                "dependency.serde",
                json!("1.0.219"),
                &format!("{manifest}:6"),
            ),
            ("dependency.real-name", json!("2"), &format!("{manifest}:7")),
            ("dependency.libc", json!("0.2"), &format!("{manifest}:10")),
            ("dependency.local", Value::Null, ""),
            ("dependency.any", Value::Null, ""),
            ("dependency.count", json!(5), manifest),
            ("lock-file.present", json!(true), "code/Cargo.lock"),
        ],
    );
}

#[test]
fn maven_resolves_parents_properties_and_managed_versions() {
    let sandbox = Sandbox::new();
    sandbox.write("code/app/catalog-info.yaml", &component("app"));
    sandbox.write(
        "code/pom.xml",
        "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.1.0</version>
  </parent>
  <groupId>org.example</groupId>
  <artifactId>root</artifactId>
  <version>${revision}</version>
  <properties>
    <revision>4.0-SNAPSHOT</revision>
    <log4j.base>2.16</log4j.base>
    <log4j.version>${log4j.base}.0</log4j.version>
  </properties>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>org.apache.logging.log4j</groupId>
        <artifactId>log4j-core</artifactId>
        <version>${log4j.version}</version>
      </dependency>
    </dependencies>
  </dependencyManagement>
</project>
",
    );
    sandbox.write(
        "code/app/pom.xml",
        "<project>
  <parent>
    <groupId>org.example</groupId>
    <artifactId>root</artifactId>
    <version>${revision}</version>
  </parent>
  <artifactId>app</artifactId>
  <dependencies>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-core</artifactId>
    </dependency>
    <dependency>
      <groupId>${project.groupId}</groupId>
      <artifactId>library</artifactId>
      <version>[1.2,2.0)</version>
    </dependency>
    <dependency>
      <groupId>org.example</groupId>
      <artifactId>from-elsewhere</artifactId>
    </dependency>
  </dependencies>
</project>
",
    );
    sandbox.repository("code");
    let known = Known::of(&sandbox);
    let log4j = "code/app/pom.xml:9";
    assert_known(
        &known,
        &[
            ("language", json!("java"), "code/app/pom.xml"),
            (
                "manifest.version",
                json!("4.0-SNAPSHOT"),
                "code/app/pom.xml:5",
            ),
            ("dependency.log4j-core", json!("2.16.0"), log4j),
            (
                "dependency.org.apache.logging.log4j:log4j-core",
                json!("2.16.0"),
                log4j,
            ),
            ("dependency.library", json!("1.2"), "code/app/pom.xml:16"),
            (
                "dependency.org.example:library",
                json!("1.2"),
                "code/app/pom.xml:16",
            ),
            ("dependency.from-elsewhere", Value::Null, ""),
            ("dependency.root", Value::Null, ""),
            ("dependency.count", json!(3), "code/app/pom.xml"),
        ],
    );
    // A parent that the repository does not have is what the versions come from.
    sandbox.write("code/catalog-info.yaml", &component("root"));
    sandbox.commit_on("2026-01-16", "code");
    let known = Known::of(&sandbox);
    let parent = "dependency.spring-boot-starter-parent";
    assert_eq!(known.value("root", parent), json!("3.1.0"));
    assert_eq!(known.evidence("root", parent), Some("code/pom.xml:5"));
    assert_eq!(known.value("root", "dependency.log4j-core"), Value::Null);
}

#[test]
fn gradle_is_read_and_never_run() {
    let sandbox = repository(&[
        (
            "gradle/libs.versions.toml",
            "[versions]\njackson = \"2.15.2\"\n[libraries]\njackson-databind = { module = \
             \"com.fasterxml.jackson.core:jackson-databind\", version.ref = \"jackson\" }\n\
             junit = \"org.junit.jupiter:junit-jupiter:5.10.0\"\n",
        ),
        ("gradle.properties", "log4jVersion=2.16.0\nversion=1.4.2\n"),
        (
            "build.gradle.kts",
            "plugins {\n    kotlin(\"jvm\") version \"1.9.0\"\n    id(\"org.springframework.boot\") \
             version \"3.1.1\"\n}\nval guava = \"32.1.2-jre\"\ndependencies {\n    \
             implementation(\"org.apache.logging.log4j:log4j-core:$log4jVersion\")\n    \
             implementation(\"com.google.guava:guava:${guava}\")\n    \
             // implementation(\"org.example:commented:1.0\")\n    /* api(\"org.example:also:1\") */\n    \
             implementation(libs.jackson.databind)\n    testImplementation(libs.junit)\n    \
             implementation(\"org.example:computed:${computed()}\")\n    \
             implementation(project(\":other\"))\n}\n",
        ),
        (
            "old/build.gradle",
            "dependencies {\n  compile group: 'commons-io', name: 'commons-io', version: '2.6'\n  \
             testCompile 'junit:junit:4.+'\n}\n",
        ),
    ]);
    let known = Known::of(&sandbox);
    let build = "app/build.gradle.kts";
    assert_known(
        &known,
        &[
            ("language", json!("kotlin"), build),
            ("languages", json!(["java", "kotlin"]), build),
            ("manifest.version", json!("1.4.2"), build),
            (
                "dependency.log4j-core",
                json!("2.16.0"),
                &format!("{build}:7"),
            ),
            (
                "dependency.guava",
                json!("32.1.2-jre"),
                &format!("{build}:8"),
            ),
            ("dependency.commented", Value::Null, ""),
            ("dependency.also", Value::Null, ""),
            (
                "dependency.jackson-databind",
                json!("2.15.2"),
                &format!("{build}:11"),
            ),
            (
                "dependency.junit-jupiter",
                json!("5.10.0"),
                &format!("{build}:12"),
            ),
            ("dependency.computed", Value::Null, ""),
            (
                "dependency.org.springframework.boot",
                json!("3.1.1"),
                &format!("{build}:3"),
            ),
            (
                "dependency.commons-io:commons-io",
                json!("2.6"),
                "app/old/build.gradle:2",
            ),
            ("dependency.junit", json!("4"), "app/old/build.gradle:3"),
        ],
    );
}

#[test]
fn npm_finds_what_is_locked_where_node_would() {
    let sandbox = Sandbox::new();
    sandbox.write("code/packages/app/catalog-info.yaml", &component("app"));
    sandbox.write(
        "code/package.json",
        "{\"private\": true, \"workspaces\": [\"packages/*\"]}\n",
    );
    sandbox.write(
        "code/package-lock.json",
        "{\"lockfileVersion\": 3, \"packages\": {\"\": {}, \"node_modules/react\": {\"version\": \
         \"18.2.0\"}, \"packages/app/node_modules/lodash\": {\"version\": \"4.17.20\"}, \
         \"node_modules/lodash\": {\"version\": \"4.17.21\"}}}\n",
    );
    sandbox.write(
        "code/packages/app/package.json",
        "{\n  \"name\": \"app\",\n  \"version\": \"2.0.0\",\n  \"dependencies\": {\n    \
         \"react\": \"^18.0.0\",\n    \"lodash\": \"~4.17.0\",\n    \"mine\": \"workspace:*\",\n    \
         \"left\": \"npm:@scope/left-pad@^1.3.0\",\n    \"tar\": \"https://example.com/x.tgz\"\n  },\n  \
         \"devDependencies\": {\n    \"typescript\": \">=5.1 <6\"\n  },\n  \
         \"peerDependencies\": {\"vue\": \">=2\"}\n}\n",
    );
    sandbox.repository("code");
    let known = Known::of(&sandbox);
    let package = "code/packages/app/package.json";
    assert_known(
        &known,
        &[
            ("language", json!("typescript"), package),
            ("manifest.version", json!("2.0.0"), &format!("{package}:3")),
            ("dependency.react", json!("18.2.0"), &format!("{package}:5")),
            (
                "dependency.lodash",
                json!("4.17.20"),
                &format!("{package}:6"),
            ),
            ("dependency.mine", Value::Null, ""),
            (
                "dependency.@scope/left-pad",
                json!("1.3.0"),
                &format!("{package}:8"),
            ),
            ("dependency.tar", Value::Null, ""),
            (
                "dependency.typescript",
                json!("5.1"),
                &format!("{package}:12"),
            ),
            ("dependency.vue", Value::Null, ""),
            ("dependency.count", json!(6), package),
            ("lock-file.present", json!(true), "code/package-lock.json"),
        ],
    );
}

#[test]
fn go_versions_are_exact_and_replaced() {
    let sandbox = repository(&[(
        "go.mod",
        "module example.com/app\n\ngo 1.22\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.9.1\n\t\
         golang.org/x/net v0.10.0 // indirect\n\tgithub.com/old/lib v2.0.0+incompatible\n)\n\
         require example.com/mine v0.0.0\nreplace github.com/old/lib => github.com/new/lib v2.1.0\n\
         replace example.com/mine => ../mine\n",
    )]);
    let known = Known::of(&sandbox);
    assert_known(
        &known,
        &[
            ("language", json!("go"), "app/go.mod"),
            ("manifest.version", Value::Null, ""),
            (
                "dependency.github.com/gin-gonic/gin",
                json!("1.9.1"),
                "app/go.mod:6",
            ),
            ("dependency.golang.org/x/net", Value::Null, ""),
            ("dependency.github.com/old/lib", Value::Null, ""),
            (
                "dependency.github.com/new/lib",
                json!("2.1.0"),
                "app/go.mod:8",
            ),
            ("dependency.example.com/mine", Value::Null, ""),
            ("dependency.count", json!(3), "app/go.mod"),
        ],
    );
}

#[test]
fn python_is_read_in_all_the_ways_it_is_written() {
    let sandbox = repository(&[
        (
            "pyproject.toml",
            "[project]\nname = \"app\"\nversion = \"0.9.1\"\ndependencies = [\n  \"Django>=4.2,<5\",\n  \
             \"requests[socks] == 2.31.0 ; python_version > '3.8'\",\n]\n\
             [project.optional-dependencies]\ndev = [\"pytest~=7.4\"]\n[tool.poetry.dependencies]\n\
             python = \"^3.11\"\nflask_login = { version = \"^0.6\" }\n",
        ),
        (
            "uv.lock",
            "[[package]]\nname = \"django\"\nversion = \"4.2.7\"\n",
        ),
        (
            "worker/requirements.txt",
            "celery==5.3.4 \\\n  --hash=sha256:aa\nredis\n",
        ),
        (
            "legacy/setup.cfg",
            "[options]\ninstall_requires =\n    six >= 1.16\n    numpy\n",
        ),
    ]);
    let known = Known::of(&sandbox);
    assert_known(
        &known,
        &[
            ("language", json!("python"), "app/pyproject.toml"),
            ("manifest.version", json!("0.9.1"), "app/pyproject.toml:3"),
            ("dependency.django", json!("4.2.7"), "app/pyproject.toml:5"),
            (
                "dependency.requests",
                json!("2.31.0"),
                "app/pyproject.toml:6",
            ),
            ("dependency.pytest", json!("7.4"), "app/pyproject.toml:9"),
            (
                "dependency.flask-login",
                json!("0.6"),
                "app/pyproject.toml:12",
            ),
            ("dependency.python", Value::Null, ""),
            (
                "dependency.celery",
                json!("5.3.4"),
                "app/worker/requirements.txt:1",
            ),
            ("dependency.redis", Value::Null, ""),
            ("dependency.six", json!("1.16"), "app/legacy/setup.cfg:3"),
            ("dependency.count", json!(8), "app/pyproject.toml"),
        ],
    );
}

#[test]
fn requirements_that_are_all_pinned_are_a_lock_file() {
    let sandbox = repository(&[("requirements.txt", "a==1.0\nb==2.0\n")]);
    let known = Known::of(&sandbox);
    let fact = "lock-file.present";
    assert_known(&known, &[(fact, json!(true), "app/requirements.txt")]);
    sandbox.write("app/requirements.txt", "a==1.0\nb>=2.0\n");
    let known = Known::of(&sandbox);
    assert_known(&known, &[(fact, json!(false), "")]);
}

#[test]
fn a_program_of_a_go_module_is_locked_by_the_module() {
    let sandbox = Sandbox::new();
    for name in ["cmd/api", "tools/lint", "web"] {
        let descriptor = format!("mono/{name}/catalog-info.yaml");
        let component_name = name.replace('/', "-");
        sandbox.write(&descriptor, &component(&component_name));
    }
    sandbox.write("mono/go.mod", "module mono\nrequire example.com/x v1.0.0\n");
    sandbox.write("mono/go.sum", "example.com/x v1.0.0 h1:a=\n");
    sandbox.write("mono/cmd/api/main.go", "package main\n");
    // A module of its own has a lock file of its own, and what is not Go is not locked by Go.
    sandbox.write(
        "mono/tools/lint/go.mod",
        "module lint\nrequire example.com/y v1.0.0\n",
    );
    sandbox.write("mono/tools/lint/main.go", "package main\n");
    sandbox.write(
        "mono/web/package.json",
        "{\"dependencies\": {\"a\": \"^1.0.0\"}}",
    );
    sandbox.write("mono/web/embed.go", "package web\n");
    sandbox.repository("mono");
    let known = Known::of(&sandbox);
    let fact = "lock-file.present";
    assert_eq!(known.value("cmd-api", fact), json!(true));
    assert_eq!(known.evidence("cmd-api", fact), Some("mono/go.sum"));
    assert_eq!(known.value("tools-lint", fact), json!(false));
    assert_eq!(known.value("web", fact), json!(false));
}

#[test]
fn of_several_manifests_the_lowest_version_of_a_dependency_counts() {
    let sandbox = repository(&[
        ("a/go.mod", "module a\nrequire example.com/x v1.10.0\n"),
        ("b/go.mod", "module b\nrequire example.com/x v1.9.0\n"),
        ("c/go.mod", "module c\nrequire example.com/x v2.0.0\n"),
    ]);
    let known = Known::of(&sandbox);
    assert_known(
        &known,
        &[
            ("dependency.example.com/x", json!("1.9.0"), "app/b/go.mod:2"),
            ("dependency.count", json!(1), "app/a/go.mod"),
        ],
    );
}

#[test]
fn what_others_wrote_and_what_is_a_template_does_not_count() {
    let sandbox = repository(&[
        (
            "vendor/x/go.mod",
            "module x\nrequire example.com/a v1.0.0\n",
        ),
        ("testdata/pom.xml", "<project"),
        ("examples/small/package.json", "{}"),
        ("{{cookiecutter.slug}}/Cargo.toml", "["),
        (
            "tool/package.json",
            "{\"name\": \"{{ name }}\", {% if x %}}",
        ),
    ]);
    let known = Known::of(&sandbox);
    assert!(known.problems.is_empty(), "{known:?}");
    assert_known(
        &known,
        &[
            ("language", Value::Null, ""),
            ("dependency.count", Value::Null, ""),
        ],
    );
}

#[test]
fn a_broken_manifest_is_a_note_and_hides_nothing_else() {
    let sandbox = repository(&[
        ("Cargo.toml", "[package]\nname = \"app\"\nversion = \n"),
        ("package.json", "{\"name\": \"app\",}\n"),
        ("pom.xml", "<project><a></project>\n"),
        ("go.mod", "module app\nrequire example.com/x v1.0.0\n"),
    ]);
    let known = Known::of(&sandbox);
    let mut files: Vec<&str> = known
        .problems
        .iter()
        .map(|problem| problem.split('"').nth(1).unwrap_or_default())
        .collect();
    files.sort_unstable();
    assert_eq!(
        files,
        ["Cargo.toml", "package.json", "pom.xml"],
        "{known:?}"
    );
    assert!(
        known
            .problems
            .iter()
            .all(|problem| problem.starts_with("manifest: "))
    );
    assert_known(
        &known,
        &[
            ("dependency.example.com/x", json!("1.0.0"), "app/go.mod:2"),
            // How many there are is not known while some cannot be read.
            ("dependency.count", Value::Null, ""),
        ],
    );
}

#[test]
fn hostile_manifests_cost_little_and_say_nothing() {
    let deep = 200_000;
    let laughs = "<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
                  <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><project><version>&c;</version></project>";
    let doubled: Vec<String> = (1..60)
        .map(|n| format!("<p{n}>${{p{}}}${{p{}}}</p{n}>", n - 1, n - 1))
        .collect();
    let doubled = doubled.concat();
    let properties = format!(
        "<project><version>${{p59}}</version><properties><p0>1</p0>{doubled}\
         <x>${{x}}</x></properties><dependencies><dependency><groupId>g</groupId>\
         <artifactId>a</artifactId><version>${{x}}</version></dependency></dependencies></project>"
    );
    let many: Vec<String> = (0..20_000)
        .map(|n| format!("\"p{n}\": \"1.0.{n}\","))
        .collect();
    let many = many.concat();
    let many = format!("{{\"dependencies\": {{{many} \"last\": \"1\"}}}}");
    let cargo = format!("a = {}1{}", "[".repeat(deep), "]".repeat(deep));
    let sandbox = repository(&[
        ("deep/pom.xml", &format!("<project>{}", "<a>".repeat(deep))),
        ("laughs/pom.xml", laughs),
        ("properties/pom.xml", &properties),
        ("deep/package.json", &"[".repeat(deep)),
        ("many/package.json", &many),
        ("deep/Cargo.toml", &cargo),
        ("deep/build.gradle", &"{(\"".repeat(deep)),
        (
            "deep/pyproject.toml",
            &format!("{} = 1", vec!["a"; 5_000].join(".")),
        ),
        ("deep/go.mod", &"require (\n".repeat(deep)),
        (
            "names/requirements.txt",
            "\u{1b}[31mred==1\n../../etc/passwd==1\na b==1\n",
        ),
    ]);
    let start = std::time::Instant::now();
    let known = Known::of(&sandbox);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    let names = known
        .facts
        .keys()
        .filter(|(_, fact)| fact.starts_with("dependency."));
    assert!(
        names.count() <= 5_001,
        "no more than 5,000 dependencies and their count"
    );
    assert_eq!(known.value("app", "dependency.a"), Value::Null);
    assert_eq!(known.value("app", "manifest.version"), Value::Null);
    assert!(known.problems.len() >= 5, "{:?}", known.problems);
}
