import { expect, type Page, test } from "@playwright/test";
import { as } from "../api/caller.ts";
import { audited, built, enter, leaveAll, releaseOf } from "../api/flow.ts";
import { signedIn } from "../support/browser.ts";
import { freeEnvironments } from "../support/free.ts";

// A tester is asked before a release order moves: what moves from where to where, and what that does to the others.

const COMPONENT = "portal-web";
const dialogOf = (page: Page) => page.locator("[role=dialog]:not([data-type])");
const stop = (page: Page) => page.locator('[data-stop="FAT"]');
const stateOf = async (number: string) =>
  (await releaseOf(number)).stages.find(({ environment }) => environment === "FAT")?.state;

let first = "";
let second = "";
test.beforeAll(async () => {
  test.setTimeout(300_000);
  await freeEnvironments("quotes");
  first = (await built(as("dev"), "quotes", COMPONENT, "流转确认走查一")).number;
  second = (await built(as("dev"), "quotes", COMPONENT, "流转确认走查二")).number;
});
test.afterAll(async () => {
  for (const number of [second, first]) if (number !== "") await leaveAll(number);
});

test("moving into an environment is confirmed: by keyboard, once, and never over what somebody else did", async ({
  browser,
}) => {
  const { page, context } = await signedIn(browser, "tester");
  const { page: owner, context: theirs } = await signedIn(browser, "owner");
  const dialog = dialogOf(page);
  const button = stop(page).getByRole("button", { name: "流转到 FAT" });

  await test.step("the question names the order and the way; Escape gives the focus back", async () => {
    await page.goto(`/releases/${first}`);
    await button.click();
    await expect(dialog).toContainText(first);
    await expect(dialog).toContainText("由这张单占用");
    await expect(dialog.getByRole("button", { name: "确认流转" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(button).toBeFocused();
    expect(await stateOf(first)).toBe("waiting");
  });

  await test.step("while it is open, somebody else moves the order: it says so, and sends nothing", async () => {
    await owner.goto(`/releases/${first}`);
    await stop(owner).getByRole("button", { name: "流转到 FAT" }).click();
    await expect(dialogOf(owner).getByRole("button", { name: "确认流转" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(dialog.getByRole("button", { name: "确认流转" })).toBeEnabled();
    await dialogOf(owner).getByRole("button", { name: "确认流转" }).dblclick();
    await expect(dialogOf(owner)).toBeHidden();
    await expect(dialog.getByText(/^你打开之后，FAT 已变为/)).toBeVisible();
    await expect(dialog.getByRole("button", { name: "确认流转" })).toBeDisabled();
    await dialog.getByRole("button", { name: "取消" }).click();
    await expect(stop(page).getByRole("link", { name: /部署预案/ })).toBeVisible();
    expect(await audited(`${first}/FAT`, "stage.enter"), "a double click moves once").toBe(1);
  });

  await test.step("a held environment is queued for, and the queue is left, by confirmation", async () => {
    await page.goto(`/releases/${second}`);
    await stop(page).getByRole("button", { name: "排队进入 FAT" }).click();
    await expect(dialog).toContainText(`为 ${first} 占用`);
    await expect(dialog).toContainText("排到第 1 位");
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(stop(page).getByText("排队第 1 位").first()).toBeVisible();
    await stop(page).getByRole("button", { name: "退出排队" }).click();
    await expect(dialog).toContainText("要从队尾开始");
    await dialog.getByRole("button", { name: "退出排队" }).click();
    await expect(dialog).toBeHidden();
    await expect(stop(page).getByRole("button", { name: "排队进入 FAT" })).toBeVisible();
  });

  await test.step("leaving without a verdict says what becomes of the place", async () => {
    await page.goto(`/releases/${first}`);
    await page.getByRole("button", { name: "更多操作" }).click();
    await page.getByRole("menuitem", { name: "退出 FAT" }).click();
    await expect(dialog).toContainText("环境让给后来的发布单");
    await expect(dialog.getByRole("button", { name: "取消" })).toBeFocused();
    await dialog.getByRole("button", { name: "确认退出" }).click();
    await expect(dialog).toBeHidden();
    await expect.poll(() => stateOf(first)).toBe("superseded");
    await enter(second, "FAT");
  });
  await Promise.all([context.close(), theirs.close()]);
});
