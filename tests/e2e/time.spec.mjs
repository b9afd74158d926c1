// Time travel on the page: commands in the past create branches, both futures are preserved; undo, redo, markers,
// speed.

import { builtIn, command, expect, load, open, seek, test, trace } from "./fixtures.mjs";

const text = (page) => page.evaluate(() => window.triage.trace());

test.beforeEach(async ({ page, witness }) => {
  void witness;
  await open(page);
  await load(page, builtIn("basic-operation"));
});

test("acting in the past begins a branch, and the old future comes back unchanged", async ({ page }) => {
  await seek(page, 15_000);
  const old = await text(page);
  await expect(page.getByTestId("branches")).toHaveText("1");
  await seek(page, 4_000);
  await page.getByTestId("declare-critical").click();
  await seek(page, 15_000);
  const other = await text(page);
  expect(other).not.toBe(old);
  expect((await trace(page)).some((event) => event.kind === "emergency_declared")).toBe(true);

  await page.getByTestId("branches").click();
  const menu = page.getByTestId("history-menu");
  await expect(menu.locator(".history-list").first().getByRole("listitem")).toHaveCount(2);
  await expect(menu.getByTestId("branch-1")).toHaveAttribute("aria-pressed", "true");
  await menu.getByTestId("branch-name").fill("with the fire");
  await menu.getByTestId("rename-branch").click();
  await expect(menu.getByTestId("branch-1")).toContainText("with the fire");
  await menu.getByTestId("branch-0").click();
  await expect(page.getByTestId("time")).toHaveText("00:15.000");
  expect(await text(page)).toBe(old);
  await menu.getByTestId("branch-1").click();
  expect(await text(page)).toBe(other);
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
});

test("undo goes back to just before the command, redo gives it again", async ({ page }) => {
  await seek(page, 4_000);
  const before = await text(page);
  await expect(page.getByTestId("undo")).toBeDisabled();
  await page.getByTestId("crash").click();
  const after = await text(page);
  await seek(page, 9_000);
  await page.getByTestId("undo").click();
  expect(await text(page)).toBe(before);
  await expect(page.getByTestId("time")).toHaveText("00:04.000");
  await page.keyboard.press("Control+Shift+z");
  expect(await text(page)).toBe(after);
  await page.keyboard.press("Control+z");
  expect(await text(page)).toBe(before);
});

test("a marker names a moment and leads back to it", async ({ page }) => {
  await seek(page, 7_000);
  await page.keyboard.press("m");
  await seek(page, 2_000);
  await page.getByTestId("branches").click();
  await page.getByTestId("marker-name").fill("just before");
  await page.getByTestId("add-marker").click();
  const markers = page.getByTestId("history-menu").locator(".history-marker");
  await expect(markers).toHaveCount(2);
  await expect(markers.first()).toContainText("just before");
  await markers.last().getByRole("button").first().click();
  await expect(page.getByTestId("time")).toHaveText("00:07.000");
  await markers.first().getByRole("button", { name: "Remove marker" }).click();
  await expect(markers).toHaveCount(1);
});

test("the speed at clock pace goes down to a hundredth", async ({ page }) => {
  await page.getByTestId("pace").selectOption("clock");
  const speed = page.getByTestId("speed");
  await expect(speed).toHaveAttribute("aria-valuetext", "1×");
  await speed.fill("0");
  await expect(speed).toHaveAttribute("aria-valuetext", "1/100×");
  await seek(page, 5_000);
  await page.getByTestId("play").click();
  await expect(page.getByTestId("rate")).toHaveText(/1\/100/);
  await speed.fill("81");
  await expect(speed).toHaveAttribute("aria-valuetext", "max");
});

test("what was chosen in a future that was replaced is let go of, what was chosen before it is kept", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 12_000);
  const events = await trace(page);
  const started = events.filter((event) => event.kind === "job_started");
  await page.getByTestId("tab-log").click();
  await page.getByTestId("log-query").fill("kind:job_started");
  const line = (event) => page.locator(`.log-line[data-go="e${event.seq}"]`);
  await line(started.at(-1)).click();
  await expect(page.getByTestId("inspector")).toContainText(`event ${started.at(-1).seq}`);
  await seek(page, 4_000);
  await command(page, { submit_normal_job: { work_us: 1_000_000 } });
  await expect(page.getByTestId("inspector")).not.toContainText(`event ${started.at(-1).seq}`);
  await expect(page.getByTestId("inspector")).toContainText("executor");
  await line(started[0]).click();
  await seek(page, 5_000);
  await command(page, { submit_normal_job: { work_us: 1_000_000 } });
  await expect(page.getByTestId("inspector")).toContainText(`event ${started[0].seq}`);
});

test("a job of a future that was replaced is let go of, one that was submitted before is kept", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 12_000);
  const submitted = (await trace(page)).filter((event) => event.kind === "job_submitted");
  const look = async (job) => {
    await page.getByTestId("tab-log").click();
    await page.getByTestId("log-query").fill("kind:job_submitted");
    await page.locator(`.log-line[data-go="e${job.seq}"]`).click();
    await page.getByTestId("inspector").getByRole("button", { name: job.job, exact: true }).first().click();
    await expect(page.getByTestId("inspector")).toHaveAttribute("data-kind", "job");
  };
  await look(submitted.at(-1));
  await seek(page, 4_000);
  await command(page, { crash: { process: "harbour" } });
  await expect(page.getByTestId("inspector")).toHaveAttribute("data-kind", "process");
  await look(submitted[0]);
  await seek(page, 5_000);
  await command(page, { submit_normal_job: { work_us: 1_000_000 } });
  await expect(page.getByTestId("inspector")).toHaveAttribute("data-kind", "job");
  await expect(page.getByTestId("inspector")).toContainText(submitted[0].job);
});

test("the menu of branches opens and closes by keyboard", async ({ page }) => {
  await page.getByTestId("branches").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("history-menu")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("history-menu")).toBeHidden();
});
