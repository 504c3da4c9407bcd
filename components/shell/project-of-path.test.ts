import { expect, test } from "vitest";
import { projectOfPath } from "./project-of-path.ts";

test.each([
  ["/projects/quotes/components/quote-api", null, "quotes"],
  ["/environments/quotes/PROD", null, "quotes"],
  ["/releases/20261120-order-gateway-003/plan/PROD", null, "order-gateway"],
  ["/releases", "trading", "trading"],
  ["/environments", null, null],
  ["/releases/new", null, null],
  ["/", "", null],
])("%s with %s is about %s", (path, query, key) => {
  expect(projectOfPath(path, query)).toBe(key);
});
