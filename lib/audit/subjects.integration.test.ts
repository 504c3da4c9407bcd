import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { makeWorld, type World } from "#lib/builds/testing/world.ts";
import { db } from "#lib/db.ts";
import { createRelease } from "#lib/releases/service.ts";
import { createToken } from "#lib/tokens/service.ts";
import { createWebhookRule } from "#lib/webhooks/rules.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { listAudit } from "./queries.ts";
import { nameSubjects } from "./subjects.ts";

await testDatabase();
let world: World;
let dev: Actor;
let number: string;

beforeAll(async () => {
  world = await makeWorld();
  dev = await world.actor("dev");
  ({ number } = await createRelease({
    actor: dev,
    project: "quotes",
    title: "行情",
    description: "",
    items: [{ component: "quote-api", ref: "main" }],
    build: true,
  }));
});
afterAll(() => world.close());

const about = async (subject: string, subjectId: string) =>
  (await nameSubjects([{ subject, subjectId }]))({ subject, subjectId });

describe("what an entry is about", () => {
  test("has the name that people know, and its page", async () => {
    const build = await db.build.findFirstOrThrow({ include: { item: true } });
    await db.build.update({ where: { id: build.id }, data: { number: 41 } });
    const { displayName } = await db.user.findUniqueOrThrow({ where: { id: dev.id } });
    const person = displayName === "dev" ? "dev" : `${displayName} · dev`;
    const project = await db.project.findUniqueOrThrow({ where: { key: "quotes" } });
    expect(await about("release", number)).toEqual({ name: number, href: `/releases/${number}` });
    expect(await about("stage", `${number}/PROD`)).toEqual({
      name: `${number} · PROD`,
      href: `/releases/${number}`,
    });
    expect(await about("build", build.id)).toEqual({
      name: `quote-api #41 · ${number}`,
      href: `/builds/${build.id}`,
    });
    const page = "/projects/quotes/components/quote-api";
    expect(await about("component", "quotes/quote-api")).toEqual({ name: "quotes/quote-api", href: page });
    expect(await about("config", "quotes/quote-api/SIT")).toEqual({
      name: "quotes/quote-api · SIT",
      href: page,
    });
    expect(await about("project", "quotes")).toEqual({
      name: `${project.name} · quotes`,
      href: "/projects/quotes",
    });
    expect(await about("reservation", "quotes/SIT")).toEqual({
      name: "quotes · SIT",
      href: "/environments/quotes/SIT",
    });
    expect(await about("user", dev.id)).toEqual({ name: person, href: null });
    expect(await about("user", "dev")).toEqual({ name: person, href: null });
  });

  test("which is named by an id alone, too", async () => {
    const { id: token } = await createToken({ actor: dev, name: "CI" });
    expect(await about("token", token)).toEqual({ name: "CI · dev", href: null });
    const { items } = await createWebhookRule({
      ...{ actor: dev, project: "quotes", component: "quote-api", event: "push", refPattern: "release/*" },
      build: false,
    });
    expect(await about("webhook-rule", items[0]?.id ?? "")).toEqual({
      name: "quotes/quote-api · release/*",
      href: "/projects/quotes",
    });
  });

  test.each<[subject: string, id: string]>([
    ["release", "R-19990101-1"],
    ["stage", "R-19990101-1/PROD"],
    ["component", "quotes/gone"],
    ["component", "no-slash"],
    ["project", "gone"],
    ["user", "gone"],
    ["build", "no uuid"],
    ...[
      "build",
      "deployment",
      "artifact",
      "image_copy",
      "grant",
      "freeze",
      "template",
      "token",
      "waiver",
    ].map((subject): [string, string] => [subject, randomUUID()]),
    ["webhook-rule", randomUUID()],
    ["plan", "sha256:0"],
    ["cluster", "production"],
    ["constructor", "x"],
  ])("%s %s has no other name", async (subject, id) => {
    expect(await about(subject, id)).toBeNull();
  });
});

test("the trail tells it of a whole page, beside the ids", async () => {
  const { id } = await db.user.create({
    data: { username: "auditor", displayName: "auditor", globalRoles: ["auditor"] },
  });
  const auditor = await loadActor(id);
  if (!auditor) throw new Error("no auditor");
  const { items } = await listAudit(auditor, { limit: 50 });
  const raised = items.find(({ action }) => action === "release.create");
  expect(raised).toMatchObject({ subjectId: number, about: { name: number, href: `/releases/${number}` } });
  const token = items.find(({ subject }) => subject === "token");
  expect(token).toMatchObject({ about: { name: "CI · dev", href: null } });
  expect(token?.subjectId).toMatch(/^[0-9a-f-]{36}$/);
});
