"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { copyText } from "./copy-text.ts";
import { cx } from "./cx.ts";
import { middle, shortDigest } from "./text.ts";

/** A text with a button that copies it whole, however short it is `shown`. */
export function Copyable({
  text,
  shown,
  label,
  mono = true,
  className,
}: {
  text: string;
  shown?: ReactNode;
  /** What is copied, for the button's name; the text itself when left out. */
  label?: string;
  mono?: boolean;
  className?: string;
}) {
  const t = useTranslations("common");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <span
      className={cx(
        "inline-flex min-w-0 max-w-full items-center gap-1",
        mono && "font-mono text-[0.93em]",
        className,
      )}
    >
      <span className="truncate" title={shown === undefined ? undefined : text}>
        {shown ?? text}
      </span>
      <button
        type="button"
        className={cx("-m-1.5 rounded-sm p-1.5 text-fg-3 hover:text-fg", copied && "text-good")}
        aria-label={copied ? t("copied") : t("copy", { what: label ?? text })}
        title={copied ? t("copied") : t("copy", { what: label ?? text })}
        onClick={() => copyText(text).then(() => setCopied(true))}
      >
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      </button>
    </span>
  );
}

/** An image or plan digest: shortened in the middle, copied whole. `plain` leaves out the algorithm. */
export function Digest({
  value,
  plain = false,
  className,
}: {
  value: string;
  plain?: boolean;
  className?: string;
}) {
  const short = shortDigest(value);
  const shown = plain ? short.slice(short.indexOf(":") + 1) : short;
  return <Copyable text={value} shown={shown} label={shown} className={className} />;
}

/** A long name with its middle cut out; the whole stands in the hover text and is read out. */
export function MiddleText({
  text,
  max = 36,
  className,
}: {
  text: string;
  max?: number;
  className?: string;
}) {
  const cut = middle(text, max);
  if (cut === text) return <span className={className}>{text}</span>;
  return (
    <span className={className} title={text}>
      <span aria-hidden="true">{cut}</span>
      <span className="sr-only">{text}</span>
    </span>
  );
}
