//! `GET /docs/api`: the OpenAPI text for people, without any script.

use askama::Template;
use axum::response::Html;
use locales::Language;
use serde_json::Value;

use super::openapi::DOCUMENT;
use crate::around::Around;
use crate::assets;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    around: Around,
    about: &'static str,
    operations: Vec<Operation>,
}

struct Operation {
    id: &'static str,
    method: String,
    path: &'static str,
    summary: &'static str,
    description: &'static str,
    /// When it goes; empty if it doesn't.
    sunset: &'static str,
    fields: Vec<Field>,
    answers: Vec<(&'static str, &'static str)>,
}

struct Field {
    name: &'static str,
    required: bool,
    values: String,
    description: &'static str,
}

/// The page; the same for everyone.
pub async fn page() -> Result<Html<String>, Problem> {
    let page = ApiPage {
        around: Around::only_in(Language::English),
        about: text(&DOCUMENT["info"], "description"),
        operations: operations(),
    };
    page.render().map(Html).map_err(Problem::from)
}

fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in entries(&DOCUMENT["paths"]) {
        for (method, operation) in entries(item) {
            if method != "parameters" {
                operations.push(Operation::of(path, method, operation));
            }
        }
    }
    operations
}

impl Operation {
    fn of(path: &'static str, method: &str, operation: &'static Value) -> Self {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let fields = entries(&body["properties"]).map(|(name, schema)| {
            let required = body["required"].as_array();
            let required = required.is_some_and(|names| names.iter().any(|one| one == name));
            Field::of(name, schema, required, schema)
        });
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let parameters = parameters.filter_map(|parameter| {
            let (name, required) = (text(parameter, "name"), parameter["required"] == true);
            // What may come in the query or in the body is shown once.
            let is_field = body["properties"].get(name).is_some();
            (!is_field).then(|| Field::of(name, &parameter["schema"], required, parameter))
        });
        Self {
            id: text(operation, "operationId"),
            method: method.to_uppercase(),
            path,
            summary: text(operation, "summary"),
            description: text(operation, "description"),
            sunset: text(operation, "x-sunset"),
            fields: parameters.chain(fields).collect(),
            answers: entries(&operation["responses"])
                .map(|(status, answer)| (status, text(answer, "description")))
                .collect(),
        }
    }
}

impl Field {
    fn of(name: &'static str, schema: &Value, required: bool, described: &'static Value) -> Self {
        Self {
            name,
            required,
            values: values(schema),
            description: text(described, "description"),
        }
    }
}

/// The values that a schema allows, in few words.
fn values(schema: &Value) -> String {
    if let Some(names) = schema["enum"].as_array() {
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        return names.join(", ");
    }
    // What may be left away may be null, which goes without saying.
    let kind = schema["type"].as_str().or(schema["type"][0].as_str());
    let kind = kind.unwrap_or_default();
    match (&schema["minimum"], &schema["maximum"]) {
        (Value::Number(least), Value::Number(most)) => format!("{kind}, {least} to {most}"),
        _ => kind.to_owned(),
    }
}

fn entries(object: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let entries = object.as_object().into_iter().flatten();
    entries.map(|(name, value)| (name.as_str(), value))
}

fn text(object: &'static Value, name: &str) -> &'static str {
    object[name].as_str().unwrap_or_default()
}
