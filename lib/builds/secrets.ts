import { secretContext } from "#lib/connections/connect.ts";
import { decryptSecret } from "#lib/crypto.ts";
import { db } from "#lib/db.ts";

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
