/** The way back to where one was before a leap, and forward again; like a browser's, but within one document. */

/** Steps remembered in either direction. */
const MAX_STEPS = 50;

export interface Trail<Spot> {
  readonly back: readonly Spot[];
  readonly forward: readonly Spot[];
}

export const emptyTrail = { back: [], forward: [] } as const;

/** Leaves a spot by a leap: it can be come back to, and the way forward is another one now. */
export function leave<Spot>(trail: Trail<Spot>, here: Spot): Trail<Spot> {
  return { back: [...trail.back, here].slice(-MAX_STEPS), forward: [] };
}

/** One step back from `here`; null when there is none. */
export function stepBack<Spot>(trail: Trail<Spot>, here: Spot): { to: Spot; trail: Trail<Spot> } | null {
  const to = trail.back.at(-1);
  if (to === undefined) return null;
  return { to, trail: { back: trail.back.slice(0, -1), forward: [...trail.forward, here] } };
}

/** One step forward from `here`; null when there is none. */
export function stepForward<Spot>(trail: Trail<Spot>, here: Spot): { to: Spot; trail: Trail<Spot> } | null {
  const to = trail.forward.at(-1);
  if (to === undefined) return null;
  return { to, trail: { back: [...trail.back, here], forward: trail.forward.slice(0, -1) } };
}
