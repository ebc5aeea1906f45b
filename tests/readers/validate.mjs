// Khronos' own validator reads every GLB and glTF file named on the command line. Errors and warnings fail;
// so does an information that is not explained below. With --json it only counts: a line for each file.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import validator from 'gltf-validator';

/** Informations that may appear, each with its reason. */
const EXPLAINED = {};

const SEVERITIES = ['error', 'warning', 'information', 'hint'];

const json = process.argv[2] === '--json';
const paths = process.argv.slice(json ? 3 : 2);
let failures = 0;
for (const path of paths) {
  const report = await validator.validateBytes(new Uint8Array(await readFile(path)), {
    uri: basename(path),
    maxIssues: 100,
    externalResourceFunction: (uri) => readFile(join(dirname(path), decodeURIComponent(uri))),
  });
  if (json) {
    const { numErrors, numWarnings, numInfos, messages } = report.issues;
    const codes = [...new Set(messages.map(({ code }) => code))];
    console.log(
      JSON.stringify({ path, errors: numErrors, warnings: numWarnings, infos: numInfos, codes }),
    );
    continue;
  }
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
if (paths.length === 0) {
  console.log('usage: node validate.mjs [--json] MODEL.glb…');
  failures += 1;
}
process.exit(failures === 0 ? 0 : 1);
