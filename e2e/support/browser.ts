import type { Browser, BrowserContext, Page } from "@playwright/test";
import { passwordOf, portalState } from "./state.ts";

export type Look = { locale: "zh" | "en"; theme: "light" | "dark" };

/** A browser of one's own in which somebody has signed in through the sign-in page. */
export async function signedIn(
  browser: Browser,
  username: string,
  look: Look = { locale: "zh", theme: "light" },
  viewport = { width: 1440, height: 1000 },
): Promise<{ context: BrowserContext; page: Page }> {
  const { url } = portalState();
  const context = await browser.newContext({
    baseURL: url,
    viewport,
    locale: look.locale === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Asia/Shanghai",
  });
  await context.addCookies([
    { name: "locale", value: look.locale, url },
    { name: "theme", value: look.theme, url },
  ]);
  const page = await context.newPage();
  await page.goto("/login");
  await page.locator("input[name=username]").fill(username);
  await page.locator("input[name=password]").fill(passwordOf(username));
  await page.locator("button[type=submit]").click();
  await page.waitForURL((address) => address.pathname !== "/login");
  return { context, page };
}
