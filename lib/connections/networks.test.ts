import { describe, expect, test } from "vitest";
import {
  admittedAddresses,
  guardedLookup,
  mayReach,
  parseNetworks as parse,
  refusalOf,
  refuseResolvedServer,
  refuseServer,
} from "./networks.ts";

const parseNetworks = (setting: string) => parse(setting, "REFRACT_CLUSTER_NETWORKS");

const byDefault = parseNetworks("default");
const refused = (setting: string, server: string) => () => refuseServer(parseNetworks(setting), server);

describe("by default", () => {
  test.each([
    "http://169.254.169.254",
    "https://169.254.1.1:6443",
    "https://[fe80::1]:6443",
    "https://[::ffff:169.254.169.254]",
    "https://[::ffff:7f00:1]:6443",
    "https://[fd00:ec2::254]",
    "http://100.100.100.200",
    "http://2852039166",
    "http://0xa9.0xfe.0xa9.0xfe",
    "https://127.0.0.1:6443",
    "https://127.1:6443",
    "https://[::1]:6443",
    "https://0.0.0.0:6443",
    "http://metadata.google.internal",
    "http://METADATA.google.internal.",
    "http://metadata",
  ])("%s is refused", (server) => {
    expect(refused("default", server)).toThrow(
      expect.objectContaining({
        failure: "invalid",
        retryable: false,
        message: expect.stringContaining("REFRACT_CLUSTER_NETWORKS"),
      }),
    );
  });

  test.each([
    "https://10.20.0.1:6443",
    "https://192.168.1.10",
    "https://203.0.113.9",
    "https://[fd12::1]:6443",
    "https://k8s.example.com",
  ])("%s is let through", (server) => {
    expect(refused("default", server)).not.toThrow();
    expect(refused("", server)).not.toThrow();
  });
});

describe("a setting", () => {
  test("allows what it lists and nothing else", () => {
    const setting = "10.20.0.0/16, k8s.example.com *.apps.example.com fd12::/16";
    const rules = parseNetworks(setting);
    expect(refused(setting, "https://10.20.3.4:6443")).not.toThrow();
    expect(refused(setting, "https://[fd12::9]")).not.toThrow();
    expect(refused(setting, "https://10.21.0.1")).toThrow("10.21.0.1");
    expect(mayReach(rules, "k8s.example.com", "203.0.113.9")).toBe(true);
    expect(mayReach(rules, "one.apps.example.com", "203.0.113.9")).toBe(true);
    expect(mayReach(rules, "apps.example.com", "203.0.113.9")).toBe(false);
    expect(mayReach(rules, "else.example.com", "203.0.113.9")).toBe(false);
    expect(mayReach(rules, "else.example.com", "10.20.9.9")).toBe(true);
  });

  test("a listed name does not lead to the machine itself, a listed range may", () => {
    expect(mayReach(parseNetworks("k8s.example.com"), "k8s.example.com", "169.254.169.254")).toBe(false);
    expect(mayReach(parseNetworks("k8s.example.com"), "k8s.example.com", "127.0.0.1")).toBe(false);
    expect(refused("default, 127.0.0.0/8", "https://127.0.0.1:6443")).not.toThrow();
    expect(refused("default, 127.0.0.0/8", "https://10.0.0.1")).not.toThrow();
    expect(refused("default, 127.0.0.0/8", "http://169.254.169.254")).toThrow("169.254.169.254");
    expect(refused("127.0.0.0/8", "https://10.0.0.1")).toThrow("10.0.0.1");
  });

  test.each(["ssh://git.example.com:99999", "nothing", "ssh:///path"])("%s is no address", (server) => {
    expect(refused("default", server)).toThrow(expect.objectContaining({ failure: "invalid" }));
  });

  test("names of which nothing is listed are refused without asking DNS", () => {
    expect(refused("k8s.example.com", "https://else.example.com")).toThrow("else.example.com");
  });

  test.each(["10.0.0.0/33", "10.0.0.0/x", "fe80::/129", "http://10.0.0.1", "a b!"])(
    "that cannot be read is told: %s",
    (setting) => {
      expect(() => parseNetworks(setting)).toThrow(/is no/);
    },
  );
});

describe("names", () => {
  /** What a connection would be made to. */
  const looked = (setting: string, name: string, all: boolean) =>
    new Promise<unknown>((resolve, reject) => {
      guardedLookup(parseNetworks(setting))(name, { all }, (error, address) =>
        error ? reject(error) : resolve(address),
      );
    });

  test("are looked at as they resolve when a cluster is saved", async () => {
    await expect(refuseResolvedServer(byDefault, "https://localhost:6443")).rejects.toThrow("localhost (");
    await refuseResolvedServer(parseNetworks("127.0.0.0/8 ::1"), "https://localhost:6443");
    // A name that is not there yet: the connection looks again.
    await refuseResolvedServer(byDefault, "https://nobody.invalid");
  });

  test("are looked at again when a connection is made", async () => {
    await expect(looked("default", "localhost", true)).rejects.toMatchObject({ failure: "invalid" });
    await expect(looked("default", "localhost", false)).rejects.toMatchObject({ failure: "invalid" });
    expect(await looked("127.0.0.0/8 ::1", "localhost", false)).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect(await looked("127.0.0.0/8 ::1", "localhost", true)).toEqual(
      expect.arrayContaining([expect.objectContaining({ address: expect.any(String) })]),
    );
  });

  test("have their addresses told to what cannot look again, and one that is not there is refused", async () => {
    expect(await admittedAddresses(parseNetworks("127.0.0.0/8 ::1"), "ssh://localhost:22")).toContain(
      "127.0.0.1",
    );
    expect(await admittedAddresses(byDefault, "https://10.1.2.3")).toEqual(["10.1.2.3"]);
    await expect(admittedAddresses(byDefault, "ssh://localhost")).rejects.toMatchObject({
      failure: "invalid",
    });
    // Kept by the SSH address as it stands; the resolver knows what it means.
    await expect(admittedAddresses(byDefault, "ssh://127.1")).rejects.toThrow(/invalid|127\.1/);
    await expect(admittedAddresses(byDefault, "https://nobody.invalid")).rejects.toMatchObject({
      failure: "unreachable",
    });
  });

  test("an open connection is judged by its address", () => {
    expect(refusalOf(byDefault, "git.example.com", "10.0.0.1")).toBeNull();
    expect(refusalOf(byDefault, "git.example.com", "::ffff:127.0.0.1")?.message).toContain(
      "git.example.com (",
    );
    expect(refusalOf(parseNetworks("git.example.com"), "GIT.example.com.", "10.0.0.1")).toBeNull();
    expect(refusalOf(byDefault, "[::1]", "::1")?.message).toMatch(/^::1 is/);
  });
});
