// Enregistre à mesure qu’on écrit : en quittant un champ, et deux secondes après la dernière frappe.
// « data-enregistrer="champ" » attend que l’on quitte le champ : ce qui s’écrit là se lit aussitôt sur le site.
// Sans ce fichier, le bouton Enregistrer suffit, et les lignes se rangent par leur numéro de place.
const PAUSE = 2000;
const REPRISE = 10000;
const QUITTER = 300;

// Ce que dit un refus, et ce que la personne peut y faire.
function pourquoi(reponse, dit) {
  if (dit && reponse.status === 409)
    return `${dit} Appuyez sur « Enregistrer » pour comparer les deux textes : le vôtre est gardé.`;
  if (dit) return `Pas enregistré. ${dit}`;
  if (reponse.type === "opaqueredirect" || reponse.status === 401 || reponse.status === 403)
    return "Pas enregistré : vous n’êtes plus connecté. Appuyez sur « Enregistrer », et reconnectez-vous : votre texte vous attendra.";
  return `Pas enregistré : le site refuse cet envoi (${reponse.status}). Copiez votre texte, puis rechargez la page.`;
}

// Ce qui est enregistré et reste à corriger : en résumé, et au champ. Rien n’empêche de continuer.
function montrerLesFautes(formulaire, fautes) {
  const resume = document.querySelector("[data-fautes]");
  if (!resume) return;
  const liste = resume.querySelector("[data-fautes-liste]");
  liste.replaceChildren(
    ...fautes.map(([ancre, phrase]) => {
      const ligne = document.createElement("li");
      const ou = ancre ? document.createElement("a") : ligne;
      if (ancre) {
        ou.href = `#${ancre}`;
        ligne.append(ou);
      }
      ou.textContent = phrase;
      return ligne;
    }),
  );
  resume.hidden = fautes.length === 0;
  for (const champ of formulaire.querySelectorAll("[aria-invalid]")) {
    champ.removeAttribute("aria-invalid");
    champ.closest(".champ")?.querySelector(".champ__erreur")?.remove();
  }
  for (const [ancre, phrase] of fautes) {
    const champ = ancre && formulaire.querySelector(`#${CSS.escape(ancre)}`);
    if (!champ?.matches("input, select, textarea")) continue;
    champ.setAttribute("aria-invalid", "true");
    const dit = document.createElement("span");
    dit.className = "champ__erreur";
    dit.id = `${ancre}_error`;
    dit.textContent = phrase.replace(/^Ligne \d+ : /, "");
    champ.closest(".champ")?.append(dit);
  }
}

function enregistrer(formulaire) {
  const etat = formulaire.querySelector("[data-etat]");
  const parChamp = formulaire.dataset.enregistrer === "champ";
  let minuteur = 0;
  let enCours = false;
  let reste = false; // ce qui est écrit n’est pas encore enregistré
  let quitte = false; // le champ qu’on écrivait est quitté
  const depart = formulaire.dataset.depart; // la page montre déjà un conflit, ou des fautes
  let fautif = Boolean(depart); // ce qui est écrit n’est enregistré nulle part
  let arrete = depart === "conflit"; // un conflit, une session finie, un envoi : à la personne de décider
  let enPanne = false;
  let parti = false; // le bouton est pressé : la page s’en va

  const dire = (texte) => {
    if (etat.textContent !== texte) etat.textContent = texte;
  };

  function attendre(delai) {
    clearTimeout(minuteur);
    minuteur = setTimeout(envoyer, delai);
  }

  async function envoyer() {
    clearTimeout(minuteur);
    if (enCours || !reste || arrete) return;
    enCours = true;
    reste = quitte = false;
    dire("Enregistrement…");
    try {
      await comprendre(
        await fetch(formulaire.action, {
          method: "POST",
          body: new FormData(formulaire),
          headers: { Accept: "application/json" },
          redirect: "manual",
        }),
      );
      enPanne = false;
      if (reste && !arrete && (quitte || !parChamp)) attendre(0);
    } catch {
      reste = enPanne = true;
      dire("Pas enregistré : le site ne répond pas. Nouvel essai dans dix secondes, ne fermez pas la page.");
      attendre(REPRISE);
    } finally {
      enCours = false;
    }
  }

  async function comprendre(reponse) {
    if (reponse.status >= 500) throw new Error(`Le site répond ${reponse.status}.`);
    const estLu = (reponse.headers.get("Content-Type") ?? "").startsWith("application/json");
    const dit = estLu ? await reponse.json() : {};
    if (estLu && reponse.ok) {
      for (const [nom, valeur] of Object.entries(dit.champs)) formulaire.elements[nom].value = valeur;
      if (dit.fautes) montrerLesFautes(formulaire, dit.fautes);
      formulaire.dispatchEvent(new CustomEvent("enregistre", { detail: dit }));
      if (!reste) dire(`${dit.dit}.`);
    } else if (estLu && reponse.status === 422) {
      // La faute se corrige en continuant d’écrire ; d’ici là, quitter la page la perdrait.
      fautif = true;
      dire(`Pas encore enregistré. ${dit.dit}`);
    } else {
      arrete = true;
      fautif = true;
      dire(pourquoi(reponse, estLu ? dit.dit : ""));
    }
  }

  function changer() {
    if (arrete) return; // son message reste, et le bouton avec lui
    reste = true;
    fautif = false;
    dire("Pas encore enregistré.");
    if (!enCours && !parChamp) attendre(PAUSE);
  }

  formulaire.addEventListener("input", changer);
  formulaire.addEventListener("change", () => {
    changer();
    quitte = true;
    // Si c’est le bouton que l’on presse, le laisser arriver : l’état affiché ferait bouger ce qu’il vise.
    attendre(QUITTER);
  });
  formulaire.addEventListener("submit", (evenement) => {
    if (enPanne) {
      // Envoyer quitterait la page pour une erreur du navigateur : on réessaie d’ici.
      evenement.preventDefault();
      reste = true;
      envoyer();
      return;
    }
    clearTimeout(minuteur);
    // Ce qu’un envoi en cours dira encore ne retient plus la page : le formulaire part en entier.
    arrete = parti = true;
  });
  window.addEventListener("beforeunload", (evenement) => {
    if (!parti && (reste || enCours || fautif)) evenement.preventDefault();
  });
  return changer;
}

