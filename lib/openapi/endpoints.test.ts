import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openApiDocument } from "./document.ts";
import { ENDPOINTS } from "./endpoints.ts";

const ROOT = "app/api/v1";

/** `GET /projects/{project}` of every method that a route file exports. */
const routes = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("route.ts"))
  .flatMap((file) => {
    const path = `/${file.replace(/\/?route\.ts$/, "").replaceAll(/\[(\w+)\]/g, "{$1}")}`;
    const source = readFileSync(`${ROOT}/${file}`, "utf8");
    return [...source.matchAll(/^export const (GET|POST|PUT|PATCH|DELETE)\b/gm)].map(
      ([, method]) => `${method} ${path}`,
    );
  })
  .sort();

test("every exported route method is an endpoint of the document, and the other way round", () => {
  expect(routes.length).toBeGreaterThan(0);
  expect(ENDPOINTS.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(routes);
});

test("the document names every call once", () => {
  const { paths = {} } = openApiDocument();
  const ids = Object.values(paths).flatMap((path) =>
    Object.values(path ?? {}).flatMap((operation) =>
      typeof operation === "object" && "operationId" in operation ? operation.operationId : [],
    ),
  );
  expect(new Set(ids).size).toBe(ENDPOINTS.length);
});
