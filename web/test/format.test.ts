import assert from 'node:assert/strict';
import { test } from 'node:test';
import './page.ts';
import { clockText, leftText, megabytesText, percentText, queueText } from '../src/format.ts';

test('the countdown reads as minutes and seconds and stops at zero', () => {
  assert.equal(clockText(3600), '60:00');
  assert.equal(clockText(3551.2), '59:12');
  assert.equal(clockText(9), '0:09');
  assert.equal(clockText(-5), '0:00');
});

test('only a finished job says 100 %', () => {
  assert.equal(percentText(0.999), '99 %');
  assert.equal(percentText(1), '100 %');
  assert.equal(percentText(-1), '0 %');
});

test('sizes are told in megabytes', () => {
  assert.equal(megabytesText(32 * 1024 * 1024), '32 MB');
  assert.equal(megabytesText(1.26 * 1024 * 1024), '1.3 MB');
});

test('the queue is told in words', () => {
  assert.equal(queueText(0), 'Yours is next');
  assert.equal(queueText(1), 'Pictures before yours: 1');
  assert.equal(queueText(4), 'Pictures before yours: 4');
});

test('what is left is told in seconds, then in minutes, and never as nothing', () => {
  assert.equal(leftText(0.2), 'about 1 s left');
  assert.equal(leftText(12), 'about 12 s left');
  assert.equal(leftText(130), 'about 3 min left');
  assert.equal(leftText(0), 'longer than usual');
  assert.equal(leftText(-5), 'longer than usual');
});
