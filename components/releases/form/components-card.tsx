"use client";

import { Box, Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { type CSSProperties, useState } from "react";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { Checkbox } from "#components/ui/choice.tsx";
import { Input } from "#components/ui/field.tsx";
import { EmptyState } from "#components/ui/states-of-page.tsx";
import { ComponentRow, columnsOf } from "./component-row.tsx";
import type { FormData } from "./form-data.ts";
import type { Content } from "./use-contents.ts";

/** The components of the project to pick from; the ref is chosen in the row of its component, one open at a time. */
export function ComponentsCard({
  data,
  contents,
  onRef,
}: {
  data: FormData;
  contents: Content[];
  /** Undefined: not picked any more. */
  onRef: (component: string, ref: string | undefined) => void;
}) {
  const t = useTranslations("releases.form");
  const [filter, setFilter] = useState("");
  const [onlyPicked, setOnlyPicked] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const keys = data.environments.map(({ key }) => key);
  const contentOf = (key: string) => contents.find(({ component }) => component.key === key);
  const words = filter.trim().toLowerCase();
  const shown = data.components.filter(
    ({ key, name }) =>
      (words === "" || key.includes(words) || name.toLowerCase().includes(words)) &&
      (!onlyPicked || contentOf(key) !== undefined),
  );
  const style: CSSProperties & { "--columns": string } = { "--columns": columnsOf(keys.length) };
  return (
    <Card style={style}>
      <CardHeader
        title={t("components")}
        hint={t("picked", { picked: contents.length, count: data.components.length })}
        actions={
          <>
            <Checkbox label={t("onlyPicked")} checked={onlyPicked} onChange={setOnlyPicked} />
            <span className="w-40 max-sm:w-28">
              <Input
                small
                icon={<Search aria-hidden />}
                aria-label={t("filter")}
                placeholder={t("filter")}
                value={filter}
                onChange={(event) => setFilter(event.target.value)}
              />
            </span>
          </>
        }
      />
      <div
        aria-hidden="true"
        className="grid min-h-8 items-center gap-x-3 border-b border-line px-3.5 text-sm text-fg-3 max-md:hidden md:grid-cols-(--columns)"
      >
        <span />
        <span>{t("component")}</span>
        {keys.map((key) => (
          <span key={key}>{key}</span>
        ))}
        <span>{t("lastCommit")}</span>
      </div>
      {shown.map((component) => (
        <ComponentRow
          key={component.key}
          project={data.project.key}
          component={component}
          environments={keys}
          last={keys.at(-1) ?? ""}
          content={contentOf(component.key)}
          open={open === component.key}
          onOpen={(next) => setOpen(next ? component.key : null)}
          onPick={(picked) => {
            onRef(component.key, picked ? component.defaultRef : undefined);
            if (!picked && open === component.key) setOpen(null);
          }}
          onRef={(ref) => onRef(component.key, ref)}
        />
      ))}
      {shown.length === 0 && (
        <EmptyState
          icon={<Box aria-hidden />}
          title={t(data.components.length === 0 ? "noComponents" : "noMatch")}
        />
      )}
    </Card>
  );
}
