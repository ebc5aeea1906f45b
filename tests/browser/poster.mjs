// Draws web/src/examples/teapot.webp: the example as the viewer shows it, with nothing behind it, for pages before
// their viewer and without scripts. npm --prefix web run poster, with AI3DGEN_BIN and CHROMIUM as for the tests.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openPage, serve } from './harness.mjs';

const OUT = fileURLToPath(new URL('../../web/src/examples/teapot.webp', import.meta.url));
/** As example.html has it, and twice that while it is drawn. */
const [WIDTH, HEIGHT] = [480, 416];
/** Of 1. The first page shows it and has 60 KB for everything. */
const QUALITY = 0.6;

// The harness cleans up after tests; here that is when all is drawn.
const cleanups = [];
const t = { after: (cleanup) => cleanups.unshift(cleanup) };

const server = await serve(t);
const { page } = await openPage(t, { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 2 });
await page.goto(`${server.url}/base`);
await page.getByRole('button', { name: 'Turn it in 3D' }).click();
await page.locator('[data-viewer-state=ready]').waitFor({ timeout: 60_000 });
const bytes = await page.evaluate(async ([width, height, quality]) => {
  const viewer = document.querySelector('model-viewer');
  const drawn = await createImageBitmap(await viewer.toBlob());
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(drawn, 0, 0, width, height);
  const picture = await canvas.convertToBlob({ type: 'image/webp', quality });
  return [...new Uint8Array(await picture.arrayBuffer())];
}, [WIDTH, HEIGHT, QUALITY]);
await writeFile(OUT, Buffer.from(bytes));
for (const cleanup of cleanups) await cleanup();
