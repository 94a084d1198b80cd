//! What every format makes of findings and views, and that none lets text of others act.

#![expect(
    clippy::needless_raw_string_hashes,
    reason = "snapbox writes the snapshots"
)]

mod badges;
mod charts;
mod drawings;
mod hostile;
mod html;
mod limits;
mod markdown_reader;
mod sample;

use devportal::output::{Findings, Terminal, diagnostic_line};
use devportal::view::{Block, View};
use snapbox::{IntoData, assert_data_eq, str};

use sample::{NARROW, findings, sample, sample_view, written, written_view};

#[test]
fn human() {
    assert_data_eq!(
        written("human", &findings(&sample()), &NARROW),
        str![[r#"
error[duplicate]: "component:default/payments" is declared twice
 --> payments/catalog-info.yaml:4:9
  |
4 |   name: payments
  |         ^^^^^^^^
  |
  = note: declared here, too: orders/docs/my catalog.yaml:4:9

error[invalid-field]: "Java\u{1b}[2J\u{a}::error::" is no tag
 --> payments/catalog-info.yaml:5:10
  |
5 |   tags: [Java]
  |          ^^^^
  |
  = help: tags are lower case: 100% of them

warning[dangling-reference]: spec.owner "group:default/platform" does not exist
 --> orders/catalog-info.yaml:8:9
  |
8 |     owner: platform
  |            ^^^^^^^^
  |
  = help: declare it, or correct it to "group:default/platforms"
  also orders/catalog-info.yaml:30:10: spec.owner "group:default/platform" does…
  also payments/catalog-info.yaml:8:9: spec.owner "group:default/platform" does…

note[no-groups]: there is no Group here; 44 owners are unchecked

SEVERITY  CODE                COUNT  WHAT IT IS
error     duplicate               1  Two documents declare one entity.
error     invalid-field           1  A field has a value that is not allowed.
warning   dangling-reference      3  A reference leads to no entity.
note      no-groups               1  The workspace has no groups.

what would cure most
- 3 findings of dangling-reference are about "group:default/platform": declare
  it, or correct it to "group:default/platforms"

checked 3 entities in 2 repositories: 2 errors, 3 warnings, 1 note

"#]]
        .raw()
    );
}

#[test]
fn human_all_coloured_incomplete() {
    let found = sample();
    let findings = Findings {
        all: true,
        complete: false,
        accepted: 17,
        ..findings(&found[2..5])
    };
    let shown = written(
        "human",
        &findings,
        &Terminal {
            width: 120,
            color: true,
            links: None,
        },
    );
    assert_data_eq!(shown.replace('\u{1b}', "ESC"), str![[r#"
ESC[1mESC[31merror[duplicate]ESC[0mESC[1m: "component:default/payments" is declared twiceESC[0m
 ESC[1mESC[94m--> ESC[0mpayments/catalog-info.yaml:4:9
  ESC[1mESC[94m|ESC[0m
ESC[1mESC[94m4ESC[0m ESC[1mESC[94m|ESC[0m   name: payments
  ESC[1mESC[94m|ESC[0m         ESC[1mESC[31m^^^^^^^^ESC[0m
  ESC[1mESC[94m|ESC[0m
  ESC[1mESC[94m= ESC[0mESC[1mnoteESC[0m: declared here, too: orders/docs/my catalog.yaml:4:9

ESC[1mESC[31merror[invalid-field]ESC[0mESC[1m: "Java\u{1b}[2J\u{a}::error::" is no tagESC[0m
 ESC[1mESC[94m--> ESC[0mpayments/catalog-info.yaml:5:10
  ESC[1mESC[94m|ESC[0m
ESC[1mESC[94m5ESC[0m ESC[1mESC[94m|ESC[0m   tags: [Java]
  ESC[1mESC[94m|ESC[0m          ESC[1mESC[31m^^^^ESC[0m
  ESC[1mESC[94m|ESC[0m
  ESC[1mESC[94m= ESC[0mESC[1mhelpESC[0m: tags are lower case: 100% of them

ESC[1mESC[33mwarning[dangling-reference]ESC[0mESC[1m: spec.owner "group:default/platform" does not existESC[0m
ESC[1mESC[94m--> ESC[0morders/catalog-info.yaml:30:10
 ESC[1mESC[94m= ESC[0mESC[1mhelpESC[0m: declare it, or correct it to "group:default/platforms"

ESC[2mSEVERITYESC[0m  ESC[2mCODEESC[0m                ESC[2mCOUNTESC[0m  ESC[2mWHAT IT ISESC[0m
ESC[38;5;1mESC[1merrorESC[0m     ESC[1mduplicateESC[0m               1  Two documents declare one entity.
ESC[38;5;1mESC[1merrorESC[0m     ESC[1minvalid-fieldESC[0m           1  A field has a value that is not allowed.
ESC[38;5;3mwarningESC[39m   ESC[1mdangling-referenceESC[0m      1  A reference leads to no entity.

checked 3 entities in 2 repositories: ESC[1mESC[31m2 errorsESC[0m, ESC[33m1 warningESC[0m ESC[2m(17 accepted by the baseline)ESC[0m
ESC[33mnot everything was in sight: what is missing could change thisESC[0m

"#]].raw());
}

#[test]
fn human_in_order() {
    assert_data_eq!(
        written("human", &findings(&[]), &NARROW),
        str![[r#"
checked 3 entities in 2 repositories: everything is in order

"#]]
        .raw()
    );
}

/// Green is only for who looked at something, and at all of it.
#[test]
fn human_says_nothing_of_what_it_did_not_see() {
    let nothing = Findings {
        entities: 0,
        ..findings(&[])
    };
    let shown = written("human", &nothing, &NARROW);
    assert_eq!(
        shown,
        "checked 0 entities in 2 repositories: there is nothing to check\n"
    );
    let partly = Findings {
        complete: false,
        ..findings(&[])
    };
    let shown = written("human", &partly, &NARROW);
    assert!(shown.starts_with("checked 3 entities in 2 repositories: nothing was found\n"));
}

#[test]
fn concise() {
    assert_data_eq!(
        written("concise", &findings(&sample()), &NARROW),
        str![[r#"
note[no-groups] there is no Group here; 44 owners are unchecked
orders/catalog-info.yaml:8:9: warning[dangling-reference] spec.owner "group:default/platform" does not exist
orders/catalog-info.yaml:30:10: warning[dangling-reference] spec.owner "group:default/platform" does not exist
payments/catalog-info.yaml:4:9: error[duplicate] "component:default/payments" is declared twice
payments/catalog-info.yaml:5:10: error[invalid-field] "Java\u{1b}[2J\u{a}::error::" is no tag
payments/catalog-info.yaml:8:9: warning[dangling-reference] spec.owner "group:default/platform" does not exist

"#]].raw()
    );
    assert_eq!(
        diagnostic_line(&sample()[4]),
        r#"error: payments/catalog-info.yaml:5:10: "Java\u{1b}[2J\u{a}::error::" is no tag"#
    );
}

#[test]
fn json() {
    assert_data_eq!(
        written("json", &findings(&sample()[3..5]), &NARROW),
        str![[r#"
{
  "schema": "devportal.check/v1",
  "complete": true,
  "summary": {
    "errors": 2,
    "warnings": 0,
    "notes": 0,
    "accepted": 0,
    "repositories": 2,
    "documents": 4,
    "entities": 3
  },
  "findings": [
    {
      "code": "duplicate",
      "severity": "error",
      "message": "\"component:default/payments\" is declared twice",
      "help": null,
      "repository": "github.com/acme/payments",
      "path": "payments/catalog-info.yaml",
      "line": 4,
      "column": 9,
      "endLine": 4,
      "endColumn": 17,
      "ref": "component:default/payments",
      "fingerprint": "9bde3e15e40ed6cdd13c3e8314dd4ff8",
      "related": [
        {
          "path": "orders/docs/my catalog.yaml",
          "line": 4,
          "column": 9,
          "message": "declared here, too"
        }
      ]
    },
    {
      "code": "invalid-field",
      "severity": "error",
      "message": "\"Java\u001b[2J\n::error::\" is no tag",
      "help": "tags are lower case: 100% of them",
      "repository": "github.com/acme/payments",
      "path": "payments/catalog-info.yaml",
      "line": 5,
      "column": 10,
      "endLine": 5,
      "endColumn": 14,
      "ref": "component:default/payments",
      "fingerprint": "e867b069d56bce85ac3fbabc875cfb4b",
      "related": []
    }
  ]
}

"#]]
        .raw()
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a whole document")]
fn sarif() {
    let shown = written("sarif", &findings(&sample()[..4]), &NARROW);
    assert_data_eq!(
        shown.replace(env!("CARGO_PKG_VERSION"), "VERSION"),
        str![[r#"
{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "devportal",
          "semanticVersion": "VERSION",
          "informationUri": "https://github.com/devportal/devportal",
          "rules": [
            {
              "id": "dangling-reference",
              "shortDescription": {
                "text": "A reference leads to no entity."
              },
              "fullDescription": {
                "text": "A reference leads to no entity."
              },
              "help": {
                "text": "Declare the entity or correct the reference.",
                "markdown": "Declare the entity or correct the reference."
              },
              "defaultConfiguration": {
                "level": "warning"
              }
            },
            {
              "id": "duplicate",
              "shortDescription": {
                "text": "Two documents declare one entity."
              },
              "fullDescription": {
                "text": "Two documents declare one entity."
              },
              "help": {
                "text": "Two documents declare one entity.",
                "markdown": "Two documents declare one entity."
              },
              "defaultConfiguration": {
                "level": "error"
              }
            },
            {
              "id": "no-groups",
              "shortDescription": {
                "text": "The workspace has no groups."
              },
              "fullDescription": {
                "text": "The workspace has no groups."
              },
              "help": {
                "text": "The workspace has no groups.",
                "markdown": "The workspace has no groups."
              },
              "defaultConfiguration": {
                "level": "note"
              }
            }
          ]
        }
      },
      "invocations": [
        {
          "executionSuccessful": true,
          "toolExecutionNotifications": []
        }
      ],
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "duplicate",
          "ruleIndex": 1,
          "level": "error",
          "message": {
            "text": "\"component:default/payments\" is declared twice"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "payments/catalog-info.yaml"
                },
                "region": {
                  "startLine": 4,
                  "startColumn": 9,
                  "endLine": 4,
                  "endColumn": 17
                }
              }
            }
          ],
          "partialFingerprints": {
            "devportal/v1": "9bde3e15e40ed6cdd13c3e8314dd4ff8"
          },
          "relatedLocations": [
            {
              "id": 0,
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "orders/docs/my%20catalog.yaml"
                },
                "region": {
                  "startLine": 4,
                  "startColumn": 9,
                  "endLine": 4,
                  "endColumn": 17
                }
              },
              "message": {
                "text": "declared here, too"
              }
            }
          ]
        },
        {
          "ruleId": "dangling-reference",
          "ruleIndex": 0,
          "level": "warning",
          "message": {
            "text": "spec.owner \"group:default/platform\" does not exist\ndeclare it, or correct it to \"group:default/platforms\""
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "orders/catalog-info.yaml"
                },
                "region": {
                  "startLine": 8,
                  "startColumn": 9,
                  "endLine": 8,
                  "endColumn": 17
                }
              }
            }
          ],
          "partialFingerprints": {
            "devportal/v1": "1b43c83838b01d215fe725f3b5486f66"
          }
        },
        {
          "ruleId": "dangling-reference",
          "ruleIndex": 0,
          "level": "warning",
          "message": {
            "text": "spec.owner \"group:default/platform\" does not exist\ndeclare it, or correct it to \"group:default/platforms\""
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "orders/catalog-info.yaml"
                },
                "region": {
                  "startLine": 30,
                  "startColumn": 10,
                  "endLine": 30,
                  "endColumn": 18
                }
              }
            }
          ],
          "partialFingerprints": {
            "devportal/v1": "1b43c83838b01d215fe725f3b5486f66"
          }
        },
        {
          "ruleId": "no-groups",
          "ruleIndex": 2,
          "level": "note",
          "message": {
            "text": "there is no Group here; 44 owners are unchecked"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "devportal.yaml"
                },
                "region": {
                  "startLine": 1
                }
              }
            }
          ],
          "partialFingerprints": {
            "devportal/v1": "0a6b9d732646a6efb6103bd30717eb5b"
          }
        }
      ]
    }
  ]
}

"#]].raw()
    );
}

#[test]
fn github() {
    assert_data_eq!(
        written("github", &findings(&sample()), &NARROW),
        str![[r#"
::error file=payments/catalog-info.yaml,line=4,col=9,endLine=4,endColumn=17,title=duplicate::"component:default/payments" is declared twice
::error file=payments/catalog-info.yaml,line=5,col=10,endLine=5,endColumn=14,title=invalid-field::"Java\u{1b}[2J\u{a}::error::" is no tag%0Ahelp: tags are lower case: 100%25 of them
::warning file=orders/catalog-info.yaml,line=8,col=9,endLine=8,endColumn=17,title=dangling-reference::spec.owner "group:default/platform" does not exist%0Ahelp: declare it, or correct it to "group:default/platforms"
::warning file=orders/catalog-info.yaml,line=30,col=10,endLine=30,endColumn=18,title=dangling-reference::spec.owner "group:default/platform" does not exist%0Ahelp: declare it, or correct it to "group:default/platforms"
::warning file=payments/catalog-info.yaml,line=8,col=9,endLine=8,endColumn=17,title=dangling-reference::spec.owner "group:default/platform" does not exist%0Ahelp: declare it, or correct it to "group:default/platforms"
::notice title=no-groups::there is no Group here; 44 owners are unchecked

"#]].raw()
    );
}

#[test]
fn junit() {
    assert_data_eq!(written("junit", &findings(&sample()), &NARROW), str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="devportal check" tests="6" failures="5" errors="0" skipped="1">
  <testsuite name="dangling-reference" tests="3" failures="3" errors="0" skipped="0">
    <testcase name="orders/catalog-info.yaml:8:9" classname="dangling-reference" file="orders/catalog-info.yaml">
      <failure type="warning" message="spec.owner &quot;group:default/platform&quot; does not exist">spec.owner &quot;group:default/platform&quot; does not exist
at: orders/catalog-info.yaml:8:9
help: declare it, or correct it to &quot;group:default/platforms&quot;</failure>
    </testcase>
    <testcase name="orders/catalog-info.yaml:30:10" classname="dangling-reference" file="orders/catalog-info.yaml">
      <failure type="warning" message="spec.owner &quot;group:default/platform&quot; does not exist">spec.owner &quot;group:default/platform&quot; does not exist
at: orders/catalog-info.yaml:30:10
help: declare it, or correct it to &quot;group:default/platforms&quot;</failure>
    </testcase>
    <testcase name="payments/catalog-info.yaml:8:9" classname="dangling-reference" file="payments/catalog-info.yaml">
      <failure type="warning" message="spec.owner &quot;group:default/platform&quot; does not exist">spec.owner &quot;group:default/platform&quot; does not exist
at: payments/catalog-info.yaml:8:9
help: declare it, or correct it to &quot;group:default/platforms&quot;</failure>
    </testcase>
  </testsuite>
  <testsuite name="duplicate" tests="1" failures="1" errors="0" skipped="0">
    <testcase name="payments/catalog-info.yaml:4:9" classname="duplicate" file="payments/catalog-info.yaml">
      <failure type="error" message="&quot;component:default/payments&quot; is declared twice">&quot;component:default/payments&quot; is declared twice
at: payments/catalog-info.yaml:4:9
note: declared here, too: orders/docs/my catalog.yaml:4:9</failure>
    </testcase>
  </testsuite>
  <testsuite name="invalid-field" tests="1" failures="1" errors="0" skipped="0">
    <testcase name="payments/catalog-info.yaml:5:10" classname="invalid-field" file="payments/catalog-info.yaml">
      <failure type="error" message="&quot;Java\u{1b}[2J\u{a}::error::&quot; is no tag">&quot;Java\u{1b}[2J\u{a}::error::&quot; is no tag
at: payments/catalog-info.yaml:5:10
help: tags are lower case: 100% of them</failure>
    </testcase>
  </testsuite>
  <testsuite name="no-groups" tests="1" failures="0" errors="0" skipped="1">
    <testcase name="workspace" classname="no-groups">
      <skipped message="there is no Group here; 44 owners are unchecked"/>
    </testcase>
  </testsuite>
</testsuites>

"#]].raw());
    assert_data_eq!(written("junit", &findings(&[]), &NARROW), str![[r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="devportal check" tests="1" failures="0" errors="0" skipped="0">
  <testsuite name="check" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="checked 3 entities in 2 repositories: everything is in order" classname="check"/>
  </testsuite>
</testsuites>

"#]].raw());
}

#[test]
fn markdown() {
    assert_data_eq!(
        written("markdown", &findings(&sample()), &NARROW),
        str![[r#"
**devportal** checked 3 entities in 2 repositories: 2 errors, 3 warnings, 1 note

| severity | code | place | finding |
| --- | --- | --- | --- |
| error | `duplicate` | `payments/catalog-info.yaml:4:9` | "component:default/payments" is declared twice |
| error | `invalid-field` | `payments/catalog-info.yaml:5:10` | "Java\\u{1b}\[2J\\u{a}::error::" is no tag<br>tags are lower case: 100% of them |
| warning | `dangling-reference` | `orders/catalog-info.yaml:8:9` | spec.owner "group:default/platform" does not exist<br>declare it, or correct it to "group:default/platforms" |
| warning | `dangling-reference` | `orders/catalog-info.yaml:30:10` | spec.owner "group:default/platform" does not exist<br>declare it, or correct it to "group:default/platforms" |
| warning | `dangling-reference` | `payments/catalog-info.yaml:8:9` | spec.owner "group:default/platform" does not exist<br>declare it, or correct it to "group:default/platforms" |
| note | `no-groups` |  | there is no Group here; 44 owners are unchecked |

"#]].raw()
    );
}

#[test]
fn view_human() {
    assert_data_eq!(
        written_view("human", &sample_view(), &NARROW),
        str![[r#"
payments
Takes money from customers and gives it to merchants, in every currency; owned
by group:platform.
Ask @acme/platform, see #12.

owner      group:platform
lifecycle  production
next       devportal graph impact payments

what it needs
NAME    INCIDENTS  DESCRIPTION
orders          7  a | b <b>c</b> and much more that does not fit the narrow…
支払い        -12  =HYPERLINK("http://evil")

domain:commerce
├─ system:shop
│  └─ component:payments
└─ system:warehouse
domain:platform

- first
- - second

```yaml
kind: Component
```

"#]]
        .raw()
    );
    let coloured = written_view(
        "human",
        &sample_view(),
        &Terminal {
            width: 0,
            color: true,
            links: None,
        },
    );
    assert_data_eq!(coloured.replace('\u{1b}', "ESC"), str![[r#"
ESC[1mpaymentsESC[0m
Takes money from customers and gives it to merchants, in every currency; owned by ESC[1mgroup:platformESC[0m.
Ask @acme/platform, see #12.

ESC[2mownerESC[0m      ESC[1mgroup:platformESC[0m
ESC[2mlifecycleESC[0m  ESC[32mproductionESC[0m
ESC[2mnextESC[0m       ESC[94mdevportal graph impact paymentsESC[0m

ESC[1mwhat it needsESC[0m
ESC[2mNAMEESC[0m    ESC[2mINCIDENTSESC[0m  ESC[2mDESCRIPTIONESC[0m
ESC[1mordersESC[0m          7  a | b <b>c</b> and much more that does not fit the narrow terminal
ESC[1m支払いESC[0m        -12  =HYPERLINK("http://evil")

ESC[1mdomain:commerceESC[0m
├─ system:shop
│  └─ component:payments
└─ system:warehouse
domain:platform

- first
- - second

```yaml
kind: Component
```

"#]].raw());
}

#[test]
fn view_markdown() {
    assert_data_eq!(
        written_view("markdown", &sample_view(), &NARROW),
        str![[r##"
# payments

Takes money from customers and gives it to merchants, in every currency; owned by group:platform.\
Ask @&#8203;acme/platform, see #&#8203;12.

- owner: group:platform
- lifecycle: production
- next: `devportal graph impact payments`

## what it needs

| name | incidents | description |
| --- | --: | --- |
| orders | 7 | a &#124; b &lt;b&gt;c&lt;/b&gt; and much more that does not fit the narrow terminal |
| 支払い | -12 | =HYPERLINK("http://evil") |

- domain:commerce
  - system:shop
    - component:payments
  - system:warehouse
- domain:platform

* first
* \- second

````
```yaml
kind: Component
```
````

"##]]
        .raw()
    );
}

#[test]
fn view_csv() {
    assert_data_eq!(
        written_view("csv", &sample_view(), &NARROW).replace("\r\n", "␍␊\n"),
        str![[r#"
name,incidents,description␍␊
orders,7,a | b <b>c</b> and much more that does not fit the narrow terminal␍␊
支払い,-12,"'=HYPERLINK(""http://evil"")"␍␊

"#]]
        .raw()
    );
}

/// E05: nobody is notified, and no other page gets a back link.
#[test]
fn e05_mentions_are_neutralised() {
    let blocks = vec![Block::Paragraph(
        "@acme/team a@b.c #123 acme/shop#4 GH-5 gh-6 !7 xmpp:a@b ftp://a javascript:b https://c"
            .into(),
    )];
    assert_data_eq!(
        written_view("markdown", &View { blocks }, &NARROW),
        str![[r#"
@&#8203;acme/team a@&#8203;b.c #&#8203;123 acme/shop#&#8203;4 GH-&#8203;5 gh-&#8203;6 !&#8203;7 xmpp:a@&#8203;b ftp:&#8203;//a javascript:b https://c

"#]].raw()
    );
}
