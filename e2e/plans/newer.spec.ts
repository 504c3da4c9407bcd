import { expect, type Page, test } from "@playwright/test";
import { changeConfig } from "../api/flow.ts";
import { api } from "../support/api.ts";
import { signedIn } from "../support/browser.ts";
import { inFat } from "./in-fat.ts";

// Two people look at one plan; one of them plans again after the configuration changed. Nothing moves under the other.

/** The digest at the foot of a plan. */
const digestOf = (page: Page) => page.getByText(/^sha256:[0-9a-f]{4}…[0-9a-f]{4}$/).first();

test("a plan that somebody computed elsewhere is told of, and opened by a click alone", async ({
  browser,
}) => {
  const number = await inFat("quotes", "portal-web", "两人同看一份预案");
  const [ops, other] = [await signedIn(browser, "ops"), await signedIn(browser, "ops2")];
  const [page, second] = [ops.page, other.page];
  for (const who of [page, second]) {
    await who.goto(`/releases/${number}/plan/FAT`);
    await expect(who.getByText("没有阻断项")).toBeVisible();
  }
  const before = await digestOf(page).textContent();
  expect(await digestOf(second).textContent()).toBe(before);
  await page.getByRole("button", { name: "部署…" }).click();
  const dialog = page.getByRole("dialog", { name: "部署到 FAT" });
  await expect(dialog.getByRole("button", { name: "部署", exact: true })).toBeEnabled();

  const path = "/projects/quotes/components/portal-web/config/FAT";
  const { variables } = (await api<{ variables: Record<string, string> }>("owner", "GET", path)).body;
  await changeConfig("quotes", "portal-web", "FAT", { variables: { ...variables, PREVIEW_NOTE: number } });
  try {
    await second.getByRole("button", { name: "重新生成" }).first().click();
    await expect(second.getByText("已生成新的预案，请重新审阅")).toBeVisible();
    const after = await digestOf(second).textContent();
    expect(after).not.toBe(before);

    await test.step("an open dialog says so, and confirms nothing", async () => {
      await expect(dialog.getByText("你打开之后，这份预案已过时")).toBeVisible();
      await expect(dialog.getByRole("button", { name: "部署", exact: true })).toBeDisabled();
      await dialog.getByRole("button", { name: "取消" }).click();
    });

    await test.step("the page still shows what was read, says who made the newer one, and what differs", async () => {
      const notice = page.getByRole("status").filter({ hasText: "已有更新的预案" });
      await expect(notice).toContainText("配置 1 处");
      await expect(notice.getByText(/生成/)).toBeVisible();
      expect(await digestOf(page).textContent()).toBe(before);
      await expect(page.getByRole("button", { name: "部署…" })).toBeDisabled();
      await page.getByRole("button", { name: /^不能部署/ }).click();
      await expect(page.getByRole("link", { name: "查看新预案" })).toBeVisible();
      await page.keyboard.press("Escape");
    });

    await test.step("the click leads to it", async () => {
      await page.getByRole("button", { name: "查看新预案" }).click();
      await expect(digestOf(page)).toHaveText(after ?? "");
      await expect(page.getByText("已有更新的预案")).toHaveCount(0);
      await expect(page.getByRole("button", { name: "部署…" })).toBeEnabled();
    });
  } finally {
    await changeConfig("quotes", "portal-web", "FAT", { variables });
  }
  await Promise.all([ops.context.close(), other.context.close()]);
});
