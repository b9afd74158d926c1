// The page embedded in other pages: every example works and receives the frame's messages, the focus isn't trapped, and
// requests from windows other than the host are ignored.

import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures.mjs";

const EXAMPLES = ["plain", "moodle", "canvas", "mdbook", "quarto", "jupyter", "reveal"];

/** Opens an example; returns its frame once the stage is visible in it. */
async function example(page, site, name) {
  await page.goto(`${site.root}examples/${name}.html`);
  const frame = page.frameLocator("iframe");
  await expect(frame.getByTestId("stage")).toBeVisible({ timeout: 20_000 });
  return frame;
}

const height = (page) => page.locator("iframe").first().evaluate((frame) => frame.getBoundingClientRect().height);
const inner = (page) => page.frames().find((frame) => frame !== page.mainFrame());

for (const name of EXAMPLES) {
  test(`${name}: runs from the built page, paused, and the host hears its events`, async ({ page, site, witness }) => {
    void witness;
    const frame = await example(page, site, name);
    await expect(frame.getByTestId("rate")).toHaveText("paused");
    await expect(frame.getByTestId("transport")).toBeVisible();
    await expect(frame.getByTestId("share")).toBeHidden();
    const heard = page.locator("#heard");
    await expect(heard).toContainText(/"?state"?/);
    await frame.getByTestId("play").click();
    await expect(heard).toContainText(/events/);
    await expect(heard).toContainText(/"seq":\d+/);
  });
}

test("the element asks and is answered, in words where it cannot be, and after a second load too", async ({ page, site }) => {
  const frame = await example(page, site, "plain");
  const ask = (name, ...given) =>
    page.evaluate(
      ([name, given]) =>
        document
          .querySelector("triage-sim")
          [name](...given)
          .then(
            (value) => ({ value }),
            (problem) => ({ problem: problem.message }),
          ),
      [name, given],
    );
  await page.evaluate(() => document.querySelector("triage-sim").ready);
  expect((await ask("seek", 9_000)).value).toBeNull();
  await expect(frame.locator(".log-rows > *").first()).toBeVisible();
  const { value: state } = await ask("state");
  expect(state).toMatchObject({ scenario: "partition", now_ms: 9000, playing: false, speed: 4 });
  expect(state.events).toBeGreaterThan(50);
  await ask("play");
  await expect.poll(async () => (await ask("state")).value.now_ms).toBeGreaterThan(9000);
  await ask("pause");
  await expect(frame.getByTestId("rate")).toHaveText("paused");
  expect((await ask("seek", -1)).problem).toContain("ms must be a number");
  expect((await ask("command", { action: { crash: { process: "nowhere" } } })).problem).toContain("nowhere");
  expect((await ask("ask", "dance")).problem).toContain("it can be asked hello, play, pause");
  expect((await ask("open", "1.AAAA")).problem).toContain("damaged");
  const link = (await ask("link")).value;
  expect(link).toMatch(/^#run=2\./);
  // The frame is loaded again: by itself, and because of another attribute.
  const again = page.evaluate(
    () => new Promise((done) => document.querySelector("triage-sim").addEventListener("triage-ready", done, { once: true })),
  );
  await inner(page).evaluate(() => location.reload());
  await again;
  expect((await ask("open", link)).value).toEqual({ warning: null });
  await page.evaluate(() => document.querySelector("triage-sim").setAttribute("scenario", "escalation"));
  expect((await ask("state")).value.scenario).toBe("escalation");
});

test("its height follows from its width, in the three forms of telling, and does not grow by itself", async ({ page, site }) => {
  for (const name of ["plain", "moodle", "canvas"]) {
    await example(page, site, name);
    const own = () => inner(page).evaluate(() => document.querySelector(".page").getBoundingClientRect().height);
    await expect.poll(async () => Math.abs((await height(page)) - (await own()))).toBeLessThan(2);
    const wide = await height(page);
    await page.waitForTimeout(1_500); // enough time to grow
    expect(await height(page)).toBe(wide);
    await page.setViewportSize({ width: 1000, height: 1400 });
    expect(await height(page)).toBe(wide); // the window is higher, but the frame isn't
    await page.setViewportSize({ width: 480, height: 800 });
    await expect.poll(async () => Math.abs((await height(page)) - (await own()))).toBeLessThan(2);
    await page.setViewportSize({ width: 1280, height: 720 });
    await expect.poll(() => height(page)).toBe(wide);
  }
});

test("a wheel over the frame scrolls the host, and Tab leads out of it", async ({ page, site }) => {
  const frame = await example(page, site, "mdbook");
  await expect(frame.getByTestId("diagram-canvas")).toBeVisible();
  for (const id of ["stage", "diagram-canvas"]) {
    await page.evaluate(() => scrollTo(0, 0));
    await frame.getByTestId(id).hover();
    const before = await page.evaluate(() => scrollY);
    const window = await frame.getByTestId("diagram-canvas").getAttribute("data-from-ms");
    await page.mouse.wheel(0, 150);
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before);
    expect(await frame.getByTestId("diagram-canvas").getAttribute("data-from-ms")).toBe(window);
  }
  await frame.getByTestId("embed-note").getByRole("link").focus();
  await page.keyboard.press("Tab");
  await expect.poll(() => page.evaluate(() => document.activeElement.id)).toBe("heard");
});

