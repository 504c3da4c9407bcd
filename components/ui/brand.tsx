/** The mark: white light in, three colours out. */
export function Brand({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" width={size} height={size} aria-hidden="true" className="flex-none">
      <path d="M12 3 21.5 20h-19Z" stroke="var(--text)" strokeWidth="1.8" strokeLinejoin="round" />
      <path d="M1 14.5 9.2 11" stroke="var(--text-3)" strokeWidth="1.6" />
      <path d="m14.6 11 8.4 1.6" stroke="var(--good-solid)" strokeWidth="1.8" />
      <path d="m15.4 12.6 7.6 3.4" stroke="var(--wait-solid)" strokeWidth="1.8" />
      <path d="m16.2 14.2 6.4 5.2" stroke="var(--accent)" strokeWidth="1.8" />
    </svg>
  );
}
