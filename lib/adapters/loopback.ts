const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether what is sent to this host stays on this machine. `hostname`: as `URL` gives it, without a port. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);
