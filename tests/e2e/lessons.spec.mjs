// Lessons in the page: every one is played to its end, with wrong and correct answers. The page itself shows which are
// correct.

import AxeBuilder from "@axe-core/playwright";
import { readFileSync } from "node:fs";
import { call, expect, open, test, trace } from "./fixtures.mjs";

const file = (name) =>
  JSON.parse(readFileSync(new URL(`../../public/lessons/${name}.json`, import.meta.url), "utf8"));
const lessons = file("index");

const next = (page) => page.getByTestId("lesson-next");
const verdict = (page) => page.getByTestId("verdict");

async function begin(page, name) {
  await page.getByTestId("lessons").click();
  await page.getByTestId(`lesson-${name}`).click();
  await expect(page.getByTestId("lesson-step")).toBeVisible();
}

/** Clicks events, latest first, until the question is answered: by a correct one, or by two wrong ones. */
async function answerByClick(page, seen) {
  const events = await trace(page);
  for (const { seq } of events.slice().reverse()) {
    await call(page, "select", seq);
    await expect(verdict(page)).toBeVisible();
    const right = await verdict(page).evaluate((element) => element.classList.contains("right"));
    if (!right) seen.wrong = true;
    if ((await page.getByTestId("question").getAttribute("data-answered")) === "true") return;
  }
}

/** Answers the question of this step: the first wrong answer gets a hint, the second one the solution. */
async function answer(page) {
  const answers = page.getByTestId("answer");
  const seen = { wrong: false };
  const count = await answers.count();
  if (count === 0) {
    await answerByClick(page, seen);
  }
  // Only the page knows which is correct; the remaining answers are tried in another round.
  for (let at = 0; at < count; at += 1) {
    await answers.nth(at).click();
    await expect(verdict(page)).toBeVisible();
    const state = await answers.nth(at).getAttribute("data-state");
    expect(["right", "wrong"]).toContain(state);
    expect((await verdict(page).innerText()).length, "an answer is explained").toBeGreaterThan(30);
    if (state === "right") break;
    seen.wrong = true;
    await expect(verdict(page)).toContainText("Not right.");
    await expect(verdict(page)).toContainText(at === 0 ? "Try once more." : "A right answer:");
    if (at === 1) break;
  }
  await expect(page.locator('[data-testid="answer"][data-state="right"]')).toHaveCount(count === 0 ? 0 : 1);
  await expect(page.getByTestId("question")).toHaveAttribute("data-answered", "true");
  return seen.wrong;
}

for (const { name, steps, questions } of lessons) {
  test(`${name} can be played to its end, and every answer is explained`, async ({ page, site, witness }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open(page, site.root);
    await page.evaluate(() => {
      window.told = [];
      window.addEventListener("triage-lesson", (event) => window.told.push(event.detail));
    });
    await begin(page, name);
    const { steps: written } = file(name);
    let wrong = 0;
    for (let at = 0; at < steps; at += 1) {
      await expect(page.getByTestId("lesson-step")).toHaveText(written[at].title);
      await expect(page.getByTestId("lesson").getByRole("alert")).toHaveCount(0);
      if (written[at].question && (await answer(page))) wrong += 1;
      if (written[at].do) {
        await expect(next(page)).toBeDisabled();
        await page.getByTestId("task-perform").click();
        await expect(page.getByTestId("task-done")).toBeVisible();
      }
      await next(page).click();
    }
    await expect(page.getByTestId("lesson-end")).toBeVisible();
    await expect(page.getByTestId("lesson-result")).toHaveText(`${questions - wrong} of ${questions}`);
    const code = await page.getByTestId("lesson-code").innerText();
    expect(code).toMatch(new RegExp(`^${name}-${questions - wrong}-of-${questions}-[0-9A-Z]{4}$`));
    const told = await page.evaluate(() => window.told);
    expect(new Set(told.filter(({ kind }) => kind === "answer").map(({ step }) => step)).size).toBe(questions);
    expect(told.at(-1)).toEqual({ kind: "finish", lesson: name, right: questions - wrong, questions, code });
    expect(witness.problems).toEqual([]);
  });
}

