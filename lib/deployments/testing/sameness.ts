import { z } from "zod";
import type { Manifest } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { planManifestsSchema } from "#lib/plans/content.ts";
import { normalize } from "#lib/plans/normalize.ts";
import type { Place } from "./place.ts";

/** Values that the server draws anew for each answer, dry runs included: addresses, ports and uids. */
const DRAWN = /^(clusterIP|clusterIPs|nodePort)$|controller-uid$/;
/** Written by a controller after the object was there. */
const LATER = "deployment.kubernetes.io/revision";

/** An object as it can be compared between a dry run and what is stored: without what nobody could have foreseen. */
export function comparable(object: Manifest): unknown {
  const headless = z.looseObject({ clusterIP: z.literal("None") }).safeParse(object.spec).success;
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => key !== LATER && (headless || !DRAWN.test(key)))
        .map(([key, inner]) => [key, strip(inner)])
        .filter(([key, inner]) => key !== "annotations" || Object.keys(Object(inner)).length > 0),
    );
  };
  return strip(normalize(object));
}

/** What the server's dry run makes of every object of a plan; values of Secrets are not in a plan. */
export async function dryRunOf(place: Place, client: { apply: Apply }, digest: string) {
  const row = await db.plan.findUniqueOrThrow({ where: { digest }, select: { manifests: true } });
  const objects = planManifestsSchema.parse(row.manifests).targets.flatMap((target) => target.objects);
  const expected = new Map<string, unknown>();
  for (const { manifest } of objects) {
    const outcome = await client.apply(manifest, { dryRun: true });
    if (!outcome.ok) throw new Error(outcome.message);
    expected.set(nameOf(manifest), comparable(outcome.object));
  }
  const stored = async () => {
    const found = new Map<string, unknown>();
    for (const { manifest } of objects) {
      const live = await place.get(manifest.apiVersion, manifest.kind, manifest.metadata.name);
      found.set(nameOf(manifest), live && comparable(withoutValues(live)));
    }
    return found;
  };
  return { expected, stored };
}
type Apply = (
  object: Manifest,
  options: { dryRun: boolean },
) => Promise<{ ok: true; object: Manifest } | { ok: false; message: string }>;

const nameOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;
const withoutValues = (object: Manifest): Manifest => {
  if (object.kind !== "Secret") return object;
  const { data: _values, ...rest } = object;
  return rest;
};
