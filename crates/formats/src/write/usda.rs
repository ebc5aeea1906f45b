//! A model as a USD layer in text: one mesh under one material.
//!
//! Layout: OpenUSD documentation, "USDA file format", `UsdGeomMesh` and "UsdPreviewSurface
//! specification" 2.6. Metres, +Y up.

use std::fmt::{Display, Write as _};

use mesh::{Model, measure};

use super::{WriteOptions, lone_triangles, one_line, quads, repeats};
use crate::colour::to_linear;

/// Text in the making. Writing to a String can't fail, so what `write!` returns is let go.
struct Layer {
    text: String,
    depth: usize,
}

impl Layer {
    fn line(&mut self, line: impl Display) {
        let _ = writeln!(self.text, "{:1$}{line}", "", self.depth * 4);
    }

    /// `head`, then what `inside` says between braces, indented.
    fn block(&mut self, head: impl Display, inside: impl FnOnce(&mut Self)) {
        self.line(head);
        self.line("{");
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.line("}");
    }

    /// An array of values, with its metadata behind it.
    fn array(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = impl Display>,
        metadata: &str,
    ) {
        let _ = write!(self.text, "{:1$}{name} = [", "", self.depth * 4);
        for (i, value) in values.into_iter().enumerate() {
            let _ = write!(self.text, "{}{value}", if i == 0 { "" } else { ", " });
        }
        let _ = writeln!(self.text, "]{metadata}");
    }
}

const PER_VERTEX: &str = " (interpolation = \"vertex\")";

/// The whole layer. Textures are looked for at `textures/` and the names given here.
pub(super) fn layer(model: &Model, options: &WriteOptions, textures: &Textures) -> String {
    let (name, generator) = (quoted(&options.name), quoted(&options.generator));
    let mut layer = Layer {
        text: format!(
            "#usda 1.0\n(\n    defaultPrim = \"Model\"\n    doc = {generator}\n    \
             metersPerUnit = 1\n    upAxis = \"Y\"\n)\n\n"
        ),
        depth: 0,
    };
    let head =
        format!("def Xform \"Model\" (\n    displayName = {name}\n    kind = \"component\"\n)");
    layer.block(head, |layer| {
        let head =
            "def Mesh \"Mesh\" (\n        prepend apiSchemas = [\"MaterialBindingAPI\"]\n    )";
        layer.block(head, |layer| mesh(layer, model));
        layer.block("def Scope \"Materials\"", |layer| {
            layer.block("def Material \"Surface\"", |layer| {
                material(layer, model, textures);
            });
        });
    });
    layer.text
}

fn mesh(layer: &mut Layer, model: &Model) {
    let vector = |[x, y, z]: [f32; 3]| format!("({x}, {y}, {z})");
    let (low, high) = measure::bounds(&model.positions);
    let extent = [low, high].map(|corner| vector(corner.to_array()));
    layer.array("float3[] extent", extent, "");
    let counts = std::iter::repeat_n(4, model.quads)
        .chain(std::iter::repeat_n(3, lone_triangles(model).len()));
    layer.array("int[] faceVertexCounts", counts, "");
    let corners = quads(model)
        .flatten()
        .chain(lone_triangles(model).as_flattened().iter().copied());
    layer.array("int[] faceVertexIndices", corners, "");
    layer.line("rel material:binding = </Model/Materials/Surface>");
    let normals = model.normals.iter().map(|n| vector(n.to_array()));
    layer.array("normal3f[] normals", normals, PER_VERTEX);
    let points = model.positions.iter().map(|p| vector(p.to_array()));
    layer.array("point3f[] points", points, "");
    if !model.colours.is_empty() {
        let colours = model
            .colours
            .iter()
            .map(|&c| vector(to_linear(c).to_array()));
        layer.array("color3f[] primvars:displayColor", colours, PER_VERTEX);
    }
    if !model.uvs.is_empty() {
        let uvs = model
            .uvs
            .iter()
            .map(|uv| format!("({}, {})", uv.x, 1.0 - uv.y));
        layer.array("texCoord2f[] primvars:st", uvs, PER_VERTEX);
    }
    layer.line("uniform token subdivisionScheme = \"none\"");
}

