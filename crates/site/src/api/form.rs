//! A request's body, however it comes: JSON, a form with a file, or the picture itself. All of them
//! become one JSON object and perhaps a picture, so that every type of request is declared once.

use std::marker::PhantomData;

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use lifecycle::Role;
use serde::de::DeserializeOwned;
use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::error::{ApiError, invalid};
use super::json;
use crate::place::Place;
use crate::problem::Problem;
use crate::state::AppState;
use crate::upload::{
    BUSY_SECS, MOST_PICTURES, VISITOR, declared_length, in_time, read_pieces, swallow,
};

/// Names that clients have for the file in a form.
const FILE_FIELDS: [&str; 5] = ["image", "picture", "file", "content", "image_file"];
/// Everything beside the picture is no longer than this.
const WORDS_BYTES: usize = 64 << 10;

/// What came for one job. A file that is not among `B`'s is a field like any other that nobody knows.
pub struct Form<T, B = Alone> {
    /// Those that came as bytes, one of each role. All of them together are as long as one may be.
    pub files: Vec<(Role, Vec<u8>)>,
    /// All else.
    pub fields: T,
    /// For pictures that the fields name: as long as the files leave it.
    pub place: Place,
    taken: PhantomData<B>,
}

impl<T> Form<T> {
    /// The picture, where nothing else is of use.
    pub fn picture(self) -> Result<Vec<u8>, ApiError> {
        let picture = self.files.into_iter().next();
        let (_, picture) = picture.ok_or_else(Problem::no_picture)?;
        Ok(picture)
    }
}

/// Which files a request may bring.
pub trait Files {
    const ROLES: &'static [Role];
}

/// A picture.
pub struct Alone;

/// The object's sides.
pub struct Sides;

/// What image tools need.
pub struct ForTools;

impl Files for Alone {
    const ROLES: &'static [Role] = &[Role::Picture];
}

impl Files for Sides {
    const ROLES: &'static [Role] = &Role::VIEWS;
}

impl Files for ForTools {
    const ROLES: &'static [Role] = &[
        Role::Picture,
        Role::Mask,
        Role::Keep,
        Role::Remove,
        Role::Background,
    ];
}

/// What came for many jobs.
pub struct Many<T> {
    /// Those that came as bytes, in their order. Together they are as long as one may be.
    pub files: Vec<Vec<u8>>,
    /// All else.
    pub fields: T,
    /// As in [`Form`].
    pub place: Place,
}

/// A file that is not empty, and the field it came in.
struct Sent {
    role: Role,
    field: String,
    bytes: Vec<u8>,
}

/// A body, read.
#[derive(Default)]
struct Body {
    files: Vec<Sent>,
    words: Map<String, Value>,
}

impl Body {
    /// Takes fields in.
    fn add(&mut self, words: impl IntoIterator<Item = (String, Value)>) -> Result<(), ApiError> {
        let mut words = words.into_iter();
        words.try_for_each(|(name, value)| self.say(name, value))
    }

    /// Takes a field in that has not been said before.
    fn say(&mut self, name: String, value: Value) -> Result<(), ApiError> {
        match self.words.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(value);
                Ok(())
            }
            Entry::Occupied(entry) => {
                let name = entry.key();
                Err(invalid(format!("{name} came twice. Send it once.")))
            }
        }
    }

    /// Takes a file in. A field in which nobody chose a file comes empty.
    fn put(&mut self, role: Role, field: String, bytes: Vec<u8>) -> Result<(), Problem> {
        if bytes.is_empty() {
            return Ok(());
        }
        if self.files.len() == MOST_PICTURES {
            return Err(Problem::too_many(MOST_PICTURES));
        }
        self.files.push(Sent { role, field, bytes });
        Ok(())
    }

    /// A file is there where a field is expected: nobody knows that one.
    fn unknown(&mut self, field: &str) {
        self.words.insert(field.to_owned(), Value::Null);
    }

    fn fields<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        let fields = serde_json::from_value(Value::Object(self.words));
        fields.map_err(|error| invalid(told(&error)))
    }
}

impl<T: DeserializeOwned, B: Files> FromRequest<AppState> for Form<T, B> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let (mut body, place) = received(request, state).await?;
        let mut files: Vec<(Role, Vec<u8>)> = Vec::new();
        for Sent { role, field, bytes } in std::mem::take(&mut body.files) {
            if !B::ROLES.contains(&role) {
                body.unknown(&field);
                continue;
            }
            if files.iter().any(|(taken, _)| *taken == role) {
                let role = role.name();
                return Err(invalid(format!(
                    "A second file came for {role}, in the field “{field}”. Send one."
                )));
            }
            files.push((role, bytes));
        }
        Ok(Self {
            files,
            fields: body.fields()?,
            place,
            taken: PhantomData,
        })
    }
}

