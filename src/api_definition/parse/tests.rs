use std::fmt::Write as _;

use super::parse;
use crate::api_definition::Definition;

/// A line an operation, then a line a mistake.
fn told(text: &str, spec_type: &str) -> String {
    let definition = parse(text, spec_type).unwrap();
    let Definition {
        operations,
        mistakes,
        ..
    } = &definition;
    let mut told = String::new();
    for operation in operations {
        let fields = [
            operation.line.to_string(),
            operation.method.clone(),
            format!(
                "{}{}",
                operation.name,
                operation.signature.as_deref().unwrap_or_default()
            ),
            operation.id.clone().unwrap_or_default(),
            operation.groups.join(","),
            operation.summary.clone().unwrap_or_default(),
            String::from(if operation.deprecated {
                "deprecated"
            } else {
                ""
            }),
        ];
        told += fields.join("|").trim_end_matches('|');
        told.push('\n');
    }
    for mistake in mistakes {
        let _ = writeln!(told, "{}: {}", mistake.span.line, mistake.message);
    }
    told
}

#[track_caller]
fn assert_told(text: &str, spec_type: &str, expected: &str) {
    assert_eq!(told(text, spec_type), expected);
}

#[test]
fn swagger_2_has_host_and_base_path() {
    let text = r#"{
        "swagger": "2.0", "info": {"title": "Pets", "version": 1},
        "host": "pets.example", "basePath": "/v1", "schemes": ["http"],
        "paths": {"/pets": {
            "get": {"operationId": "list", "tags": ["pets", "all"], "description": "All\npets.\n\nMore."},
            "x-note": 1
        }}
    }"#;
    assert_told(text, "OpenAPI", "5|GET|/pets|list|pets,all|All pets.\n");
    let definition = parse(text, "openapi").unwrap();
    assert_eq!(definition.servers, ["http://pets.example/v1"]);
    assert_eq!(definition.title.as_deref(), Some("Pets"));
    assert_eq!(definition.version.as_deref(), Some("1"));
    assert_eq!(definition.format_version.as_deref(), Some("2.0"));
}

#[test]
fn openapi_3_has_webhooks_and_paths_by_reference() {
    let text = "openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /a:
    $ref: '#/components/pathItems/A~1b%20c'
  /b:
    $ref: ./b.yaml
  /c:
    $ref: '#/components/pathItems/Round'
webhooks:
  sold:
    post: {deprecated: true}
components:
  pathItems:
    A/b c:
      summary: About a
      put: {}
    Round:
      $ref: '#/components/pathItems/Round'
";
    assert_told(
        text,
        "openapi",
        "17|PUT|/a|||About a
12|POST|sold||webhooks||deprecated
7: \"./b.yaml\" is not part of this document, and is not read
9: \"#/components/pathItems/Round\" leads in a circle
",
    );
}

#[test]
fn mistakes_of_openapi_hide_nothing_else() {
    let text = "openapi: 3.0.3
info: {title: Shop}
paths:
  orders:
    gett: {}
    get: {operationId: a}
  /x:
    post: {operationId: a}
    put: []
";
    assert_told(
        text,
        "openapi",
        "6|GET|orders|a
8|POST|/x|a
2: \"info\" has no \"version\"
4: the path \"orders\" does not begin with \"/\"
5: \"gett\" is no method; did you mean \"get\"?
8: the operation \"a\" is there twice: line 6 has it
9: \"put\" must be a mapping
",
    );
}

#[test]
fn asyncapi_2_has_operations_in_channels() {
    let text = "asyncapi: 2.6.0
info: {title: E, version: '1'}
servers: {p: {url: 'kafka:1'}}
channels:
  orders.placed:
    description: An order.
    subscribe: {operationId: on, message: {oneOf: [{$ref: '#/components/messages/A'}, {name: B}]}}
    publish: {summary: Send., tags: [{name: t}]}
";
    assert_told(
        text,
        "asyncapi",
        "8|publish|orders.placed||t|Send.
7|subscribe|orders.placedA | B|on||An order.
",
    );
}

