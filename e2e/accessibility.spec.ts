import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { SETTINGS_TABS } from "#components/settings/tabs.ts";
import { api } from "./support/api.ts";
import { signedIn } from "./support/browser.ts";

// Every page by WCAG 2.2 A and AA, in both themes: contrast, names, roles, order of headings.

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What stands in somebody's way on each page, with where it is. */
async function barriers(page: Page, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.locator(".skeleton")).toHaveCount(0);
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    for (const { id, nodes } of violations) {
      const where = nodes.slice(0, 3).map(({ html }) => html.slice(0, 160));
      found.push(`${path}: ${id}: ${where.join(" | ")}`);
    }
  }
  return found;
}

for (const theme of ["light", "dark"] as const) {
  test(`the pages can be used without a mouse and with weak eyes (${theme})`, async ({ browser }) => {
    test.setTimeout(600_000);
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
      "/artifacts",
      "/base-images?base=node-24",
      "/kept-images",
      "/waivers",
      "/settings",
    ];
    const { context, page } = await signedIn(browser, "ops", { locale: "zh", theme });
    const found = await barriers(page, paths);
    await context.close();
    expect(found).toEqual([]);
  });

  test(`so can every part of the settings (${theme})`, async ({ browser }) => {
    test.setTimeout(300_000);
    const { context, page } = await signedIn(browser, "admin", { locale: "zh", theme });
    const paths = SETTINGS_TABS.map(({ name }) => (name === "profile" ? "/settings" : `/settings/${name}`));
    const found = await barriers(page, paths);
    await context.close();
    expect(found).toEqual([]);
  });
}
