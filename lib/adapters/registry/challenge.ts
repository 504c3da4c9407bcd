/** What a 401 asks for. `error` is why the token that was sent is not enough, e.g. `insufficient_scope`. */
export type Challenge =
  | { scheme: "basic" }
  | {
      scheme: "bearer";
      realm: string;
      service: string | undefined;
      scopes: string[];
      error: string | undefined;
    };

const PARAMETER = /([a-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/** The challenge of a `WWW-Authenticate` header; `undefined` for a scheme that is not spoken here. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const [, scheme, rest = ""] = /^\s*([A-Za-z]+)(?:\s+(.*))?$/.exec(header ?? "") ?? [];
  if (scheme?.toLowerCase() === "basic") return { scheme: "basic" };
  if (scheme?.toLowerCase() !== "bearer") return undefined;
  const parameters = new Map<string, string>();
  for (const [, key = "", quoted, bare = ""] of rest.matchAll(PARAMETER)) {
    parameters.set(key.toLowerCase(), quoted?.replaceAll(/\\(.)/g, "$1") ?? bare);
  }
  const realm = parameters.get("realm");
  if (!realm) return undefined;
  const scopes = (parameters.get("scope") ?? "").split(/\s+/).filter((scope) => scope !== "");
  return {
    scheme: "bearer",
    realm,
    service: parameters.get("service"),
    scopes,
    error: parameters.get("error"),
  };
}
