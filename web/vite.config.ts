import { defineConfig, type Plugin } from 'vite';

/**
 * model-viewer puts one `<style>` element into its shadow root, which `style-src 'self'` forbids.
 * A constructed style sheet says the same and is allowed, so the page's policy stays strict.
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
        .replace(rendering, `shadowRoot.adoptedStyleSheets = [sheet];\n    ${rendering}`);
    },
  };
}

export default defineConfig({
  base: '/assets/',
  plugins: [modelViewerWithoutInlineStyle()],
  build: {
    target: 'es2022',
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
