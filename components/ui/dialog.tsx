"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { IconButton } from "./icon-button.tsx";

/** A dialog over the page: title, content that scrolls, a foot for the actions. Escape and the cross close it. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  size = "normal",
  initialFocus,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  footer?: ReactNode;
  size?: "normal" | "wide";
  /** What has the focus first; left out: the first thing that can. */
  initialFocus?: Base.Popup.Props["initialFocus"];
  children?: ReactNode;
}) {
  const t = useTranslations("common");
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Viewport className="fixed inset-0 z-50 flex items-end justify-center sm:items-start sm:p-4 sm:pt-[12vh]">
          <Base.Popup
            initialFocus={initialFocus}
            className={cx(
              "pop flex max-h-[85vh] w-full flex-col rounded-b-none sm:max-h-[76vh] sm:rounded-b-lg",
              size === "wide" ? "sm:max-w-3xl" : "sm:max-w-lg",
            )}
          >
            <header className="flex items-start gap-3 px-5 pt-4 pb-3">
              <div className="min-w-0 flex-1">
                <Base.Title className="text-lg font-semibold">{title}</Base.Title>
                {description !== undefined && (
                  <Base.Description className="mt-0.5 text-fg-2">{description}</Base.Description>
                )}
              </div>
              <Base.Close render={<IconButton size="small" label={t("close")} icon={<X aria-hidden />} />} />
            </header>
            <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
            {footer !== undefined && (
              <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
                {footer}
              </footer>
            )}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
