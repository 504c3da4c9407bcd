"use client";

import { GitCompare, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

/** The second line of a cell: what I typed over what is saved. */
export function Typed({ from, to }: { from: string; to: string }) {
  const t = useTranslations("components");
  return (
    <span className="config-note">
      <Pencil aria-hidden className="text-accent" />
      <span className="max-w-44 truncate font-mono">{from === "" ? t("unset") : from}</span>
      <span>→</span>
      <span className="max-w-44 truncate font-mono">{to === "" ? t("unset") : to}</span>
      <span>· {t("notSaved")}</span>
    </span>
  );
}

/** The second line of a cell: what runs, where it is not what is saved. */
export function Runs({ value }: { value: string }) {
  return (
    <RunsOther>
      <span className="max-w-44 truncate font-mono">{value}</span>
    </RunsOther>
  );
}

/** The same for what is no plain value. */
export function RunsOther({ children }: { children: ReactNode }) {
  const t = useTranslations("components");
  return (
    <span className="config-note">
      <GitCompare aria-hidden />
      {t("runs")} {children}
    </span>
  );
}

/** The second line of a cell that was changed and has no short old value. */
export function NotSaved() {
  const t = useTranslations("components");
  return (
    <span className="config-note">
      <Pencil aria-hidden className="text-accent" />
      {t("notSaved")}
    </span>
  );
}