#[test]
fn asyncapi_3_has_operations_that_name_channels() {
    let text = "asyncapi: 3.0.0
info: {title: E, version: '1'}
servers: {p: {host: 'h:1', pathname: /x, protocol: mqtt}}
channels:
  placed: {address: orders/placed}
  changed: {address: null}
operations:
  send:
    action: send
    channel: {$ref: '#/channels/placed'}
    messages: [{$ref: '#/channels/placed/messages/Placed'}]
  take: {action: receive, channel: {$ref: '#/channels/changed'}}
  lost: {action: shout, channel: {$ref: '#/channels/gone'}}
";
    assert_told(
        text,
        "asyncapi",
        "8|send|orders/placedPlaced|send
12|receive|changed|take
13: \"lost\" must have the action send or receive
13: \"#/channels/gone\" leads nowhere
",
    );
    assert_eq!(parse(text, "asyncapi").unwrap().servers, ["mqtt://h:1/x"]);
}

#[test]
fn graphql_has_the_fields_of_its_roots() {
    let text = "schema { query: Root }
extend schema { mutation: Change }
type Root {
  \"\"\"
  The customer
  who is signed in.
  \"\"\"
  me(first: Int = 10, filter: [String!]): Customer @deprecated(reason: \"x\")
}
type Query { not: Int }
extend type Change { add: ID! }
";
    assert_told(
        text,
        "graphql",
        "8|query|me(first: Int, filter: [String!]): Customer|||The customer who is signed in.|deprecated
11|mutation|add: ID!
",
    );
}

#[test]
fn graphql_goes_on_behind_a_mistake() {
    let text = "type Query { a: Int }\ntype { b: }\nextend type Query { c: Int }\n";
    let told = told(text, "graphql");
    assert!(told.contains("1|query|a: Int\n"), "{told}");
    assert!(told.contains("3|query|c: Int\n"), "{told}");
    assert!(told.contains("\n2: expected"), "{told}");
}

#[test]
fn protobuf_has_the_methods_of_its_services() {
    let text = "edition = \"2024\"; // so new
package shop.v1;
import public \"other.proto\";
option (x) = { a: { b: 1 } };
message M { message N {} string rpc = 1 [(y) = \"}\"]; }
// Of long ago.

// Reads and
// writes.
//
// More.
service Shop {
  // Gets one.
  rpc Get(GetRequest) returns (.shop.v1.Thing); // and this is no comment of Watch
  rpc Watch(stream A) returns (stream stream) {
    option (google.api.http) = { get: \"/v1/{a}\" };
    option deprecated = true;
  }
}
service Old { option deprecated = true; rpc A(stream) returns (B) {} }
";
    assert_told(
        text,
        "grpc",
        "14|rpc|Shop/Get(GetRequest) returns (.shop.v1.Thing)||shop.v1.Shop|Gets one.
15|rpc|Shop/Watch(stream A) returns (stream stream)||shop.v1.Shop||deprecated
20|rpc|Old/A(stream) returns (B)||shop.v1.Old||deprecated
",
    );
    let definition = parse(text, "grpc").unwrap();
    assert_eq!(definition.format_version.as_deref(), Some("edition 2024"));
    assert_eq!(definition.title.as_deref(), Some("shop.v1"));
}

#[test]
fn protobuf_goes_on_behind_a_mistake() {
    let text = "service A {
  rpc One(X) returns Y;
  rpc Two(X) returns (Y);
}
oops { }
service B { rpc Three(X) returns (Y) }
service C { rpc Four(X) returns (Y);
";
    assert_told(
        text,
        "grpc",
        "3|rpc|A/Two(X) returns (Y)||A
6|rpc|B/Three(X) returns (Y)||B
7|rpc|C/Four(X) returns (Y)||C
2: expected \"(\", but found \"Y\"
5: expected a statement, but found \"oops\"
6: expected \";\", but found \"}\"
8: expected \"}\", but found the end
",
    );
}

#[test]
fn the_content_is_believed_before_the_type() {
    let asyncapi = "asyncapi: 2.0.0\ninfo: {title: E, version: '1'}\nchannels: {}\n";
    assert_told(
        asyncapi,
        "openapi",
        "1: \"spec.type\" says openapi, but the definition is asyncapi\n",
    );
    assert_told(asyncapi, "rest", "");
    assert_told(
        "a: 1",
        "openapi",
        "1: it is not openapi: it has no \"openapi\"\n",
    );
    assert_eq!(
        parse("a: 1", "trpc").unwrap_err(),
        "operations of APIs of type \"trpc\" are not read"
    );
}
