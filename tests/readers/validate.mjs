// Khronos' own validator reads every GLB and glTF file named on the command line. Errors and warnings fail;
// so does an information that is not explained below.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import validator from 'gltf-validator';

/** Informations that may appear, each with its reason. */
const EXPLAINED = {};

const SEVERITIES = ['error', 'warning', 'information', 'hint'];

let failures = 0;
for (const path of process.argv.slice(2)) {
  const report = await validator.validateBytes(new Uint8Array(await readFile(path)), {
    uri: basename(path),
    maxIssues: 100,
    externalResourceFunction: (uri) => readFile(join(dirname(path), decodeURIComponent(uri))),
  });
  for (const { severity, code, message, pointer } of report.issues.messages) {
    const reason = severity >= 2 ? EXPLAINED[code] : undefined;
    if (reason === undefined) failures += 1;
    console.log(`${SEVERITIES[severity]} ${code} at ${pointer}: ${message} ${reason ?? ''}`);
  }
  const { totalVertexCount: vertices, totalTriangleCount: triangles, resources } = report.info;
  const textures = resources.filter((resource) => resource.mimeType === 'image/png');
  if (textures.length !== 1) {
    failures += 1;
    console.log(`${basename(path)}: ${textures.length} PNG textures instead of one`);
  }
  const { numErrors, numWarnings, numInfos } = report.issues;
  console.log(
    `${basename(path)}: ${vertices} vertices, ${triangles} triangles, ` +
      `${numErrors} errors, ${numWarnings} warnings, ${numInfos} infos`,
  );
}
if (process.argv.length < 3) {
  console.log('usage: node validate.mjs MODEL.glb…');
  failures += 1;
}
process.exit(failures === 0 ? 0 : 1);
