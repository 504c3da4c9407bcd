/** Sets two facts in one line apart; on a phone, where the line breaks, the gap does. */
export function Dot() {
  return (
    <span aria-hidden className="text-fg-3 max-sm:hidden">
      ·
    </span>
  );
}
