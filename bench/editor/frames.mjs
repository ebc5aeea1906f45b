// How many pictures the editor's preview shows in a second while a slider moves, drawn on the processor (SwiftShader).
//
//     AI3DGEN_BIN=target/release/ai3dgen CHROMIUM=/usr/bin/chromium node bench/editor/frames.mjs
//
// A slider is moved 250 times a second, as a quick mouse does. What counts is the time from one drawing to the next, and
// how far the last one is behind when the slider stops: a browser that only queued them up would show it there.
import { cpus, loadavg } from 'node:os';
import { openPage, serve } from '../../tests/browser/harness.mjs';
import { encode } from '../../tests/browser/png.mjs';

const SECONDS = 10;
const [WIDTH, HEIGHT] = [4000, 3000];

const SCENES = {
  'exposure': {},
  'exposure, all else of light set': { contrast: '20', temperature: '20', tint: '-10', saturation: '10' },
  'exposure of what is straightened and sharpened': { straighten: '3', sharpen: '40' },
};

const ends = [];
const t = { after: (end) => ends.unshift(end) };
const buffer = encode(WIDTH, HEIGHT, (x, y) => [x & 255, y & 255, (x ^ y) & 255, 255]);

/** Milliseconds between drawings, how late the last one was, and its pixels. */
function measure(page) {
  return page.evaluate(async (seconds) => {
    const canvas = document.querySelector('[data-part=canvas]');
    const gl = canvas.getContext('webgl2');
    const moments = [];
    const flush = gl.flush.bind(gl);
    // Called once at the end of each drawing.
    gl.flush = () => {
      flush();
      moments.push(performance.now());
    };
    const slider = document.querySelector('form.tool [name=exposure]').previousElementSibling;
    let moves = 0;
    const moving = setInterval(() => {
      slider.value = String(Math.sin(moves++ / 100));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }, 4);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    // The first second finds out how many pixels can be drawn.
    moments.length = 0;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const pixels = `${canvas.width} × ${canvas.height}`;
    clearInterval(moving);
    delete gl.flush;
    const stopped = performance.now();
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    while (gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.UNSIGNALED) await new Promise((resolve) => setTimeout(resolve));
    const behind = performance.now() - stopped;
    return { gaps: moments.slice(1).map((moment, at) => moment - moments[at]), behind, pixels };
  }, SECONDS);
}

/** What the browser manages on this machine at most: the smallest canvas that the editor draws on, only cleared. */
function cleared(page) {
  return page.evaluate(async (seconds) => {
    const canvas = document.querySelector('[data-part=canvas]');
    const gl = canvas.getContext('webgl2');
    [canvas.width, canvas.height] = [320, 240];
    const moments = [];
    for (const end = performance.now() + seconds * 1000; performance.now() < end; moments.push(performance.now())) {
      gl.clearColor((moments.length % 100) / 100, 0, 0, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      await new Promise(requestAnimationFrame);
    }
    return { gaps: moments.slice(1).map((moment, at) => moment - moments[at]), behind: 0, pixels: '320 × 240' };
  }, SECONDS);
}

function row(name, { gaps, behind, pixels }) {
  gaps.sort((a, b) => a - b);
  const at = (share) => gaps[Math.floor(gaps.length * share)];
  console.log(`| ${name} | ${pixels} | ${(1000 / at(0.5)).toFixed(0)} | ${at(0.5).toFixed(1)} | ${at(0.95).toFixed(1)} | ${behind.toFixed(0)} |`);
}

try {
  const server = await serve(t);
  const { page } = await openPage(t, { viewport: { width: 1280, height: 900 } });
  console.log(`${cpus().length} cores, ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}; a picture of ${WIDTH} × ${HEIGHT}, ${SECONDS} s each\n`);
  console.log('| a slider moves | drawn at | frames/s, median | ms between frames, median | 95th percentile | behind at the end, ms |');
  console.log('|---|---|---|---|---|---|');
  for (const [name, fields] of Object.entries(SCENES)) {
    await page.goto(`${server.url}/edit`);
    await page.locator('[name=picture]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer });
    await page.locator('image-editor[editing]').waitFor();
    for (const [field, value] of Object.entries(fields)) await page.locator(`[name=${field}]`).fill(value);
    row(name, await measure(page));
  }
  row('nothing: an empty canvas, as a bound', await cleared(page));
} finally {
  for (const end of ends) await end();
}
