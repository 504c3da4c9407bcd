import type { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { mayEditConfig } from "#lib/access/policy.ts";
import { db } from "#lib/db.ts";
import { attributionsOf } from "#lib/plans/attribution.ts";
import { planInputsSchema } from "#lib/plans/content.ts";
import { configFacts, configSelect } from "#lib/plans/facts.ts";
import { type Side, sidesOf } from "#lib/plans/sides.ts";
import { type Candidate, candidateOf, plannedName, sameQuantity } from "./adoption.ts";
import { livePlaces, lookAt, readLivePlace } from "./queries.ts";
import type { AdoptableDto, adoptableQuerySchema } from "./schema.ts";

type Found = Candidate & { target: { id: string; cluster: string; namespace: string }; now: Side };

/**
 * Drifted fields that come from the component's config and nothing else, so that their live value can be kept by
 * writing it there. Found by rendering what was deployed again with each value of the config changed, as plans do.
 * @throws AppError NOT_FOUND
 */
export async function getAdoptable(
  actor: Actor,
  place: { project: string; environment: string },
  where: z.output<typeof adoptableQuerySchema>,
): Promise<AdoptableDto> {
  const { project, environment } = await readLivePlace(actor, place);
  const { cluster, namespace } = where;
  const targets = (await livePlaces(project, environment)).filter(
    (target) =>
      target.cluster === (cluster ?? target.cluster) && target.namespace === (namespace ?? target.namespace),
  );
  const views = await lookAt(targets);
  const ids = { projectId: project.id, environmentId: environment.id };
  const sides = await deployedSides(
    ids,
    targets.map(({ id }) => id),
  );
  const found: Found[] = [];
  for (const [index, target] of targets.entries()) {
    for (const drift of views[index]?.drift ?? []) {
      const candidate = candidateOf(drift);
      const now = candidate && (await sides(target.id, drift.object, drift.component));
      if (candidate && now) found.push({ ...candidate, target, now });
    }
  }
  // One component on one target is rendered once, however much of it drifted.
  const rendered = new Map(found.map((one) => [keyOf(one), one]));
  const made = await attributionsOf(
    [...rendered.values()].map(({ target, now }) => ({
      place: {
        project: project.key,
        environment: environment.key,
        cluster: target.cluster,
        namespace: target.namespace,
      },
      now,
      before: null,
    })),
  );
  const causes = new Map([...rendered.keys()].map((key, index) => [key, made[index]]));
  const saved = await savedConfigs(ids, [...new Set(found.map(({ drift }) => drift.component))]);
  return {
    mayEdit: mayEditConfig(actor.rights, project.id, environment.kind),
    items: found.flatMap((one) => {
      const { drift, name, value, target, now } = one;
      const { object, component, field, expected } = drift;
      const cause = causes.get(keyOf(one))?.(object, plannedName(field), null);
      const values = cause?.source === "config" ? cause.values : [];
      const config = now.component.config;
      // The config's value as it is, not something that a template makes of it.
      const owns = values.length === 1 && values[0]?.name === name && config !== null;
      if (!owns || !sameQuantity(String(config[name]), expected)) return [];
      const kept = sameQuantity(String((saved.get(component) ?? configFacts(null))[name]), value);
      return [
        {
          cluster: target.cluster,
          namespace: target.namespace,
          object,
          field,
          component,
          name,
          value,
          saved: kept,
        },
      ];
    }),
  };
}

const keyOf = ({ target, drift }: Found): string => `${target.id} ${drift.component}`;

/** What each object was rendered from, read once for each deployment. */
async function deployedSides(ids: { projectId: string; environmentId: string }, targetIds: string[]) {
  const inventory = await db.inventoryObject.findMany({
    where: { targetId: { in: targetIds } },
    select: { targetId: true, kind: true, name: true, deploymentId: true },
  });
  const deploymentOf = new Map(
    inventory.map(({ targetId, kind, name, deploymentId }) => [`${targetId} ${kind} ${name}`, deploymentId]),
  );
  const byDeployment = new Map<string, Promise<Map<string, Side>>>();
  const read = async (id: string) => {
    const { plan } = await db.deployment.findUniqueOrThrow({
      where: { id },
      select: { plan: { select: { inputs: true } } },
    });
    return sidesOf(db, planInputsSchema.parse(plan.inputs), ids);
  };
  return async (targetId: string, object: string, component: string): Promise<Side | null> => {
    const deployment = deploymentOf.get(`${targetId} ${object}`);
    if (!deployment) return null;
    const sides = byDeployment.get(deployment) ?? read(deployment);
    byDeployment.set(deployment, sides);
    return (await sides).get(component) ?? null;
  };
}

async function savedConfigs(ids: { projectId: string; environmentId: string }, components: string[]) {
  const rows = await db.componentConfig.findMany({
    where: {
      environmentId: ids.environmentId,
      component: { projectId: ids.projectId, key: { in: components } },
    },
    select: { ...configSelect, component: { select: { key: true } } },
  });
  return new Map(rows.map(({ component, ...row }) => [component.key, configFacts(row)]));
}
