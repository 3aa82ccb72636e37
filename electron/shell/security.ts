/** The hardening lines, one function each. Everything a page could ask of Electron is refused unless it stands here. */
import type { App, Session, WebContents, WebPreferences } from 'electron';

/** Rights of our page: those of a web page, and no more. */
export function pagePreferences(preloadFile: string): WebPreferences {
  return {
    preload: preloadFile,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    // Chromium would fetch dictionaries from the network.
    spellcheck: false,
  };
}

/** Where help links may lead, outside the app. Exact https hosts; nothing that a document or bucket names. */
const HELP_HOSTS: ReadonlySet<string> = new Set([
  'www.alibabacloud.com',
  'help.aliyun.com',
  'oss.console.aliyun.com',
  'imm.console.aliyun.com',
  'ram.console.aliyun.com',
]);

/** Whether an address may be opened in the system's browser. */
export function isHelpLink(url: string): boolean {
  try {
    // No URL.canParse: it came with Node 18.17, Electron 25 has 18.15.
    const { protocol, hostname, username, password, port } = new URL(url);
    return protocol === 'https:' && HELP_HOSTS.has(hostname) && username === '' && password === '' && port === '';
  } catch {
    return false;
  }
}

/** A page stays the page it is: no navigation, no redirect, no new window, no webview. Help links open outside. */
export function lockNavigation(contents: WebContents, openOutside: (url: string) => void): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isHelpLink(url)) openOutside(url);
    return { action: 'deny' };
  });
}

/** Applies `lockNavigation` to every contents that will ever be made, whoever makes it. */
export function lockAllNavigation(app: App, openOutside: (url: string) => void): void {
  app.on('web-contents-created', (_event, contents) => lockNavigation(contents, openOutside));
}

/** The only permission a page may have: to write text to the clipboard. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Refuses every permission, asked for or merely checked, but the one above; and every device. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(GRANTED.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => GRANTED.has(permission));
  session.setDevicePermissionHandler(() => false);
}

/** No dictionary is fetched: a session asks Chromium's maker for one as soon as it is there, whether a page spells or not. */
export function stopSpelling(session: Session): void {
  session.setSpellCheckerLanguages([]);
  session.setSpellCheckerEnabled(false);
}

/** Nothing is ever downloaded by a page: files are written by the export, into a folder the person chose. */
export function cancelDownloads(session: Session): void {
  session.on('will-download', (event) => event.preventDefault());
}

/**
 * The page's session reaches no network at all, even if a page finds a way round its CSP. In development Vite's own
 * web socket passes. TLS errors need no line: without a `certificate-error` listener Chromium refuses them.
 */
export function cutNetwork(session: Session, devServer: string | null): void {
  const allowed = devServer === null ? null : new URL(devServer).host;
  session.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*'] },
    (details, answer) => answer({ cancel: allowed === null || new URL(details.url).host !== allowed }),
  );
}
