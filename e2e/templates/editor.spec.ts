import { expect, test } from "@playwright/test";
import { api } from "../support/api.ts";
import { signedIn } from "../support/browser.ts";

// The editor shows what a text comes to before it is saved, and does not lose it to a colleague's version.

type Template = { id: string; version: number; body: string; environment: string };

test("a mistake shows at its line, a colleague's version is settled, the text is saved", async ({
  browser,
}) => {
  const listed = await api<{ items: Template[] }>("ops", "GET", "/templates?project=quotes&environment=FAT");
  const source = listed.body.items[0];
  if (!source) throw new Error("no template");
  const { body: whole } = await api<Template>("ops", "GET", `/templates/${source.id}`);
  const made = await api<Template>("ops", "POST", "/templates", {
    name: `走查 ${Date.now()}`,
    environment: "FAT",
    project: "quotes",
    component: "tick-store",
    body: whole.body,
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const template = made.body;

  const { context, page } = await signedIn(browser, "ops");
  const save = page.getByRole("button", { name: /^保存为/ });
  await page.goto(`/templates/${template.id}?project=quotes`);
  const editor = page.getByRole("textbox", { name: "模板" });
  await expect(page.getByText("占位符都有定义，渲染成功")).toBeVisible();
  await expect(save).toBeDisabled();

  await test.step("an undefined name is told with its line; undo heals it", async () => {
    await editor.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText("# {{ componet.key }}\n");
    await expect(page.getByText("渲染失败")).toBeVisible();
    await expect(page.getByRole("button", { name: "第 1 行" })).toBeVisible();
    await expect(save).toBeDisabled();
    await page.keyboard.press("Control+z");
    await expect(page.getByText("占位符都有定义，渲染成功")).toBeVisible();
  });

  await test.step("a version saved meanwhile does not swallow what was typed", async () => {
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText("# 我的说明\n");
    const theirs = await api("owner", "PUT", `/templates/${template.id}`, {
      version: template.version,
      body: `${template.body}\n# 同事的说明\n`,
      comment: "同事先保存",
    });
    expect(theirs.status, JSON.stringify(theirs.body)).toBe(200);
    await save.click();
    await page
      .getByRole("dialog", { name: /^保存为/ })
      .getByRole("button", { name: /^保存 v/ })
      .click();
    await page.getByRole("button", { name: "取消" }).click();
    await expect(page.getByText(/已保存 v2/)).toBeVisible();
    await page.getByRole("button", { name: "在新版本上保留我的" }).click();
    await expect(editor).toContainText("我的说明");
  });

  await test.step("saving makes the next version", async () => {
    await save.click();
    const dialog = page.getByRole("dialog", { name: "保存为 v3" });
    await dialog.getByLabel("说明").fill("加一行说明");
    await dialog.getByRole("button", { name: "保存 v3" }).click();
    await expect(page.getByText("已保存为 v3")).toBeVisible();
    await expect(page.getByRole("button", { name: /^v3/ })).toContainText("加一行说明");
  });
  await context.close();
});
