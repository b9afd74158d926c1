// The views of the dock: their content is present, agrees with the run, and follows the cursor.

import AxeBuilder from "@axe-core/playwright";
import { builtIn, expect, load, open, overview, seek, test, trace } from "./fixtures.mjs";

test.beforeEach(async ({ page, witness }) => {
  void witness;
  await open(page);
  await load(page, builtIn("mixed-workload"));
});

test("latency charts are drawn, and say in words what the run shows", async ({ page }) => {
  await seek(page, 40_000);
  await page.getByTestId("tab-latency").click();
  const chart = page.getByTestId("chart-start");
  await expect(chart.locator("canvas")).toBeVisible();
  const started = new Set();
  for (const event of await trace(page)) {
    if (event.kind === "job_started" && event.class === "normal") started.add(event.job);
  }
  await expect(chart).toContainText(`${started.size} normal starts`);
  for (const id of ["distribution", "waiting", "utilisation", "messages"]) {
    await expect(page.getByTestId(`chart-${id}`).locator("canvas")).toHaveCount(1);
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => one.id)).toEqual([]);
});

test("the dock's height follows keys and is remembered", async ({ page }) => {
  const dock = page.getByTestId("dock");
  const height = async () => (await dock.boundingBox()).height;
  const before = await height();
  const splitter = page.getByTestId("splitter");
  await splitter.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowUp");
  await expect(splitter).toHaveAttribute("aria-valuenow", "55");
  expect(await height()).toBeGreaterThan(before + 100);
  await page.reload();
  await expect(page.getByTestId("splitter")).toHaveAttribute("aria-valuenow", "55");
  await page.getByTestId("splitter").focus();
  await page.keyboard.press("Home");
  await expect(page.getByTestId("stage")).toBeHidden();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("stage")).toBeVisible();
});

test("slots: a click on a bar chooses its job, keys zoom", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 32_000);
  await page.getByTestId("tab-slots").click();
  const chart = page.getByTestId("gantt").locator("svg");
  await expect(chart).toHaveAttribute("aria-label", /Slots of 4 executors.* lost/);
  const completed = async () => Number(/(\d+) jobs completed/.exec(await chart.getAttribute("aria-label"))[1]);
  const all = await completed();
  const done = (await trace(page)).filter((event) => event.kind === "job_completed");
  expect(all).toBe(done.length);
  // In the middle of a job on the first executor.
  const first = (await trace(page)).find((event) => event.kind === "executor_added").executor;
  const end = done.find((event) => event.process === first);
  const start = (await trace(page)).find((event) => event.kind === "job_started" && event.job === end.job);
  const box = await chart.boundingBox();
  const x = ((start.t_us + end.t_us) / 2 / 32e6) * box.width;
  await chart.click({ position: { x, y: 8 } });
  await expect(chart.locator("path.followed")).toHaveAttribute("d", /^M/);
  await chart.focus();
  await page.keyboard.press("+");
  await page.keyboard.press("+");
  expect(await completed()).toBeLessThan(all);
  await page.keyboard.press("Home");
  await expect(chart).toHaveAttribute("aria-label", new RegExp(`In view: ${all} jobs`));
});

test("compare: a longer timeout misses the detection target, in words and figures", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 32_000);
  await page.getByTestId("tab-compare").click();
  const view = page.getByTestId("compare");
  await view.getByTestId("variation").selectOption({ label: "timeout 6.0 s, failed at 9.0 s" });
  const detection = view.getByRole("row", { name: /Detection/ });
  await expect(detection).toContainText(/\+\d/);
  await expect(detection.getByRole("cell").nth(0)).not.toHaveClass("missed");
  await expect(detection.getByRole("cell").nth(1)).toHaveClass("missed");
  await expect(view.getByTestId("gantt-other").locator("path.normal")).toHaveAttribute("d", /^M/);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((one) => one.id)).toEqual([]);
});

