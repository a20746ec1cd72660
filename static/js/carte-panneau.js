// Ce que l’on sait du quartier choisi sur la carte (carte.js). Sans ce fichier, la liste mène aux mêmes pages.
// Fermer, ou Échap, rend la main au tracé qui l’a ouvert.
function element(balise, classe, texte = "") {
  const noeud = document.createElement(balise);
  noeud.className = classe;
  noeud.textContent = texte;
  return noeud;
}

function chiffres(lignes) {
  const liste = element("dl", "carte__lignes");
  for (const [mot, valeur] of lignes) {
    const ligne = element("div", "carte__ligne");
    ligne.append(element("dt", "", mot), element("dd", "", valeur));
    liste.append(ligne);
  }
  return liste;
}

function tenirLePanneau(racine, panneau) {
  let ouverte = null;

  function fermer({ rendreLaMain = true } = {}) {
    if (!ouverte) return;
    const forme = ouverte;
    ouverte = null;
    panneau.hidden = true;
    forme.classList.remove("est-choisie");
    forme.setAttribute("aria-expanded", "false");
    if (rendreLaMain) forme.focus({ preventScroll: true });
  }

  function remplir({ nom, sous_titre, adresse, lignes, classe }) {
    // Le titre suit ceux de la page : « data-carte-panneau="h2" » le monte d’un rang.
    const titre = element(panneau.dataset.cartePanneau || "h3", "carte__titre", nom);
    titre.tabIndex = -1;
    const actions = element("div", "carte__actions");
    if (adresse) {
      const lien = element("a", "bouton", classe === "quartier" ? "Ouvrir la page du quartier" : "Ouvrir la page");
      lien.href = adresse;
      actions.append(lien);
    }
    const sortie = element("button", "bouton bouton--second", "Fermer");
    sortie.type = "button";
    sortie.addEventListener("click", () => fermer());
    actions.append(sortie);
    panneau.replaceChildren(titre);
    if (sous_titre) panneau.append(element("p", "carte__sous-titre", sous_titre));
    if (lignes?.length) panneau.append(chiffres(lignes));
    panneau.append(actions);
    return { titre, sortie };
  }

  racine.addEventListener("carte:choix", ({ detail: { forme, donnees, bornes } }) => {
    fermer({ rendreLaMain: false });
    ouverte = forme;
    forme.classList.add("est-choisie");
    forme.setAttribute("aria-expanded", "true");
    const { titre, sortie } = remplir(donnees);
    panneau.hidden = false;
    racine.dispatchEvent(new CustomEvent("carte:fiche", { detail: { bornes, sortie } }));
    racine.dispatchEvent(new CustomEvent("carte:montrer", { detail: bornes }));
    titre.focus();
  });

  // Une couche retirée emporte ce qu’on lisait d’elle.
  racine.addEventListener("carte:change", () => {
    if (ouverte && !ouverte.isConnected) fermer({ rendreLaMain: false });
  });
  racine.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Escape") fermer();
  });
}

for (const racine of document.querySelectorAll("[data-carte]")) {
  const panneau = racine.querySelector("[data-carte-panneau]");
  if (panneau) tenirLePanneau(racine, panneau);
}
