import { expect, type Page, test } from "@playwright/test";
import { api, until } from "../support/api.ts";
import { signedIn } from "../support/browser.ts";
import { ownProject, type Policy, setPolicy } from "./own-project.ts";

// A deployment in waves as an operator sees it: it waits for a person, is paused and goes on; a target that fails is
// skipped with a reason; where the environment asks for it, what failed is undone by the system.

let before: Policy;
test.beforeAll(async () => {
  before = await setPolicy({});
});
test.afterAll(async () => {
  await setPolicy(before);
});

const shown = (page: Page, text: string | RegExp) => page.getByText(text).first();
const LONG = { timeout: 120_000 };

test("waves wait for a person; a pause halts what runs; who may not deploy sees why", async ({ browser }) => {
  test.setTimeout(300_000);
  await setPolicy({ waveGate: "person", maxFailedTargets: 0, onFailure: "stop", wavePauseSeconds: 0 });
  const { release, deploy } = await ownProject(3);
  const id = await deploy(await release("main"));
  const { page: ops } = await signedIn(browser, "ops");
  const { page: tester } = await signedIn(browser, "tester");
  await ops.goto(`/deployments/${id}`);
  await tester.goto(`/deployments/${id}`);

  await expect(shown(ops, "等待放行第 2 批")).toBeVisible(LONG);
  await expect(tester.getByRole("button", { name: "放行第 2 批" })).toBeDisabled(LONG);
  const begin = ops.getByRole("button", { name: "放行第 2 批" });
  await begin.click();
  await expect(shown(ops, "等待放行第 3 批")).toBeVisible(LONG);

  await ops.getByRole("button", { name: "暂停" }).click();
  await expect(shown(ops, "部署已暂停")).toBeVisible();
  await expect(shown(tester, "部署已暂停")).toBeVisible(LONG);
  await ops.getByRole("button", { name: "继续", exact: true }).click();
  await ops.getByRole("button", { name: "放行第 3 批" }).click();
  await expect(ops.getByRole("main").getByText("成功", { exact: true }).first()).toBeVisible(LONG);
  // Everybody reads afterwards who let what go on.
  for (const told of ["放行第 2 批", "暂停了部署", "结束暂停，部署继续", "放行第 3 批"])
    await expect(tester.getByRole("listitem").filter({ hasText: `王磊 ${told}` })).toBeVisible(LONG);
});

test("what fails is undone by the system, linked both ways", async ({ browser }) => {
  test.setTimeout(300_000);
  await setPolicy({ waveGate: "auto", maxFailedTargets: 0, onFailure: "rollback", wavePauseSeconds: 0 });
  const { release, deploy } = await ownProject(2);
  const { page: ops } = await signedIn(browser, "ops");
  await ops.goto(`/deployments/${await deploy(await release("v2.0.0"))}`);
  await expect(ops.getByRole("main").getByText("成功", { exact: true }).first()).toBeVisible(LONG);
  const id = await deploy(await release("v9.9.9-crash"));
  await ops.goto(`/deployments/${id}`);
  await expect(shown(ops, "部署失败，已按环境规定自动回滚")).toBeVisible(LONG);
  await expect(shown(ops, "已回滚")).toBeVisible(LONG);
  await ops.getByRole("status").getByRole("link").first().click();
  await expect(shown(ops, "系统自动发起的回滚")).toBeVisible();
  await ops.getByRole("status").getByRole("link").first().click();
  await ops.waitForURL(new RegExp(id));
});

test("a target that failed is skipped with a reason, and the rest goes on", async ({ browser }) => {
  test.setTimeout(300_000);
  await setPolicy({ waveGate: "auto", maxFailedTargets: 1, onFailure: "stop", wavePauseSeconds: 0 });
  const { release, deploy } = await ownProject(3);
  const id = await deploy(await release("v9.9.9-crash"));
  const { page: ops } = await signedIn(browser, "ops");
  await ops.goto(`/deployments/${id}`);
  // Two failed, the third was not begun: one is skipped, one is borne, and the third gets its turn.
  await expect(ops.getByRole("main").getByText("失败", { exact: true }).first()).toBeVisible(LONG);
  const skip = ops.getByRole("button", { name: "跳过这个目标…" }).first();
  await expect(skip).toBeEnabled(LONG);
  await skip.click();
  const dialog = ops.locator("[role=dialog]:not([data-type])");
  await dialog.getByLabel("跳过原因").fill("机房检修，明天补部署");
  await dialog.getByRole("button", { name: "跳过", exact: true }).click();
  await expect(shown(ops, "已跳过：机房检修，明天补部署")).toBeVisible();
  const told = ops.getByRole("listitem").filter({ hasText: "王磊 跳过了这个目标" });
  await expect(told).toContainText("原因：机房检修，明天补部署");
  await until(
    "the end",
    () => api<{ targets: { state: string }[] }>("ops", "GET", `/deployments/${id}`),
    ({ targets }) => targets.map(({ state }) => state).join() === "skipped,failed,failed",
  );
});
