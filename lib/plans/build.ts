import { canonicalJson } from "#lib/canonical-json.ts";
import { sha256 } from "#lib/crypto.ts";
import type { Blocker } from "#lib/errors.ts";
import { planStrategies } from "#lib/strategies/plan.ts";
import { renderContext, secretNameOf } from "#lib/templates/context.ts";
import { parseOutput } from "#lib/templates/output.ts";
import { checkPolicy } from "#lib/templates/policy.ts";
import { type Rendered, type RenderJob, renderAll } from "#lib/templates/render.ts";
import { applyOrder, assembleComponent, type PlannedObject } from "./assemble.ts";
import { orderedChoices, withChoices } from "./choices.ts";
import type { ConflictChoice, PlanInputs, PlanManifests, PlanReview } from "./content.ts";
import { manifestsDigest, planDigest } from "./digest.ts";
import type { ComponentFacts, ConfigFacts, PlanFacts, TargetFacts } from "./facts.ts";
import { pinnedImage } from "./image-name.ts";

export type BuiltPlan = {
  digest: string;
  inputs: PlanInputs;
  manifests: PlanManifests;
  checks: PlanReview["checks"];
  blockers: Blocker[];
};

/** What rolls the pods when a variable or a secret changes. */
export const configChecksum = (config: Pick<ConfigFacts, "variables" | "secrets">): string =>
  sha256(canonicalJson({ variables: config.variables, secrets: config.secrets })).slice(0, 16);

/**
 * Renders and assembles everything that a plan would apply, from facts alone: no clock, no registry, no cluster.
 * What cannot be rendered is a blocker, and the rest is still there to be read.
 * @param choices what people decided about fields that others own
 */
export async function buildPlan(
  facts: PlanFacts,
  choices: readonly ConflictChoice[] = [],
): Promise<BuiltPlan> {
  const blockers = missing(facts);
  const jobs = facts.targets.flatMap((target) =>
    facts.components.flatMap((component) => {
      const job = jobOf(facts, component, target);
      return job ? [{ component, target, job }] : [];
    }),
  );
  const rendered = await renderAll(jobs.map(({ job }) => job));
  const objects = new Map<string, PlannedObject[]>(facts.targets.map((target) => [target.id, []]));
  for (const [index, { component, target }] of jobs.entries()) {
    const result = rendered[index];
    if (!result) continue;
    const { found, problems } = objectsOf(facts, component, target, result);
    objects.get(target.id)?.push(...found);
    blockers.push(...problems);
  }
  const checks: BuiltPlan["checks"] = [];
  const keys = facts.components.map(({ key }) => key);
  const components = facts.components.map(({ key, config }) => ({ key, strategy: config.strategy }));
  const assembled: PlanManifests = {
    targets: facts.targets.map((target) => {
      const { canaries, steps, ...planned } = planStrategies({
        objects: objects.get(target.id) ?? [],
        components,
        running: facts.running.filter(({ targetId }) => targetId === target.id),
        inventory: target.inventory,
      });
      const ordered = applyOrder(planned.objects);
      const all = [...ordered, ...canaries];
      blockers.push(...takenTwice(target, all), ...planned.problems);
      checks.push(...planned.checks);
      const { id, cluster, namespace, wave, createNamespace } = target;
      const prune = pruneOf(keys, target, all);
      return {
        targetId: id,
        cluster,
        namespace,
        wave,
        createNamespace,
        objects: ordered,
        canaries,
        steps,
        prune,
      };
    }),
  };
  const manifests = withChoices(assembled, choices);
  blockers.push(...tooMuch(manifests));
  const inputs = inputsOf(facts, manifests, choices);
  return {
    digest: planDigest(inputs),
    inputs,
    manifests,
    checks: distinct(checks),
    blockers: distinct(blockers),
  };
}

function missing({ components, targets, environment }: PlanFacts): Blocker[] {
  const blockers: Blocker[] = [];
  if (targets.length === 0) {
    blockers.push({
      code: "NO_TARGET",
      message: `${environment.key} has no target: nobody said in which cluster it lives`,
      facts: { environment: environment.key },
      liftedBy: ["owner", "admin"],
    });
  }
  for (const { key, template } of components) {
    if (template) continue;
    blockers.push({
      code: "TEMPLATE_MISSING",
      message: `${key} has no template in ${environment.key}`,
      facts: { component: key, environment: environment.key },
      liftedBy: ["owner", "ops"],
    });
  }
  return blockers;
}

/** What of a component its rendering depends on. */
export type RenderedFacts = Pick<
  ComponentFacts,
  "key" | "name" | "kind" | "port" | "image" | "config" | "template"
>;
export type RenderPlace = {
  project: { key: string };
  environment: { key: string };
  release: { number: string };
};

/** The rendering of a component for a target; null while it has no template or no image. Pure. */
export function jobOf(
  facts: RenderPlace,
  component: RenderedFacts,
  target: Pick<TargetFacts, "cluster" | "namespace">,
): RenderJob | null {
  const { template, image, config } = component;
  if (!template || !image) return null;
  const { key, name, kind, port } = component;
  return {
    source: template.body,
    context: renderContext({
      project: facts.project.key,
      component: { key, name, kind, port },
      environment: facts.environment.key,
      release: facts.release.number,
      image: pinnedImage(image.image, image.digest),
      config,
      configChecksum: configChecksum(config),
      target: { cluster: target.cluster, namespace: target.namespace },
    }),
  };
}

