import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { RegistryError } from "./errors.ts";
import type { Route } from "./routes.ts";

export interface Account {
  user: string;
  password: string;
}

const PUSH_METHODS = new Set(["POST", "PUT", "PATCH"]);

/** Throws the recorded 401 unless `request` carries the account's Basic credentials. */
export function assertAuthorized(request: IncomingMessage, route: Route, account: Account): void {
  const expected = `Basic ${Buffer.from(`${account.user}:${account.password}`).toString("base64")}`;
  if (sameText(request.headers.authorization ?? "", expected)) return;
  throw new RegistryError(
    401,
    "UNAUTHORIZED",
    "authentication required",
    wantedAccess(request.method, route),
    {
      "www-authenticate": 'Basic realm="Registry"',
    },
  );
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** What the caller would have needed; `null` where nothing but a name is asked. */
function wantedAccess(method: string | undefined, route: Route): unknown {
  if (route.kind === "base") return null;
  if (route.kind === "catalog") return [{ Type: "registry", Class: "", Name: "catalog", Action: "*" }];
  const actions =
    method === "DELETE" ? ["delete"] : PUSH_METHODS.has(method ?? "") ? ["pull", "push"] : ["pull"];
  return actions.map((Action) => ({ Type: "repository", Class: "", Name: route.name, Action }));
}
