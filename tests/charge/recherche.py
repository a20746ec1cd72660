"""Chercher : l'index en mémoire contre un parcours naïf qui analyse les mêmes textes à chaque fois."""

from tests.charge import RAPPORT, chronometrer, preparer_django

TOURS = 20
QUESTIONS = (
    "petite enfance",
    "médiathèque",
    "mediateque",
    "insertion des jeunes",
    "CAF",
    "apprendre le français",
    "jardin",
    "logement insalubre",
)


def main() -> None:
    preparer_django()
    from parvis.cadre.models import Edition
    from parvis.cadre.queries import lecture
    from parvis.comptes.acteur import Acteur
    from parvis.orientation.queries import recherche as queries
    from parvis.socle.rapport import ecrire_section, machine, tableau
    from parvis.socle.texte import racines

    contrat = next(iter(lecture.contrats_publies(Acteur.anonyme())), None)
    if contrat is None:
        raise SystemExit("Aucun contrat publié : lancez d'abord parvis preparer.")
    edition = Edition.objects.courante(contrat.code)
    index = queries._index(edition)

    def par_l_index() -> list[int]:
        return [len(index.chercher(question)[0]) for question in QUESTIONS]

    def par_parcours() -> list[int]:
        trouves = []
        for question in QUESTIONS:
            cherchees = set(racines(question))
            trouves.append(
                sum(
                    bool(cherchees.intersection(racines(" ".join(t for _, t in document.champs))))
                    for document in index.documents
                )
            )
        return trouves

    def reconstruire() -> None:
        queries._construire.__wrapped__(edition.pk, edition.empreinte, 0)

    index_ms = chronometrer(par_l_index, TOURS) / len(QUESTIONS)
    parcours_ms = chronometrer(par_parcours, 5) / len(QUESTIONS)
    lignes = [
        ["une question, par l'index (fautes et débuts de mots compris)", index_ms],
        ["une question, par parcours naïf (mots entiers, sans faute ni ordre)", parcours_ms],
        ["bâtir l'index, base comprise, une fois par édition", chronometrer(reconstruire, 5)],
    ]
    intro = (
        f"{machine()}. {edition} : {len(index.documents)} documents, "
        f"{len(index.racines_des_mots)} mots, {len(QUESTIONS)} questions. "
        f"L'index répond {parcours_ms / index_ms:.0f} fois plus vite que le parcours."
    )
    rapport = f"{intro}\n\n{tableau(['recherche', 'médiane (ms)'], lignes)}"
    ecrire_section(RAPPORT, "recherche", rapport)
    print(rapport)


if __name__ == "__main__":
    main()
