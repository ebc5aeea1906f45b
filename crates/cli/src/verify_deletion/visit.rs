//! Using the service as anybody else would: nothing here knows more than a client may.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use reqwest::{Client, Method, StatusCode, Url};
use serde_json::Value;
use vault::{PublicKey, SignedReceipt};

use super::marked::Marked;

/// A server answers within this, or not at all.
const REPLY_LIMIT: Duration = Duration::from_secs(120);
/// A job that isn't done by then won't be.
const JOB_LIMIT: Duration = Duration::from_secs(30 * 60);
/// How often it is asked for.
const POLL: Duration = Duration::from_millis(500);
/// After its deadline an object may not be read; its bytes have this long to go.
const CLEANUP_LIMIT: Duration = Duration::from_secs(60);
/// Receipts are written after the last byte is gone.
const RECEIPTS_LIMIT: Duration = Duration::from_secs(10);

/// Separates the fields of the form; the pictures we make don't contain it.
const BOUNDARY: &str = "ai3dgen-verify-deletion-7c1f0b52";

/// A service somewhere.
pub struct Visit {
    client: Client,
    base: Url,
}

/// A job there.
pub struct Job {
    /// The permission to see it.
    pub id: String,
    /// Another picture, and no model.
    pub makes_a_picture: bool,
    /// Every address that its last state named.
    addresses: Vec<String>,
    state: String,
    failure: Option<String>,
}

impl Visit {
    /// # Errors
    /// The address is none.
    pub fn new(url: &str) -> Result<Self> {
        let base = Url::parse(url).context("--url is like http://127.0.0.1:3000")?;
        let client = Client::builder().timeout(REPLY_LIMIT).no_proxy().build()?;
        Ok(Self { client, base })
    }

