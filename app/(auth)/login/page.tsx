import type { Metadata } from "next";
import { headers } from "next/headers";
import { getTranslations } from "next-intl/server";
import { LanguageMenu, ThemeMenu } from "#components/shell/preference-menus.tsx";
import { Brand } from "#components/ui/brand.tsx";
import { callbackPath } from "./callback-path.ts";
import { LoginForm } from "./login-form.tsx";
import { Prism } from "./prism.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth"))("title") };
}

const one = (value: string | string[] | undefined) => (typeof value === "string" ? value : undefined);

/** Sign-in: a name, a password, a way back to where the reader was going. */
export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { callbackUrl, error } = await searchParams;
  const t = await getTranslations("auth");
  const host = (await headers()).get("host") ?? "localhost";
  const back = callbackPath(one(callbackUrl), `http://${host}`);
  return (
    <main className="relative grid min-h-dvh place-items-center overflow-hidden px-4 py-16">
      <Prism />
      <div className="absolute top-3 right-4 flex">
        <LanguageMenu />
        <ThemeMenu />
      </div>
      <div className="relative w-full max-w-[360px]">
        <div className="mb-6 flex items-center gap-3">
          <Brand size={34} />
          <div>
            <h1 className="text-xl leading-6 font-semibold">Refract</h1>
            <p className="text-fg-3">{t("product")}</p>
          </div>
        </div>
        <div className="rounded-lg border border-line bg-surface p-6 shadow-pop">
          <LoginForm callbackUrl={one(callbackUrl)} failed={one(error)} />
        </div>
        {back !== "/" && (
          <p className="mt-4 truncate px-1 text-sm text-fg-3">{t("backTo", { path: back })}</p>
        )}
      </div>
    </main>
  );
}
