import { expect, test } from "vitest";
import type { MatrixProjectDto } from "#lib/home/schema.ts";
import { columnsOf, filterMatrix, marksByKind } from "./matrix-model.ts";
import { shortNumber } from "./release-number.ts";

const cell = (environment: string, release: string | null, failed = false) => ({
  environment,
  release,
  title: null,
  digest: null,
  deployedAt: null,
  deployedBy: null,
  deployment: null,
  marks: failed ? [{ kind: "failed" as const, release: "r2", person: null, count: 1 }] : [],
});
const environment = (key: string, rank: number) => ({
  key,
  name: key,
  kind: "open",
  rank,
  frozenUntil: null,
  freezeReason: null,
  heldBy: null,
  heldFor: null,
  queue: 0,
});
const projects: MatrixProjectDto[] = [
  {
    key: "quotes",
    name: "行情",
    environments: [environment("FAT", 10), environment("PROD", 30)],
    components: [
      { key: "api", name: "接口", kind: "service", cells: [cell("FAT", "r1"), cell("PROD", "r1")] },
      { key: "web", name: "门户", kind: "site", cells: [cell("FAT", "r2", true), cell("PROD", "r1")] },
    ],
  },
  { key: "trade", name: "交易", environments: [environment("UAT", 20)], components: [] },
];

const left = (filter: Partial<Parameters<typeof filterMatrix>[1]>) =>
  filterMatrix(projects, { only: "all", text: "", project: "", ...filter }).map(
    ({ key, components }) => `${key}: ${components.map((component) => component.key).join(" ")}`,
  );

test("columns are every project's environments by rank", () => {
  expect(columnsOf(projects).map(({ key }) => key)).toEqual(["FAT", "UAT", "PROD"]);
});

test.each([
  [{}, ["quotes: api web", "trade: "]],
  [{ only: "differing" as const }, ["quotes: web"]],
  [{ only: "problems" as const }, ["quotes: web"]],
  [{ text: "接口" }, ["quotes: api"]],
  [{ text: "R2" }, ["quotes: web"]],
  [{ project: "trade" }, ["trade: "]],
])("filter %j leaves %j", (filter, expected) => {
  expect(left(filter)).toEqual(expected);
});

test("a number loses its year and project, any other text stays", () => {
  expect(shortNumber("20261120-tick-store-003")).toBe("1120-003");
  expect(shortNumber("hotfix")).toBe("hotfix");
});

test("a cell names each kind of mark once", () => {
  const mark = (kind: "testing" | "failed", release: string) => ({ kind, release, person: null, count: 1 });
  const marks = [mark("testing", "r1"), mark("failed", "r2"), mark("testing", "r3")];
  expect(marksByKind(marks)).toEqual([
    { mark: marks[0], of: 2 },
    { mark: marks[1], of: 1 },
  ]);
  expect(marksByKind([])).toEqual([]);
});
