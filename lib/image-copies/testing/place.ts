import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { db } from "#lib/db.ts";
import { makeWorld } from "#lib/deployments/testing/world.ts";
import { startRegistry } from "#sandbox/registry/server.ts";
import { openRegistryGate } from "./gate.ts";

/** The world of deployments, where PROD has a registry of its own behind a gate. */
export async function makePromotion() {
  const world = await makeWorld();
  const folder = await mkdtemp(join(tmpdir(), "refract-promotion-"));
  const own = await startRegistry({ port: 0, dataDir: join(folder, "registry") });
  const gate = await openRegistryGate(own.url);
  const registry = await db.registry.create({ data: { key: "prod", name: "Production", url: gate.url } });
  await db.environment.update({ where: { id: world.prod.id }, data: { registryId: registry.id } });
  const copyOf = (number: string) =>
    db.imageCopy.findFirstOrThrow({
      where: { registryId: registry.id, artifact: { item: { release: { number } } } },
    });
  /** The registry forgets an image. */
  const forget = async (digest: string) => {
    const answer = await fetch(`${own.url}/v2/shop/api/manifests/${digest}`, { method: "DELETE" });
    if (!answer.ok) throw new Error(`DELETE answered ${answer.status}`);
  };
  /** As if the pause after the last attempt were over. */
  const hurry = (id: string) => db.imageCopy.update({ where: { id }, data: { endedAt: new Date(0) } });
  const close = async () => {
    await gate.close();
    await own.close();
    await rm(folder, { recursive: true, force: true });
    await world.close();
  };
  return { world, own, gate, registry, copyOf, forget, hurry, close };
}
export type Promotion = Awaited<ReturnType<typeof makePromotion>>;
