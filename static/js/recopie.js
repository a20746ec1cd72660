// Recopier sur un portail : copier un champ d’un geste, le cocher sans recharger la page.
// Sans ce fichier, chaque champ se sélectionne, et sa case se garde par son bouton.
const dit = document.querySelector("[data-recopie-dit]");
const nombre = document.querySelector("[data-recopie-compte]");

function dire(texte) {
  // Vidé d’abord : le même texte, redit, est lu de nouveau.
  dit.textContent = "";
  setTimeout(() => {
    dit.textContent = texte;
  }, 50);
}

const nomDe = (champ) => document.querySelector(`label[for="${CSS.escape(champ.id)}"]`)?.textContent.trim() ?? "";

for (const bouton of document.querySelectorAll("[data-recopier]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", async () => {
    const champ = document.getElementById(bouton.dataset.recopier);
    champ.select();
    try {
      await navigator.clipboard.writeText(champ.value);
      dire(`Copié : ${nomDe(champ)}.`);
    } catch {
      // Le navigateur ne laisse pas écrire : le texte est choisi, il reste à le copier.
      champ.focus();
      dire("Le texte est choisi : copiez-le avec Ctrl et C.");
    }
  });
}

// Un champ en lecture seule se choisit en entier d’un clic.
for (const champ of document.querySelectorAll(".recopie__valeur")) {
  champ.addEventListener("click", () => {
    if (champ.selectionStart === champ.selectionEnd) champ.select();
  });
}

function compter(recopies, total) {
  const s = recopies > 1 ? "s" : "";
  nombre.textContent = `${recopies} champ${s} recopié${s} sur ${total}`;
}

for (const formulaire of document.querySelectorAll("[data-marquer]")) {
  const champ = formulaire.closest(".recopie");
  const case_ = formulaire.elements.recopie;
  formulaire.querySelector("[data-sans-script]").hidden = true;
  case_.addEventListener("change", async () => {
    const voulu = case_.checked;
    const rendre = (texte) => {
      case_.checked = !voulu;
      dire(texte);
    };
    try {
      const reponse = await fetch(formulaire.action, {
        method: "POST",
        body: new FormData(formulaire),
        headers: { Accept: "application/json" },
        redirect: "manual",
      });
      const estLu = (reponse.headers.get("Content-Type") ?? "").startsWith("application/json");
      const lu = estLu ? await reponse.json() : {};
      if (!reponse.ok || !estLu) {
        rendre(lu.dit ?? "Pas gardé : rechargez la page, et reconnectez-vous s’il le faut.");
        return;
      }
      champ.classList.toggle("recopie--faite", voulu);
      champ.querySelector(".recopie__change")?.remove();
      compter(lu.recopies, lu.total);
      dire(voulu ? `Recopié : ${lu.recopies} sur ${lu.total}.` : `Décoché : ${lu.recopies} sur ${lu.total}.`);
    } catch {
      rendre("Pas gardé : le site ne répond pas. Réessayez dans un instant.");
    }
  });
}
