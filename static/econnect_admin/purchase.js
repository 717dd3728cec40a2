// What is the same for all lines of an invoice is filled in on each of them.
"use strict";

document.getElementById("fill")?.addEventListener("click", () => {
    for (const name of ["ledger", "vat"]) {
        const wanted = document.getElementById(`all-${name}`).value.trim();
        if (!wanted) continue;
        for (const field of document.querySelectorAll(`.ec-entries input[list][name^="${name}-"]:not([name^="vat-row-"])`)) {
            field.value = wanted;
            field.removeAttribute("aria-invalid");
        }
    }
});
