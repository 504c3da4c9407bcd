import type { z } from "zod";
import { type Actor, requirePermission } from "#lib/access/actor.ts";
import { recordAudit } from "#lib/audit/record.ts";
import type { Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { emit } from "#lib/events/emit.ts";
import { transaction } from "#lib/transaction.ts";
import { readImagePolicy } from "./queries.ts";
import { type ImagePolicyDto, policyRulesSchema, type setImagePolicySchema } from "./schema.ts";

/**
 * Sets what an environment asks of images; plans are held to it from now on, those that wait for their turn as well.
 * @throws AppError FORBIDDEN; NOT_FOUND; INVALID_INPUT naming a base image or registry that does not exist;
 * VERSION_CONFLICT
 */
export async function setImagePolicy(
  input: { actor: Actor; environment: string } & z.output<typeof setImagePolicySchema>,
): Promise<ImagePolicyDto> {
  const { actor, environment, version, ...asked } = input;
  requirePermission(actor, "platform.manage");
  const rules = policyRulesSchema.parse(asked);
  return transaction(async (tx) => {
    const { id, ...before } = await readImagePolicy(tx, environment);
    await refuseUnknown(tx, rules);
    if (version === 0) {
      const { count } = await tx.imagePolicy.createMany({
        data: { environmentId: id, ...rules },
        skipDuplicates: true,
      });
      if (count === 0) throw changedMeanwhile();
    } else {
      const { count } = await tx.imagePolicy.updateMany({
        where: { environmentId: id, version },
        data: { ...rules, version: version + 1 },
      });
      if (count === 0) throw changedMeanwhile();
    }
    const { id: _id, ...after } = await readImagePolicy(tx, environment);
    const projects = await tx.projectEnvironment.findMany({
      where: { environmentId: id },
      select: { project: { select: { key: true } } },
    });
    await emit(tx, {
      topics: projects.map(({ project }) => `environment:${project.key}/${environment}`),
      type: "image-policy.changed",
      data: { environment },
    });
    await recordAudit(tx, {
      actor,
      action: "image-policy.set",
      subject: "environment",
      subjectId: environment,
      projectKey: null,
      data: { before, after },
    });
    return after;
  });
}

const changedMeanwhile = () => new AppError("VERSION_CONFLICT", "the image policy was changed meanwhile");

async function refuseUnknown(tx: Tx, rules: z.infer<typeof policyRulesSchema>): Promise<void> {
  const [bases, registries] = await Promise.all([
    tx.baseImage.findMany({ where: { key: { in: rules.allowedBases } }, select: { key: true } }),
    tx.registry.findMany({ where: { key: { in: rules.allowedRegistries } }, select: { key: true } }),
  ]);
  const known = (rows: { key: string }[], key: string) => rows.some((row) => row.key === key);
  const unknown = [
    ...rules.allowedBases.filter((key) => !known(bases, key)),
    ...rules.allowedRegistries.filter((key) => !known(registries, key)),
  ];
  if (unknown.length > 0) throw new AppError("INVALID_INPUT", `not registered: ${unknown.join(", ")}`);
}
