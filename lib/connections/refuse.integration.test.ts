import { afterAll, beforeAll, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { createBuildServer, updateBuildServer } from "#lib/build-servers/service.ts";
import { makeWorld, type World } from "#lib/builds/testing/world.ts";
import { createComponent, updateComponent } from "#lib/components/service.ts";
import { db } from "#lib/db.ts";
import { createRegistry, updateRegistry } from "#lib/registries/service.ts";
import { createSourceHost, updateSourceHost } from "#lib/source-hosts/service.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { sourceHost } from "./git.ts";

await testDatabase();
let world: World;
let admin: Actor;
const METADATA = "http://169.254.169.254/latest.git";

beforeAll(async () => {
  world = await makeWorld();
  const { id } = await db.user.create({
    data: { username: "admin", displayName: "admin", globalRoles: ["admin"] },
  });
  const loaded = await loadActor(id);
  if (!loaded) throw new Error("no admin");
  admin = loaded;
});
afterAll(() => world.close());

const refused = { code: "INVALID_INPUT", blockers: [{ code: "SERVER_NETWORK_REFUSED" }] };

test("a component's repository is not where no server may be, nor does it get there", async () => {
  const actor = await world.actor("owner");
  const before = await db.component.findFirstOrThrow({ where: { key: "quote-api" } });
  const change = { actor, project: "quotes", component: "quote-api", version: before.version };
  await expect(updateComponent({ ...change, gitUrl: METADATA })).rejects.toMatchObject(refused);
  const made = createComponent({
    ...{
      actor,
      project: "quotes",
      key: "spy",
      name: "Spy",
      kind: "service",
      gitUrl: "git@169.254.169.254:a.git",
    },
    ...{ subPath: "", defaultRef: "main", baseImage: "", dockerfile: "", buildCommand: "", artifactPath: "" },
    ...{ port: 8080, imageRepository: "quotes/spy" },
  });
  await expect(made).rejects.toMatchObject(refused);
  // What was kept before the setting was narrowed can be edited as long as it stays the same.
  await db.component.update({ where: { id: before.id }, data: { gitUrl: METADATA } });
  await updateComponent({ ...change, gitUrl: METADATA, name: "Quotes" });
  const asked = sourceHost("quotes").resolve({ gitUrl: METADATA, ref: "main" });
  await expect(asked).rejects.toMatchObject({
    failure: "invalid",
    message: expect.stringContaining("REFRACT_SERVER"),
  });
});

test("nor are Git hosts, their APIs, build servers and registries", async () => {
  const at = "http://[fe80::1]:8080";
  const names = { actor: admin, key: "spy", name: "Spy" };
  const git = {
    ...names,
    ...{ host: "10.0.0.9", kind: "gitlab" as const, apiToken: null, projects: [] },
  };
  const none = { kind: "none" } as const;
  await expect(
    createSourceHost({ ...git, host: "169.254.169.254", apiUrl: null, credential: none }),
  ).rejects.toMatchObject(refused);
  await expect(
    createSourceHost({ ...git, apiUrl: "https://metadata.google.internal", credential: none }),
  ).rejects.toMatchObject(refused);
  await createSourceHost({ ...git, apiUrl: null, credential: none });
  const change = { actor: admin, version: 1 };
  await expect(updateSourceHost({ ...change, sourceHost: "spy", host: "[fe80::1]" })).rejects.toMatchObject(
    refused,
  );

  const jenkins = {
    ...names,
    ...{
      username: "u",
      credentialKind: "token" as const,
      token: "t",
      jobName: "j",
      labels: [],
      projects: [],
    },
  };
  await expect(createBuildServer({ ...jenkins, url: at })).rejects.toMatchObject(refused);
  await createBuildServer({ ...jenkins, url: "https://10.0.0.9" });
  await expect(
    updateBuildServer({ ...change, buildServer: "spy", url: at, token: "t" }),
  ).rejects.toMatchObject(refused);

  await expect(createRegistry({ ...names, kind: "oci", url: at })).rejects.toMatchObject(refused);
  await createRegistry({ ...names, kind: "oci", url: "https://10.0.0.9" });
  await expect(updateRegistry({ ...change, registry: "spy", url: at })).rejects.toMatchObject(refused);
});
