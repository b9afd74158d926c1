// The space–time diagram with real input: marks are clicked where they are drawn, and the displayed relations agree
// with the headless runner.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { builtIn, call, expect, load, open, seek, test, trace } from "./fixtures.mjs";

/** The headless runner from the native tests; `./dev test e2e` builds it. */
const RUNNER = fileURLToPath(new URL("../../target/debug/triage-cli", import.meta.url));

/** The headless runner's output about an event and an optional second one. */
function causality(scenario, event, and) {
  const more = and === undefined ? [] : ["--and", String(and)];
  const out = execFileSync(RUNNER, ["causality", scenario, "--event", String(event), ...more], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(out);
}

const canvas = (page) => page.getByTestId("diagram-canvas");
const pressed = (page, id) => page.getByTestId(id).getAttribute("aria-pressed");

/** Waits three frames, after which earlier requests have been drawn. */
const settled = (page) =>
  page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise((done) => requestAnimationFrame(done));
  });

/** The visible time window, in ms. */
async function visible(page) {
  await settled(page);
  const [from, to] = await Promise.all(["from", "to"].map((end) => canvas(page).getAttribute(`data-${end}-ms`)));
  return { from: Number(from), to: Number(to), span: Number(to) - Number(from) };
}

/** The first event before the cursor that matches a predicate. */
async function find(page, wanted) {
  const found = (await trace(page)).filter(wanted)[0];
  expect(found, String(wanted)).toBeTruthy();
  return found;
}

/** Clicks the mark of an event where it is drawn. */
async function click(page, seq, options) {
  await settled(page);
  const [x, y] = await call(page, "locate", seq);
  const box = await canvas(page).boundingBox();
  expect(x).toBeGreaterThan(box.x);
  expect(x).toBeLessThan(box.x + box.width);
  await canvas(page).click({ position: { x: x - box.x, y: y - box.y }, ...options });
  await settled(page);
}

test.beforeEach(async ({ page, site, witness }) => {
  expect(witness.problems).toEqual([]);
  await open(page, site.root);
  await load(page, builtIn("basic-operation"));
  await seek(page, 12_000);
});

test("it is open at first on a wide screen and draws the run", async ({ page }) => {
  await expect(page.getByTestId("tab-diagram")).toHaveAttribute("aria-selected", "true");
  const { from, to } = await visible(page);
  expect(from).toBeLessThan(12_000);
  expect(to).toBeGreaterThan(12_000);
  const colours = await canvas(page).evaluate((element) => {
    const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
    const seen = new Set();
    for (let at = 0; at < data.length; at += 4) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return seen.size;
  });
  expect(colours).toBeGreaterThan(10);
  const names = page.getByTestId("diagram-names").locator(".line-name");
  await expect(names).toHaveText([
    "system",
    "coordinator-1",
    "recovery",
    "medical-centre",
    "fire-station",
    "general-1",
    "harbour",
  ]);
});

test("a click on a mark says how many events are before, after and concurrent", async ({ page }) => {
  const { from } = await visible(page);
  const started = await find(page, (event) => event.kind === "job_started" && event.t_us > from * 1000);
  await click(page, started.seq);
  const said = causality("basic-operation", started.seq);
  expect(said.kind).toBe("job_started");
  for (const relation of ["past", "future", "concurrent"]) {
    await expect(page.getByTestId(`relation-${relation}`)).toHaveText(String(said[relation]));
  }
  await expect(page.getByTestId("relation-event")).toContainText(`#${started.seq} ${started.process}`);
  await expect(page.getByTestId("relation-verdict")).toBeHidden();
});

test("a second event gives the verdict of the runner, in both orders and for concurrent events", async ({ page }) => {
  const { from } = await visible(page);
  const inSight = (event) => event.t_us > from * 1000;
  const submitted = await find(page, (event) => event.kind === "job_submitted" && inSight(event));
  const started = await find(page, (event) => event.kind === "job_started" && event.seq > submitted.seq);
  await click(page, submitted.seq);
  await click(page, started.seq, { modifiers: ["Shift"] });
  await expect(page.getByTestId("relation-verdict")).toContainText(
    `job_submitted of system (#${submitted.seq}) happened before job_started of ${started.process} (#${started.seq})`,
  );
  expect(causality("basic-operation", submitted.seq, started.seq).chain.length).toBeGreaterThan(2);
  // Without Shift, a click selects a new first event; with the toggle, the second one.
  await click(page, started.seq);
  await expect(page.getByTestId("relation-verdict")).toBeHidden();
  await page.getByTestId("diagram-compare").click();
  await click(page, submitted.seq);
  await expect(page.getByTestId("relation-verdict")).toContainText("happened before");
  const beats = (await trace(page)).filter((event) => event.kind === "heartbeat_sent" && inSight(event));
  const other = beats.find((event) => event.process !== started.process && event.seq > started.seq);
  await call(page, "selectSecond", other.seq);
  await expect(page.getByTestId("relation-verdict")).toContainText("are concurrent");
  await page.getByTestId("relation-clear").click();
  await expect(page.getByTestId("relation-verdict")).toBeHidden();
  await page.getByTestId("relation-clear").click();
  await expect(page.getByTestId("relation-clear")).toBeHidden();
});