test("a step waits for what is to be done, and sees it in the trace", async ({ page, site }) => {
  await open(page, site.root);
  await begin(page, "local-events");
  const at = file("local-events").steps.findIndex((step) => step.do);
  for (let step = 0; step < at; step += 1) await next(page).click();
  await expect(next(page)).toBeDisabled();
  await page.keyboard.press("n");
  await expect(page.getByTestId("task-done")).toBeVisible();
  await expect(next(page)).toBeEnabled();
});

test("progress survives a reload, and a presenter's clicker steps through", async ({ page, site }) => {
  await open(page, site.root);
  await begin(page, "messages");
  await page.keyboard.press("PageDown");
  const { steps } = file("messages");
  await expect(page.getByTestId("lesson-step")).toHaveText(steps[1].title);
  await answer(page);
  await page.keyboard.press("PageDown");
  await expect(page.getByTestId("lesson-step")).toHaveText(steps[2].title);
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageDown");
  await open(page, site.root);
  await page.getByTestId("lessons").click();
  await expect(page.getByTestId("lesson-messages")).toContainText(`At step 3 of ${steps.length}`);
  await page.getByTestId("lesson-messages").click();
  await expect(page.getByTestId("lesson-step")).toHaveText(steps[2].title);
  await page.getByTestId("lesson-close").click();
  await expect(page.getByTestId("lesson")).toHaveCount(0);
  await expect(page.locator(".lesson-ring")).toHaveCount(0);
});

test("an event is chosen by a click in the diagram", async ({ page, site }) => {
  await open(page, site.root);
  await begin(page, "concurrency");
  const at = file("concurrency").steps.findIndex((step) => step.question?.about.click);
  for (let step = 0; step < at; step += 1) await next(page).click();
  await expect(page.getByTestId("click-answer")).toBeVisible();
  const events = await trace(page);
  const started = events.find(({ kind, process }) => kind === "job_started" && process === "station");
  await expect.poll(() => call(page, "locate", started.seq)).not.toBeNull();
  await page.waitForTimeout(200); // the camera has moved, and the picture follows in the next frame
  const [x, y] = await call(page, "locate", started.seq);
  await page.mouse.click(x, y);
  await expect(verdict(page)).toContainText("concurrent");
});

test("what lies after the cursor is hidden until the question is answered", async ({ page, site }) => {
  await open(page, site.root);
  await begin(page, "failure-recovery");
  await expect(page.locator(".fault-mark").first()).toBeVisible();
  await next(page).click(); // the crash has just happened, and the question asks to predict its detection
  await expect(page.getByTestId("page")).toHaveClass(/predicting/);
  await expect(page.locator(".fault-mark")).toHaveCount(1);
  await answer(page);
  await expect(page.getByTestId("page")).not.toHaveClass(/predicting/);
  expect(await page.locator(".fault-mark").count()).toBeGreaterThan(1);
});

test("a step sets which arrows the diagram draws", async ({ page, site }) => {
  const pressed = (id) => page.getByTestId(id).getAttribute("aria-pressed");
  await open(page, site.root);
  await begin(page, "concurrency");
  await expect.poll(() => pressed("diagram-acknowledgements")).toBe("true");
  await expect.poll(() => pressed("diagram-heartbeats")).toBe("false");
});

test("two clocks are given where they decide, and a finished lesson offers the next", async ({ page, site }) => {
  await open(page, site.root);
  await begin(page, "concurrency");
  const { steps } = file("concurrency");
  for (const step of steps) {
    if (step.question?.about.vectors) {
      await expect(page.getByTestId("given-clocks").locator(".strip")).toHaveCount(2);
    }
    await next(page).click();
  }
  await page.getByTestId("lesson-following").click();
  await expect(page.getByTestId("lesson-step")).toHaveText(file("basic-operation").steps[0].title);
});

