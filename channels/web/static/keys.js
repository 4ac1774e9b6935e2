// Moves through the messages by keyboard: Up, Down, Home and End while the messages have focus, Escape back to the box.
// Page Up and Page Down scroll while the box is empty. Tab goes on as everywhere: nobody is held here.
(function () {
  "use strict";
  var log = document.getElementById("log");
  var box = document.getElementById("text");
  if (!log || !box) { return; }
  log.tabIndex = 0;
  log.setAttribute("aria-describedby", "log-keys");

  function plain(event) {
    return !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
  }
  // Only messages the server has: the place of one that is still being sent is taken by another element.
  function goTo(key) {
    var messages = Array.prototype.slice.call(log.querySelectorAll("article[data-id]"));
    var at = messages.findIndex(function (one) { return one.contains(document.activeElement); });
    var last = messages.length - 1;
    var to = {
      Home: 0,
      End: last,
      ArrowUp: at < 0 ? last : Math.max(at - 1, 0),
      ArrowDown: at < 0 ? last : Math.min(at + 1, last)
    }[key];
    if (to === undefined || last < 0) { return false; }
    messages[to].tabIndex = -1;
    messages[to].setAttribute("aria-describedby", messages[to].id.replace("m-", "t-"));
    messages[to].focus();
    return true;
  }
  log.addEventListener("keydown", function (event) {
    if (!plain(event)) { return; }
    if (event.key === "Escape") {
      event.stopPropagation();   // around us, Escape closes the whole chat: that is for the next press
      box.focus();
    } else if (!goTo(event.key)) {
      return;
    }
    event.preventDefault();
  });
  box.addEventListener("keydown", function (event) {
    var way = { PageUp: -1, PageDown: 1 }[event.key];
    if (!way || box.value || !plain(event)) { return; }
    event.preventDefault();
    window.scrollBy(0, way * window.innerHeight * 0.8);
  });
}());
