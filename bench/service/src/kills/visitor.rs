//! Somebody who uses the service until it is gone.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::ledger::{Ledger, Phase};
use crate::http::{Reply, Request};
use crate::pictures;
use crate::random::Random;

const POLL: Duration = Duration::from_millis(5);
/// The stages after which there is a model to be sealed.
const LAST_STAGES: [&str; 2] = ["texture", "export"];

pub struct Visitor {
    pub address: String,
    pub ledger: Arc<Ledger>,
    pub random: Random,
}

impl Visitor {
    /// Comes again and again until the connection breaks.
    pub async fn come_and_go(mut self) {
        while self.come().await.is_ok() {}
    }

    async fn come(&mut self) -> io::Result<()> {
        let side = 48 + self.random.below(48) as u32;
        let Some(job) = self.upload(&pictures::ball(side)).await? else {
            sleep(POLL * 10).await;
            return Ok(());
        };
        // Some don't wait.
        if self.random.below(8) == 0 {
            return self.delete(&job).await;
        }
        self.wait(&job).await?;
        self.download(&job).await?;
        if self.random.below(2) == 0 {
            self.delete(&job).await?;
        }
        Ok(())
    }

    async fn upload(&self, picture: &[u8]) -> io::Result<Option<String>> {
        let request = Request {
            method: "POST",
            path: "/jobs?tier=base&engine=inflate",
            body: picture,
            ..Request::default()
        };
        let under_way = self.ledger.enter(Phase::Upload);
        let reply = request.send(&self.address).await?;
        let job = reply.json()["links"]["self"].as_str().map(str::to_owned);
        if let Some(job) = &job {
            self.ledger.accept(job);
        }
        under_way.ended();
        Ok(job)
    }

    async fn wait(&self, job: &str) -> io::Result<()> {
        let (mut run, mut seal) = (None, None);
        loop {
            let view = self.get(job).await?.json();
            match view["state"].as_str() {
                Some("queued") => {}
                Some("running") => {
                    run.get_or_insert_with(|| self.ledger.enter(Phase::Run));
                    let stage = view["stage"].as_str().unwrap_or_default();
                    if LAST_STAGES.contains(&stage) {
                        seal.get_or_insert_with(|| self.ledger.enter(Phase::Seal));
                    }
                }
                _ => break,
            }
            sleep(POLL).await;
        }
        for under_way in [run, seal].into_iter().flatten() {
            under_way.ended();
        }
        Ok(())
    }

    async fn download(&self, job: &str) -> io::Result<()> {
        let under_way = self.ledger.enter(Phase::Download);
        let model = self.get(&format!("{job}/model.glb")).await?;
        if let Some(result) = model.header("etag").filter(|_| model.status == 200) {
            let result = Some(result.to_owned());
            self.ledger.change(job, |job| job.result = result);
        }
        under_way.ended();
        Ok(())
    }

    async fn delete(&self, job: &str) -> io::Result<()> {
        let request = Request {
            method: "DELETE",
            path: job,
            ..Request::default()
        };
        let under_way = self.ledger.enter(Phase::Delete);
        self.ledger.change(job, |job| job.asked_to_go = true);
        let reply = request.send(&self.address).await?;
        self.ledger
            .change(job, |job| job.gone = reply.status == 204);
        under_way.ended();
        Ok(())
    }

    async fn get(&self, path: &str) -> io::Result<Reply> {
        Request::get(path).send(&self.address).await
    }
}
