"use client";

import { Columns2, List, Rows2, Search, UnfoldVertical } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button.tsx";
import { Segmented } from "#components/ui/choice.tsx";
import { Input } from "#components/ui/field.tsx";
import type { ReviewMode } from "./change-object.tsx";

/** Search, layout of the diffs, and one button that unfolds or folds all. */
export function ReviewTools({
  mode,
  onMode,
  query,
  onQuery,
  folded,
  onFold,
}: {
  mode: ReviewMode;
  onMode: (mode: ReviewMode) => void;
  query: string;
  onQuery: (query: string) => void;
  /** Some are folded: the button unfolds. */
  folded: boolean;
  onFold: () => void;
}) {
  const t = useTranslations("plans");
  return (
    <>
      <span className="w-48 max-sm:hidden">
        <Input
          small
          icon={<Search aria-hidden />}
          aria-label={t("review.search")}
          placeholder={t("review.search")}
          value={query}
          onChange={(event) => onQuery(event.target.value)}
        />
      </span>
      <span className="max-md:hidden">
        <Segmented
          label={t("review.mode")}
          value={mode}
          onChange={onMode}
          options={[
            {
              value: "split",
              label: (
                <>
                  <Columns2 aria-hidden />
                  {t("review.split")}
                </>
              ),
            },
            {
              value: "unified",
              label: (
                <>
                  <Rows2 aria-hidden />
                  {t("review.unified")}
                </>
              ),
            },
            {
              value: "fields",
              label: (
                <>
                  <List aria-hidden />
                  {t("review.fields")}
                </>
              ),
            },
          ]}
        />
      </span>
      <Button size="small" kind="quiet" icon={<UnfoldVertical aria-hidden />} onClick={onFold}>
        {t(folded ? "review.unfoldAll" : "review.foldAll")}
      </Button>
    </>
  );
}
