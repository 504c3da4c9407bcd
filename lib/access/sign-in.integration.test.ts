import { beforeEach, expect, it } from "vitest";
import { testDatabase } from "#scripts/testing/database.ts";

await testDatabase();
const { db } = await import("#lib/db.ts");
const { hashPassword } = await import("#lib/crypto.ts");
const { loadActor } = await import("./actor.ts");
const { signIn } = await import("./sign-in.ts");
const { updateUser } = await import("#lib/users/service.ts");

const passwordHash = await hashPassword("right password");
let userId = "";
let username = "";
beforeEach(async () => {
  username = `dev-${crypto.randomUUID()}`;
  const user = await db.user.create({ data: { username, displayName: "陈晓", passwordHash } });
  userId = user.id;
});
const attempt = (password: string, address = "") => signIn({ username, password, address });

it("lets the right password in and writes it down", async () => {
  expect(await attempt("right password")).toMatchObject({
    ok: true,
    user: { id: userId, sessionVersion: 1 },
  });
  const entry = await db.auditEntry.findFirst({ where: { subjectId: userId, action: "session.create" } });
  expect(entry?.actorName).toBe(username);
});

it("answers alike for a wrong password, an unknown name and a disabled user", async () => {
  const refused = { ok: false, reason: "WRONG_CREDENTIALS" };
  expect(await attempt("wrong")).toEqual(refused);
  expect(await signIn({ username: "nobody-of-that-name", password: "x", address: "" })).toEqual(refused);
  await db.user.update({ where: { id: userId }, data: { disabledAt: new Date() } });
  expect(await attempt("right password")).toEqual(refused);
});

it("makes a name wait after five failures, also when they come at once, and even with the right password", async () => {
  await Promise.all(Array.from({ length: 5 }, () => attempt("wrong")));
  expect(await attempt("right password")).toEqual({ ok: false, reason: "THROTTLED:10" });
  await db.loginThrottle.update({ where: { key: `user:${username}` }, data: { lockedUntil: new Date(0) } });
  expect(await attempt("right password")).toMatchObject({ ok: true });
});

it("ends sessions when the password changes or the user is disabled", async () => {
  const admin = await db.user.create({
    data: { username: `admin-${userId}`, displayName: "admin", globalRoles: ["admin"] },
  });
  const actor = await loadActor(admin.id);
  if (!actor) throw new Error("no admin");
  const before = (await loadActor(userId))?.sessionVersion;
  await updateUser({ actor, username, password: "another password" });
  expect((await loadActor(userId))?.sessionVersion).toBe((before ?? 0) + 1);
  await updateUser({ actor, username, disabled: true });
  expect(await loadActor(userId)).toBeNull();
});

it("does not let anyone but an admin change people", async () => {
  const actor = await loadActor(userId);
  if (!actor) throw new Error("no user");
  await expect(updateUser({ actor, username, displayName: "x" })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
});
