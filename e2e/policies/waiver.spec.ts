import { expect, type Page, test } from "@playwright/test";
import { z } from "zod";
import { as, call } from "../api/caller.ts";
import { approve, built, deployed, enter, leaveAll, planOf, throughFat, verdict } from "../api/flow.ts";
import { signedIn } from "../support/browser.ts";
import { freeEnvironments } from "../support/free.ts";

// What production asks of images, as people meet it: a plan that is refused for a vulnerability, an exception that
// somebody asks for and another person grants, and the plan without it again.

const COMPONENT = "tick-store";
const RULE = "CVE-2024-45491";
const OTHER = "CVE-2024-45492";
const dialogOf = (page: Page) => page.locator("[role=dialog]:not([data-type])");
const findings = (page: Page) =>
  page.locator("section.card").filter({ has: page.getByRole("heading", { name: "PROD 镜像策略" }) });
const rowOf = (page: Page, subject: string) =>
  findings(page).getByRole("listitem").filter({ hasText: subject });

let number = "";
test.beforeAll(async () => {
  test.setTimeout(400_000);
  await freeEnvironments("quotes");
  const components = await call(as("auditor"), "GET", "/projects/quotes/components");
  if (!JSON.stringify(components.json).includes(COMPONENT)) {
    process.stdout.write(`the demo has no ${COMPONENT}: no Python here\n`);
    return;
  }
  number = (await built(as("dev"), "quotes", COMPONENT, "豁免走查")).number;
  await throughFat(number);
  await enter(number, "STAGING");
  const { digest } = await planOf("ops", number, "STAGING");
  expect((await approve("ops2", digest)).status).toBeLessThan(300);
  await deployed("ops", digest);
  expect((await verdict("tester", number, "STAGING")).status).toBeLessThan(300);
});
test.afterAll(async () => {
  if (number === "") return;
  await leaveAll(number);
  const list = z.object({ items: z.array(z.object({ id: z.string(), release: z.string().nullable() })) });
  const { json } = await call(as("ops2"), "GET", "/waivers?view=granted&project=quotes&limit=200");
  for (const { id, release } of list.parse(json).items)
    if (release === number) expect((await call(as("ops2"), "DELETE", `/waivers/${id}`)).status).toBe(200);
});

/** Waits until the new plan is there: the old one's findings look alike. */
async function planAgain(page: Page): Promise<void> {
  const stale = page.getByText(/^预案生成之后有/);
  await expect(stale).toBeVisible();
  await page.getByRole("button", { name: "重新生成" }).first().click();
  await expect(stale).toBeHidden();
}

/** Asks in the open plan for one vulnerability to be let through. */
async function ask(page: Page, subject: string): Promise<void> {
  await rowOf(page, subject).getByRole("button", { name: "申请豁免" }).click();
  const dialog = dialogOf(page);
  await dialog.getByLabel("理由").fill("解析器不接收外部输入，下周随基础镜像升级");
  await dialog.getByRole("button", { name: "提交申请" }).click();
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, subject)).toContainText("豁免待审批");
}

test("a vulnerability stops a plan until another person lets it through, and again once that is taken back", async ({
  browser,
}) => {
  test.skip(number === "", "no Python, so no component with a critical vulnerability");
  const { page: dev } = await signedIn(browser, "dev");
  const { page: ops2 } = await signedIn(browser, "ops2");
  const plan = `/releases/${number}/plan/PROD`;

  await test.step("before it flows on, its page says that production would refuse it", async () => {
    await dev.goto(`/releases/${number}`);
    await expect(
      dev.locator('[data-stop="PROD"]').getByRole("link", { name: /镜像策略有 2 项不符合/ }),
    ).toBeVisible();
  });

  await test.step("the plan is refused, by name", async () => {
    await enter(number, "PROD");
    await dev.goto(plan);
    await expect(findings(dev)).toContainText("2 项不符合");
    await expect(rowOf(dev, RULE)).toContainText("libexpat1");
    await ops2.goto(plan);
    await expect(ops2.getByRole("button", { name: "同意…" })).toBeDisabled();
  });

  await test.step("its images come to production's own registry meanwhile", async () => {
    const copies = dev
      .locator("section.card")
      .filter({ has: dev.getByRole("heading", { name: "PROD 镜像同步" }) });
    await expect(copies).toContainText("已同步", { timeout: 60_000 });
    await expect(
      copies.getByText(/^从 127\.0\.0\.1:\d+ 到 127\.0\.0\.1:\d+\/quotes\/tick-store$/),
    ).toBeVisible();
  });

  await test.step("the developer asks for an exception, an operator grants it in the inbox", async () => {
    await ask(dev, RULE);
    await ask(dev, OTHER);
    await ops2.goto("/approvals");
    const waiting = ops2
      .locator("section.card")
      .filter({ has: ops2.getByRole("heading", { name: "待我审批的豁免" }) });
    for (const subject of [RULE, OTHER]) {
      const row = waiting.getByRole("listitem").filter({ hasText: number }).filter({ hasText: subject });
      await row.getByRole("button", { name: "同意" }).click();
      const dialog = dialogOf(ops2);
      await dialog.getByLabel("审批意见").fill("一周内升级");
      await dialog.getByRole("button", { name: "同意", exact: true }).click();
      await expect(dialog).toBeHidden();
      await expect(row).toBeHidden();
    }
  });

  await test.step("planned again, it names the exceptions and waits for approval alone", async () => {
    await dev.goto(plan);
    await planAgain(dev);
    await expect(findings(dev)).toContainText("2 项已豁免");
    await expect(rowOf(dev, RULE)).toContainText("下周随基础镜像升级");
    await ops2.goto(plan);
    await expect(ops2.getByRole("button", { name: "同意…" })).toBeEnabled();
  });

  await test.step("taken back, it is refused again", async () => {
    await ops2.goto("/waivers?view=granted");
    const row = ops2.getByRole("listitem").filter({ hasText: number }).filter({ hasText: RULE });
    await row.getByRole("button", { name: "收回" }).click();
    const dialog = dialogOf(ops2);
    await dialog.getByRole("button", { name: "收回", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(row).toBeHidden();
    await dev.goto(plan);
    await planAgain(dev);
    await expect(findings(dev)).toContainText("1 项不符合");
    await expect(rowOf(dev, RULE).getByRole("button", { name: "申请豁免" })).toBeVisible();
    await ops2.goto(plan);
    await expect(ops2.getByRole("button", { name: "同意…" })).toBeDisabled();
  });
});
