import { expect, test } from "@playwright/test";
import { as, call } from "../api/caller.ts";
import { signedIn } from "../support/browser.ts";

// The bases of the demo: the public one has moved on, so the business bases on it are behind.

const KEY = `walk-${Date.now().toString(36)}`;
test.afterAll(async () => {
  await call(as("admin"), "DELETE", `/base-images/${KEY}`);
});

test("everybody reads which base is behind; admins register, look and remove", async ({ browser }) => {
  const reader = await signedIn(browser, "dev");
  await reader.page.goto("/base-images?base=node-24");
  const tree = reader.page.getByRole("table", { name: "层级" });
  await expect(tree.getByRole("row").filter({ hasText: "public/debian:12" })).toContainText("公共镜像");
  await expect(tree.getByRole("row").filter({ hasText: "base/node:24" })).toContainText("已有新版本");
  await expect(reader.page.getByText("它自己也该重建：Debian 12 已有新版本")).toBeVisible();
  await expect(reader.page.getByRole("button", { name: "登记基础镜像" })).toHaveCount(0);
  await reader.context.close();

  const { context, page } = await signedIn(browser, "admin");
  await page.goto("/base-images");
  await page.getByRole("button", { name: "登记基础镜像" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("标识").fill(KEY);
  await form.getByLabel("名称").fill("走查用的基础镜像");
  await form.getByLabel("路径").fill("base/static");
  await form.getByLabel("标签").fill("no-such-tag");
  await form.getByRole("button", { name: "登记" }).click();
  await expect(form).toHaveCount(0);
  await page.goto(`/base-images?base=${KEY}`);
  await expect(page.getByText("镜像仓库里没有这个标签")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "移除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "移除" }).click();
  await expect(page.getByText("走查用的基础镜像")).toHaveCount(0);
  await context.close();
});

test("a private key that is pasted is refused before it is sent", async ({ browser }) => {
  const { context, page } = await signedIn(browser, "admin");
  await page.goto("/settings/signing-keys");
  await expect(page.getByRole("row").filter({ hasText: "build-server" })).toContainText("有效");
  await page.getByRole("button", { name: "登记公钥" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("标识").fill("leaked");
  await form.getByLabel("名称").fill("不该出现的密钥");
  await form
    .getByLabel("公钥（PEM）")
    .fill("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----");
  await expect(form.getByText(/^这是私钥/)).toBeVisible();
  await expect(form.getByRole("button", { name: "登记" })).toBeDisabled();
  const sent = await call(as("admin"), "POST", "/signing-keys", {
    key: "leaked",
    name: "x",
    publicKey: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
  });
  expect(sent.status).toBe(409);
  expect(JSON.stringify(sent.json)).toContain("PRIVATE_KEY");
  await context.close();
});
