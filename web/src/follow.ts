// Following a job until it ends: server-sent events, or asking every two seconds where those fail.

import { isFinal, parseJob, type Job } from './job.ts';

const POLL_MILLIS = 2000;

export interface Follower {
  /** Something changed. The last call has a final state. */
  job(job: Job): void;
  /** The connection is lost; the browser keeps trying. */
  lost(): void;
  /** The job does not exist any more. */
  gone(): void;
}

/** Follows the job at `url` until it is final, gone, or `signal` aborts. */
export function follow(url: string, follower: Follower, signal: AbortSignal): void {
  const source = new EventSource(`${url}/events`);
  signal.addEventListener('abort', () => source.close());
  source.addEventListener('job', (event) => {
    const job = parseJob((event as MessageEvent<string>).data);
    // The server ends the stream after the final state; a browser would connect again.
    if (isFinal(job.state)) source.close();
    follower.job(job);
  });
  source.addEventListener('error', () => {
    if (signal.aborted) return;
    // CONNECTING: the browser reconnects by itself, and the first event brings it up to date.
    if (source.readyState !== EventSource.CLOSED) return follower.lost();
    void poll(url, follower, signal);
  });
}

async function poll(url: string, follower: Follower, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const reply = await fetch(url, { headers: { accept: 'application/json' }, cache: 'no-store', signal });
      if (reply.status === 404 || reply.status === 410) return follower.gone();
      if (reply.ok) {
        const job = parseJob(await reply.text());
        follower.job(job);
        if (isFinal(job.state)) return;
      }
    } catch {
      if (signal.aborted) return;
      follower.lost();
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
  }
}
