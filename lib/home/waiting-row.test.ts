import { expect, test } from "vitest";
import { orderWaiting, type Waiting } from "./waiting-row.ts";

const row = (
  kind: Waiting["kind"],
  release: string,
  since: string,
  environment: string | null = "FAT",
): Waiting => ({
  kind,
  projectId: "p",
  release,
  title: "t",
  components: [],
  environment,
  person: { username: "dev", displayName: "dev" },
  since,
  planDigest: null,
  deployment: null,
  build: environment === null ? release : null,
  approval: null,
  cause: null,
});
const told = (rows: Waiting[]) => rows.map(({ kind, release }) => `${kind} ${release}`);

test("the urgent come first, then the oldest", () => {
  expect(
    told(
      orderWaiting(
        [
          row("flow", "1", "2026-01-01"),
          row("approval", "2", "2026-01-03"),
          row("approval", "3", "2026-01-02"),
          row("build_failed", "4", "2026-01-01", null),
          row("deploy_failed", "5", "2026-01-09"),
        ],
        10,
      ),
    ),
  ).toEqual(["deploy_failed 5", "approval 3", "approval 2", "build_failed 4", "flow 1"]);
});

test("a release stands once for each environment, and the list ends", () => {
  const rows = [
    row("deploy", "1", "2026-01-01"),
    row("deploy_failed", "1", "2026-01-02"),
    row("deploy", "1", "2026-01-01", "PROD"),
  ];
  expect(told(orderWaiting(rows, 10))).toEqual(["deploy_failed 1", "deploy 1"]);
  expect(orderWaiting(rows, 1)).toHaveLength(1);
});

test("images that are missing stand beside an approval, and in place of the deployment that they hold up", () => {
  const missing = row("copy_failed", "1", "2026-01-05", "PROD");
  expect(told(orderWaiting([row("deploy", "1", "2026-01-01", "PROD"), missing], 10))).toEqual([
    "copy_failed 1",
  ]);
  const asked = row("approval", "1", "2026-01-06", "PROD");
  expect(told(orderWaiting([missing, asked], 10))).toEqual(["approval 1", "copy_failed 1"]);
});
