import { ApiError, NoModel, Unreachable } from './errors.js';
import { serverEvents } from './events.js';
import { Model } from './model.js';
import type { Batch, BatchOptions, Job, JobPage, Options, Picture, Receipt, Tool, ToolOptions } from './types.js';

/** How often a broken stream of events is taken up again before the server counts as gone. */
const TRIES = 5;
const RETRY_MS = 2000;
/** What is answered while a server starts again. */
const PASSING = [502, 503, 504];

export interface Waiting {
  /** Hears of every change. */
  onProgress?: ((job: Job) => void) | undefined;
  /** Ends the wait. */
  signal?: AbortSignal | undefined;
}

interface Request {
  method?: 'POST' | 'DELETE';
  body?: FormData | string;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** A server of yours, perhaps with a key as `ai3dgen keys create` prints it. All methods throw `Ai3dgenError`. */
export class Client {
  readonly #url: string;
  readonly #key: Record<string, string>;

  constructor(url: string, key?: string) {
    if (!/^https?:\/\//.test(url)) {
      throw new TypeError('The server’s address begins with http:// or https://, as in http://127.0.0.1:3000');
    }
    this.#url = url.replace(/\/+$/, '');
    this.#key = key ? { authorization: `Bearer ${key.trim()}` } : {};
  }

  /**
   * Makes a model of a picture and waits for it. Whatever ends the wait early, be it `signal` or an error in
   * `onProgress`, has the job destroyed. Throws `NoModel` if the job fails or is cancelled.
   */
  async generate(picture: Picture, { onProgress, signal, ...options }: Options & Waiting = {}): Promise<Model> {
    return this.wait(await this.create(picture, options, signal), { onProgress, signal });
  }

  /** Waits for what a job makes: a model, or another picture if it is one of the image tools'. As in `generate`,
   * whatever ends the wait early has the job destroyed. */
  async wait(job: Job, { onProgress, signal }: Waiting = {}): Promise<Model> {
    try {
      for await (job of this.events(job.id, signal)) onProgress?.(job);
    } catch (error) {
      await this.delete(job.id).catch(() => {});
      throw error;
    }
    if (job.state !== 'done') throw new NoModel(job);
    return new Model(this, job);
  }

  /** A new job, which waits for its turn. */
  async create(picture: Picture, options: Options = {}, signal?: AbortSignal): Promise<Job> {
    const named = typeof picture === 'string' ? { image: picture } : { picture };
    return this.#job('/jobs', { method: 'POST', ...bodyOf({ ...named, ...options }), signal });
  }

  /** A new job for each picture, 32 at most, all made alike: either files or addresses. Throws only if all were refused. */
  async batch(pictures: readonly Blob[] | readonly string[], options: BatchOptions = {}, signal?: AbortSignal): Promise<Batch> {
    const named = pictures.every((picture) => typeof picture === 'string') ? { images: pictures } : { picture: pictures };
    const reply = await this.#send('/batches', { method: 'POST', ...bodyOf({ ...named, ...options }), signal });
    return reply.json();
  }

  /** A new job that makes another picture: without its background, edited, or without what a mask marks. */
  async tool<T extends Tool>(tool: T, picture: Picture, options: ToolOptions<T>): Promise<Job> {
    const named = typeof picture === 'string' ? { image: picture } : { picture };
    return this.#job(`/tools/${tool}`, { method: 'POST', ...bodyOf({ ...named, ...options }) });
  }

