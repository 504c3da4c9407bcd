import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { handleInspectJob } from "#lib/artifacts/reconcile.ts";
import { makeBuilt } from "#lib/builds/testing/built.ts";
import { makeWorld, type World } from "#lib/builds/testing/world.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { getRelease } from "#lib/releases/queries.ts";
import { createRelease } from "#lib/releases/service.ts";
import { pushImage } from "#sandbox/registry/push.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { getBaseImage, listBaseImages } from "./queries.ts";
import { previewRebuild, rebuildOnBase } from "./rebuild.ts";
import { dueBaseImages, handleBaseImageJob } from "./reconcile.ts";
import { createBaseImage, deleteBaseImage, lookAtBaseImage, updateBaseImage } from "./service.ts";

await testDatabase();
const SYSTEM = { "etc/os-release": "debian 12" };
const RUNTIME = { "usr/bin/node": "24.1" };
let world: World;
let admin: Actor;
let dev: Actor;
beforeAll(async () => {
  world = await makeWorld();
  const { id } = await db.user.create({
    data: { username: "admin", displayName: "admin", globalRoles: ["admin"] },
  });
  const actor = await loadActor(id);
  if (!actor) throw new Error("no admin");
  admin = actor;
  dev = await world.actor("dev");
  await push("public/system", "12", SYSTEM);
  await push("base/runtime", "24", RUNTIME, [SYSTEM]);
});
afterAll(() => world.close());

const push = (
  repository: string,
  tag: string,
  files: Record<string, string>,
  below: Record<string, string>[] = [],
) => pushImage({ registryUrl: world.registryUrl, repository, tag }, { files, below, config: {} });
const signal = () => new AbortController().signal;
async function look(key: string) {
  const { id } = await db.baseImage.findUniqueOrThrow({ where: { key } });
  expect(await handleBaseImageJob(id, signal())).toBeNull();
  return getBaseImage(admin, key);
}
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error.blockers[0]?.code ?? error.code;
}

/** A release order whose image is `below` and its own layer, passed in FAT, as the registry tells of it. */
async function passed(component: string, below: Record<string, string>[]): Promise<string> {
  const input = { project: "quotes", description: "", items: [{ component, ref: "main" }] };
  const { number } = await createRelease({ actor: dev, ...input, title: `${component} 改进`, build: false });
  await makeBuilt(number);
  const digest = await push(`quotes/${component}`, number, { "app/main": number }, below);
  const repository = `${new URL(world.registryUrl).host}/quotes/${component}`;
  const artifact = await db.artifact.findFirstOrThrow({ where: { item: { release: { number } } } });
  const { gitUrl } = await db.component.findFirstOrThrow({ where: { key: component } });
  const commit = (await sourceHost("quotes").resolve({ gitUrl, ref: "v1.0.0" }))?.commit ?? "";
  await db.artifact.update({
    where: { id: artifact.id },
    data: { image: `${repository}:${number}`, repository, digest, commit },
  });
  await handleInspectJob(artifact.id, signal());
  await db.stage.updateMany({
    where: { release: { number }, environment: { key: "FAT" } },
    data: { state: "passed" },
  });
  return number;
}

