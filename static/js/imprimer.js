// Montre les boutons « Imprimer » et « Copier l’adresse », qui ne servent à rien sans JavaScript.
function armer(racine) {
  for (const bouton of racine.querySelectorAll("[data-imprimer][hidden]")) {
    bouton.hidden = false;
    bouton.addEventListener("click", () => window.print());
  }
  for (const bouton of racine.querySelectorAll("[data-copier][hidden]")) {
    if (!navigator.clipboard) continue;
    const etat = document.getElementById(bouton.dataset.copierEtat);
    bouton.hidden = false;
    bouton.addEventListener("click", async () => {
      await navigator.clipboard.writeText(bouton.dataset.copier);
      if (etat) etat.textContent = "Adresse copiée.";
    });
  }
}

armer(document);
// Ce qu’une recherche apporte à la page s’arme à son tour.
document.addEventListener("htmx:load", (evenement) => armer(evenement.detail.elt));

// Sur papier, un repli fermé cacherait qui peut financer.
window.addEventListener("beforeprint", () => {
  for (const repli of document.querySelectorAll(".pistes details")) repli.open = true;
});
