import type { z } from "zod";
import { db, type Tx } from "#lib/db.ts";
import { AppError } from "#lib/errors.ts";
import { type ImagePolicyDto, type imagePolicyListSchema, NO_POLICY, policyRulesSchema } from "./schema.ts";

const select = { key: true, name: true, imagePolicy: true } as const;
type Row = { key: string; name: string; imagePolicy: unknown };

/** The rules of an environment's row; those of one that nobody wrote ask for nothing. @throws ZodError */
export const rulesOf = (row: unknown) => (row ? policyRulesSchema.parse(row) : NO_POLICY);

function toDto({
  key,
  name,
  imagePolicy,
}: Row & { imagePolicy: { version: number } | null }): ImagePolicyDto {
  return { environment: key, name, ...rulesOf(imagePolicy), version: imagePolicy?.version ?? 0 };
}

/** What every environment asks of images, in order of rank, and what a policy may name. Anyone signed in may read it. */
export async function listImagePolicies(): Promise<z.infer<typeof imagePolicyListSchema>> {
  const named = { orderBy: { key: "asc" }, select: { key: true, name: true } } as const;
  const [rows, bases, registries] = await Promise.all([
    db.environment.findMany({ orderBy: { rank: "asc" }, select }),
    db.baseImage.findMany(named),
    db.registry.findMany(named),
  ]);
  return { items: rows.map(toDto), bases, registries };
}

/** @throws AppError NOT_FOUND */
export async function readImagePolicy(tx: Tx, environment: string): Promise<ImagePolicyDto & { id: string }> {
  const row = await tx.environment.findUnique({
    where: { key: environment },
    select: { ...select, id: true },
  });
  if (!row) throw new AppError("NOT_FOUND", `no environment ${environment}`);
  return { ...toDto(row), id: row.id };
}
