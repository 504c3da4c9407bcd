"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowRight, CopyPlus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { shortCommit } from "#components/ui/text.ts";
import { refsQuery } from "#lib/releases/client.ts";
import type { RefsDto, ReleaseDto } from "#lib/releases/schema.ts";

type Moved = RefsDto["items"][number] & { state: "ahead" | "moved" | "rewritten" | "gone" };
const isElsewhere = (item: RefsDto["items"][number]): item is Moved =>
  item.state !== "same" && item.state !== "unknown";

/**
 * Offers another release order at where the refs point now, once one of them has moved: what is frozen is never frozen
 * again. Says first what would be other; the form that it leads to makes nothing by itself.
 */
export function RefsNewest({ release }: { release: ReleaseDto }) {
  const t = useTranslations("releases.refs");
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const { data } = useQuery(refsQuery(release.number));
  const moved = data?.items.filter(isElsewhere) ?? [];
  if (moved.every(({ state }) => state === "gone")) return null;
  const others = release.items.length - moved.length;
  return (
    <>
      <Button size="small" kind="quiet" icon={<CopyPlus aria-hidden />} onClick={() => setOpen(true)}>
        {t("again")}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t("again")}
        what={
          <div className="flex flex-col gap-3">
            <p>{t("againText")}</p>
            <ul aria-label={t("againList")} className="flex flex-col gap-2">
              {moved.map((item) => (
                <li key={item.component}>
                  <Change
                    item={item}
                    frozen={release.items.find(({ component }) => component === item.component)}
                  />
                </li>
              ))}
            </ul>
            {others > 0 && <p>{t("againSame", { count: others })}</p>}
          </div>
        }
        confirm={t("againGo")}
        onConfirm={() => {
          const from = new URLSearchParams({ project: release.project, from: release.number });
          router.push(`/releases/new?${from}`);
        }}
      />
    </>
  );
}

function Change({ item, frozen }: { item: Moved; frozen: ReleaseDto["items"][number] | undefined }) {
  const t = useTranslations("releases.refs");
  const { component, ref, state, commits, newest } = item;
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex flex-wrap items-center gap-x-2">
        <b>{component}</b>
        <span className="min-w-0 font-mono text-sm break-all">{ref}</span>
        {newest !== null && (
          <span className="inline-flex items-center gap-1 font-mono text-sm">
            {shortCommit(frozen?.commit ?? "")}
            <ArrowRight aria-label={t("becomes")} className="size-3!" />
            {shortCommit(newest.commit)}
          </span>
        )}
      </span>
      <span className={`text-sm ${state === "ahead" ? "" : "text-wait"}`}>
        {t(`againState.${state}`, { count: commits })}
      </span>
      {newest !== null && <span className="text-sm break-words text-fg">{newest.subject}</span>}
    </span>
  );
}