test("wheel, drag, keys and buttons move and zoom the window", async ({ page }) => {
  const first = await visible(page);
  const box = await canvas(page).boundingBox();
  await page.mouse.move(box.x + 300, box.y + 40);
  await page.mouse.wheel(0, -200);
  expect(await visible(page), "a plain wheel belongs to the page").toEqual(first);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -200);
  await page.keyboard.up("Control");
  const near = await visible(page);
  expect(near.span).toBeLessThan(first.span);
  await expect.poll(() => pressed(page, "diagram-follow")).toBe("false");
  await page.mouse.wheel(120, 0);
  const later = await visible(page);
  expect(later.from).toBeGreaterThan(near.from);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + 40, { steps: 4 });
  await page.mouse.up();
  const dragged = await visible(page);
  expect(dragged.from).toBeLessThan(later.from);
  await expect(page.getByTestId("relation-clear"), "a drag chooses nothing").toBeHidden();
  await canvas(page).focus();
  await page.keyboard.press("-");
  expect((await visible(page)).span).toBeGreaterThan(dragged.span);
  await page.mouse.wheel(0, -100);
  const focused = await visible(page);
  await page.keyboard.press("Shift+ArrowLeft");
  expect((await visible(page)).from).toBeLessThan(focused.from);
  await page.getByTestId("diagram-all").click();
  const all = await visible(page);
  expect(all.from).toBeLessThanOrEqual(0);
  expect(all.to).toBeGreaterThanOrEqual(24_000);
  await page.getByTestId("diagram-follow").click();
  const followed = await visible(page);
  expect(followed.from).toBeLessThan(12_000);
  expect(followed.to).toBeGreaterThan(12_000);
});

test("unfolded, time runs evenly; folded again, events are as wide as before", async ({ page }) => {
  const hop = async () => {
    await settled(page);
    const submitted = await find(page, (event) => event.kind === "job_submitted" && event.t_us > 10_000_000);
    const accepted = await find(page, (event) => event.cause === submitted.seq);
    const [from] = await call(page, "locate", submitted.seq);
    const [to] = await call(page, "locate", accepted.seq);
    return (to - from) / (accepted.t_us - submitted.t_us);
  };
  await expect.poll(() => pressed(page, "diagram-fold")).toBe("true");
  const folded = await hop();
  await page.getByTestId("diagram-fold").click();
  await expect.poll(() => pressed(page, "diagram-fold")).toBe("false");
  const { span } = await visible(page);
  const { width } = await canvas(page).boundingBox();
  expect((await hop()) / (width / span / 1000)).toBeCloseTo(1, 1);
  await page.getByTestId("diagram-fold").click();
  expect(await hop()).toBeCloseTo(folded, 6);
});

test("keys lead along lines and messages, and every event is spoken", async ({ page }) => {
  const { from } = await visible(page);
  const submitted = await find(page, (event) => event.kind === "job_submitted" && event.t_us > from * 1000);
  const accepted = await find(page, (event) => event.cause === submitted.seq);
  const spoken = page.getByTestId("diagram-spoken");
  await click(page, submitted.seq);
  await expect(spoken).toContainText(`#${submitted.seq} system submits`);
  await expect(spoken).toContainText(", selected");
  await canvas(page).focus();
  await page.keyboard.press("]");
  await expect(spoken).toContainText(`#${accepted.seq} coordinator-1 accepts`);
  await expect(spoken).toContainText("after the selected event");
  await page.keyboard.press("Shift+Enter");
  await expect(page.getByTestId("relation-verdict")).toContainText("happened before");
  await page.keyboard.press("[");
  await expect(spoken).toContainText(`#${submitted.seq} `);
  await page.keyboard.press("ArrowDown");
  await expect(spoken).toContainText("coordinator-1");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("relation-clear")).toBeHidden();
  expect(await call(page, "eventCount"), "the keys of the page are left alone").toBe((await trace(page)).length);
});