function objectsOf(facts: PlanFacts, component: ComponentFacts, target: TargetFacts, result: Rendered) {
  const told = { component: component.key, template: component.template?.name ?? "" };
  const liftedBy = ["owner", "ops"];
  if (!result.ok) {
    const line = result.line ?? 0;
    const message = `${told.component}: template ${told.template}, line ${line}: ${result.message}`;
    const blocker = {
      code: "RENDER_FAILED",
      message,
      facts: { ...told, line, reason: result.message },
      liftedBy,
    };
    return { found: [], problems: [blocker] };
  }
  const { manifests, problems } = parseOutput(result.text);
  const reserved = [secretNameOf(component.key)];
  const refused = [...problems, ...checkPolicy(manifests, { namespace: target.namespace, reserved })];
  const found = assembleComponent({
    rendered: manifests,
    project: facts.project.key,
    component: component.key,
    environment: facts.environment.key,
    release: facts.release.number,
    namespace: target.namespace,
    secrets: component.config.secrets,
  });
  return {
    found,
    problems: refused.map(({ code, message, line }): Blocker => {
      const text = `${told.component}: template ${told.template}: ${message}`;
      return { code, message: text, facts: { ...told, line: line ?? 0, reason: message }, liftedBy };
    }),
  };
}

type Placed = Pick<PlannedObject, "component" | "manifest">;

/** Two components that would write one object would undo each other at every deployment. */
function takenTwice(target: TargetFacts, objects: readonly Placed[]): Blocker[] {
  const owner = new Map<string, string>();
  return objects.flatMap(({ component, manifest }): Blocker[] => {
    const id = `${manifest.apiVersion}/${manifest.kind}/${manifest.metadata.name}`;
    const other = owner.get(id);
    owner.set(id, component);
    if (!other || other === component) return [];
    const object = `${manifest.kind} ${manifest.metadata.name}`;
    const message = `${other} and ${component} both make ${object} in ${target.cluster}/${target.namespace}`;
    return [
      { code: "OBJECT_SHARED", message, facts: { object, component, other }, liftedBy: ["owner", "ops"] },
    ];
  });
}

/** What an earlier deployment applied for these components and this one lacks. */
export function pruneOf(components: readonly string[], target: TargetFacts, objects: readonly Placed[]) {
  const kept = new Set(
    objects.map(({ manifest }) => `${manifest.apiVersion}/${manifest.kind}/${manifest.metadata.name}`),
  );
  return target.inventory.filter(
    ({ component, ref }) =>
      components.includes(component) && !kept.has(`${ref.apiVersion}/${ref.kind}/${ref.name}`),
  );
}

/** Names of what a target's plan deletes, as the inputs hold them. */
export const pruneNames = (manifests: PlanManifests): string[] =>
  manifests.targets.flatMap(({ cluster, namespace, prune }) =>
    prune.map(({ ref }) => `${cluster}/${namespace}: ${ref.kind} ${ref.name}`),
  );

const MAX_OBJECTS = 500;
const MAX_BYTES = 8 * 1024 * 1024;

/** A plan is kept, shown and carried out as a whole. */
function tooMuch(manifests: PlanManifests): Blocker[] {
  const objects = manifests.targets.reduce((sum, target) => sum + target.objects.length, 0);
  const bytes = Buffer.byteLength(JSON.stringify(manifests));
  if (objects <= MAX_OBJECTS && bytes <= MAX_BYTES) return [];
  const facts = { objects, maxObjects: MAX_OBJECTS, kilobytes: Math.ceil(bytes / 1024), maxKilobytes: 8192 };
  const message = `${objects} objects of ${facts.kilobytes} KiB in one plan; at most ${MAX_OBJECTS} and ${facts.maxKilobytes} KiB`;
  return [{ code: "PLAN_TOO_LARGE", message, facts, liftedBy: ["owner", "ops"] }];
}

function inputsOf(
  facts: PlanFacts,
  manifests: PlanManifests,
  choices: readonly ConflictChoice[],
): PlanInputs {
  return {
    kind: "deploy",
    release: facts.release.number,
    environment: facts.environment.key,
    sourceDeployment: null,
    sources: [],
    images: facts.components.flatMap(({ key, image }) =>
      image ? [{ component: key, image: image.image, digest: image.digest }] : [],
    ),
    targets: facts.targets.map(({ cluster, namespace, wave }) => ({ cluster, namespace, wave })),
    templates: facts.components.flatMap(({ key, template }) =>
      template
        ? [{ component: key, templateId: template.id, name: template.name, version: template.version }]
        : [],
    ),
    configs: facts.components.map(({ key, config }) => ({
      component: key,
      version: config.version,
      secrets: config.secrets,
    })),
    strategies: facts.components.map(({ key, config }) => ({
      component: key,
      strategy: config.strategy,
      checks: config.smokeChecks,
    })),
    choices: orderedChoices(choices),
    ...(facts.waivers && facts.waivers.length > 0 ? { waivers: [...facts.waivers] } : {}),
    components: facts.components.map(({ key, name, kind, port }) => ({ component: key, name, kind, port })),
    prune: pruneNames(manifests),
    manifests: manifestsDigest(manifests),
  };
}

/** One template used on two targets fails twice with the same words; said once. */
const distinct = <Said extends { code: string; message: string }>(said: readonly Said[]): Said[] => [
  ...new Map(said.map((one) => [`${one.code}\n${one.message}`, one])).values(),
];
