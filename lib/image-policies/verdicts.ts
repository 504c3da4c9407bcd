import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { canonicalJson } from "#lib/canonical-json.ts";
import { db } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { promotedImage, registryHost } from "#lib/image-copies/reference.ts";
import { databaseTime } from "#lib/stages/time.ts";
import { judgeImages } from "./judge.ts";
import { rulesOf } from "./queries.ts";
import { type ImageVerdictsDto, NO_POLICY } from "./schema.ts";
import { verdictOf } from "./verdict.ts";

/**
 * What each environment on the way of a release order would say of its images now, in order of rank: the same rules as
 * at its plans, for whoever wants to know before. Images that are not built yet are left out.
 * @throws AppError NOT_FOUND
 */
export async function imageVerdicts(actor: Actor, number: string): Promise<ImageVerdictsDto> {
  const release = await db.release.findUnique({
    where: { number },
    select: {
      projectId: true,
      createdById: true,
      items: {
        orderBy: { component: { key: "asc" } },
        select: { component: { select: { key: true } }, artifact: { select: { image: true, digest: true } } },
      },
      stages: {
        orderBy: { environment: { rank: "asc" } },
        select: {
          environment: {
            select: {
              id: true,
              key: true,
              name: true,
              imagePolicy: true,
              registry: { select: { url: true } },
            },
          },
        },
      },
    },
  });
  if (!release) throw new AppError("NOT_FOUND", `no release order ${number}`);
  requirePermission(actor, "project.read", release.projectId);
  const { projectId, createdById: creatorId } = release;
  const at = await databaseTime(db);
  const items = await Promise.all(
    release.stages.map(async ({ environment }) => {
      const policy = rulesOf(environment.imagePolicy);
      const registry = environment.registry && { host: registryHost(environment.registry.url) };
      const images = release.items.flatMap(({ component, artifact }) =>
        artifact
          ? [{ component: component.key, ...artifact, image: promotedImage(artifact.image, registry) }]
          : [],
      );
      const place = { projectId, environmentId: environment.id };
      const findings = await judgeImages(db, { ...place, policy, images, creatorId, at });
      const asks = canonicalJson(policy) !== canonicalJson(NO_POLICY);
      return {
        environment: environment.key,
        name: environment.name,
        images: images.map(({ component, image, digest }) => {
          const own = findings.filter((one) => one.component === component);
          return { component, image, digest, verdict: verdictOf(own, asks), findings: own };
        }),
      };
    }),
  );
  return { items, nextCursor: null };
}
