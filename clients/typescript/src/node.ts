// Files, which browsers don't have.

import { openAsBlob } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';

import type { Format, Model } from './model.js';

/** A picture from a file. */
export async function open(path: string): Promise<Blob> {
  return openAsBlob(path);
}

/** Saves a model in the format that the name says: model.glb, .stl, .3mf, .ply, .usdz, .gltf.zip or .obj.zip. The file
 * appears whole or not at all. */
export async function save(model: Model, path: string): Promise<void> {
  const formats = Object.entries(model.job.links.formats ?? {});
  const ending = (address: string): string => `.${address.split('/model.').at(-1)}`;
  const [format] = formats.find(([, address]) => path.toLowerCase().endsWith(ending(address))) ?? [];
  if (!format) {
    const endings = formats.map(([, address]) => ending(address));
    throw new TypeError(`The name of a model ends in ${endings.join(', ')}`);
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
