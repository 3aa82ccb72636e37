/** Why a page may be worth a look, without anything to compare it with. */
import { z } from 'zod';

export const PageFlag = z.enum(['nearly-blank', 'same-as-before', 'cut-off', 'turned', 'missing-glyphs']);
export type PageFlag = z.infer<typeof PageFlag>;
