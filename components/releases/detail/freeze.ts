/** A freeze window that covers an environment of the release order, as the page was told when it was opened. */
export type Freeze = { environment: string; until: string; reason: string };

export const freezeOf = (freezes: readonly Freeze[], environment: string): Freeze | undefined =>
  freezes.find((freeze) => freeze.environment === environment);
