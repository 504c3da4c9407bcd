import { artifactEvidenceSchema, artifactScanSchema } from "#lib/artifacts/content.ts";
import { canonicalJson } from "#lib/canonical-json.ts";
import type { Tx } from "#lib/db.ts";
import { registryHost } from "#lib/image-copies/reference.ts";
import { type ImageFacts, imageFindings, type RegistryWord, type WaiverFacts } from "./findings.ts";
import { type ImageFinding, NO_POLICY, type PolicyRules } from "./schema.ts";

/** An image as a plan names it. */
export type PlannedImage = { component: string; image: string; digest: string };
type Place = { projectId: string; environmentId: string };

/**
 * Holds the images of a plan to an environment's policy, from what is on record: no registry is asked.
 * @param input.policy the environment's; where it has no rule nothing is read
 * @param input.creatorId who raised the release order: a waiver that they granted themselves does not count
 * @param input.at when it would start
 */
export async function judgeImages(
  tx: Tx,
  input: Place & {
    policy: PolicyRules;
    images: readonly PlannedImage[];
    creatorId: string;
    at: Date;
  },
): Promise<ImageFinding[]> {
  if (canonicalJson(input.policy) === canonicalJson(NO_POLICY)) return [];
  const [facts, waivers] = await Promise.all([imageFacts(tx, input), waiverFacts(tx, input)]);
  return facts.flatMap((one) => imageFindings(input.policy, one, waivers, input.at));
}

const wordOf = (row: { inspectedAt: Date | null; evidence: unknown; scan: unknown }): RegistryWord => ({
  inspectedAt: row.inspectedAt,
  evidence: artifactEvidenceSchema.nullable().parse(row.evidence),
  scan: artifactScanSchema.nullable().parse(row.scan),
});
const hostPart = (reference: string) => reference.slice(0, reference.indexOf("/"));

/** What is on record of each image, whichever release order it was built for. */
async function imageFacts(
  tx: Tx,
  { projectId, images, policy }: { projectId: string; images: readonly PlannedImage[]; policy: PolicyRules },
): Promise<ImageFacts[]> {
  const [artifacts, registries] = await Promise.all([
    tx.artifact.findMany({
      where: { digest: { in: images.map(({ digest }) => digest) }, item: { component: { projectId } } },
      // Of the same image built twice what was asked last counts.
      orderBy: { inspectedAt: { sort: "desc", nulls: "last" } },
      select: {
        digest: true,
        inspectedAt: true,
        evidence: true,
        scan: true,
        copies: {
          where: { state: "copied" },
          select: {
            digest: true,
            inspectedAt: true,
            evidence: true,
            scan: true,
            registry: { select: { url: true } },
          },
        },
        item: { select: { component: { select: { key: true } } } },
        baseVersion: { select: { baseImage: { select: { key: true } } } },
      },
    }),
    tx.registry.findMany({ select: { key: true, url: true } }),
  ]);
  return images.map(({ component, image, digest }) => {
    // One registry may be registered twice, with two accounts: then it is the one that is allowed.
    const there = registries.filter(({ url }) => registryHost(url) === hostPart(image));
    const allowed = there.find(({ key }) => policy.allowedRegistries.includes(key));
    const artifact = artifacts.find((one) => one.digest === digest && one.item.component.key === component);
    const copies = artifact?.copies.filter(
      (copy) => copy.digest === digest && registryHost(copy.registry.url) === hostPart(image),
    );
    return {
      component,
      image,
      registry: (allowed ?? there[0])?.key ?? null,
      said: artifact ? [artifact, ...(copies ?? [])].map(wordOf) : [],
      base: artifact?.baseVersion?.baseImage.key ?? null,
    };
  });
}

/** Waivers that were granted there and still hold, but for those that whoever raised the release order granted. */
async function waiverFacts(tx: Tx, input: Place & { creatorId: string; at: Date }): Promise<WaiverFacts[]> {
  const rows = await tx.waiver.findMany({
    where: {
      projectId: input.projectId,
      environmentId: input.environmentId,
      state: "granted",
      expiresAt: { gt: input.at },
      decidedById: { not: input.creatorId },
    },
    select: {
      id: true,
      subject: true,
      reason: true,
      expiresAt: true,
      component: { select: { key: true } },
      owner: { select: { displayName: true } },
    },
  });
  return rows.map(({ component, owner, ...row }) => ({
    ...row,
    component: component?.key ?? null,
    owner: owner.displayName,
  }));
}
