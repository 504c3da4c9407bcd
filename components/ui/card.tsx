import type { ComponentPropsWithRef, ReactNode } from "react";
import { cx } from "./cx.ts";

/** A surface with a border; a `<section>` so that its heading names it. */
export function Card({ className, ...rest }: ComponentPropsWithRef<"section">) {
  return <section {...rest} className={cx("card", className)} />;
}

/** Longer hints are sentences: they need a line of their own on a phone. */
const SENTENCE = 16;
/** In Latin letters; a Chinese character is as wide as two. */
const widthOf = (text: string) => text.replace(/\p{Script=Han}/gu, "xx").length;

/** Head of a card: the title, a fainter hint (a count, a scope), which gives way first, and actions at the right. */
export function CardHeader({
  title,
  hint,
  actions,
  className,
  children,
}: {
  title: ReactNode;
  hint?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children?: ReactNode;
}) {
  const long = typeof hint === "string" && widthOf(hint) > SENTENCE;
  return (
    <header className={cx("card-header", className)}>
      <h2 className="min-w-0 truncate">{title}</h2>
      {hint !== undefined && (
        <span className={cx("min-w-0 shrink-[9999] text-fg-3", long ? "card-hint-long" : "truncate")}>
          {hint}
        </span>
      )}
      {children}
      {actions !== undefined && <div className="ml-auto flex items-center gap-2">{actions}</div>}
    </header>
  );
}

/** Padded content of a card. Tables and lists go into the card without it. */
export function CardBody({ className, ...rest }: ComponentPropsWithRef<"div">) {
  return <div {...rest} className={cx("p-3.5", className)} />;
}

/** Last line of a card: "7 more commits", a total, a note. */
export function CardFooter({ className, ...rest }: ComponentPropsWithRef<"footer">) {
  return (
    <footer
      {...rest}
      className={cx(
        "flex min-h-9 items-center gap-2 border-t border-line px-3.5 py-1.5 text-fg-2",
        className,
      )}
    />
  );
}
