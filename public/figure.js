// Figures of the screen as SVG or PNG, and a printable handout. Loaded on demand. Figures are black on white regardless
// of the theme, as on paper (`src/page/theme.rs` changes the colours before printing), and don't depend on other files.

import { toCanvas, toSvg } from "html-to-image";
import { record } from "./record.js";

const PNG_RATIO = 2;
const PARTS = { stage: ".stage-panel", view: ".dock-view" };
const OPTIONS = { skipFonts: true, backgroundColor: "#ffffff" };

/** Controls, which figures leave out. */
const TOOLS = ".diagram-tools, .gantt-tools, .log-tools";
/** Style properties of shapes that a copy would lose without the style sheet. */
const LOOKS = [
  ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-opacity"],
  ...["opacity", "visibility", "display", "font", "text-anchor", "dominant-baseline", "paint-order", "stroke-linejoin", "transform", "transform-origin", "color"],
];

/** Copies computed styles into the shapes; the returned function removes them. */
function spellOut(element) {
  const shapes = [...element.querySelectorAll("svg *")];
  const looks = shapes.map((shape) => {
    const style = getComputedStyle(shape);
    return LOOKS.map((name) => `${name}: ${style.getPropertyValue(name)}`).join("; ");
  });
  const before = shapes.map((shape) => shape.getAttribute("style"));
  shapes.forEach((shape, index) => shape.setAttribute("style", looks[index]));
  return () =>
    shapes.forEach((shape, index) => {
      if (before[index] === null) shape.removeAttribute("style");
      else shape.setAttribute("style", before[index]);
    });
}

/** Disables transitions. */
function still() {
  const style = made("style", "* { transition: none !important; }");
  document.head.append(style);
  return () => style.remove();
}

const turned = () => new Promise((done) => setTimeout(done, 100)); // reactive effects run asynchronously

/** Calls a function with a part of the page in print style, with the diagram as SVG. */
async function onPaper(part, make) {
  const element = document.querySelector(PARTS[part]);
  if (!element || element.clientWidth === 0) throw new Error(window.triageText("There is nothing to export: open the view first."));
  const canvas = element.querySelector("#diagram-canvas");
  const recording = canvas && record(canvas);
  let drawn = null;
  const undo = [still()];
  dispatchEvent(new Event("beforeprint"));
  try {
    await turned();
    if (recording) {
      drawn = new DOMParser().parseFromString(recording.end(), "image/svg+xml").documentElement;
      drawn.style.cssText = `display: block; width: ${canvas.clientWidth}px; height: ${canvas.clientHeight}px`;
      canvas.before(drawn);
    }
    undo.push(spellOut(element));
    const filter = (node) => !(drawn && node === canvas) && !node.matches?.(TOOLS);
    return await make(element, { ...OPTIONS, filter });
  } finally {
    drawn?.remove();
    undo.forEach((take) => take());
    dispatchEvent(new Event("afterprint"));
  }
}

/** A figure as the text of an SVG file. */
async function svg(part) {
  const url = await onPaper(part, toSvg);
  return decodeURIComponent(url.slice(url.indexOf(",") + 1));
}

/** A figure as a PNG file. */
async function png(part) {
  const canvas = await onPaper(part, (element, options) => toCanvas(element, { ...options, pixelRatio: PNG_RATIO }));
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

const HANDOUT = `
.handout { display: none; }
@media print {
  @page { size: portrait; margin: 14mm; }
  body > :not(.handout) { display: none !important; }
  .handout { display: block; color: #000; font: 11pt/1.45 system-ui, sans-serif; }
  .handout h1 { margin: 0; font-size: 18pt; }
  .handout h2 { margin: 8mm 0 2mm; color: #000; font-size: 12pt; letter-spacing: 0; text-transform: none; }
  .handout p { margin: 2mm 0; }
  .handout img { display: block; max-width: 100%; max-height: 95mm; margin: 4mm auto; }
  .handout td, .handout th { padding: 1mm 6mm 1mm 0; text-align: left; }
  .handout h3 { margin: 5mm 0 1mm; font-size: 11pt; }
  .handout .event { margin: 0 0 0 5mm; font-size: 10pt; }
  .handout .choice { margin: 1mm 0 0 5mm; }
  .handout .answer { height: 9mm; border-bottom: 0.3mm solid #888; }
  .handout section { break-inside: avoid; }
}`;

function made(tag, words, className) {
  const element = document.createElement(tag);
  if (words) element.textContent = words;
  if (className) element.className = className;
  return element;
}

/** The four targets as a table. */
function targets() {
  const table = made("table");
  for (const row of document.querySelectorAll(".target")) {
    const line = made("tr");
    const said = (part) => row.querySelector(part)?.textContent ?? "";
    line.append(made("th", said(".target-name")), made("td", said(".target-worst")), made("td", said(".target-bound")));
    table.append(line);
  }
  return table;
}

/** Lines to write on. */
function blank(count) {
  const answers = made("section");
  answers.append(made("h2", window.triageText("Questions and answers")));
  for (let line = 0; line < count; line += 1) answers.append(made("div", "", "answer"));
  return answers;
}

/** The questions of a lesson, with boxes to tick, or lines if students have to find an event. */
function questions([title, about, all]) {
  const head = made("section");
  head.append(made("h2", title), made("p", about));
  const sections = all.map(([step, ask, events, choices], at) => {
    const one = made("section");
    one.append(made("h3", `${at + 1}. ${step}`), made("p", ask));
    events.forEach((words, event) => one.append(made("p", `(${event + 1}) ${words}`, "event")));
    choices.forEach((words) => one.append(made("p", `☐ ${words}`, "choice")));
    if (choices.length === 0) one.append(made("div", "", "answer"));
    return one;
  });
  return [head, ...sections];
}

/** Adds a handout to the document, only visible in print: scenario, figure, targets, lines to write on. */
async function handout(part) {
  document.querySelector(".handout")?.remove();
  const { title, description } = JSON.parse(window.triage.save()).scenario;
  const figure = made("img");
  figure.alt = "";
  figure.src = await onPaper(part, toSvg);
  await figure.decode();
  const sheet = made("article", "", "handout");
  const numbers = made("section");
  numbers.append(made("h2", window.triageText("The four targets: worst value so far, and limit")), targets());
  const lesson = JSON.parse(window.triage.questions() ?? "null");
  const answers = lesson ? questions(lesson) : [blank(6)];
  const style = made("style", HANDOUT);
  const moment = document.querySelector("[data-testid=time]")?.textContent ?? "";
  const place = window.triageText("At {moment}. This is an exercise, not a real emergency.", { moment });
  const [name, about] = [title, description].map((words) => window.triageText(words));
  sheet.append(style, made("h1", name), made("p", about), made("p", place), figure, numbers, ...answers);
  document.body.append(sheet);
}

/** The diagram of the events between two moments, in seconds. */
function mermaid(from, to) {
  const times = window.triage.trace().split("\n").filter(Boolean).map((line) => JSON.parse(line).t_us / 1e6);
  const first = times.findIndex((time) => time >= from);
  const last = times.findLastIndex((time) => time <= to);
  if (!(from <= to) || first < 0 || last < first) {
    throw new Error(window.triageText("There is no event between {from} s and {to} s.", { from, to }));
  }
  return window.triage.export("mermaid", first, last);
}

window.triageFigure = { svg, png, handout, mermaid };
