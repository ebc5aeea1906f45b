//! What the tables in `docs/api` say of each option of another service: what it becomes here, or that it
//! changes nothing, or that it is refused.
//!
//! A line of a trial is `OPTIONS => JOB`: what the job has then; `=> nothing`: it is the same job as
//! without them; or `=> STATUS CODE`. Before the options may stand another address.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use crate::api::{data_uri, with_key};
use crate::house::{House, Reply, disc, form, upload};

/// Where a dialect is asked for a model, and how.
struct Dialect {
    page: &'static str,
    path: &'static str,
    /// Makes a body of options and a data URI. `None`: the picture is a file of a form.
    body: Option<fn(Value, String) -> Value>,
}

const TRIPO: Dialect = Dialect {
    page: include_str!("../../../../docs/api/tripo.md"),
    path: "/v3/generation/image-to-model",
    body: Some(|options, picture| with(options, "input", picture)),
};
const MESHY: Dialect = Dialect {
    page: include_str!("../../../../docs/api/meshy.md"),
    path: "/openapi/v1/image-to-3d",
    body: Some(|options, picture| with(options, "image_url", picture)),
};
const PRINTPAL: Dialect = Dialect {
    page: include_str!("../../../../docs/api/printpal.md"),
    path: "/api/generate",
    body: None,
};
const REPLICATE: Dialect = Dialect {
    page: include_str!("../../../../docs/api/replicate.md"),
    path: "/v1/models/anybody/base/predictions",
    body: Some(|options, picture| json!({ "input": with(options, "image", picture) })),
};
const HUNYUAN: Dialect = Dialect {
    page: include_str!("../../../../docs/api/hunyuan.md"),
    path: "/send",
    body: Some(|options, picture| with(options, "image", picture)),
};
const STABILITY: Dialect = Dialect {
    page: include_str!("../../../../docs/api/stability.md"),
    path: "/v2beta/3d/stable-fast-3d",
    body: None,
};

/// The options, and that one if they don't have it.
fn with(mut options: Value, name: &str, value: String) -> Value {
    if options.get(name).is_none() {
        options[name] = value.into();
    }
    options
}

impl Dialect {
    fn request(&self, path: &str, options: Value) -> Request<Body> {
        let picture = disc();
        if let Some(body) = self.body {
            let body = body(options, data_uri(&picture));
            return upload(path, "application/json", body.to_string());
        }
        let text = |value: &Value| (value.as_str()).map_or(value.to_string(), str::to_owned);
        let words = options.as_object().unwrap().iter();
        let words: Vec<(&String, String)> = words.map(|(name, to)| (name, text(to))).collect();
        let mut fields: Vec<(&str, &[u8])> = vec![("image", &picture)];
        fields.extend(
            words
                .iter()
                .map(|(name, to)| (name.as_str(), to.as_bytes())),
        );
        form(path, &fields)
    }

    /// The job that comes of it, or the refusal.
    async fn ask(&self, house: &House, path: &str, options: &str) -> Result<Value, Reply> {
        let key = house.key(&["generate", "read"]).await;
        let mut request = self.request(path, serde_json::from_str(options).unwrap());
        let headers = request.headers_mut();
        headers.insert("x-api-key", key.parse().unwrap());
        let mut begun = Box::pin(async {
            loop {
                let jobs = with_key(house, Method::GET, "/api/v1/jobs", &key).await;
                match &jobs.json()["jobs"][0] {
                    Value::Null => tokio::time::sleep(Duration::from_millis(5)).await,
                    job => return job.clone(),
                }
            }
        });
        // Some wait for the model, which nobody makes here.
        tokio::select! {
            reply = house.send(request) => match reply.status.is_success() {
                true => Ok(begun.await),
                false => Err(reply),
            },
            job = &mut begun => Ok(job),
        }
    }

