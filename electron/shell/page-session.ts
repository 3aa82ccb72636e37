/** The session our pages run in: what serves them, and everything they may not do. */
import type { Session } from 'electron';
import type { PageHandler } from './app-protocol.ts';
import { cancelDownloads, cutNetwork, denyPermissions } from './security.ts';

/** What has to be known of our two schemes before the app is ready. */
export const SCHEMES = [
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  { scheme: 'snapshot', privileges: { standard: true, secure: true, stream: true } },
];

/** Locks the session and opens `app://` and `snapshot://` in it. `devServer` is null but in development. */
export function setUpPages(
  session: Session,
  served: { page: PageHandler; snapshots: (request: Request) => Promise<Response>; devServer: string | null },
): void {
  denyPermissions(session);
  cancelDownloads(session);
  cutNetwork(session, served.devServer);
  session.protocol.handle('app', served.page);
  session.protocol.handle('snapshot', served.snapshots);
}
