// The engine through `window.triage`, which tests and embedding pages call synchronously.

import { builtIn, call, command, expect, load, open, overview, seek, test, trace } from "./fixtures.mjs";


const ofKind = (events, kind) => events.filter((event) => event.kind === kind);

/** The attempts that are running after a list of events, as the executors recorded them. */
function runningJobs(events) {
  const running = new Map();
  for (const { kind, job, attempt, process, class: jobClass } of events) {
    if (kind === "job_started" || kind === "job_resumed") running.set(job, { job, attempt, process, jobClass });
    if (kind === "job_paused" || kind === "job_completed") running.delete(job);
  }
  return [...running.values()];
}

/** Seeks forward until a matching job is running; returns when and what. */
async function seekUntilRunning(page, wanted = () => true) {
  for (let at_ms = 250; at_ms <= 20_000; at_ms += 250) {
    await seek(page, at_ms);
    const past = (await trace(page)).filter((event) => event.t_us <= at_ms * 1_000);
    const running = runningJobs(past).filter(wanted);
    if (running.length > 0) return { at_ms, running };
  }
  throw new Error("nothing of the kind ran within 20 s");
}

/** The message with which a call rejected its argument, whether it returned or threw. */
const complaint = (page, name, argument) =>
  page.evaluate(
    ([name, argument]) => {
      try {
        const answer = window.triage[name](argument);
        return typeof answer === "string" ? answer : JSON.stringify(answer) ?? "";
      } catch (error) {
        return String(error?.message ?? error);
      }
    },
    [name, argument],
  );

test.beforeEach(async ({ page, site, witness }) => {
  expect(witness.problems).toEqual([]);
  await open(page, site.root);
  await call(page, "pause");
});

test("a run is the same twice", async ({ page }) => {
  const scenario = JSON.stringify(builtIn("mixed-workload"));
  const first = await call(page, "traceHash", scenario, 10_000);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await call(page, "traceHash", scenario, 10_000)).toBe(first);
  const reseeded = { ...builtIn("mixed-workload"), seed: 987_654_321 };
  expect(await call(page, "traceHash", JSON.stringify(reseeded), 10_000)).not.toBe(first);
});

test("seeking back and forth changes nothing", async ({ page }) => {
  await load(page, builtIn("basic-operation"));
  await seek(page, 4_000);
  const before = await overview(page);
  await seek(page, 1_000);
  expect(await overview(page)).not.toEqual(before);
  await seek(page, 4_000);
  expect(await overview(page)).toEqual(before);
});

test("a CRITICAL emergency reaches every executor and pauses running normal jobs", async ({ page }) => {
  await load(page, builtIn("basic-operation"));
  const { at_ms } = await seekUntilRunning(page, (job) => job.jobClass === "normal");
  await command(page, { declare_emergency: { type: "fire", level: "CRITICAL" } });
  await seek(page, at_ms + 500);
  const events = (await trace(page)).filter((event) => event.t_us <= (at_ms + 500) * 1_000);
  const executors = new Set(ofKind(events, "executor_registered").map((event) => event.executor));
  const critical = ofKind(events, "mode_set").filter((event) => event.level === "CRITICAL");
  expect(new Set(critical.map((event) => event.process))).toEqual(executors);
  expect(runningJobs(events).filter((job) => job.jobClass === "normal")).toEqual([]);
  expect(ofKind(events, "job_paused")).not.toEqual([]);
});

test("a crashed executor turns failed within 5 s and its jobs finish elsewhere", async ({ page }) => {
  await load(page, builtIn("basic-operation"));
  const { at_ms, running } = await seekUntilRunning(page);
  const { process, job } = running[0];
  await command(page, { crash: { process } });
  await seek(page, at_ms + 60_000);
  const events = await trace(page);
  const failed = ofKind(events, "executor_failed").find((event) => event.executor === process);
  expect(failed.t_us).toBeGreaterThan(at_ms * 1_000);
  expect(failed.t_us).toBeLessThanOrEqual((at_ms + 5_000) * 1_000);
  const completions = ofKind(events, "completion_accepted").filter((event) => event.job === job);
  expect(completions).toHaveLength(1);
  expect(completions[0].from).not.toBe(process);
});

test("every accepted job completes once in the four demos", async ({ page }) => {
  for (const name of ["basic-operation", "emergency-response", "failure-recovery", "mixed-workload"]) {
    await load(page, builtIn(name));
    await seek(page, 300_000);
    const events = await trace(page);
    const jobs = (kind) => ofKind(events, kind).map((event) => event.job).sort();
    expect(jobs("job_accepted"), name).not.toEqual([]);
    expect(jobs("completion_accepted"), name).toEqual(jobs("job_accepted"));
  }
});

test("the vectors agree with the recorded causes", async ({ page }) => {
  await load(page, builtIn("emergency-response"));
  await seek(page, 20_000);
  const events = await trace(page);
  const last = new Map();
  for (const event of events.filter((event) => event.process !== null)) {
    const expected = { ...(last.get(event.process) ?? {}) };
    if (event.cause !== undefined && event.kind !== "message_refused") {
      for (const [process, count] of Object.entries(events[event.cause].vc)) {
        expected[process] = Math.max(expected[process] ?? 0, count);
      }
    }
    expected[event.process] = (expected[event.process] ?? 0) + 1;
    expect(event.vc, `event ${event.seq}`).toEqual(expected);
    last.set(event.process, expected);
  }
});

test("a command that cannot be is refused with its reason", async ({ page }) => {
  await load(page, builtIn("basic-operation"));
  await seek(page, 1_000);
  const given = JSON.stringify({ principal: "commander", action: { crash: { process: "nobody" } } });
  expect(await complaint(page, "command", given)).toContain("nobody");
  expect(await complaint(page, "command", "{not json")).not.toBe("");
});

test("a scenario that cannot be is refused with path and reason", async ({ page }) => {
  await load(page, builtIn("basic-operation"));
  const before = await overview(page);
  const broken = builtIn("basic-operation");
  broken.executors[0].capacity = 0;
  expect(await complaint(page, "load", JSON.stringify(broken))).toContain("executors[0].capacity");
  expect(await overview(page)).toEqual(before);
});
