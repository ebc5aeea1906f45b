// Files, which browsers don't have.

import { openAsBlob } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';

import type { Format, Model } from './model.js';

/** A picture from a file. */
export async function open(path: string): Promise<Blob> {
  return openAsBlob(path);
}

/** Saves it in the format that the name says: .glb, .stl, .3mf, .ply, .usdz, .gltf.zip or .obj.zip; a picture .png,
 * .webp or .jpg. The file appears whole or not at all. */
export async function save(model: Model, path: string): Promise<void> {
  const formats = Object.entries(model.job.links.formats ?? {});
  // An address ends in model.obj.zip or picture.png.
  const ending = (address: string): string => /\/\w+(\.[^/]+)$/.exec(address)?.[1] ?? '';
  const [format] = formats.find(([, address]) => path.toLowerCase().endsWith(ending(address))) ?? [];
  if (!format) {
    const endings = formats.map(([, address]) => ending(address));
    throw new TypeError(`Its name ends in one of ${endings.join(', ')}`);
  }
  const reply = await model.fetch(format as Format);
  const part = `${path}.part`;
  try {
    await writeFile(part, reply.body as unknown as AsyncIterable<Uint8Array>);
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}
