import assert from 'node:assert/strict';
import { test } from 'node:test';
import './page.ts';
import { isFinal, parseJob, problemText } from '../src/job.ts';

const RUNNING = {
  id: '0123456789abcdefghjkmnpqrs',
  state: 'running',
  stage: 'shape',
  progress: 0.4,
  seconds_left: 12,
  longer_than_usual: false,
  queue_position: null,
  expires_in_secs: 3590,
};

test('an event becomes a job', () => {
  assert.deepEqual(parseJob(JSON.stringify(RUNNING)), {
    state: 'running',
    stage: 'shape',
    progress: 0.4,
    queuePosition: null,
    secondsLeft: 12,
    longerThanUsual: false,
    expiresInSecs: 3590,
  });
});

test('what is no job is refused', () => {
  for (const text of ['', 'null', '[]', '{}', JSON.stringify({ ...RUNNING, state: 'eaten' }), JSON.stringify({ ...RUNNING, progress: '40' })]) {
    assert.throws(() => parseJob(text), text);
  }
});

test('a job ends in one of three ways', () => {
  assert.deepEqual(['queued', 'running', 'done', 'failed', 'cancelled'].map((state) => isFinal(state as never)), [
    false,
    false,
    true,
    true,
    true,
  ]);
});

test('a refusal is shown in the server’s own words', () => {
  assert.equal(problemText('{"detail":"The picture is empty."}', 400), 'The picture is empty.');
  assert.match(problemText('<html>bad gateway</html>', 502), /answered 502/);
});