test("a term leads to the glossary and back", async ({ page, site }) => {
  await open(page, site.root);
  await begin(page, "messages");
  await page.getByTestId("lesson").getByRole("button", { name: "stamp" }).click();
  await expect(page.getByTestId("glossary")).toContainText("Lamport 1978");
  await expect(page.locator("#term-stamp")).toBeInViewport();
  await page.getByTestId("glossary-close").click();
  await expect(page.getByTestId("lesson-step")).toBeVisible();
});

test("projector mode leaves stage and lesson, and a click still finds its event", async ({ page, site }) => {
  await open(page, site.root);
  await begin(page, "concurrency");
  await page.getByTestId("present").click();
  await expect(page.getByTestId("commands")).toBeHidden();
  await expect(page.getByTestId("inspector")).toBeHidden();
  await expect(page.getByTestId("stage")).toBeVisible();
  await expect(page.getByTestId("diagram")).toBeVisible();
  const overhang = await page.evaluate(
    () => document.scrollingElement.scrollHeight - document.scrollingElement.clientHeight,
  );
  expect(overhang).toBeLessThanOrEqual(0);
  await page.getByTestId("present").click();
  await expect(page.getByTestId("commands")).toBeVisible();
});

test("a name that there is none of is said", async ({ page, site }) => {
  await open(page, site.root);
  await page.evaluate(() => window.triage.openLesson("no such"));
  await expect(page.getByTestId("lesson-problem")).toBeVisible();
});

test.describe("phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("lesson 2 can be finished by touch", async ({ page, site }) => {
    await open(page, site.root);
    await page.getByTestId("lessons").tap();
    await page.getByTestId("lesson-messages").tap();
    const { steps } = file("messages");
    for (const step of steps) {
      await expect(page.getByTestId("lesson-step")).toHaveText(step.title);
      // The stage, or the view that the step opens, stays visible above the lesson.
      const above = page.getByTestId(step.view ?? "stage");
      await expect(above).toBeVisible();
      const room = await page.locator(".middle").boundingBox();
      expect(room.height).toBeGreaterThan(250);
      if (step.question) {
        const answers = page.getByTestId("answer");
        for (let at = 0; at < 2; at += 1) {
          await answers.nth(at).tap();
          await expect(verdict(page)).toBeVisible();
          if ((await verdict(page).innerText()).includes("✓")) break;
        }
      }
      const box = await next(page).boundingBox();
      expect(box.height).toBeGreaterThanOrEqual(44);
      await next(page).tap();
    }
    await expect(page.getByTestId("lesson-end")).toBeVisible();
    const overhang = await page.evaluate(
      () => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth,
    );
    expect(overhang).toBeLessThanOrEqual(0);
  });
});

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    test.describe(`${colorScheme}, ${viewport.width}`, () => {
      test.use({ colorScheme, viewport });

      test("axe finds no violation in list, step, answer, glossary and end", async ({ page, site }) => {
        const look = async (where) => {
          const { violations } = await new AxeBuilder({ page }).analyze();
          const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((n) => n.target).join(", ")}`);
          expect(told, where).toEqual([]);
        };
        await page.emulateMedia({ reducedMotion: "reduce" });
        await open(page, site.root);
        await call(page, "pause");
        await page.getByTestId("lessons").click();
        await expect(page.getByTestId("lesson-list")).toBeVisible();
        await look("the list");
        await page.getByTestId("lesson-messages").click();
        await next(page).click();
        await answer(page);
        await look("an answered question");
        await page.getByTestId("lesson").getByRole("button", { name: "merge" }).click();
        await expect(page.getByTestId("glossary")).toBeVisible();
        await look("the glossary");
      });
    });
  }
}
