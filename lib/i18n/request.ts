import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";
import { chooseLocale, chooseZone, PREFERENCE_COOKIES } from "./locale.ts";
import en from "./messages/en/index.ts";
import zh from "./messages/zh/index.ts";

/** What next-intl needs for one request: language, texts, the reader's zone and the server's clock. */
export default getRequestConfig(async () => {
  const jar = await cookies();
  const locale = chooseLocale(
    jar.get(PREFERENCE_COOKIES.locale)?.value,
    (await headers()).get("accept-language"),
  );
  return {
    locale,
    messages: locale === "zh" ? zh : en,
    timeZone: chooseZone(jar.get(PREFERENCE_COOKIES.zone)?.value),
    now: new Date(),
  };
});
