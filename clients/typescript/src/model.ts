import type { Client } from './client.js';
import type { Job, Receipt } from './types.js';

export type Format = '3mf' | 'glb' | 'gltf' | 'obj' | 'ply' | 'stl' | 'usdz' | 'png' | 'webp' | 'jpg';

/**
 * A model, or the picture that an image tool made. It is on the server until `job.expires_at`; `delete` ends it at once. Fetching it counts
 * as a download: it begins the model's lifetime anew, or destroys it if the job has `delete_after_download`.
 */
export class Model {
  readonly job: Job;
  readonly #client: Client;

  constructor(client: Client, job: Job) {
    this.#client = client;
    this.job = job;
  }

  /** The file; of gltf and obj a zip. Its `body` is a stream, `blob()` all of it. */
  async fetch(format: Format = 'glb'): Promise<Response> {
    return this.#client.file(this.job.links.formats?.[format] ?? '');
  }

  /** A small picture of it, PNG. */
  async preview(): Promise<Blob> {
    const reply = await this.#client.file(this.job.links.preview ?? '');
    return reply.blob();
  }

  /** Has everything of the job destroyed now: the signed receipts, one for each object. */
  async delete(): Promise<Receipt[]> {
    return this.#client.delete(this.job.id);
  }
}
