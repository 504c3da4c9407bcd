import type { ReactNode } from "react";

/** A switch in the bar over a log; its word is for those who cannot see the icon unless there is room or it is `worded`. */
export function LogToggle({
  icon,
  label,
  pressed,
  onClick,
  disabled,
  title,
  worded = false,
  iconOnly = false,
  className,
}: {
  icon: ReactNode;
  label: string;
  /** Left out for what is done at once and stays as it is. */
  pressed?: boolean;
  onClick: () => void;
  disabled?: boolean;
  title?: string;
  /** Its word stands beside the icon in a narrow place, too. */
  worded?: boolean;
  /** Its word is never seen. */
  iconOnly?: boolean;
  className?: string;
}) {
  return (
    <button
      type="button"
      className={className ? `toggle ${className}` : "toggle"}
      aria-pressed={pressed}
      onClick={onClick}
      disabled={disabled}
      title={title ?? label}
    >
      {icon}
      <span className={iconOnly ? "sr-only" : worded ? undefined : "max-2xl:sr-only"}>{label}</span>
    </button>
  );
}
