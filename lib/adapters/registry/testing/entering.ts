import { describe, expect } from "vitest";
import { createImageRegistry } from "../client.ts";
import { ACCEPT } from "../manifest.ts";
import type { TokenServer } from "./token-server.ts";
import { type Check, openPlace, type Server } from "./world.ts";

const app = { repository: "refract/app", reference: "1.0" };

/** A registry that wants a name and a password with each call. */
export function basicCases(guarded: Required<Server>, check: Check): void {
  const { url, credentials } = guarded;
  const registry = createImageRegistry({ url, credentials });
  const wrong = { ...credentials, password: `${credentials.password}x` };

  describe("Basic authentication", () => {
    check(["40"], "is asked for, and lets us in", () => registry.ping());
    check(["41"], "without credentials nothing is resolved", async () => {
      const asked = createImageRegistry({ url }).resolve(app);
      await expect(asked).rejects.toMatchObject({ failure: "unauthorized", retryable: false, status: 401 });
    });
    check(["42"], "with a wrong password is refused, not missing", async () => {
      const refused = createImageRegistry({ url, credentials: wrong }).resolve(app);
      await expect(refused).rejects.toMatchObject({ failure: "unauthorized", retryable: false, status: 401 });
    });
    check(["43"], "with rights a missing image is missing", async () => {
      const missing = { repository: `refract-conformance/${crypto.randomUUID()}`, reference: "1.0" };
      expect(await registry.resolve(missing)).toBeNull();
    });
    check([], "a check says that it is the credential", async () => {
      const findings = await createImageRegistry({ url, credentials: wrong }).check();
      expect(findings.filter(({ ok }) => !ok).map(({ code }) => code)).toEqual(["REGISTRY_CREDENTIAL"]);
    });
  });
}

/** A registry that sends its callers to a token server. */
export function tokenCases(url: string, tokens: TokenServer, other: Server, check: Check): void {
  const { credentials } = tokens;
  const registry = createImageRegistry({ url, credentials });
  const elsewhere = openPlace(other, `tokens/${crypto.randomUUID()}`);
  const goal = { repository: "refract/tokens", tag: "1" };

  describe("token authentication", () => {
    check(["44"], "a token is fetched for what is asked, and serves again", async () => {
      const before = tokens.given();
      for (const _ of [1, 2]) expect(await registry.resolve(app)).toBeNull();
      expect(tokens.given()).toBe(before + 1);
      expect(tokens.asked().at(-1)).toEqual(["repository:refract/app:pull"]);
    });
    check(["45"], "pushing takes a token that may push", async () => {
      const image = await elsewhere.image("1", "tokens");
      const from = { repository: elsewhere.repository, digest: image.digest };
      await registry.copyFrom(elsewhere.registry, { from, to: goal });
      expect(await registry.resolve({ repository: goal.repository, reference: "1" })).toBe(image.digest);
    });
    check(
      ["46"],
      "a token that is no good is refused as such, and one that is forgotten is replaced",
      async () => {
        const path = `/v2/${app.repository}/manifests/${app.reference}`;
        const headers = { authorization: "Bearer nonsense", accept: ACCEPT };
        const refused = await fetch(new URL(path, url), { headers });
        expect(refused.status).toBe(401);
        expect(refused.headers.get("www-authenticate")).toContain('error="invalid_token"');
        expect(await registry.resolve(app)).toBeNull();
        tokens.forget();
        expect(await registry.resolve(app)).toBeNull();
      },
    );
    check([], "a mount takes a token for both repositories", async () => {
      const image = await elsewhere.image("1", "tokens");
      const from = { repository: elsewhere.repository, digest: image.digest };
      await registry.copyFrom(elsewhere.registry, { from, to: goal });
      const own = { repository: goal.repository, digest: image.digest };
      const to = { repository: "refract/mounted", tag: "1" };
      expect((await registry.copyFrom(registry, { from: own, to })).sentBytes).toBe(0);
      expect(await registry.resolve({ repository: to.repository, reference: "1" })).toBe(image.digest);
    });
    check([], "refused credentials are refused, and the check says so", async () => {
      const refused = createImageRegistry({ url, credentials: { ...credentials, password: "no" } });
      await expect(refused.resolve(app)).rejects.toMatchObject({ failure: "unauthorized" });
      expect((await refused.check()).filter(({ ok }) => !ok).map(({ code }) => code)).toEqual([
        "REGISTRY_CREDENTIAL",
      ]);
    });
  });
}