    /// Hands the picture in at that address, with that idempotency key; the job's id.
    pub async fn upload(
        &self,
        address: &str,
        key: &str,
        marked: &Marked,
        lifetime_minutes: Option<u32>,
    ) -> Result<String> {
        let request = self
            .request(Method::POST, address)?
            .header(
                "Content-Type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .header("Idempotency-Key", key)
            .body(form(marked, lifetime_minutes));
        let reply = request
            .send()
            .await
            .context("the service can't be reached")?;
        let status = reply.status();
        let job: Value =
            serde_json::from_slice(&reply.bytes().await?).context("the service answers no JSON")?;
        if status != StatusCode::CREATED {
            bail!("the picture was refused: {status}, {}", job["title"]);
        }
        let id = job["id"].as_str().context("the service names no job")?;
        Ok(id.to_owned())
    }

    /// Waits until the job is done.
    pub async fn wait(&self, id: &str) -> Result<Job> {
        let began = Instant::now();
        loop {
            let job = self.job(id).await?;
            match job.state.as_str() {
                "done" => return Ok(job),
                "queued" | "running" if began.elapsed() < JOB_LIMIT => {}
                "queued" | "running" => bail!("the job isn't done after {JOB_LIMIT:?}"),
                state => bail!("the job is {state}: {}", job.failure.unwrap_or_default()),
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Something of the job, whole.
    pub async fn download(&self, id: &str, what: &str) -> Result<Vec<u8>> {
        let path = format!("/jobs/{id}/{what}");
        let reply = self.request(Method::GET, &path)?.send().await?;
        if reply.status() != StatusCode::OK {
            bail!("{what} can't be downloaded: {}", reply.status());
        }
        Ok(reply.bytes().await?.to_vec())
    }

    /// Has it destroyed now.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let path = format!("/jobs/{id}");
        let reply = self.request(Method::DELETE, &path)?.send().await?;
        match reply.status().is_success() {
            true => Ok(()),
            false => bail!("the job can't be deleted: {}", reply.status()),
        }
    }

    /// Waits until the job has come to its deadline by itself, and its bytes had time to go.
    pub async fn outlive(&self, id: &str) -> Result<()> {
        loop {
            let path = format!("/jobs/{id}");
            let reply = self.request(Method::GET, &path)?.send().await?;
            if reply.status() == StatusCode::GONE {
                tokio::time::sleep(CLEANUP_LIMIT).await;
                return Ok(());
            }
            tokio::time::sleep(POLL * 4).await;
        }
    }

    /// The addresses of the job that answer anything but 410, with what they answer, and how many
    /// were asked.
    pub async fn not_gone(&self, job: &Job) -> Result<(usize, Vec<String>)> {
        let mut wrong = Vec::new();
        for address in &job.addresses {
            let reply = self.request(Method::GET, address)?.send().await?;
            if reply.status() != StatusCode::GONE {
                // The address holds the id.
                let shown = address.replace(&job.id, "…");
                wrong.push(format!("{shown} answers {}", reply.status().as_u16()));
            }
        }
        Ok((job.addresses.len(), wrong))
    }

    /// The job's receipts as text, once there are `enough` or it has had time to write them.
    pub async fn receipts(&self, id: &str, enough: usize) -> Result<Vec<String>> {
        let began = Instant::now();
        loop {
            let path = format!("/jobs/{id}/receipts");
            let reply = self.request(Method::GET, &path)?.send().await?;
            if reply.status() != StatusCode::OK {
                bail!("the receipts can't be fetched: {}", reply.status());
            }
            let receipts = crate::receipts::split(&reply.text().await?);
            if receipts.len() >= enough || began.elapsed() > RECEIPTS_LIMIT {
                return Ok(receipts);
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// The key that the service publishes.
    pub async fn public_key(&self) -> Result<PublicKey> {
        let path = "/.well-known/ai3dgen-receipts.pub";
        let reply = self.request(Method::GET, path)?.send().await?;
        let text = reply.error_for_status()?.text().await?;
        Ok(text.parse()?)
    }

    async fn job(&self, id: &str) -> Result<Job> {
        let path = format!("/jobs/{id}");
        let reply = self.request(Method::GET, &path)?.send().await?;
        let body = reply.error_for_status()?.bytes().await?;
        let job: Value = serde_json::from_slice(&body)?;
        let mut addresses = vec![path];
        gather(&job["links"], id, &mut addresses);
        Ok(Job {
            id: id.to_owned(),
            makes_a_picture: job["tool"].is_string(),
            addresses,
            state: job["state"].as_str().unwrap_or_default().to_owned(),
            failure: job["failure"].as_str().map(str::to_owned),
        })
    }

    fn request(&self, method: Method, path: &str) -> Result<reqwest::RequestBuilder> {
        Ok(self.client.request(method, self.base.join(path)?))
    }
}

/// The addresses in a job's links that can be read: those that change something take no GET, and
/// receipts outlive the job.
fn gather(links: &Value, id: &str, addresses: &mut Vec<String>) {
    const NOT_READ: [&str; 6] = ["self", "cancel", "delete", "shorten", "retry", "receipts"];
    for (name, link) in links.as_object().into_iter().flatten() {
        match link {
            Value::String(address)
                if !NOT_READ.contains(&name.as_str()) && address.contains(id) =>
            {
                addresses.push(address.clone());
            }
            Value::Object(_) => gather(link, id, addresses),
            _ => {}
        }
    }
}

fn form(marked: &Marked, lifetime_minutes: Option<u32>) -> Vec<u8> {
    let field = |name: &str, value: &str| {
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    let mut head = field("tier", "base") + &field("note", &marked.note);
    if let Some(minutes) = lifetime_minutes {
        head += &field("lifetime", &minutes.to_string());
    }
    head += &format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"{}.png\"\r\n\
         Content-Type: image/png\r\n\r\n",
        marked.name
    );
    let end = format!("\r\n--{BOUNDARY}--\r\n");
    [head.as_bytes(), &marked.png, end.as_bytes()].concat()
}

/// Receipts that the key signed and that say the key is destroyed.
pub fn valid(receipts: &[String], key: &PublicKey) -> Vec<vault::Receipt> {
    let signed = receipts.iter().filter_map(|text| text.parse().ok());
    let believed = signed.filter_map(|signed: SignedReceipt| signed.verify(key).ok().copied());
    believed.filter(|receipt| receipt.key_destroyed).collect()
}
