// The inspector: a process, a job or an event, the reasons for its state, and the links between them.

import AxeBuilder from "@axe-core/playwright";
import { builtIn, expect, load, open, seek, test, trace } from "./fixtures.mjs";

const inspector = (page) => page.getByTestId("inspector");

test.beforeEach(async ({ page, site, witness }) => {
  expect(witness.problems).toEqual([]);
  await open(page, site.root);
});

test("a process says what it does and why, and lists its jobs", async ({ page }) => {
  await load(page, builtIn("escalation"));
  await seek(page, 16_600);
  await page.getByTestId("node-north").click();
  await expect(inspector(page)).toHaveAttribute("data-kind", "process");
  await expect(inspector(page)).toContainText("HIGH: running normal jobs finish, but no normal jobs start");
  await inspector(page).locator("button[data-go^=j]", { hasText: "queued" }).first().click();
  await expect(inspector(page)).toHaveAttribute("data-kind", "job");
  await expect(inspector(page)).toContainText("Waiting: north is in HIGH mode, normal jobs do not start.");
});

test("a job's history leads to its events, and an event to its job, its process and its clocks", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 9_360);
  await page.locator("[data-look=j2]").click();
  await expect(inspector(page)).toContainText("coordinator-1 takes job-2 away from fire-station and issues attempt 2");
  await inspector(page).getByRole("button", { name: /medical-centre queues job-2, attempt 2/ }).click();
  await expect(inspector(page)).toHaveAttribute("data-kind", "event");
  await expect(page.getByTestId("time")).toHaveText("00:09.348");
  const shown = await inspector(page)
    .locator(".steps tr")
    .evaluateAll((rows) =>
      rows.map((row) => [row.querySelector("th").textContent, ...[...row.querySelectorAll(".cell")].map((cell) => Number(cell.textContent))]),
    );
  expect(shown.map(([label]) => label)).toEqual(["before", "received", "after"]);
  // The strips agree with the exported trace, for the event that a click on the history led to.
  const events = await trace(page);
  const event = events.findLast((event) => event.kind === "job_queued" && event.job === "job-2" && event.attempt === 2);
  const sent = events[event.cause];
  const names = ["system", "coordinator-1", "recovery", "medical-centre", "fire-station", "general-1", "harbour"];
  const vector = (of) => names.map((name) => of.vc[name] ?? 0);
  expect(shown[1].slice(1)).toEqual(vector(sent));
  expect(shown[2].slice(1)).toEqual(vector(event));
  expect(shown[0].slice(1)[3]).toBe(vector(event)[3] - 1);
  await inspector(page).getByRole("button", { name: "job-2" }).first().click();
  await expect(inspector(page)).toHaveAttribute("data-kind", "job");
  await page.getByTestId("node-general-1").click();
  await expect(inspector(page)).toHaveAttribute("data-kind", "process");
});

test("a message on its way can be looked at without moving time", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 9_345);
  const token = page.locator('[data-token][data-kind="emergency_job"], [data-token][data-kind="normal_job"]').first();
  await token.dispatchEvent("click");
  await expect(inspector(page)).toHaveAttribute("data-kind", "event");
  await expect(inspector(page)).toContainText(/arrives at 00:09\.34/);
  await expect(page.getByTestId("time")).toHaveText("00:09.345");
});

test("what is looked at follows the run", async ({ page }) => {
  await load(page, builtIn("failure-recovery"));
  await seek(page, 6_000);
  await page.getByTestId("node-fire-station").click();
  await seek(page, 6_500);
  await expect(inspector(page)).toContainText("No process knows that it has crashed");
  await seek(page, 8_600);
  await expect(inspector(page)).toContainText("Suspected: recovery has received nothing since 00:05.831");
  await seek(page, 10_000);
  await expect(inspector(page)).toContainText("Declared failed");
});

for (const colorScheme of ["light", "dark"]) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test("axe finds no violation in a job and in an event", async ({ page }) => {
      await load(page, builtIn("failure-recovery"));
      await seek(page, 9_360);
      for (const link of ["[data-look=j2]", "[data-testid=inspector] [data-go^=e]"]) {
        await page.locator(link).first().click();
        const { violations } = await new AxeBuilder({ page }).include("[data-testid=inspector]").analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target)}`)).toEqual([]);
      }
    });
  });
}
