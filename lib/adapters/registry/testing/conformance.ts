import { expect, test } from "vitest";
import { copyingCases } from "./copying.ts";
import { deletingCases } from "./deleting.ts";
import { basicCases, tokenCases } from "./entering.ts";
import { provingCases } from "./proving.ts";
import { readingCases } from "./reading.ts";
import type { TokenServer } from "./token-server.ts";
import { type Check, openPlace, type Server } from "./world.ts";

/** What there is to run against. `why`: said instead of the cases that cannot be run. */
export type Subject = {
  server: Server;
  /** Numbers of the exchanges that were recorded with a real registry: each has to have its case. */
  recorded: readonly string[];
  /** Another registry to copy from and to. */
  other: Server;
  guarded: Required<Server> | { why: string };
  tokens: { url: string; server: TokenServer } | { why: string };
};

/** Every case that each registry has to pass, whatever it is made of. */
export function registryConformance({ server, recorded, other, guarded, tokens }: Subject): void {
  const covered = new Set<string>();
  let cases = 0;
  const check: Check = (rows, name, run) => {
    for (const row of rows) covered.add(row);
    cases += 1;
    test(rows.length === 0 ? name : `${name} (${rows.join(", ")})`, run);
  };
  const leaveOut = (rows: readonly string[], what: string, why: string) => {
    for (const row of rows) covered.add(row);
    console.info(`not tested: ${what} (${rows.join(", ")}): ${why}`);
  };
  const fresh = () => `refract-conformance/${crypto.randomUUID()}`;

  readingCases(openPlace(server, fresh()), check);
  deletingCases(openPlace(server, fresh()), check);
  copyingCases(openPlace(server, fresh()), openPlace(other, fresh()), check);
  provingCases(openPlace(server, fresh()), check);
  if ("why" in guarded) leaveOut(["40", "41", "42", "43"], "Basic authentication", guarded.why);
  else basicCases(guarded, check);
  if ("why" in tokens) leaveOut(["44", "45", "46"], "token authentication", tokens.why);
  else tokenCases(tokens.url, tokens.server, other, check);

  test("every recorded exchange has its case", () => {
    expect([...covered].toSorted()).toEqual(recorded.toSorted());
    expect(cases).toBeGreaterThanOrEqual("why" in guarded || "why" in tokens ? 45 : 50);
  });
}