test("compare: every other policy, detector, level and link gives a run of its own", async ({ page }) => {
  // With a crash, so that detectors have something to detect, and an emergency, so that levels differ.
  const scenario = builtIn("failure-recovery");
  const action = { declare_emergency: { type: "fire", level: "MEDIUM" } };
  scenario.commands.push({ at_us: 3_000_000, principal: "commander", action });
  await load(page, scenario);
  await seek(page, 32_000);
  await page.getByTestId("tab-compare").click();
  const view = page.getByTestId("compare");
  const chosen = view.getByTestId("variation");
  const labels = await chosen.locator("option").allInnerTexts();
  for (const words of ["least loaded", "power of two", "nearest", "φ-accrual", "akka", "weighted", "CRITICAL", "causal"]) {
    expect(labels.some((label) => label.toLowerCase().includes(words.toLowerCase())), words).toBe(true);
  }
  const detections = new Set();
  for (const label of labels) {
    await chosen.selectOption({ label });
    await expect(view, label).toContainText(`The other: ${label}`);
    const jobs = view.getByRole("row", { name: /Jobs completed/ }).getByRole("cell");
    await expect(jobs.nth(1), label).toHaveText(/^[1-9]\d*$/);
    const detection = view.getByRole("row", { name: /Detection/ }).getByRole("cell");
    detections.add(await detection.nth(1).innerText());
  }
  expect(detections.size, [...detections].join()).toBeGreaterThan(4);
});

test("causal delivery: what came before its cause is held back on the card until the cause is there", async ({ page }) => {
  await load(page, builtIn("causal-delivery"));
  await seek(page, 30_000);
  const all = await trace(page);
  const held = all.find((event) => event.kind === "message_held");
  const received = all.find((event) => event.message === held.message && event.process === held.process && event.cause);
  expect(received.t_us).toBeGreaterThan(held.t_us);
  const chip = page.getByTestId(`node-${held.process}`).getByTestId("held");
  await seek(page, Math.floor(held.t_us / 1000) - 1);
  await expect(chip).toHaveCount(0);
  await seek(page, Math.ceil(held.t_us / 1000));
  await expect(chip).toContainText("held back");
  await page.getByTestId("tab-log").click();
  await expect(page.getByTestId("log")).toContainText("holds back");
  await seek(page, 30_000);
  await expect(chip).toHaveCount(0);
  // The same run without it is one choice away.
  await page.getByTestId("tab-compare").click();
  const fifo = page.getByTestId("variation").locator("option", { hasText: "broadcast, FIFO order" });
  await page.getByTestId("variation").selectOption(await fifo.getAttribute("value"));
  await expect(page.getByTestId("compare")).toContainText("The other: emergencies broadcast, FIFO order");
});

test("the overview says emergencies, jobs and executors as the engine does", async ({ page }) => {
  await seek(page, 15_000);
  await page.getByTestId("tab-overview").click();
  const { jobs, executors, emergencies } = JSON.parse(JSON.stringify(await overview(page)));
  const sums = page.getByTestId("sums");
  await expect(sums).toContainText(`${jobs.submitted} jobs submitted · ${jobs.completed} completed`);
  await expect(sums).toContainText(`${executors.length} executors`);
  await expect(sums).toContainText(emergencies[0].level);
  const rows = page.getByTestId("overview").locator("tbody tr");
  await expect(rows).toHaveCount(3 + executors.length);
  // Processes that run no jobs are listed with their activity and clocks.
  await expect(rows.nth(0)).toContainText(`${jobs.submitted} jobs submitted`);
  await expect(rows.nth(2)).toContainText("detector: timeout");
});

test("the overview for programs has every process with its clock, as the trace has it", async ({ page }) => {
  await load(page, builtIn("coordinators"));
  await seek(page, 9_000);
  const { system, coordinators, recovery, executors } = await overview(page);
  const all = [system, ...coordinators, recovery, ...executors];
  expect(coordinators.length).toBeGreaterThan(1);
  const last = {};
  for (const event of await trace(page)) if (event.process !== null) last[event.process] = event;
  for (const { id, clock } of all) {
    const { vc, lamport, hlc } = last[id];
    expect(clock, id).toEqual({ vc, lamport, hlc });
  }
  const healthy = executors.filter((executor) => executor.health === "healthy").length;
  expect(recovery.healthy).toBe(healthy);
  await page.getByTestId("tab-overview").click();
  await expect(page.getByTestId("overview").locator("tbody .row-name")).toHaveCount(all.length);
});

