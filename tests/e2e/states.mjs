// The states for `./dev shots --states`: every view of the dock when it is empty, in the middle of a run, and with a
// crowd. Each state is a scenario, a moment, and a selection.

import { readFileSync } from "node:fs";

const builtIn = (name) =>
  JSON.parse(readFileSync(new URL(`../../public/scenarios/${name}.json`, import.meta.url), "utf8"));

const EMPTY = {
  format: 1,
  name: "empty",
  title: "Nothing",
  description: "",
  seed: 1,
  duration_us: 20_000_000,
  executors: [{ id: "alone", capacity: 2, capabilities: ["general"] }],
  workload: [],
  commands: [],
};

/** Thirty executors with long names, several coordinators, emergencies and faults. */
function crowd() {
  const id = (number) => `regional-coordination-centre-${number + 1}`;
  const stream = { arrivals: { fixed: { every_us: 60_000 } }, from_us: 0, until_us: 19_000_000 };
  const commands = [
    [2_000_000, { crash: { process: id(0) } }],
    [3_000_000, { declare_emergency: { type: "fire", level: "HIGH", place: "the old harbour district" } }],
    [4_000_000, { declare_emergency: { type: "medical", level: "CRITICAL", place: "the university hospital" } }],
    [5_000_000, { crash: { process: id(7) } }],
    [6_000_000, { hang: { process: id(12) } }],
  ];
  return {
    ...EMPTY,
    name: "crowd",
    title: "A crowd of regional coordination centres",
    configuration: { coordinators: 4 },
    executors: Array.from({ length: 30 }, (_, number) => ({
      id: id(number),
      capacity: 1 + (number % 5),
      capabilities: ["general", "medical", "fire"].slice(0, 1 + (number % 3)),
    })),
    workload: [
      { name: "routine", ...stream, work: { min_us: 1_000_000, max_us: 4_000_000 } },
      { name: "call", type: "fire", ...stream, work: { min_us: 1_000_000, max_us: 4_000_000 } },
    ],
    commands: commands.map(([at_us, action]) => ({ at_us, principal: "commander", action })),
  };
}

/** Name, scenario, moment in ms; `query` is typed into every query field, `choose` selects two events by kind. */
export const STATES = [
  { name: "start", scenario: builtIn("failure-recovery"), ms: 0 },
  {
    name: "removed",
    scenario: {
      ...EMPTY,
      commands: [
        { at_us: 2_000_000, action: { remove_executor: { executor: "alone" } } },
        { at_us: 4_000_000, action: { submit_normal_job: { work_us: 1_000_000 } } },
      ],
    },
    ms: 15_000,
  },
  { name: "idle", scenario: EMPTY, ms: 5_000 },
  { name: "no-hits", scenario: builtIn("failure-recovery"), ms: 12_000, query: "kind:job_started after:900" },
  { name: "typical", scenario: builtIn("failure-recovery"), ms: 12_000, choose: ["job_accepted", "job_completed"] },
  { name: "mixed", scenario: builtIn("mixed-workload"), ms: 20_000, choose: ["job_queued", "job_started"] },
  { name: "crowd", scenario: crowd(), ms: 10_000, choose: ["job_accepted", "job_started"] },
];

const press = async (page, id) => {
  const button = page.getByTestId(id);
  if ((await button.count()) > 0) await button.first().click();
};
const view = (name) => (page) => page.evaluate((name) => window.triage.view(name), name);
const clocks = (part) => async (page) => {
  await view("clocks")(page);
  await press(page, `show-${part}`);
};

/** How to open each view. */
export const VIEWS = {
  diagram: view("diagram"),
  "diagram-cut": async (page) => {
    await view("diagram")(page);
    await press(page, "diagram-cut");
  },
  matrix: clocks("matrix"),
  step: clocks("compare"),
  cut: clocks("cut"),
  slots: view("slots"),
  latency: view("latency"),
  log: view("log"),
  audit: view("audit"),
  overview: view("overview"),
  compare: view("compare"),
};

/** Puts an open page into a state. */
export async function enter(page, state) {
  await page.evaluate(
    ([text, ms]) => {
      window.triage.load(text);
      window.triage.pause();
      window.triage.seek(ms);
    },
    [JSON.stringify(state.scenario), state.ms],
  );
  await page.evaluate(([first, second]) => {
    const events = window.triage.trace().split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const late = events.filter((event) => event.t_us > events.at(-1).t_us / 2);
    const of = (kind) => late.find((event) => event.kind === kind);
    if (!first || !of(first)) return;
    window.triage.select(of(first).seq);
    const then = late.find((event) => event.kind === second && event.job === of(first).job) ?? of(second);
    if (then) window.triage.selectSecond(then.seq);
  }, state.choose ?? []);
}

/** Types the query of a state into the fields of the open view. */
export async function ask(page, state) {
  for (const id of ["diagram-query", "log-query"]) {
    const field = page.getByTestId(id);
    if ((await field.count()) > 0) await field.fill(state.query ?? "");
  }
}
