import { expect, test } from "@playwright/test";
import { api } from "../support/api.ts";
import { signedIn } from "../support/browser.ts";

// A developer raises a release order in the browser, and watches its build without touching the page again.

test("a developer creates and builds a release order in the browser", async ({ browser }) => {
  const { context, page } = await signedIn(browser, "dev");
  const asked: string[] = [];
  // The portal may have one of an earlier run.
  const title = `浏览器里建的发布单 ${Date.now()}`;

  await test.step("pick a component, and a tag by keyboard", async () => {
    await page.goto("/releases/new?project=quotes");
    await page.getByRole("checkbox", { name: "portal-web" }).check();
    const row = page.locator("[data-component=portal-web]");
    await expect(row.getByText("将冻结为")).toBeVisible();
    await row.getByRole("button", { name: /^portal-web 的代码/ }).click();
    await row.getByText(/^标签/).click();
    await row.getByRole("combobox").fill("v1.1.0");
    await expect(row.getByRole("option", { name: /v1\.1\.0/ })).toBeVisible();
    await row.getByRole("combobox").press("Enter");
    await expect(row.getByRole("button", { name: "portal-web 的代码：v1.1.0" })).toBeVisible();
  });

  await test.step("what is filled in survives a reload", async () => {
    await page.getByLabel("标题").fill(title);
    await page.reload();
    await expect(page.getByLabel("标题")).toHaveValue(title);
    await expect(page.getByRole("checkbox", { name: "portal-web" })).toBeChecked();
  });

  await test.step("a double click makes one release order", async () => {
    await page.getByRole("button", { name: "创建并构建" }).dblclick();
    await page.waitForURL(/\/releases\/\d{8}-quotes-\d+$/);
    const { body } = await api<{ items: { title: string }[] }>(
      "dev",
      "GET",
      `/releases?project=quotes&mine=true&q=${encodeURIComponent(title)}`,
    );
    expect(body.items).toHaveLength(1);
  });

  await test.step("the build ends on the page by itself", async () => {
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const build = page.locator('[data-stop="构建"]');
    await expect(build.locator('[data-state="built"]')).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole("table", { name: "发布项" }).getByText(/^sha256:/)).toBeVisible();
    // It queues where another order holds the environment; neither is a developer's to do.
    await expect(page.getByRole("button", { name: /^(流转到|排队进入) FAT$/ })).toBeDisabled();
    await expect(page.locator('[data-stop="FAT"]').getByText("等待测试或负责人")).toBeVisible();
  });

  await test.step("at rest the page asks for nothing", async () => {
    // Once what the registry's scanner finds has been told.
    await expect(async () => {
      asked.length = 0;
      await page.waitForTimeout(4000);
      expect(asked.filter((path) => path.startsWith("/api/v1/releases"))).toEqual([]);
    }).toPass({ timeout: 60_000 });
  });

  await test.step("the log of the build has its stages", async () => {
    await page.getByRole("link", { name: "portal-web 的构建" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "构建 portal-web" })).toBeVisible();
    await expect(page.getByRole("button", { name: /检出代码/ })).toBeVisible();
    await page.getByRole("button", { name: /推送镜像/ }).click();
    await expect(page.getByText("[Refract] stage: Push")).toBeVisible();
  });
  await context.close();
});
