import { z } from "zod";
import type { Manifest } from "#lib/adapters/ports.ts";
import { MANAGER } from "#lib/plans/labels.ts";
import { loadRun } from "../../run.ts";
import type { Engine } from "../../testing/engine.ts";

/** What differs between two clean runs: identities and times that the server gives out. */
const GIVEN = ["uid", "resourceVersion", "creationTimestamp", "managedFields"];
const entrySchema = z.array(
  z.looseObject({ manager: z.string().optional(), time: z.string().optional(), fieldsV1: z.unknown() }),
);

/**
 * A deployment's objects as the cluster has them, with who owns which field, so that two runs of the same content in
 * two places can be compared: names and digests of the place are replaced by words.
 */
export async function likeness(engine: Engine, deploymentId: string): Promise<Record<string, unknown>> {
  const run = await loadRun(deploymentId);
  const words: [string, string][] = [
    [run.id, "<deployment>"],
    [run.plan.digest, "<plan>"],
    [run.release.number, "<release>"],
    ...run.plan.inputs.images.map(({ digest }): [string, string] => [digest, "<digest>"]),
    ...run.targets.map(({ namespace }): [string, string] => [namespace, "<namespace>"]),
    [run.project.key, "<project>"],
  ];
  const told: Record<string, unknown> = {};
  for (const { namespace, objects } of run.plan.manifests.targets) {
    for (const { manifest } of objects) {
      const { apiVersion, kind, metadata } = manifest;
      const live = await engine.client.get({ apiVersion, kind, name: metadata.name, namespace });
      told[`${kind} ${metadata.name}`] = live ? plain(live, words) : null;
    }
  }
  return told;
}

function plain(live: Manifest, words: readonly [string, string][]): unknown {
  const { status: _status, metadata, ...rest } = live;
  const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => !GIVEN.includes(name)));
  const ours = entrySchema
    .parse(metadata.managedFields ?? [])
    .filter(({ manager }) => manager === MANAGER)
    .map(({ time: _time, ...entry }) => entry);
  const spec = z.record(z.string(), z.unknown()).safeParse(rest.spec).data ?? {};
  const { clusterIP: _ip, clusterIPs: _ips, ...own } = spec;
  let text = JSON.stringify({ ...rest, spec: own, metadata: { ...kept, ours } });
  for (const [name, word] of words)
    text = text.replaceAll(new RegExp(`(?<![\\w-])${name}(?![\\w-])`, "g"), word);
  return JSON.parse(text);
}