impl<T: DeserializeOwned> FromRequest<AppState> for Many<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let (mut body, place) = received(request, state).await?;
        let mut files = Vec::new();
        for Sent { role, bytes, .. } in std::mem::take(&mut body.files) {
            if role != Role::Picture {
                return Err(Problem::side_in_batch(role.name()).into());
            }
            files.push(bytes);
        }
        Ok(Self {
            files,
            fields: body.fields()?,
            place,
        })
    }
}

/// A body within all bounds, and the place that it takes.
async fn received(request: Request, state: &AppState) -> Result<(Body, Place), ApiError> {
    let limit = state.lifecycle.max_upload_bytes();
    let kind = kind(request.headers());
    // In JSON a picture is a third longer.
    let most = match kind.as_str() {
        "application/json" => limit / 3 * 4 + limit / 32 + WORDS_BYTES,
        _ => limit + WORDS_BYTES,
    };
    if declared_length(request.headers()).is_some_and(|length| length > most) {
        swallow(request, VISITOR);
        return Err(Problem::too_large(limit).into());
    }
    let Some(place) = Place::among(&state.uploads, limit) else {
        swallow(request, VISITOR);
        return Err(Problem::busy(BUSY_SECS).into());
    };
    let read = read(request, &kind, most, &place);
    let body = tokio::time::timeout(state.longest_upload, read).await;
    Ok((
        body.unwrap_or_else(|_| Err(Problem::too_slow().into()))?,
        place,
    ))
}

/// What a body lacks or has too much. Values are content: they are not repeated.
fn told(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.starts_with("unknown field") || text.starts_with("missing field") {
        true => format!("The request can’t be used: {text}."),
        false => "A field of the request has a value of another type than documented.".into(),
    }
}

fn kind(headers: &HeaderMap) -> String {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// What is said after the question mark counts like what is said in the body.
async fn read(request: Request, kind: &str, most: usize, place: &Place) -> Result<Body, ApiError> {
    let mut body = Body::default();
    // What is put at an address is a file, whether its type is told or not.
    let is_put = request.method() == Method::PUT;
    body.add(form_words(request.uri().query().unwrap_or_default())?)?;
    match kind {
        "multipart/form-data" => multipart(&mut body, request, place).await?,
        "application/json" => {
            let pieces = request.into_body().into_data_stream();
            match json::read(&read_pieces(pieces, most, malformed).await?)? {
                Value::Object(words) => body.add(words)?,
                _ => return Err(invalid("The body is a JSON object.")),
            }
        }
        "application/x-www-form-urlencoded" => {
            let pieces = request.into_body().into_data_stream();
            let form = read_pieces(pieces, WORDS_BYTES, malformed).await?;
            let form = String::from_utf8(form).map_err(|_| invalid("The form is no text."))?;
            body.add(form_words(&form)?)?;
        }
        _ if is_put || kind.starts_with("image/") || kind == "application/octet-stream" => {
            let pieces = request.into_body().into_data_stream();
            let file = read_pieces(pieces, place.limit, malformed).await?;
            body.put(Role::Picture, String::new(), place.counted(file)?)?;
        }
        _ => return Err(Problem::not_an_upload().into()),
    }
    Ok(body)
}

fn malformed<E>(_: E) -> Problem {
    Problem::malformed_upload()
}

async fn multipart(body: &mut Body, request: Request, place: &Place) -> Result<(), ApiError> {
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| Problem::malformed_upload())?;
    let mut left = WORDS_BYTES;
    loop {
        let Some(field) = in_time(form.next_field()).await?.map_err(malformed)? else {
            break;
        };
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(role) = role_of(&name).filter(|_| field.file_name().is_some()) {
            let file = read_pieces(field, place.limit, malformed).await?;
            body.put(role, name, place.counted(file)?)?;
            continue;
        }
        let text = read_pieces(field, left, malformed).await?;
        left -= text.len();
        let text =
            String::from_utf8(text).map_err(|_| invalid("A field of the form is no text."))?;
        body.say(name, word(text))?;
    }
    Ok(())
}

/// What a field of that name has a file of.
fn role_of(name: &str) -> Option<Role> {
    match FILE_FIELDS.contains(&name) {
        true => Some(Role::Picture),
        false => Role::from_name(name, &Role::ALL),
    }
}

/// What follows a question mark, as JSON.
fn form_words(query: &str) -> Result<Vec<(String, Value)>, ApiError> {
    let url = reqwest::Url::parse(&format!("x:?{query}"));
    let url = url.map_err(|_| invalid("What follows the question mark can’t be read."))?;
    let pairs = url.query_pairs();
    let words = pairs.map(|(name, text)| (name.into_owned(), word(text.into_owned())));
    Ok(words.collect())
}

/// A form knows only texts: numbers, yes and no are what they look like.
pub fn word(text: String) -> Value {
    match serde_json::from_str(&text) {
        Ok(value @ (Value::Bool(_) | Value::Number(_))) => value,
        _ => Value::String(text),
    }
}
