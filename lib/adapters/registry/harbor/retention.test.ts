import { expect, test } from "vitest";
import { deletedByRetention } from "./retention.ts";
import type { HarborArtifact, Rule } from "./shapes.ts";

const now = new Date("2026-06-01T00:00:00Z");
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
const image = (
  digest: string,
  pushedDaysAgo: number,
  tags: string[],
  pulledDaysAgo?: number,
): HarborArtifact => ({
  digest,
  push_time: ago(pushedDaysAgo),
  pull_time: pulledDaysAgo === undefined ? null : ago(pulledDaysAgo),
  tags: tags.map((name) => ({ name })),
  labels: [{ id: 1, name: "refract-keep" }],
});
const all = [
  image("new", 1, ["v3"]),
  image("middle", 20, ["v2"], 2),
  image("old", 90, ["v1"]),
  image("bare", 40, []),
];
const every = { kind: "doublestar", decoration: "matches", pattern: "**" };
const rule = (template: string, over: Partial<Rule> = {}): Rule => ({
  disabled: false,
  template,
  params: {},
  tag_selectors: [every],
  scope_selectors: { repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }] },
  ...over,
});
const deleted = (rules: Rule[], immutable: Rule[] = [], repository = "quote-api") =>
  deletedByRetention({ rules, immutable, repository, artifacts: all, now });

test.each<[string, Rule[], Rule[], string[]]>([
  ["no rule: nothing goes", [], [], []],
  ["a disabled rule counts for nothing", [rule("latestPushedK", { disabled: true })], [], []],
  ["always", [rule("always")], [], []],
  ["the latest two pushed", [rule("latestPushedK", { params: { latestPushedK: 2 } })], [], ["old", "bare"]],
  [
    "the latest one pulled",
    [rule("latestPulledN", { params: { latestPulledN: 1 } })],
    [],
    ["new", "old", "bare"],
  ],
  [
    "pulled lately counts as active",
    [rule("latestActiveK", { params: { latestActiveK: 2 } })],
    [],
    ["old", "bare"],
  ],
  ["thirty days where the rule does not say", [rule("nDaysSinceLastPush")], [], ["old", "bare"]],
  [
    "days since the last pull",
    [rule("nDaysSinceLastPull", { params: { nDaysSinceLastPull: 3 } })],
    [],
    ["new", "old", "bare"],
  ],
  [
    "tags that match, without what has none",
    [rule("always", { tag_selectors: [{ ...every, pattern: "v{1,2}", extras: '{"untagged":false}' }] })],
    [],
    ["new", "bare"],
  ],
  [
    "tags that do not match take what has none along",
    [rule("always", { tag_selectors: [{ ...every, decoration: "excludes", pattern: "v1" }] })],
    [],
    ["old"],
  ],
  [
    "what one rule retains stays, whatever the others say",
    [rule("nothing"), rule("always", { tag_selectors: [{ ...every, pattern: "v1" }] })],
    [],
    ["new", "middle"],
  ],
  [
    "an immutable tag stays",
    [rule("nothing")],
    [rule("immutable_template", { tag_selectors: [{ ...every, pattern: "v*" }] })],
    ["bare"],
  ],
])("%s", (_, rules, immutable, expected) => {
  expect(deleted(rules, immutable)).toEqual(expected);
});

test("a rule is for the repositories that it names", () => {
  const web = { repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "web/**" }] };
  const others = { repository: [{ kind: "doublestar", decoration: "repoExcludes", pattern: "web/**" }] };
  expect(deleted([rule("nothing", { scope_selectors: web })])).toEqual([]);
  expect(deleted([rule("nothing", { scope_selectors: web })], [], "web/site")).toHaveLength(4);
  expect(deleted([rule("nothing", { scope_selectors: others })])).toHaveLength(4);
});

test("a label protects nothing: Harbor's retention does not look at labels", () => {
  const byLabel = { kind: "label", decoration: "withLabels", pattern: "refract-keep" };
  expect(deleted([rule("nothing", { tag_selectors: [byLabel] })])).toHaveLength(4);
});
