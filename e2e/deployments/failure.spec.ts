import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { api, until } from "../support/api.ts";
import { signedIn } from "../support/browser.ts";
import { portalState } from "../support/state.ts";
import { ownProject, type Policy, setPolicy } from "./own-project.ts";

// A target fails where another is healthy by the same plan: the page says at its head what it probably is, holds the
// two side by side, and says of every step how long it usually takes.

let before: Policy;
test.beforeAll(async () => {
  before = await setPolicy({ waveGate: "auto", maxFailedTargets: 0, onFailure: "stop", wavePauseSeconds: 0 });
});
test.afterAll(async () => {
  await setPolicy(before);
});

/** Lets no further pod into a namespace, in whichever cluster it is. */
async function closeNamespace(namespace: string): Promise<void> {
  for (const file of portalState().kubeconfigs) {
    const cluster = createCluster({ kubeconfig: readFileSync(file, "utf8") });
    if (!(await cluster.get({ apiVersion: "v1", kind: "Namespace", name: namespace }))) continue;
    const metadata = { name: "tight", namespace };
    const applied = await cluster.apply({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata,
      spec: { hard: { pods: "1" } },
    });
    expect(applied.ok).toBe(true);
  }
}

test("what probably went wrong is said at once, beside the comparison with the healthy target", async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const { key, release, deploy } = await ownProject(2);
  const ended = (id: string) =>
    until(
      "the end",
      () => api<{ state: string; targets: { cluster: string }[] }>("ops", "GET", `/deployments/${id}`),
      ({ state }) => state === "succeeded" || state === "failed",
    );
  for (const ref of ["v2.0.0", "main", "v2.0.0"])
    expect((await ended(await deploy(await release(ref)))).state).toBe("succeeded");
  await closeNamespace(`${key}-2`);
  const id = await deploy(await release("main"));
  const { state, targets } = await ended(id);
  expect(state).toBe("failed");
  const [healthy, failed] = targets.map(({ cluster }) => cluster);

  for (const look of [
    { locale: "zh", theme: "light" },
    { locale: "en", theme: "dark" },
  ] as const) {
    const { page, context } = await signedIn(browser, "ops", look);
    await page.goto(`/deployments/${id}`);
    const zh = look.locale === "zh";
    const sentence = zh
      ? `quote-api 在 ${failed} 超出命名空间配额，同一镜像在 ${healthy} 运行正常：多半是两边的配额不同所致。`
      : `quote-api exceeds the namespace’s quota in ${failed} but is healthy in ${healthy} with the same image: probably because they differ in the quota.`;
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
    const beside = page.getByRole("region", { name: zh ? /对比$/ : /compared with/ });
    const row = beside.getByRole("listitem");
    await expect(row.filter({ hasText: zh ? "配额" : "Quota" })).toContainText("tight: pods 1 of 1");
    await expect(row.filter({ hasText: zh ? "清单" : "Manifest" })).toContainText(zh ? "相同" : "same");
    // The failed target was never verified; how long that usually takes is known from those before.
    await expect(page.getByText(zh ? /^通常(不到)? / : /^usually /).last()).toBeVisible();
    await expect(page.getByRole("columnheader", { name: zh ? "用时" : "Time" })).toHaveCount(2);
    const { violations } = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag22aa"])
      .analyze();
    expect(violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html}`)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    await context.close();
  }
});
