//! 3MF for 3D printers, with colours: millimetres, +Z up, a closed surface.
//!
//! Layout: 3MF Consortium, Core Specification 1.3 and Materials and Properties Extension 1.2,
//! in an OPC package (ECMA-376 part 2). Programs without the extension see one base material of
//! the model's mean colour.

use std::fmt::Write as _;

use mesh::Model;

use super::textures::Images;
use super::{Companion, WriteError, WriteOptions, repeats, to_printer};
use crate::archive::{Packing, zip};
use crate::weld;

const CORE: &str = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02";
const MATERIALS: &str = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const CONTENT_TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const THREE_D: &str = "http://schemas.microsoft.com/3dmanufacturing/2013/01";
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

const TEXTURE: &str = "3D/Textures/base_colour.png";
const THUMBNAIL: &str = "Metadata/thumbnail.png";

// The resources' numbers within the model file.
const BASE_MATERIALS: u32 = 1;
const TEXTURE_2D: u32 = 2;
const PROPERTIES: u32 = 3;
const OBJECT: u32 = 4;

pub(super) fn write(model: &Model, options: &WriteOptions) -> Result<Vec<u8>, WriteError> {
    let texture = Images::of(model)?.base_colour;
    let mut entries = vec![
        text("[Content_Types].xml", content_types()),
        text("_rels/.rels", package_relationships(options)),
        text("3D/3dmodel.model", document(model, options)),
    ];
    if let Some(image) = texture {
        entries.push(text("3D/_rels/3dmodel.model.rels", model_relationships()));
        entries.push(Companion {
            name: TEXTURE.into(),
            bytes: image.png,
        });
    }
    if let Some(png) = &options.thumbnail_png {
        entries.push(Companion {
            name: THUMBNAIL.into(),
            bytes: png.clone(),
        });
    }
    zip(&entries, Packing::Small)
}

fn text(name: &str, text: String) -> Companion {
    Companion {
        name: name.into(),
        bytes: text.into_bytes(),
    }
}

fn content_types() -> String {
    let kind = |extension: &str, kind: &str| {
        format!("<Default Extension=\"{extension}\" ContentType=\"{kind}\"/>\n")
    };
    format!(
        "{XML}<Types xmlns=\"{CONTENT_TYPES}\">\n{}{}{}</Types>\n",
        kind(
            "rels",
            "application/vnd.openxmlformats-package.relationships+xml"
        ),
        kind(
            "model",
            "application/vnd.ms-package.3dmanufacturing-3dmodel+xml"
        ),
        kind("png", "image/png"),
    )
}

fn package_relationships(options: &WriteOptions) -> String {
    let mut text = format!(
        "{XML}<Relationships xmlns=\"{RELATIONSHIPS}\">\n\
         <Relationship Id=\"model\" Target=\"/3D/3dmodel.model\" Type=\"{THREE_D}/3dmodel\"/>\n"
    );
    if options.thumbnail_png.is_some() {
        let _ = writeln!(
            text,
            "<Relationship Id=\"thumbnail\" Target=\"/{THUMBNAIL}\" \
             Type=\"{RELATIONSHIPS}/metadata/thumbnail\"/>"
        );
    }
    text + "</Relationships>\n"
}

fn model_relationships() -> String {
    format!(
        "{XML}<Relationships xmlns=\"{RELATIONSHIPS}\">\n\
         <Relationship Id=\"texture\" Target=\"/{TEXTURE}\" Type=\"{THREE_D}/3dtexture\"/>\n\
         </Relationships>\n"
    )
}

/// What the corners of triangles refer to.
struct Properties {
    /// The property of each vertex, by number in its group. Empty: the base material says it all.
    of: Vec<u32>,
    /// The group as XML.
    xml: String,
}

impl Properties {
    fn of(model: &Model) -> Self {
        if model.material.base_colour.is_some() {
            Self::texture(model)
        } else if !model.colours.is_empty() {
            Self::colours(model)
        } else {
            Self {
                of: Vec::new(),
                xml: String::new(),
            }
        }
    }

