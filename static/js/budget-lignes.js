// Les lignes et les demandes du budget (budget.js) : en ajouter, en ôter. Chaque compte, et la liste des demandes, finit par
// une ligne vide : elle sert de modèle. Une demande ne montre que ce que son financeur demande de dire.
const formulaire = document.querySelector("[data-budget]");
const souche = Date.now().toString(36).slice(-5);
const modeles = new Map();
let rang = 0;

// Une clé que nulle autre ligne n’a, même celles d’un envoi précédent rendues par le serveur.
function renommer(element, sorte) {
  const ancienne = element.dataset.tapee;
  const cle = `${sorte}-n${souche}${(rang += 1).toString(36)}`;
  element.dataset.tapee = cle;
  for (const un of element.querySelectorAll("*")) {
    for (const attribut of ["name", "id", "for", "aria-describedby"]) {
      const valeur = un.getAttribute(attribut);
      if (valeur) un.setAttribute(attribut, valeur.replaceAll(`${ancienne}-`, `${cle}-`));
    }
  }
  return element;
}

function ajouterUneLigne(liste, apres) {
  const ligne = renommer(modeles.get(liste).cloneNode(true), "l");
  if (apres) apres.after(ligne);
  else liste.append(ligne);
  return ligne;
}

const champDe = (carte, nom) => carte.querySelector(`[data-champ="${nom}"]`);

function regler(carte) {
  const choisi = champDe(carte, "financeur").selectedOptions[0];
  const estAutre = choisi.value === "autre";
  const recoitIci = choisi.dataset.ici === "oui";
  const estAilleurs = choisi.value && (!recoitIci || champDe(carte, "guichet").value === "ailleurs");
  const montres = { choisi: choisi.value, autre: estAutre, ici: recoitIci, ailleurs: estAilleurs };
  for (const element of carte.querySelectorAll("[data-si]")) element.hidden = !montres[element.dataset.si];
  carte.querySelector("[data-note-nature]").hidden = champDe(carte, "nature").value !== "nature";
  champDe(carte, "ligne").setAttribute("list", `lignes-${choisi.value}`);
  const nom = estAutre ? champDe(carte, "nom").value || "un autre financeur" : choisi.textContent.trim();
  carte.querySelector("legend").textContent = choisi.value ? `Demande à ${nom}` : "Une demande de plus";
}

function armer(carte, boutons) {
  // Vider la case ôte une ligne ; une demande a son bouton.
  for (const element of carte.querySelectorAll("[data-sans-script]")) element.remove();
  const oter = carte.querySelector("[data-oter]");
  oter.hidden = false;
  oter.addEventListener("click", () => {
    const voisine = carte.nextElementSibling ?? carte.previousElementSibling;
    carte.remove();
    (voisine?.querySelector("[data-oter]") ?? boutons.querySelector("button")).focus();
    formulaire.dispatchEvent(new Event("change"));
  });
  carte.addEventListener("change", () => regler(carte));
  regler(carte);
}

function tenirLesLignes() {
  for (const liste of formulaire.querySelectorAll("[data-cases]")) {
    const vide = liste.lastElementChild;
    modeles.set(liste, vide.cloneNode(true));
    if (liste.children.length > 1) vide.remove();
  }
  for (const bouton of formulaire.querySelectorAll("[data-plus]")) {
    bouton.hidden = false;
    bouton.addEventListener("click", () => {
      const liste = bouton.closest("[data-compte]").querySelector("[data-cases]");
      champDe(ajouterUneLigne(liste), "libelle").focus();
    });
  }
}

function tenirLesDemandes() {
  const liste = formulaire.querySelector("[data-demandes]");
  const boutons = formulaire.querySelector("[data-demander]");
  const modele = liste.lastElementChild;
  modele.remove();

  function demander(financeur = "") {
    const carte = renommer(modele.cloneNode(true), "d");
    liste.append(carte);
    champDe(carte, "financeur").value = financeur;
    armer(carte, boutons);
    return carte;
  }

  for (const carte of liste.children) armer(carte, boutons);
  boutons.hidden = false;
  for (const bouton of boutons.querySelectorAll("[data-demander-a]")) {
    bouton.addEventListener("click", () => {
      const financeur = bouton.dataset.demanderA;
      // Le financeur est déjà choisi : il reste à dire combien, ou son nom s’il est d’ailleurs.
      champDe(demander(financeur), financeur === "autre" ? "nom" : "saisie").focus();
    });
  }
  return demander;
}

if (formulaire) {
  tenirLesLignes();
  const demander = tenirLesDemandes();
  formulaire.addEventListener("budget:ajouter", ({ target, detail }) => {
    const liste = target.closest("[data-cases]");
    detail.neuve = liste ? ajouterUneLigne(liste, target) : demander();
  });
}
