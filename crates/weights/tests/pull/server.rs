//! A server of one file over real sockets, with the faults that servers and networks have.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What to do with one request.
#[derive(Clone)]
pub enum Answer {
    /// The file, or the range that was asked for.
    Serve,
    /// The same, but the connection is cut after this many bytes of body.
    Cut(usize),
    /// The same, but nothing comes after this many bytes of body, for as long as the test runs.
    Hang(usize),
    /// The same, one byte every time.
    Trickle(Duration),
    /// The whole file, whatever was asked for.
    Whole,
    /// Exactly these bytes: head and body.
    Raw(Vec<u8>),
    /// Nothing at all.
    Close,
}

/// A request as it arrived: its path and its headers, names in lower case.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let header = headers.find(|(known, _)| known == name);
        header.map(|(_, value)| value.as_str())
    }

    /// Where the range that is asked for begins.
    pub fn offset(&self) -> Option<usize> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

type Decide = dyn Fn(&Request, usize) -> Answer + Send + Sync;

/// Runs until the test's process ends.
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    file: Arc<Mutex<(Vec<u8>, String)>>,
}

impl Server {
    /// Serves `content` under every path; `decide` gets each request and how many came before.
    pub fn start(
        content: &[u8],
        decide: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            file: Arc::new(Mutex::new((content.to_vec(), "\"first\"".into()))),
        };
        let decide: Arc<Decide> = Arc::new(decide);
        let (requests, file) = (Arc::clone(&server.requests), Arc::clone(&server.file));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let decide = Arc::clone(&decide);
                let (requests, file) = (Arc::clone(&requests), Arc::clone(&file));
                thread::spawn(move || {
                    let Some(request) = read(&stream) else {
                        return;
                    };
                    let before = {
                        let mut requests = requests.lock().unwrap();
                        requests.push(request.clone());
                        requests.len() - 1
                    };
                    let (content, etag) = file.lock().unwrap().clone();
                    // A client that goes away is one of the things tested.
                    let _ = answer(stream, &request, &decide(&request, before), &content, &etag);
                });
            }
        });
        server
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Another file from now on, with another tag.
    pub fn replace(&self, content: &[u8], etag: &str) {
        *self.file.lock().unwrap() = (content.to_vec(), etag.into());
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    let path = first.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    for line in lines {
        let line = line.ok()?;
        if line.is_empty() {
            return Some(Request { path, headers });
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    None
}

fn answer(
    mut stream: TcpStream,
    request: &Request,
    answer: &Answer,
    content: &[u8],
    etag: &str,
) -> std::io::Result<()> {
    match answer {
        Answer::Raw(bytes) => return stream.write_all(bytes),
        Answer::Close => return Ok(()),
        _ => {}
    }
    let same = request.header("if-range").is_none_or(|tag| tag == etag);
    let offset = request
        .offset()
        .filter(|_| same && !matches!(answer, Answer::Whole));
    let length = content.len();
    let (head, body) = match offset {
        Some(offset) if offset >= length => (
            format!("416 Range Not Satisfiable\r\nContent-Range: bytes */{length}"),
            &content[..0],
        ),
        Some(offset) => (
            format!(
                "206 Partial Content\r\nContent-Range: bytes {offset}-{}/{length}",
                length - 1
            ),
            &content[offset..],
        ),
        None => ("200 OK".to_owned(), content),
    };
    write!(
        stream,
        "HTTP/1.1 {head}\r\nETag: {etag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    match answer {
        Answer::Cut(bytes) => stream.write_all(&body[..body.len().min(*bytes)]),
        Answer::Hang(bytes) => {
            stream.write_all(&body[..body.len().min(*bytes)])?;
            thread::sleep(Duration::from_secs(600));
            Ok(())
        }
        Answer::Trickle(pause) => {
            for byte in body {
                stream.write_all(&[*byte])?;
                thread::sleep(*pause);
            }
            Ok(())
        }
        _ => stream.write_all(body),
    }
}

/// A head and a body that may not go together.
pub fn raw(head: &str, body: &[u8]) -> Answer {
    let mut bytes = format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n").into_bytes();
    bytes.extend_from_slice(body);
    Answer::Raw(bytes)
}
