/** Calls and events about the window that asks. */
import { z } from 'zod';
import { call, Nothing } from './shapes.ts';

const WindowView = z.object({ isFullScreen: z.boolean() });

export const WINDOW_CALLS = {
  'window.get': call(Nothing, WindowView),
  /** The window follows in the system's own time; `window.changed` tells when it has. */
  'window.setFullScreen': call(z.object({ isOn: z.boolean() }), Nothing),
};

export const WINDOW_EVENTS = {
  'window.changed': WindowView,
};
