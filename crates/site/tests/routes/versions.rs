//! What version 1 of the API promised, line by line in `docs/api/v1.txt`: the OpenAPI text takes none of it
//! back, and what it adds stands there too, so that it changes only on purpose.

use std::collections::BTreeSet;

use serde_json::Value;

const PROMISED: &str = include_str!("../../../../docs/api/v1.txt");

/// Everything that a client may rely on, in words of the text.
fn promises(text: &Value) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (path, item) in members(&text["paths"]) {
        for (method, operation) in members(item).filter(|(_, one)| one["operationId"].is_string()) {
            let at = format!("{} {path}", method.to_uppercase());
            lines.insert(format!("{at}: {}", word(&operation["operationId"])));
            for parameter in items(&operation["parameters"]) {
                let name = format!(
                    "{at} {} {}",
                    word(&parameter["in"]),
                    word(&parameter["name"])
                );
                let is_required = parameter["required"] == true;
                field(&name, is_required, &parameter["schema"], &mut lines);
            }
            body(&at, &operation["requestBody"], &mut lines);
            for (status, answer) in members(&operation["responses"]) {
                let at = format!("{at} {status}");
                for (header, _) in members(&answer["headers"]) {
                    lines.insert(format!("{at} {header}"));
                }
                if answer["content"].is_null() {
                    lines.insert(at.clone());
                }
                body(&at, answer, &mut lines);
            }
        }
    }
    for (name, schema) in members(&text["components"]["schemas"]) {
        fields(name, schema, &mut lines);
    }
    for code in items(&text["components"]["schemas"]["Problem"]["properties"]["code"]["examples"]) {
        lines.insert(format!("Problem.code {code}"));
    }
    lines
}

fn body(at: &str, described: &Value, lines: &mut BTreeSet<String>) {
    for (kind, content) in members(&described["content"]) {
        field(&format!("{at} {kind}"), false, &content["schema"], lines);
    }
}

/// A field on a line with the values or the schema that the text names, and the fields in it.
fn field(name: &str, is_required: bool, schema: &Value, lines: &mut BTreeSet<String>) {
    let mut line = name.to_owned();
    if is_required {
        line += " (required)";
    }
    let like = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next());
    let named = items(&schema["enum"]).map(Value::to_string);
    let named: Vec<_> = named.chain(like.map(str::to_owned)).collect();
    if !named.is_empty() {
        line += &format!(": {}", named.join(" | "));
    }
    lines.insert(line);
    fields(name, schema, lines);
}

fn fields(at: &str, schema: &Value, lines: &mut BTreeSet<String>) {
    for (name, of) in members(&schema["properties"]) {
        let is_required = items(&schema["required"]).any(|one| one == name.as_str());
        field(&format!("{at}.{name}"), is_required, of, lines);
    }
    for of in ["anyOf", "oneOf", "allOf"].map(|name| &schema[name]) {
        items(of).for_each(|of| fields(at, of, lines));
    }
    if schema["items"].is_object() {
        field(&format!("{at}[]"), false, &schema["items"], lines);
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn version_1_takes_nothing_back_and_adds_nothing_unnoticed() {
    let text: Value = serde_json::from_str(site::OPENAPI).unwrap();
    assert_eq!(text["openapi"], "3.1.0");
    let (says, promised) = (
        promises(&text),
        PROMISED.lines().map(str::to_owned).collect(),
    );
    let gone: Vec<_> = BTreeSet::difference(&promised, &says).collect();
    assert!(gone.is_empty(), "v1 takes back what it promised: {gone:#?}");
    let new: Vec<_> = says.difference(&promised).map(String::as_str).collect();
    assert!(
        new.is_empty(),
        "add to docs/api/v1.txt, in order, what v1 promises from now on:\n{}",
        new.join("\n")
    );
}
