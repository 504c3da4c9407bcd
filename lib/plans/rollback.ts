import type { Tx } from "#lib/db.ts";
import { AppError, type Blocker } from "#lib/errors.ts";
import { planRestore } from "#lib/strategies/plan.ts";
import { ROLLING } from "#lib/strategies/schema.ts";
import { applyOrder, type PlannedObject, withSecretVersions } from "./assemble.ts";
import { type BuiltPlan, pruneNames, pruneOf } from "./build.ts";
import { orderedChoices, withChoices } from "./choices.ts";
import {
  type ConflictChoice,
  type PlanInputs,
  type PlanManifests,
  planInputsSchema,
  planManifestsSchema,
} from "./content.ts";
import { manifestsDigest, planDigest } from "./digest.ts";
import { configSelect, type TargetFacts, targetFacts } from "./facts.ts";

/** Where each component's manifests come from; the first is the plan's main source. */
export type RollbackSource = PlanInputs["sources"][number];
type Stored = { id: string; inputs: PlanInputs; manifests: PlanManifests };

/**
 * A plan from what earlier successful deployments applied, byte for byte. Only the values of secrets are today's:
 * the portal keeps no old ones, and says so.
 */
export async function buildRollback(
  tx: Tx,
  input: { projectId: string; environmentId: string; sources: readonly RollbackSource[] },
  choices: readonly ConflictChoice[] = [],
): Promise<BuiltPlan> {
  const stored = await loadStored(
    tx,
    input.sources.map(({ deployment }) => deployment),
  );
  const targets = await targetFacts(tx, input.projectId, input.environmentId);
  const secrets = await currentSecrets(tx, input);
  return assembleRollback({ sources: input.sources, stored, targets, secrets, choices });
}

/** The pure part: stored manifests onto the targets of today. */
export function assembleRollback(input: {
  sources: readonly RollbackSource[];
  stored: readonly Stored[];
  targets: readonly TargetFacts[];
  secrets: Readonly<Record<string, Record<string, number>>>;
  choices?: readonly ConflictChoice[];
}): BuiltPlan {
  const { choices = [] } = input;
  const checks: BuiltPlan["checks"] = [];
  const blockers: Blocker[] = [];
  const from = input.sources.flatMap((source) => {
    const plan = input.stored.find(({ id }) => id === source.deployment);
    return plan ? [{ ...source, plan }] : [];
  });
  const [main] = from;
  if (!main) throw new AppError("INVALID_STATE", "there is no earlier successful deployment to go back to");
  for (const { component, plan } of from) {
    const then = plan.inputs.configs.find((config) => config.component === component)?.secrets ?? {};
    const findings = compareSecrets(component, then, input.secrets[component] ?? {});
    checks.push(...findings.checks);
    blockers.push(...findings.blockers);
  }
  const restoredManifests: PlanManifests = {
    targets: input.targets.map((target) => {
      const objects = from.flatMap(({ component, plan }) => {
        const found = restored(plan.manifests, target, component, input.secrets[component] ?? {});
        if (!found) blockers.push(noHistory(target, component));
        return found ?? [];
      });
      const { id, cluster, namespace, wave, createNamespace } = target;
      const { steps, ...back } = planRestore({ objects, inventory: target.inventory });
      const ordered = applyOrder(back.objects);
      const prune = pruneOf(
        from.map(({ component }) => component),
        target,
        ordered,
      );
      return {
        targetId: id,
        cluster,
        namespace,
        wave,
        createNamespace,
        objects: ordered,
        canaries: [],
        steps,
        prune,
      };
    }),
  };
  const manifests = withChoices(restoredManifests, choices);
  const pick = <Part extends { component: string }>(part: (inputs: PlanInputs) => readonly Part[]): Part[] =>
    from.flatMap(({ component, plan }) => part(plan.inputs).filter((entry) => entry.component === component));
  const inputs: PlanInputs = {
    kind: "rollback",
    release: main.release,
    environment: main.plan.inputs.environment,
    sourceDeployment: main.deployment,
    sources: from.map(({ component, deployment, release }) => ({ component, deployment, release })),
    images: pick(({ images }) => images),
    targets: input.targets.map(({ cluster, namespace, wave }) => ({ cluster, namespace, wave })),
    templates: pick(({ templates }) => templates),
    configs: pick(({ configs }) => configs).map((config) => ({
      ...config,
      secrets: usable(config.secrets, input.secrets[config.component] ?? {}),
    })),
    // What is restored has proved itself: it goes out in one go, and is judged as it was then.
    strategies: pick(({ strategies }) => strategies).map((entry) => ({ ...entry, strategy: ROLLING })),
    choices: orderedChoices(choices),
    components: pick(({ components }) => components),
    prune: pruneNames(manifests),
    manifests: manifestsDigest(manifests),
  };
  return { digest: planDigest(inputs), inputs, manifests, checks, blockers };
}

