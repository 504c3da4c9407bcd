import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { RegistryError } from "./errors.ts";
import type { Route } from "./routes.ts";

export interface Account {
  user: string;
  password: string;
}

/** A token server that is trusted, as the real server is told of one. */
export interface TokenService {
  /** Where clients are sent for a token. */
  realm: string;
  service: string;
  allows(token: string, access: { name: string; action: string }): boolean;
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

/** Throws the recorded 401 unless `request` carries a token for what it asks. */
export function assertToken(request: IncomingMessage, route: Route, tokens: TokenService): void {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const name = "name" in route ? route.name : "";
  const actions = name === "" ? [""] : wantedActions(request.method);
  if (token !== undefined && actions.every((action) => tokens.allows(token, { name, action }))) return;
  const challenge = [
    `Bearer realm="${tokens.realm}",service="${tokens.service}"`,
    ...(name === "" ? [] : [`scope="repository:${name}:${actions.join(",")}"`]),
    ...(token === undefined ? [] : ['error="invalid_token"']),
  ].join(",");
  throw new RegistryError(
    401,
    "UNAUTHORIZED",
    "authentication required",
    wantedAccess(request.method, route),
    {
      "www-authenticate": challenge,
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
  return wantedActions(method).map((Action) => ({ Type: "repository", Class: "", Name: route.name, Action }));
}

function wantedActions(method: string | undefined): string[] {
  if (method === "DELETE") return ["delete"];
  return PUSH_METHODS.has(method ?? "") ? ["pull", "push"] : ["pull"];
}
