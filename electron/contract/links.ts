/** Links that the system hands to the app: one at a time, kept until the page has followed it or put it away. */
import { z } from 'zod';
import { LinkId } from './ids.ts';
import { call, Nothing } from './shapes.ts';

/** `path` is `oss://bucket/key`, literal as the path box reads it; null when what came is no link that can be read. */
export const LinkView = z.object({ id: LinkId, path: z.string().nullable() });
export type LinkView = z.infer<typeof LinkView>;

const Waiting = z.object({ link: LinkView.nullable() });

export const LINKS_CALLS = {
  'links.get': call(Nothing, Waiting),
  /** The link was followed, or the person does not want it. */
  'links.done': call(z.object({ id: LinkId }), Nothing),
} as const;

/** Another link has come, or the one that waited is done. */
export const LINKS_EVENTS = { 'links.changed': Waiting } as const;
