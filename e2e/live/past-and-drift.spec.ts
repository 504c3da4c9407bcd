import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { ended } from "../api/flow.ts";
import { ownProject } from "../deployments/own-project.ts";
import { signedIn } from "../support/browser.ts";
import { portalState } from "../support/state.ts";

// What an operator asks a live page about the past, and what they do with a change that somebody made by hand.

test("what ran when is told by keys, events have plain words, a drift is kept as config", async ({
  browser,
}) => {
  const { key, release, deploy } = await ownProject(1);
  const older = await release("v2.0.0");
  expect((await ended(await deploy(older))).state).toBe("succeeded");
  const newer = await release("main");
  expect((await ended(await deploy(newer))).state).toBe("succeeded");
  const { context, page } = await signedIn(browser, "ops");
  await page.goto(`/environments/${key}/FAT`);
  await expect(page.getByText("实时更新")).toBeVisible();

  await test.step("from one release order to the one before, without a mouse", async () => {
    const past = page.getByRole("region", { name: "何时运行过什么" });
    const bar = past.getByRole("listbox", { name: "quote-api 先后运行的发布单" });
    await expect(past.getByRole("link", { name: newer })).toBeVisible();
    await bar.focus();
    await page.keyboard.press("ArrowLeft");
    await expect(past.getByRole("link", { name: older })).toBeVisible();
    await expect(past).toContainText(`由 ${newer} 接替`);
    await expect(bar.getByRole("option", { selected: true })).toHaveAccessibleName(
      new RegExp(`^${older}，.* 至 .*，.+ 部署，由 ${newer} 接替$`),
    );
    await page.keyboard.press("End");
    await expect(past.getByRole("link", { name: newer })).toBeVisible();
    await expect(past).toContainText("正在运行");
    await past.getByLabel("当时运行的是").fill("2026-01-01T08:00");
    await expect(past).toContainText("当时没有运行，或没有记录");
    await past.getByRole("button", { name: "清除时间" }).click();
    await expect(past).toContainText("正在运行");
  });

  await test.step("the cluster's word stands beside ours", async () => {
    const started = page.getByRole("listitem").filter({ hasText: "容器已启动" }).first();
    await expect(started).toContainText("Started");
  });

  await test.step("replicas that somebody changed become the config's", async () => {
    const hand = createCluster({
      kubeconfig: readFileSync(portalState().kubeconfigs[0] ?? "", "utf8"),
      fieldManager: "kubectl-edit",
    });
    const place = { apiVersion: "apps/v1", kind: "Deployment", namespace: `${key}-1`, name: "quote-api" };
    await hand.mergePatch(place, { spec: { replicas: 3, revisionHistoryLimit: 3 } });
    const drift = page.getByRole("region", { name: "与部署内容的差异" });
    await expect(drift).toContainText(".spec.revisionHistoryLimit");
    const adopt = drift.getByRole("link", { name: "采纳为配置…" });
    await expect(adopt).toHaveCount(1);
    await expect(drift).toContainText("副本数 3");
    await adopt.click();
    await expect(page.getByRole("textbox", { name: "FAT 副本数" })).toHaveValue("3");
    await page.getByRole("button", { name: "保存 FAT 配置" }).click();
    await expect(page.getByText(/已保存.*尚未部署/)).toBeVisible();
    await page.goto(`/environments/${key}/FAT`);
    await expect(drift).toContainText("配置已是 副本数 3，随下次部署生效");
    await expect(adopt).toHaveCount(0);
  });
  await context.close();
});
