/** Branded identifiers: strings the page may hold and hand back, but never make or take apart. */
import { z } from 'zod';

/** One account of the settings file; `samples` is the built-in one. */
export const AccountId = z
  .string()
  .regex(/^(samples|[a-f0-9]{16})$/)
  .brand<'AccountId'>();
export type AccountId = z.infer<typeof AccountId>;

/** An open document: 128 random bits in hex, valid until closed or the window goes. */
export const DocumentHandle = z
  .string()
  .regex(/^[a-f0-9]{32}$/)
  .brand<'DocumentHandle'>();
export type DocumentHandle = z.infer<typeof DocumentHandle>;

/** What pictures a handle shows: 16 hex digits of a hash of ETag or version and process string; changes when they do. */
export const PictureVersion = z
  .string()
  .regex(/^[a-f0-9]{16}$/)
  .brand<'PictureVersion'>();
export type PictureVersion = z.infer<typeof PictureVersion>;

/** A job that outlives a reload of the page. */
export const JobId = z
  .string()
  .regex(/^[a-f0-9]{16}$/)
  .brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;

/** Leave to write into one folder that the person chose in the system's dialog; the page never names a path. */
export const FolderGrant = z
  .string()
  .regex(/^[a-f0-9]{32}$/)
  .brand<'FolderGrant'>();
export type FolderGrant = z.infer<typeof FolderGrant>;

/** A pin or a recent document of places.json. */
export const PlaceId = z
  .string()
  .regex(/^[a-f0-9]{16}$/)
  .brand<'PlaceId'>();
export type PlaceId = z.infer<typeof PlaceId>;

/** One link that came from outside. */
export const LinkId = z
  .string()
  .regex(/^[a-f0-9]{16}$/)
  .brand<'LinkId'>();
export type LinkId = z.infer<typeof LinkId>;

/** A document version of which pages are kept in this computer. */
export const KeptId = z
  .string()
  .regex(/^[a-f0-9]{64}$/)
  .brand<'KeptId'>();
export type KeptId = z.infer<typeof KeptId>;
