import { expect, test } from "@playwright/test";
import { signedIn } from "../support/browser.ts";
import { inFat } from "./in-fat.ts";

// A plan is made by opening its page, read part by part, carried out; the deployment's page follows it by itself.

test("a plan is made, read and carried out in the browser", async ({ browser }) => {
  const number = await inFat("quotes", "portal-web");
  const { context, page } = await signedIn(browser, "ops");
  const digest = page.getByText(/^sha256:[0-9a-f]{4}…[0-9a-f]{4}$/).first();

  await test.step("opening the page computes the first plan", async () => {
    await page.goto(`/releases/${number}/plan/FAT`);
    await expect(page.getByRole("heading", { name: "部署到 FAT" })).toBeVisible();
    await expect(page.getByRole("heading", { name: "将要发生的改动" })).toBeVisible();
    await expect(page.getByText("没有阻断项")).toBeVisible();
  });

  await test.step("what was read stays ticked, and planning again comes to the same", async () => {
    await page.getByRole("checkbox", { name: "已看" }).first().check();
    await expect(page.getByText(/^已看 1 \//)).toBeVisible();
    const before = await digest.textContent();
    await page.getByRole("button", { name: "重新生成" }).click();
    await expect(page.getByText("已重新核对，预案没有变化")).toBeVisible();
    expect(await digest.textContent()).toBe(before);
    await page.reload();
    await expect(page.getByText(/^已看 1 \//)).toBeVisible();
  });

  await test.step("search leaves the objects that hold the text", async () => {
    await page.getByLabel("在改动中查找").fill("没有这样的内容");
    await expect(page.getByText("没有符合条件的改动")).toBeVisible();
    await page.getByLabel("在改动中查找").fill("portal-web");
    await expect(page.locator("article").first()).toBeVisible();
  });

  await test.step("the deployment goes on by events alone", async () => {
    await page.getByRole("button", { name: "部署…" }).click();
    await page
      .getByRole("dialog", { name: "部署到 FAT" })
      .getByRole("button", { name: "部署", exact: true })
      .click();
    await page.waitForURL(/\/deployments\/[0-9a-f-]{36}$/);
    await expect(
      page.getByRole("heading", { level: 1 }).locator("..").locator("[data-state=succeeded]"),
    ).toBeVisible({
      timeout: 120_000,
    });
    await expect(page.getByText("部署成功")).toBeVisible();
  });

  await test.step("the environment shows it, with the pod's log", async () => {
    await page.goto("/environments/quotes/FAT");
    await expect(page.getByText(number).filter({ visible: true }).first()).toBeVisible();
    await page.locator('section[aria-label$="portal-web"] li button').first().click();
    await expect(page.getByRole("region", { name: /的日志$/ })).toContainText("serves");
  });
  await context.close();
});

test("buttons that are off say why, and who can lift it", async ({ browser }) => {
  const number = await inFat("quotes", "portal-web");
  const { context, page } = await signedIn(browser, "tester");
  await page.goto(`/releases/${number}/plan/FAT`);
  await expect(page.getByRole("button", { name: "部署…" })).toBeDisabled();
  await page.getByRole("button", { name: /^不能部署/ }).click();
  await expect(page.getByRole("dialog", { name: /^不能部署/ })).toContainText("运维");
  await context.close();
});
