"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Copyable, MiddleText } from "#components/ui/copyable.tsx";
import { cx } from "#components/ui/cx.ts";
import { lineDiff } from "#components/ui/diff-lines.ts";
import { DiffView } from "#components/ui/diff-view.tsx";
import { DescriptionList } from "#components/ui/facts.tsx";
import { Person } from "#components/ui/person.tsx";
import { Td, Tr } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { ExactTime } from "#components/ui/time.tsx";
import type { AuditEntryDto } from "#lib/audit/schema.ts";
import { splitData, stableJson } from "./entry-data.ts";
import { asMessageKey } from "./nouns.ts";

function Detail({ entry }: { entry: AuditEntryDto }) {
  const t = useTranslations("audit");
  const { before, after, rest } = splitData(entry.data);
  const lines = lineDiff(before, after);
  return (
    <div className="flex flex-col gap-3 bg-sunken px-3.5 py-3">
      {lines.length > 0 && (
        <div className="overflow-hidden rounded-md border border-line">
          <DiffView
            mode={before === "" ? "unified" : "split"}
            lines={lines}
            leftTitle={t("before")}
            rightTitle={t("after")}
          />
        </div>
      )}
      {Object.keys(rest).length > 0 && (
        <pre className="overflow-x-auto rounded-md border border-line bg-surface px-3.5 py-2.5 text-sm">
          {stableJson(rest)}
        </pre>
      )}
      {lines.length === 0 && Object.keys(rest).length === 0 && <p className="text-fg-3">{t("noData")}</p>}
      <DescriptionList
        items={[
          { term: t("time"), detail: <ExactTime at={entry.at} style="full" /> },
          { term: t("subjectId"), detail: <Copyable text={entry.subjectId} label={t("subjectId")} /> },
          { term: t("hash"), detail: <Copyable text={entry.hash} label={t("hash")} /> },
          ...(entry.requestId === null
            ? []
            : [{ term: t("request"), detail: <Copyable text={entry.requestId} label={t("request")} /> }]),
        ]}
      />
    </div>
  );
}

/** What an entry is about: its name and page where it has them, else its id. */
function Subject({ entry: { about, subjectId } }: { entry: AuditEntryDto }) {
  if (about === null) return <MiddleText text={subjectId} max={34} className="font-mono" />;
  if (about.href === null) return <span className="break-words">{about.name}</span>;
  return (
    <Link
      href={about.href}
      className="break-words text-accent hover:underline"
      onClick={(event) => event.stopPropagation()}
    >
      {about.name}
    </Link>
  );
}

/** One entry; opened it shows what was before and after, and its place in the chain. */
export function AuditEntry({
  entry,
  open,
  onToggle,
}: {
  entry: AuditEntryDto;
  open: boolean;
  onToggle: () => void;
}) {
  const t = useTranslations("audit");
  const key = asMessageKey(entry.action);
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <>
      <Tr link onClick={onToggle} className="cursor-pointer">
        <Td className="w-24 font-mono text-sm text-fg-3">
          <button
            type="button"
            data-row-link
            aria-expanded={open}
            aria-label={t("entry", { seq: entry.seq })}
            className="flex items-center gap-1"
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
          >
            <Chevron aria-hidden />
            {entry.seq}
          </button>
        </Td>
        <Td className="text-fg-2">
          <ExactTime at={entry.at} style="day" /> <ExactTime at={entry.at} />
        </Td>
        <Td>
          {entry.actor === "system" ? (
            <span className="text-fg-2">{t("system")}</span>
          ) : (
            <Person username={entry.actor} displayName={entry.actorName} />
          )}
        </Td>
        <Td>
          <span className="flex flex-wrap items-center gap-x-2">
            {t.has(`action.${key}`) && <span>{t(`action.${key}`)}</span>}
            <span className={cx("font-mono text-xs text-fg-3", t.has(`action.${key}`) && "max-md:hidden")}>
              {entry.action}
            </span>
          </span>
        </Td>
        <Td className="text-sm">
          <Subject entry={entry} />
        </Td>
        <Td>{entry.project !== null && <Tag>{entry.project}</Tag>}</Td>
      </Tr>
      {open && (
        <tr>
          <td colSpan={6} className="p-0!">
            <Detail entry={entry} />
          </td>
        </tr>
      )}
    </>
  );
}
