import { z } from "zod";
import type { CallOptions } from "../ports.ts";
import type { Client } from "./client.ts";

const DECLARED_TREE = "property[parameterDefinitions[name,type]]";
/** Other properties of a job have no definitions. */
const propertySchema = z.array(
  z.object({ parameterDefinitions: z.array(z.object({ name: z.string(), type: z.string() })).nullish() }),
);
const jobSchema = z.object({ property: propertySchema });

/** The job may be edited at any time; a build that falls into this minute is told so by its log. */
const REMEMBERED_MS = 60_000;

/** Asks which of some parameters the job does not declare; what it declares is remembered for a minute. */
export function undeclaredParameters(client: Client, jobPath: string) {
  let known: { at: number; declared: Promise<Set<string>> } | null = null;

  const ask = (options: CallOptions): Promise<Set<string>> =>
    client.json(
      `parameters of ${jobPath}`,
      `${jobPath}/api/json`,
      { tree: DECLARED_TREE },
      (body) => {
        const definitions = jobSchema
          .parse(body)
          .property.flatMap((entry) => entry.parameterDefinitions ?? []);
        return new Set(definitions.map(({ name }) => name));
      },
      options,
    );

  return async (names: readonly string[], options: CallOptions = {}): Promise<string[]> => {
    if (known === null || Date.now() - known.at > REMEMBERED_MS) {
      known = { at: Date.now(), declared: ask(options) };
    }
    const asked = known;
    try {
      const declared = await asked.declared;
      return names.filter((name) => !declared.has(name));
    } catch (error) {
      if (known === asked) known = null;
      throw error;
    }
  };
}
