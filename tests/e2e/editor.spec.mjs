// The editor of scenarios and lessons: its text, its form, and the run that results.

import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { call, expect, open, test } from "./fixtures.mjs";

const state = (page) => call(page, "state");
/** The scenario of the open run. */
const scenario = async (page) => JSON.parse(await call(page, "save")).scenario;
const field = (page, path) => page.getByTestId(`field:${path}`);
const status = (page) => page.getByTestId("editor-status");
const good = (page) => expect(status(page)).toHaveAttribute("data-state", "good");

/** Opens the editor by an address and waits for the text. */
async function edit(page, address = "./?edit=scenario") {
  await open(page, address);
  await expect(page.getByTestId("editor")).toBeVisible();
  await expect(page.locator(".cm-content")).toBeAttached();
}

/** Starts with one of the templates. */
async function begin(page, value) {
  await page.getByTestId("editor-begin").selectOption(value);
  await good(page);
}

/** Types into a field and leaves it. */
async function fill(page, path, value) {
  await field(page, path).fill(value);
  await field(page, path).press("Tab");
}

/** Unfolds a section or an item of the form, unless it is open. */
async function unfold(page, id) {
  const button = id.includes("[") ? page.locator(`[data-open="${id}"]`) : page.getByTestId(`form-${id}`);
  if ((await button.getAttribute("aria-expanded")) === "false") await button.click();
}

/** Puts the cursor after a piece of the text, with the editor's search. */
async function goBehind(page, piece) {
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+f");
  await expect(page.locator(".cm-search [name=search]")).toBeFocused();
  await page.keyboard.type(piece);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.locator(".cm-content")).toBeFocused();
  await page.keyboard.press("ArrowRight");
}

const axe = async (page) =>
  expect((await new AxeBuilder({ page }).include("[data-testid=editor]").analyze()).violations).toEqual([]);

test("a scenario that is broken says where, and the run goes on", async ({ page, witness }) => {
  await open(page, "./", { playing: true });
  await page.getByTestId("edit").click();
  await expect(page.locator(".cm-content")).toBeVisible();
  await good(page);
  const before = (await state(page)).now_ms;
  await goBehind(page, '"capacity": 3');
  await page.keyboard.type('000, "colour": 7');
  await expect(status(page)).toHaveText("One problem.");
  const problem = page.getByTestId("editor-problem");
  await expect(problem).toContainText("Line 9");
  await expect(problem).toContainText("executors[0].colour");
  await expect(problem).toContainText("unknown field `colour`");
  await expect(page.locator(".cm-lint-marker-error")).toHaveCount(1);
  await expect(page.getByTestId("editor-run")).toBeDisabled();
  // The page's run continues to play, unchanged.
  await expect.poll(async () => (await state(page)).now_ms).toBeGreaterThan(before);
  expect((await state(page)).title).toBe("Mixed workload");
  for (let letter = 0; letter < ', "colour": 7'.length; letter += 1) await page.keyboard.press("Backspace");
  await expect(problem).toContainText("executors[0].capacity");
  // A click leads to the number that is out of range, which is marked in the form as well.
  await unfold(page, "executors[0]");
  await expect(field(page, "executors[0].capacity")).toHaveAttribute("aria-invalid", "true");
  await problem.click();
  await expect(page.locator(".cm-content")).toBeFocused();
  await page.keyboard.type("2");
  await good(page);
  await expect(field(page, "executors[0].capacity")).toHaveValue("2");
  // Escape lets Tab leave the text, and doesn't close the dialog.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(page.locator(".cm-content")).not.toBeFocused();
  await page.getByTestId("editor-run").click();
  await expect(page.getByTestId("editor")).toBeHidden();
  expect((await scenario(page)).executors[0].capacity).toBe(2);
  await page.getByTestId("editor-back").click();
  await expect(page.locator(".cm-content")).toContainText('"capacity": 2');
  expect(witness.problems).toEqual([]);
});

