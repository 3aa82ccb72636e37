/** The small shapes that calls of every area are made of, and how a call is declared. */
import { z } from 'zod';
import { MAX_PAGE_NUMBER } from './snapshot-url.ts';
import { SOURCE_TYPES } from './source-types.ts';

export const SourceType = z.enum(SOURCE_TYPES);
export type SourceType = z.infer<typeof SourceType>;

export const Target = z.enum(['png', 'jpg']);
export type Target = z.infer<typeof Target>;

/** Signature V4's limit on a signed link, seconds. */
export const MAX_LINK_SECONDS = 604_800;

export const Nothing = z.object({});
export const PageNumber = z.number().int().min(1).max(MAX_PAGE_NUMBER);
/** Bucket names as OSS allows them. */
export const BucketName = z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
export const ObjectKey = z.string().min(1).max(1023);
export const Prefix = z.string().max(1023);
export const Colour = z.enum(['blue', 'teal', 'green', 'amber', 'red', 'violet', 'grey']);
export type Colour = z.infer<typeof Colour>;

/** One call: what the page sends and what main answers, `Result` of it. */
export interface Call<I extends z.ZodType, O extends z.ZodType> {
  input: I;
  output: O;
}
export const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Call<I, O> => ({ input, output });

/** What a call for a page that is not there costs, as a share of a picture. */
export const FailedCallCost = z.union([z.literal(0), z.literal(0.05), z.literal(0.2), z.literal(1)]);
export type FailedCallCost = z.infer<typeof FailedCallCost>;