/// The file names of the textures a model has, within the package.
#[derive(Default)]
pub(super) struct Textures {
    pub base_colour: Option<String>,
    pub normal: Option<String>,
    pub orm: Option<String>,
}

const SURFACE: &str = "/Model/Materials/Surface";

fn material(layer: &mut Layer, model: &Model, textures: &Textures) {
    layer.line(format_args!(
        "token outputs:surface.connect = <{SURFACE}/Preview.outputs:surface>"
    ));
    let connected = |layer: &mut Layer, input: &str, output: &str| {
        layer.line(format_args!("{input}.connect = <{SURFACE}/{output}>"));
    };
    layer.block("def Shader \"Preview\"", |layer| {
        layer.line("uniform token info:id = \"UsdPreviewSurface\"");
        if textures.base_colour.is_some() {
            connected(
                layer,
                "color3f inputs:diffuseColor",
                "BaseColour.outputs:rgb",
            );
        } else if !model.colours.is_empty() {
            connected(
                layer,
                "color3f inputs:diffuseColor",
                "Colours.outputs:result",
            );
        } else {
            layer.line("color3f inputs:diffuseColor = (1, 1, 1)");
        }
        if textures.normal.is_some() {
            connected(layer, "normal3f inputs:normal", "Normals.outputs:rgb");
        }
        if textures.orm.is_some() {
            connected(layer, "float inputs:occlusion", "Orm.outputs:r");
            connected(layer, "float inputs:roughness", "Orm.outputs:g");
            connected(layer, "float inputs:metallic", "Orm.outputs:b");
        } else {
            layer.line("float inputs:metallic = 0");
            layer.line(format_args!(
                "float inputs:roughness = {}",
                model.material.roughness
            ));
        }
        layer.line("token outputs:surface");
    });
    let wrap = if repeats(model) { "repeat" } else { "clamp" };
    let mut texture = |name: &str, file: &Option<String>, space: &str, outputs: &[&str]| {
        let Some(file) = file else { return };
        layer.block(format_args!("def Shader \"{name}\""), |layer| {
            layer.line("uniform token info:id = \"UsdUVTexture\"");
            layer.line(format_args!("asset inputs:file = @{file}@"));
            layer.line(format_args!("token inputs:sourceColorSpace = \"{space}\""));
            if name == "Normals" {
                // From 0..=1, as pictures hold them, to -1..=1.
                layer.line("float4 inputs:scale = (2, 2, 2, 1)");
                layer.line("float4 inputs:bias = (-1, -1, -1, 0)");
            }
            connected(layer, "float2 inputs:st", "Coordinates.outputs:result");
            layer.line(format_args!("token inputs:wrapS = \"{wrap}\""));
            layer.line(format_args!("token inputs:wrapT = \"{wrap}\""));
            outputs.iter().for_each(|output| layer.line(output));
        });
    };
    texture(
        "BaseColour",
        &textures.base_colour,
        "sRGB",
        &["float3 outputs:rgb"],
    );
    texture("Normals", &textures.normal, "raw", &["float3 outputs:rgb"]);
    let channels = ["float outputs:r", "float outputs:g", "float outputs:b"];
    texture("Orm", &textures.orm, "raw", &channels);
    let mut primvar = |name: &str, kind: &str, variable: &str| {
        layer.block(format_args!("def Shader \"{name}\""), |layer| {
            layer.line(format_args!(
                "uniform token info:id = \"UsdPrimvarReader_{kind}\""
            ));
            layer.line(format_args!("string inputs:varname = \"{variable}\""));
            layer.line(format_args!("{kind} outputs:result"));
        });
    };
    if !model.uvs.is_empty() {
        primvar("Coordinates", "float2", "st");
    }
    if !model.colours.is_empty() && textures.base_colour.is_none() {
        primvar("Colours", "float3", "displayColor");
    }
}

/// A string of the format.
fn quoted(text: &str) -> String {
    let text = one_line(text).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}
