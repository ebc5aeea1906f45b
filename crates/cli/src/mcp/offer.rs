//! The tools: each a command, with those of its options that make sense for an agent.

use std::sync::LazyLock;

use clap::{Arg, ArgAction, Args, Command};
use serde_json::{Map, Value, json};

use crate::check::CheckArgs;
use crate::convert::ConvertArgs;
use crate::export::ExportArgs;
use crate::matte::MatteArgs;
use crate::repair::RepairArgs;

/// What a tool does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Generate,
    Check,
    Export,
    Repair,
    RemoveBackground,
}

/// One tool.
pub struct Offer {
    pub work: Work,
    name: &'static str,
    description: &'static str,
    /// The command whose options these are, not its name.
    pub command: Command,
    /// What the command takes without an option's name: how this tool calls it, and how the command does.
    pub subject: (&'static str, &'static str),
    /// Options that name files to be read.
    pub reads: &'static [&'static str],
    /// Those that name files to be written.
    pub writes: &'static [&'static str],
    /// All others that are offered.
    others: &'static [&'static str],
}

static ALL: LazyLock<[Offer; 5]> = LazyLock::new(|| {
    [
        Offer {
            work: Work::Generate,
            name: "generate_model",
            description: "Make a textured 3D model of one object from a picture of it, or from pictures \
                of several of its sides. Takes seconds (base) to minutes (ultra). Answers with the \
                model's file and remarks about the picture.",
            command: described::<ConvertArgs>(),
            subject: ("picture", "photos"),
            reads: &["left", "back", "right"],
            writes: &["output", "preview"],
            others: &[
                "tier",
                "engine",
                "seed",
                "faces",
                "texture",
                "topology",
                "symmetry",
                "size",
                "ground",
                "print",
                "no_background_removal",
            ],
        },
        Offer {
            work: Work::Check,
            name: "check_model",
            description: "Say whether a 3D model can be printed and what is wrong with it: holes, crossing \
                or flipped faces, thin walls, overhangs. Lengths in the report are metres.",
            command: described::<CheckArgs>(),
            subject: ("model", "models"),
            reads: &[],
            writes: &["picture"],
            others: &["size", "wall", "overhang"],
        },
        Offer {
            work: Work::Export,
            name: "export_model",
            description: "Write a 3D model in another format, of another size, or with fewer faces. The \
                ending of output says the format: .glb, .gltf, .obj, .obj.zip, .stl, .3mf, .ply, .usdz.",
            command: described::<ExportArgs>(),
            subject: ("model", "models"),
            reads: &[],
            writes: &["output"],
            others: &["size", "faces"],
        },
        Offer {
            work: Work::Repair,
            name: "repair_model",
            description: "Make a closed, printable 3D model of a broken one, and say what was done.",
            command: described::<RepairArgs>(),
            subject: ("model", "model"),
            reads: &[],
            writes: &["output"],
            others: &["rewrap", "keep_inner", "faces"],
        },
        Offer {
            work: Work::RemoveBackground,
            name: "remove_background",
            description: "Cut the object out of a picture: a transparent PNG or WebP, or before a colour.",
            command: described::<MatteArgs>(),
            subject: ("picture", "photos"),
            reads: &["keep", "erase"],
            writes: &["output", "mask_out"],
            others: &["model"],
        },
    ]
});

fn described<T: Args>() -> Command {
    T::augment_args(Command::new("ai3dgen").no_binary_name(true))
}

/// The tool of that name.
pub fn named(name: &Value) -> Option<&'static Offer> {
    ALL.iter().find(|offer| name == offer.name)
}

/// All tools as MCP describes them.
pub fn all() -> Vec<Value> {
    ALL.iter().map(Offer::told).collect()
}

impl Offer {
    /// The options that an agent may use, by the names it has for them.
    pub fn options(&self) -> impl Iterator<Item = &'static str> {
        let named = self.reads.iter().chain(self.writes).chain(self.others);
        named.copied()
    }

    /// Without these there is nothing to do.
    pub fn required(&self) -> impl Iterator<Item = &'static str> {
        let output = self.writes.iter().copied().find(|name| *name == "output");
        [self.subject.0].into_iter().chain(output)
    }

    fn told(&self) -> Value {
        let mut properties = Map::new();
        let subject = match self.subject.0 {
            "picture" => "The picture: a file’s name, or a data URI (data:image/png;base64,…)",
            _ => "The model’s file: GLB, glTF, OBJ, STL, 3MF, PLY or USDZ",
        };
        let subject = json!({ "type": "string", "description": subject });
        properties.insert(self.subject.0.into(), subject);
        for name in self.options() {
            let argument = self
                .command
                .get_arguments()
                .find(|arg| arg.get_id() == name);
            if let Some(argument) = argument {
                properties.insert(name.into(), schema(argument));
            }
        }
        let read_only = self.work == Work::Check;
        json!({
            "name": self.name,
            "description": self.description,
            "inputSchema": {
                "type": "object",
                "properties": properties,
                "required": self.required().collect::<Vec<_>>(),
                "additionalProperties": false,
            },
            "annotations": {
                "readOnlyHint": false,
                // A file of the name that is to be written is replaced.
                "destructiveHint": !read_only,
                "idempotentHint": true,
                "openWorldHint": false,
            },
        })
    }
}

/// An option as the command line describes it.
fn schema(argument: &Arg) -> Value {
    let choices = argument.get_possible_values();
    let mut schema = match (argument.get_action(), values(argument)) {
        (ArgAction::SetTrue, _) => json!({ "type": "boolean" }),
        (_, "N" | "PX" | "DEGREES") => json!({ "type": "integer" }),
        (_, names) if names.contains('|') => {
            json!({ "type": "string", "enum": names.split('|').collect::<Vec<_>>() })
        }
        _ if choices.is_empty() => json!({ "type": "string" }),
        _ => {
            let names: Vec<&str> = choices.iter().map(|choice| choice.get_name()).collect();
            json!({ "type": "string", "enum": names })
        }
    };
    let mut help = argument
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    let usual = argument
        .get_default_values()
        .first()
        .and_then(|value| value.to_str());
    if let Some(usual) = usual.filter(|_| schema["type"] != "boolean") {
        help += &format!(" [default: {usual}]");
    }
    schema["description"] = help.into();
    schema
}

/// What stands for the value in the help.
fn values(argument: &Arg) -> &str {
    let names = argument.get_value_names();
    names
        .and_then(|names| names.first())
        .map_or("", |name| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_that_is_offered_is_one_of_the_command() {
        for offer in &*ALL {
            let told = offer.told();
            let properties = told["inputSchema"]["properties"].as_object().unwrap();
            assert_eq!(
                properties.len(),
                1 + offer.options().count(),
                "{}",
                offer.name
            );
            let subject = offer.command.get_arguments();
            let mut subject = subject.filter(|arg| arg.is_positional());
            assert!(
                subject.any(|arg| arg.get_id() == offer.subject.1),
                "{}",
                offer.name
            );
        }
        let generate = &all()[0]["inputSchema"]["properties"];
        assert_eq!(generate["tier"]["enum"], json!(["base", "pro", "ultra"]));
        assert_eq!(generate["faces"]["type"], "integer");
        assert_eq!(generate["print"]["type"], "boolean");
        let rewrap = &all()[3]["inputSchema"]["properties"]["rewrap"]["enum"];
        assert_eq!(rewrap[1], "if-open");
    }
}
