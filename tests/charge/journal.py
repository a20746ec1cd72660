"""Vérifier le journal : notre relecture contre la lecture des mêmes lignes sans rien vérifier.

La seconde est une borne basse : elle dit ce que coûte la base seule.
"""

from tests.charge import RAPPORT, chronometrer, preparer_django

NOMBRE = 10_000
TOURS = 5


def main() -> None:
    preparer_django()
    from django.db import transaction

    from parvis.journal.models import Evenement
    from parvis.journal.queries.verification import verifier
    from parvis.socle.rapport import ecrire_section, machine, tableau
    from tests.fabriques.journal import long_journal

    def lire_seulement() -> None:
        for _ in Evenement.objects.order_by("contrat", "rang").select_related("details").iterator():
            pass

    with transaction.atomic():
        long_journal("banc-d-essai", NOMBRE)
        relus = Evenement.objects.count()
        if rompues := verifier().ruptures:
            raise SystemExit(f"Le journal de cette base est rompu : {rompues[0]}.")
        mesures = {
            "vérifier : chaque empreinte refaite, détails compris": chronometrer(verifier, TOURS),
            "lire les mêmes lignes sans rien vérifier (borne basse)": chronometrer(
                lire_seulement, TOURS
            ),
        }
        # Le banc ne laisse rien derrière lui.
        transaction.set_rollback(True)
    lecture = mesures["lire les mêmes lignes sans rien vérifier (borne basse)"]
    lignes = [
        [nom, duree, f"× {duree / lecture:.1f}".replace(".", ",")] for nom, duree in mesures.items()
    ]
    intro = (
        f"{machine()}. {relus} actes avec leurs détails. Médiane de {TOURS} tours. "
        "Budget : 60 s pour dix mille actes."
    )
    rapport = f"{intro}\n\n{tableau(['relecture', 'médiane (ms)', 'rapport'], lignes)}"
    ecrire_section(RAPPORT, "journal", rapport)
    print(rapport)


if __name__ == "__main__":
    main()
