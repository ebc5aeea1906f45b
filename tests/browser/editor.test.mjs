// The editor: what it shows is what the engine makes, hands and keys can do all of it, and nothing that
// goes wrong loses the picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually, openPage, screenshot, serve } from './harness.mjs';
import { decode, encode } from './png.mjs';

const TEAPOT = fileURLToPath(new URL('../../examples/teapot.jpg', import.meta.url));

function photo(width, height, spot = [0, 0, 0]) {
  const buffer = encode(width, height, (x, y) => {
    if (spot[2] && Math.hypot(x - spot[0], y - spot[1]) < spot[2]) return [220, 20, 20, 255];
    return [90 + 60 * Math.sin(x / 23), 120 + 40 * Math.sin(y / 31), 160 - 50 * Math.sin((x + y) / 47), 255].map(Math.round);
  });
  return { name: 'holiday in rome.png', mimeType: 'image/png', buffer };
}

async function edit(t, path, picture, options) {
  const server = await serve(t);
  const opened = await openPage(t, options);
  await opened.page.goto(server.url + path);
  await opened.page.locator('image-editor[ready]').waitFor();
  if (picture) {
    await opened.page.locator('[name=picture]').setInputFiles(picture);
    await opened.page.locator('image-editor[editing]').waitFor();
  }
  return { server, ...opened };
}

/** The pixels of the canvas, when no setting moves any more; they stay in the page. */
async function drawn(page) {
  await page.locator('form.tool').dispatchEvent('input');
  await page.locator('image-editor:not([moving])').waitFor();
  return page.evaluateHandle(() => new Promise((resolve) => requestAnimationFrame(() => {
    const canvas = document.querySelector('[data-part=canvas]');
    const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
    context.drawImage(canvas, 0, 0);
    resolve(context.getImageData(0, 0, canvas.width, canvas.height));
  })));
}

function size(drawing) {
  return drawing.evaluate(({ width, height }) => [width, height]);
}

/** Mean of all channels, of 255. */
async function difference(one, other) {
  assert.deepEqual(await size(one), await size(other));
  return one.evaluate(({ data }, other) => data.reduce((sum, value, at) => sum + Math.abs(value - other.data[at]), 0) / data.length, other);
}

