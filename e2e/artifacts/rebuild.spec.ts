import { expect, test } from "@playwright/test";
import { pushNewerNode } from "#sandbox/registry/base-images.ts";
import { as, call } from "../api/caller.ts";
import { built, deployed, enter, leaveAll, planOf, verdict } from "../api/flow.ts";
import { signedIn } from "../support/browser.ts";
import { freeEnvironments } from "../support/free.ts";
import { portalState } from "../support/state.ts";

// A business base moves on: what passed on the version before is behind, and is rebuilt from the same commit.

const COMPONENT = "risk-check";
let number = "";
const raised: string[] = [];
test.beforeAll(async () => {
  test.setTimeout(300_000);
  await freeEnvironments("quotes");
  number = (await built(as("dev"), "quotes", COMPONENT, "基础镜像走查")).number;
  await enter(number, "FAT");
  await deployed("ops", (await planOf("ops", number, "FAT")).digest);
  expect((await verdict("tester", number, "FAT")).status).toBeLessThan(300);
});
test.afterAll(async () => {
  await leaveAll(number);
  for (const order of raised) await call(as("dev"), "POST", `/releases/${order}/abandon`, {});
});

test("what is behind a new base version is rebuilt, once", async ({ browser }) => {
  test.setTimeout(180_000);
  const { context, page } = await signedIn(browser, "dev");
  await page.goto("/base-images?base=node-24");
  const components = page.getByRole("table", { name: "构建在它之上的组件" });
  const row = components.getByRole("row").filter({ hasText: COMPONENT });
  await expect(row).toContainText("FAT", { timeout: 60_000 });

  await test.step("the tag points elsewhere", async () => {
    await pushNewerNode(portalState().registryUrl, `1.0.${Date.now()}`);
    await page.getByRole("button", { name: "立即查看" }).click();
    await expect(row).toContainText("待重建", { timeout: 60_000 });
  });

  await test.step("the release orders are shown before they are raised", async () => {
    await page.getByRole("button", { name: "全部重建" }).click();
    const dialog = page.getByRole("dialog");
    const order = dialog.getByRole("listitem").filter({ hasText: "行情服务" });
    await expect(order.first()).toContainText(COMPONENT);
    await expect(dialog.getByRole("textbox")).toHaveValue(/base\/node:24/);
    await dialog.getByText("立即开始构建").click();
    await dialog.getByRole("button", { name: /^创建 1 张发布单$/ }).click();
    const link = page.getByRole("dialog").getByRole("link");
    await expect(link).toHaveText(/quotes/);
    raised.push((await link.textContent()) ?? "");
    await page.getByRole("dialog").getByRole("button", { name: "完成" }).click();
  });

  await test.step("once: it is on its way, and there is nothing left to rebuild there", async () => {
    await expect(row).toContainText("重建中");
    await expect(row).toContainText(raised[0] ?? "");
    const release = await call(as("dev"), "GET", `/releases/${raised[0]}`);
    expect(JSON.stringify(release.json)).toContain(COMPONENT);
    const again = await call(as("dev"), "GET", "/base-images/node-24/rebuild");
    expect(again.json.projects).toEqual([]);
  });
  await context.close();
});
