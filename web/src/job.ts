// What the server says about a job, checked before anything believes it.
import { text } from './text.ts';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Job {
  readonly state: JobState;
  /** Name of the stage at work; null before the first. */
  readonly stage: string | null;
  /** 0 to 1, over all stages. */
  readonly progress: number;
  /** Pictures to be made before this one; null when it is not waiting. */
  readonly queuePosition: number | null;
  /** About so many seconds until there is a model; null if nobody knows. */
  readonly secondsLeft: number | null;
  /** It takes longer than such jobs usually do. */
  readonly longerThanUsual: boolean;
  /** Seconds until everything about the job is destroyed. */
  readonly expiresInSecs: number;
}

const STATES: readonly string[] = ['queued', 'running', 'done', 'failed', 'cancelled'];

/** Whether nothing more will happen. */
export function isFinal(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** Reads one JSON text, an event's data or a reply's body. Throws when it is something else. */
export function parseJob(body: string): Job {
  const value: unknown = JSON.parse(body);
  if (typeof value !== 'object' || value === null) throw new TypeError('a job is an object');
  const fields = value as Record<string, unknown>;
  const { state, stage, progress, queue_position, expires_in_secs, seconds_left } = fields;
  if (typeof state !== 'string' || !STATES.includes(state)) throw new TypeError('unknown job state');
  if (typeof progress !== 'number' || typeof expires_in_secs !== 'number') {
    throw new TypeError('a job has a progress and a deadline');
  }
  return {
    state: state as JobState,
    stage: typeof stage === 'string' ? stage : null,
    progress,
    queuePosition: typeof queue_position === 'number' ? queue_position : null,
    secondsLeft: typeof seconds_left === 'number' ? seconds_left : null,
    longerThanUsual: fields['longer_than_usual'] === true,
    expiresInSecs: expires_in_secs,
  };
}

/** The sentence of a problem reply (RFC 9457), or a plain one where the reply is none. */
export function problemText(body: string, status: number): string {
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    if (typeof detail === 'string' && detail !== '') return detail;
  } catch {
    // Not JSON: something between us and the server answered.
  }
  return text('server-answered', { status });
}
