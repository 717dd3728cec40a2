// The names of rows and columns in the matrix of privileges toggle all their boxes.
"use strict";

function toggle(boxes) {
    const enabled = boxes.filter((box) => !box.disabled);
    const checked = enabled.some((box) => !box.checked);
    for (const box of enabled) box.checked = checked;
}

document.addEventListener("click", (event) => {
    const button = event.target.closest(".ec-matrix .ec-toggle");
    if (!button) return;
    const column = button.dataset.column;
    const within = column ? button.closest("table") : button.closest("tr");
    const boxes = [...within.querySelectorAll("input[type=checkbox]")];
    toggle(column ? boxes.filter((box) => box.dataset.column === column) : boxes);
});