test("a policy and a detector that are chosen in the form are in the text and in the run", async ({ page, witness }) => {
  await edit(page, "./?scenario=failure-recovery&edit=scenario");
  const text = page.locator(".cm-content");
  await unfold(page, "policies");
  await field(page, "configuration.discipline").selectOption({ label: "Weighted, with ageing" });
  await fill(page, "configuration.discipline.weighted.ageing_us", "2.5");
  await field(page, "configuration.emergency_delivery").selectOption({ label: "Broadcast, causal order" });
  await unfold(page, "detection");
  await field(page, "configuration.detector").selectOption({ label: "φ-accrual" });
  await fill(page, "configuration.detector.phi_accrual.fail_phi_thousandths", "9.5");
  await fill(page, "configuration.heartbeat_us", "500");
  await unfold(page, "network");
  await fill(page, "configuration.network.latency_us", "7");
  await expect(text).toContainText('"discipline": {"weighted": {"ageing_us": 2500000}}');
  await expect(text).toContainText('"fail_phi_thousandths": 9500');
  await good(page);
  // An invalid number stays in its field, and the text is unchanged.
  await fill(page, "configuration.network.latency_us", "soon");
  await expect(page.getByTestId("editor-form")).toContainText("soon isn't a number.");
  await expect(text).toContainText('"latency_us": 7000');
  await fill(page, "configuration.network.latency_us", "7");
  // Each change can be undone in the text.
  await page.getByTestId("editor-undo").click();
  await expect(field(page, "configuration.network.latency_us")).not.toHaveValue("7");
  await page.getByTestId("editor-redo").click();
  await expect(field(page, "configuration.network.latency_us")).toHaveValue("7");
  await page.getByTestId("editor-run").click();
  const { configuration } = await scenario(page);
  expect(configuration).toMatchObject({
    discipline: { weighted: { ageing_us: 2_500_000 } },
    emergency_delivery: "causal",
    detector: { phi_accrual: { fail_phi_thousandths: 9500 } },
    heartbeat_us: 500_000,
    network: { latency_us: 7000 },
  });
  await expect(page.getByTestId("node-recovery")).toContainText("φ");
});

test("a scenario is built by the keyboard alone, and run", async ({ page, witness }) => {
  await open(page);
  await page.getByTestId("edit").focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".cm-content")).toBeVisible();
  await page.getByTestId("editor-begin").focus();
  await page.keyboard.type("A small"); // chosen by typing its beginning
  await page.keyboard.press("Enter");
  await expect(field(page, "title")).toHaveValue("My scenario");
  const into = async (path, value) => {
    await field(page, path).focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type(value);
    await page.keyboard.press("Tab");
  };
  const press = async (button) => {
    await button.focus();
    await page.keyboard.press("Enter");
  };
  const form = page.getByTestId("editor-form");
  await into("title", "By keys");
  await into("name", "by-keys");
  await press(form.getByRole("button", { name: "Add an executor" }));
  // The focus moves to the new item.
  await expect(field(page, "executors[2].id")).toBeFocused();
  await into("executors[2].id", "clinic");
  await into("executors[2].capabilities", "medical, general");
  await press(form.getByRole("button", { name: "Crash a process" }));
  await expect(field(page, "commands[1].at_us")).toBeFocused();
  await into("commands[1].at_us", "0.5");
  await press(form.getByRole("button", { name: "Sort by time" }));
  await expect(page.locator('[data-open="commands[0]"]')).toContainText("Crash a process");
  await press(page.locator('[data-open="commands[0]"]'));
  await field(page, "commands[0].action.crash.process").focus();
  await page.keyboard.type("clinic");
  await page.keyboard.press("Tab");
  await good(page);
  await press(page.getByTestId("editor-run"));
  await expect(page.getByTestId("node-clinic")).toBeVisible();
  const built = await scenario(page);
  expect(built).toMatchObject({ name: "by-keys", title: "By keys" });
  expect(built.executors[2]).toEqual({ id: "clinic", capacity: 2, capabilities: ["medical", "general"] });
  expect(built.commands[0]).toEqual({ at_us: 500_000, action: { crash: { process: "clinic" } } });
  await call(page, "pause");
  await call(page, "seek", 800);
  await expect(page.getByTestId("node-clinic")).toHaveAttribute("data-condition", "crashed");
  expect(witness.problems).toEqual([]);
});

