/* One config for page, main process and preload: `vite build` builds all three; Vitest reads its settings here too. */
import { builtinModules } from 'node:module';
import path from 'node:path';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import type { EnvironmentOptions } from 'vite';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const at = (...parts: string[]): string => path.join(root, ...parts);

/** Node-side code. CommonJS: a sandboxed preload must be one CJS file, and Electron before 28 has no ESM main script. */
function nodeSide(name: 'main' | 'preload', input: Record<string, string>): EnvironmentOptions {
  return {
    consumer: 'server',
    keepProcessEnv: true,
    resolve: {
      noExternal: true,
      external: ['electron', 'keytar'],
      conditions: ['node', 'import', 'module', 'default'],
    },
    build: {
      ssr: true,
      outDir: at('out', name),
      emptyOutDir: true,
      target: 'node18', // the fallback runtime's Node
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input,
        platform: 'node',
        external: ['electron', /^electron\/.+/, 'keytar', ...builtinModules, /^node:/],
        // Without dynamicImportInCjs: false, import('keytar') stays a real ESM import and fails inside the asar.
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs', dynamicImportInCjs: false },
      },
    },
  };
}

export default defineConfig({
  root: at('renderer'),
  base: '/',
  plugins: [svelte({ configFile: false, preprocess: vitePreprocess() })],
  build: {
    outDir: at('out/renderer'),
    emptyOutDir: true,
    target: 'chrome114',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // data: URLs are not in the CSP
  },
  environments: {
    main: nodeSide('main', {
      index: at('electron/main.ts'),
      'local-oss': at('electron/local-oss/serve.ts'),
      'pdf-worker': at('electron/local-oss/pdf-worker.ts'),
    }),
    preload: nodeSide('preload', { preload: at('electron/preload.ts') }),
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'main', 'preload']) await builder.build(builder.environments[name]!);
    },
  },
});
