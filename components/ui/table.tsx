import type { ComponentPropsWithRef } from "react";
import { cx } from "./cx.ts";

/** A plain semantic table with dense rows; wide ones scroll inside their own box, never the page. */
export function Table({ label, className, ...rest }: ComponentPropsWithRef<"table"> & { label: string }) {
  return (
    <div className="table-scroll">
      <table {...rest} aria-label={label} className={cx("table", className)} />
    </div>
  );
}

/** A row; `link` marks that the whole row leads somewhere (its first cell holds the real link). */
export function Tr({
  selected,
  link = false,
  ...rest
}: ComponentPropsWithRef<"tr"> & { selected?: boolean; link?: boolean }) {
  return <tr {...rest} aria-selected={selected} data-link={link || undefined} />;
}

/** Head cell; `num` aligns it with a column of numbers. */
export function Th({ num = false, className, ...rest }: ComponentPropsWithRef<"th"> & { num?: boolean }) {
  return <th scope="col" {...rest} className={cx(num && "num", className)} />;
}

/** Cell; `num` for numbers (right, tabular figures). */
export function Td({ num = false, className, ...rest }: ComponentPropsWithRef<"td"> & { num?: boolean }) {
  return <td {...rest} className={cx(num && "num", className)} />;
}