test("a double click goes to the moment", async ({ page }) => {
  const { from } = await visible(page);
  const started = await find(page, (event) => event.kind === "job_started" && event.t_us > from * 1000);
  await settled(page);
  const [x, y] = await call(page, "locate", started.seq);
  await page.mouse.click(x, y);
  await settled(page);
  expect(await call(page, "locate", started.seq), "the first click moves nothing").toEqual([x, y]);
  await page.mouse.dblclick(x, y);
  await settled(page);
  expect(await call(page, "eventCount")).toBe(started.seq + 1);
});

test("lines are hidden, shown again and moved", async ({ page }) => {
  const names = page.getByTestId("diagram-names").locator(".line-name");
  await names.nth(4).hover();
  await page.getByRole("button", { name: "Hide fire-station" }).click();
  await expect(names).toHaveCount(6);
  await names.nth(3).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(names.nth(2)).toHaveText("medical-centre");
  await expect(names.nth(2)).toBeFocused();
  await page.getByTestId("diagram-lines").click();
  await expect(names).toHaveCount(7);
  await names.nth(0).hover();
  await page.mouse.down();
  const to = await names.nth(2).boundingBox();
  await page.mouse.move(to.x + 20, to.y + 10, { steps: 6 });
  await page.mouse.up();
  await expect(names.nth(2)).toHaveText("system");
});

test("a query leaves its hits and says how many there are; a job is followed through all processes", async ({ page }) => {
  const events = await trace(page);
  const names = page.getByTestId("diagram-names").locator(".line-name");
  const found = page.getByTestId("diagram-found");
  await page.getByTestId("diagram-query").fill("kind:job_startd");
  await expect(found).toContainText("job_started");
  await expect(names).toHaveCount(7);
  await page.getByTestId("diagram-query").fill("kind:job_started before:12");
  const started = events.filter((event) => event.kind === "job_started");
  await expect(found).toContainText(`${started.length} events`);
  await expect(names).toHaveCount(new Set(started.map((event) => event.process)).size);
  await page.getByTestId("diagram-query").fill("");
  await expect(found).toBeHidden();
  const { job } = started[0];
  await page.getByTestId("diagram-job").selectOption(job.replace("job-", ""));
  await expect(names).toHaveText(["system", "coordinator-1", started[0].process]);
  await page.getByTestId("diagram-job").selectOption("");
  await expect(names).toHaveCount(7);
});

test("hits that have no mark are counted and said", async ({ page }) => {
  const found = page.getByTestId("diagram-found");
  const beats = (await trace(page)).filter((event) => event.kind === "heartbeat_sent");
  expect(beats.length).toBeGreaterThan(10);
  await page.getByTestId("diagram-query").fill("kind:heartbeat_sent before:12");
  await expect(found).toContainText(`${beats.length} events (${beats.length} without a mark)`);
  // Drawn as messages, they have marks, so nothing is hidden.
  await page.getByTestId("diagram-heartbeats").click();
  await expect(found).toContainText(`${beats.length} events`);
  await expect(found).not.toContainText("without a mark");
});

test.describe("touch", () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test("one finger moves the window, two zoom it where they are, and neither scrolls the page", async ({ page }) => {
    await page.evaluate(() => window.triage.view("diagram"));
    await page.getByTestId("diagram-fold").tap(); // folded, the distance is a different duration
    const box = await canvas(page).boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + 60];
    const session = await page.context().newCDPSession(page);
    const touch = (type, ...points) =>
      session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    const first = await visible(page);
    await touch("touchStart", [x, y]);
    for (let step = 1; step <= 5; step++) await touch("touchMove", [x + step * 16, y]);
    await touch("touchEnd");
    const moved = await visible(page);
    expect(moved.from).toBeLessThan(first.from);
    expect(moved.span / first.span, "a finger moves and does not zoom").toBeCloseTo(1, 1);
    await expect(page.getByTestId("relation-clear"), "a drag chooses nothing").toBeHidden();
    await touch("touchStart", [x - 30, y], [x + 30, y]);
    for (let step = 1; step <= 5; step++) await touch("touchMove", [x - 30 - step * 12, y], [x + 30 + step * 12, y]);
    await touch("touchEnd");
    const near = await visible(page);
    expect(near.span).toBeLessThan(moved.span * 0.6);
    const middle = ({ from, to }) => (from + to) / 2;
    expect(near.from).toBeGreaterThan(moved.from);
    expect(near.to).toBeLessThan(moved.to);
    expect(Math.abs(middle(near) - middle(moved))).toBeLessThan(moved.span / 2);
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
  });
});

