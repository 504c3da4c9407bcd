import { expect, type Page, test } from "@playwright/test";
import { ownProject } from "../deployments/own-project.ts";
import { signedIn } from "../support/browser.ts";

// An operator chooses in the config how a component goes out; the plan tells the steps, and the deployment waits for
// the person that the canary asks for.

const LONG = { timeout: 120_000 };
const shown = (page: Page, text: string | RegExp) => page.getByText(text).first();

test("a canary is chosen, planned, tried and let through", async ({ browser }) => {
  test.setTimeout(300_000);
  const { key, release, deploy } = await ownProject(1);
  const { page } = await signedIn(browser, "ops");
  await page.goto(`/deployments/${await deploy(await release("v2.0.0"))}`);
  await expect(page.getByRole("main").getByText("成功", { exact: true }).first()).toBeVisible(LONG);

  await test.step("the config takes steps that grow, and a check with a name", async () => {
    await page.goto(`/projects/${key}/components/quote-api`);
    await page.getByRole("button", { name: "FAT 发布方式" }).click();
    const dialog = page.getByRole("dialog", { name: "FAT 发布方式" });
    await dialog.getByText("金丝雀", { exact: true }).click();
    const share = dialog.getByRole("textbox", { name: "第 1 步 流量占比" });
    await share.fill("60");
    await expect(dialog.getByRole("alert")).toHaveText("占比须在 1–50 之间，且逐步增大");
    await expect(dialog.getByRole("button", { name: "采用" })).toBeDisabled();
    await share.fill("20");
    await dialog.getByRole("button", { name: "删除第 2 步" }).click();
    await expect(dialog.getByText("实占约 50%")).toBeVisible();
    await dialog.getByRole("button", { name: "采用" }).click();

    await page.getByRole("button", { name: "FAT 冒烟检查" }).click();
    const checks = page.getByRole("dialog", { name: "FAT 冒烟检查" });
    await checks.getByRole("button", { name: "添加检查" }).click();
    await expect(checks.getByRole("alert")).toHaveText("请填写名称，最长 60 个字");
    await checks.getByRole("textbox", { name: "名称" }).fill("能访问");
    await checks.getByRole("button", { name: "采用" }).click();
    await expect(shown(page, "FAT 有 2 处修改")).toBeVisible();
    await page.getByRole("button", { name: "保存 FAT 配置" }).click();
    await expect(shown(page, "FAT 配置已保存")).toBeVisible();
    await page.getByRole("button", { name: "FAT 修改记录" }).click();
    await page.getByRole("button", { name: /^v1/ }).click();
    await expect(shown(page, "percent: 20")).toBeVisible();
  });

  const number = await release("main");
  await test.step("the plan tells every step", async () => {
    await page.goto(`/releases/${number}/plan/FAT`);
    await expect(shown(page, "发布方式与步骤")).toBeVisible(LONG);
    await expect(shown(page, "20%（等人确认） → 全量")).toBeVisible();
    await expect(shown(page, "quote-api 20%，1 个 Pod")).toBeVisible();
  });

  await test.step("it waits for a person, then the whole goes out", async () => {
    await page.goto(`/deployments/${await deploy(number)}`);
    const go = page.getByRole("button", { name: /放行|确认|继续/ }).first();
    await expect(go).toBeVisible(LONG);
    await go.click();
    await expect(page.getByRole("main").getByText("成功", { exact: true }).first()).toBeVisible(LONG);
  });
});