/** Of the names that were there then, today's versions. */
const usable = (then: Record<string, number>, now: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.keys(then).flatMap((name) => {
      const version = now[name];
      return version === undefined ? [] : [[name, version]];
    }),
  );

function restored(
  manifests: PlanManifests,
  target: TargetFacts,
  component: string,
  secrets: Record<string, number>,
): PlannedObject[] | null {
  const there = manifests.targets.find(
    ({ targetId, namespace }) => targetId === target.id && namespace === target.namespace,
  );
  if (!there) return null;
  return there.objects
    .filter((object) => object.component === component)
    .map((object) => {
      if (!object.secretVersions) return object;
      const secretVersions = usable(object.secretVersions, secrets);
      return { ...object, manifest: withSecretVersions(object.manifest, secretVersions), secretVersions };
    });
}

function noHistory({ cluster, namespace }: TargetFacts, component: string): Blocker {
  const message = `${component} was not deployed to ${cluster}/${namespace} then: there is nothing to restore`;
  return {
    code: "TARGET_WITHOUT_HISTORY",
    message,
    facts: { component, cluster, namespace },
    liftedBy: ["owner", "admin"],
  };
}

function compareSecrets(component: string, then: Record<string, number>, now: Record<string, number>) {
  const checks: BuiltPlan["checks"] = [];
  const blockers: Blocker[] = [];
  for (const [name, version] of Object.entries(then)) {
    const current = now[name];
    if (current === undefined) {
      const message = `${component}: secret ${name} was removed since and cannot be restored`;
      blockers.push({ code: "SECRET_GONE", message, facts: { component, name }, liftedBy: ["ops", "owner"] });
    } else if (current !== version) {
      const message = `${component}: secret ${name} was version ${version} then; version ${current} is used`;
      checks.push({
        code: "SECRET_NEWER",
        state: "warning",
        message,
        facts: { component, name, was: version, now: current },
      });
    }
  }
  return { checks, blockers };
}

async function loadStored(tx: Tx, ids: readonly string[]): Promise<Stored[]> {
  const rows = await tx.deployment.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, plan: { select: { inputs: true, manifests: true } } },
  });
  return rows.map(({ id, plan }) => ({
    id,
    inputs: planInputsSchema.parse(plan.inputs),
    manifests: planManifestsSchema.parse(plan.manifests),
  }));
}

async function currentSecrets(
  tx: Tx,
  input: { projectId: string; environmentId: string; sources: readonly RollbackSource[] },
): Promise<Record<string, Record<string, number>>> {
  const rows = await tx.componentConfig.findMany({
    where: {
      environmentId: input.environmentId,
      component: { projectId: input.projectId, key: { in: input.sources.map(({ component }) => component) } },
    },
    select: { secrets: configSelect.secrets, component: { select: { key: true } } },
  });
  return Object.fromEntries(
    rows.map(({ component, secrets }) => [
      component.key,
      Object.fromEntries(secrets.map(({ name, version }) => [name, version])),
    ]),
  );
}
