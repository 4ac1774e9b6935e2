// A page beside the chat shows private things: leaving it ends the chat, and when nobody touches it, it goes blank.
(function () {
  "use strict";
  var leaving = window.leaving;
  var key = document.querySelector("#leave input[name=key]").value;
  var touched = Date.now();
  leaving.last.push(function () { window.session.end({ key: key }); });
  ["keydown", "pointerdown"].forEach(function (name) {
    document.addEventListener(name, function () { touched = Date.now(); });
  });
  setInterval(function () {
    if (Date.now() - touched > 1200000) { document.body.classList.add("left"); window.session.gone(); }
  }, 5000);
}());
