import { createHmac, randomUUID } from "node:crypto";
import { expect, type Page, test } from "@playwright/test";
import { z } from "zod";
import { as, call } from "../api/caller.ts";
import { until } from "../support/api.ts";
import { signedIn } from "../support/browser.ts";

// From a push to a release order: the admin lets the Git host send, a developer writes a rule, a push makes a draft in
// the developer's name, and its tickets lead to where the owner has said they are.

const COMPONENT = "quote-api";
const REF = "release/11.3";
const dialogOf = (page: Page) => page.locator("[role=dialog]:not([data-type])");
const refsSchema = z.object({ items: z.array(z.object({ name: z.string(), commit: z.string() })) });
const rulesSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      component: z.string(),
      refPattern: z.string(),
      lastRelease: z.object({ number: z.string() }).nullable(),
    }),
  ),
});

const rules = async () => {
  const { status, json } = await call(as("dev"), "GET", "/projects/quotes/webhook-rules");
  return { status, body: rulesSchema.parse(json) };
};
const ours = ({ items }: z.infer<typeof rulesSchema>) =>
  items.find(({ component, refPattern }) => component === COMPONENT && refPattern === "release/*");
async function endRule(): Promise<void> {
  const rule = ours((await rules()).body);
  if (rule) await call(as("owner"), "DELETE", `/projects/quotes/webhook-rules/${rule.id}`);
}
async function setTickets(ticketPatterns: unknown[]): Promise<void> {
  const { json } = await call(as("owner"), "GET", "/projects/quotes");
  const { version } = z.object({ version: z.number() }).parse(json);
  await call(as("owner"), "PATCH", "/projects/quotes", { version, ticketPatterns });
}

let number = "";
test.beforeAll(async () => {
  await endRule();
  await setTickets([]);
});
test.afterAll(async () => {
  await endRule();
  await setTickets([]);
  if (number !== "") await call(as("dev"), "POST", `/releases/${number}/abandon`, {});
});

test("a push makes a draft by a rule, and its commits lead to their tickets", async ({ browser }) => {
  test.setTimeout(180_000);
  const { page: owner } = await signedIn(browser, "owner");
  const { page: dev } = await signedIn(browser, "dev");
  const { page: admin } = await signedIn(browser, "admin");
  let secret = "";

  await test.step("the owner says where tickets are, and sees it while typing", async () => {
    await owner.goto("/projects/quotes");
    await owner.getByRole("button", { name: "设置工单链接" }).click();
    const dialog = dialogOf(owner);
    await dialog.getByLabel("规则（正则表达式）").fill("(\\d+)+x");
    await expect(dialog.getByText("重复里不能再套不定长的重复")).toBeVisible();
    await dialog.getByLabel("规则（正则表达式）").fill("(QT-\\d+)");
    await dialog.getByLabel("链接地址").fill("https://jira.example.com/browse/$1");
    await expect(dialog.getByRole("link", { name: "QT-1821" })).toHaveAttribute(
      "href",
      "https://jira.example.com/browse/QT-1821",
    );
    await dialog.getByRole("button", { name: "保存" }).click();
    await expect(dialog).toBeHidden();
    await expect(owner.getByText("https://jira.example.com/browse/$1")).toBeVisible();
  });

  await test.step("the admin makes the webhook's secret, which is shown this once", async () => {
    await admin.goto("/settings/source-hosts");
    await admin.getByRole("button", { name: "Webhook" }).first().click();
    const dialog = dialogOf(admin).first();
    const renew = dialog.getByRole("button", { name: "更换密钥" });
    if (await renew.isVisible()) {
      await renew.click();
      await dialogOf(admin).last().getByRole("button", { name: "更换密钥" }).click();
    } else await dialog.getByRole("button", { name: "生成密钥" }).click();
    const shown = dialog.getByText(/^rfw_[\w-]{43}$/);
    await expect(shown).toBeVisible();
    secret = (await shown.textContent()) ?? "";
  });

  await test.step("a developer writes a rule in their own name", async () => {
    await dev.goto("/projects/quotes");
    await dev.getByRole("button", { name: "添加规则" }).click();
    const dialog = dialogOf(dev);
    await dialog.getByLabel("组件").click();
    await dev.getByRole("option", { name: COMPONENT }).click();
    await dialog.getByLabel("名称匹配").fill("release/*");
    await dialog.getByRole("button", { name: "添加规则" }).click();
    await expect(dialog).toBeHidden();
    await expect(dev.getByRole("row", { name: /release\/\*/ })).toContainText("尚未触发");
  });

  await test.step("a push makes a draft", async () => {
    const path = `/projects/quotes/components/${COMPONENT}/refs?search=${encodeURIComponent(REF)}`;
    const { json } = await call(as("dev"), "GET", path);
    const commit = refsSchema.parse(json).items.find(({ name }) => name === REF)?.commit ?? "";
    const text = JSON.stringify({
      ref: `refs/heads/${REF}`,
      // Two pushes never have the same body.
      before: randomUUID().replaceAll("-", "").padEnd(40, "0"),
      after: commit,
      head_commit: { id: commit, message: "QT-1821 单笔行情" },
      pusher: { name: "wang.haitao" },
      repository: { full_name: COMPONENT },
    });
    const send = (proof: string) =>
      call(null, "POST", "/webhooks/git", text, {
        "x-github-event": "push",
        "x-github-delivery": randomUUID(),
        "x-hub-signature-256": `sha256=${proof}`,
      });
    expect((await send(createHmac("sha256", "rfw_wrong").update(text).digest("hex"))).status).toBe(401);
    expect((await send(createHmac("sha256", secret).update(text).digest("hex"))).status).toBe(202);
    const made = await until("a draft", rules, (list) => ours(list)?.lastRelease != null);
    number = ours(made)?.lastRelease?.number ?? "";
    await dev.goto(`/releases/${number}`);
    await expect(dev.getByRole("heading", { level: 1 })).toHaveText(
      `${REF}@${commit.slice(0, 7)} QT-1821 单笔行情`,
    );
    await expect(dev.getByText("由推送自动创建：规则 分支 release/*，推送者 wang.haitao")).toBeVisible();
    await expect(dev.getByRole("link", { name: "查看推送记录" })).toHaveCount(0);
    const ticket = dev.getByRole("link", { name: /^QT-\d+$/ }).first();
    await expect(ticket).toHaveAttribute("href", /^https:\/\/jira\.example\.com\/browse\/QT-\d+$/);
    await expect(ticket).toHaveAttribute("rel", /noopener/);
  });

  await test.step("the admin sees what came and what it made", async () => {
    await admin.goto(`/releases/${number}`);
    await admin.getByRole("link", { name: "查看推送记录" }).click();
    await expect(dialogOf(admin).locator("tr[aria-selected=true]")).toContainText(number);
    await admin.goto("/settings/source-hosts");
    await admin.getByRole("button", { name: "Webhook" }).first().click();
    const dialog = dialogOf(admin).first();
    await expect(dialog.getByRole("link", { name: number })).toBeVisible();
    await expect(dialog.getByText("已建单").first()).toBeVisible();
    await expect(dialog.getByText(secret)).toHaveCount(0);
  });
});
