import type { Cluster } from "#lib/adapters/ports.ts";
import { connectCluster } from "#lib/connections/connect.ts";
import { AdapterError, AppError } from "#lib/errors.ts";
import {
  CLUSTER_RULES,
  clusterManifest,
  missingRights,
  NAMESPACE_RULES,
  namespaceManifest,
  type Right,
  reviewOf,
  rightName,
  rightsOf,
} from "./rights.ts";
import type { Finding } from "./schema.ts";

const TIMEOUT_MS = 60_000;
const MAX_NAMESPACES = 200;
const NEEDED = rightsOf(NAMESPACE_RULES);

/** Every namespace that a cluster's targets name, and whether one of them would have it made. */
function placesOf(targets: readonly { namespace: string; createNamespace: boolean }[]) {
  const names = [...new Set(targets.map(({ namespace }) => namespace))].sort().slice(0, MAX_NAMESPACES);
  return names.map((namespace) => ({
    namespace,
    mayBeMade: targets.some((target) => target.namespace === namespace && target.createNamespace),
  }));
}

/**
 * What an account lacks of some rights: by its list of rules, and, because an authorizer need not list its rules, by a
 * question for each that is not on the list.
 */
async function lacking(
  client: Cluster,
  needed: readonly Right[],
  signal: AbortSignal,
  namespace?: string,
): Promise<Right[]> {
  const listed = namespace === undefined ? [] : (await client.reviewRules(namespace, { signal })).rules;
  const found: Right[] = [];
  for (const right of missingRights(listed, needed)) {
    if (!(await client.reviewAccess(reviewOf(right, namespace), { signal }))) found.push(right);
  }
  return found;
}

const rightsFinding = (
  missing: readonly Right[],
  facts: { namespace?: string; manifest: () => string },
): Finding => {
  const names = missing.map(rightName);
  const place = facts.namespace ?? "cluster";
  const ok = names.length === 0;
  return {
    code: facts.namespace === undefined ? "NAMESPACE_RIGHTS" : "RIGHTS",
    ok,
    message: ok ? `${place}: all rights` : `${place}: missing ${names.join(", ")}`,
    ...(facts.namespace === undefined ? {} : { namespace: facts.namespace }),
    ...(ok ? {} : { missing: names, manifest: facts.manifest() }),
  };
};

async function namespaceIsMissing(client: Cluster, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await client.get({ apiVersion: "v1", kind: "Namespace", name }, { signal })) === null;
  } catch (error) {
    // Not to be told: then it is not this account either that makes it.
    if (error instanceof AdapterError && error.failure === "forbidden") return false;
    throw error;
  }
}

/**
 * Asks a cluster what the portal may do in the namespaces of its targets.
 * @returns findings in order: reachable, version, the rights in each namespace, the right to make those that are missing;
 * each that is not ok says what is missing and has the YAML that grants it
 */
export async function inspectCluster(
  clusterId: string,
  targets: readonly { namespace: string; createNamespace: boolean }[],
): Promise<Finding[]> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const client = await connectCluster(clusterId);
    const { gitVersion } = await client.version({ signal });
    const findings: Finding[] = [
      { code: "REACHABLE", ok: true, message: "the API server answers" },
      { code: "VERSION", ok: true, message: gitVersion },
    ];
    const user = await client.whoAmI({ signal });
    findings.push({ code: "ACCOUNT", ok: true, message: user });
    const toMake: string[] = [];
    for (const { namespace, mayBeMade } of placesOf(targets)) {
      if (mayBeMade && (await namespaceIsMissing(client, namespace, signal))) toMake.push(namespace);
      const missing = await lacking(client, NEEDED, signal, namespace);
      const manifest = () => namespaceManifest({ user, namespace });
      findings.push(rightsFinding(missing, { namespace, manifest }));
    }
    if (toMake.length > 0) {
      const missing = await lacking(client, rightsOf(CLUSTER_RULES), signal);
      findings.push(rightsFinding(missing, { manifest: () => clusterManifest(user) }));
    }
    return findings;
  } catch (error) {
    return [failure(error)];
  }
}

function failure(error: unknown): Finding {
  if (!(error instanceof AdapterError) && !(error instanceof AppError)) throw error;
  const kind = error instanceof AdapterError ? error.failure : "unreachable";
  if (kind === "unauthorized" || kind === "forbidden")
    return { code: "CREDENTIAL", ok: false, message: error.message, fix: "give it a valid kubeconfig" };
  return {
    code: "REACHABLE",
    ok: false,
    message: error.message,
    fix: "check the address, the network and that the API server runs",
  };
}