describe("registered base images", () => {
  test("are for admins to keep", async () => {
    const fields = { name: "系统", registry: "main", repository: "public/system", tag: "12", parent: null };
    expect(await refusal(createBaseImage({ actor: dev, key: "system", ...fields }))).toBe("ROLE_MISSING");
    await createBaseImage({ actor: admin, key: "system", ...fields });
    const again = { actor: admin, ...fields };
    expect(await refusal(createBaseImage({ ...again, key: "system" }))).toBe("CONFLICT");
    expect(await refusal(createBaseImage({ ...again, key: "twin" }))).toBe("CONFLICT");
    expect(await refusal(createBaseImage({ ...again, key: "other", tag: "x", parent: "nothing" }))).toBe(
      "INVALID_INPUT",
    );
    const runtime = {
      name: "运行时",
      registry: "main",
      repository: "base/runtime",
      tag: "24",
      parent: "system",
    };
    const made = await createBaseImage({ actor: admin, key: "runtime", ...runtime });
    expect(made).toMatchObject({ parent: "system", digest: null, versions: [], builtOn: null });
    const cycle = updateBaseImage({ actor: admin, base: "system", version: 1, parent: "runtime" });
    expect(await refusal(cycle)).toBe("BASE_IMAGE_CYCLE");
    expect(await refusal(deleteBaseImage({ actor: admin, base: "system" }))).toBe("BASE_IMAGE_PARENT");
    expect(await refusal(deleteBaseImage({ actor: dev, base: "runtime" }))).toBe("ROLE_MISSING");
  });

  test("are watched: what the tag points to is a version, and only another digest is another one", async () => {
    expect(await dueBaseImages()).toHaveLength(2);
    const system = await look("system");
    expect(system).toMatchObject({
      problem: null,
      versions: [{ current: true, layers: 1, digest: system.digest }],
    });
    expect(await look("runtime")).toMatchObject({ builtOn: { digest: system.digest, current: true } });
    expect((await look("runtime")).versions).toHaveLength(1);
    expect(await dueBaseImages()).toEqual([]);
    await db.$executeRaw`UPDATE "BaseImage" SET "lookedAt" = now() - interval '6 minutes' WHERE key = 'system'`;
    expect(await dueBaseImages()).toHaveLength(1);
    await lookAtBaseImage({ actor: dev, base: "system" });
    expect(await refusal(lookAtBaseImage({ actor: dev, base: "nothing" }))).toBe("NOT_FOUND");
  });

  test("tell what stands in the way, and keep what was known", async () => {
    const before = await getBaseImage(admin, "system");
    const moved = { actor: admin, base: "system", version: before.version };
    await updateBaseImage({ ...moved, tag: "13" });
    expect(await refusal(updateBaseImage({ ...moved, tag: "14" }))).toBe("VERSION_CONFLICT");
    expect(await look("system")).toMatchObject({ digest: null, problem: { failure: "missing" } });
    await updateBaseImage({ ...moved, version: before.version + 1, tag: "12" });
    expect(await look("system")).toMatchObject({
      digest: before.digest,
      problem: null,
      versions: [{ current: true }],
    });
  });
});

