import { expect, test } from "@playwright/test";
import { signedIn } from "../support/browser.ts";

// The address has the last word on what a list is filtered by.

for (const { path, search, link } of [
  { path: "/releases", search: "q", link: "发布单" },
  { path: "/artifacts", search: "q", link: "镜像" },
  { path: "/kept-images", search: "search", link: "保留镜像" },
])
  test(`${path}: what was typed is forgotten when a link leads to the whole list`, async ({ browser }) => {
    const { context, page } = await signedIn(browser, "dev");
    await page.goto(path);
    const field = page.getByRole("search").getByRole("textbox");
    await field.fill("nothing like it");
    await page.waitForURL(new RegExp(`[?&]${search}=nothing`));
    await expect(field).toHaveValue("nothing like it");
    await page
      .getByRole("main")
      .or(page.getByRole("navigation"))
      .getByRole("link", { name: link, exact: true })
      .first()
      .click();
    await expect(field).toHaveValue("");
    // Longer than the field waits for the next letter.
    await page.waitForTimeout(1000);
    expect(new URL(page.url()).searchParams.has(search)).toBe(false);
    await field.fill("again");
    await page.waitForURL(new RegExp(`[?&]${search}=again`));
    await page.getByRole("search").getByRole("button", { name: /清除/ }).click();
    await expect(field).toHaveValue("");
    await context.close();
  });
