/** The session our pages run in: what serves them, and everything they may not do. */
import { session } from 'electron';
import { serveBuiltPage, serveDevPage } from './app-protocol.ts';
import { cancelDownloads, cutNetwork, denyPermissions, stopSpelling } from './security.ts';
import { serveSnapshots, type FindPicture } from './snapshot-protocol.ts';

/** What has to be known of our two schemes before the app is ready. */
export const SCHEMES = [
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  // The thread that makes small copies reads pictures by fetch; the page's own policy lets it show them only.
  {
    scheme: 'snapshot',
    privileges: { standard: true, secure: true, stream: true, supportFetchAPI: true, corsEnabled: true },
  },
];

/** Locks the session and opens `app://` and `snapshot://` in it. `devServer` is Vite's address, null but in development. */
export function setUpPages(source: { folder: string; devServer: string | null; findPicture: FindPicture }): void {
  const { folder, devServer, findPicture } = source;
  const pages = session.defaultSession;
  denyPermissions(pages);
  cancelDownloads(pages);
  stopSpelling(pages);
  cutNetwork(pages, devServer);
  pages.protocol.handle('app', devServer === null ? serveBuiltPage(folder) : serveDevPage(devServer));
  pages.protocol.handle('snapshot', serveSnapshots(findPicture));
}