describe("what sits on a base", () => {
  let first = "";
  test("is found by its layers, also when the base is known only afterwards", async () => {
    first = await passed("quote-api", [SYSTEM, RUNTIME]);
    await passed("portal-web", [SYSTEM, { other: "runtime" }]);
    const { items } = await listBaseImages(dev);
    expect(items.map(({ key, components }) => [key, components.map(({ component }) => component)])).toEqual([
      ["runtime", ["quote-api"]],
      ["system", ["portal-web"]],
    ]);
    expect(items[0]?.components[0]).toMatchObject({ standing: "current", source: { release: first } });
    // The other runtime was there all the time; portal-web moves from the system to it.
    await push("base/other", "1", { other: "runtime" }, [SYSTEM]);
    const other = { name: "其他", registry: "main", repository: "base/other", tag: "1", parent: "system" };
    await createBaseImage({ actor: admin, key: "other", ...other });
    expect((await look("other")).components.map(({ component }) => component)).toEqual(["portal-web"]);
    expect((await getBaseImage(dev, "system")).components).toEqual([]);
  });

  test("is shown to those who may read the project, and counted for the others", async () => {
    const stranger = await world.actor("stranger");
    expect(await getBaseImage(stranger, "runtime")).toMatchObject({ components: [], hidden: 1 });
    expect((await previewRebuild(stranger, "runtime")).projects).toEqual([]);
  });

  test("is behind once the tag points elsewhere; the base itself when its parent's does", async () => {
    await push("base/runtime", "24", { "usr/bin/node": "24.2" }, [SYSTEM]);
    const runtime = await look("runtime");
    expect(runtime.versions.map(({ current, components }) => [current, components])).toEqual([
      [true, 0],
      [false, 1],
    ]);
    expect(runtime.components).toMatchObject([{ component: "quote-api", standing: "behind" }]);
    expect(runtime.builtOn?.current).toBe(true);
    await push("public/system", "12", { "etc/os-release": "debian 12, patched" });
    await look("system");
    expect((await getBaseImage(dev, "runtime")).builtOn?.current).toBe(false);
  });

  test("is rebuilt once for a version: same commit, one release order a project, by those who may", async () => {
    const preview = await previewRebuild(dev, "runtime");
    const source = await db.artifact.findFirstOrThrow({ where: { item: { release: { number: first } } } });
    expect(preview.projects).toMatchObject([
      {
        project: "quotes",
        mayCreate: true,
        components: [{ component: "quote-api", source: { commit: source.commit } }],
      },
    ]);
    const { digest } = preview;
    if (digest === null) throw new Error("no version");
    const input = { base: "runtime", digest, title: "重建", build: false };
    const tester = await world.actor("tester");
    expect((await previewRebuild(tester, "runtime")).projects).toMatchObject([{ mayCreate: false }]);
    expect(await rebuildOnBase({ actor: tester, ...input })).toEqual({ releases: [], refused: [] });
    const forced = await rebuildOnBase({ actor: tester, ...input, projects: ["quotes"] });
    expect(forced).toMatchObject({
      releases: [],
      refused: [{ project: "quotes", blockers: [{ code: "ROLE_MISSING" }] }],
    });
    const stale = rebuildOnBase({ actor: dev, ...input, digest: `sha256:${"0".repeat(64)}` });
    expect(await refusal(stale)).toBe("VERSION_CONFLICT");
    const made = await rebuildOnBase({ actor: dev, ...input, build: true });
    expect(made).toMatchObject({ releases: [{ project: "quotes" }], refused: [] });
    const number = made.releases[0]?.release ?? "";
    const { items, state, title } = await getRelease(dev, number);
    expect({ state, title }).toEqual({ state: "building", title: "重建" });
    expect(items).toMatchObject([{ component: "quote-api", commit: source.commit, ref: source.commit }]);
    expect(await previewRebuild(dev, "runtime")).toMatchObject({
      projects: [],
      rebuilding: [{ component: "quote-api", release: number }],
    });
    expect(await rebuildOnBase({ actor: dev, ...input })).toEqual({ releases: [], refused: [] });
  });

  test("is taken once by clicks at the same time, and again when the release order was abandoned", async () => {
    await push("base/runtime", "24", { "usr/bin/node": "24.3" }, [SYSTEM]);
    const { digest } = await look("runtime");
    if (digest === null) throw new Error("no version");
    const click = () => rebuildOnBase({ actor: dev, base: "runtime", digest, title: "重建", build: false });
    const clicks = await Promise.all([click(), click(), click()]);
    const numbers = clicks.flatMap(({ releases }) => releases.map(({ release }) => release));
    expect(numbers).toHaveLength(1);
    // Whoever came second is told by whom it was taken, or found nothing left to do.
    for (const { refused } of clicks)
      expect(refused.every(({ blockers }) => blockers[0]?.code === "BASE_REBUILDING")).toBe(true);
    expect(await getBaseImage(dev, "runtime")).toMatchObject({
      components: [{ standing: "rebuilding", rebuild: numbers[0], rebuildState: "draft" }],
    });
    expect(await db.release.count({ where: { title: "重建" } })).toBe(2);
    await db.release.update({ where: { number: numbers[0] ?? "" }, data: { state: "abandoned" } });
    expect(await getBaseImage(dev, "runtime")).toMatchObject({
      components: [{ standing: "behind", rebuild: null }],
    });
    const again = await click();
    expect(again.releases).toHaveLength(1);
    expect((await click()).releases).toEqual([]);
    // A commit that the Git host does not have holds the order back, and nothing is claimed.
    await push("base/runtime", "24", { "usr/bin/node": "24.4" }, [SYSTEM]);
    const newest = (await look("runtime")).digest ?? "";
    await db.artifact.updateMany({ data: { commit: "0".repeat(40) } });
    const lost = await rebuildOnBase({
      actor: dev,
      base: "runtime",
      digest: newest,
      title: "重建",
      build: false,
    });
    expect(lost).toMatchObject({ releases: [], refused: [{ blockers: [{ code: "REF_NOT_FOUND" }] }] });
    expect((await previewRebuild(dev, "runtime")).projects).toHaveLength(1);
  });

  test("is not told of a base that was forgotten", async () => {
    const { id } = await db.environment.findUniqueOrThrow({ where: { key: "PROD" } });
    await db.imagePolicy.create({ data: { environmentId: id, allowedBases: ["runtime"] } });
    expect(await refusal(deleteBaseImage({ actor: admin, base: "runtime" }))).toBe("BASE_IMAGE_ALLOWED");
    await db.imagePolicy.deleteMany();
    await deleteBaseImage({ actor: admin, base: "runtime" });
    expect(await db.artifact.count({ where: { baseVersion: { baseImage: { key: "runtime" } } } })).toBe(0);
  });
});
