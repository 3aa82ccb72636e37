/* One config for page, main process and preload: `vite build` builds all three; Vitest reads its settings here too. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { build, type EnvironmentOptions, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const at = (...parts: string[]): string => path.join(root, ...parts);

/** Node-side code. CommonJS: a sandboxed preload must be one CJS file, and Electron before 28 has no ESM main script. */
function nodeSide(name: 'main' | 'preload' | 'helpers', input: Record<string, string>): EnvironmentOptions {
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
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
          dynamicImportInCjs: false,
        },
      },
    },
  };
}

const main = nodeSide('main', { index: at('electron/main.ts') });
/** What is started by its path, as real files outside the package's archive: it shares no code with what is inside. */
const helpers = nodeSide('helpers', {
  'local-oss': at('electron/local-oss/serve.ts'),
  'pdf-worker': at('electron/local-oss/rendering/pdf-worker.ts'),
  'page-look-worker': at('electron/services/page-look-worker.ts'),
});
const preload = nodeSide('preload', { preload: at('electron/preload.ts') });

/** Files that are opened as files: copied beside the helpers, found there in the package too. */
function besideHelpers(): Plugin {
  const copies = [
    ['node_modules/@embedpdf/pdfium/dist/pdfium.wasm', 'out/helpers/pdfium.wasm'],
    ['electron/local-oss/rendering/office-worker.py', 'out/helpers/office-worker.py'],
    ['electron/local-oss/samples', 'out/samples'],
  ] as const;
  return {
    name: 'pagelens:beside-helpers',
    apply: 'build',
    writeBundle(options) {
      if (options.dir !== at('out/helpers')) return;
      for (const [from, to] of copies) if (existsSync(at(from))) cpSync(at(from), at(to), { recursive: true });
    },
  };
}

/** `vite` (npm run dev): builds main, preload and helpers on every change and starts Electron anew; the page reloads by itself. */
function electronDev(): Plugin {
  let electron: ChildProcess | undefined;
  return {
    name: 'pagelens:electron-dev',
    apply: 'serve',
    configureServer(server) {
      if (process.env['VITEST']) return;
      let built = 0;
      const restart = (): void => {
        electron?.removeAllListeners();
        electron?.kill();
        const executable = createRequire(import.meta.url)('electron') as unknown as string;
        const env = { ...process.env, VITE_DEV_SERVER_URL: server.resolvedUrls?.local[0] ?? '' };
        const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
        electron = spawn(executable, [...sandbox, '.'], { cwd: root, stdio: 'inherit', env });
        electron.on('exit', (code) => void server.close().finally(() => process.exit(code ?? 0)));
      };
      server.httpServer?.once('listening', () => {
        for (const side of [main, preload, helpers]) {
          const closeBundle = (): void => {
            built += 1;
            if (built >= 3) restart();
          };
          void build({
            configFile: false,
            root,
            mode: 'development',
            logLevel: 'warn',
            ...side,
            build: { ...side.build, watch: {} },
            plugins: [besideHelpers(), { name: 'pagelens:restart', closeBundle }],
          });
        }
      });
    },
  };
}

export default defineConfig({
  root: at('renderer'),
  base: '/',
  plugins: [
    svelte({ configFile: false, preprocess: vitePreprocess() }),
    svelteTesting(),
    besideHelpers(),
    electronDev(),
  ],
  build: {
    outDir: at('out/renderer'),
    emptyOutDir: true,
    target: 'chrome114',
    modulePreload: { polyfill: false },
    rolldownOptions: { checks: { pluginTimings: false } }, // how long plugins took is no warning
    assetsInlineLimit: 0, // data: URLs are not in the CSP
  },
  // Apart from all else: they are served under a policy of their own (electron/shell/app-protocol.ts).
  worker: { format: 'es', rolldownOptions: { output: { entryFileNames: 'workers/[name]-[hash].js' } } },
  // The page is app://bundle/ in development too, so Vite's client cannot tell from its own address where the server is.
  server: { port: 5173, strictPort: true, hmr: { protocol: 'ws', host: 'localhost', clientPort: 5173 } },
  environments: {
    main,
    preload,
    helpers,
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'main', 'preload', 'helpers']) await builder.build(builder.environments[name]!);
    },
  },
  test: {
    root,
    include: ['test/{unit,architecture,conformance,exploits}/**/*.test.ts'],
    maxWorkers: 2, // one less than there are cores unless said: of two, one would wait
    isolate: false, // nothing of ours keeps a state of its own in a module, and each file need not load everything anew
    environment: 'node', // a test of a component asks for jsdom in its first line
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
