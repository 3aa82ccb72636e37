/* Runs main.ts: Vite reads the TypeScript and the project's own imports, so that nothing is built for the bench alone. */
import path from 'node:path';
import { runnerImport } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');
const { module } = await runnerImport(path.join(import.meta.dirname, 'main.ts'), { configFile: false, root });
process.exitCode = await module.main(process.argv.slice(2));
