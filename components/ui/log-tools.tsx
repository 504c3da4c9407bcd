"use client";

import {
  ArrowDownToLine,
  ChevronDown,
  ChevronUp,
  CircleX,
  Clock3,
  Download,
  Search,
  WrapText,
} from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode, Ref } from "react";
import { cx } from "./cx.ts";
import { Input } from "./field.tsx";
import { IconButton } from "./icon-button.tsx";

function Toggle({
  icon,
  pressed,
  onClick,
  children,
  disabled,
  className,
}: {
  icon: ReactNode;
  pressed?: boolean;
  onClick: () => void;
  children: ReactNode;
  disabled?: boolean;
  className?: string;
}) {
  return (
    <button
      type="button"
      className={cx("toggle", className)}
      aria-pressed={pressed}
      onClick={onClick}
      disabled={disabled}
    >
      {icon}
      <span className="max-lg:sr-only">{children}</span>
    </button>
  );
}

/** The bar over a log: search with its count, jump to the first error, the switches, the download. */
export function LogTools({
  searchRef,
  query,
  onQuery,
  count,
  current,
  onStep,
  onFirstError,
  hasError,
  timed,
  onTimed,
  wrap,
  onWrap,
  follow,
  onFollow,
  downloadHref,
  children,
}: {
  searchRef: Ref<HTMLInputElement>;
  query: string;
  onQuery: (query: string) => void;
  count: number;
  current: number;
  onStep: (by: 1 | -1) => void;
  onFirstError: () => void;
  hasError: boolean;
  timed?: boolean;
  onTimed: () => void;
  wrap: boolean;
  onWrap: () => void;
  follow?: boolean;
  onFollow: () => void;
  downloadHref?: string;
  children?: ReactNode;
}) {
  const t = useTranslations("common.log");
  return (
    <div className="log-tools">
      <span className="flex min-w-40 max-w-64 flex-1 items-center">
        <Input
          ref={searchRef}
          small
          mono
          icon={<Search aria-hidden />}
          aria-label={t("search")}
          placeholder={t("search")}
          value={query}
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
      </span>
      {query !== "" && (
        <span className="flex items-center text-sm text-fg-3">
          <span aria-live="polite">{t("count", { current: count === 0 ? 0 : current + 1, count })}</span>
          <IconButton
            size="small"
            label={t("previous")}
            icon={<ChevronUp aria-hidden />}
            onClick={() => onStep(-1)}
          />
          <IconButton
            size="small"
            label={t("next")}
            icon={<ChevronDown aria-hidden />}
            onClick={() => onStep(1)}
          />
        </span>
      )}
      {hasError && (
        <Toggle icon={<CircleX aria-hidden />} onClick={onFirstError} className="text-bad">
          {t("firstError")}
        </Toggle>
      )}
      {children}
      <span className="ml-auto flex items-center gap-0.5">
        {timed !== undefined && (
          <Toggle icon={<Clock3 aria-hidden />} pressed={timed} onClick={onTimed}>
            {t("times")}
          </Toggle>
        )}
        <Toggle icon={<WrapText aria-hidden />} pressed={wrap} onClick={onWrap}>
          {t("wrap")}
        </Toggle>
        {follow !== undefined && (
          <Toggle icon={<ArrowDownToLine aria-hidden />} pressed={follow} onClick={onFollow}>
            {t("follow")}
          </Toggle>
        )}
        {downloadHref !== undefined && (
          <a className="toggle" href={downloadHref} download>
            <Download aria-hidden />
            <span className="max-lg:sr-only">{t("download")}</span>
          </a>
        )}
      </span>
    </div>
  );
}
