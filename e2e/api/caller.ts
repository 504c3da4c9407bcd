import { randomBytes } from "node:crypto";
import { z } from "zod";
import { api } from "../support/api.ts";
import { portalState, tokenOf } from "../support/state.ts";

/** An answer as it came: nothing is left out, so that a test can look for what must not be in it. */
export type Reply = { status: number; text: string; json: Record<string, unknown>; headers: Headers };
export type Credential = { token: string } | { cookie: string; origin?: string } | null;

const seen: string[] = [];
/** Every answer of this test process, headers included. */
export const answersSeen = (): readonly string[] => seen;

/** One raw call below `/api/v1`. A string is sent as it is, anything else as JSON. */
export async function call(
  credential: Credential,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(`${portalState().url}/api/v1${path}`, {
    method,
    redirect: "manual",
    headers: {
      ...(credential && "token" in credential ? { authorization: `Bearer ${credential.token}` } : {}),
      ...(credential && "cookie" in credential ? { cookie: credential.cookie } : {}),
      ...(credential && "cookie" in credential && credential.origin ? { origin: credential.origin } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  seen.push(`${method} ${path}\n${[...response.headers].join("\n")}\n${text}`);
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return { status: response.status, text, json: isJson ? JSON.parse(text) : {}, headers: response.headers };
}

export const as = (username: string): { token: string } => ({ token: tokenOf(username) });

/** Signs in as a browser does and answers the session cookie. */
export async function signIn(username: string, password: string): Promise<string> {
  const { url } = portalState();
  const first = await fetch(`${url}/api/auth/csrf`);
  const { csrfToken } = z.object({ csrfToken: z.string() }).parse(await first.json());
  const cookies = (response: Response) =>
    response.headers.getSetCookie().map((line) => line.split(";")[0] ?? "");
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: "POST",
    redirect: "manual",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      cookie: cookies(first).join("; "),
      origin: url,
    },
    body: new URLSearchParams({ csrfToken, username, password, json: "true" }),
  });
  const session = cookies(answer).find((cookie) => cookie.includes("session-token="));
  if (!session) throw new Error(`${username} could not sign in: ${answer.status} ${await answer.text()}`);
  return session;
}

export type Person = { username: string; password: string; cookie: string; token: string };

/** Somebody new with these roles, so that taking rights away disturbs nobody else's test. */
export async function newPerson(roles: Record<string, string[]>): Promise<Person> {
  const username = `p${randomBytes(5).toString("hex")}`;
  const password = randomBytes(12).toString("base64url");
  const made = await api("admin", "POST", "/users", { username, displayName: `测试 ${username}`, password });
  if (made.status !== 201) throw new Error(`no new user: ${JSON.stringify(made)}`);
  for (const [project, own] of Object.entries(roles)) await setRoles(project, username, own);
  const cookie = await signIn(username, password);
  const session = { cookie, origin: portalState().url };
  const { status, json, text } = await call(session, "POST", "/tokens", { name: "test" });
  if (status !== 201 || typeof json.token !== "string") throw new Error(`no token: ${status} ${text}`);
  return { username, password, cookie, token: json.token };
}

export async function setRoles(project: string, username: string, roles: string[]): Promise<void> {
  const { status, body } = await api("owner", "PUT", `/projects/${project}/members`, { username, roles });
  if (status >= 300) throw new Error(`roles not set: ${status} ${JSON.stringify(body)}`);
}
