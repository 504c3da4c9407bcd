import type { Manifest } from "#lib/adapters/ports.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { decryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import type { PlanManifests } from "./content.ts";

type PlannedObject = PlanManifests["targets"][number]["objects"][number];
type Place = { projectId: string; environmentId: string };
export type FilledSecret =
  | { ok: true; manifest: Manifest }
  /** A value is no longer at the version that the plan names; `now` is 0 where it is gone. */
  | { ok: false; name: string; planned: number; now: number };

/**
 * A planned object with the values of its Secret, each of which must still be at the version that the plan names. What
 * this answers goes to a cluster and nowhere else. Objects without such values come back as they are.
 * @param manifest the object as it is to be sent, where it differs from the planned one
 */
export async function withSecretValues(
  { projectId, environmentId }: Place,
  planned: Pick<PlannedObject, "component" | "manifest" | "secretVersions">,
  manifest: Manifest = planned.manifest,
): Promise<FilledSecret> {
  if (!planned.secretVersions) return { ok: true, manifest };
  const config = await db.componentConfig.findFirst({
    where: { environmentId, component: { projectId, key: planned.component } },
    select: { id: true, secrets: { select: { name: true, version: true, valueEncrypted: true } } },
  });
  const data: Record<string, string> = {};
  for (const [name, version] of Object.entries(planned.secretVersions)) {
    const secret = config?.secrets.find((one) => one.name === name);
    if (!config || secret?.version !== version) {
      return { ok: false, name, planned: version, now: secret?.version ?? 0 };
    }
    const value = decryptSecret(secret.valueEncrypted, secretContext.configSecret(config.id, name));
    data[name] = Buffer.from(value, "utf8").toString("base64");
  }
  return { ok: true, manifest: { ...manifest, data } };
}

/** Instead of a cluster's words about a Secret: those may quote what is in it. */
export const NOT_KEPT = "what is said about a Secret may quote its values and is not kept";

/**
 * An error as it may be told and stored: of one about a Secret only what kind of refusal it is, as its text may quote
 * values. Pure.
 */
export function withoutQuotes(kind: string, error: unknown): unknown {
  if (kind !== "Secret" || !(error instanceof AdapterError)) return error;
  const { failure, status, retryable, details } = error;
  const missing =
    typeof details === "object" && details !== null ? Reflect.get(details, "missing") : undefined;
  const answer = status === undefined ? failure : `${failure}, HTTP ${status}`;
  return new AdapterError(failure, `${answer}; ${NOT_KEPT}`, {
    retryable,
    ...(status === undefined ? {} : { status }),
    ...(missing === undefined ? {} : { details: { missing } }),
  });
}
