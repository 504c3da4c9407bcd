import { z } from "zod";
import { secretContext } from "#lib/connections/connect.ts";
import { decryptSecret, encryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";
import { secretWords } from "./mask.ts";
import type { BuildRow } from "./row.ts";

/** The secret build variables of a component in the clear, for the trigger and for masking alone, and their versions. */
export async function readSecrets(componentId: string) {
  const rows = await db.buildVariable.findMany({
    where: { componentId, secret: true },
    select: { name: true, valueEncrypted: true, version: true },
    orderBy: { name: "asc" },
  });
  const values: Record<string, string> = {};
  for (const { name, valueEncrypted } of rows) {
    if (valueEncrypted)
      values[name] = decryptSecret(valueEncrypted, secretContext.buildVariable(componentId, name));
  }
  return { values, versions: rows.map(({ name, version }) => ({ name, version })) };
}

const contextOf = (buildId: string): string => `build-secrets:${buildId}`;

/** What was sent with a build, for its row: masked in its log however the values change while it runs. */
export function sealSecrets(buildId: string, values: Record<string, string>): string {
  return encryptSecret(JSON.stringify(Object.values(values)), contextOf(buildId));
}

/** What to mask in the log of a build: the values that were sent with it, and those of now. */
export async function wordsToMask(
  build: Pick<BuildRow, "id" | "secretsEncrypted" | "item">,
): Promise<Buffer[]> {
  const { values } = await readSecrets(build.item.component.id);
  const sent = build.secretsEncrypted
    ? z.array(z.string()).parse(JSON.parse(decryptSecret(build.secretsEncrypted, contextOf(build.id))))
    : [];
  return secretWords([...sent, ...Object.values(values)]);
}
