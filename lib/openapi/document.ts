import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import type { Endpoint } from "#lib/http/endpoint.ts";
import { problemSchema } from "#lib/http/problem.ts";
import { ENDPOINTS } from "./endpoints.ts";

const idempotency = z.object({
  "Idempotency-Key": z
    .string()
    .max(200)
    .optional()
    .describe("A repeat within a day gets the first answer again"),
});
const problem = {
  description: "Refused or failed (RFC 9457)",
  content: { "application/problem+json": { schema: problemSchema } },
};

/** `GET /projects/{project}` -> `getProjectsProject` */
const operationId = ({ method, path }: Endpoint): string =>
  method.toLowerCase() +
  path
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

function operation(endpoint: Endpoint): ZodOpenApiOperationObject {
  const status = endpoint.status ?? (endpoint.answer || endpoint.produces ? 200 : 204);
  const content = endpoint.answer
    ? { "application/json": { schema: endpoint.answer } }
    : endpoint.produces
      ? { [endpoint.produces]: { schema: z.string() } }
      : undefined;
  const object = (schema: z.ZodType | undefined) => (schema instanceof z.ZodObject ? schema : undefined);
  const [path, query] = [object(endpoint.params), object(endpoint.query)];
  return {
    operationId: operationId(endpoint),
    summary: endpoint.summary,
    tags: [endpoint.tag],
    ...(endpoint.open ? { security: [] } : {}),
    requestParams: {
      ...(path ? { path } : {}),
      ...(query ? { query } : {}),
      ...(endpoint.method === "GET" ? {} : { header: idempotency }),
    },
    ...(endpoint.body
      ? { requestBody: { required: true, content: { "application/json": { schema: endpoint.body } } } }
      : {}),
    responses: {
      [status]: { description: endpoint.summary, ...(content ? { content } : {}) },
      default: problem,
    },
  };
}

/** The OpenAPI 3.1 document, from the schemas that validate. */
export function openApiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const endpoint of ENDPOINTS) {
    const path = `/api/v1${endpoint.path}`;
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Refract",
      version: "1",
      description: "Delivery portal: release orders, builds, plans, deployments.",
    },
    security: [{ session: [] }, { token: [] }],
    components: {
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "next-auth.session-token" },
        token: { type: "http", scheme: "bearer" },
      },
    },
    paths,
  });
}
