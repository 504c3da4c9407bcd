import { expect, test } from "@playwright/test";
import { z } from "zod";
import { api } from "../support/api.ts";
import { portalState } from "../support/state.ts";
import { as, type Credential, call, newPerson, type Person, setRoles } from "./caller.ts";

// Whoever may no longer read hears nothing more: streams that are open are closed, with nobody's help.

const CLOSED_WITHIN_MS = 5_000;
const PROJECT = "quotes";
const STREAMS = [
  `/events?topic=project:${PROJECT}`,
  `/events?topic=environment:${PROJECT}/FAT`,
  `/projects/${PROJECT}/environments/FAT/live/stream`,
];

/** A stream that is read until somebody else ends it. */
async function open(credential: Exclude<Credential, null>, path: string) {
  const leave = new AbortController();
  const response = await fetch(`${portalState().url}/api/v1${path}`, {
    headers:
      "token" in credential ? { authorization: `Bearer ${credential.token}` } : { cookie: credential.cookie },
    signal: leave.signal,
  });
  expect(response.status, path).toBe(200);
  const reader = response.body?.getReader();
  let endedAt: number | null = null;
  let heard = "";
  const decoder = new TextDecoder();
  const reading = (async () => {
    try {
      for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read())
        heard += decoder.decode(piece.value, { stream: true });
    } catch {
      // Broken off is ended, too.
    }
    endedAt = performance.now();
  })();
  await expect.poll(() => heard.length, { timeout: 30_000 }).toBeGreaterThan(0);
  return {
    path,
    ended: () => endedAt,
    leave: async () => {
      leave.abort();
      await reading;
    },
  };
}

const tokensSchema = z.object({ items: z.array(z.object({ id: z.string() })).length(1) });
type Ending = { by: (person: Person) => Credential; act: (person: Person) => Promise<unknown> };
const byToken = ({ token }: Person): Credential => ({ token });
const byCookie = ({ cookie }: Person): Credential => ({ cookie });
const succeed = async (answer: Promise<{ status: number }>) =>
  expect((await answer).status).toBeLessThan(300);
const ENDINGS: Record<string, Ending> = {
  "the role is taken away (session)": {
    by: byCookie,
    act: ({ username }) => setRoles(PROJECT, username, []),
  },
  "the role is taken away (API token)": {
    by: byToken,
    act: ({ username }) => setRoles(PROJECT, username, []),
  },
  "the API token is revoked": {
    by: byToken,
    act: async ({ token }) => {
      const { json } = await call({ token }, "GET", "/tokens");
      for (const { id } of tokensSchema.parse(json).items)
        await succeed(call({ token }, "DELETE", `/tokens/${id}`));
    },
  },
  "the account is disabled (session)": {
    by: byCookie,
    act: ({ username }) => succeed(api("admin", "PATCH", `/users/${username}`, { disabled: true })),
  },
  "the account is disabled (API token)": {
    by: byToken,
    act: ({ username }) => succeed(api("admin", "PATCH", `/users/${username}`, { disabled: true })),
  },
  "the password is changed, which signs every browser out": {
    by: byCookie,
    act: ({ username }) =>
      succeed(api("admin", "PATCH", `/users/${username}`, { password: "a new one for this test" })),
  },
};

for (const [name, { by, act }] of Object.entries(ENDINGS)) {
  test(`streams are closed within five seconds when ${name}`, async () => {
    const person = await newPerson({ [PROJECT]: ["developer"] });
    const credential = by(person);
    if (!credential) throw new Error("nobody");
    const witness = await open(as("owner"), STREAMS[0] ?? "");
    const streams = await Promise.all(STREAMS.map((path) => open(credential, path)));
    expect(streams.filter(({ ended }) => ended() !== null)).toEqual([]);
    await act(person);
    const at = performance.now();
    await expect
      .poll(() => streams.filter(({ ended }) => ended() === null).map(({ path }) => path), {
        timeout: 20_000,
      })
      .toEqual([]);
    for (const { path, ended } of streams)
      expect((ended() ?? Number.POSITIVE_INFINITY) - at, path).toBeLessThan(CLOSED_WITHIN_MS);
    expect(witness.ended(), "somebody else's stream stays open").toBeNull();
    await witness.leave();
  });
}
