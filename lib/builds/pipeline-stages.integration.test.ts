import { expect, test } from "vitest";
import type { BuildStage } from "#lib/adapters/ports.ts";
import { db } from "#lib/db.ts";
import { AdapterError } from "#lib/errors.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { noteStages } from "./pipeline-stages.ts";
import { loadBuild } from "./row.ts";
import { makeBuild } from "./testing/log-build.ts";
import { usualStages } from "./usual-stages.ts";

await testDatabase();

/** A server that tells these stages, one list after the other. */
function telling(...answers: (BuildStage[] | null | AdapterError)[]) {
  let asked = 0;
  const stages = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? null;
    asked += 1;
    if (answer instanceof AdapterError) throw answer;
    return answer;
  };
  return { stages, asked: () => asked };
}
const stage = (name: string, state: BuildStage["state"], durationMs: number): BuildStage => ({
  name,
  state,
  startedAt: new Date(1_790_000_000_000),
  durationMs,
});
async function note(id: string, server: ReturnType<typeof telling>, times: number) {
  const build = await loadBuild(id);
  if (!build) throw new Error("no build");
  for (let time = 0; time < times; time += 1)
    await noteStages(build, 1, server, new AbortController().signal);
}
const stored = async (id: string) => (await db.build.findUniqueOrThrow({ where: { id } })).stages;
const events = (id: string) => db.event.count({ where: { topic: `build:${id}` } });

test("stages are stored when they change, and only then", async () => {
  const { id } = await makeBuild();
  const server = telling(
    [],
    [stage("Checkout", "running", 100)],
    [stage("Checkout", "running", 900)],
    [stage("Checkout", "succeeded", 1200), stage("Build", "running", 5)],
  );
  await note(id, server, 1);
  expect(await stored(id)).toBeNull();
  await note(id, server, 2);
  expect(await events(id)).toBe(1);
  expect(await stored(id)).toMatchObject([{ name: "Checkout", state: "running", durationMs: null }]);
  await note(id, server, 3);
  expect(await events(id)).toBe(2);
  expect(await stored(id)).toMatchObject([
    { name: "Checkout", state: "succeeded", durationMs: 1200 },
    { name: "Build", state: "running" },
  ]);
});

test("a job without stages is asked once; a server that cannot tell is asked again", async () => {
  const { id } = await makeBuild();
  const none = telling(null);
  await note(id, none, 3);
  expect(none.asked()).toBe(1);
  expect(await stored(id)).toEqual([]);
  const { id: other } = await makeBuild();
  const failing = telling(new AdapterError("broken", "no wfapi"));
  await note(other, failing, 2);
  expect(failing.asked()).toBe(2);
  expect(await stored(other)).toBeNull();
});

test("what a stage usually takes is known from the component's builds that succeeded before", async () => {
  const { id } = await makeBuild();
  const stages = [{ name: "Build", state: "succeeded", startedAt: null, durationMs: 4000 }];
  const { item } = await db.build.update({
    where: { id },
    data: { state: "succeeded", stages },
    select: { item: { select: { componentId: true } } },
  });
  const { componentId } = item;
  const later = "ffffffff-ffff-7fff-bfff-ffffffffffff";
  expect([...(await usualStages({ id: later, componentId }))]).toEqual([["Build", 4000]]);
  expect((await usualStages({ id, componentId })).size).toBe(0);
  await db.build.update({ where: { id }, data: { state: "failed" } });
  expect((await usualStages({ id: later, componentId })).size).toBe(0);
});
