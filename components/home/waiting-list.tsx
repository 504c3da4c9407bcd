"use client";

import { ArrowRight, CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Card, CardFooter, CardHeader } from "#components/ui/card.tsx";
import type { WaitingDto } from "#lib/home/schema.ts";
import { WaitingRow } from "./waiting-row.tsx";

const SHOWN = 5;

/** What waits for the reader, the most urgent first; a long list is folded behind its first rows. */
export function WaitingList({ rows, now }: { rows: WaitingDto[]; now: string }) {
  const t = useTranslations("home");
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <Card>
      <CardHeader title={t("waiting")} hint={rows.length > 0 ? rows.length : undefined} />
      {rows.length === 0 && (
        <p className="flex flex-wrap items-center gap-x-2 px-3.5 py-3.5">
          <CircleCheck aria-hidden className="text-good" />
          <span className="font-medium">{t("nothingWaits")}</span>
          <span className="text-fg-3">{t("nothingWaitsText")}</span>
        </p>
      )}
      <ul>
        {shown.map((row, index) => (
          <WaitingRow
            key={`${row.kind} ${row.release} ${row.environment ?? ""}`}
            row={row}
            now={now}
            first={index === 0}
          />
        ))}
      </ul>
      {rows.length > 0 && (
        <CardFooter>
          {rows.length > SHOWN && (
            <Button kind="quiet" size="small" onClick={() => setAll(!all)}>
              {all ? t("fold") : t("unfold", { count: rows.length - SHOWN })}
            </Button>
          )}
          <Link href="/approvals" className="ml-auto inline-flex items-center gap-1.5 hover:text-fg">
            {t("allApprovals")}
            <ArrowRight aria-hidden />
          </Link>
        </CardFooter>
      )}
    </Card>
  );
}