    /// Tries every line, and sees that none is missing of the fields that the page's table names.
    async fn holds(&self, trial: &str) {
        let house = House::with(|config| config.max_queued_jobs = 99).await;
        let plain = self.ask(&house, self.path, "{}").await;
        let plain = chosen(&plain.unwrap_or_else(|reply| panic!("{}", reply.text())));
        for line in trial.trim().lines().map(str::trim) {
            let (asked, wanted) = line.split_once(" => ").unwrap();
            let (path, options) = asked.split_at(asked.find('{').unwrap());
            let path = Some(path.trim()).filter(|path| !path.is_empty());
            match self.ask(&house, path.unwrap_or(self.path), options).await {
                Ok(job) if wanted == "nothing" => assert_eq!(chosen(&job), plain, "{line}"),
                Ok(job) => {
                    let wanted: Value = serde_json::from_str(wanted).expect(line);
                    for (name, value) in wanted.as_object().unwrap() {
                        assert_eq!(&job[name], value, "{line}: {name}");
                    }
                }
                Err(reply) => {
                    let (status, code) = wanted.split_once(' ').unwrap_or_default();
                    let told = reply.text();
                    assert_eq!(reply.status.as_str(), status, "{line}: {told}");
                    assert!(told.contains(&format!("\"{code}\"")), "{line}: {told}");
                }
            }
        }
        for option in options_of(self.page) {
            let written = [format!("\"{option}\""), format!("/{option} ")];
            let tried = written.iter().any(|option| trial.contains(option));
            assert!(tried, "no line tries {option}");
        }
    }
}

/// What was asked for, of all that a job says.
fn chosen(job: &Value) -> Value {
    let names = "tier engine seed faces texture topology symmetry size_mm ground print";
    let names = names.split(' ');
    names
        .map(|name| (name.to_owned(), job[name].clone()))
        .collect()
}

/// The fields that a page's table names in its first column, apart from pictures and kinds of tasks.
fn options_of(page: &str) -> Vec<&str> {
    let rows = page
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let names = rows.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let names = names.map(|name| name.split(':').next().unwrap());
    let short = [
        "format", "mesh", "prompt", "quad", "quads", "remesh", "seed", "text", "topology",
    ];
    let is_option = |name: &&str| name.contains('_') || short.contains(name);
    let other = ["image_url", "retexture"];
    names
        .filter(|name| is_option(name) && !other.contains(name))
        .collect()
}

#[tokio::test]
async fn tripos_options() {
    let trial = r#"
        {"face_limit": 2000} => {"faces": 2000}
        {"quad": true} => {"topology": "quad"}
        {"model_seed": 7} => {"seed": 7}
        {"geometry_quality": "detailed", "texture_quality": "detailed"} => {"tier": "ultra"}
        {"texture_quality": "detailed"} => {"tier": "pro"}
        {"geometry_quality": "standard", "texture_quality": "standard"} => nothing
        {"model": "v3", "texture": true, "pbr": true, "texture_seed": 1, "texture_alignment": "geometry"} => nothing
        {"orientation": "default", "enable_image_autofix": true, "export_uv": false, "auto_size": false} => nothing
        {"auto_size": true} => 422 unsupported
        {"compress": "geometry"} => 422 unsupported
        {"generate_parts": true} => 422 unsupported
        {"smart_low_poly": true} => 422 unsupported
        {"face_limit": 1} => 400 invalid_request
        {"style": "clay"} => 400 invalid_request
        /v3/generation/text-to-model {"prompt": "a teapot"} => 422 no_text_model
        /v3/models/convert {"format": "STL", "quad": true} => 400 invalid_request
        /v3/animations/rig {} => 404 no_such_page
    "#;
    TRIPO.holds(trial).await;
}

#[tokio::test]
async fn meshys_options() {
    let trial = r#"
        {"target_polycount": 2000} => {"faces": 2000}
        {"topology": "quad"} => {"topology": "quad"}
        {"symmetry_mode": "auto"} => {"symmetry": "auto"}
        {"symmetry_mode": "on"} => {"symmetry": "x"}
        {"seed": 7} => {"seed": 7}
        {"hd_texture": true, "enable_pbr": true} => {"tier": "ultra"}
        {"enable_pbr": true} => {"tier": "pro"}
        {"ai_model": "latest", "should_remesh": true, "should_texture": true, "remove_lighting": true} => nothing
        {"moderation": false, "target_formats": ["glb"], "model_type": "lowpoly", "pose_mode": ""} => nothing
        {"image_enhancement": true, "save_pre_remeshed_model": true, "topology": null} => nothing
        {"auto_size": true} => 422 unsupported
        {"is_a_t_pose": true} => 422 unsupported
        {"pose_mode": "a-pose"} => 422 unsupported
        {"texture_prompt": "wood"} => 422 unsupported
        {"texture_image_url": "https://example.org/wood.png"} => 422 unsupported
        {"symmetry_mode": "perhaps"} => 400 invalid_request
        {"style": "clay"} => 400 invalid_request
        /openapi/v2/text-to-3d {"mode": "preview", "prompt": "a teapot"} => 422 no_text_model
        /openapi/v1/remesh {"input_task_id": "x"} => 422 unsupported
        /openapi/creative-lab/lamp/v1/prototype {} => 422 unsupported
        /openapi/v1/anything {} => 404 no_such_page
    "#;
    MESHY.holds(trial).await;
}

