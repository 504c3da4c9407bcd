import type { ApplyOutcome, Cluster, FieldConflict, Manifest } from "#lib/adapters/ports.ts";

/**
 * Applies an object as the plan allows: without force, and with it only where every field that others own is one that
 * the plan takes over from that very manager. Anything else is refused as it stands.
 * @returns what the cluster answers; `taken` are the fields that were written by force
 */
export async function applyAllowed(
  client: Pick<Cluster, "apply">,
  manifest: Manifest,
  takeOver: readonly FieldConflict[],
  options: { signal: AbortSignal; dryRun?: boolean },
): Promise<ApplyOutcome & { taken: FieldConflict[] }> {
  const outcome = await client.apply(manifest, options);
  if (outcome.ok || outcome.conflicts.length === 0) return { ...outcome, taken: [] };
  const allowed = outcome.conflicts.every(({ field, manager }) =>
    takeOver.some((one) => one.field === field && one.manager === manager),
  );
  if (!allowed) return { ...outcome, taken: [] };
  const forced = await client.apply(manifest, { ...options, force: true });
  return { ...forced, taken: forced.ok ? outcome.conflicts : [] };
}
