import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, loadActor } from "#lib/access/actor.ts";
import { makeWorld, type World } from "#lib/builds/testing/world.ts";
import { sourceHost } from "#lib/connections/git.ts";
import { db } from "#lib/db.ts";
import { openRoute } from "#lib/http/open-route.ts";
import { abandonRelease } from "#lib/releases/abandon.ts";
import { getRelease } from "#lib/releases/queries.ts";
import { listSourceHosts } from "#lib/source-hosts/queries.ts";
import { git } from "#sandbox/git/git.ts";
import { testDatabase } from "#scripts/testing/database.ts";
import { receiveWebhookApi } from "./api.ts";
import { listWebhookDeliveries } from "./queries.ts";
import { receiveWebhook } from "./receive.ts";
import { handleWebhookJob, unfinishedDeliveries } from "./reconcile.ts";
import { createWebhookRule, deleteWebhookRule, listWebhookRules } from "./rules.ts";
import { deliveryDetailSchema } from "./schema.ts";
import { dropWebhookSecret, setWebhookSecret } from "./secret.ts";

await testDatabase();
let world: World;
let admin: Actor;
let secret: string;
let main: string;
let gitUrl: string;

beforeAll(async () => {
  world = await makeWorld();
  const { id } = await db.user.create({
    data: { username: "admin", displayName: "admin", globalRoles: ["admin"] },
  });
  const loaded = await loadActor(id);
  if (!loaded) throw new Error("no admin");
  admin = loaded;
  ({ gitUrl } = await db.component.findFirstOrThrow({ where: { key: "quote-api" } }));
  await db.sourceHost.create({
    data: { key: "git", name: "Git", host: new URL(gitUrl).host, kind: "github" },
  });
  ({ secret } = await setWebhookSecret({ actor: admin, sourceHost: "git" }));
  main = (await git(["ls-remote", gitUrl, "refs/heads/main"])).slice(0, 40);
});
afterAll(() => world.close());

const receive = openRoute(receiveWebhookApi, ({ params, ...input }) =>
  receiveWebhook({ ...params, ...input }),
);
type Payload = Record<string, unknown>;
const push = (more: Payload = {}): Payload => ({
  ref: "refs/heads/main",
  // Two pushes never have the same body.
  before: randomBytes(20).toString("hex"),
  after: main,
  head_commit: { id: main, message: "QT-1836 行情响应带缓存时间\n\nmore" },
  pusher: { name: "wang" },
  repository: { full_name: "quote-api", clone_url: "http://127.0.0.1/quote-api.git" },
  ...more,
});

async function send(
  payload: unknown,
  more: { id?: string; secret?: string; host?: string; text?: string; type?: string } = {},
) {
  const text = more.text ?? JSON.stringify(payload);
  const proof = createHmac("sha256", more.secret ?? secret)
    .update(text)
    .digest("hex");
  const response = await receive(
    new Request("http://portal.example/api/v1/webhooks/git", {
      method: "POST",
      body: text,
      headers: {
        "content-type": more.type ?? "application/json",
        "x-github-event": "push",
        "x-github-delivery": more.id ?? randomUUID(),
        "x-hub-signature-256": `sha256=${proof}`,
      },
    }),
    { params: Promise.resolve({ sourceHost: more.host ?? "git" }) },
  );
  return { status: response.status, headers: response.headers, body: await response.json() };
}
/** What was refused since it was asked for last, the oldest first. */
async function refusals(): Promise<string[]> {
  const where = { outcome: "refused", repository: "" };
  const rows = await db.webhookDelivery.findMany({ where, orderBy: { id: "asc" } });
  await db.webhookDelivery.deleteMany({ where });
  return rows.map(({ detail, event }) => `${deliveryDetailSchema.parse(detail).reason} ${event}`);
}
const look = (id: string) => handleWebhookJob(id, AbortSignal.timeout(60_000));
const stored = (id: string) => db.webhookDelivery.findUniqueOrThrow({ where: { id } });
async function deliver(payload: Payload) {
  const { body } = await send(payload);
  await look(body.delivery);
  return stored(body.delivery);
}
const rule = async (who: "dev" | "owner", more: object = {}) => {
  const actor = await world.actor(who);
  const asked = { component: "quote-api", event: "push" as const, refPattern: "main", build: false, ...more };
  const { items } = await createWebhookRule({ actor, project: "quotes", ...asked });
  const made = items.at(-1);
  if (!made) throw new Error("no rule");
  return made;
};
const end = async (id: string) =>
  deleteWebhookRule({ actor: await world.actor("owner"), project: "quotes", rule: id });

