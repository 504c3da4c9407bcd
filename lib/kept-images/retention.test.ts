import { expect, test } from "vitest";
import { deletedByRetention } from "#lib/adapters/registry/harbor/retention.ts";
import { retentionRules, tagsOf } from "./retention.ts";

const built = [
  { image: "harbor.test/quotes/api:R-1", digest: "sha256:1" },
  { image: "harbor.test/quotes/api:R-2", digest: "sha256:2" },
  { image: "harbor.test/quotes/web/app:R-2", digest: "sha256:3" },
  { image: "harbor.test/fund/core:R-9", digest: "sha256:9" },
];
const kept = [
  { repository: "quotes/api", digest: "sha256:1" },
  { repository: "quotes/api", digest: "sha256:gone-from-the-record" },
  { repository: "quotes/web/app", digest: "sha256:3" },
  { repository: "fund/core", digest: "sha256:9" },
];
const rules = retentionRules(kept, tagsOf(built));

test("one rule a project, by the names of its repositories and tags", () => {
  expect(rules).toMatchObject([
    { project: "fund", images: 1, repositories: "core", tags: "R-9" },
    { project: "quotes", images: 3, repositories: "{api,web/app}", tags: "{R-1,R-2}" },
  ]);
  expect(retentionRules([{ repository: "alone", digest: "sha256:1" }], tagsOf(built))).toEqual([]);
});

test("with it, Harbor's steps delete nothing that is kept, and still delete what is not", () => {
  const now = new Date("2026-06-01T00:00:00Z");
  const old = (digest: string, ...tags: string[]) => ({
    digest,
    push_time: new Date("2025-01-01T00:00:00Z"),
    pull_time: null,
    tags: tags.map((name) => ({ name })),
    labels: [],
  });
  const artifacts = [
    old("sha256:1", "R-1"),
    old("sha256:2", "R-7"),
    old("sha256:gone-from-the-record"),
    { ...old("sha256:new", "R-8"), push_time: now },
  ];
  const latest = {
    disabled: false,
    template: "latestPushedK",
    params: { latestPushedK: 1 },
    tag_selectors: [{ kind: "doublestar", decoration: "matches", pattern: "**" }],
    scope_selectors: { repository: [{ kind: "doublestar", decoration: "repoMatches", pattern: "**" }] },
  };
  const deleted = (own: Parameters<typeof deletedByRetention>[0]["rules"]) =>
    deletedByRetention({ rules: [latest, ...own], immutable: [], repository: "api", artifacts, now });
  expect(deleted([])).toContain("sha256:1");
  const [, quotes] = rules;
  expect(deleted(quotes ? [quotes.rule] : [])).toEqual(["sha256:2"]);
});