test("a lesson of two steps is written, checked in its run, and played", async ({ page, witness }) => {
  await open(page, "./?scenario=basic-operation&autoplay=0");
  await page.getByTestId("lessons").click();
  await page.getByTestId("write-lesson").click();
  await expect(field(page, "title")).toHaveValue("My lesson");
  await fill(page, "title", "Jobs start");
  await unfold(page, "steps[0]");
  await fill(page, "steps[0].after", "kind:job_submitted job:job-77777");
  await expect(page.getByTestId("editor-problem")).toContainText("does not have");
  await expect(page.getByTestId("editor-problem")).toContainText("Line 12");
  await fill(page, "steps[0].after", "kind:job_submitted");
  await expect(page.getByTestId("editor-form")).toContainText("events match; the first is: 00:");
  await good(page);
  await page.getByRole("button", { name: "Add a step" }).click();
  await fill(page, "steps[1].title", "Who starts it?");
  await field(page, "steps[1]#side").selectOption("before");
  // The event that is selected on the page becomes the anchor.
  await page.getByTestId("editor-away").click();
  await expect(page.getByTestId("editor")).toBeHidden();
  const seq = await page.evaluate(() => {
    const events = window.triage.export ? window.triage : null;
    window.triage.seek(20_000);
    const lines = events.trace().trim().split("\n").map((line) => JSON.parse(line));
    return lines.findIndex((event) => event.kind === "job_started");
  });
  await call(page, "select", seq);
  await page.getByTestId("editor-back").click();
  await page.locator('[data-event="steps[1].before"]').click();
  await expect(field(page, "steps[1].before")).toHaveValue(/^kind:job_started process:\S+ job:job-\d+$/);
  await page.getByRole("button", { name: "Add a question" }).click();
  await fill(page, "steps[1].question.ask", "Which executor starts it?");
  await good(page);
  await page.getByTestId("editor-run").click();
  await expect(page.getByTestId("lesson-step")).toHaveText("The first step");
  await expect(page.getByTestId("lesson-place")).toHaveText("Step 1 of 2");
  await page.getByTestId("lesson-next").click();
  await expect(page.getByTestId("question")).toContainText("Which executor starts it?");
  for (const answer of await page.getByTestId("answer").all()) {
    if (await answer.isDisabled()) break; // after a second wrong answer, the correct one is shown
    await answer.click();
    if ((await answer.getAttribute("data-state")) === "right") break;
  }
  await expect(page.getByTestId("verdict")).toBeVisible();
  await page.getByTestId("lesson-next").click();
  await expect(page.getByTestId("lesson-end")).toBeVisible();
  // None of this is stored as progress.
  expect(await page.evaluate(() => localStorage.getItem("triage.lessons"))).toBeNull();
  expect(witness.problems).toEqual([]);
});

test("what somebody is typing stays in its field while the lesson is tried in its run", async ({ page, witness }) => {
  await edit(page, "./?edit=lesson");
  await fill(page, "title", "Tried in a moment");
  await field(page, "name").fill("half-a-na"); // the form is rebuilt after the lesson has been tried
  await page.waitForTimeout(1500);
  await good(page);
  await expect(field(page, "name")).toHaveValue("half-a-na");
  await field(page, "name").pressSequentially("me");
  await field(page, "name").press("Tab");
  await expect(page.locator(".cm-content")).toContainText('"name": "half-a-name"');
  expect(witness.problems).toEqual([]);
});

test("a draft survives a reload, and is forgotten when somebody says so", async ({ page, witness }) => {
  await edit(page);
  await fill(page, "title", "Kept for later");
  await expect(page.getByTestId("editor-keeps")).toContainText("saved in this browser");
  await page.reload();
  await expect(page.getByTestId("editor-offer")).toContainText("Kept for later");
  await page.getByTestId("editor-resume").click();
  await expect(field(page, "title")).toHaveValue("Kept for later");
  // Starting another document loses nothing.
  await begin(page, "library:partition");
  await expect(field(page, "name")).toHaveValue("partition");
  await page.getByTestId("editor-begin").selectOption({ label: "Kept for later (scenario)" });
  await expect(field(page, "title")).toHaveValue("Kept for later");
  await page.reload();
  await page.getByTestId("editor-forget").click();
  await page.reload();
  await expect(page.getByTestId("editor")).toBeVisible();
  await expect(page.getByTestId("editor-offer")).toHaveCount(0);
});

