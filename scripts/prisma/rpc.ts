import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import { z } from "zod";
import { createDatabase, databaseName } from "./database.ts";

const Request = z.object({ id: z.number(), method: z.string(), params: z.unknown().optional() });
const Answer = z.object({ id: z.string() });

const METHODS = new Set([
  "applyMigrations",
  "createMigration",
  "dbExecute",
  "devDiagnostic",
  "diagnoseMigrationHistory",
  "ensureConnectionValidity",
  "evaluateDataLoss",
  "introspect",
  "introspectSql",
  "markMigrationApplied",
  "markMigrationRolledBack",
  "reset",
  "schemaPush",
]);

const Diff = z.object({ exitCode: z.number(), stdout: z.string().nullish() });

async function call(engine: SchemaEngine, method: string, params: unknown): Promise<unknown> {
  const member: unknown = Reflect.get(engine, method);
  if (typeof member !== "function") throw new Error(`The schema engine has no method ${method}`);
  return Reflect.apply(member, engine, [params]);
}

/** An error as the engine reports it: `code` where it is a known one (P1001, P3018, ...). */
export function engineError(error: unknown): { message: string; error_code: string | undefined } {
  const message = error instanceof Error ? error.message : String(error);
  const code: unknown = error instanceof Object ? Reflect.get(error, "code") : undefined;
  return { message, error_code: typeof code === "string" ? code : undefined };
}

/**
 * Answers the Prisma CLI's JSON-RPC calls, one JSON object a line, one after the other, until `input` ends.
 * @param open opens the engine; called once, at the first request that needs it
 */
export async function serve(
  open: () => Promise<SchemaEngine>,
  url: string | undefined,
  input: Readable,
  output: Writable,
): Promise<void> {
  let engine: Promise<SchemaEngine> | undefined;
  const send = (message: object) => output.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

  async function answer(method: string, params: unknown): Promise<unknown> {
    if (method === "createDatabase") {
      if (url === undefined) throw new Error("No datasource URL was given");
      await createDatabase(url);
      return { databaseName: databaseName(url) };
    }
    engine ??= open();
    const opened = await engine;
    if (method === "getDatabaseVersion") return call(opened, "version", undefined);
    if (method === "diff") {
      const { exitCode, stdout } = Diff.parse(await call(opened, "diff", params));
      // The CLI prints what it is told to print; it never looks at the result's stdout.
      if (stdout) send({ id: "print", method: "print", params: { content: stdout } });
      return { exitCode, stdout: null };
    }
    if (!METHODS.has(method)) throw new Error(`Unknown method ${method}`);
    return (await call(opened, method, params)) ?? {};
  }

  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const message: unknown = JSON.parse(line);
    // The CLI acknowledges `print`.
    if (Answer.safeParse(message).success) continue;
    const { id, method, params } = Request.parse(message);
    try {
      send({ id, result: await answer(method, params) });
    } catch (error) {
      const data = { is_panic: false, meta: null, ...engineError(error) };
      send({
        id,
        error: { code: 4466, message: "An error happened. Check the data field for details.", data },
      });
    }
  }
}
