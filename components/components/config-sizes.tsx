"use client";

import { useTranslations } from "next-intl";
import { cx } from "#components/ui/cx.ts";
import { Input } from "#components/ui/field.tsx";
import type { Size } from "#lib/components/config-schema.ts";
import type { Column } from "./config-column.ts";
import { sizeNow } from "./config-model.ts";
import { Runs, Typed } from "./config-notes.tsx";

/** Replicas, or a request and its limit, of one environment. */
export function SizeCell({ column, sizes }: { column: Column; sizes: readonly Size[] }) {
  const t = useTranslations("components");
  const { config, draft, running } = column;
  const open = config.mayEdit;
  const edited = column.changes.filter(({ name }) => sizes.some((size) => size === name));
  const show = (values: string[]) => values.join(" / ");
  const saved = show(sizes.map((size) => String(config[size])));
  const snapshot = running?.config;
  const runs = snapshot ? show(sizes.map((size) => String(snapshot[size]))) : null;
  return (
    <div className={cx("config-cell", open && "config-open", edited.length > 0 && "config-edited")}>
      <div className="flex min-h-[26px] items-center gap-1.5">
        {sizes.map((size, index) => (
          <span key={size} className="flex items-center gap-1.5">
            {index > 0 && <span className="text-fg-3">/</span>}
            {open ? (
              <Input
                small
                mono
                className="w-[76px]!"
                aria-label={`${column.key} ${t(`size.${size}`)}`}
                inputMode={size === "replicas" ? "numeric" : "text"}
                value={sizeNow(config, draft, size)}
                onChange={(event) =>
                  column.edit({
                    sizes: {
                      ...draft.sizes,
                      [size]:
                        size === "replicas"
                          ? event.target.value.replace(/\D/g, "")
                          : event.target.value.trim(),
                    },
                  })
                }
              />
            ) : (
              <span className="font-mono text-sm">{config[size]}</span>
            )}
          </span>
        ))}
      </div>
      {edited.length > 0 ? (
        <Typed from={saved} to={show(sizes.map((size) => sizeNow(config, draft, size)))} />
      ) : (
        runs !== null && runs !== saved && <Runs value={runs} />
      )}
    </div>
  );
}
