import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openApiDocument } from "./document.ts";
import { ENDPOINTS } from "./endpoints.ts";

const files = (root: string) => readdirSync(root, { recursive: true, encoding: "utf8" });
const pathOf = (file: string) => `/${file.replaceAll(/\[(\w+)\]/g, "{$1}")}`;

/** `GET /projects/{project}` of every method that a route file exports. */
const routes = files("app/api/v1")
  .filter((file) => file.endsWith("route.ts"))
  .flatMap((file) => {
    const source = readFileSync(`app/api/v1/${file}`, "utf8");
    return [...source.matchAll(/^export const (GET|POST|PUT|PATCH|DELETE)\b/gm)].map(
      ([, method]) => `${method} ${pathOf(file.replace(/\/?route\.ts$/, ""))}`,
    );
  });
/** Those that stream answer to GET alone. */
const streams = files("pages/api/v1")
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `GET ${pathOf(file.replace(/\.ts$/, ""))}`);

test("every exported route method is an endpoint of the document, and the other way round", () => {
  expect(routes.length).toBeGreaterThan(0);
  expect(ENDPOINTS.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
    [...routes, ...streams].sort(),
  );
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