#[tokio::test]
async fn printpals_options() {
    let trial = r#"
        {"quality": "default"} => nothing
        {"quality": "high"} => {"tier": "pro"}
        {"quality": "superplus_texture"} => {"tier": "ultra"}
        {"format": "obj"} => nothing
        {"num_inference_steps": 20, "guidance_scale": 5.0, "octree_resolution": 256} => nothing
        {"quality": "best"} => 400 invalid_request
        {"format": "fbx"} => 400 unknown_format
        {"style": "clay"} => 400 invalid_request
        {"prompt": "a teapot"} => 422 no_text_model
    "#;
    PRINTPAL.holds(trial).await;
}

#[tokio::test]
async fn replicates_options() {
    let trial = r#"
        /v1/models/anybody/pro/predictions {} => {"tier": "pro"}
        /v1/models/somebody/ultra/predictions {} => {"tier": "ultra"}
        {"seed": 7, "faces": 2000, "quads": true} => {"seed": 7, "faces": 2000, "topology": "quad"}
        {"guidance": 7} => 400 invalid_request
        {"prompt": "a teapot"} => 422 no_text_model
        /v1/models/anybody/gold/predictions {} => 404 unknown_model
        /v1/trainings {} => 404 no_such_page
        /v1/deployments {} => 404 no_such_page
    "#;
    REPLICATE.holds(trial).await;
}

#[tokio::test]
async fn hunyuans_options() {
    let picture = data_uri(&disc());
    let trial = r#"
        {"image_left": "PICTURE", "image_back": "PICTURE", "image_right": "PICTURE"} => nothing
        {"image": null, "image_front": "PICTURE"} => nothing
        {"octree_resolution": 512} => {"tier": "ultra"}
        {"octree_resolution": 384} => {"tier": "pro"}
        {"octree_resolution": 256} => nothing
        {"face_count": 2000, "seed": 7} => {"faces": 2000, "seed": 7}
        {"num_inference_steps": 20, "guidance_scale": 5.5, "texture": true, "type": "stl", "more": 1} => nothing
        {"type": "fbx"} => 400 unknown_format
        {"mesh": "Z2xURg=="} => 422 unsupported
        {"image": null, "text": "a teapot"} => 422 no_text_model
        {"image": null} => 400 no_picture
    "#;
    HUNYUAN.holds(&trial.replace("PICTURE", &picture)).await;
}

#[tokio::test]
async fn stabilitys_options() {
    let trial = r#"
        {"texture_resolution": 512} => {"tier": "base", "texture": 512}
        {"texture_resolution": 2048} => {"tier": "pro", "texture": 2048}
        {"remesh": "quad"} => {"topology": "quad"}
        {"remesh": "triangle", "target_type": "none"} => nothing
        {"target_type": "face", "target_count": 2000} => {"faces": 2000}
        {"target_type": "vertex", "target_count": 1000} => {"faces": 2000}
        {"seed": 7} => {"seed": 7}
        /v2beta/3d/stable-point-aware-3d {"guidance_scale": 3, "foreground_ratio": 1.3} => nothing
        {"texture_resolution": 4096} => 400 invalid_request
        {"remesh": "sphere"} => 400 invalid_request
        {"target_type": "edge"} => 400 invalid_request
        {"style": "clay"} => 400 invalid_request
    "#;
    STABILITY.holds(trial).await;
}

#[test]
fn every_page_begins_with_the_line_to_change() {
    for dialect in [TRIPO, MESHY, PRINTPAL, REPLICATE, HUNYUAN, STABILITY] {
        let first = dialect.page.lines().nth(2).unwrap();
        assert!(first.contains("https://3d.example.org"), "{first}");
    }
}
