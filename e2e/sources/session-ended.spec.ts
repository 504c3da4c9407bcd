import { generateKeyPairSync } from "node:crypto";
import { expect, type Page, test } from "@playwright/test";
import { z } from "zod";
import { as, call } from "../api/caller.ts";
import { signedIn } from "../support/browser.ts";
import { passwordOf } from "../support/state.ts";

// A session that ends while somebody fills in a form: signing in happens beside it, and nothing that was typed is lost.
// The Git host that is registered so has a token for its API beside its key, which is taken away again.

const dialogOf = (page: Page) => page.locator("[role=dialog]:not([data-type])");
const hostsSchema = z.object({ items: z.array(z.object({ key: z.string(), apiToken: z.boolean() })) });
const tokenOf = async (key: string) =>
  hostsSchema
    .parse((await call(as("admin"), "GET", "/source-hosts")).json)
    .items.find((host) => host.key === key)?.apiToken;

test("a form whose session has ended is sent after signing in beside it", async ({ browser }) => {
  const key = `zz-${Date.now().toString(36)}`;
  const { context, page } = await signedIn(browser, "admin");
  const { privateKey } = generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  await page.goto("/settings/source-hosts");
  const dialog = dialogOf(page);

  await test.step("what is typed stays when it is refused", async () => {
    await page.getByRole("button", { name: "登记 Git 服务器" }).first().click();
    await dialog.getByLabel("标识").fill(key);
    await dialog.getByLabel("名称").fill("Gitea");
    await dialog.getByLabel("主机", { exact: true }).fill(`${key}.invalid`);
    await dialog.getByText("Gitea", { exact: true }).click();
    await dialog.getByLabel("API 地址").fill(`https://${key}.invalid/api/v1`);
    await dialog.getByText("SSH 私钥", { exact: true }).click();
    await dialog.getByLabel("私钥", { exact: true }).fill(privateKey);
    await dialog
      .getByLabel("known_hosts")
      .fill(
        `${key}.invalid ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJtZ0T3kN0k0m1n2o3p4q5r6s7t8u9v0w1x2y3z4A5B6`,
      );
    await dialog.getByLabel("API 令牌").fill("t0ken");
    await context.clearCookies({ name: /session-token/ });
    await dialog.getByRole("button", { name: "登记", exact: true }).click();
    await expect(dialog.getByRole("alert")).toContainText("登录已失效");
    await expect(dialog.getByLabel("API 令牌")).toHaveValue("t0ken");
  });

  await test.step("signing in comes back to the same page, in a tab of its own", async () => {
    const opened = context.waitForEvent("page");
    await dialog.getByRole("link", { name: "在新标签页登录" }).click();
    const beside = await opened;
    await beside.locator("input[name=username]").fill("admin");
    await beside.locator("input[name=password]").fill(passwordOf("admin"));
    await beside.locator("button[type=submit]").click();
    await beside.waitForURL("**/settings/source-hosts");
    await beside.close();
  });

  await test.step("then the form is sent as it is", async () => {
    await page.bringToFront();
    await dialog.getByRole("button", { name: "登记", exact: true }).click();
    await expect(dialog).toBeHidden();
    expect(await tokenOf(key)).toBe(true);
  });

  await test.step("the token is taken away, the key stays", async () => {
    await expect(page.getByText(`${key}.invalid`, { exact: true })).toBeVisible();
    // By key, the last.
    await page.getByRole("button", { name: "修改" }).last().click();
    await expect(dialog).toContainText(key);
    await dialog.getByRole("checkbox", { name: "删除已保存的 API 令牌" }).click();
    await dialog.getByRole("button", { name: "保存" }).click();
    await expect(dialog).toBeHidden();
    expect(await tokenOf(key)).toBe(false);
  });
  await context.close();
});
