// Les cases du budget (budget.js) au clavier : Entrée descend, Maj et Entrée remonte, Échap rend ce qui était là.
const formulaire = document.querySelector("[data-budget]");
const COLONNES = ["libelle", "saisie"];
let auDepart = "";

const colonne = (nom) =>
  [...formulaire.querySelectorAll(`[data-champ="${nom}"]`)].filter((champ) => champ.checkVisibility());

const estVide = (tapee) => COLONNES.every((nom) => !tapee.querySelector(`[data-champ="${nom}"]`)?.value.trim());

function aller(champ) {
  champ.focus();
  champ.select?.();
}

function ajouterApres(tapee, nom) {
  const demande = new CustomEvent("budget:ajouter", { bubbles: true, detail: {} });
  tapee.dispatchEvent(demande);
  const { neuve } = demande.detail;
  aller(neuve.querySelector(neuve.matches("[data-cases] > *") ? `[data-champ="${nom}"]` : '[data-champ="financeur"]'));
}

function descendre(champ) {
  const nom = champ.dataset.champ;
  const champs = colonne(nom);
  const suivant = champs[champs.indexOf(champ) + 1];
  const tapee = champ.closest("[data-tapee]");
  const poste = champ.closest("[data-poste]");
  const finit = !suivant || suivant.closest("[data-poste]") !== poste;
  if (finit && poste && !estVide(tapee)) {
    ajouterApres(tapee, nom);
  } else if (suivant) {
    aller(suivant);
    // Une ligne ajoutée pour rien s’en va quand on la quitte.
    if (estVide(tapee) && tapee.matches("[data-cases] > :not(:first-child)")) tapee.remove();
  }
}

function remonter(champ) {
  const champs = colonne(champ.dataset.champ);
  const precedent = champs[champs.indexOf(champ) - 1];
  if (precedent) aller(precedent);
}

function frapper(evenement) {
  const champ = evenement.target;
  if (evenement.isComposing || !champ.matches("input[data-champ]")) return;
  if (evenement.key === "Enter") {
    // Elle n’envoie pas le formulaire : elle mène à la case suivante.
    evenement.preventDefault();
    if (!COLONNES.includes(champ.dataset.champ)) return;
    if (evenement.shiftKey) remonter(champ);
    else descendre(champ);
  } else if (evenement.key === "Escape" && champ.value !== auDepart) {
    evenement.preventDefault();
    champ.value = auDepart;
    champ.select();
    champ.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

if (formulaire) {
  formulaire.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-champ]")) auDepart = target.value;
  });
  formulaire.addEventListener("keydown", frapper);
}
