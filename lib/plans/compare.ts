import { canonicalJson } from "#lib/canonical-json.ts";
import type { PlanInputs } from "./content.ts";

export const PLAN_PARTS = [
  "image",
  "template",
  "config",
  "secret",
  "component",
  "strategy",
  "check",
  "choice",
  "waiver",
  "target",
  "prune",
  "manifests",
] as const;
export type PlanPart = (typeof PLAN_PARTS)[number];
/** One thing that differs between two plans; null where it was or is absent. */
export type PlanDifference = { part: PlanPart; subject: string; before: string | null; after: string | null };

const PARTS: Readonly<Record<Exclude<PlanPart, "manifests">, (inputs: PlanInputs) => [string, string][]>> = {
  image: ({ images }) => images.map((image) => [image.component, `${image.image}@${image.digest}`]),
  template: ({ templates }) =>
    templates.map((template) => [
      template.component,
      `${template.name} v${template.version} (${template.templateId})`,
    ]),
  config: ({ configs }) => configs.map((config) => [config.component, `v${config.version}`]),
  secret: ({ configs }) =>
    configs.flatMap((config) =>
      Object.entries(config.secrets).map(([name, version]): [string, string] => [
        `${config.component}/${name}`,
        `v${version}`,
      ]),
    ),
  component: ({ components }) =>
    components.map(({ component, name, kind, port }) => [component, `${name}, ${kind}, port ${port}`]),
  strategy: ({ strategies }) =>
    strategies.map(({ component, strategy }) => [component, strategyText(strategy)]),
  check: ({ strategies }) =>
    strategies.flatMap(({ component, checks }) =>
      checks.map((check): [string, string] => [`${component}/${check.name}`, canonicalJson(check)]),
    ),
  choice: ({ choices }) =>
    choices.map(({ cluster, namespace, object, field, manager, choice }) => [
      `${cluster}/${namespace}: ${object} ${field} (${manager})`,
      choice,
    ]),
  waiver: ({ waivers }) =>
    (waivers ?? []).map(({ component, subject, waiver }) => [`${component}: ${subject}`, waiver]),
  target: ({ targets }) =>
    targets.map(({ cluster, namespace, wave }) => [`${cluster}/${namespace}`, `wave ${wave}`]),
  prune: ({ prune }) => prune.map((ref) => [ref, "delete"]),
};

function strategyText({ kind, ...rest }: PlanInputs["strategies"][number]["strategy"]): string {
  return Object.keys(rest).length === 0 ? kind : `${kind} ${canonicalJson(rest)}`;
}
const NAMED = PLAN_PARTS.filter((part) => part !== "manifests");

/** What differs between the inputs of two plans, named for a reader. Pure; empty when their digests are equal. */
export function comparePlans(before: PlanInputs, after: PlanInputs): PlanDifference[] {
  const differences = NAMED.flatMap((part) => {
    const [old, now] = [new Map(PARTS[part](before)), new Map(PARTS[part](after))];
    return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((subject): PlanDifference[] => {
      const [was, is] = [old.get(subject) ?? null, now.get(subject) ?? null];
      return was === is ? [] : [{ part, subject, before: was, after: is }];
    });
  });
  // Only what has no name of its own is told as "the manifests": an engine that writes the same template differently.
  if (differences.length === 0 && before.manifests !== after.manifests) {
    differences.push({ part: "manifests", subject: "", before: before.manifests, after: after.manifests });
  }
  return differences;
}
