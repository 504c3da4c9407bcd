import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { Json, JsonObject } from "./json.ts";
import { isObject, toJson } from "./json.ts";

const exchange = z.object({
  label: z.string().optional(),
  request: z.object({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.unknown().optional(),
  }),
  response: z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.unknown() }),
});
const recording = z.union([exchange, z.object({ steps: z.array(exchange) })]);

export type Exchange = z.infer<typeof exchange>;

const folder = new URL("./recorded/", import.meta.url);
const files = readdirSync(folder);

/** The exchanges of a recording of a real server, by its number. */
export function recorded(number: string): Exchange[] {
  const file = files.find((name) => name.startsWith(number));
  if (!file) throw new Error(`no recording ${number}`);
  const parsed = recording.parse(JSON.parse(readFileSync(new URL(file, folder), "utf8")));
  return "steps" in parsed ? parsed.steps : [parsed];
}

/** Tells which keys of a body differ from one server, run or second to the next. */
const VOLATILE = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "time",
  "clusterIP",
  "clusterIPs",
  "lastUpdateTime",
  "lastTransitionTime",
]);

/**
 * A body without what may differ: volatile values become "*" (their presence still counts), and what controllers
 * report in their own time (status, their own lines of managedFields) is left out.
 */
export function comparable(body: Json | undefined): Json {
  if (Array.isArray(body)) {
    return body.filter((item) => !(isObject(item) && item.subresource === "status")).map(comparable);
  }
  if (!isObject(body)) return body ?? null;
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(body)) {
    if (VOLATILE.has(key)) result[key] = "*";
    else if (key === "status" && isObject(value) && body.kind === "Deployment") result[key] = "*";
    else if (key === "status" && isObject(value) && body.kind === "Scale") result[key] = "*";
    else if (key === "deployment.kubernetes.io/revision") continue;
    else if (value !== undefined) result[key] = comparable(value);
  }
  return result;
}

/** What a real server answered, made comparable. */
export function expected({ response }: Exchange): { status: number; body: Json } {
  return { status: response.status, body: comparable(toJson(response.body)) };
}
