// Three small comforts; the page says everything without them.
(function () {
  "use strict";
  var root = document.documentElement;

  // 1. Light and dark, remembered where the browser lets a page from disk remember.
  var theme = document.getElementById("theme");
  var stored = null;
  try { stored = localStorage.getItem("diptych-theme"); } catch (e) { /* files may have no storage */ }
  if (stored === "light" || stored === "dark") root.dataset.theme = stored;
  theme.hidden = false;
  theme.addEventListener("click", function () {
    var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("diptych-theme", root.dataset.theme); } catch (e) { /* see above */ }
  });

  // 2. Sliders step through points that were computed; nothing is interpolated.
  var sweeps = JSON.parse(document.getElementById("sweep-data").textContent);
  document.querySelectorAll(".sweep").forEach(function (sweep) {
    var data = sweeps[Number(sweep.dataset.sweep)];
    var input = sweep.querySelector("input[type=range]");
    sweep.querySelector(".needs-script").hidden = false;
    input.addEventListener("input", function () {
      var at = Number(input.value);
      var said = data.said[at] + (data.inside[at] ? "" : ", outside the stated range");
      input.setAttribute("aria-valuetext", said);
      sweep.querySelector("output").textContent = data.said[at];
      sweep.querySelector(".at").textContent = said;
      sweep.querySelectorAll(".cursor").forEach(function (line) {
        line.setAttribute("x1", data.x[at]);
        line.setAttribute("x2", data.x[at]);
      });
      sweep.querySelectorAll("use.at").forEach(function (mark) { mark.style.display = at === Number(input.defaultValue) ? "" : "none"; });
      sweep.querySelectorAll("table.now tbody tr").forEach(function (row, i) {
        row.querySelectorAll("td").forEach(function (cell, j) { cell.textContent = data.means[at][i][j]; });
      });
    });
  });

  // 3. Paper shows the tables that the screen folds away.
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  });
})();
