import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale } from "next-intl/server";
import type { ReactNode } from "react";
import { THEME_SCRIPT } from "#components/shell/theme-script.ts";
import { Toaster } from "#components/ui/toaster.tsx";
import { chooseTheme, PREFERENCE_COOKIES } from "#lib/i18n/locale.ts";

export const metadata: Metadata = { title: { default: "Refract", template: "%s · Refract" } };
export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

/** The document: language and theme of the reader, texts for the browser, short messages. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const locale = await getLocale();
  const theme = chooseTheme((await cookies()).get(PREFERENCE_COOKIES.theme)?.value);
  return (
    // The script below sets data-theme before React looks at the document.
    <html lang={locale === "zh" ? "zh-CN" : "en"} data-theme-choice={theme} suppressHydrationWarning>
      <head>
        <script>{THEME_SCRIPT}</script>
      </head>
      <body>
        <NextIntlClientProvider>
          <Toaster>{children}</Toaster>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
