import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/**
 * The meshopt decoder compiles WebAssembly as soon as it is loaded, which `script-src 'self'`
 * forbids, and our models never need it.
 */
const noMeshopt = fileURLToPath(new URL('./src/no-meshopt.ts', import.meta.url));

/**
 * model-viewer puts one `<style>` element into its shadow root, which `style-src 'self'` forbids.
 * A constructed style sheet says the same and is allowed, so the page's policy stays strict; Lit
 * adopts it with the element's own.
 * Fails the build when a new version of model-viewer no longer looks as expected.
 */
function modelViewerWithoutInlineStyle(): Plugin {
  return {
    name: 'model-viewer-without-inline-style',
    transform(code, id) {
      if (!/model-viewer\/lib\/template\.js$/.test(id)) return null;
      const style = /<style>([\s\S]*?)<\/style>/.exec(code);
      const rendering = 'render(templateResult, shadowRoot);';
      if (style?.[1] === undefined || style[1].includes('${') || !code.includes(rendering)) {
        throw new Error('model-viewer changed its template: adapt web/vite.config.ts');
      }
      return code
        .replace(style[0], '')
        .replace('const templateResult', `const sheet = new CSSStyleSheet();\nsheet.replaceSync(\`${style[1]}\`);\nconst templateResult`)
        .replace(rendering, `shadowRoot.host.constructor.elementStyles = [sheet];\n    ${rendering}`);
    },
  };
}

/** The models that pages show as examples: `cargo xtask examples` makes them. */
function examples(): Plugin {
  const folder = 'src/examples';
  return {
    name: 'examples',
    async buildStart() {
      for (const name of await readdir(folder)) {
        const file = `${folder}/${name}`;
        this.emitFile({ type: 'asset', name, originalFileName: file, source: await readFile(file) });
      }
    },
  };
}

export default defineConfig({
  base: '/',
  resolve: { alias: { 'three/examples/jsm/libs/meshopt_decoder.module.js': noMeshopt } },
  plugins: [modelViewerWithoutInlineStyle(), examples()],
  build: {
    target: 'es2022',
    // Other people's work is inside, so their licences are, too.
    license: { fileName: 'assets/licenses.txt' },
    // The server's build script reads the hashed names from it.
    manifest: 'manifest.json',
    // `data:` URLs would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: false,
    // The viewer is one lazily loaded chunk of about a megabyte.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: 'src/main.ts' },
  },
});