    fn texture(model: &Model) -> Self {
        let style = if repeats(model) { "wrap" } else { "clamp" };
        let (uvs, of) = weld::distinct(model.uvs.iter().map(|uv| uv.to_array()));
        let mut xml = format!(
            "<m:texture2d id=\"{TEXTURE_2D}\" path=\"/{TEXTURE}\" contenttype=\"image/png\" \
             tilestyleu=\"{style}\" tilestylev=\"{style}\"/>\n\
             <m:texture2dgroup id=\"{PROPERTIES}\" texid=\"{TEXTURE_2D}\">\n"
        );
        for [u, v] in uvs {
            let _ = writeln!(xml, "<m:tex2coord u=\"{u}\" v=\"{}\"/>", 1.0 - v);
        }
        xml += "</m:texture2dgroup>\n";
        Self { of, xml }
    }

    fn colours(model: &Model) -> Self {
        let (colours, of) = weld::distinct(model.colours.iter().map(|c| c.map(f32::from)));
        let mut xml = format!("<m:colorgroup id=\"{PROPERTIES}\">\n");
        for colour in colours {
            let _ = writeln!(xml, "<m:color color=\"{}\"/>", hex(colour.map(|c| c as u8)));
        }
        xml += "</m:colorgroup>\n";
        Self { of, xml }
    }
}

fn document(model: &Model, options: &WriteOptions) -> String {
    let positions = model.positions.iter().copied().map(to_printer);
    let (vertices, vertex_of) = weld::distinct(positions.map(|p| p.to_array()));
    let properties = Properties::of(model);
    let (name, generator) = (escaped(&options.name), escaped(&options.generator));
    let mut xml = format!(
        "{XML}<model unit=\"millimeter\" xml:lang=\"en-US\" xmlns=\"{CORE}\" \
         xmlns:m=\"{MATERIALS}\">\n\
         <metadata name=\"Title\">{name}</metadata>\n\
         <metadata name=\"Application\">{generator}</metadata>\n\
         <resources>\n\
         <basematerials id=\"{BASE_MATERIALS}\">\n\
         <base name=\"surface\" displaycolor=\"{}\"/>\n\
         </basematerials>\n{}\
         <object id=\"{OBJECT}\" type=\"model\" name=\"{name}\" pid=\"{BASE_MATERIALS}\" \
         pindex=\"0\">\n<mesh>\n<vertices>\n",
        hex(mean_colour(model)),
        properties.xml,
    );
    for [x, y, z] in vertices {
        let _ = writeln!(xml, "<vertex x=\"{x}\" y=\"{y}\" z=\"{z}\"/>");
    }
    xml += "</vertices>\n<triangles>\n";
    for &corners in &model.triangles {
        let [a, b, c] = corners.map(|corner| vertex_of[corner as usize]);
        // The format forbids triangles that name a vertex twice (core, section 4.1.4).
        if a == b || b == c || c == a {
            continue;
        }
        let _ = write!(xml, "<triangle v1=\"{a}\" v2=\"{b}\" v3=\"{c}\"");
        if !properties.of.is_empty() {
            let [p, q, r] = corners.map(|corner| properties.of[corner as usize]);
            let _ = write!(
                xml,
                " pid=\"{PROPERTIES}\" p1=\"{p}\" p2=\"{q}\" p3=\"{r}\""
            );
        }
        xml += "/>\n";
    }
    let _ = write!(
        xml,
        "</triangles>\n</mesh>\n</object>\n</resources>\n<build>\n<item objectid=\"{OBJECT}\"/>\n\
         </build>\n</model>\n"
    );
    xml
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

/// The mean of what can be seen, white without colours.
fn mean_colour(model: &Model) -> [u8; 3] {
    let (texels, _) = match &model.material.base_colour {
        Some(texture) => texture.rgb.as_chunks::<3>(),
        None => (&*model.colours, &[][..]),
    };
    if texels.is_empty() {
        return [255; 3];
    }
    let sum = texels.iter().fold([0_u64; 3], |sum, texel| {
        std::array::from_fn(|i| sum[i] + u64::from(texel[i]))
    });
    sum.map(|channel| (channel / texels.len() as u64) as u8)
}

/// Text between tags or quotes; characters that XML 1.0 can't hold become spaces.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
