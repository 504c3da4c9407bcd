import { z } from "zod";
import { as, call } from "./caller.ts";

type JsonSchema = {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  minimum?: number;
  anyOf?: JsonSchema[];
  $ref?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
};
const schemaOfJson: z.ZodType<JsonSchema> = z.record(z.string(), z.unknown());
const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        parameters: z
          .array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional() }))
          .default([]),
        requestBody: z
          .object({ content: z.object({ "application/json": z.object({ schema: schemaOfJson }) }) })
          .optional(),
      }),
    ),
  ),
});

/** One call of the OpenAPI document. */
export type Operation = {
  name: string;
  method: string;
  path: string;
  query: { name: string; required: boolean }[];
  body: JsonSchema | null;
};

export async function operations(): Promise<Operation[]> {
  const { paths } = documentSchema.parse((await call(as("dev"), "GET", "/openapi.json")).json);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters, requestBody }]) => ({
      name: `${method.toUpperCase()} ${path.replace("/api/v1", "")}`,
      method: method.toUpperCase(),
      path: path.replace("/api/v1", ""),
      query: parameters
        .filter((one) => one.in === "query")
        .map((one) => ({ name: one.name, required: one.required ?? false })),
      body: requestBody?.content["application/json"].schema ?? null,
    })),
  );
}

/** Values for parameters and fields by name, e.g. `{ project: "trading" }`; `scope` narrows to one path. */
export type Values = Record<string, unknown>;

/** The operation's path with every parameter filled in, and its required query. */
export function urlOf(operation: Operation, values: Values): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(valueFor(operation, name, values) ?? "none")),
  );
  const query = new URLSearchParams();
  for (const { name, required } of operation.query)
    if (required) query.set(name, String(values[name] ?? "none"));
  return query.size > 0 ? `${path}?${query}` : path;
}
/** `{id}` means another thing on each path: `builds.id`, `deployments.id` … come first. */
function valueFor(operation: Operation, name: string, values: Values): unknown {
  const noun = operation.path.split("/")[1] ?? "";
  return values[`${noun}.${name}`] ?? values[name];
}

/** A body that fits the schema, with only what is required. */
export function sampleBody(operation: Operation, values: Values): unknown {
  return operation.body === null ? undefined : sample(operation.body, "", values);
}

function sample(schema: JsonSchema, name: string, values: Values): unknown {
  if (name in values) return values[name];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.anyOf ?? [];
  if (first) return sample(first, name, values);
  if (schema.type === "object" || schema.properties) {
    const required = schema.required ?? [];
    return Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([key]) => required.includes(key) || (key in values && key !== "component"))
        .map(([key, property]) => [key, sample(property, key, values)]),
    );
  }
  if (schema.type === "array") return schema.items ? [sample(schema.items, name, values)] : [];
  if (schema.type === "integer" || schema.type === "number") return Math.max(schema.minimum ?? 1, 1);
  if (schema.type === "boolean") return false;
  if (schema.format === "date-time") return "2099-01-01T00:00:00Z";
  if (schema.format === "uuid") return "00000000-0000-4000-8000-000000000000";
  if (schema.format === "uri") return "http://127.0.0.1:9/";
  if (schema.format === "email") return "nobody@example.com";
  if (schema.pattern?.startsWith("^sha256")) return `sha256:${"0".repeat(64)}`;
  return "sample".padEnd(schema.minLength ?? 0, "x");
}
