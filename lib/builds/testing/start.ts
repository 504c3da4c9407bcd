import { expect } from "vitest";
import { db } from "#lib/db.ts";
import { createRelease } from "#lib/releases/service.ts";
import type { World } from "./world.ts";

/** Asks for one build as a developer does. Its id. */
export async function startBuild(world: World, component: string): Promise<string> {
  const actor = await world.actor("dev");
  const items = [{ component, ref: "main" }];
  const input = { actor, project: "quotes", title: component, description: "", items, build: true };
  const id = (await createRelease(input)).items[0]?.build?.id;
  if (!id) throw new Error("no build");
  return id;
}

/** Events and audit entries that tell of an end: there is one of each. */
export async function expectOneEnd(id: string): Promise<void> {
  const ends = ["succeeded", "failed", "aborted", "unknown"].map((state) => `build.${state}`);
  const told = await db.event.count({ where: { topic: `build:${id}`, type: { in: ends } } });
  const verbs = ["succeed", "fail", "abort", "lose"].map((verb) => `build.${verb}`);
  const audited = await db.auditEntry.count({ where: { subjectId: id, action: { in: verbs } } });
  expect({ told, audited }).toEqual({ told: 1, audited: 1 });
}

/** How many builds the build server has had for an attempt. */
export async function buildsOnServer(world: World, id: string): Promise<number> {
  const { attemptId } = await db.build.findUniqueOrThrow({ where: { id }, select: { attemptId: true } });
  const tree = "builds[number,actions[parameters[name,value]]]{0,100}";
  const address = `${world.gate.url}/job/refract-build/api/json?tree=${encodeURIComponent(tree)}`;
  const authorization = `Basic ${Buffer.from("admin:test-token").toString("base64")}`;
  const text = await (await fetch(address, { headers: { authorization } })).text();
  return text.split(`"value":"${attemptId}"`).length - 1;
}
