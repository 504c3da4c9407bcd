import { z } from "zod";
import type { Actor } from "#lib/access/actor.ts";
import { rolesWith } from "#lib/access/roles.ts";
import type { Tx } from "#lib/db.ts";
import type { Blocker } from "#lib/errors.ts";
import type { PlannedImage } from "#lib/image-policies/judge.ts";
import { parseImage } from "#lib/plans/image-name.ts";
import { AFRESH, sendCopy } from "./ask.ts";
import { type CopyCause, copyCauseSchema } from "./cause.ts";
import { copyNamesSelect, noteCopy } from "./record.ts";
import { needsCopy, type OwnRegistry } from "./reference.ts";
import { COPY_STATES, type CopyState, isLost } from "./state.ts";

const stateSchema = z.enum(COPY_STATES);
/** An image that is not in the environment's own registry yet; `state` null: nobody asked for it. */
export type MissingCopy = {
  component: string;
  registry: string;
  /** `lost`: it was copied, and is not there any more. */
  state: CopyState | "lost" | null;
  cause: CopyCause | null;
};

/**
 * Which of a plan's images are not in the registry that it names, as the record has it: no registry is asked.
 * @param input.registry the environment's own
 */
export async function missingCopies(
  tx: Tx,
  input: { projectId: string; registry: OwnRegistry | null; images: readonly PlannedImage[] },
): Promise<MissingCopy[]> {
  const { registry } = input;
  // What a rollback takes from elsewhere is looked for there.
  const images = registry ? input.images.filter(({ image }) => !needsCopy(image, registry)) : [];
  if (!registry || images.length === 0) return [];
  const artifacts = await tx.artifact.findMany({
    where: {
      digest: { in: images.map(({ digest }) => digest) },
      item: { component: { projectId: input.projectId } },
    },
    select: {
      image: true,
      digest: true,
      item: { select: { component: { select: { key: true } } } },
      copies: {
        where: { registryId: registry.id },
        select: { state: true, digest: true, cause: true, goneSince: true },
      },
    },
  });
  return images.flatMap(({ component, digest }): MissingCopy[] => {
    const built = artifacts.filter((one) => one.digest === digest && one.item.component.key === component);
    if (built.length === 0 || built.some((one) => !needsCopy(one.image, registry))) return [];
    const copies = built.flatMap((one) => one.copies.filter((copy) => copy.digest === digest));
    if (copies.some((copy) => copy.state === "copied" && !isLost(copy))) return [];
    const [copy] = copies;
    const state = copy ? (isLost(copy) ? "lost" : stateSchema.parse(copy.state)) : null;
    const cause = copy?.cause ? copyCauseSchema.parse(copy.cause) : null;
    return [{ component, registry: registry.key, state, cause }];
  });
}

/** What holds a plan back while its images are not where they are deployed from. Pure. */
export function copyBlockers(missing: readonly MissingCopy[], environment: string): Blocker[] {
  return missing.map(({ component, registry, state, cause }) => {
    const failed = state === "failed";
    const why = failed && cause ? `: ${cause.message}` : "";
    return {
      code: "IMAGE_NOT_PROMOTED",
      message: `${component} is not in the registry ${registry} of ${environment}: ${state ?? "not asked for"}${why}`,
      facts: { component, registry, environment, copy: state ?? "none" },
      liftedBy: failed || state === "lost" || state === null ? rolesWith("release.write") : ["system"],
    };
  });
}

/**
 * Has images copied again that the registry had and does not have any more. In the caller's transaction.
 * @returns the components whose images come again
 */
export async function copyLost(
  tx: Tx,
  actor: Actor,
  input: { registry: OwnRegistry; images: readonly PlannedImage[] },
): Promise<string[]> {
  const found: string[] = [];
  for (const { component, image, digest } of input.images) {
    if (needsCopy(image, input.registry)) continue;
    const where = {
      registryId: input.registry.id,
      repository: parseImage(image).path,
      digest,
      state: "copied",
    };
    const rows = await tx.imageCopy.findMany({ where, orderBy: { id: "desc" }, select: copyNamesSelect });
    for (const copy of rows) {
      const { count } = await tx.imageCopy.updateMany({
        where: { id: copy.id, state: "copied" },
        data: AFRESH,
      });
      if (count === 0) continue;
      await noteCopy(tx, actor, "lose", copy);
      await sendCopy(tx, copy.id);
      found.push(component);
    }
  }
  return [...new Set(found)];
}