test("a crowd with long names keeps its clocks in sight in the overview", async ({ page }) => {
  const scenario = builtIn("basic-operation");
  scenario.commands = [];
  scenario.executors = Array.from({ length: 30 }, (_, index) => ({
    id: `regional-coordination-centre-${index + 1}`,
    capacity: 3,
    capabilities: ["general"],
  }));
  await page.setViewportSize({ width: 1440, height: 900 });
  await load(page, scenario);
  await seek(page, 5_000);
  await page.getByTestId("tab-overview").click();
  const room = page.getByTestId("overview");
  await expect(room.locator("tbody tr")).toHaveCount(33);
  expect(await room.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
});

test("before anything was asked for or has waited, views say so", async ({ page }) => {
  const scenario = { ...builtIn("basic-operation"), workload: [], commands: [] };
  await load(page, scenario);
  await seek(page, 5_000);
  await page.getByTestId("tab-audit").click();
  await expect(page.getByTestId("audit-verdict")).toContainText("No command has been given yet");
  await expect(page.getByTestId("alter")).toBeHidden();
  await page.getByTestId("tab-latency").click();
  await expect(page.getByTestId("chart-waiting")).toContainText("No job has waited.");
});

test.describe("touch", () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test("names of lines, of rows of the matrix and of slots can be hit with a finger", async ({ page }) => {
    await load(page, builtIn("failure-recovery"));
    await seek(page, 12_000);
    const reachable = async (view, names) => {
      await page.evaluate((name) => window.triage.view(name), view);
      await expect(names.first()).toBeVisible();
      const boxes = await names.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
      for (const [at, box] of boxes.entries()) {
        expect(Math.round(box.height), `${view} ${at}`).toBeGreaterThanOrEqual(44);
        expect(Math.round(box.width), `${view} ${at}`).toBeGreaterThanOrEqual(44);
        if (at > 0) expect(box.top, "none lies over another").toBeGreaterThanOrEqual(boxes[at - 1].bottom - 1);
      }
    };
    await reachable("clocks", page.getByTestId("matrix").locator("tbody .row-name"));
    await reachable("slots", page.getByTestId("gantt").locator(".gantt-name"));
    const lines = page.getByTestId("diagram-names").locator(".diagram-line");
    await reachable("diagram", lines.locator(".line-name"));
    // The button that hides a line appears once its name is selected.
    const name = lines.nth(1).locator(".line-name");
    const called = await name.getAttribute("aria-label");
    await name.tap();
    const hide = page.getByRole("button", { name: `Hide ${called}` });
    await page.evaluate(() => window.triage.view("diagram"));
    await expect(hide).toBeVisible();
    const { width, height } = await hide.boundingBox();
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    await hide.tap();
    await expect(lines.locator(`[aria-label="${called}"]`)).toHaveCount(0);
  });
});

test("another scenario leaves nothing of the one before in an open view", async ({ page }) => {
  // Both are new, so only the run itself distinguishes them.
  await seek(page, 20_000);
  await page.getByTestId("tab-log").click();
  await load(page, builtIn("failure-recovery"));
  await seek(page, 20_000);
  const events = await trace(page);
  const count = (await page.getByTestId("log-words").innerText()).match(/of (\d+) events/)[1];
  expect(Number(count)).toBe(events.length);
  for (const line of await page.locator(".log-line").all()) {
    const seq = Number((await line.getAttribute("data-go")).slice(1));
    expect(await line.getAttribute("data-kind")).toBe(events[seq].kind);
  }
  await page.getByTestId("tab-slots").click();
  await load(page, builtIn("mixed-workload"));
  await seek(page, 40_000);
  const done = (await trace(page)).filter((event) => event.kind === "job_completed").length;
  await page.getByTestId("gantt").locator("svg").focus();
  await page.keyboard.press("Home");
  await expect(page.getByTestId("gantt").locator("svg")).toHaveAttribute("aria-label", new RegExp(`${done} jobs completed`));
});

test("the log keeps the present event wholly in sight", async ({ page }) => {
  await page.getByTestId("tab-log").click();
  for (const ms of [5_000, 15_000, 25_000, 12_000]) {
    await seek(page, ms);
    const line = page.locator('.log-line[aria-current="true"]');
    await expect(line).toBeVisible();
    await expect(async () => {
      const [row, log] = [await line.boundingBox(), await page.getByTestId("log").boundingBox()];
      expect(row.y).toBeGreaterThanOrEqual(log.y - 1);
      expect(row.y + row.height).toBeLessThanOrEqual(log.y + log.height + 1);
    }).toPass();
  }
});

test("slots have a time axis that follows the zoom, and the overview has every clock", async ({ page }) => {
  await seek(page, 20_000);
  await page.getByTestId("tab-slots").click();
  const axis = page.getByTestId("gantt").locator(".gantt-axis");
  await expect(axis).toHaveText("00:00.000:08.000:16.000:24.000:32.000:40.0");
  await page.getByTestId("slots").getByRole("button", { name: "Zoom in" }).click();
  await expect(axis.locator("span").first()).toHaveText("00:10.0");
  await expect(axis.locator("span").last()).toHaveText("00:30.0");
  await page.getByTestId("tab-overview").click();
  const shown = await overview(page);
  const own = page.getByTestId("overview").locator("tbody .cell.own");
  await expect(own).toHaveCount(3 + shown.executors.length);
});
