// Joint les fichiers dès qu’on les choisit ou qu’on les glisse, un par un, en montrant où chacun en est.
// Sans ce fichier, on choisit, puis on appuie sur « Joindre ».
const PERDU = "Pas joint : le site ne répond pas. Vérifiez votre connexion, puis recommencez.";
const DECONNECTE = "Pas joint : vous n’êtes plus connecté. Rechargez la page et reconnectez-vous.";

// Envoie un fichier ; rend ce qui le refuse, ou rien s’il est joint.
function envoyer(formulaire, fichier, avancer) {
  return new Promise((finir) => {
    const envoi = new FormData(formulaire);
    envoi.delete("fichiers");
    envoi.append("fichiers", fichier);
    const requete = new XMLHttpRequest();
    requete.open("POST", formulaire.action);
    requete.setRequestHeader("Accept", "application/json");
    requete.responseType = "json";
    requete.upload.addEventListener("progress", (e) => e.lengthComputable && avancer(e.loaded / e.total));
    requete.addEventListener("error", () => finir([PERDU]));
    requete.addEventListener("load", () => {
      const dit = requete.response;
      if (!dit?.refuses) finir([requete.status === 200 ? DECONNECTE : PERDU]);
      else finir(dit.refuses.flatMap((refus) => refus.motifs));
    });
    requete.send(envoi);
  });
}

function ligne(suivi, fichier) {
  const une = document.createElement("p");
  const barre = document.createElement("progress");
  const dit = document.createElement("span");
  dit.textContent = `${fichier.name} : envoi`;
  barre.max = 1;
  barre.value = 0;
  barre.setAttribute("aria-label", `Envoi de ${fichier.name}`);
  une.append(dit, barre);
  suivi.append(une);
  return {
    avancer(part) {
      barre.value = part;
      if (part < 1) return;
      barre.removeAttribute("value");
      dit.textContent = `${fichier.name} : vérification`;
    },
    finir(motifs) {
      barre.remove();
      dit.textContent = motifs.length ? `${fichier.name} : ${motifs.join(" ")}` : `${fichier.name} : joint`;
      dit.classList.toggle("depot__refus", motifs.length > 0);
    },
  };
}

// Reprend du serveur ce que montre la pièce, et le reste de la page : seuls les refus restent à l’écran.
async function rafraichir(piece, refus) {
  const reponse = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!reponse.ok) return;
  const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
  const nouvelle = page.getElementById(piece.id);
  if (!nouvelle) return;
  piece.replaceWith(nouvelle);
  armer(nouvelle);
  const suivi = nouvelle.querySelector("[data-depot-suivi]");
  suivi?.append(...refus);
  if (refus.length) suivi?.closest("details")?.setAttribute("open", "");
  document.querySelector(".ecrire__sections")?.replaceWith(page.querySelector(".ecrire__sections"));
  document.querySelector("[data-pieces-compte]")?.replaceWith(page.querySelector("[data-pieces-compte]"));
  nouvelle.querySelector("summary, input[type=file], a, button")?.focus({ preventScroll: true });
}

async function joindre(formulaire, fichiers) {
  const suivi = formulaire.querySelector("[data-depot-suivi]");
  suivi.replaceChildren();
  formulaire.setAttribute("aria-busy", "true");
  const lignes = [...fichiers].map((fichier) => [fichier, ligne(suivi, fichier)]);
  let joints = 0;
  for (const [fichier, sienne] of lignes) {
    const motifs = await envoyer(formulaire, fichier, sienne.avancer);
    sienne.finir(motifs);
    if (!motifs.length) joints += 1;
  }
  formulaire.removeAttribute("aria-busy");
  formulaire.querySelector("input[type=file]").value = "";
  const refus = [...suivi.children].filter((une) => une.querySelector(".depot__refus"));
  if (joints) await rafraichir(formulaire.closest("[data-piece]"), refus);
}

function armer(racine) {
  for (const formulaire of racine.querySelectorAll("[data-depot]")) {
    const champ = formulaire.querySelector("input[type=file]");
    formulaire.querySelector("[data-depot-bouton]").hidden = true;
    formulaire.querySelector("[data-depot-glisser]").hidden = false;
    formulaire.addEventListener("submit", (e) => e.preventDefault());
    champ.addEventListener("change", () => champ.files.length && joindre(formulaire, champ.files));
    for (const nom of ["dragenter", "dragover"])
      formulaire.addEventListener(nom, (e) => {
        e.preventDefault();
        formulaire.classList.add("depot--dessus");
      });
    for (const nom of ["dragleave", "drop"])
      formulaire.addEventListener(nom, () => formulaire.classList.remove("depot--dessus"));
    formulaire.addEventListener("drop", (e) => {
      e.preventDefault();
      if (e.dataTransfer.files.length) joindre(formulaire, e.dataTransfer.files);
    });
  }
}

armer(document);
// Un fichier lâché à côté ne doit pas remplacer la page.
for (const nom of ["dragover", "drop"]) document.addEventListener(nom, (e) => e.preventDefault());
