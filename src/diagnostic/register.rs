//! The codes of problems that are found while reading. The checks of the catalog bring their
//! own, one file each.

use super::Severity::{Error, Note, Warning};
use super::{Code, Severity};

type History = &'static [(&'static str, Severity)];

const ERROR: History = &[("0.1", Error)];
const WARNING: History = &[("0.1", Warning)];
const NOTE: History = &[("0.1", Note)];

macro_rules! codes {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $history:ident, $page:literal;)*) => {
        $($(#[$doc])* pub static $constant: Code = Code::new($name, $history, $page);)*

        /// All codes of this register, in the order of the source.
        pub static CODES: &[&Code] = &[$(&$constant),*];
    };
}

codes! {
    /// The text is not YAML.
    YAML_SYNTAX = "yaml-syntax", ERROR, "The document is not valid YAML.

Nothing of the document is in the catalog; other documents of the same file are read as if it
were not there. The place is where the parser gave up; the mistake is there or just before it.

Frequent causes: a value that begins with `@`, `` ` `` or `%` without quotes (`owner: \"@team\"`), a
tab used for indentation, a `:` followed by a space inside an unquoted value, a quote or bracket
that is never closed.";

    /// A key twice in one mapping.
    YAML_DUPLICATE_KEY = "yaml-duplicate-key", ERROR, "A mapping has the same key twice.

Which of the two is meant cannot be known, so the document is refused, as Backstage does. The
place is the second key. Merge the two or delete one.";

    /// A budget was used up.
    YAML_LIMIT = "yaml-limit", ERROR, "The document is larger or deeper than any real descriptor.

Limits: 4 MiB a file, 128 levels of nesting, 250,000 nodes a file with every alias counted as
often as it is used, 16 MiB of text that aliases repeat. They stop a file of a few kilobytes from becoming gigabytes in memory.
Split the file, or write the values out instead of repeating aliases.";

    /// A version that changes what values mean.
    YAML_VERSION = "yaml-version", WARNING, "A `%YAML` directive changes what values mean.

Under `%YAML 1.1` the words `yes`, `no`, `on` and `off` are booleans and `012` is ten. The
directive is obeyed, as Backstage does. Delete it, unless that is what you want.";

    /// A tag that nobody knows.
    YAML_TAG = "yaml-tag", WARNING, "A value has a tag that means nothing here.

Tags such as `!Ref` or `!include` belong to other tools. The value is read as if the tag were
not there; nothing is included or executed.";

    /// Bytes that are not UTF-8.
    INVALID_UTF8 = "invalid-utf8", WARNING, "The file is not UTF-8.

Each wrong byte was replaced by U+FFFD, as Backstage does, so a name or tag with one is refused.
Save the file as UTF-8.";

    /// A file over the limit.
    FILE_TOO_LARGE = "file-too-large", ERROR, "The file is larger than a descriptor may be.

Files over 4 MiB are not read. Move large API definitions into files of their own and refer to
them with `$text`.";

    /// A file or folder that could not be read.
    UNREADABLE = "unreadable", WARNING, "A file or folder cannot be read.

Everything else was read; what is in there is missing from the catalog, so the exit code is 3
where that could change the answer. Check its permissions.";

    /// A link that leads outside.
    OUTSIDE_REPOSITORY = "outside-repository", WARNING, "A symbolic link leads out of its repository.

It is not followed, and its content is never shown: whoever can commit a link must not be able
to publish files of the machine that reads it. Put the file itself into the repository.";

    /// Something that is not a file.
    NOT_A_REGULAR_FILE = "not-a-regular-file", WARNING, "Something has a descriptor's name but is no regular file.

Named pipes, devices and sockets are neither waited for nor read.";

    /// A file with a descriptor's name and other content.
    NOT_A_DESCRIPTOR = "not-a-descriptor", NOTE, "A file has a descriptor's name but declares no entity.

It has neither `kind` nor `metadata`, so it is something else, for instance a workflow called
`catalog-info.yml`. It is left out. Rename it if that bothers you.";

    /// Git could not say what is asked.
    GIT_UNAVAILABLE = "git-unavailable", NOTE, "Git's data of a repository cannot be read.

The descriptors in its work tree are read all the same. What only Git knows (history, other
commits, authors) is unknown, never empty. The message says why: another owner, a format that
this version cannot read (SHA-256, reftable), or damage.";

    /// One repository twice.
    REPOSITORY_TWICE = "repository-twice", NOTE, "The same repository was found twice.

Two folders have the same remote, or one is a work tree of the other. It is read once, from
the first folder in byte order. Name the folder you mean with `--workspace` or `repositories:`.";

    /// The root is not a mapping.
    ROOT_NOT_A_MAPPING = "root-not-a-mapping", ERROR, "The document is not a mapping.

A descriptor is a mapping with `apiVersion`, `kind`, `metadata` and `spec`. Several entities of
one file are several documents, separated by `---`, not a list.";

    /// A field that must be there.
    MISSING_FIELD = "missing-field", ERROR, "A required field is missing.

Backstage refuses the entity without it. The message says where it belongs and what it holds.";

    /// A field with a value that is not allowed.
    INVALID_FIELD = "invalid-field", ERROR, "A field has a value that is not allowed.

Backstage refuses the entity. The message says what is allowed and what was found.
`devportal schema` prints the JSON Schema that is enforced, which editors understand too.";

    /// A name that is none.
    INVALID_NAME = "invalid-name", ERROR, "A name is not allowed.

Names have 1 to 63 characters: letters and digits, separated by any of `-`, `_` and `.`.
Namespaces are lower case, separated by `-`.";

    /// An annotation that is not a text.
    ANNOTATION_NOT_STRING = "annotation-not-string", ERROR, "The value of an annotation or label is not a text.

Numbers, booleans and dates must be quoted: `pagerduty.com/service-id: \"481516\"`. Backstage
refuses the whole entity otherwise.";

    /// A field at the root that does not belong there.
    UNKNOWN_ROOT_FIELD = "unknown-root-field", ERROR, "The document has a root field that Backstage does not allow.

Only `apiVersion`, `kind`, `metadata` and `spec` are allowed at the root. `relations` and
`status` are made by the catalog, never written.";

    /// A field that nobody knows.
    UNKNOWN_FIELD = "unknown-field", WARNING, "A field of `metadata` or `spec` is unknown.

Backstage takes it silently and does nothing with it, so a misspelt `consumesApi` loses a relation
without a word. Correct the name, or move facts of your own into `metadata.annotations`.";

    /// A kind that nobody declared.
    UNKNOWN_KIND = "unknown-kind", ERROR, "Nobody has declared this kind of entity.

A Backstage without a plug-in for it refuses it. The entity stays findable, marked invalid.
Declare the kind in `devportal.yaml` (`kinds: {Service: {}}`), with the path of a JSON Schema if
its shape is to be checked (`kinds: {Service: {schema: schemas/service.json}}`), or correct it.";

    /// A kind or type that only an alpha module accepts.
    ALPHA_MODEL = "alpha-model", ERROR, "Only an alpha module of Backstage accepts this entity.

The kind `AiResource` and APIs of type `mcp-server` with `remotes` are refused by a Backstage
without that module. If yours has it, say so in `devportal.yaml`: `backstage: {alpha: true}`.";

    /// A reference that cannot be read.
    INVALID_REFERENCE = "invalid-reference", ERROR, "A reference to another entity is malformed.

References are `[kind:][namespace/]name`. `dependsOn` and `dependencyOf` need the kind, for
instance `component:orders` or `resource:orders-database`.";

    /// A placeholder that leads nowhere.
    INVALID_PLACEHOLDER = "invalid-placeholder", ERROR, "A `$text`, `$json` or `$yaml` cannot be resolved.

The file must exist in the same repository (since catalog-backend 4.0) and be readable; `$json`
and `$yaml` must be one valid document. Paths are relative to the descriptor.";

    /// A file with no template in it.
    NOT_A_TEMPLATE = "not-a-template", ERROR, "There is no template here that can be run.

A template is a document of the kind `Template` with the version
`scaffolder.backstage.io/v1beta3`. Older versions (`backstage.io/v1alpha1`, `backstage.io/v1beta2`)
are refused, as Backstage has refused them since 2022: set the new version, write parameters as
`${{ parameters.x }}` instead of `{{ parameters.x }}`, and rename `templater: cookiecutter` steps.";

    /// A definition of an API with a mistake.
    INVALID_DEFINITION = "invalid-definition", WARNING, "The definition of an API has a mistake.

`devportal api` lists what it understands of a definition, so an operation may be missing from its
answer. The message says what is wrong, and where. Only `devportal api` reports this, because
nothing else reads definitions.";

    /// A definition of an API that was not read.
    DEFINITION_NOT_READ = "definition-not-read", NOTE, "The definition of an API was not read.

Its operations are unknown. OpenAPI 2 and 3, AsyncAPI 2 and 3, GraphQL and protobuf are read, from
the descriptor or from a file of a repository in sight, up to 4 MiB, 128 levels of nesting and
250,000 nodes. Nothing is fetched. Only `devportal api` reports this.";

    /// A link that is no URL.
    INVALID_URL = "invalid-url", ERROR, "A URL cannot be parsed.

Write it in full, with its scheme: `https://example.com/runbook`.";

    /// A target of a Location that leads nowhere.
    LOCATION_TARGET = "location-target", WARNING, "A target of a Location leads nowhere.

Relative targets must exist in the same repository; URL targets are read when they name a
repository of this workspace, and are never fetched. `presence: optional` silences this.";

    /// Locations that lead to themselves.
    LOCATION_CYCLE = "location-cycle", WARNING, "Locations lead back to themselves.

Each file is read once all the same. Remove one of the targets.";

    /// An annotation or navigation that leads to no page.
    DOCUMENTATION_NOT_FOUND = "documentation-not-found", WARNING, "An annotation or a navigation leads to no documentation.

`backstage.io/techdocs-ref`, `backstage.io/techdocs-entity`, or an entry of `nav` in `mkdocs.yml`
names what is not there, so nobody can read it. `devportal docs` reports it when it meets it.
Correct the path, or take it out.";

    /// A line of a file of deployments that is none.
    DEPLOYMENT_EVENT = "deployment-event", WARNING, "A line of `deployments/*.jsonl` is no deployment.

The line is left out, so what is counted from deployments lacks it. A line is one JSON object with
`at` (a date and time with an offset), and may have `environment`, `version`, `commit`, `status`
(`success`, `failure`, `rollback`), `entity` and `url`. The place is the first such line of the file.";

    /// A pattern of release tags that is none.
    RELEASE_TAGS = "release-tags", WARNING, "An annotation that says which tags are releases has no pattern.

`devportal.dev/release-tags` is a glob as `payments-v*`, in which `*` stands for anything. Until it
is one, nothing is known of the releases of the entity.";

    /// Files of other portals.
    FOREIGN_FORMAT = "foreign-format", NOTE, "There are descriptors of other portals that are not read yet.

They are counted so that nobody believes the catalog to be complete without them.";

    /// A parameter that no page asks for.
    TEMPLATE_UNKNOWN_PARAMETER = "template-unknown-parameter", WARNING, "A step or the output uses a parameter that no page of the template asks for.

`${{ parameters.x }}` is nothing then: the input that it stands for is left out, or a text has a
hole in it. Correct the name, or add the parameter to a page.";

    /// An output that no earlier step leaves.
    TEMPLATE_UNKNOWN_OUTPUT = "template-unknown-output", WARNING, "An expression uses an output that no earlier step leaves.

There is no such step, it runs later, or its action has no output of that name, so that
`${{ steps.x.output.y }}` is nothing. A step whose id has a `-` in it is written
`steps['fetch-base']`, because `-` subtracts.";

    /// A value that the step does not give.
    TEMPLATE_UNKNOWN_VALUE = "template-unknown-value", WARNING, "A file uses a value that the step which renders it does not give.

Files see what stands under `values:` of their step, as `${{ values.x }}`, and nothing else. Here,
printing a value that is not there fails; in Backstage it leaves a hole in the file. Correct the
name, or add the value to the step. A value that is only asked for in a condition is a note.";

    /// A name that does not exist.
    TEMPLATE_UNKNOWN_NAME = "template-unknown-name", WARNING, "An expression uses a name that does not exist where it stands.

Steps and the output know `parameters`, `steps`, `secrets`, `user`, `context` and `environment`,
and steps with `each` also `each`. Files know `values` alone: hand on a parameter in `values:` of
the step.";

    /// A parameter that nothing uses.
    TEMPLATE_UNUSED_PARAMETER = "template-unused-parameter", NOTE, "A parameter is asked for, and nothing uses the answer.

Whoever runs the template answers for nothing. Use it in a step, or take it out.";

    /// A value that nothing uses.
    TEMPLATE_UNUSED_VALUE = "template-unused-value", NOTE, "A step gives a value that none of the files it renders uses.

That is often what is left when a file was taken out, and sometimes a misspelt name in a file.
Take it out, or use it.";

    /// What does something else in Backstage.
    TEMPLATE_DIFFERS = "template-differs", WARNING, "A construct does something else here than in Backstage.

The template makes one thing with devportal and another with Backstage. The message says what
differs, and the help what both understand.";

    /// An expression or statement that cannot be read.
    TEMPLATE_SYNTAX = "template-syntax", ERROR, "An expression or statement of a template cannot be read.

A file with one cannot be rendered, so the template fails. In the input of a step the text stays
as it is written, in Backstage, too. Text that looks like an expression and is none, as in workflows of
GitHub, goes between `{% raw %}` and `{% endraw %}`, or its file under `copyWithoutTemplating`.";

    /// An expression of another program.
    TEMPLATE_FOREIGN_EXPRESSION = "template-foreign-expression", WARNING, "A file that is rendered has expressions of another program.

`${{ github.ref }}` and `${{ secrets.TOKEN }}` of a workflow look like expressions of the template,
which knows no such names: they are replaced by nothing. Put them between `{% raw %}` and
`{% endraw %}`, or name the file under `copyWithoutTemplating` of the step.";

    /// An old name of an input.
    TEMPLATE_COPY_WITHOUT_RENDER = "template-copy-without-render", WARNING, "A step uses `copyWithoutRender`, which does nothing.

Backstage takes it and ignores it since version 2.0 of the scaffolder, and so does devportal: the
files are rendered. Write `copyWithoutTemplating`, which also renders the names of the files.";

    /// A path that may not be written to or read from.
    TEMPLATE_PATH_REFUSED = "template-path-refused", ERROR, "A template reads or writes where it may not.

A template reads only from its own repository and writes only below its destination. Absolute
paths, `..` that leads out, Git's own data, and names that some system does not take are refused.";

    /// A link that leads out.
    TEMPLATE_LINK_OUTSIDE = "template-link-outside", ERROR, "A link among the files of a template leads out of what it makes.

Such a link would show files of the machine that follows it, so the template is refused. Put the
file itself there, or link to a file of the new repository with a relative path.";

    /// Two files that become one.
    TEMPLATE_PATH_CLASH = "template-path-clash", ERROR, "Two files of a template become one.

They are written to the same path, or to paths that differ only in upper and lower case, which are
one on macOS and Windows. Rename one of them.";

    /// A folder or file that is not there.
    TEMPLATE_MISSING_SOURCE = "template-missing-source", ERROR, "A step fetches what is not there.

`url` names no folder or file of the template's repository, relative to its `template.yaml`, so
the step fails. Correct the path.";

    /// Files that could not be looked at.
    TEMPLATE_SOURCE_UNREAD = "template-source-unread", NOTE, "The files that a step fetches were not looked at.

They lie in another repository that is not in sight. Clone it into the workspace, or let it be
fetched with `--fetch`.";

    /// An action that is not known.
    TEMPLATE_UNKNOWN_ACTION = "template-unknown-action", WARNING, "A step has an action that is not known here.

Actions of your own Backstage are not known to devportal: the template is refused unless
`--skip-unsupported` leaves the step out, or `actions` of the user's configuration names a program
for it. That is a note, unless the name looks like a misspelt one.";

    /// A file that is too large to be rendered.
    TEMPLATE_FILE_TOO_LARGE = "template-file-too-large", WARNING, "A file has expressions, and is too large to be rendered.

Files over 256 KiB are copied as they are, with their `${{ }}`. Split the file, or name it under
`copyWithoutTemplating` to say that this is what you want.";

    /// A rule that cannot be evaluated.
    INVALID_RULE = "invalid-rule", ERROR, "A rule of a scorecard or a campaign cannot be evaluated.

It names a fact, a field or a function that there is not, a level that its scorecard does not
have, or its query or expression is not written as the language asks. `devportal facts list`
prints all facts, and `devportal help query` explains queries. A rule that cannot be is never
taken for one that holds.";

    /// An exemption that cannot be.
    INVALID_EXEMPTION = "invalid-exemption", ERROR, "An exemption cannot be.

Its query is none, its date is no day of the calendar, it names a rule that there is not, or who
agreed is no User or Group of the catalog. It exempts nobody until it is corrected. Where a single
repository is looked at, or the catalog has no Users at all, who agreed may be out of sight: that is
a note or a warning, and the exemption counts.";

    /// An entity that does not follow a rule of a scorecard.
    SCORECARD_RULE = "scorecard-rule", WARNING, "An entity does not follow a rule of a scorecard.

`devportal score` reports it where findings are wanted: with `--format sarif`, `junit` or `github`.
It is an error when the level that `--fail-under` asks for needs the rule. `devportal score REF` says
on what it was decided and how to fix it; an exemption in the scorecard, with a reason and a last day,
is for what cannot be fixed now.";

    /// A manifest that cannot be read.
    MANIFEST = "manifest", NOTE, "A manifest cannot be read, so its dependencies are not known.

Facts about language, version and dependencies come from `Cargo.toml`, `package.json`, `pom.xml`,
`build.gradle`, `go.mod`, `pyproject.toml` and their likes. This one has a mistake, is larger than
4 MiB, or is a link that leads out of the repository; nothing of it is executed to find out more.
What it declares is unknown, everything else was read. Correct the file: its own tool would
refuse it as well.";

    /// A line of the ledger that cannot be read.
    LEDGER_LINE = "ledger-line", WARNING, "A line of the ledger of facts cannot be read.

The ledger is lines of JSON in `facts/SOURCE/YYYY-MM/DD-WRITER.jsonl`. A line that is none is skipped,
and the others count. A last line without its end comes from a run that ended in the middle: what
it did not write is written by the next run. Any other such line was changed by hand or by a merge:
restore it from Git's history, or delete it.";

    /// A value that is not what the fact is.
    LEDGER_VALUE = "ledger-value", WARNING, "A value of the ledger is not what its fact is.

Each fact is declared with the type of its values (`devportal facts list`); a value of another type
is skipped, so the fact is what it was before. Correct the source that writes it, or the declaration
under `facts` of `devportal.yaml`.";

    /// A line of a time that has not come.
    FACT_FROM_THE_FUTURE = "fact-from-the-future", WARNING, "A fact was observed in the future.

The clock of the machine that wrote the line was ahead, or the one here is behind. The line does not
count before its time has come, so it cannot outlast what is observed later. Five minutes are forgiven.";

    /// A name of the ledger that is not known.
    LEDGER_UNKNOWN = "ledger-unknown", NOTE, "The ledger has facts or entities that are not known here.

They are kept in the files and not shown. Facts of a newer devportal are unknown to an older one; facts of
your own are declared under `facts` of `devportal.yaml`. An entity that was renamed names its old
reference in the annotation `devportal.dev/renamed-from`, and its facts follow it.";
    /// A file of a tool that is not read, or not all of it.
    IMPORT_UNREAD = "import-unread", WARNING, "A file that `imports:` names is not read, or not all of it.

What it would say is not known, and nothing stands in for it. A pattern may name no file at this
moment; a file may be of another format than `format` says, or be cut off; what it says may be
about nothing in the catalog. Annotations such as `pagerduty.com/service-id`, and `entity` beside
the pattern, say what a file is about. A repository speaks only for the entities that are at home in
it or described by it; the organisation's file speaks for all.";

    /// The configuration is wrong.
    CONFIGURATION = "configuration", ERROR, "`devportal.yaml` has a mistake.

The setting is left out and everything else is read. `devportal config show` prints what holds
and where it comes from.";
}
