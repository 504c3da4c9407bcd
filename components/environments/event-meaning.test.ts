import { createTranslator } from "next-intl";
import { describe, expect, test } from "vitest";
import en from "#lib/i18n/messages/en/live.json" with { type: "json" };
import zh from "#lib/i18n/messages/zh/live.json" with { type: "json" };
import { EVENT_CODES, meaningOf } from "./event-meaning.ts";

const words: Record<"zh" | "en", Record<string, string>> = { zh: zh.events.words, en: en.events.words };
function said(reason: string, message: string, locale: "zh" | "en") {
  const meaning = meaningOf({ reason, message });
  return meaning && createTranslator({ locale, messages: words[locale] })(meaning.code, meaning.facts);
}

describe("what an event says, as kubelets, schedulers and controllers write it", () => {
  test.each([
    ["Scheduled", "Successfully assigned shop/api-1 to node-3", "已调度到节点 node-3"],
    [
      "FailedScheduling",
      "0/3 nodes are available: 3 Insufficient memory. preemption: 0/3 nodes are available",
      "没有节点有足够的 memory，Pod 等待调度",
    ],
    [
      "FailedScheduling",
      "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.",
      "没有节点符合调度要求（亲和、选择器或污点），Pod 等待调度",
    ],
    ["Pulling", 'Pulling image "shop/api:1"', "正在拉取镜像"],
    ["Pulled", 'Container image "shop/api:1" already present on machine', "镜像已在节点上"],
    ["Pulled", 'Successfully pulled image "shop/api:1" in 2.5s', "镜像拉取完成"],
    ["BackOff", 'Back-off pulling image "shop/api:1"', "镜像反复拉取失败，等一段时间再试"],
    ["BackOff", "Back-off restarting failed container app in pod api-1", "容器反复退出，等一段时间再启动"],
    ["Failed", 'Failed to pull image "shop/api:1": not found', "镜像拉取失败"],
    ["Failed", "Error: ErrImagePull", "镜像拉取失败"],
    ["Failed", 'Error: secret "api-db" not found', "引用的 api-db 不存在"],
    ["Failed", "Error: failed to create containerd task", "容器没能启动"],
    [
      "Unhealthy",
      "Readiness probe failed: HTTP probe failed with statuscode: 503",
      "就绪探测失败，返回 HTTP 503",
    ],
    [
      "Unhealthy",
      'Startup probe failed: Get "http://10.0.0.9:80/healthz": dial tcp 10.0.0.9:80: connect: connection refused',
      "启动探测失败，连接被拒绝",
    ],
    [
      "Unhealthy",
      'Liveness probe failed: Get "http://10.0.0.9:80/": context deadline exceeded',
      "存活探测失败，超时未答",
    ],
    ["Killing", "Container app failed liveness probe, will be restarted", "探测失败，容器将被重启"],
    ["Killing", "Stopping container app", "正在停止容器"],
    ["ScalingReplicaSet", "Scaled up replica set api-6f7c to 2 from 1", "ReplicaSet api-6f7c 扩到 2 个副本"],
    [
      "ScalingReplicaSet",
      "Scaled down replica set api-6f7c from 2 to 0",
      "ReplicaSet api-6f7c 缩到 0 个副本",
    ],
    [
      "FailedCreate",
      'Error creating: pods "api-1" is forbidden: exceeded quota: team, requested: cpu=1',
      "超出配额 team，Pod 建不出来",
    ],
    [
      "FailedCreate",
      'Error creating: pods "api-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot',
      "不符合 Pod 安全标准 restricted，Pod 建不出来",
    ],
    [
      "FailedMount",
      'MountVolume.SetUp failed for volume "config" : configmap "api-config" not found',
      "要挂载的 api-config 不存在",
    ],
    [
      "Evicted",
      "The node was low on resource: ephemeral-storage.",
      "节点 ephemeral-storage 不足，Pod 被驱逐",
    ],
    ["NodeNotReady", "Node is not ready", "所在节点失联或未就绪"],
    ["OOMKilling", "Memory cgroup out of memory", "内存超出限制，进程被杀"],
  ])("%s: %s", (reason, message, text) => {
    expect(said(reason, message, "zh")).toBe(text);
    const english = said(reason, message, "en");
    expect(english).not.toBeNull();
    expect(english).not.toMatch(/\p{Script=Han}|[{}]/u);
  });

  test("every meaning has its words, and there are no others", () => {
    expect(Object.keys(zh.events.words).sort()).toEqual([...EVENT_CODES].sort());
  });

  test("a reason that is not known has no words of ours", () => {
    expect(meaningOf({ reason: "LeaderElection", message: "became leader" })).toBeNull();
    expect(meaningOf({ reason: "toString", message: "" })).toBeNull();
  });
});
