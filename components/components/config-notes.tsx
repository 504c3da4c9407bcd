"use client";

import { GitCompare, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";

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
  const t = useTranslations("components");
  return (
    <span className="config-note">
      <GitCompare aria-hidden />
      {t("runs")} <span className="max-w-44 truncate font-mono">{value}</span>
    </span>
  );
}
