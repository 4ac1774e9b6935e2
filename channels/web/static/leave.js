// Leaves at once: by whatever is marked data-leave, or by pressing Shift three times in 5 seconds. Nothing is kept anywhere.
(function () {
  "use strict";
  var form = document.getElementById("leave");
  var link = document.querySelector("a[data-leave]");
  if (!form && !link) { return; }
  var presses = [];
  var leaving = window.leaving = {
    left: false,
    last: [],   // what other scripts must still do: called once, after the page is blank
    go: function (url) { window.location.replace(url); },
    blank: function () {
      leaving.left = true;
      document.body.classList.add("left");
      leaving.last.splice(0).forEach(function (act) { try { act(); } catch (_) { /* going matters more */ } });
    },
    now: function () {
      if (leaving.left) { return; }
      leaving.blank();
      leaving.go(form ? form.dataset.exit : link.href);
    }
  };
  // A chat may be open though this page is not it: leaving from here ends it too. In a frame the frame's own script does.
  if (!form && window.fetch && window.top === window) {
    leaving.last.push(function () {
      fetch("/chat/leave", { method: "POST", headers: { Accept: "application/json" }, keepalive: true }).catch(function () { return null; });
    });
  }
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("a[data-leave]")) { event.preventDefault(); leaving.now(); }
  });
  if (form) { form.addEventListener("submit", function (event) { event.preventDefault(); leaving.now(); }); }
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift") { presses = []; return; }
    var now = Date.now();
    presses = presses.filter(function (at) { return now - at < 5000; }).concat(now);
    if (presses.length >= 3) { leaving.now(); }
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { document.body.classList.add("left"); window.location.reload(); }
  });
}());