test("what was done by hand becomes a scenario to go on with", async ({ page, witness }) => {
  await open(page, "./?scenario=basic-operation&autoplay=0");
  await call(page, "seek", 2000);
  await call(page, "command", JSON.stringify({ principal: "commander", action: { crash: { process: "recovery" } } }));
  await page.getByTestId("edit").click();
  await begin(page, "recorded");
  await expect(page.getByTestId("editor-said")).toContainText("Played from the start");
  await expect(page.getByTestId("form-timeline")).toBeVisible();
  await expect(page.getByTestId("editor-form")).toContainText("Crash a process");
  await page.getByTestId("editor-run").click();
  expect(JSON.stringify((await scenario(page)).commands)).toContain('{"crash":{"process":"recovery"}}');
});

test("without storage it says that nothing is kept", async ({ page, witness }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("denied", "QuotaExceededError");
    };
  });
  await edit(page);
  await fill(page, "title", "Nowhere");
  await expect(page.getByTestId("editor-keeps")).toHaveText("The draft can't be saved in this browser: download it before you leave.");
});

test("files and links carry what is written", async ({ page, witness, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await edit(page);
  await begin(page, "small");
  await fill(page, "title", "On its way");
  const coming = page.waitForEvent("download");
  await page.getByTestId("editor-download").click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("my-scenario.json");
  const text = readFileSync(await download.path(), "utf8");
  expect(JSON.parse(text).title).toBe("On its way");
  await page.getByTestId("editor-link").click();
  await expect(page.getByTestId("editor-said")).toHaveText("Link copied.");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const chosen = page.waitForEvent("filechooser");
  await page.getByTestId("editor-begin").selectOption("file");
  const lesson = readFileSync(new URL("../../public/lessons/messages.json", import.meta.url), "utf8");
  await (await chosen).setFiles({ name: "m.json", mimeType: "application/json", buffer: Buffer.from(lesson) });
  await expect(page.getByTestId("editor-lesson")).toHaveAttribute("aria-pressed", "true");
  await good(page);
  await page.goto("about:blank");
  await page.goto(link);
  await expect(page.getByTestId("scenario").locator("option:checked")).toHaveText("On its way");
});

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test("axe finds no violation, with problems and without", async ({ page, witness }) => {
      await edit(page);
      await unfold(page, "detection");
      await unfold(page, "commands[1]");
      await axe(page);
      await unfold(page, "executors[0]");
      await fill(page, "executors[0].capacity", "0");
      await expect(status(page)).toHaveText("One problem.");
      await axe(page);
      await page.getByTestId("editor-lesson").click();
      await unfold(page, "steps[0]");
      await axe(page);
    });

    test.describe("phone", () => {
      test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

      test("a phone has the form and the text behind each other", async ({ page, witness }) => {
        await open(page);
        await page.getByTestId("branches").tap();
        await page.getByTestId("edit-scenario").tap();
        await expect(page.getByTestId("editor-form")).toBeVisible();
        await expect(page.getByTestId("editor-code")).toBeHidden();
        await axe(page);
        await unfold(page, "executors[1]");
        await fill(page, "executors[1].capacity", "0");
        // A problem leads to its place in the text.
        await page.getByTestId("editor-problem").tap();
        await expect(page.getByTestId("editor-code")).toBeVisible();
        await expect(page.getByTestId("editor-form")).toBeHidden();
        await axe(page);
        await page.getByTestId("editor-side-form").tap();
        await fill(page, "executors[1].capacity", "4");
        await good(page);
        const wide = await page.evaluate(() => document.querySelector(".editor").scrollWidth);
        expect(wide).toBeLessThanOrEqual(390);
        const small = await page.evaluate(() =>
          [...document.querySelectorAll(".editor button, .editor select, .editor input")]
            .filter((element) => element.checkVisibility())
            .filter((element) => element.getBoundingClientRect().height < 43.5)
            .map((element) => element.outerHTML.slice(0, 80)),
        );
        expect(small).toEqual([]);
        await page.getByTestId("editor-run").tap();
        await expect(page.getByTestId("editor-bar")).toBeVisible();
        // The page is visible beside it.
        expect((await page.getByTestId("editor-bar").boundingBox()).height).toBeLessThan(130);
        await expect(page.getByTestId("edit")).toBeHidden();
        expect((await scenario(page)).executors[1].capacity).toBe(4);
      });
    });
  });
}
