//! JSON-RPC 2.0, a message a line, on standard input and output.

use std::io::{self, BufRead, Read, Write};
use std::sync::Mutex;

use serde_json::{Value, json};

/// JSON-RPC's code for a message that is no JSON.
const NO_JSON: i32 = -32700;
/// ... for one that is no request.
const NO_REQUEST: i32 = -32600;
/// ... for a method that isn't there.
pub const UNKNOWN_METHOD: i32 = -32601;
/// ... for parameters that can't be used.
pub const INVALID_PARAMS: i32 = -32602;
/// Four pictures of the largest size in base64, and what is around them.
const LONGEST_LINE: u64 = 384 << 20;

/// What the other side says.
pub enum Incoming {
    /// It wants an answer.
    Request {
        id: Value,
        method: String,
        params: Value,
    },
    /// It wants none.
    Notification { method: String, params: Value },
    /// Nobody knows what it wants.
    Unusable { code: i32, reason: &'static str },
}

impl Incoming {
    fn of(line: &[u8]) -> Option<Self> {
        let unusable = |code, reason| Some(Self::Unusable { code, reason });
        let Ok(mut message) = serde_json::from_slice::<Value>(line) else {
            return unusable(NO_JSON, "that line is no JSON");
        };
        let (id, params) = (taken(&mut message, "id"), taken(&mut message, "params"));
        let method = message["method"].as_str().map(str::to_owned);
        match (method, id) {
            (Some(method), Value::Null) => Some(Self::Notification { method, params }),
            (Some(method), id @ (Value::String(_) | Value::Number(_))) => {
                Some(Self::Request { id, method, params })
            }
            // An answer, though nothing was asked.
            (None, _) if message.get("result").or(message.get("error")).is_some() => None,
            _ => unusable(NO_REQUEST, "that is no request of JSON-RPC 2.0"),
        }
    }
}

/// A member of an object; null if it isn't there, or that is no object.
pub fn taken(object: &mut Value, member: &str) -> Value {
    object.get_mut(member).map_or(Value::Null, Value::take)
}

/// Reads standard input to its end.
///
/// # Errors
/// It breaks, a line is too long, or `answer` fails.
pub fn each_message(mut answer: impl FnMut(Incoming) -> io::Result<()>) -> io::Result<()> {
    let mut input = io::stdin().lock();
    loop {
        let mut line = Vec::new();
        let read = (&mut input)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        if read as u64 == LONGEST_LINE {
            return Err(io::Error::other(
                "a message is too long; name pictures by their paths",
            ));
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if let Some(message) = Incoming::of(&line) {
            answer(message)?;
        }
    }
}

/// The way out. Messages of several threads don't mix.
#[derive(Default)]
pub struct Wire(Mutex<()>);

impl Wire {
    /// Answers a request.
    pub fn result(&self, id: &Value, result: Value) -> io::Result<()> {
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "result": result }))
    }

    /// Says why a request has no answer.
    pub fn error(&self, id: &Value, code: i32, message: &str) -> io::Result<()> {
        let error = json!({ "code": code, "message": message });
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "error": error }))
    }

    /// Tells what nobody asked for.
    pub fn notify(&self, method: &str, params: Value) -> io::Result<()> {
        self.say(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    fn say(&self, message: &Value) -> io::Result<()> {
        let _alone = self.0.lock();
        let mut out = io::stdout().lock();
        writeln!(out, "{message}")?;
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_understood_is_told_apart() {
        let code = |line: &str| match Incoming::of(line.as_bytes()) {
            Some(Incoming::Unusable { code, .. }) => code,
            _ => 0,
        };
        assert_eq!(code("{"), NO_JSON);
        for line in [
            "7",
            "[]",
            "{}",
            r#"{"id":1}"#,
            r#"{"id":{},"method":"ping"}"#,
        ] {
            assert_eq!(code(line), NO_REQUEST, "{line}");
        }
        assert!(Incoming::of(br#"{"id":1,"result":{}}"#).is_none());
        let request = Incoming::of(br#"{"id":"a","method":"ping"}"#);
        assert!(matches!(request, Some(Incoming::Request { .. })));
        let notification = Incoming::of(br#"{"method":"notifications/initialized"}"#);
        assert!(matches!(notification, Some(Incoming::Notification { .. })));
    }
}
