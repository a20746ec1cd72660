// Ce que le serveur a compté à l’enregistrement d’une section de bilan, mis à sa place : totaux, écarts, et
// l’explication d’un grand écart, qui se montre quand on la demande. Rien ne se calcule ici.
function montrer(formulaire, { textes = {}, expliquer }) {
  for (const [cle, texte] of Object.entries(textes)) {
    const place = formulaire.querySelector(`[data-texte="${CSS.escape(cle)}"]`);
    if (place && place.textContent !== texte) place.textContent = texte;
  }
  if (!expliquer) return;
  for (const bloc of formulaire.querySelectorAll("[data-expliquer]")) {
    const estDemandee = expliquer.includes(bloc.dataset.expliquer);
    // Ce qui s’écrit ne se cache pas sous les doigts.
    if (estDemandee || !bloc.contains(document.activeElement)) bloc.hidden = !estDemandee;
  }
}

for (const formulaire of document.querySelectorAll("[data-bilan]")) {
  formulaire.addEventListener("enregistre", ({ detail }) => montrer(formulaire, detail));
}

// Une faute peut être dans un quartier replié : y aller l’ouvre.
document.addEventListener("click", (evenement) => {
  const lien = evenement.target.closest("a[href^='#']");
  const vise = lien && document.getElementById(lien.hash.slice(1));
  const repli = vise?.closest("details");
  if (repli) repli.open = true;
});
