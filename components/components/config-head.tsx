"use client";

import { GitCompare, History, LockKeyhole, Pencil } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { TimeAgo } from "#components/ui/time.tsx";
import { type Column, undeployed } from "./config-column.ts";

/** Head of an environment's column: who may edit, what runs, how far the saved config is from it. */
export function ConfigHead({ column, onHistory }: { column: Column; onHistory: () => void }) {
  const t = useTranslations("components");
  const { config, running } = column;
  const ahead = undeployed(column);
  return (
    <div className={cx("config-cell config-head", config.mayEdit && "config-open")}>
      <div className="flex items-center gap-2">
        <span className="text-lg font-semibold" title={column.name}>
          {column.key}
        </span>
        <Tag>{t(column.kind === "open" ? "open" : "controlled")}</Tag>
        <span className={cx("state ml-auto", config.mayEdit ? "k-run" : "k-idle")}>
          {config.mayEdit ? <Pencil aria-hidden /> : <LockKeyhole aria-hidden />}
          {t(config.mayEdit ? "youMayEdit" : column.kind === "open" ? "membersEdit" : "operatorsEdit")}
        </span>
        <IconButton
          size="small"
          label={t("historyOf", { environment: column.key })}
          icon={<History aria-hidden />}
          onClick={onHistory}
        />
      </div>
      <div className="flex flex-wrap items-center gap-x-2 text-sm">
        {running === null ? (
          <span className="text-fg-3">{t("nothingRuns")}</span>
        ) : (
          <>
            <Link href={`/releases/${running.release}`} className="font-mono hover:text-accent">
              {running.release}
            </Link>
            <TimeAgo at={running.deployedAt} className="whitespace-nowrap text-fg-3" />
          </>
        )}
      </div>
      <span className="config-note">
        <GitCompare aria-hidden />
        {ahead === null
          ? t("savedVersion", { version: config.version })
          : ahead === "newer"
            ? t("savedNewer")
            : ahead === 0
              ? t("savedRuns")
              : t("savedAhead", { count: ahead })}
      </span>
    </div>
  );
}