describe("who is believed", () => {
  test("nobody without the right secret, all in the same words", async () => {
    const answers = [
      await send(push(), { secret: "rfw_another" }),
      await send(push(), { host: "nowhere" }),
      await send(null, { text: "no json at all", secret: "rfw_another" }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      expect({ ...body, requestId: "" }).toEqual({ ...answers[0]?.body, requestId: "" });
    }
    // Of a host that is there the admin sees that something came, and why it counts for nothing.
    expect(await refusals()).toEqual(["PROOF push", "PROOF push"]);
  });

  test("not with a body that is huge, no JSON, or no object", async () => {
    const huge = `{"a":"${"x".repeat(3 * 1024 * 1024)}"}`;
    expect((await send(null, { text: huge })).status).toBe(400);
    expect((await send(null, { text: huge, host: "nowhere" })).status).toBe(400);
    expect((await send(null, { text: "{" })).status).toBe(400);
    expect((await send(null, { text: "[1]" })).status).toBe(400);
    expect((await send({ ref: "a\u0000b" })).status).toBe(400);
    expect(
      (await send(null, { text: "payload=%7B%7D", type: "application/x-www-form-urlencoded" })).status,
    ).toBe(400);
    expect(await refusals()).toEqual(["SIZE push", ...Array(4).fill("BODY push")]);
  });

  test("what is not believed is listed so many times, and neither counts nor keeps the sender's next one out", async () => {
    await db.loginThrottle.deleteMany();
    const id = randomUUID();
    for (let index = 0; index < 25; index += 1) await send(push(), { id, secret: "rfw_another" });
    expect(await db.webhookDelivery.count({ where: { outcome: "refused", repository: "" } })).toBe(20);
    const { items } = await listSourceHosts(admin);
    expect(items.find(({ key }) => key === "git")?.lastDeliveryAt).toBeNull();
    expect((await send(push({ ref: "refs/notes/x" }), { id })).status).toBe(202);
    await db.webhookDelivery.deleteMany();
    await db.loginThrottle.deleteMany();
  });

  test("a new secret ends the former one, and without any nobody is believed", async () => {
    const former = secret;
    ({ secret } = await setWebhookSecret({ actor: admin, sourceHost: "git" }));
    expect((await send(push(), { secret: former })).status).toBe(401);
    expect((await send(push({ ref: "refs/notes/x" }))).status).toBe(202);
    await dropWebhookSecret({ actor: admin, sourceHost: "git" });
    expect((await send(push())).status).toBe(401);
    expect(await refusals()).toEqual(["PROOF push", "NO_SECRET push"]);
    const answer = await setWebhookSecret({ actor: admin, sourceHost: "git" });
    expect(answer.url).toMatch(/\/api\/v1\/webhooks\/git$/);
    ({ secret } = answer);
    const told = JSON.stringify(
      [await db.auditEntry.findMany(), await db.sourceHost.findMany()],
      (_, value) => (typeof value === "bigint" ? String(value) : value),
    );
    expect(told).not.toContain(secret);
    const dev = await world.actor("dev");
    await expect(setWebhookSecret({ actor: dev, sourceHost: "git" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  });
});

describe("a host that sends too much", () => {
  test("is told when to go on; what it sends again is taken then, and what is known counts for nothing", async () => {
    const id = randomUUID();
    const { body } = await send(push({ ref: "refs/notes/x" }), { id });
    const { id: hostId } = await db.sourceHost.findUniqueOrThrow({ where: { key: "git" } });
    const key = `webhook:${hostId}`;
    await db.loginThrottle.update({ where: { key }, data: { failures: 298 } });
    const late = randomUUID();
    const answers = [];
    for (const next of [randomUUID(), randomUUID(), late])
      answers.push(await send(push({ ref: "refs/notes/x" }), { id: next }));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 429]);
    const wait = Number(answers[2]?.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(answers[2]?.body).toMatchObject({ code: "THROTTLED", facts: { seconds: wait } });
    expect(await refusals()).toEqual(["THROTTLED push"]);
    // Known already: the same answer as before.
    expect(await send(push({ ref: "refs/notes/x" }), { id })).toMatchObject({ status: 202, body });
    // Whoever does not know the secret is not told how busy the host is.
    expect((await send(push(), { secret: "rfw_another" })).status).toBe(401);
    await db.loginThrottle.updateMany({
      where: { key },
      data: { lockedUntil: new Date(0), windowStart: new Date(0) },
    });
    expect((await send(push({ ref: "refs/notes/x" }), { id: late })).status).toBe(202);
    expect(await db.loginThrottle.findUnique({ where: { key } })).toMatchObject({ failures: 1 });
  });
});

describe("a delivery", () => {
  test("is kept once, however often and however many at a time it comes", async () => {
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(push(), { id })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.delivery}`)).size).toBe(1);
    expect(await db.webhookDelivery.count({ where: { deliveryId: id } })).toBe(1);
    const delivery = answers[0]?.body.delivery;
    expect(await unfinishedDeliveries()).toContain(delivery);
    await look(delivery);
    expect(await stored(delivery)).toMatchObject({ outcome: "ignored", detail: { reason: "NO_RULE" } });
    expect(await unfinishedDeliveries()).not.toContain(delivery);
    expect((await send(push(), { id })).body.delivery).toBe(delivery);
  });

  test.each(["github", "gitea", "gitlab"] as const)(
    "of %s that was captured and comes again under another id",
    async (sender) => {
      await refusals();
      const { id: hostId } = await db.sourceHost.create({
        data: { key: sender, name: sender, host: `${sender}.example`, kind: sender },
      });
      const own = (await setWebhookSecret({ actor: admin, sourceHost: sender })).secret;
      const text = JSON.stringify(push());
      const hash = createHmac("sha256", own).update(text).digest("hex");
      const proofs: Record<typeof sender, Record<string, string>> = {
        github: { "x-github-event": "push", "x-hub-signature-256": `sha256=${hash}` },
        gitea: { "x-gitea-event": "push", "x-gitea-signature": hash },
        gitlab: { "x-gitlab-event": "Push Hook", "x-gitlab-token": own },
      };
      const name = { github: "x-github-delivery", gitea: "x-gitea-delivery", gitlab: "x-gitlab-event-uuid" }[
        sender
      ];
      const post = async (id: string, body = text) => {
        const request = new Request("http://portal.example/", {
          method: "POST",
          body,
          headers: { ...proofs[sender], [name]: id },
        });
        const response = await receive(request, { params: Promise.resolve({ sourceHost: sender }) });
        return { status: response.status, body: await response.json() };
      };
      const first = await Promise.all(["one", "two", "three"].map((id) => post(id)));
      expect(first.map(({ status }) => status)).toEqual([202, 202, 202]);
      const [kept] = first;
      const again = await post("four");
      expect(again.status).toBe(202);
      const taken = await db.webhookDelivery.count({ where: { hostId, outcome: { not: "refused" } } });
      if (sender === "gitlab") {
        // It sends the secret itself: whoever saw a delivery need not repeat it, and may write another.
        expect(taken).toBe(4);
        expect(await refusals()).toEqual([]);
      } else {
        expect(taken).toBe(1);
        expect(again.body).toEqual(kept?.body);
        // Of those at the same moment the later ones may be told by the list, or not.
        expect(new Set(await refusals())).toEqual(new Set(["REPEATED push"]));
        // The same one under its own id is sent again by the Git host: the same answer, and nothing to say.
        const { deliveryId } = await stored(kept?.body.delivery);
        expect(await post(deliveryId)).toEqual(kept);
        expect(await refusals()).toEqual([]);
        expect((await post("five", JSON.stringify(push()))).status).toBe(401);
        await db.webhookDelivery.deleteMany({ where: { deliveryId: { startsWith: "refused:" } } });
      }
      await db.sourceHost.delete({ where: { id: hostId } });
    },
  );

  test("of a branch that is gone makes nothing", async () => {
    const { id } = await rule("dev", { build: true });
    const { body } = await send(push({ deleted: true, after: "0".repeat(40), head_commit: null }));
    expect(await stored(body.delivery)).toMatchObject({ outcome: "ignored", detail: { reason: "DELETED" } });
    await end(id);
  });
});

describe("a rule", () => {
  test("that builds makes an order at the pushed commit, once, in its writer's name", async () => {
    const made = await rule("dev", { build: true, refPattern: "ma*" });
    // The branch has moved on since: what was pushed is built.
    const { items } = await sourceHost("quotes").commits({ gitUrl, ref: "main", limit: 2 });
    const before = items[1]?.commit ?? "";
    const about = push({ after: before, head_commit: { id: before, message: "QT-1800 earlier" } });
    const delivery = await deliver(about);
    expect(delivery).toMatchObject({ outcome: "created" });
    const release = await db.release.findFirstOrThrow({
      where: { deliveryId: delivery.id },
      include: { items: true, createdBy: true },
    });
    expect(release).toMatchObject({
      title: `main@${before.slice(0, 7)} QT-1800 earlier`,
      state: "building",
      ruleId: made.id,
      createdBy: { username: "dev" },
      items: [{ ref: "main", commit: before }],
    });
    // A worker that died after the order was there, and before it said so.
    await db.webhookDelivery.update({ where: { id: delivery.id }, data: { outcome: "received" } });
    await Promise.all([look(delivery.id), look(delivery.id)]);
    await look(delivery.id);
    expect(await db.release.count({ where: { ruleId: made.id } })).toBe(1);
    // The same commit again, by another delivery: no news.
    expect(await deliver({ ...about, before: "f".repeat(40) })).toMatchObject({
      outcome: "ignored",
      detail: { rules: [{ code: "SAME_COMMIT", release: release.number }] },
    });
    const audit = await db.auditEntry.findFirstOrThrow({
      where: { action: "release.create", subjectId: release.number },
    });
    expect(audit).toMatchObject({ actorName: "dev", data: { webhook: "git", rule: made.id } });
    const rules = await listWebhookRules(await world.actor("tester"), "quotes");
    expect(rules.items).toMatchObject([
      { id: made.id, holds: true, listens: true, lastRelease: { number: release.number }, mayDelete: false },
    ]);
    const origin = { event: "push", refPattern: "ma*", pusher: "wang", delivery: null };
    expect((await getRelease(await world.actor("tester"), release.number)).origin).toMatchObject(origin);
    await end(made.id);
  });

  test("that drafts keeps one open draft of a branch, also when two pushes come at once", async () => {
    const made = await rule("owner");
    const sent = await Promise.all(
      ["one", "two", "three"].map((message) => send(push({ head_commit: { id: main, message } }))),
    );
    const ids = sent.map(({ body }) => String(body.delivery));
    for (let round = 0; round < 20 && (await unfinishedDeliveries()).length > 0; round += 1) {
      await Promise.all(ids.map(look));
    }
    const outcomes = (await Promise.all(ids.map(stored))).map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual(["created", "updated", "updated"]);
    const draft = await db.release.findFirstOrThrow({ where: { ruleId: made.id }, include: { items: true } });
    expect(draft).toMatchObject({ state: "draft", items: [{ ref: "main", commit: null }] });
    expect(draft.title).toMatch(new RegExp(`^main@${main.slice(0, 7)} (one|two|three)$`));
    // Given up, it is open no more: the next push makes another.
    await abandonRelease({ actor: await world.actor("owner"), number: draft.number });
    expect(await deliver(push())).toMatchObject({ outcome: "created" });
    expect(await db.release.count({ where: { ruleId: made.id } })).toBe(2);
    await end(made.id);
  });

  test("of somebody who has lost the right makes nothing and says so", async () => {
    const made = await rule("dev", { build: true });
    const dev = await db.user.findUniqueOrThrow({ where: { username: "dev" } });
    const { projectId } = await db.webhookRule.findUniqueOrThrow({ where: { id: made.id } });
    await db.membership.updateMany({ where: { userId: dev.id }, data: { role: "tester" } });
    expect(await deliver(push())).toMatchObject({
      outcome: "refused",
      detail: { rules: [{ code: "WRITER_LOST_RIGHT", release: null }] },
    });
    const { items } = await listWebhookRules(admin, "quotes");
    expect(items.find(({ id }) => id === made.id)).toMatchObject({ holds: false });
    await db.membership.deleteMany({ where: { userId: dev.id } });
    expect(await deliver(push())).toMatchObject({ detail: { rules: [{ code: "WRITER_LOST_RIGHT" }] } });
    await db.user.update({ where: { id: dev.id }, data: { disabledAt: new Date() } });
    expect(await deliver(push())).toMatchObject({ detail: { rules: [{ code: "WRITER_GONE" }] } });
    await db.user.update({ where: { id: dev.id }, data: { disabledAt: null } });
    await db.membership.create({ data: { userId: dev.id, projectId, role: "developer" } });
    expect(await db.release.count({ where: { ruleId: made.id } })).toBe(0);
    expect(await deliver(push())).toMatchObject({ outcome: "created" });
    await end(made.id);
  });

  test("a commit that is not there is refused, and a Git host that does not answer asked again", async () => {
    const made = await rule("owner", { build: true });
    const gone = "d".repeat(40);
    expect(await deliver(push({ after: gone, head_commit: { id: gone, message: "x" } }))).toMatchObject({
      outcome: "refused",
      detail: { rules: [{ code: "REF_NOT_FOUND" }] },
    });
    const component = await db.component.findFirstOrThrow({ where: { key: "quote-api" } });
    const nobody = "http://127.0.0.1:9/quote-api.git";
    await db.component.update({ where: { id: component.id }, data: { gitUrl: nobody } });
    const { body } = await send(push());
    expect(await look(body.delivery)).toBe(30);
    expect(await stored(body.delivery)).toMatchObject({ outcome: "received" });
    await db.webhookDelivery.update({
      where: { id: body.delivery },
      data: { receivedAt: new Date(Date.now() - 2 * 3_600_000) },
    });
    await db.webhookRule.update({ where: { id: made.id }, data: { createdAt: new Date(0) } });
    expect(await look(body.delivery)).toBeNull();
    expect(await stored(body.delivery)).toMatchObject({
      outcome: "refused",
      detail: { rules: [{ code: "GIT_UNREACHABLE" }] },
    });
    await db.component.update({ where: { id: component.id }, data: { gitUrl: component.gitUrl } });
    await end(made.id);
  });

  test("is for its branches, its events and its repository only", async () => {
    const made = await rule("owner", { refPattern: "release/*" });
    const other = await rule("owner", { component: "portal-web" });
    expect(await deliver(push())).toMatchObject({ detail: { reason: "NO_RULE" } });
    expect(await deliver(push({ ref: "refs/tags/release/1" }))).toMatchObject({
      event: "tag",
      detail: { reason: "NO_RULE" },
    });
    await end(made.id);
    await end(other.id);
  });

  test("makes no more than thirty orders in ten minutes", async () => {
    const made = await rule("owner", { refPattern: "*", build: true });
    const { id: projectId } = await db.project.findFirstOrThrow({ where: { key: "quotes" } });
    const createdById = (await world.actor("owner")).id;
    await db.release.createMany({
      data: Array.from({ length: 30 }, (_, index) => ({
        ...{ number: `by-rule-${index}`, projectId, title: "t", createdById, ruleId: made.id },
      })),
    });
    expect(await deliver(push())).toMatchObject({
      outcome: "refused",
      detail: { rules: [{ code: "RULE_BUSY", release: null }] },
    });
    await db.release.updateMany({ where: { ruleId: made.id }, data: { createdAt: new Date(0) } });
    expect(await deliver(push())).toMatchObject({ outcome: "created" });
    await end(made.id);
  });

  test("a tag makes an order too", async () => {
    const made = await rule("owner", { event: "tag", refPattern: "v*" });
    const delivery = await deliver(push({ ref: "refs/tags/v1.0.0", after: "e".repeat(40) }));
    expect(delivery).toMatchObject({ outcome: "created", event: "tag" });
    await end(made.id);
  });

  test("is written by who may raise orders, once, and ended by its writer or an owner", async () => {
    const tester = await world.actor("tester");
    const asked = { component: "quote-api", event: "push" as const, refPattern: "main", build: false };
    await expect(createWebhookRule({ actor: tester, project: "quotes", ...asked })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const made = await rule("owner");
    await expect(rule("dev")).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(rule("dev", { component: "nothing" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    const dev = await world.actor("dev");
    await expect(deleteWebhookRule({ actor: dev, project: "quotes", rule: made.id })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    expect((await end(made.id)).items).toEqual([]);
    await expect(end(made.id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("what came is listed for admins, newest first, page by page", async () => {
    const dev = await world.actor("dev");
    await expect(listWebhookDeliveries(dev, { sourceHost: "git", limit: 5 })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    const first = await listWebhookDeliveries(admin, { sourceHost: "git", limit: 1 });
    expect(first.items).toMatchObject([{ outcome: "created", repository: "quote-api", pusher: "wang" }]);
    const next = await listWebhookDeliveries(admin, {
      sourceHost: "git",
      limit: 200,
      cursor: first.nextCursor ?? undefined,
    });
    expect(next.items.length + 1).toBe(await db.webhookDelivery.count());
  });
});
