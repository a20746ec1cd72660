// Le budget : les cases comme dans un tableur, les totaux que rend le serveur à mesure qu’on tape.
// Rien ne se calcule ici. Ses voisins le complètent sans rien importer : budget-lignes.js (ajouter, ôter) et
// budget-clavier.js (Entrée, Échap), qui demande une ligne par l’événement budget:ajouter.
// Sans ces fichiers, le bouton Enregistrer suffit, et chaque compte a une ligne vide de plus.
const PAUSE = 100; // après la dernière frappe, avant de demander les totaux
const ANNONCE = 1500; // avant de les dire à qui écoute

// Un seul champ en JSON, au lieu d’un par case : un long budget tient dans un envoi.
function enUnChamp(formulaire) {
  const dire = (tapee) => {
    const dite = { cle: tapee.dataset.tapee };
    for (const champ of tapee.querySelectorAll("[data-champ]")) dite[champ.dataset.champ] = champ.value;
    return dite;
  };
  const toutes = [...formulaire.querySelectorAll("[data-tapee]")].map(dire);
  const estUneLigne = (dite) => dite.cle.startsWith("l-");
  return JSON.stringify({
    lignes: toutes.filter((dite) => estUneLigne(dite) && (dite.libelle || dite.saisie)),
    demandes: toutes.filter((dite) => !estUneLigne(dite)),
  });
}

function compacter(formulaire) {
  formulaire.addEventListener("formdata", ({ formData }) => {
    for (const nom of [...formData.keys()]) if (/^[ld]-/.test(nom)) formData.delete(nom);
    formData.set("budget", enUnChamp(formulaire));
  });
}

// Ce que le serveur a compté, mis à sa place. La faute d’une case attend qu’on l’ait quittée.
function tenirLesTotaux(formulaire) {
  const zones = {
    equilibre: formulaire.querySelector("[data-equilibre]"),
    cote: formulaire.querySelector("[data-cote]"),
  };
  const annonce = formulaire.querySelector("[data-annonce]");
  let derniers = null;
  let minuteur = 0;
  let minuteurDAnnonce = 0;
  let enCours = null;
  let estAJour = true; // les totaux montrés sont ceux de ce qui est à l’écran

  function montrerLaCase(tapee) {
    const [valeur, faute] = derniers?.cases[tapee.dataset.tapee] ?? ["", ""];
    const saisie = tapee.querySelector('[data-champ="saisie"]');
    tapee.querySelector("[data-valeur]").textContent = valeur ? `= ${valeur}` : "";
    const estTue = faute && document.activeElement === saisie;
    if (estTue) return;
    tapee.querySelector("[data-faute]").textContent = faute;
    tapee.classList.toggle("b-ligne--faute", Boolean(faute));
    if (faute) saisie.setAttribute("aria-invalid", "true");
    else saisie.removeAttribute("aria-invalid");
  }

  function montrer(totaux) {
    if (!totaux?.cases) return;
    derniers = totaux;
    for (const [nom, zone] of Object.entries(zones)) {
      if (zone.innerHTML !== totaux[nom]) zone.innerHTML = totaux[nom];
    }
    for (const [code, total] of Object.entries(totaux.postes)) {
      const place = formulaire.querySelector(`[data-total="${code}"]`);
      if (place) place.textContent = total;
    }
    for (const tapee of formulaire.querySelectorAll("[data-tapee]")) montrerLaCase(tapee);
    clearTimeout(minuteurDAnnonce);
    minuteurDAnnonce = setTimeout(dire, ANNONCE);
  }

  function dire() {
    if (derniers && annonce.textContent !== derniers.phrase) annonce.textContent = derniers.phrase;
  }

  async function demander() {
    enCours?.abort();
    const celle = (enCours = new AbortController());
    try {
      const reponse = await fetch(formulaire.dataset.budget, {
        method: "POST",
        body: new FormData(formulaire),
        headers: { Accept: "application/json" },
        redirect: "manual",
        signal: celle.signal,
      });
      if (!reponse.ok) return;
      montrer(await reponse.json());
      estAJour = celle === enCours;
    } catch {
      // Pas de réseau : l’enregistrement le dit déjà, et les totaux reviendront avec lui.
    }
  }

  function attendre() {
    estAJour = false;
    clearTimeout(minuteur);
    minuteur = setTimeout(demander, PAUSE);
  }

  formulaire.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-colle]")) attendre();
  });
  formulaire.addEventListener("change", attendre);
  formulaire.addEventListener("focusout", ({ target }) => {
    const tapee = target.closest("[data-tapee]");
    // Le champ a encore la main pendant qu’il la perd.
    if (tapee && derniers) setTimeout(() => tapee.isConnected && montrerLaCase(tapee));
  });
  formulaire.addEventListener("enregistre", ({ detail }) => {
    // Si l’on a tapé depuis, les totaux de ce qui est à l’écran sont déjà demandés.
    if (estAJour) montrer(detail);
  });
}

// Plusieurs lignes collées dans une case : la page qui les lit les montre avant de les ajouter.
function tenirLeCollage(formulaire) {
  formulaire.addEventListener("paste", (evenement) => {
    if (!evenement.target.matches("[data-champ]")) return;
    const texte = evenement.clipboardData.getData("text/plain").replace(/\s+$/, "");
    if (!/[\t\n\r]/.test(texte)) return;
    evenement.preventDefault();
    formulaire.querySelector("[data-colle]").value = texte;
    formulaire.requestSubmit(formulaire.querySelector('[name="vers"][value="coller"]'));
  });
}

// Changer d’exercice enregistre d’abord.
function tenirLesExercices(formulaire) {
  for (const lien of document.querySelectorAll("[data-vers]:not([aria-current])")) {
    const bouton = formulaire.querySelector(`[data-vers-bouton="${lien.dataset.vers}"]`);
    bouton.hidden = true;
    lien.addEventListener("click", (evenement) => {
      if (evenement.metaKey || evenement.ctrlKey || evenement.shiftKey) return;
      evenement.preventDefault();
      formulaire.requestSubmit(bouton);
    });
  }
}

function tenirLesPostes(formulaire) {
  const bouton = formulaire.querySelector("[data-deplier]");
  const postes = [...formulaire.querySelectorAll("[data-poste]")];
  const sontDeplies = () => postes.every((poste) => poste.open);
  const nommer = () => {
    bouton.textContent = sontDeplies() ? "Replier tous les postes" : "Déplier tous les postes";
  };
  bouton.hidden = false;
  bouton.addEventListener("click", () => {
    const ouvrir = !sontDeplies();
    for (const poste of postes) poste.open = ouvrir;
  });
  for (const poste of postes) poste.addEventListener("toggle", nommer);
}

const formulaire = document.querySelector("[data-budget]");
if (formulaire) {
  compacter(formulaire);
  tenirLesTotaux(formulaire);
  tenirLeCollage(formulaire);
  tenirLesExercices(formulaire);
  tenirLesPostes(formulaire);
  for (const aide of formulaire.querySelectorAll("[data-avec-script]")) aide.hidden = false;
}
