"use client";

import { Dialog } from "@base-ui/react/dialog";
import { usePathname, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { PREFERENCE_COOKIES } from "#lib/i18n/locale.ts";
import type { ShellDto } from "#lib/shell/schema.ts";
import { ConnectionNotice } from "./connection-notice.tsx";
import { PageProjectContext } from "./page-project.tsx";
import { BANNER_SLOT } from "./page-slots.tsx";
import { Palette } from "./palette.tsx";
import { searchPortal } from "./palette-results.ts";
import { LanguageMenu, ThemeMenu } from "./preference-menus.tsx";
import { remember } from "./preferences.ts";
import { projectOfPath } from "./project-of-path.ts";
import { ProjectSwitcher } from "./project-switcher.tsx";
import { Rail } from "./rail.tsx";
import { TopBar } from "./top-bar.tsx";
import { usePlaces } from "./use-places.ts";

/** The frame around every signed-in page. `remembered` is the project last looked at, `starredKeys` the reader's stars. */
export function Shell({
  shell,
  remembered,
  starredKeys,
  children,
}: {
  shell: ShellDto;
  remembered?: string;
  starredKeys: string[];
  children: ReactNode;
}) {
  const t = useTranslations("shell");
  const path = usePathname() ?? "/";
  const query = useSearchParams()?.get("project") ?? null;
  const [railOpen, setRailOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [starred, setStarred] = useState(starredKeys);
  const [last, setLast] = useState(remembered);
  const [told, setTold] = useState<string | null>(null);

  const named = projectOfPath(path, query) ?? told;
  const mine = (key: string | null | undefined) => shell.projects.find((project) => project.key === key);
  const current = mine(named) ?? mine(last) ?? shell.projects[0];
  const places = usePlaces(shell, current?.key);

  useEffect(() => {
    if (named === null) return;
    setLast(named);
    remember(PREFERENCE_COOKIES.project, named);
  }, [named]);

  // The drawer belongs to the page on which it was opened.
  const [railPath, setRailPath] = useState(path);
  if (railPath !== path) {
    setRailPath(path);
    setRailOpen(false);
  }

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setPaletteOpen((open) => !open);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  const star = (key: string) => {
    const next = starred.includes(key) ? starred.filter((other) => other !== key) : [...starred, key];
    setStarred(next);
    remember("starred", next.join("."));
  };
  const rail = (className: string, foot?: ReactNode) => (
    <Rail
      path={path}
      project={current?.key}
      approvalsCount={shell.approvalsCount}
      mayReadAudit={shell.mayReadAudit}
      className={className}
      foot={foot}
      switcher={
        <ProjectSwitcher
          projects={shell.projects}
          current={current}
          starred={starred}
          onStar={star}
          onPick={(key) => {
            setLast(key);
            setRailOpen(false);
          }}
        />
      }
    />
  );

  return (
    <div className="shell">
      <a href="#content" className="skip-link">
        {t("skip")}
      </a>
      {rail("rail max-md:hidden")}
      <Dialog.Root open={railOpen} onOpenChange={(open) => setRailOpen(open)}>
        <Dialog.Portal>
          <Dialog.Backdrop className="backdrop" />
          <Dialog.Popup aria-label={t("navigation")} className="rail-drawer">
            {rail(
              "rail",
              <>
                <LanguageMenu />
                <ThemeMenu />
              </>,
            )}
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      <div className="shell-content">
        <TopBar
          shell={shell}
          onOpenRail={() => setRailOpen(true)}
          onOpenPalette={() => setPaletteOpen(true)}
        />
        <div id={BANNER_SLOT} />
        <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          <PageProjectContext value={setTold}>{children}</PageProjectContext>
        </main>
      </div>
      <ConnectionNotice />
      <Palette open={paletteOpen} onOpenChange={setPaletteOpen} places={places} loadResults={searchPortal} />
    </div>
  );
}
