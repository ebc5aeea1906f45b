import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

const STYLES = new URL('../src/styles/', import.meta.url);

/** Pictures and canvases have a left and a right, whichever way people read. */
const OF_PICTURES = new Set([
  // A corner that is turned to point down.
  'folds.css: border-width: 0 2px 2px 0',
  // The edge between before and after in the editor.
  'tools.css: clip-path: inset(0 calc(100% - var(--split)) 0 0)',
  'tools.css: clip-path: inset(0 0 0 var(--split))',
  'tools.css: inset: 0 auto 0 calc(var(--split) - 1px)',
]);

/** What CSS names by left or right, in a property or as its value. */
const SIDED = /(^|-)(left|right)\b/;
const SIDED_VALUE = /^(text-align|float|clear|justify-\w+)$/;
/** Four lengths go around: the second is the right one, the fourth the left one. */
const AROUND = /^(inset|padding|margin|border-(width|style|color)|scroll-(padding|margin)|clip-path)$/;

/** Splits at spaces that are in no parentheses. */
const words = (value: string) => value.replace(/^inset\((.*)\)$/, '$1').match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];

function sided(property: string, value: string): boolean {
  if (SIDED.test(property)) return true;
  if (SIDED_VALUE.test(property)) return /\b(left|right)\b/.test(value);
  const [, right, , left] = words(value);
  return AROUND.test(property) && left !== undefined && left !== right;
}

test('what is sided is recognised', () => {
  assert.ok(sided('margin-left', '1px') && sided('left', '0') && sided('border-top-right-radius', '0'));
  assert.ok(sided('text-align', 'right') && sided('padding', '0 1px 0 calc(1px + (2px))'));
  assert.ok(!sided('padding', '0 1px 2px 1px') && !sided('inset-inline-start', '0') && !sided('text-align', 'start'));
});

test('styles hold for languages that are read from right to left', async () => {
  const found = new Set<string>();
  for (const name of await readdir(STYLES)) {
    const css = (await readFile(new URL(name, STYLES), 'utf8')).replace(/\/\*[^]*?\*\//g, '');
    for (const [, property, value] of css.matchAll(/([\w-]+):\s+([^;{}]+);/g)) {
      if (sided(property!, value!)) found.add(`${name}: ${property}: ${value!.replace(/\s+/g, ' ')}`);
    }
  }
  assert.deepEqual(found, OF_PICTURES);
});
