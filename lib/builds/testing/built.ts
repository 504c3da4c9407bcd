import { randomUUID } from "node:crypto";
import { db } from "#lib/db.ts";

/** Puts an artifact behind every item of a release and calls it built, for tests that begin after the builds. */
export async function makeBuilt(number: string): Promise<void> {
  const release = await db.release.findUniqueOrThrow({
    where: { number },
    include: { items: { include: { component: true } } },
  });
  for (const item of release.items) {
    const build = await db.build.create({
      data: {
        itemId: item.id,
        attempt: 1,
        attemptId: randomUUID(),
        state: "succeeded",
        triggeredById: release.createdById,
        parameters: { values: {}, secrets: [], sends: 1 },
      },
    });
    const repository = `registry.test/quotes/${item.component.key}`;
    await db.artifact.create({
      data: {
        itemId: item.id,
        buildId: build.id,
        image: `${repository}:${number}`,
        repository,
        digest: `sha256:${"a".repeat(64)}`,
        commit: item.commit ?? "0".repeat(40),
      },
    });
  }
  await db.release.update({ where: { number }, data: { state: "built" } });
}

/** A stage as a successful deployment leaves it. */
export async function makeTesting(number: string, environment: string): Promise<void> {
  await db.stage.updateMany({
    where: { release: { number }, environment: { key: environment } },
    data: { state: "testing", version: { increment: 1 } },
  });
}
