// Having the server do it: the form as it is, a job, and the picture that comes of it.

import { follow } from '../follow.ts';
import { percentText } from '../format.ts';
import { isFinal, type Job } from '../job.ts';
import { text } from '../text.ts';
import { upload, UploadError } from '../upload.ts';

export interface Worked {
  /** The job's address. */
  readonly job: string;
  /** Seconds until it is destroyed. */
  readonly secondsLeft: number;
  readonly picture: Blob;
}

/** Sends the form and waits. Throws an `UploadError` whose message is for a person. */
export async function work(action: string, form: FormData, tell: (doing: string) => void, signal: AbortSignal): Promise<Worked> {
  const sending = (share: number): string => (share < 1 ? text('sending', { percent: percentText(share) }) : text('looking'));
  const { location } = await upload(action, form, (share) => tell(sending(share)), signal);
  const job = new URL(location, document.baseURI).pathname;
  const ended = await end(job, tell, signal);
  if (ended.state !== 'done') throw new UploadError(await reason(job));
  const reply = await fetch(`${job}/picture.png?view`, { signal });
  if (!reply.ok) throw new UploadError(text('edit-gone'));
  return { job, secondsLeft: ended.expiresInSecs, picture: await reply.blob() };
}

function end(job: string, tell: (doing: string) => void, signal: AbortSignal): Promise<Job> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new UploadError(text('sending-stopped'))));
    follow(job, {
      job: (now) => {
        if (isFinal(now.state)) resolve(now);
        else tell(text('doing', { doing: text('edit-working'), percent: percentText(now.progress) }));
      },
      lost: () => tell(text('connection-lost')),
      gone: () => reject(new UploadError(text('edit-gone'))),
    }, signal);
  });
}

/** Why there is no picture, as the job's page says it in its language. */
async function reason(job: string): Promise<string> {
  const reply = await fetch(job, { headers: { accept: 'text/html' }, cache: 'no-store' });
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
  return page.querySelector('main .problem')?.textContent ?? page.querySelector('h1')?.textContent ?? text('edit-gone');
}
