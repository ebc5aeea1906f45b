import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../src/editor/history.ts';
import { lookOf, PLAIN } from '../src/editor/look.ts';
import { applied, multiplied, inverse } from '../src/editor/matrix.ts';
import { placed, scaled } from '../src/editor/shape.ts';
import { seenLight, whiteMatrix } from '../src/editor/white.ts';

function form(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

/** Where a point of the result comes from. */
function from(fields: Record<string, string>, x: number, y: number): { size: number[]; at: number[] } {
  const place = placed(80, 60, lookOf(form(fields)).shape);
  const [u, v, w] = applied(place.from, [x, y, 1]);
  return { size: [place.width, place.height], at: [u / w, v / w].map((value) => Math.round(value * 1000) / 1000) };
}

test('a quarter turn brings the bottom left to the top left', () => {
  assert.deepEqual(from({ rotate: '90' }, 0, 0), { size: [60, 80], at: [0, 60] });
  assert.deepEqual(from({ rotate: '270' }, 0, 0), { size: [60, 80], at: [80, 0] });
  assert.deepEqual(from({ rotate: '180' }, 0, 0), { size: [80, 60], at: [80, 60] });
});

test('a crop is in pixels of what was turned before, and one that reaches out is left out', () => {
  assert.deepEqual(from({ rotate: '90', crop: '10,20,30,40' }, 0, 0), { size: [30, 40], at: [20, 50] });
  assert.deepEqual(from({ crop: '50,0,31,60' }, 0, 0).size, [80, 60]);
  assert.deepEqual(from({ crop: '1,2,3' }, 0, 0).size, [80, 60]);
});

test('four corners become a rectangle and straightening keeps the middle', () => {
  const sheet = '10,5,70,10,75,55,5,50';
  assert.deepEqual(from({ perspective: sheet }, 0, 0).at, [10, 5]);
  const { size } = from({ perspective: sheet }, 0, 0);
  assert.deepEqual(from({ perspective: sheet }, size[0]!, size[1]!).at, [75, 55]);
  assert.deepEqual(from({ perspective: '70,10,10,5,75,55,5,50' }, 0, 0).size, [80, 60], 'not clockwise');
  const straight = from({ straighten: '10' }, 0, 0).size;
  assert.deepEqual(from({ straighten: '10' }, straight[0]! / 2, straight[1]! / 2).at, [40, 30]);
  assert.ok(straight[0]! < 80 && straight[1]! < 60);
});

test('at half the size everything lies at half the distance', () => {
  const half = scaled(placed(80, 60, lookOf(form({ crop: '20,10,40,30' })).shape), 0.5);
  assert.deepEqual([half.width, half.height], [20, 15]);
  assert.deepEqual(applied(half.from, [0, 0, 1]), [10, 5, 1]);
});

test('warmer is redder, neutral is neutral, and grey stays grey', () => {
  const white = (fields: Record<string, string>) => applied(whiteMatrix(lookOf(form(fields)).light, undefined), [1, 1, 1]);
  assert.deepEqual(applied(whiteMatrix(PLAIN.light, undefined), [1, 1, 1]), [1, 1, 1]);
  const [r, , b] = white({ temperature: '50' });
  assert.ok(r > 1.05 && b < 0.95, `${r} ${b}`);
  assert.ok(white({ tint: '50' })[1] < 0.98, 'more magenta is less green');
  const grey = seenLight(new Uint8ClampedArray([90, 90, 90, 255, 200, 200, 200, 255]));
  assert.deepEqual(grey, [1, 1, 1]);
  assert.equal(seenLight(new Uint8ClampedArray([0, 0, 0, 255])), undefined);
});

test('a matrix times its inverse changes nothing', () => {
  const m = [2, 1, 0, 0, 3, 1, 1, 0, 4];
  multiplied(m, inverse(m)).forEach((value, at) => assert.ok(Math.abs(value - Number(at % 4 === 0)) < 1e-12));
});

test('what was undone can be redone until something else is done', () => {
  const history = new History('a');
  history.push('b');
  history.push('c');
  history.undo();
  assert.equal(history.present, 'b');
  history.redo();
  assert.equal(history.present, 'c');
  history.undo();
  history.push('d');
  assert.deepEqual([history.present, history.canRedo, history.canUndo], ['d', false, true]);
});
