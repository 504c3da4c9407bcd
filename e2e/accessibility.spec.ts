import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { SETTINGS_TABS } from "#components/settings/tabs.ts";
import { api } from "./support/api.ts";
import { signedIn } from "./support/browser.ts";

// Every page by WCAG 2.2 A and AA, in both themes: contrast, names, roles, order of headings.

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

for (const theme of ["light", "dark"] as const) {
  test(`the pages can be used without a mouse and with weak eyes (${theme})`, async ({ browser }) => {
    const { body: releases } = await api<{ items: { number: string }[] }>("ops", "GET", "/releases?limit=1");
    const { body: deployments } = await api<{ items: { id: string; planDigest: string }[] }>(
      "ops",
      "GET",
      "/deployments?project=quotes&limit=1",
    );
    const { body: templates } = await api<{ items: { id: string }[] }>(
      "ops",
      "GET",
      "/templates?project=quotes",
    );
    const release = releases.items[0]?.number;
    const { body: built } = await api<{
      items: { build: { id: string } | null; artifact: { digest: string } | null }[];
    }>("ops", "GET", `/releases/${release ?? ""}`);
    const build = built.items?.[0]?.build;
    const image = built.items?.[0]?.artifact;
    const deployment = deployments.items[0];
    const paths = [
      "/",
      "/releases?project=quotes",
      "/releases/new?project=quotes",
      ...(release ? [`/releases/${release}`] : []),
      ...(build ? [`/builds/${build.id}`] : []),
      ...(image ? [`/artifacts/${encodeURIComponent(image.digest)}`] : []),
      ...(deployment ? [`/deployments/${deployment.id}`, `/plans/${deployment.planDigest}`] : []),
      "/approvals",
      "/environments?project=quotes",
      "/environments/quotes/FAT",
      "/templates?project=quotes",
      ...(templates.items[0] ? [`/templates/${templates.items[0].id}`] : []),
      "/projects",
      "/projects/quotes",
      "/projects/quotes/components/quote-api",
      "/statistics",
      "/statistics?project=quotes&component=portal-web&environment=FAT&days=7",
      "/waivers",
      "/settings",
    ];
    const found: string[] = [];
    const look = async (page: Page, path: string) => {
      await page.goto(path);
      await expect(page.getByRole("main")).toBeVisible();
      await expect(page.locator(".skeleton")).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      for (const { id, nodes } of violations) {
        found.push(
          `${path}: ${id}: ${nodes
            .slice(0, 3)
            .map(({ html }) => html.slice(0, 160))
            .join(" | ")}`,
        );
      }
    };
    const ops = await signedIn(browser, "ops", { locale: "zh", theme });
    for (const path of paths) await look(ops.page, path);
    await ops.context.close();
    const admin = await signedIn(browser, "admin", { locale: "zh", theme });
    for (const { name } of SETTINGS_TABS)
      await look(admin.page, name === "profile" ? "/settings" : `/settings/${name}`);
    await admin.context.close();
    expect(found).toEqual([]);
  });
}
