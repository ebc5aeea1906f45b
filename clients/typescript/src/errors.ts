// What can go wrong. None of it says anything of pictures, models or keys.

import type { Job, Problem } from './types.js';

/** All of them. */
export class Ai3dgenError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** No server answers at the address, or it stopped answering. */
export class Unreachable extends Ai3dgenError {}

/** The server refused, and said why. */
export class ApiError extends Ai3dgenError {
  readonly status: number;
  /** Which problem it is, never renamed; undefined if the answer came from something that is no ai3dgen server. */
  readonly code: string | undefined;
  readonly detail: string;
  /** Seconds after which it may work, if the server told. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(`${problem.title}: ${problem.detail}`);
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail;
    this.retryAfter = retryAfter;
  }

  static async of(reply: Response): Promise<ApiError> {
    const after = Number(reply.headers.get('retry-after') ?? NaN);
    return new ApiError(await problemOf(reply), Number.isNaN(after) ? undefined : after);
  }
}

async function problemOf(reply: Response): Promise<Problem> {
  if (reply.headers.get('content-type')?.startsWith('application/problem+json')) return reply.json();
  const detail = `That is no answer of an ai3dgen server (${reply.status}). Is its address right?`;
  return { type: 'about:blank', title: 'Another server', status: reply.status, detail };
}

/** The job ended without a model: it failed, or somebody cancelled it. */
export class NoModel extends Ai3dgenError {
  readonly job: Job;

  constructor(job: Job) {
    super(job.failure ?? `The job was ${job.state}.`);
    this.job = job;
  }
}
