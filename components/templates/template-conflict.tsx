"use client";

import { GitCompareArrows } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { lineDiff } from "#components/ui/diff-lines.ts";
import { DiffView } from "#components/ui/diff-view.tsx";
import { ScrollBox } from "#components/ui/scroll-box.tsx";
import type { TemplateDto } from "#lib/templates/schema.ts";

/** Somebody saved a newer version meanwhile: theirs and mine side by side, and which one goes on. */
export function TemplateConflict({
  theirs,
  mine,
  onKeepMine,
  onTakeTheirs,
}: {
  theirs: TemplateDto;
  mine: string;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}) {
  const t = useTranslations("templates.conflict");
  const [open, setOpen] = useState(false);
  return (
    <section role="alert" className="overflow-hidden rounded-md border border-wait-solid/40 bg-wait-soft">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 py-2.5">
        <GitCompareArrows aria-hidden className="text-wait" />
        <span className="min-w-0 flex-1">
          <b className="text-wait">
            {t("title", { person: theirs.updatedBy.displayName, version: theirs.version })}
          </b>
          <span className="block text-fg-2">{t("text")}</span>
        </span>
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("show")}
        </Button>
        <Button size="small" onClick={onTakeTheirs}>
          {t("takeTheirs")}
        </Button>
        <Button size="small" kind="primary" onClick={onKeepMine}>
          {t("keepMine")}
        </Button>
      </div>
      {open && (
        <ScrollBox label={t("show")} className="max-h-80 border-t border-line">
          <DiffView
            lines={lineDiff(theirs.body, mine)}
            leftTitle={t("theirs", { version: theirs.version })}
            rightTitle={t("mine")}
          />
        </ScrollBox>
      )}
    </section>
  );
}
