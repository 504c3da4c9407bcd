"use client";

import { useQuery } from "@tanstack/react-query";
import { FileCheck2, ShieldAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { ExactTime } from "#components/ui/time.tsx";
import { imageVerdictsQuery } from "#lib/image-policies/client.ts";
import { planHref } from "./plan-href.ts";

/** Waivers that are named one by one; the plan has them all. */
const NAMED = 3;

/** What the environment's image policy would say: what it refuses, and which waivers let the rest through. */
export function StageImages({ release, environment }: { release: string; environment: string }) {
  const t = useTranslations("releases.flow");
  const { data } = useQuery(imageVerdictsQuery(release));
  const findings =
    data?.items.find((one) => one.environment === environment)?.images.flatMap((image) => image.findings) ??
    [];
  const waived = findings.flatMap(({ subject, component, waivedBy }) =>
    waivedBy === null ? [] : [{ subject, component, ...waivedBy }],
  );
  const refused = findings.length - waived.length;
  if (findings.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1.5">
      {refused > 0 && (
        <li className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2">
          <ShieldAlert aria-hidden className="mt-0.5 text-bad" />
          <span>
            {t("refused", { count: refused })}{" "}
            <Link href={planHref(release, environment)} className="text-accent hover:underline">
              {t("seePlan")}
            </Link>
          </span>
        </li>
      )}
      {waived.length > 0 && (
        <li className="grid grid-cols-[15px_minmax(0,1fr)] gap-x-2">
          <FileCheck2 aria-hidden className="mt-0.5 text-wait" />
          <span>{t("waived", { count: waived.length })}</span>
          <ul className="col-start-2 text-sm text-fg-3">
            {waived.slice(0, NAMED).map(({ id, subject, component, owner, expiresAt }) => (
              <li key={`${id} ${component} ${subject}`} className="break-words">
                <span className="font-mono">{subject}</span> {t("waiver", { component, owner })}{" "}
                <ExactTime at={expiresAt} style="minutes" />
              </li>
            ))}
            {waived.length > NAMED && <li>{t("moreWaivers", { count: waived.length - NAMED })}</li>}
          </ul>
        </li>
      )}
    </ul>
  );
}