test("in a sandbox without storage it runs, speaks and says what is not kept", async ({ page, site, witness }) => {
  void witness;
  const frame = await example(page, site, "sandbox");
  await expect(frame.getByTestId("embed-note")).toContainText("neither the run nor your settings are saved");
  await expect(page.locator("#heard")).toContainText('"tell":"state"');
  await frame.getByTestId("play").click();
  await expect(page.locator("#heard")).toContainText('"tell":"events"');
  expect(await inner(page).evaluate(() => self.origin)).toBe("null");
  const now = await page.evaluate(() => document.querySelector("triage-sim").state());
  expect(now.scenario).toBe("basic-operation");
});

test("who is not the host is not answered, and a host is not taken in by another frame", async ({ page, site }) => {
  await example(page, site, "plain");
  await page.evaluate(() => document.querySelector("triage-sim").ready);
  // Another frame of the same origin sends requests to the page, and messages to the host.
  const answers = await page.evaluate(async () => {
    const other = document.createElement("iframe");
    document.body.append(other);
    const ours = document.querySelector("triage-sim").shadowRoot.querySelector("iframe").contentWindow;
    const told = [];
    document.querySelector("triage-sim").addEventListener("triage-state", ({ detail }) => told.push(detail));
    other.contentWindow.eval(`
      window.heard = [];
      addEventListener("message", ({ data }) => heard.push(data));
      window.go = (ours) => {
        ours.postMessage({ triage: 1, id: 1, ask: "hello" }, "*");
        ours.postMessage({ triage: 1, id: 2, ask: "seek", ms: 30000 }, "*");
        parent.postMessage({ triage: 1, tell: "state", state: { scenario: "forged" } }, "*");
        parent.postMessage({ triage: 1, tell: "height", height: 5000 }, "*");
      };
    `);
    other.contentWindow.go(ours);
    await new Promise((done) => setTimeout(done, 800));
    return { heard: other.contentWindow.heard, forged: told.filter(({ scenario }) => scenario === "forged").length };
  });
  expect(answers).toEqual({ heard: [], forged: 0 });
  expect(await height(page)).toBeLessThan(2_000);
  const { now_ms } = await page.evaluate(() => document.querySelector("triage-sim").state());
  expect(now_ms).toBe(1_500);
});

test("another version of the protocol is told which one is spoken", async ({ page, site }) => {
  await example(page, site, "jupyter");
  const reply = await page.evaluate(
    () =>
      new Promise((done) => {
        addEventListener("message", ({ data }) => data.reply === 77 && done(data));
        document.querySelector("iframe").contentWindow.postMessage({ triage: 9, id: 77, ask: "hello" }, "*");
      }),
  );
  expect(reply.error).toContain("this page speaks version 1");
});

test("answers of questions and results reach the host", async ({ page, site }) => {
  await example(page, site, "plain");
  await page.evaluate(() => document.querySelector("triage-sim").ready);
  await inner(page).evaluate(() => {
    const tell = (detail) => dispatchEvent(new CustomEvent("triage-lesson", { detail }));
    tell({ kind: "answer", lesson: "messages", step: 2, attempt: 1, right: true });
    tell({ kind: "finish", lesson: "messages", right: 4, questions: 4, code: "ABC-123" });
  });
  await expect(page.locator("#heard")).toContainText('answer: {"lesson":"messages","step":2,"attempt":1,"right":true}');
  await expect(page.locator("#heard")).toContainText("ABC-123");
});

for (const [name, viewport] of [
  ["desk", { width: 1440, height: 900 }],
  ["phone", { width: 390, height: 844 }],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test.describe(`${name}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });
      test("axe finds no violation in the frame, and it looks as it should", async ({ page, site }) => {
        await page.goto(`${site.root}#embed=1&scenario=partition&views=log,commands`);
        await expect(page.getByTestId("stage")).toBeVisible();
        await expect(page.locator(".log-rows > *").first()).toBeVisible();
        await page.screenshot({ path: `../../target/shots/embed-${name}-${colorScheme}.png`, fullPage: true });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map((one) => one.id)).toEqual([]);
        await example(page, site, "plain");
        await page.screenshot({ path: `../../target/shots/embed-plain-${name}-${colorScheme}.png` });
      });
    });
  }
}
