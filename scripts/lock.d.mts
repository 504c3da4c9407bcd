export function withLock<Result>(
  lock: string,
  work: () => Promise<Result>,
  onWait?: () => void,
): Promise<Result>;
