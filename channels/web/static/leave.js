// Leaves at once: by a link marked data-leave, or by pressing Shift three times. Nothing is kept anywhere.
(function () {
  "use strict";
  var link = document.querySelector("a[data-leave]");
  if (!link) { return; }
  var presses = [];
  function leave(event) {
    if (event) { event.preventDefault(); }
    document.body.classList.add("left");
    window.location.replace(link.href);
  }
  document.querySelectorAll("a[data-leave]").forEach(function (one) { one.addEventListener("click", leave); });
  document.addEventListener("keyup", function (event) {
    if (event.key !== "Shift") { presses = []; return; }
    var now = Date.now();
    presses = presses.filter(function (at) { return now - at < 5000; }).concat(now);
    if (presses.length >= 3) { leave(); }
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { document.body.classList.add("left"); window.location.reload(); }
  });
}());
