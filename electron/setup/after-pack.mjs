/** Run by electron-builder on the unpacked app, before it is sealed. */
import fs from 'node:fs';
import path from 'node:path';

/** A runtime folder that we hand in is copied as it is; Electron's own default app must not come along. */
export default async function afterPack({ appOutDir }) {
  fs.rmSync(path.join(appOutDir, 'resources/default_app.asar'), { force: true });
}
