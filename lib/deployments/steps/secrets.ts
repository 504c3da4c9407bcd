import type { Manifest } from "#lib/adapters/ports.ts";
import { secretContext } from "#lib/connections/connect.ts";
import { decryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import type { PlanManifests } from "#lib/plans/content.ts";
import type { CauseInput } from "../content.ts";
import type { Run } from "../run.ts";

/**
 * Fills the values of a Secret in at the last moment. Each must still be at the version that the plan names.
 * The filled manifest goes to the cluster and nowhere else.
 */
export async function fillSecret(
  run: Run,
  planned: PlanManifests["targets"][number]["objects"][number],
  manifest: Manifest,
): Promise<{ ok: true; manifest: Manifest } | { ok: false; cause: CauseInput }> {
  if (!planned.secretVersions) return { ok: true, manifest };
  const config = await db.componentConfig.findFirst({
    where: {
      environmentId: run.environment.id,
      component: { projectId: run.project.id, key: planned.component },
    },
    select: { id: true, secrets: { select: { name: true, version: true, valueEncrypted: true } } },
  });
  const data: Record<string, string> = {};
  for (const [name, version] of Object.entries(planned.secretVersions)) {
    const secret = config?.secrets.find((one) => one.name === name);
    if (!config || secret?.version !== version) {
      const facts = { component: planned.component, name, planned: version, now: secret?.version ?? 0 };
      const message = `secret ${name} of ${planned.component} is no longer at version ${version}`;
      return { ok: false, cause: { code: "SECRET_CHANGED", message, facts } };
    }
    const value = decryptSecret(secret.valueEncrypted, secretContext.configSecret(config.id, name));
    data[name] = Buffer.from(value, "utf8").toString("base64");
  }
  return { ok: true, manifest: { ...manifest, data } };
}
