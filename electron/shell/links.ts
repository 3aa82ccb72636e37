/**
 * `oss://` links as the systems hand them over: macOS by an event, Windows and Linux as an argument of a start, of this
 * process or of a second one that gives its arguments to the first. On Linux and macOS the installed app says what it
 * opens in its own files (electron-builder.yml); Windows is told at the start.
 */
import { app } from 'electron';

type Listener = (candidates: readonly string[]) => void;

/** Hears links from now on, before the app is ready; what comes before somebody listens is kept for them. */
export function hearLinks(): { tell(listener: Listener): void } {
  let listener: Listener | null = null;
  const early: (readonly string[])[] = [process.argv.slice(1)];
  const give = (candidates: readonly string[]): void => {
    if (listener) listener(candidates);
    else early.push(candidates);
  };
  app.on('open-url', (event, url) => {
    event.preventDefault();
    give([url]);
  });
  app.on('second-instance', (_event, argv) => give(argv.slice(1)));
  return {
    tell(to) {
      listener = to;
      for (const candidates of early.splice(0)) to(candidates);
      registerOnWindows();
    },
  };
}

/** Nothing is taken from another program that opens such links; and what follows `--` can be no switch of ours. */
function registerOnWindows(): void {
  if (process.platform !== 'win32' || !app.isPackaged) return;
  if (app.getApplicationNameForProtocol('oss://') === '')
    app.setAsDefaultProtocolClient('oss', process.execPath, ['--']);
}
