import { parseOutput } from "#lib/templates/output.ts";
import { type Rendered, renderAll } from "#lib/templates/render.ts";
import { assembleComponent } from "./assemble.ts";
import { jobOf } from "./build.ts";
import { objectName } from "./choices.ts";
import type { Origin } from "./content.ts";
import { leavesOf } from "./field-path.ts";
import { introduced, type Side } from "./sides.ts";
import { templateCause, type Variant, variantsOf } from "./variants.ts";

type Place = { project: string; environment: string; cluster: string; namespace: string };
type Leaves = Map<string, unknown>;
/** Leaves by object (`Kind name`). */
type World = Map<string, Leaves>;
export type Cause = Variant["cause"];
/**
 * Why a field of an object (`Kind name`) is to change; null when nothing of ours is the reason.
 * @param planned the object as it will be applied, after strategies and choices
 */
export type CauseOf = (object: string, field: string, planned: Leaves | null) => Cause | null;

/**
 * What a component is rendered from now, and what stands there was rendered from; `before` null where nothing of ours
 * stands there: then it is told what each field depends on.
 */
export type Comparison = { place: Place; now: Side; before: Side | null };
/** Renderings are for the reader's sake: after this long, milliseconds, what is not rendered is not told. */
const WITHIN_MS = 10_000;

/**
 * Tells where each change of a component comes from by fact, not by the look of a line: it is rendered again with one
 * thing at a time as it was in the plan that put there what stands there now, and what then comes out differently is
 * that thing's doing.
 * @returns for each comparison, null when the record lacks what the rendering needs
 */
export async function attributionsOf(comparisons: readonly Comparison[]): Promise<(CauseOf | null)[]> {
  const tries = comparisons.map(({ place, now, before }) => {
    const known = before?.component.template ? before : null;
    const variants = variantsOf(now, known);
    const sides = [now, ...(known ? [known] : []), ...variants.map(({ side }) => side)];
    return { place, now, known, variants, sides, jobs: sides.map((side) => job(place, side, now)) };
  });
  const rendered = await renderAll(
    tries.flatMap(({ jobs }) => jobs.flatMap((one) => one ?? [])),
    { keep: false, withinMs: WITHIN_MS },
  );
  let at = 0;
  return tries.map(({ place, now, known, variants, sides, jobs }) => {
    const worlds = sides.map((side, index) => {
      const result = jobs[index] ? rendered[at++] : undefined;
      return result ? worldOf(place, side, result) : null;
    });
    return causeOf({ now, known, variants, worlds });
  });
}

/** @param input.worlds of now, of before where it is known, and of each variant; null where it was not rendered */
function causeOf(input: {
  now: Side;
  known: Side | null;
  variants: readonly Variant[];
  worlds: readonly (World | null)[];
}): CauseOf | null {
  const { now, known, variants } = input;
  const [own, ...rest] = input.worlds;
  if (!own) return null;
  const all = known ? (rest.shift() ?? null) : null;
  const tried = variants.flatMap(({ cause }, index) => {
    const world = rest[index];
    return world ? [{ cause, world }] : [];
  });
  const everywhere = input.worlds.flatMap((world) => world ?? []);
  return (shown, field, planned) => {
    const object = originalOf(shown, everywhere);
    const hits = tried.filter(({ world }) => differs(own, world, object, field));
    const found = choose(hits, own, object, field);
    if (found) return found;
    const here = isThere(own.get(object), field);
    if (!here && planned && isThere(planned, field)) return strategyCause(now);
    if (!known) return here ? templateCause(now) : null;
    if (!all || !differs(own, all, object, field)) return null;
    // Only together do they make a difference.
    return tried.find(({ cause }) => cause.source === "template")?.cause ?? merged(tried) ?? null;
  };
}

function job(place: Place, side: Side, now: Side) {
  const config = side.component.config ?? now.component.config;
  if (!config) return null;
  const { project, environment, ...target } = place;
  const facts = {
    project: { key: project },
    environment: { key: environment },
    release: { number: side.release },
  };
  return jobOf(facts, { ...side.component, config }, target);
}

