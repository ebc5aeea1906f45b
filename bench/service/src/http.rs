//! As much of an HTTP client as is needed, and as little work for the machine that is measured.

use std::io;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// GET, POST or DELETE.
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// More lines of the head, each with its end.
    pub headers: String,
    /// A picture, or nothing.
    pub body: &'a [u8],
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// The status line and the headers, in lower case.
    pub head: String,
    /// What came before the connection was closed.
    pub body: Vec<u8>,
}

impl<'a> Request<'a> {
    /// Asks for a path.
    pub fn get(path: &'a str) -> Self {
        Self {
            method: "GET",
            path,
            ..Self::default()
        }
    }

    /// Sends it on a connection of its own.
    ///
    /// # Errors
    /// The connection breaks.
    pub async fn connect(&self, address: &str) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        self.write(&mut stream, address, "close").await?;
        Ok(stream)
    }

    async fn write(&self, stream: &mut TcpStream, host: &str, after: &str) -> io::Result<()> {
        let head = format!(
            "{} {} HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/png\r\nContent-Length: {}\r\n\
             Connection: {after}\r\n{}\r\n",
            self.method,
            self.path,
            self.body.len(),
            self.headers
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(self.body).await
    }

    /// Sends it and reads the whole answer.
    ///
    /// # Errors
    /// The connection breaks, or the answer is shorter than it says.
    pub async fn send(&self, address: &str) -> io::Result<Reply> {
        let mut stream = self.connect(address).await?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await?;
        Reply::parse(bytes)
    }
}

/// A connection that is used again and again, as programs do.
pub struct Kept {
    stream: TcpStream,
    host: String,
}

impl Kept {
    /// Opens it.
    ///
    /// # Errors
    /// Nobody listens there.
    pub async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            host: address.to_owned(),
        })
    }

    /// Sends a request and reads the answer, whose length has to be said.
    ///
    /// # Errors
    /// The connection breaks, or the answer doesn't say how long it is.
    pub async fn send(&mut self, request: &Request<'_>) -> io::Result<Reply> {
        let Self { stream, host } = self;
        request.write(stream, host, "keep-alive").await?;
        let mut bytes = Vec::with_capacity(4096);
        loop {
            if stream.read_buf(&mut bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let (end, head) = (end + 4, Reply::begun(bytes[..end + 4].to_vec())?);
            let length = head
                .header("content-length")
                .and_then(|len| len.parse::<usize>().ok());
            let length = length.ok_or(io::ErrorKind::InvalidData)?;
            bytes.reserve(length);
            while bytes.len() < end + length {
                if stream.read_buf(&mut bytes).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            return Reply::parse(bytes);
        }
    }
}

impl Reply {
    /// A whole answer.
    fn parse(bytes: Vec<u8>) -> io::Result<Self> {
        let reply = Self::begun(bytes)?;
        let announced = reply.header("content-length").map(str::parse::<usize>);
        match announced {
            Some(Ok(len)) if len != reply.body.len() => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(reply),
        }
    }

    /// A whole head, and as much as there is of the body.
    fn begun(mut bytes: Vec<u8>) -> io::Result<Self> {
        let broken = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let body = bytes.split_off(end.ok_or_else(broken)? + 4);
        let head = String::from_utf8_lossy(&bytes).to_lowercase();
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        Ok(Self {
            status: status.ok_or_else(broken)?,
            head,
            body,
        })
    }

    /// A header's value, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines();
        let mut headers = lines.filter_map(|line| line.split_once(": "));
        headers.find_map(|(known, value)| (known == name).then_some(value))
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}
