import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { ROOT } from "./cli.ts";
import { findDrift } from "./drift.ts";

test("the migrations make what the schema says", async () => {
  const findings = await findDrift(inject("templateUrl"));
  expect(findings.map(({ gate, code }) => ({ gate, code }))).toEqual([
    { gate: "migrations against schema", code: 0 },
    { gate: "migrated database against schema", code: 0 },
  ]);
});

test("both gates answer 2 and name the column when the schema has one more", async () => {
  const folder = await mkdtemp(join(tmpdir(), "refract-drift-"));
  try {
    const schema = await readFile(join(ROOT, "prisma/schema.prisma"), "utf8");
    const drifted = join(folder, "schema.prisma");
    await writeFile(drifted, schema.replace("model Release {", "model Release {\n  unheardOf String?"));
    const findings = await findDrift(inject("templateUrl"), drifted);
    expect(findings.map((finding) => finding.code)).toEqual([2, 2]);
    for (const finding of findings) expect(finding.output).toContain("unheardOf");
  } finally {
    await rm(folder, { recursive: true });
  }
});
