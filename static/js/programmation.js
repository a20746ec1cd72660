// Le tableau de programmation au clavier : les flèches changent de case, Entrée ouvre puis enregistre, Échap
// renonce, Ctrl+Z revient en arrière. Rien ne se compte ici : le serveur rend la rangée et tous les totaux.
// Sans ce fichier, chaque case est un lien vers son formulaire.
const MORCEAUX = ["pied", "totaux", "avertissements"];
const SESSION_FINIE = "Pas enregistré : vous n’êtes plus connecté. Rechargez la page, et reconnectez-vous.";

function tenirLeTableau(table) {
  const jetons = document.querySelector("[data-jetons]");
  const annonce = document.querySelector("[data-annonce]");
  const actes = []; // ce qui est enregistré, le dernier en dernier : la case, et le montant d’avant
  const files = new Map(); // une rangée enregistre une case à la fois : la suivante attend son numéro d’avis
  const refus = new Map(); // par case, ce qui est tapé et n’est pas enregistré, et pourquoi
  const enVol = new Map(); // par case, ce qui part
  let enPlace = false; // une rangée en remplace une autre : ce qui perd la main ne s’enregistre pas

  const lien = (cle) => table.querySelector(`[data-case="${cle}"]`);
  const rangee = (ici) => ici.closest("tr");
  const dire = (texte) => {
    annonce.textContent = "";
    requestAnimationFrame(() => (annonce.textContent = texte));
  };

  // Aller d’une case à l’autre.

  function voisine(ici, pas) {
    const rang = [...rangee(ici).querySelectorAll("[data-case]")].findIndex(
      (une) => une.dataset.case === ici.dataset.case,
    );
    let ligne = rangee(ici);
    while ((ligne = pas > 0 ? ligne.nextElementSibling : ligne.previousElementSibling)) {
      const cases = ligne.querySelectorAll("[data-case]");
      if (cases.length) return cases[Math.min(Math.max(rang, 0), cases.length - 1)];
    }
    return null;
  }

  function prendre(une) {
    const champ = une.parentElement.querySelector("[data-saisie]");
    (champ ?? une).focus();
  }

  function deCote(ici, pas) {
    const tous = [...rangee(ici).querySelectorAll("a, [data-saisie]")].filter((un) => !un.hidden);
    tous[tous.indexOf(ici) + pas]?.focus();
  }

  function aller(ici, touche) {
    if (touche === "ArrowLeft" || touche === "ArrowRight") return deCote(ici, touche === "ArrowLeft" ? -1 : 1);
    const pas = touche === "ArrowDown" ? 1 : -1;
    const suivante = ici.matches("[data-case]")
      ? voisine(ici, pas)
      : (pas > 0 ? rangee(ici).nextElementSibling : rangee(ici).previousElementSibling)?.querySelector("th a");
    if (suivante) prendre(suivante);
  }

  // Ouvrir une case, la refermer.

  function ouvrir(une, frappe = null) {
    const deja = une.parentElement.querySelector("[data-saisie]");
    if (deja) return deja.focus();
    const champ = document.createElement("input");
    champ.className = "saisie t-saisie";
    champ.inputMode = "decimal";
    champ.autocomplete = "off";
    champ.dataset.saisie = une.dataset.case;
    const projet = rangee(une).querySelector("th a").textContent;
    champ.setAttribute("aria-label", `Montant proposé pour ${projet}`);
    champ.value = frappe ?? refus.get(une.dataset.case)?.tape ?? une.dataset.montant;
    une.hidden = true;
    une.after(champ);
    champ.focus();
    if (frappe === null) champ.select();
    return champ;
  }

  function fermer(une) {
    refus.delete(une.dataset.case);
    une.hidden = false;
    enPlace = true;
    for (const reste of une.parentElement.querySelectorAll("[data-saisie], [data-refus]")) reste.remove();
    enPlace = false;
  }

  // Enregistrer.

  function valider(champ) {
    const une = lien(champ.dataset.saisie);
    const tape = champ.value.trim();
    const estPartie = enVol.get(une.dataset.case) === tape;
    const estRefusee = refus.get(une.dataset.case)?.tape === tape;
    if (estPartie || estRefusee) return;
    if (tape === une.dataset.montant) fermer(une);
    else enregistrer(une.dataset.case, tape, true);
  }

  function enregistrer(cle, tape, seDefait) {
    const ligne = rangee(lien(cle)).id;
    const avant = files.get(ligne) ?? Promise.resolve();
    enVol.set(cle, tape);
    const celle = avant.then(() => envoyer(cle, tape, seDefait));
    files.set(ligne, celle);
    return celle;
  }

  async function envoyer(cle, tape, seDefait) {
    const une = lien(cle);
    if (!une) return;
    const champs = new FormData();
    for (const jeton of jetons.querySelectorAll("input")) champs.set(jeton.name, jeton.value);
    champs.set("montant", tape);
    champs.set("rang", rangee(une).dataset.rang);
    try {
      const reponse = await fetch(une.href, {
        method: "POST",
        body: champs,
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      const estLu = (reponse.headers.get("Content-Type") ?? "").startsWith("application/json");
      const dit = estLu ? await reponse.json() : {};
      if (enVol.get(cle) === tape) enVol.delete(cle);
      if (reponse.ok && estLu) {
        if (seDefait) actes.push({ cle, montant: une.dataset.montant });
        refus.delete(cle);
        montrer(cle, dit);
      } else if (estLu) refuser(cle, tape, dit.dit);
      else if (reponse.status >= 500) throw new Error(`Le site répond ${reponse.status}.`);
      else refuser(cle, tape, SESSION_FINIE);
    } catch {
      enVol.delete(cle);
      refuser(cle, tape, "Pas enregistré : le site ne répond pas. Appuyez sur Entrée pour réessayer.");
      if (refus.has(cle)) refus.get(cle).tape = null; // la même saisie peut repartir
    }
  }

  // La case refusée garde ce qui est tapé, et dit pourquoi ; la main reste où elle est.
  function refuser(cle, tape, pourquoi) {
    const une = lien(cle);
    if (!une) return dire(pourquoi);
    refus.set(cle, { tape, pourquoi });
    let champ = une.parentElement.querySelector("[data-saisie]");
    if (!champ) {
      const ici = document.activeElement;
      champ = ouvrir(une, tape);
      if (ici && ici !== document.body && ici.isConnected) ici.focus();
    }
    une.parentElement.querySelector("[data-refus]")?.remove();
    const dit = document.createElement("span");
    dit.className = "t-refus";
    dit.id = `refus-${cle}`;
    dit.dataset.refus = "";
    dit.textContent = pourquoi;
    champ.after(dit);
    champ.setAttribute("aria-invalid", "true");
    champ.setAttribute("aria-describedby", dit.id);
    dire(pourquoi);
  }

  // Ce que le serveur rend prend sa place ; la main reste sur ce qu’elle tenait.
  function montrer(cle, dit) {
    const ancienne = rangee(lien(cle));
    const tenue = ancienne.contains(document.activeElement) ? document.activeElement : null;
    const quoi = tenue?.dataset.case ?? tenue?.dataset.saisie ?? (tenue?.closest("th") ? "titre" : null);
    const enCours = [...ancienne.querySelectorAll("[data-saisie]")].filter((champ) => champ.dataset.saisie !== cle);
    const tapees = enCours.map((champ) => [champ.dataset.saisie, champ.value]);
    const modele = document.createElement("template");
    modele.innerHTML = dit.rangee.trim();
    const neuve = modele.content.firstElementChild;
    enPlace = true;
    ancienne.replaceWith(neuve);
    enPlace = false;
    for (const nom of MORCEAUX) placer(nom, dit[nom]);
    for (const [autre, tape] of tapees) refus.has(autre) ? refuser(autre, tape, refus.get(autre).pourquoi) : ouvrir(lien(autre), tape);
    if (quoi === "titre") neuve.querySelector("th a").focus();
    else if (quoi) lien(quoi) && prendre(lien(quoi));
    dire(`Enregistré : ${lien(cle)?.textContent ?? ""}.`);
  }

  // Ce qui était déplié le reste.
  function placer(nom, html) {
    const place = document.querySelector(`[data-${nom}]`);
    const deplies = [...place.querySelectorAll("details")].map((un) => un.open);
    place.innerHTML = html;
    place.querySelectorAll("details").forEach((un, rang) => (un.open = deplies[rang] ?? un.open));
  }

  function defaire() {
    const acte = actes.pop();
    if (!acte) return dire("Rien à défaire.");
    const une = lien(acte.cle);
    if (!une) return dire("Cette case ne s’écrit plus ici.");
    prendre(une);
    enregistrer(acte.cle, acte.montant, false);
  }

  // Le clavier et la souris.

  table.addEventListener("click", (evenement) => {
    const une = evenement.target.closest("[data-case]");
    if (!une || evenement.metaKey || evenement.ctrlKey || evenement.shiftKey) return;
    evenement.preventDefault();
    ouvrir(une);
  });

  table.addEventListener("focusout", ({ target }) => {
    if (!enPlace && target.matches("[data-saisie]") && target.isConnected) valider(target);
  });

  table.addEventListener("keydown", (evenement) => {
    const { target, key } = evenement;
    if ((evenement.ctrlKey || evenement.metaKey) && key.toLowerCase() === "z" && !evenement.shiftKey) {
      // Dans une case ouverte, la frappe se défait d’abord, comme partout.
      const saisie = target.matches("[data-saisie]") && target.value !== lien(target.dataset.saisie).dataset.montant;
      if (saisie) return;
      evenement.preventDefault();
      if (target.matches("[data-saisie]")) fermer(lien(target.dataset.saisie));
      return defaire();
    }
    if (evenement.ctrlKey || evenement.metaKey || evenement.altKey) return;
    if (target.matches("[data-saisie]")) return dansUneSaisie(evenement);
    if (!target.matches("tbody a")) return;
    if (key.startsWith("Arrow")) {
      evenement.preventDefault();
      aller(target, key);
    } else if (target.matches("[data-case]") && /^[0-9]$/.test(key)) {
      evenement.preventDefault();
      ouvrir(target, key);
    }
  });

  function dansUneSaisie(evenement) {
    const { target, key } = evenement;
    const une = lien(target.dataset.saisie);
    if (key === "Escape") {
      evenement.preventDefault();
      fermer(une);
      une.focus();
    } else if (key === "Enter" || key === "ArrowDown" || key === "ArrowUp") {
      evenement.preventDefault();
      const remonte = key === "ArrowUp" || evenement.shiftKey;
      const suivante = voisine(une, remonte ? -1 : 1);
      if (suivante) return prendre(suivante); // quitter la case l’enregistre
      valider(target);
      if (!target.isConnected) une.focus();
    }
  }

  addEventListener("beforeunload", (evenement) => {
    if (refus.size) evenement.preventDefault();
  });
}

const table = document.querySelector("[data-programmation]");
if (table) {
  tenirLeTableau(table);
  for (const aide of document.querySelectorAll("[data-avec-script]")) aide.hidden = false;
}
