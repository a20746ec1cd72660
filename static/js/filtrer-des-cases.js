// Cherche dans une longue liste de cases à cocher. Sans ce fichier, toutes les cases se lisent.
const sansAccents = (texte) =>
  texte
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();

for (const filtre of document.querySelectorAll("[data-filtrer]")) {
  const mots = filtre.querySelector("[data-filtrer-mots]");
  const etat = filtre.querySelector("[data-filtrer-etat]");
  const zone = filtre.closest("form");
  filtre.hidden = false;

  function filtrer() {
    const cherches = sansAccents(mots.value).split(/\s+/).filter(Boolean);
    let nombre = 0;
    for (const groupe of zone.querySelectorAll("[data-filtrer-groupe]")) {
      let restent = 0;
      for (const une of groupe.querySelectorAll("[data-filtrer-case]")) {
        const texte = sansAccents(une.textContent);
        const cochee = une.querySelector("input").checked;
        une.hidden = !cochee && !cherches.every((mot) => texte.includes(mot));
        restent += une.hidden ? 0 : 1;
      }
      groupe.hidden = restent === 0;
      nombre += restent;
    }
    etat.textContent = cherches.length ? `${nombre} fiche${nombre > 1 ? "s" : ""}` : "";
  }

  // Chercher n’est pas écrire : l’enregistrement ne part pas.
  mots.addEventListener("input", (evenement) => {
    evenement.stopPropagation();
    filtrer();
  });
  mots.addEventListener("change", (evenement) => evenement.stopPropagation());
  mots.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Enter") evenement.preventDefault();
  });
}
