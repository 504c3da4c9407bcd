// On globalThis: the hook that runs when a web process starts is another bundle than its routes.
const holder = globalThis as typeof globalThis & { refractSendsAtOnce?: boolean };

/**
 * Whether builds that start in this process are sent to their build server by it. Web processes do, so that a click
 * does not wait for the queue; all others leave it to the worker.
 */
export const sendsAtOnce = (): boolean => holder.refractSendsAtOnce ?? false;

/** Says that this process sends by itself what it starts, or that it no longer does. */
export function setSendsAtOnce(sends: boolean): void {
  holder.refractSendsAtOnce = sends;
}
