import { type CSSProperties, Fragment, type ReactNode } from "react";
import { cx } from "./cx.ts";

/** The strip of facts at the head of a plan, a deployment, a build. `columns` is a grid template, even ones by default. */
export function FactStrip({
  columns,
  className,
  children,
}: {
  columns?: string;
  className?: string;
  children: ReactNode;
}) {
  const style: CSSProperties & { "--columns"?: string } =
    columns === undefined ? {} : { "--columns": columns };
  return (
    <section className={cx("card facts", className)} style={style}>
      {children}
    </section>
  );
}

/** One fact: what it is, its value, a line below. `large` for a count that is the point of the page. */
export function Fact({
  label,
  value,
  sub,
  large = false,
}: {
  label: ReactNode;
  value: ReactNode;
  sub?: ReactNode;
  large?: boolean;
}) {
  return (
    <div className="fact">
      <span className="truncate text-sm text-fg-3">{label}</span>
      <div
        className={cx(
          "flex min-h-[22px] min-w-0 flex-wrap items-baseline gap-x-1.5",
          large ? "text-xl leading-7 font-semibold" : "font-semibold",
        )}
      >
        {value}
      </div>
      {sub !== undefined && <div className="min-w-0 text-sm text-fg-2">{sub}</div>}
    </div>
  );
}

/** Terms and details in two columns. */
export function DescriptionList({
  items,
  className,
}: {
  items: { term: ReactNode; detail: ReactNode; key?: string }[];
  className?: string;
}) {
  return (
    <dl
      className={cx("grid grid-cols-[max-content_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1.5", className)}
    >
      {items.map((item) => (
        <Fragment key={item.key ?? String(item.term)}>
          <dt className="text-fg-3">{item.term}</dt>
          <dd className="min-w-0">{item.detail}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
