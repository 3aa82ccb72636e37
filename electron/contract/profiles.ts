/** Profiles of Alibaba Cloud's own command-line tools on this computer, which can be taken over as accounts. */
import { z } from 'zod';
import { Colour } from './shapes.ts';

/** Names a profile within its file. */
export const ProfileId = z.string().min(1).max(300);

/** What a profile holds, as far as the page may see it: never a secret. */
export const ProfileView = z.object({
  id: ProfileId,
  from: z.enum(['aliyun', 'ossutil']),
  /** As the tool's own user writes it: `~/.aliyun/config.json`. */
  file: z.string(),
  name: z.string(),
  /** Null where it cannot be taken. */
  kind: z.enum(['access-key', 'temporary', 'role']).nullable(),
  /** The AccessKey ID, masked but for its ends. */
  maskedKeyId: z.string(),
  region: z.string(),
  endpoint: z.string(),
  roleArn: z.string(),
  /** The tool's own word for the way of signing in: `AK`, `EcsRamRole`, `OAuth` … */
  mode: z.string(),
  /** `mode`: this way needs the tool itself; `incomplete`: ID, secret, token or role are missing. */
  obstacle: z.enum(['mode', 'incomplete']).nullable(),
});
export type ProfileView = z.infer<typeof ProfileView>;

/** Everything found, in the files' order. */
export const ProfilesView = z.object({
  profiles: z.array(ProfileView),
  /** Files that are there and give nothing. */
  problems: z.array(z.object({ file: z.string(), reason: z.enum(['no-access', 'not-understood', 'too-large']) })),
});
export type ProfilesView = z.infer<typeof ProfilesView>;

/** What is typed beside a profile that is taken. */
export const ProfileDraft = z.object({
  id: ProfileId,
  name: z.string().trim().max(60),
  colour: Colour,
  scope: z.string().trim().max(1100),
});
export type ProfileDraft = z.infer<typeof ProfileDraft>;