test("heartbeats are drawn as messages on demand", async ({ page }) => {
  const beat = async () => {
    const { from } = await visible(page);
    return find(page, (event) => event.kind === "heartbeat_sent" && event.t_us > from * 1000);
  };
  const one = await beat();
  const receipt = await find(page, (event) => event.cause === one.seq);
  const across = async () => {
    const [from] = await call(page, "locate", one.seq);
    const [to] = await call(page, "locate", receipt.seq);
    return to - from;
  };
  const before = await across();
  await page.getByTestId("diagram-heartbeats").click();
  await settled(page);
  await expect.poll(() => pressed(page, "diagram-heartbeats")).toBe("true");
  expect(await across(), "folded away before, a hop now").toBeGreaterThan(Math.max(10, before * 2));
});

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds no violation with two events chosen and a query", async ({ page }) => {
      const events = await trace(page);
      await call(page, "select", events.find((event) => event.kind === "job_accepted").seq);
      await call(page, "selectSecond", events.find((event) => event.kind === "job_completed").seq);
      await page.getByTestId("diagram-query").fill("class:normal");
      await expect(page.getByTestId("relation-verdict")).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)).toEqual([]);
    });
  });
}

test("a job is followed from submission to completion by keyboard only", async ({ page }) => {
  const spoken = page.getByTestId("diagram-spoken");
  const key = async (name) => {
    await page.keyboard.press(name);
    await settled(page);
    return spoken.innerText();
  };
  // Moves to the diagram only with Tab.
  const isThere = () => page.evaluate(() => document.activeElement?.id === "diagram-canvas");
  for (let i = 0; i < 150 && !(await isThere()); i++) await page.keyboard.press("Tab");
  expect(await isThere(), "the diagram is within the tab order").toBe(true);
  // To the line of system, and back to a submission whose job should be finished.
  let said = await key("ArrowLeft");
  for (let i = 0; i < 10 && !/#\d+ system /.test(said); i++) said = await key("ArrowUp");
  const finished = new Set((await trace(page)).filter((event) => event.kind === "completion_accepted").map((event) => event.job));
  const job = () => /job-\d+/.exec(said)?.[0];
  for (let i = 0; i < 60 && !(said.includes("submits") && finished.has(job())); i++) said = await key("ArrowLeft");
  const followed = job();
  expect(followed).toBeTruthy();
  // Along its messages and the lines of the processes that have it.
  const steps = ["submits"];
  for (const [name, word] of [
    ["]", "accepts"],
    ["ArrowRight", "routes"],
    ["]", "queues"],
    ["ArrowRight", "starts"],
    ["ArrowRight", "completes"],
    ["]", "accepts the completion"],
  ]) {
    for (let i = 0; i < 30; i++) {
      said = await key(name);
      // Events of other jobs may come between on the same line.
      if (name === "]" || (said.includes(word) && job() === followed)) break;
    }
    expect(said).toContain(word);
    expect(job()).toBe(followed);
    steps.push(word);
  }
  expect(steps).toHaveLength(7);
  expect(await key("Enter")).toContain("selected");
  const counts = causality("basic-operation", Number(/#(\d+)/.exec(said)[1]));
  await expect(page.getByTestId("relation-past")).toHaveText(String(counts.past));
});

test("a cut is drawn over the lines, and the message that breaks it is named", async ({ page }) => {
  await page.getByTestId("diagram-cut").click();
  const verdict = page.getByTestId("diagram-verdict");
  await expect(verdict).toContainText("Consistent");
  // A visible receipt: the cut is placed before its send on one line and after it on the other.
  const all = await trace(page);
  const { from, to } = await visible(page);
  const box = await canvas(page).boundingBox();
  let stroke;
  for (const receipt of all.filter((event) => event.kind === "job_queued").reverse()) {
    const send = all[receipt.cause];
    if (send.t_us < from * 1000 || receipt.t_us > to * 1000) continue;
    const [a, b] = [await call(page, "locate", send.seq), await call(page, "locate", receipt.seq)];
    if (a[0] > box.x + 60 && b[0] < box.x + box.width - 60) {
      stroke = { receipt, from: [a[0] - 12, a[1]], to: [b[0] + 12, b[1]] };
      break;
    }
  }
  expect(stroke, "a job on its way is in sight").toBeTruthy();
  // The cut has a handle on each line; the stroke starts on the sender's.
  const handles = (await canvas(page).getAttribute("data-cut")).split(" ").map((point) => point.split(",").map(Number));
  const [x, y] = handles.find((handle) => Math.abs(box.y + handle[1] - stroke.from[1]) < 6);
  await page.mouse.move(box.x + x, box.y + y);
  await page.mouse.down();
  await page.mouse.move(stroke.from[0], stroke.from[1], { steps: 4 });
  await page.mouse.move(...stroke.to, { steps: 8 });
  await page.mouse.up();
  await expect(verdict).toContainText("is received inside the cut but sent outside it");
  await page.getByTestId("diagram-cut").click();
  await expect(verdict).toBeHidden();
});
