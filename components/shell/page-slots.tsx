"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { Fragment, type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { MiddleText } from "#components/ui/copyable.tsx";

export const BREADCRUMB_SLOT = "page-breadcrumb";
export const BANNER_SLOT = "page-banner";

function useSlot(id: string): HTMLElement | null {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  useEffect(() => setSlot(document.getElementById(id)), [id]);
  return slot;
}

/** Where the reader is, shown in the top bar. Rendered anywhere in a page; the last item is this page, without a link. */
export function PageBreadcrumb({ items }: { items: { label: string; href?: string }[] }) {
  const t = useTranslations("shell");
  const slot = useSlot(BREADCRUMB_SLOT);
  if (slot === null) return null;
  return createPortal(
    <nav aria-label={t("breadcrumb")} className="crumbs">
      {items.map((item, index) => {
        const last = index === items.length - 1;
        return (
          <Fragment key={`${item.href ?? ""} ${item.label}`}>
            {item.href !== undefined && !last ? (
              <Link href={item.href} className="hover:text-fg">
                <MiddleText text={item.label} max={28} />
              </Link>
            ) : (
              <span aria-current={last ? "page" : undefined}>
                <MiddleText text={item.label} max={36} />
              </span>
            )}
            {!last && <span aria-hidden="true">/</span>}
          </Fragment>
        );
      })}
    </nav>,
    slot,
  );
}

/** One line below the top bar for what concerns the whole page: a freeze, a cluster that does not answer. */
export function PageBanner({ children }: { children: ReactNode }) {
  const slot = useSlot(BANNER_SLOT);
  return slot === null ? null : createPortal(children, slot);
}
