/** Makes what the renderer needs beside it, as `vite build` does for the app: the PDF thread, PDFium and the Python script. */
import fs from 'node:fs/promises';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Builds into a new folder under the system's temporary folder; remove it when the tests are done. `programs`: more
 * entries by name, such as the stand-alone service, with their sources' paths from the project's folder.
 */
export async function buildHelpers(programs: Record<string, string> = {}): Promise<string> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'pagelens-helpers-'));
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      target: 'node18',
      rolldownOptions: {
        input: { 'pdf-worker': path.join(root, 'electron/local-oss/rendering/pdf-worker.ts'), ...programs },
        platform: 'node',
        external: [...builtinModules, /^node:/],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  });
  await fs.copyFile(
    path.join(root, 'node_modules/@embedpdf/pdfium/dist/pdfium.wasm'),
    path.join(folder, 'pdfium.wasm'),
  );
  await fs.copyFile(
    path.join(root, 'electron/local-oss/rendering/office-worker.py'),
    path.join(folder, 'office-worker.py'),
  );
  return folder;
}