async function set(page, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[name=${name}]`);
    if ((await field.evaluate((one) => one.tagName)) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
}

async function work(page, name) {
  await page.getByRole('button', { name, exact: true }).click();
  await page.locator('[data-part=made]').waitFor({ timeout: 60_000 });
}

for (const [what, fields] of Object.entries({
  light: { exposure: '0.7', contrast: '30', temperature: '35', tint: '-15', saturation: '25' },
  'less of everything': { exposure: '-0.5', contrast: '-40', temperature: '-60', tint: '20', saturation: '-50', sharpen: '60' },
  shape: { rotate: '90', straighten: '4.5', crop: '40,30,300,400' },
  perspective: { perspective: '30,20,560,50,590,480,10,500', sharpen: '30' },
})) {
  test(`the preview of ${what} is what the engine makes`, async (t) => {
    const { page, complaints } = await edit(t, '/edit', TEAPOT);
    const plain = await drawn(page);
    await set(page, fields);
    const preview = await drawn(page);
    await work(page, 'Edit the picture');
    const made = await drawn(page);
    const off = await difference(preview, made);
    assert.ok(off < 1, `the mean difference is ${off} of 255`);
    if (fields.exposure) assert.ok((await difference(plain, made)) > 3, 'something was done');
    assert.deepEqual(complaints, []);
  });
}

test('while a setting moves, each frame is drawn once, without waiting for it, and whole in the end', async (t) => {
  const { page } = await edit(t, '/edit', photo(1280, 960));
  const { draws, reads, frames } = await page.evaluate(async () => {
    const gl = document.querySelector('[data-part=canvas]').getContext('webgl2');
    const count = { draws: 0, reads: 0, frames: 0 };
    const { drawArrays, readPixels } = gl;
    gl.drawArrays = (...all) => { count.draws++; drawArrays.apply(gl, all); };
    gl.readPixels = (...all) => { count.reads++; readPixels.apply(gl, all); };
    const { exposure } = document.querySelector('form.tool').elements;
    for (; count.frames < 40; count.frames++) {
      for (let move = 0; move < 4; move++) {
        exposure.value = String((count.frames * 4 + move) / 200);
        exposure.dispatchEvent(new Event('input', { bubbles: true }));
      }
      await new Promise(requestAnimationFrame);
    }
    return count;
  });
  assert.equal(reads, 0);
  assert.ok(draws > frames / 2 && draws <= frames, `${draws} drawings in ${frames} frames, four moves each`);
  assert.deepEqual(await size(await drawn(page)), [1280, 960]);
});

test('what is put behind the object shows behind what is clear', async (t) => {
  const cut = encode(200, 150, (x) => (x < 100 ? [0, 0, 0, 0] : [200, 40, 40, 255]));
  const { page, complaints } = await edit(t, '/edit', { name: 'a.png', mimeType: 'image/png', buffer: cut });
  const left = async () => {
    const sheet = decode(await page.locator('[data-part=sheet]').screenshot());
    const at = (Math.floor(sheet.height / 2) * sheet.width + Math.floor(sheet.width / 4)) * sheet.channels;
    return [...sheet.pixels.subarray(at, at + 3)];
  };
  await page.getByLabel('this colour:', { exact: true }).check();
  await page.locator('[name=colour]').fill('#2a6f97');
  await eventually('the colour shows', async () => String(await left()) === '42,111,151');
  await page.locator('[name=background]').setInputFiles(photo(64, 64, [32, 32, 100]));
  await eventually('the picture shows', async () => String(await left()) === '220,20,20');
  await work(page, 'Edit the picture');
  await drawn(page);
  const [red, green] = await left();
  assert.ok(Math.abs(red - 220) < 4 && Math.abs(green - 20) < 4, 'the engine puts it there, too');
  assert.deepEqual(complaints, []);
});

test('a slider moves between before and after, while both have the same shape', async (t) => {
  const { page, complaints } = await edit(t, '/edit', photo(320, 240));
  const shown = async () => decode(await page.locator('[data-part=sheet]').screenshot());
  /** Colour per pixel in a part of the columns. */
  const colourful = ({ pixels, channels, width }, from, to) => {
    let [sum, count] = [0, 0];
    for (let at = 0; at < pixels.length; at += channels) {
      const column = ((at / channels) % width) / width;
      if (column <= from || column >= to) continue;
      sum += Math.max(...pixels.subarray(at, at + 3)) - Math.min(...pixels.subarray(at, at + 3));
      count++;
    }
    return sum / count;
  };
  await page.locator('[name=saturation]').fill('-100');
  const slider = page.getByLabel('Before and after');
  await slider.fill('50');
  await eventually('left of the edge as it was, right of it grey', async () => {
    const now = await shown();
    return colourful(now, 0.02, 0.48) > 30 && colourful(now, 0.52, 0.98) < 2;
  });
  await slider.press('Home');
  await eventually('all of it grey', async () => colourful(await shown(), 0.02, 0.98) < 2);
  await page.locator('[name=rotate]').selectOption('90');
  await slider.waitFor({ state: 'hidden' });
  assert.deepEqual(complaints, []);
});

test('steps are undone and redone by button and key, results too', async (t) => {
  const { page, complaints } = await edit(t, '/edit', photo(200, 150));
  const first = await drawn(page);
  await set(page, { saturation: '-100' });
  await page.locator('[name=saturation]').blur();
  await set(page, { exposure: '1' });
  await page.locator('[name=exposure]').blur();
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await page.locator('[name=exposure]').inputValue(), '0');
  assert.equal(await page.locator('[name=saturation]').inputValue(), '-100');
  await page.locator('h1').focus();
  await page.keyboard.press('Control+z');
  assert.equal(await difference(first, await drawn(page)), 0);
  assert.ok(await page.getByRole('button', { name: 'Undo' }).isDisabled());
  await page.keyboard.press('Control+Shift+z');
  await page.keyboard.press('Control+y');
  assert.equal(await page.locator('[name=exposure]').inputValue(), '1');

  await work(page, 'Edit the picture');
  assert.equal(await page.locator('[name=exposure]').inputValue(), '0', 'it is in the picture now');
  const made = await drawn(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await page.locator('[name=exposure]').inputValue(), '1');
  assert.ok(await page.locator('[data-part=made]').isHidden());
  await page.getByRole('button', { name: 'Redo' }).click();
  assert.equal(await difference(made, await drawn(page)), 0);
  assert.ok(await page.locator('[data-part=made]').isVisible());

  const before = page.getByRole('button', { name: 'Hold: before' });
  await set(page, { contrast: '80' });
  await before.focus();
  await page.keyboard.down('Space');
  assert.equal(await difference(first, await drawn(page)), 0, 'held, it is as it came');
  await page.keyboard.up('Space');
  assert.ok((await difference(made, await drawn(page))) > 3);
  assert.deepEqual(complaints, []);
});

test('a crop is drawn by hand', async (t) => {
  const { page } = await edit(t, '/edit', photo(400, 200));
  await page.getByRole('button', { name: 'Draw a crop' }).click();
  const box = await page.locator('[data-part=surface]').boundingBox();
  await page.mouse.move(box.x + box.width * 0.25, box.y + box.height * 0.25);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.5, { steps: 4 });
  await page.mouse.up();
  const [left, top, width, height] = (await page.locator('[name=crop]').inputValue()).split(',').map(Number);
  for (const [found, meant] of [[left, 100], [top, 50], [width, 200], [height, 50]]) assert.ok(Math.abs(found - meant) <= 3, `${found} ${meant}`);
  assert.deepEqual(await size(await drawn(page)), [width, height]);
});

for (const by of ['pointer', 'keyboard']) {
  test(`something is erased by ${by}, then it is edited on as a model`, async (t) => {
    const { page, server, requests, complaints } = await edit(t, '/erase', photo(240, 180, [120, 90, 12]));
    await page.getByRole('button', { name: 'Erase it', exact: true }).click();
    await page.getByText('Mark what is to go first.').waitFor();
    const surface = page.locator('[data-part=surface]');
    await page.locator('[data-part=size]').fill('16');
    if (by === 'pointer') {
      const box = await surface.boundingBox();
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    } else {
      await surface.focus();
      for (const key of ['ArrowLeft', 'ArrowRight', 'Space']) await page.keyboard.press(key);
    }
    await work(page, 'Erase it');
    const reddest = await (await drawn(page)).evaluate(({ data }) => data.reduce((most, value, at) => (at % 4 === 0 ? Math.max(most, value) : most), 0));
    assert.ok(reddest < 190, 'nothing red is left');
    if (by === 'pointer') {
      await page.getByRole('button', { name: 'Make a 3D model of it' }).click();
      await page.waitForURL(/\/jobs\//);
    } else {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Download as PNG').click()]);
      assert.equal(download.suggestedFilename(), 'picture.png');
    }
    assert.deepEqual(complaints, []);
    const own = (url) => url.startsWith(server.url) || url.startsWith(`blob:${server.url}`);
    assert.deepEqual(requests.filter((url) => !own(url)), []);
    assert.ok(!server.log().includes('rome'), 'the log does not know the file’s name');
  });
}

test('strokes say what belongs to the object and what doesn’t', async (t) => {
  const { page, complaints } = await edit(t, '/remove-background', TEAPOT);
  const alpha = async (x, y) => (await drawn(page)).evaluate(({ width, data }, [x, y]) => data[(y * width + x) * 4 + 3], [x, y]);
  const [width, height] = await size(await drawn(page));
  const [corner, middle] = [[20, 20], [Math.round(width / 2), Math.round(height / 2)]];
  await work(page, 'Remove the background');
  assert.deepEqual([await alpha(...corner), await alpha(...middle)], [0, 255]);

  await page.getByRole('button', { name: 'Undo' }).click();
  const box = await page.locator('[data-part=surface]').boundingBox();
  const mark = async (name, [x, y]) => {
    await page.getByRole('button', { name, exact: true }).click();
    await page.mouse.click(box.x + (x * box.width) / width, box.y + (y * box.height) / height);
  };
  await mark('Belongs to the object', corner);
  await mark('Does not belong to it', middle);
  await work(page, 'Remove the background');
  assert.deepEqual([await alpha(...corner), await alpha(...middle)], [255, 0]);
  assert.deepEqual(complaints, []);
});

test('what goes wrong says so and keeps the picture', async (t) => {
  const { page, context } = await edit(t, '/edit', photo(120, 90));
  const problem = page.locator('image-editor [data-part=problem]');
  await set(page, { saturation: '-100' });
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Edit the picture' }).click();
  await problem.waitFor();
  assert.match(await problem.textContent(), /connection broke/);
  assert.equal(await page.locator('[name=saturation]').inputValue(), '-100', 'what was set is still set');
  await context.setOffline(false);

  await set(page, { crop: '119,0,50,50' });
  await page.getByRole('button', { name: 'Edit the picture' }).click();
  await page.getByText('The crop or a corner lies outside the picture').waitFor({ timeout: 30_000 });
  await set(page, { crop: '' });
  // Twice at once is one job.
  const jobs = [];
  context.on('response', (reply) => reply.request().method() === 'POST' && reply.status() === 201 && jobs.push(reply.url()));
  await page.getByRole('button', { name: 'Edit the picture' }).dblclick();
  await page.locator('[data-part=made]').waitFor({ timeout: 60_000 });
  assert.equal(jobs.length, 1);

  await page.locator('[name=picture]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.getByText('This browser can’t show that picture.').waitFor();
  await page.getByRole('button', { name: 'Edit the picture' }).click();
  await page.getByRole('heading', { name: 'That picture can’t be used' }).waitFor();
});

test('without WebGL the plain form stays', async (t) => {
  const server = await serve(t);
  const { page } = await openPage(t);
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  await page.goto(`${server.url}/edit`);
  await page.locator('[name=picture]').setInputFiles(photo(64, 64));
  await page.locator('[name=rotate]').selectOption('90');
  await page.getByRole('button', { name: 'Edit the picture' }).click();
  await page.getByRole('heading', { name: 'Your picture is ready' }).waitFor({ timeout: 60_000 });
});

for (const [name, options] of Object.entries({
  'phone-dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true },
  'wide-light': { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
})) {
  test(`the editor fits its screen: ${name}`, async (t) => {
    const { page, complaints } = await edit(t, '/edit', TEAPOT, options);
    await set(page, { temperature: '40', contrast: '30' });
    await eventually('it is drawn', async () => (await size(await drawn(page)))[0] > 300);
    await screenshot(page, `editor-${name}`);
    const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overhang <= 0, `it sticks out by ${overhang} px`);
    await page.goto(new URL('/erase', page.url()).href);
    await page.locator('[name=picture]').setInputFiles(TEAPOT);
    await page.locator('image-editor[drawing]').waitFor();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const [tools, told] = await page.locator('image-editor').evaluate((editor) =>
      [editor.querySelector('.editing > .row'), editor.lastElementChild].map((part) => part.getBoundingClientRect().toJSON()));
    const apart = tools.bottom <= told.top || told.bottom <= tools.top || tools.right <= told.left;
    assert.ok(apart, 'no text lies over the buttons');
    await page.evaluate(() => scrollTo(0, 0));
    const box = await page.locator('[data-part=surface]').boundingBox();
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5, { steps: 5 });
    await page.mouse.up();
    await screenshot(page, `editor-erase-${name}`);
    assert.deepEqual(complaints, []);
  });
}