/** The objects that a rendering comes to; null when it failed (a value that its template cannot do without). */
function worldOf(place: Place, side: Side, result: Rendered): World | null {
  if (!result.ok) return null;
  const { manifests, problems } = parseOutput(result.text);
  if (problems.length > 0) return null;
  const { project, environment, namespace } = place;
  const { key: component, config } = side.component;
  const objects = assembleComponent({
    rendered: manifests,
    project,
    component,
    environment,
    release: side.release,
    namespace,
    secrets: config?.secrets ?? {},
  });
  return new Map(
    objects.map(({ manifest, secretVersions }) => {
      const leaves = leavesOf(manifest);
      // The values are filled in while applying; people read their versions.
      for (const [name, version] of Object.entries(secretVersions ?? {}))
        leaves.set(`.data.${name}`, version);
      return [objectName(manifest), leaves];
    }),
  );
}

/** The rendered object behind one that a strategy named anew (`api-green`); itself where a rendering has it. */
function originalOf(object: string, worlds: readonly World[]): string {
  if (worlds.some((world) => world.has(object))) return object;
  const names = [...(worlds[0]?.keys() ?? [])].filter((name) => object.startsWith(`${name}-`));
  return names.sort((a, b) => b.length - a.length)[0] ?? object;
}

const isWithin = (inner: string, outer: string) =>
  inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length));
const isThere = (leaves: Leaves | undefined, field: string): boolean =>
  leaves !== undefined && (leaves.has(field) || [...leaves.keys()].some((leaf) => isWithin(leaf, field)));

/**
 * Whether a field differs between two renderings: its value, the value of the whole that it is in, or, of a field that
 * holds others, whether it is there at all.
 */
function differs(a: World, b: World, object: string, field: string): boolean {
  const [left, right] = [a.get(object), b.get(object)];
  if (!left || !right) return left !== right;
  const unlike = (leaf: string) => JSON.stringify(left.get(leaf)) !== JSON.stringify(right.get(leaf));
  if (left.has(field) || right.has(field)) return unlike(field);
  const [inLeft, inRight] = [isThere(left, field), isThere(right, field)];
  if (inLeft || inRight) return inLeft !== inRight;
  return [...left.keys(), ...right.keys()].some((leaf) => isWithin(field, leaf) && unlike(leaf));
}

type Tried = { cause: Cause; world: World };

/** Of several reasons the nearest: a template that brings the field, else a value in it, else the template's text. */
function choose(hits: readonly Tried[], own: World, object: string, field: string): Cause | null {
  const template = hits.find(({ cause }) => cause.source === "template");
  if (template && isThere(own.get(object), field) && !isThere(template.world.get(object), field))
    return template.cause;
  for (const source of ["artifact", "config", "release"] as const) {
    const same = hits.filter(({ cause }) => cause.source === source);
    if (same.length > 0) return source === "config" ? merged(same) : (same[0]?.cause ?? null);
  }
  return template?.cause ?? null;
}

/** One cause of several config values. */
function merged(tried: readonly Tried[]): Cause | null {
  const [first] = tried.flatMap(({ cause }) => (cause.source === "config" ? [cause] : []));
  if (!first) return tried[0]?.cause ?? null;
  const values = tried.flatMap(({ cause }) => (cause.source === "config" ? cause.values : []));
  return { ...first, values };
}

const strategyCause = (now: Side): Cause => ({
  source: "config",
  component: now.component.key,
  values: [{ name: "strategy", layer: "environment", ...introduced(now, ({ strategy }) => strategy) }],
});

/** The table of a review's origins: each stands there once, lines name it by its index. */
export function originTable() {
  const index = new Map<string, number>();
  const origins: Origin[] = [];
  return {
    origins,
    add(origin: Origin): { source: Origin["source"]; origin: number } {
      const key = JSON.stringify(origin);
      const at = index.get(key) ?? origins.push(origin) - 1;
      index.set(key, at);
      return { source: origin.source, origin: at };
    },
  };
}
