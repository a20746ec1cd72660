// Renvoie sans attendre le texte repris après une connexion. Sans ce fichier, un bouton le fait.
// Une seule fois par page ouverte : revenir en arrière ne renvoie rien.
for (const formulaire of document.querySelectorAll("[data-reprise]")) {
  const [navigation] = performance.getEntriesByType("navigation");
  if (navigation && navigation.type === "navigate") formulaire.requestSubmit();
}