function tenirLesLignes(formulaire, changer) {
  const liste = formulaire.querySelector("[data-lignes]");
  if (!liste) return;
  const modele = formulaire.querySelector("[data-modele]");
  const ajouter = formulaire.querySelector("[data-ajouter]");
  const total = formulaire.querySelector("[name$=-TOTAL_FORMS]");

  const lignes = () => [...liste.querySelectorAll("[data-ligne]")];
  const estVide = (ligne) =>
    [...ligne.querySelectorAll(".saisie-ligne__champs :is(input, select, textarea)")].every((champ) => !champ.value);

  function ranger() {
    for (const [rang, ligne] of lignes().entries()) {
      ligne.querySelector("[data-rang]").textContent = rang + 1;
      ligne.querySelector("[name$=-ORDER]").value = rang + 1;
    }
  }

  function armer(ligne) {
    ligne.querySelector("[data-sans-script]").hidden = true;
    for (const bouton of ligne.querySelectorAll("button")) bouton.hidden = false;
    ligne.querySelector("[data-retirer]").addEventListener("click", () => {
      const voisine = ligne.nextElementSibling ?? ligne.previousElementSibling;
      ligne.remove();
      ranger();
      (voisine?.querySelector("[data-retirer]") ?? ajouter).focus();
      formulaire.dispatchEvent(new Event("change"));
    });
    ligne.querySelector("[data-monter]").addEventListener("click", (evenement) => deplacer(ligne, -1, evenement));
    ligne.querySelector("[data-descendre]").addEventListener("click", (evenement) => deplacer(ligne, 1, evenement));
  }

  function deplacer(ligne, pas, evenement) {
    const autre = pas < 0 ? ligne.previousElementSibling : ligne.nextElementSibling;
    if (!autre) return;
    if (pas < 0) autre.before(ligne);
    else autre.after(ligne);
    ranger();
    evenement.currentTarget.focus();
    formulaire.dispatchEvent(new Event("change"));
  }

  for (const ligne of lignes()) {
    if (estVide(ligne)) ligne.remove();
    else armer(ligne);
  }
  ranger();
  ajouter.hidden = false;
  ajouter.addEventListener("click", () => {
    const rang = Number(total.value);
    const neuve = modele.content.cloneNode(true);
    for (const element of neuve.querySelectorAll("*")) {
      for (const attribut of ["name", "id", "for", "aria-describedby"]) {
        const valeur = element.getAttribute(attribut);
        if (valeur) element.setAttribute(attribut, valeur.replaceAll("__prefix__", rang));
      }
    }
    total.value = rang + 1;
    liste.append(neuve);
    const ligne = liste.lastElementChild;
    armer(ligne);
    ranger();
    ligne.querySelector("input, select, textarea").focus();
    changer();
  });
}

for (const formulaire of document.querySelectorAll("[data-enregistrer]")) {
  tenirLesLignes(formulaire, enregistrer(formulaire));
}
