/** What the page reads from its window: the bridge of the preload, the system's look, the network. */
import type { Bridge } from '#contract/wire.ts';

/** The bridge that the preload put on the window, or null outside the app. */
export function readBridge(page: Window): Bridge | null {
  const bridge: unknown = (page as Window & { readonly pagelens?: unknown }).pagelens;
  return isBridge(bridge) ? bridge : null;
}

function isBridge(value: unknown): value is Bridge {
  return typeof value === 'object' && value !== null && 'request' in value && 'cancel' in value && 'subscribe' in value;
}

/** Whether the system prefers dark, and when that changes. */
export function systemLook(page: Window): { readonly isDark: boolean; onchange(listener: () => void): () => void } {
  const query = page.matchMedia('(prefers-color-scheme: dark)');
  return {
    get isDark() {
      return query.matches;
    },
    onchange(listener) {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
  };
}

/** Whether the system has a network at all, and when that changes. */
export function systemNetwork(page: Window): {
  readonly isOnline: boolean;
  onchange(listener: () => void): () => void;
} {
  return {
    get isOnline() {
      return page.navigator.onLine;
    },
    onchange(listener) {
      page.addEventListener('online', listener);
      page.addEventListener('offline', listener);
      return () => {
        page.removeEventListener('online', listener);
        page.removeEventListener('offline', listener);
      };
    },
  };
}
