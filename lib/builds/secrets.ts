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
  const versions = rows.map(({ name, version }) => ({ name, version }));
  return { values: openSecrets(componentId, rows), versions };
}

/** The values of a component's secret build variables in the clear, from their rows. */
export function openSecrets(
  componentId: string,
  rows: readonly { name: string; valueEncrypted: string | null }[],
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, valueEncrypted } of rows) {
    if (valueEncrypted)
      values[name] = decryptSecret(valueEncrypted, secretContext.buildVariable(componentId, name));
  }
  return values;
}

const contextOf = (attemptId: string): string => `build-secrets:${attemptId}`;

/** What was sent with a build, for its row: masked in its log however the values change while it runs. Null: nothing. */
export function sealSecrets(attemptId: string, values: Readonly<Record<string, string>>): string | null {
  const words = Object.values(values);
  return words.length === 0 ? null : encryptSecret(JSON.stringify(words), contextOf(attemptId));
}

/** What to mask in the log of a build: the values that were sent with it, and those of now. */
export async function wordsToMask(
  build: Pick<BuildRow, "attemptId" | "secretsEncrypted" | "item">,
): Promise<Buffer[]> {
  const { values } = await readSecrets(build.item.component.id);
  const sent = build.secretsEncrypted
    ? z.array(z.string()).parse(JSON.parse(decryptSecret(build.secretsEncrypted, contextOf(build.attemptId))))
    : [];
  return secretWords([...sent, ...Object.values(values)]);
}
