// What is filled in once need not be filled in again: for all lines, or in the breakdown of the VAT.
"use strict";

document.querySelector('.ec-entries [aria-invalid="true"]')?.focus();

const fillVatRows = (vat, code) => {
    for (const field of document.querySelectorAll(`input[name^="vat-row-"]`)) {
        if (field.dataset.vat !== vat || field.value.trim()) continue;
        field.value = code;
        field.removeAttribute("aria-invalid");
    }
};

for (const field of document.querySelectorAll('.ec-entries input[name^="vat-"]:not([name^="vat-row-"])')) {
    field.addEventListener("change", () => fillVatRows(field.dataset.vat, field.value));
}

const fill = document.getElementById("fill");

fill?.addEventListener("click", () => {
    for (const name of ["ledger", "vat"]) {
        const wanted = document.getElementById(`all-${name}`).value.trim();
        if (!wanted) continue;
        for (const field of document.querySelectorAll(`.ec-entries input[list][name^="${name}-"]:not([name^="vat-row-"])`)) {
            field.value = wanted;
            field.removeAttribute("aria-invalid");
            if (name === "vat") fillVatRows(field.dataset.vat, wanted);
        }
    }
});

// Enter there fills in as well: what is booked is not to be had back, and nobody has seen the lines yet.
fill?.closest(".ec-all").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target === fill) return;
    event.preventDefault();
    fill.click();
});
