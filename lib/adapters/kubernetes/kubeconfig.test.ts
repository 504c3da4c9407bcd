import { describe, expect, test } from "vitest";
import { parseKubeconfig, splitKubeconfig } from "./kubeconfig.ts";

const config = (user: string, cluster = ""): string => `
apiVersion: v1
kind: Config
current-context: b
clusters:
- name: one
  cluster: { server: "https://one.test:6443", certificate-authority-data: Q0E=${cluster} }
- name: two
  cluster: { server: "https://two.test:6443" }
users:
- name: deployer
  user: { ${user} }
- name: reader
  user: { token: other }
contexts:
- name: a
  context: { cluster: one, user: deployer, namespace: x }
- name: b
  context: { cluster: two, user: reader }
`;

describe("parseKubeconfig", () => {
  test("takes the current context, or the one that is named", () => {
    const contexts = ["a", "b"];
    expect(parseKubeconfig(config("token: t"))).toEqual({
      server: "https://two.test:6443",
      context: "b",
      contexts,
    });
    expect(parseKubeconfig(config("token: t"), "a")).toEqual({
      server: "https://one.test:6443",
      context: "a",
      contexts,
    });
  });

  test.each([
    ["a program", "exec: { command: /bin/sh }", "exec"],
    ["a provider", "auth-provider: { name: oidc }", "auth-provider"],
    ["a token file", "tokenFile: /etc/shadow", "tokenFile"],
    ["a key file", "client-key: /root/key.pem", "client-key"],
    ["a token file by its other name", "token-file: /etc/shadow", "token-file"],
    ["a certificate file", "client-certificate: /root/cert.pem, client-key-data: S0VZ", "client-certificate"],
    ["a program beside a token", "token: t, exec: null", "exec"],
    ["impersonation", "token: t, as: admin", "impersonation"],
  ])("refuses %s", (_, user, named) => {
    expect(() => parseKubeconfig(config(user), "a")).toThrow(named);
    expect(() => splitKubeconfig(config(user))).toThrow(named);
  });

  test("refuses a proxy: requests would go where nobody looked", () => {
    const proxied = config("token: t", ', proxy-url: "http://169.254.169.254"');
    expect(() => parseKubeconfig(proxied, "a")).toThrow("proxy-url");
    expect(() => splitKubeconfig(proxied)).toThrow("proxy-url");
  });

  test("refuses a file of certificates, a missing context, and text that is no kubeconfig", () => {
    expect(() => parseKubeconfig(config("token: t", ", certificate-authority: /ca.crt"), "a")).toThrow(
      "flatten",
    );
    expect(() => parseKubeconfig(config("token: t"), "c")).toThrow("there is no context c");
    for (const text of ["", "just text", "a: [", "clusters: []\ncontexts: []"]) {
      expect(() => parseKubeconfig(text)).toThrow(expect.objectContaining({ failure: "invalid" }));
    }
  });
});

test("splitKubeconfig makes one for each context, without the others' credentials", () => {
  const parts = splitKubeconfig(config("token: mine"));
  expect(parts.map(({ name, server }) => ({ name, server }))).toEqual([
    { name: "a", server: "https://one.test:6443" },
    { name: "b", server: "https://two.test:6443" },
  ]);
  expect(parts[0]?.kubeconfig).toContain("mine");
  expect(parts[0]?.kubeconfig).not.toContain("other");
  expect(parseKubeconfig(parts[1]?.kubeconfig ?? "")).toMatchObject({ context: "b", contexts: ["b"] });
});
