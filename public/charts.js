// Draws the page's charts with uPlot. Both are loaded when charts are first shown, to keep the first visit small. The
// page passes the data as JSON (`src/view/charts.rs`); nothing is computed here.
(function () {
  "use strict";
  var ready = new Promise(function (done, failed) {
    var script = document.createElement("script");
    script.src = "uPlot.iife.min.js";
    script.onload = done;
    script.onerror = function () {
      failed(new Error(window.triageText("the chart library could not be loaded")));
    };
    document.head.appendChild(script);
  });

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  /** Numbers are passed in thousandths. */
  function whole(value) {
    return value / 1000;
  }

  function number(value) {
    if (value === 0) return "0";
    if (value >= 100 || value % 1 === 0) return String(Math.round(value));
    var mark = (0.5).toLocaleString(document.documentElement.lang).charAt(1);
    return String(+value.toPrecision(2)).replace(".", mark);
  }

  /** Draws dashed lines for bounds, and covers the future with a translucent layer. */
  function decorate(chart, state) {
    return function (plot) {
      var context = plot.ctx;
      var box = plot.bbox;
      context.save();
      context.beginPath();
      context.rect(box.left, box.top, box.width, box.height);
      context.clip();
      (chart.bounds || []).forEach(function (bound) {
        var y = bound.at === "x" ? 0 : plot.valToPos(whole(bound.value), "y", true);
        var x = bound.at === "x" ? plot.valToPos(whole(bound.value), "x", true) : 0;
        context.strokeStyle = colour(bound.colour);
        context.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
        context.lineWidth = devicePixelRatio;
        context.beginPath();
        if (bound.at === "x") {
          context.moveTo(x, box.top);
          context.lineTo(x, box.top + box.height);
        } else {
          context.moveTo(box.left, y);
          context.lineTo(box.left + box.width, y);
        }
        context.stroke();
      });
      if (chart.time) {
        var now = plot.valToPos(state.now, "x", true);
        context.setLineDash([]);
        context.globalAlpha = 0.6;
        context.fillStyle = colour("--panel");
        context.fillRect(now, box.top, box.left + box.width - now, box.height);
        context.globalAlpha = 1;
        context.fillStyle = colour("--dim");
        context.fillRect(now, box.top, devicePixelRatio, box.height);
      }
      context.restore();
    };
  }

  /** The range of a logarithmic axis: whole powers of ten around the values and the bounds. */
  function reach(chart, at) {
    return function (_, low, high) {
      var bounds = (chart.bounds || []).map(function (bound) {
        return bound.at === at ? whole(bound.value) : 0;
      });
      var most = Math.max.apply(null, bounds.concat(high || 1));
      return [Math.pow(10, Math.floor(Math.log10(low || 1))), most * 1.2];
    };
  }

  function options(chart, state, width, height) {
    var axis = {
      stroke: colour("--dim"),
      font: "11px system-ui, sans-serif",
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    // Grid lines of a logarithmic axis only at powers of ten; more would be too dense.
    function lines(log) {
      return {
        grid: Object.assign({}, axis.grid, {
          filter: function (_, splits) {
            return splits.map(function (value) {
              return log && Math.log10(value) % 1 !== 0 ? null : value;
            });
          },
        }),
      };
    }
    var values = function (_, splits) {
      return splits.map(function (value) {
        return value === null ? "" : number(value);
      });
    };
    var scaleX = { time: false, distr: chart.x_log ? 3 : 1 };
    if (chart.time) scaleX.range = [0, whole(chart.end)];
    else scaleX.range = reach(chart, "x");
    var scaleY = { distr: chart.y_log ? 3 : 1 };
    if (chart.y_log) {
      scaleY.range = reach(chart, "y");
    } else {
      scaleY.range = function (_, low, high) {
        return [0, Math.max(high, chart.y_least || 1) * 1.05];
      };
    }
    return {
      width: width,
      height: height,
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: scaleX, y: scaleY },
      axes: [
        Object.assign({ size: 24, space: 60, values: values }, axis, lines(chart.x_log)),
        Object.assign({ size: 44, space: 24, values: values }, axis, lines(chart.y_log)),
      ],
      series: [{}].concat(
        chart.lines.map(function (line) {
          var stroke = colour(line.colour);
          var points = line.kind === "points";
          return {
            label: line.name,
            stroke: stroke,
            width: points ? 0 : 1.5,
            fill: line.kind === "area" ? stroke + "33" : undefined,
            spanGaps: true,
            paths: points
              ? function () {
                  return null;
                }
              : window.uPlot.paths.stepped({ align: line.kind === "area" ? 1 : -1 }),
            points: points ? { show: true, size: 5, width: 0, fill: stroke } : { show: false },
          };
        }),
      ),
      hooks: { draw: [decorate(chart, state)] },
    };
  }

  /** One figure: a title, a legend, the plot, and a sentence with the same content. */
  function frame(chart) {
    var figure = document.createElement("figure");
    figure.className = "chart";
    figure.dataset.testid = "chart-" + chart.id;
    var caption = document.createElement("figcaption");
    var title = document.createElement("strong");
    title.textContent = chart.title;
    caption.appendChild(title);
    chart.lines.forEach(function (line) {
      var key = document.createElement("span");
      key.className = "chart-key";
      key.style.setProperty("--key", "var(" + line.colour + ")");
      key.textContent = line.name;
      caption.appendChild(key);
    });
    var place = document.createElement("div");
    place.className = "chart-place";
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", chart.title + ": " + chart.summary);
    var words = document.createElement("p");
    words.className = "chart-words";
    words.textContent = chart.summary;
    figure.append(caption, place, words);
    return { figure: figure, place: place };
  }

  var drawn = new WeakMap();

  function drop(element) {
    var state = drawn.get(element);
    if (!state) return;
    state.plots.forEach(function (plot) {
      plot.destroy();
    });
    state.observer.disconnect();
    drawn.delete(element);
    element.replaceChildren();
  }

  function draw(element, charts, now) {
    drop(element);
    var state = { plots: [], now: now, charts: charts };
    var frames = charts.map(frame);
    frames.forEach(function (one) {
      element.appendChild(one.figure);
    });
    charts.forEach(function (chart, index) {
      var place = frames[index].place;
      var tables = chart.lines.map(function (line) {
        return [line.x.map(whole), line.y.map(whole)];
      });
      var data = window.uPlot.join(tables);
      var size = place.getBoundingClientRect();
      var settings = options(chart, state, Math.max(size.width, 80), Math.max(size.height, 60));
      state.plots.push(new window.uPlot(settings, data, place));
    });
    state.observer = new ResizeObserver(function () {
      state.plots.forEach(function (plot, index) {
        var size = frames[index].place.getBoundingClientRect();
        var changed = Math.abs(plot.width - size.width) > 1 || Math.abs(plot.height - size.height) > 1;
        if (changed && size.width > 0) plot.setSize({ width: size.width, height: size.height });
      });
    });
    state.observer.observe(element);
    drawn.set(element, state);
  }

  function redraw() {
    document.querySelectorAll(".charts").forEach(function (element) {
      var state = drawn.get(element);
      if (state) draw(element, state.charts, state.now);
    });
  }
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  window.triageCharts = {
    /** Draws charts, given as JSON, into an element; `now` is the cursor in seconds. */
    draw: function (element, json, now) {
      ready.then(
        function () {
          if (element.isConnected) draw(element, JSON.parse(json), now);
        },
        function (error) {
          element.textContent = error.message;
        },
      );
    },
    /** Moves the cursor in the charts. */
    now: function (element, now) {
      var state = drawn.get(element);
      if (!state) return;
      state.now = now;
      state.plots.forEach(function (plot, index) {
        if (state.charts[index].time) plot.redraw(false);
      });
    },
    drop: drop,
  };
})();
