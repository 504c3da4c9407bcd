"use client";

import { useTranslations } from "next-intl";
import { StateIcon } from "#components/ui/state-badge.tsx";
import type { Finding } from "#lib/clusters/schema.ts";

/** What "check now" looked at, the failures with what to do about each. */
export function Findings({ findings }: { findings: Finding[] }) {
  const t = useTranslations("settings");
  return (
    <ul className="flex flex-col gap-1.5">
      {findings.map((finding) => {
        const fix = `fix.${finding.code}`;
        const key = `finding.${finding.code}`;
        return (
          <li
            key={`${finding.code} ${finding.message}`}
            className="grid grid-cols-[15px_minmax(0,1fr)] items-start gap-x-2"
          >
            <span className="mt-0.5">
              <StateIcon state={finding.ok ? "ok" : "error"} />
            </span>
            <span>
              {t.has(key) && <span className="mr-2">{t(key)}</span>}
              <span className="break-words text-fg-2">{finding.message}</span>
              {!finding.ok && (
                <span className="block text-fg">
                  {t("toFix")} {t.has(fix) ? t(fix) : finding.fix}
                </span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