  /** The job now and after each change, until it has ended. If the connection breaks, another one goes on. */
  async *events(id: string, signal?: AbortSignal): AsyncGenerator<Job> {
    const headers: Record<string, string> = {};
    for (let failed = 0; ; ) {
      try {
        const reply = await this.#send(`${at(id)}/events`, { headers, signal });
        failed = 0;
        if (reply.status === 204 || !reply.body) return;
        for await (const event of serverEvents(reply.body)) {
          headers['last-event-id'] = event.id;
          const job: Job = JSON.parse(event.data);
          yield job;
          if (['done', 'failed', 'cancelled'].includes(job.state)) return;
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof ApiError && !PASSING.includes(error.status)) throw error;
        failed += 1;
        if (failed > TRIES) throw this.#unreachable(error);
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** The job as it is now. */
  async job(id: string): Promise<Job> {
    return this.#job(at(id));
  }

  /** The key's jobs, newest first; `cursor` is what an earlier page had as `next`. */
  async list(part: { limit?: number; cursor?: string } = {}): Promise<JobPage> {
    const query = new URLSearchParams(Object.entries(part).map(([name, value]) => [name, String(value)]));
    const reply = await this.#send(`/jobs?${query}`);
    return reply.json();
  }

  /** Stops making it. */
  async cancel(id: string): Promise<Job> {
    return this.#job(`${at(id)}/cancel`, { method: 'POST' });
  }

  /** Tries a failed job again. */
  async retry(id: string, options: Pick<Options, 'tier' | 'engine' | 'keep_background'> = {}): Promise<Job> {
    return this.#job(`${at(id)}/retry`, { method: 'POST', ...bodyOf(options) });
  }

  /** Keeps it no longer than this. */
  async shorten(id: string, options: Pick<Options, 'lifetime' | 'delete_after_download'>): Promise<Job> {
    return this.#job(`${at(id)}/shorten`, { method: 'POST', ...bodyOf(options) });
  }

  /** Has everything of the job destroyed now: the signed receipts, one for each object. */
  async delete(id: string): Promise<Receipt[]> {
    await this.#send(at(id), { method: 'DELETE' });
    return this.receipts(id);
  }

  /** Receipts of what was destroyed so far. */
  async receipts(id: string): Promise<Receipt[]> {
    const lines = await (await this.#send(`${at(id)}/receipts`)).text();
    return lines.split('\n').filter(Boolean).map((line): Receipt => JSON.parse(line));
  }

  /** Whether the model can be printed with its longest side that long. */
  async printReport(id: string, size_mm?: number): Promise<Record<string, unknown>> {
    const reply = await this.#send(`${at(id)}/report${size_mm ? `?size_mm=${size_mm}` : ''}`);
    return reply.json();
  }

  /** A file that a job links to. Its address is its permission: it is asked for without the key. */
  async file(address: string): Promise<Response> {
    return this.#fetch(address, {});
  }

  async #job(path: string, request: Request = {}): Promise<Job> {
    return (await this.#send(path, request)).json();
  }

  async #send(path: string, request: Request = {}): Promise<Response> {
    const headers = { ...this.#key, ...request.headers };
    return this.#fetch(`${this.#url}/api/v1${path}`, { ...request, headers, signal: request.signal ?? null });
  }

  async #fetch(address: string, request: RequestInit): Promise<Response> {
    let reply: Response;
    try {
      // Pictures and key are for this address only, wherever it would send them.
      reply = await fetch(address, { ...request, redirect: 'error' });
    } catch (error) {
      request.signal?.throwIfAborted();
      throw this.#unreachable(error);
    }
    if (!reply.ok) throw await ApiError.of(reply);
    return reply;
  }

  #unreachable(cause: unknown): Unreachable {
    return new Unreachable(`No answer from ${new URL(this.#url).origin}. Does the server run?`, { cause });
  }
}

function at(id: string): string {
  return `/jobs/${encodeURIComponent(id)}`;
}

/** A form if there are files in it, else JSON. Files go without their names, which tell something, too. */
function bodyOf(fields: object): Pick<Request, 'body' | 'headers'> {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  if (!given.some(([, value]) => [value].flat().some((one) => one instanceof Blob))) {
    return { body: JSON.stringify(Object.fromEntries(given)), headers: { 'content-type': 'application/json' } };
  }
  const form = new FormData();
  for (const [name, values] of given) {
    for (const value of [values].flat()) {
      if (value instanceof Blob) form.append(name, value, name);
      else form.append(name, String(value));
    }
  }
  return { body: form };
}
