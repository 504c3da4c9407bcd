import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import { type ComponentPropsWithRef, type ReactNode, useId } from "react";
import { cx } from "./cx.ts";

const LOOKS = {
  normal: "",
  primary: "button-primary",
  danger: "button-danger",
  "danger-fill": "button-danger-fill",
  quiet: "button-quiet",
} as const;
const SIZES = { small: "button-small", normal: "", large: "button-large" } as const;

export type ButtonProps = Omit<ComponentPropsWithRef<"button">, "type"> & {
  kind?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
  icon?: ReactNode;
  wide?: boolean;
  /** The action is under way: the button keeps its width and says so. */
  loading?: boolean;
  /** Why it is off and who can change that; shown beside the button while it is disabled. */
  reason?: ReactNode;
  /** Makes it a link that looks like a button. An address of another origin opens in a new tab. */
  href?: string;
  submit?: boolean;
};

/** The one button. It does not vanish for lack of a right: it is off, with the reason beside it. */
export function Button({
  kind = "normal",
  size = "normal",
  icon,
  wide = false,
  loading = false,
  reason,
  href,
  submit = false,
  disabled = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const look = cx("button", LOOKS[kind], SIZES[size], wide && "w-full", className);
  const content = (
    <>
      {loading ? <LoaderCircle aria-hidden className="spin" /> : icon}
      {children}
    </>
  );
  if (href !== undefined && !disabled) {
    const outside = /^https?:/.test(href);
    return outside ? (
      <a href={href} className={look} target="_blank" rel="noreferrer">
        {content}
      </a>
    ) : (
      <Link href={href} className={look}>
        {content}
      </Link>
    );
  }
  const explained = disabled && reason !== undefined && reason !== null && reason !== "";
  const button = (
    <button
      {...rest}
      type={submit ? "submit" : "button"}
      className={look}
      disabled={disabled || loading}
      aria-busy={loading || undefined}
      aria-describedby={explained ? reasonId : rest["aria-describedby"]}
    >
      {content}
    </button>
  );
  if (!explained) return button;
  return (
    <span className={cx("inline-flex min-w-0 items-center gap-2", wide && "w-full flex-col items-stretch")}>
      {button}
      <span id={reasonId} className="text-sm text-fg-3">
        {reason}
      </span>
    </span>
  );
}
