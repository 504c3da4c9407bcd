import { posix } from "node:path";
import { z } from "zod";
import type { HarborArtifact, Rule, Selector } from "./shapes.ts";

/*
 * What Harbor's tag retention would delete, by the same steps as Harbor's own (src/pkg/retention): a repository that
 * some rule is for keeps what at least one of its rules retains, and what an immutable rule holds; the rest goes.
 * Labels play no part in either, whatever they say: Harbor selects by names of repositories and tags alone.
 */

const DAY_MS = 86_400_000;
const extrasShape = z.object({ untagged: z.boolean() });

const matches = (pattern: string, text: string) => pattern === "" || posix.matchesGlob(text, pattern);

const selectsRepository = (repository: string) => (one: Selector) =>
  matches(one.pattern, repository) === (one.decoration === "repoMatches");

/** Images without tags: taken by `matches`, left by `excludes`, unless the selector says so itself. */
function takesUntagged({ extras, decoration }: Selector): boolean {
  try {
    return extrasShape.parse(JSON.parse(extras ?? "")).untagged;
  } catch {
    return decoration !== "excludes";
  }
}

function selects(one: Selector, tags: readonly string[]): boolean {
  const excludes = one.decoration === "excludes";
  if (tags.length === 0) return takesUntagged(one) !== excludes;
  return tags.some((tag) => matches(one.pattern, tag) !== excludes);
}

const tagsOf = ({ tags }: HarborArtifact) => tags?.map(({ name }) => name) ?? [];
const pushed = ({ push_time }: HarborArtifact) => push_time?.getTime() ?? 0;
const pulled = ({ pull_time }: HarborArtifact) => pull_time?.getTime() ?? 0;

/** What Harbor takes where a rule does not say. */
const DEFAULTS: Readonly<Record<string, number>> = { nDaysSinceLastPush: 30, nDaysSinceLastPull: 30 };

function retained({ template, params }: Rule, found: HarborArtifact[], now: Date): HarborArtifact[] {
  const said = Number(params?.[template] ?? Number.NaN);
  const number = Number.isNaN(said) ? (DEFAULTS[template] ?? 10) : said;
  const latest = (time: (artifact: HarborArtifact) => number) =>
    found.toSorted((a, b) => time(b) - time(a)).slice(0, number);
  const since = (time: (artifact: HarborArtifact) => number) =>
    found.filter((artifact) => time(artifact) >= now.getTime() - number * DAY_MS);
  switch (template) {
    case "latestPushedK":
      return latest(pushed);
    case "latestPulledN":
      return latest(pulled);
    case "latestActiveK":
      return latest((artifact) => Math.max(pushed(artifact), pulled(artifact)));
    case "nDaysSinceLastPush":
    case "lastXDays":
      return since(pushed);
    case "nDaysSinceLastPull":
      return since(pulled);
    case "always":
      return found;
    // `nothing`, and what a later version of Harbor brings: nothing is known to be retained by it.
    default:
      return [];
  }
}

/**
 * Digests that the next run of a project's retention would delete from one repository.
 * @param input.repository its name without the project
 * @param input.artifacts all of it
 */
export function deletedByRetention(input: {
  rules: readonly Rule[];
  immutable: readonly Rule[];
  repository: string;
  artifacts: HarborArtifact[];
  now: Date;
}): string[] {
  const { repository, artifacts, now } = input;
  const concerns = ({ disabled, scope_selectors }: Rule) =>
    !disabled && (scope_selectors?.repository ?? []).every(selectsRepository(repository));
  const rules = input.rules.filter(concerns);
  if (rules.length === 0) return [];
  const staying = new Set<string>();
  for (const rule of rules) {
    const found = artifacts.filter((artifact) =>
      (rule.tag_selectors ?? []).every((one) => selects(one, tagsOf(artifact))),
    );
    for (const { digest } of retained(rule, found, now)) staying.add(digest);
  }
  const holding = input.immutable.filter(concerns);
  return artifacts
    .filter(({ digest }) => !staying.has(digest))
    .filter((artifact) => !holding.some((rule) => isHeld(rule, tagsOf(artifact))))
    .map(({ digest }) => digest);
}

/** An immutable rule is for tags alone: what has none is not held. */
function isHeld({ tag_selectors }: Rule, tags: readonly string[]): boolean {
  const [first] = tag_selectors ?? [];
  return first !== undefined && tags.length > 0 && selects(first, tags);
}
